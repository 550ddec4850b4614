/* The order of rows, against a sort that compares codes. */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "index/row_set.h"
#include "test.h"

enum { ROWS = 400, COLUMNS_MAX = 30 };

typedef struct plain_row {
    uint32_t codes[COLUMNS_MAX], records;
    double weight;
} plain_row;

static int by_codes(const void *left, const void *right) {
    const plain_row *a = left, *b = right;
    for (size_t c = 0; c < COLUMNS_MAX; c++)
        if (a->codes[c] != b->codes[c])
            return a->codes[c] < b->codes[c] ? -1 : 1;
    return 0;
}

static void expect(const lb_row_set *set, const plain_row *rows, size_t count, size_t columns) {
    uint32_t codes[ROWS];
    assert_int_equal(set->count, count);
    for (size_t c = 0; c < columns; c++) {
        lb_row_set_unpack(set, c, codes);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(codes[i], rows[i].codes[c]);
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(set->records[i], rows[i].records);
        assert_true(lb_weight_of_fixed(set->weights[i]) == rows[i].weight);
    }
}

/* Maxima from one value (no bits) to all 32 bits, so that rows take one word or many. */
static void rows_come_in_the_order_of_their_codes(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(1, "test_row_set", 0);
    for (int round = 0; round < 200; round++) {
        size_t columns = 1 + lb_random_below(&random, COLUMNS_MAX), count = 0;
        bool merge = round % 2;
        uint32_t maximum[COLUMNS_MAX];
        static plain_row rows[ROWS];
        memset(rows, 0, sizeof rows);
        for (size_t c = 0; c < columns; c++)
            maximum[c] = (uint32_t)((UINT64_C(1) << lb_random_below(&random, 33)) - 1);
        lb_row_set set;
        assert_int_equal(lb_row_set_open(&set, ROWS, maximum, columns, true, NULL), LB_OK);
        for (size_t i = 0; i < ROWS; i++) {
            if (i > 0 && lb_random_below(&random, 3) == 0)
                rows[i] = rows[lb_random_below(&random, i)];
            else
                for (size_t c = 0; c < columns; c++)
                    rows[i].codes[c] = (uint32_t)lb_random_below(&random, (uint64_t)maximum[c] + 1);
            rows[i].records = merge ? 1 + (uint32_t)lb_random_below(&random, 5) : 1;
            rows[i].weight = merge ? (double)lb_random_below(&random, 1000) / 8 : 1;
            lb_row_set_add(&set, rows[i].codes, rows[i].records, lb_fixed_of(rows[i].weight));
        }
        assert_int_equal(lb_row_set_sort(&set, merge, NULL), LB_OK);
        qsort(rows, ROWS, sizeof *rows, by_codes);
        for (size_t i = 0; i < ROWS; i++) {
            if (!merge || count == 0 || by_codes(&rows[count - 1], &rows[i]) != 0) {
                rows[count++] = rows[i];
                continue;
            }
            rows[count - 1].records += rows[i].records;
            rows[count - 1].weight += rows[i].weight;
        }
        expect(&set, rows, count, columns);
        lb_row_set_close(&set);
    }
}

static void a_lack_of_memory_is_reported(void **state) {
    (void)state;
    const uint32_t maximum[] = {UINT32_MAX, UINT32_MAX, 7}, codes[] = {5, 3, 7};
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_row_set set;
        lb_memory_fail_after(n);
        status = lb_row_set_open(&set, 2, maximum, 3, true, NULL);
        if (status == LB_OK) {
            lb_row_set_add(&set, codes, 1, 0);
            status = lb_row_set_sort(&set, true, NULL);
            lb_row_set_close(&set);
        }
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_of_their_codes),
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
