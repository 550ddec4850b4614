#include "link/features/pattern.h"

#include <stdlib.h>
#include <string.h>

/* Distinct combinations, each row by row. */
typedef struct distinct_set {
    size_t fields, count;
    uint32_t *rows; /* [count][1 + fields]: how many have it, then its values */
} distinct_set;

/* qsort hands no context: a row begins with its number of values. */
static int by_values(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    for (uint32_t k = 1; k <= a[0]; k++)
        if (a[k] != b[k])
            return a[k] < b[k] ? -1 : 1;
    return 0;
}

static int find_distinct(distinct_set *set, const lb_combinations *of, lb_error *error) {
    size_t width = of->fields + 1;
    *set = (distinct_set){.fields = of->fields,
                          .rows = lb_alloc(of->count + 1, width * sizeof *set->rows)};
    if (!set->rows)
        return lb_fail_memory(error, "comparing quasi-identifiers");
    for (size_t p = 0; p < of->count; p++) {
        set->rows[p * width] = (uint32_t)of->fields;
        for (size_t k = 0; k < of->fields; k++)
            set->rows[p * width + k + 1] = of->values[k * of->count + p];
    }
    qsort(set->rows, of->count, width * sizeof *set->rows, by_values);
    for (size_t p = 0; p < of->count; p++) {
        uint32_t *row = set->rows + p * width;
        uint32_t *last = set->count ? set->rows + (set->count - 1) * width : NULL;
        if (last && memcmp(last + 1, row + 1, of->fields * sizeof *row) == 0) {
            last[0]++;
            continue;
        }
        memmove(set->rows + set->count * width, row, width * sizeof *row);
        set->rows[set->count++ * width] = 1;
    }
    return LB_OK;
}

static uint64_t compare(const uint32_t *a, const uint32_t *b, size_t fields) {
    uint64_t code = 0;
    for (size_t k = 0; k < fields; k++) {
        lb_verdict verdict = a[k] == 0 || b[k] == 0 ? LB_VERDICT_UNKNOWN
                             : a[k] == b[k]         ? LB_VERDICT_AGREE
                                                    : LB_VERDICT_DISAGREE;
        code |= (uint64_t)verdict << (2 * k);
    }
    return code;
}

static int by_code(const void *left, const void *right) {
    const lb_pattern *a = left, *b = right;
    return (a->code > b->code) - (a->code < b->code);
}

/* Sorts the list and adds up equal patterns. The numbers of pairs are whole: no sum depends on the
 * order. */
static size_t merge(lb_pattern *list, size_t count) {
    size_t distinct = 0;
    qsort(list, count, sizeof *list, by_code);
    for (size_t i = 0; i < count; i++)
        if (distinct && list[distinct - 1].code == list[i].code)
            list[distinct - 1].pairs += list[i].pairs;
        else
            list[distinct++] = list[i];
    return distinct;
}

static int compare_all(lb_patterns *into, const distinct_set *one, const distinct_set *other,
                       size_t step, lb_error *error) {
    size_t width = one->fields + 1, capacity = 0;
    for (size_t i = 0; i < one->count; i += step) {
        const uint32_t *a = one->rows + i * width;
        void *grown =
            lb_grow(into->list, &capacity, into->count + other->count, sizeof *into->list, error);
        if (!grown)
            return LB_E_RESOURCE;
        into->list = grown;
        for (size_t j = 0; j < other->count; j++) {
            const uint32_t *b = other->rows + j * width;
            into->list[into->count++] =
                (lb_pattern){compare(a + 1, b + 1, one->fields), (double)a[0] * (double)b[0]};
        }
        into->count = merge(into->list, into->count);
    }
    return LB_OK;
}

int lb_patterns_count(lb_patterns *patterns, const lb_combinations *one,
                      const lb_combinations *other, size_t most, lb_error *error) {
    *patterns = (lb_patterns){0};
    distinct_set first = {0}, second = {0};
    int status = find_distinct(&first, one, error);
    if (status == LB_OK)
        status = find_distinct(&second, other, error);
    if (status == LB_OK) {
        size_t rows = most / (second.count + 1) + 1;
        status = compare_all(patterns, &first, &second, (first.count + rows - 1) / rows, error);
    }
    lb_free(first.rows);
    lb_free(second.rows);
    return status;
}

void lb_patterns_free(lb_patterns *patterns) {
    lb_free(patterns->list);
    *patterns = (lb_patterns){0};
}
