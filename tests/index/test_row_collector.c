#include "test.h"

#include <math.h>

#include "index/row_collector.h"

static const lb_attribute attributes[] = {{"condition", LB_ATTRIBUTE_SENSITIVE},
                                          {"country", LB_ATTRIBUTE_QUASI_IDENTIFIER},
                                          {"weight", LB_ATTRIBUTE_WEIGHT},
                                          {"age", LB_ATTRIBUTE_QUASI_IDENTIFIER}};

typedef struct record {
    uint32_t unit;
    lb_str values[4];
} record;

static const record records[] = {
    {2, {LB_STR_INIT("flu"), LB_STR_INIT("NO"), LB_STR_INIT("2"), LB_STR_INIT("30")}},
    {0, {LB_STR_INIT("flu"), LB_STR_INIT("DE"), LB_STR_INIT("1"), LB_STR_INIT("9")}},
    {2, {LB_STR_INIT("flu"), LB_STR_INIT("NO"), LB_STR_INIT("0.5"), LB_STR_INIT("30")}},
    {1, {LB_STR_INIT("cold"), LB_STR_INIT("DE"), LB_STR_INIT("x"), {NULL, 0}}},
    {2, {LB_STR_INIT("flu"), LB_STR_INIT("DE"), LB_STR_INIT("3"), LB_STR_INIT("30")}},
    {1, {LB_STR_INIT("cold"), LB_STR_INIT(""), {NULL, 0}, LB_STR_INIT("9")}},
};
enum { RECORDS = sizeof records / sizeof *records };

static lb_table *build(bool keep_all, size_t collector_count, bool backwards) {
    lb_row_columns *columns;
    lb_row_collector *collectors[3];
    lb_table *table;
    const uint32_t ranks[3] = {1, 2, 0};
    assert_int_equal(lb_row_columns_new(&columns, attributes, 4, NULL), 0);
    for (size_t c = 0; c < collector_count; c++)
        assert_int_equal(lb_row_collector_new(&collectors[c], columns, keep_all, NULL), 0);
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &records[backwards ? RECORDS - 1 - i : i];
        assert_int_equal(
            lb_row_collector_add(collectors[i % collector_count], r->unit, r->values, NULL), 0);
    }
    assert_int_equal(lb_row_collector_finish(columns, collectors, collector_count,
                                             keep_all ? NULL : ranks, 3, &table, NULL),
                     0);
    for (size_t c = 0; c < collector_count; c++)
        lb_row_collector_free(collectors[c]);
    lb_row_columns_free(columns);
    return table;
}

static void equal_rows_of_a_unit_are_one_whatever_the_order(void **state) {
    (void)state;
    for (size_t collectors = 1; collectors <= 3; collectors++)
        for (int backwards = 0; backwards < 2; backwards++) {
            lb_table *t = build(false, collectors, backwards);
            assert_int_equal(t->units, 3);
            assert_int_equal(t->rows, 5);
            assert_int_equal(t->quasi_identifier_count, 2);
            assert_int_equal(t->sensitive_count, 1);
            assert_true(lb_str_equal(t->quasi_identifiers[0].name, LB_STR("country")));
            const uint32_t unit[] = {0, 0, 1, 2, 2}, count[] = {1, 2, 1, 1, 1};
            const uint32_t country[] = {2, 3, 2, 1, 2}, age[] = {1, 1, 2, 2, 0};
            const double weights[] = {3, 2.5, 1, 1, 1};
            for (size_t i = 0; i < 5; i++) {
                assert_int_equal(t->unit[i], unit[i]);
                assert_int_equal(t->records[i], count[i]);
                assert_int_equal(t->quasi_identifiers[0].codes[i], country[i]);
                assert_int_equal(t->quasi_identifiers[1].codes[i], age[i]);
                assert_true(fabs(t->weights[i] - weights[i]) < 1e-12);
            }
            lb_table_free(t);
        }
}

static void a_column_of_numbers_knows_them_and_a_missing_value_is_code_zero(void **state) {
    (void)state;
    lb_table *t = build(false, 1, false);
    const lb_column *country = &t->quasi_identifiers[0], *age = &t->quasi_identifiers[1];
    assert_null(country->numbers); /* "" is a value, and no number */
    assert_int_equal(country->distinct, 3);
    assert_non_null(age->numbers);
    assert_true(isnan(age->numbers[0]));
    assert_true(age->numbers[1] == 30 && age->numbers[2] == 9); /* sorted by bytes, not by size */
    assert_null(age->values[0].data);
    lb_table_free(t);
}

static void every_record_of_a_plain_table_is_a_row(void **state) {
    (void)state;
    for (size_t collectors = 1; collectors <= 3; collectors++) {
        lb_table *t = build(true, collectors, collectors == 2);
        assert_int_equal(t->rows, RECORDS);
        assert_int_equal(t->units, RECORDS);
        for (size_t i = 0; i < RECORDS; i++) {
            assert_int_equal(t->unit[i], i);
            assert_int_equal(t->records[i], 1);
        }
        assert_int_equal(t->quasi_identifiers[0].codes[0], 1);
        assert_int_equal(t->quasi_identifiers[0].codes[RECORDS - 1], 3);
        lb_table_free(t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_rows_of_a_unit_are_one_whatever_the_order),
        cmocka_unit_test(a_column_of_numbers_knows_them_and_a_missing_value_is_code_zero),
        cmocka_unit_test(every_record_of_a_plain_table_is_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
