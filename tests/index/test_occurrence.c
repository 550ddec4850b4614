#include "test.h"

#include <stdlib.h>

#include "base/random.h"
#include "index/occurrence.h"

static int twin_order(const void *a, const void *b) {
    const lb_occurrence *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return (x->conversation > y->conversation) - (x->conversation < y->conversation);
}

static void check(lb_occurrence *items, size_t count, unsigned shared_bits) {
    lb_occurrence *twin = malloc((count + 1) * sizeof *twin);
    lb_occurrence *scratch = malloc((count + 1) * sizeof *scratch);
    for (size_t i = 0; i < count; i++)
        twin[i] = items[i];
    qsort(twin, count, sizeof *twin, twin_order);
    lb_occurrence *sorted = lb_occurrences_sort(items, scratch, count, shared_bits);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(twin_order(&sorted[i], &twin[i]), 0);
    free(twin);
    free(scratch);
}

static void sorts_like_qsort_at_every_size(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(1, "test", 0);
    size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 16384, 16385, 70000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (uint32_t units = 1; units < 1u << 26; units *= 40) {
            lb_occurrence *items = malloc((sizes[s] + 1) * sizeof *items);
            for (size_t i = 0; i < sizes[s]; i++)
                items[i] = (lb_occurrence){lb_random_next(&random) >> (i % 2 ? 8 : 50),
                                           (uint32_t)lb_random_below(&random, units),
                                           (uint32_t)lb_random_below(&random, 3)};
            check(items, sizes[s], 8);
            free(items);
        }
}

static void stays_exact_where_hashes_were_made_to_collide(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    lb_occurrence *items = malloc(COUNT * sizeof *items);
    for (size_t i = 0; i < COUNT; i++) /* equal in all bits but the lowest, in descending order */
        items[i] = (lb_occurrence){COUNT - i, 7, 0};
    check(items, COUNT, 8);
    free(items);
}

static void drops_equal_neighbours_only(void **state) {
    (void)state;
    lb_occurrence items[] = {{1, 1, 1}, {1, 1, 1}, {1, 1, 2}, {1, 2, 2}, {2, 2, 2}, {2, 2, 2}};
    assert_int_equal(lb_occurrences_unique(items, 6), 4);
    assert_int_equal(items[1].conversation, 2);
    assert_int_equal(items[3].hash, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_like_qsort_at_every_size),
        cmocka_unit_test(stays_exact_where_hashes_were_made_to_collide),
        cmocka_unit_test(drops_equal_neighbours_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
