/* The fixture itself: the tests of the measures are worth what their tables are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "table_fixture.h"

static const char *const quasi[] = {"city", "age", NULL};
static const char *const sensitive[] = {"illness", NULL};

static void records_are_units_of_their_own(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = quasi, .sensitive = sensitive, .missing = "NA"};
    table_fixture *f = table_fixture_text("age,illness,city\n30,flu,\"A, \"\"b\"\"\"\n30,flu,\"A, "
                                          "\"\"b\"\"\"\n,NA,C\n",
                                          &roles);
    assert_int_equal(f->table.rows, 3);
    assert_int_equal(f->table.units, 3);
    const lb_column *city = &f->table.quasi_identifiers[0], *age = &f->table.quasi_identifiers[1];
    assert_int_equal(city->distinct, 2);
    assert_true(lb_str_equal(city->values[1], LB_STR("A, \"b\"")));
    assert_null(city->numbers);
    assert_non_null(age->numbers);
    assert_true(isnan(age->numbers[0]) && age->numbers[1] == 30);
    assert_int_equal(age->codes[f->rows[2]], LB_CODE_MISSING);
    assert_int_equal(f->table.sensitive[0].codes[f->rows[2]], LB_CODE_MISSING);
    assert_int_not_equal(f->rows[0], f->rows[1]);
    table_fixture_free(f);
}

static void a_traveller_has_one_row_for_each_combination(void **state) {
    (void)state;
    table_roles roles = {
        .quasi_identifiers = (const char *const[]){"city", NULL}, .unit = "user", .weight = "w"};
    table_fixture *f = table_fixture_text("user,city,w\nu,A,1\nv,A,2\nu,B,3\nu,A,0.5\n", &roles);
    assert_int_equal(f->table.units, 2);
    assert_int_equal(f->table.rows, 3);
    assert_int_equal(f->rows[0], f->rows[3]);
    assert_int_equal(f->table.records[f->rows[0]], 2);
    assert_true(f->table.weights[f->rows[0]] == 1.5);
    assert_int_equal(f->units[0], f->units[2]);
    assert_int_not_equal(f->units[0], f->units[1]);
    for (size_t r = 1; r < f->table.rows; r++)
        assert_true(f->table.unit[r - 1] <= f->table.unit[r]);
    table_fixture_free(f);
}

static void codes_become_columns_of_numbers(void **state) {
    (void)state;
    uint32_t codes[] = {1, 0, 7, 2, 5, 0}, keys[] = {4, 4};
    table_fixture *f = table_fixture_codes(codes, 2, 2, 1, keys);
    assert_int_equal(f->table.units, 1);
    assert_int_equal(f->table.rows, 2);
    assert_int_equal(f->table.quasi_identifier_count, 2);
    assert_int_equal(f->table.sensitive_count, 1);
    assert_true(lb_str_equal(f->table.sensitive[0].name, LB_STR("s0")));
    assert_true(f->table.sensitive[0].numbers[1] == 7);
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_units_of_their_own),
        cmocka_unit_test(a_traveller_has_one_row_for_each_combination),
        cmocka_unit_test(codes_become_columns_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
