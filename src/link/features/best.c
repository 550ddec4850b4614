#include "link/features/best.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/order.h"

/* Whether a comes before b in the order of the row; ties by number. */
static bool better(const float *row, uint32_t a, uint32_t b) {
    return row[a] > row[b] || (row[a] == row[b] && a < b);
}

/* Lets heap[at] sink: the worst is on top. */
static void sift(const float *row, uint32_t *heap, size_t count, size_t at) {
    for (;;) {
        size_t worst = at, left = 2 * at + 1, right = left + 1;
        if (left < count && better(row, heap[worst], heap[left]))
            worst = left;
        if (right < count && better(row, heap[worst], heap[right]))
            worst = right;
        if (worst == at)
            return;
        uint32_t swap = heap[at];
        heap[at] = heap[worst];
        heap[worst] = swap;
        at = worst;
    }
}

size_t lb_best_choose(const float *row, const uint32_t *from, size_t count, size_t most,
                      uint32_t *best) {
    size_t kept = count < most ? count : most;
    for (size_t i = 0; i < kept; i++)
        best[i] = from ? from[i] : (uint32_t)i;
    for (size_t i = kept / 2; i-- > 0;)
        sift(row, best, kept, i);
    for (size_t i = kept; i < count && kept > 0; i++) {
        uint32_t number = from ? from[i] : (uint32_t)i;
        if (better(row, number, best[0])) {
            best[0] = number;
            sift(row, best, kept, 0);
        }
    }
    return kept;
}

size_t lb_best_merge(uint32_t *numbers, size_t count) {
    if (count == 0)
        return 0;
    qsort(numbers, count, sizeof *numbers, lb_order_u32);
    size_t distinct = 1;
    for (size_t i = 1; i < count; i++)
        if (numbers[distinct - 1] != numbers[i])
            numbers[distinct++] = numbers[i];
    return distinct;
}
