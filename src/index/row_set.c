#include "index/row_set.h"

#include <math.h>
#include <string.h>

enum { WEIGHT_FRACTION_BITS = 48, DIGIT_MAX = 11, WORD_BITS = 64 };

lb_fixed_weight lb_fixed_of(double weight) {
    return (lb_fixed_weight)ldexp(weight, WEIGHT_FRACTION_BITS);
}

double lb_weight_of_fixed(lb_fixed_weight weight) {
    return ldexp((double)weight, -WEIGHT_FRACTION_BITS);
}

static unsigned bits_of(uint32_t maximum) {
    return maximum == 0 ? 0 : 32 - (unsigned)__builtin_clz(maximum);
}

/* Gives each column its place: the first in the highest bits, no column in two words. */
static void pack(lb_row_set *set, const uint32_t *maximum) {
    unsigned used = 0;
    set->words = 1;
    for (size_t c = 0; c < set->columns; c++) {
        unsigned bits = bits_of(maximum[c]);
        if (used + bits > WORD_BITS) {
            set->words++;
            used = 0;
        }
        used += bits;
        set->packing[c] = (lb_packed_column){set->words - 1, used,
                                             bits == 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1};
        set->bits[set->words - 1] = used;
    }
    for (size_t c = 0; c < set->columns; c++) /* places were counted from the top */
        set->packing[c].shift = set->bits[set->packing[c].word] - set->packing[c].shift;
}

int lb_row_set_open(lb_row_set *set, size_t capacity, const uint32_t *maximum, size_t columns,
                    bool weighted, lb_error *error) {
    *set = (lb_row_set){.columns = columns, .capacity = capacity};
    set->packing = lb_alloc(columns, sizeof *set->packing);
    set->bits = lb_alloc_zero(columns + 1, sizeof *set->bits);
    bool ok = set->packing && set->bits;
    if (ok)
        pack(set, maximum);
    set->keys = ok ? lb_alloc_zero(set->words, sizeof *set->keys) : NULL;
    set->records = lb_alloc(capacity, sizeof *set->records);
    set->weights = weighted ? lb_alloc(capacity, sizeof *set->weights) : NULL;
    ok = set->keys && set->records && (!weighted || set->weights);
    for (size_t w = 0; ok && w < set->words; w++)
        ok = (set->keys[w] = lb_alloc(capacity, sizeof **set->keys)) != NULL;
    if (ok)
        return LB_OK;
    lb_row_set_close(set);
    return lb_fail_memory(error, "finishing the table");
}

void lb_row_set_close(lb_row_set *set) {
    for (size_t w = 0; set->keys && w < set->words; w++)
        lb_free(set->keys[w]);
    lb_free(set->keys);
    lb_free(set->packing);
    lb_free(set->bits);
    lb_free(set->records);
    lb_free(set->weights);
    *set = (lb_row_set){0};
}

void lb_row_set_add(lb_row_set *set, const uint32_t *codes, uint32_t records,
                    lb_fixed_weight weight) {
    size_t word = 0, at = set->count++;
    uint64_t key = 0;
    for (size_t c = 0; c < set->columns; c++) {
        const lb_packed_column *place = &set->packing[c];
        if (place->word != word) {
            set->keys[word][at] = key;
            word = place->word;
            key = 0;
        }
        /* A column of one value has no bits, and may stand where the word ends. */
        key |= place->mask ? (uint64_t)codes[c] << place->shift : 0;
    }
    set->keys[word][at] = key;
    set->records[at] = records;
    if (set->weights)
        set->weights[at] = weight;
}

/* Rows on their way: a word of each, and its number. */
typedef struct sort_rows {
    uint64_t *key, *other_key;
    uint32_t *order, *other_order;
    size_t starts[(1 << DIGIT_MAX) + 1];
} sort_rows;

/* One stable pass of a radix sort over the digit of `width` bits at `shift`. */
static void sort_by_digit(sort_rows *rows, size_t count, unsigned shift, unsigned width) {
    uint64_t mask = (UINT64_C(1) << width) - 1;
    memset(rows->starts, 0, sizeof rows->starts);
    for (size_t i = 0; i < count; i++)
        rows->starts[1 + (rows->key[i] >> shift & mask)]++;
    for (size_t digit = 0; digit < mask; digit++)
        rows->starts[digit + 1] += rows->starts[digit];
    for (size_t i = 0; i < count; i++) {
        size_t to = rows->starts[rows->key[i] >> shift & mask]++;
        rows->other_key[to] = rows->key[i];
        rows->other_order[to] = rows->order[i];
    }
    uint64_t *key = rows->key;
    rows->key = rows->other_key;
    rows->other_key = key;
    uint32_t *order = rows->order;
    rows->order = rows->other_order;
    rows->other_order = order;
}

/* Digits of equal width, from the lowest. */
static void sort_by_word(sort_rows *rows, size_t count, unsigned bits) {
    unsigned passes = (bits + DIGIT_MAX - 1) / DIGIT_MAX;
    for (unsigned pass = 0, shift = 0; pass < passes; pass++) {
        unsigned width = (bits - shift + passes - pass - 1) / (passes - pass);
        sort_by_digit(rows, count, shift, width);
        shift += width;
    }
}

static void gather(uint64_t *to, const uint64_t *from, const uint32_t *order, size_t count) {
    for (size_t i = 0; i < count; i++)
        to[i] = from[order[i]];
}

/* Puts everything into the order that was found; the scratch is that of the sort. */
static void apply_order(lb_row_set *set, sort_rows *rows) {
    size_t count = set->count;
    memcpy(set->keys[0], rows->key, count * sizeof *rows->key); /* the word sorted last */
    for (size_t w = 1; w < set->words; w++) {
        gather(rows->other_key, set->keys[w], rows->order, count);
        memcpy(set->keys[w], rows->other_key, count * sizeof *rows->key);
    }
    for (size_t i = 0; i < count; i++)
        rows->other_order[i] = set->records[rows->order[i]];
    memcpy(set->records, rows->other_order, count * sizeof *set->records);
}

static int order_weights(lb_row_set *set, const uint32_t *order, lb_error *error) {
    if (!set->weights)
        return LB_OK;
    lb_fixed_weight *weights = lb_alloc(set->capacity, sizeof *weights);
    if (!weights)
        return lb_fail_memory(error, "sorting the table");
    for (size_t i = 0; i < set->count; i++)
        weights[i] = set->weights[order[i]];
    lb_free(set->weights);
    set->weights = weights;
    return LB_OK;
}

static bool same_row(const lb_row_set *set, size_t a, size_t b) {
    for (size_t w = 0; w < set->words; w++)
        if (set->keys[w][a] != set->keys[w][b])
            return false;
    return true;
}

static void join_equal(lb_row_set *set) {
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (kept > 0 && same_row(set, kept - 1, i)) {
            set->records[kept - 1] += set->records[i];
            if (set->weights)
                set->weights[kept - 1] += set->weights[i];
            continue;
        }
        for (size_t w = 0; w < set->words; w++)
            set->keys[w][kept] = set->keys[w][i];
        set->records[kept] = set->records[i];
        if (set->weights)
            set->weights[kept] = set->weights[i];
        kept++;
    }
    set->count = kept;
}

int lb_row_set_sort(lb_row_set *set, bool merge, lb_error *error) {
    size_t count = set->count;
    sort_rows *rows = lb_alloc_zero(1, sizeof *rows);
    int status = LB_OK;
    if (rows) {
        rows->key = lb_alloc(count, sizeof *rows->key);
        rows->other_key = lb_alloc(count, sizeof *rows->key);
        rows->order = lb_alloc(count, sizeof *rows->order);
        rows->other_order = lb_alloc(count, sizeof *rows->order);
    }
    if (!rows || !rows->key || !rows->other_key || !rows->order || !rows->other_order) {
        status = lb_fail_memory(error, "sorting the table");
    } else {
        for (size_t i = 0; i < count; i++)
            rows->order[i] = (uint32_t)i;
        for (size_t w = set->words; w-- > 0;) {
            gather(rows->key, set->keys[w], rows->order, count);
            sort_by_word(rows, count, set->bits[w]);
        }
        apply_order(set, rows);
        status = order_weights(set, rows->order, error);
    }
    if (rows) {
        lb_free(rows->key);
        lb_free(rows->other_key);
        lb_free(rows->order);
        lb_free(rows->other_order);
    }
    lb_free(rows);
    if (status == LB_OK && merge)
        join_equal(set);
    return status;
}

void lb_row_set_unpack(const lb_row_set *set, size_t column, uint32_t *codes) {
    lb_packed_column place = set->packing[column];
    const uint64_t *keys = set->keys[place.word];
    if (place.mask == 0)
        memset(codes, 0, set->count * sizeof *codes);
    for (size_t i = 0; place.mask != 0 && i < set->count; i++)
        codes[i] = (uint32_t)(keys[i] >> place.shift) & place.mask;
}
