#include "index/occurrence.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool before(const lb_occurrence *a, const lb_occurrence *b) {
    if (a->hash != b->hash)
        return a->hash < b->hash;
    if (a->unit != b->unit)
        return a->unit < b->unit;
    return a->conversation < b->conversation;
}

static int compare(const void *a, const void *b) {
    return before(a, b) ? -1 : before(b, a);
}

/* Finishes an almost sorted array. Where it is not almost sorted (hashes made to collide), the
 * moves are bounded and qsort takes over. */
static void finish_order(lb_occurrence *items, size_t count) {
    size_t moves_left = count * 8;
    for (size_t i = 1; i < count; i++) {
        if (!before(&items[i], &items[i - 1]))
            continue;
        lb_occurrence moved = items[i];
        size_t at = i;
        while (at > 0 && before(&moved, &items[at - 1]) && moves_left > 0) {
            items[at] = items[at - 1];
            at--;
            moves_left--;
        }
        items[at] = moved;
        if (moves_left == 0) {
            qsort(items, count, sizeof *items, compare);
            return;
        }
    }
}

/* One stable counting pass over 8 bits: of the hash, or (of_unit) of the unit. */
static void pass(const lb_occurrence *from, lb_occurrence *to, size_t count, bool of_unit,
                 unsigned shift) {
    size_t starts[257] = {0};
    for (size_t i = 0; i < count; i++)
        starts[1 + (((of_unit ? from[i].unit : from[i].hash) >> shift) & 0xFF)]++;
    for (size_t i = 0; i < 256; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++)
        to[starts[((of_unit ? from[i].unit : from[i].hash) >> shift) & 0xFF]++] = from[i];
}

lb_occurrence *lb_occurrences_sort(lb_occurrence *occurrences, lb_occurrence *scratch, size_t count,
                                   unsigned shared_bits) {
    lb_occurrence *from = occurrences, *to = scratch;
    uint32_t units = 0;
    for (size_t i = 0; i < count; i++)
        units |= from[i].unit;
    struct {
        bool of_unit;
        unsigned shift;
    } passes[8];
    size_t pass_count = 0;
    if (count > 64) {
        for (unsigned shift = 0; shift < 32 && units >> shift != 0; shift += 8) {
            passes[pass_count].of_unit = true;
            passes[pass_count++].shift = shift;
        }
        unsigned hash_bytes = count > 1 << 14 ? 3 : 2;
        for (unsigned i = hash_bytes; i > 0; i--) {
            passes[pass_count].of_unit = false;
            passes[pass_count++].shift = 64 - shared_bits - 8 * i;
        }
    }
    for (size_t i = 0; i < pass_count; i++) {
        pass(from, to, count, passes[i].of_unit, passes[i].shift);
        lb_occurrence *swap = from;
        from = to;
        to = swap;
    }
    finish_order(from, count);
    return from;
}

size_t lb_occurrences_unique(lb_occurrence *occurrences, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || before(&occurrences[kept - 1], &occurrences[i]))
            occurrences[kept++] = occurrences[i];
    return kept;
}
