/* Subsets of the quasi-identifiers against measuring each of them alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "risk/classes/subsets.h"
#include "table_fixture.h"

static lb_subsets measured(const lb_table *table, lb_subsets_options options) {
    lb_subsets result;
    lb_error error = {0};
    if (lb_subsets_measure(&result, table, &options, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    return result;
}

static const lb_subsets_options plenty = {.largest = 3, .max_subsets = 1000000, .threads = 2};

static table_fixture *random_table(lb_random *random, size_t columns, bool travellers) {
    uint32_t codes[60 * 12], keys[60];
    size_t records = 1 + lb_random_below(random, 60);
    for (size_t i = 0; i < records * columns; i++)
        codes[i] = (uint32_t)lb_random_below(random, 2 + i % columns);
    for (size_t r = 0; r < records; r++)
        keys[r] = (uint32_t)lb_random_below(random, 25);
    return table_fixture_codes(codes, records, columns, 0, travellers ? keys : NULL);
}

static lb_anonymity alone(const lb_table *table, const uint32_t *columns, size_t count,
                          lb_missing missing) {
    lb_anonymity result;
    lb_anonymity_options options = {.columns = columns, .column_count = count, .missing = missing};
    assert_int_equal(lb_anonymity_measure(&result, table, &options, NULL), 0);
    return result;
}

static void compare_each(const lb_table *table, lb_missing missing) {
    lb_subsets_options options = plenty;
    options.missing = missing;
    lb_subsets got = measured(table, options);
    for (size_t i = 0; i < got.count; i++) {
        const lb_subset *s = &got.items[i];
        lb_anonymity want = alone(table, s->columns, s->column_count, missing);
        assert_int_equal(s->k, want.k);
        assert_int_equal(s->classes, want.classes);
        assert_int_equal(s->unique, want.unique);
        assert_true(s->unique_share == want.unique_share);
        assert_true(s->distinction == want.distinction);
        assert_true(s->separation == want.separation);
        lb_anonymity_free(&want);
    }
    lb_anonymity full = alone(table, NULL, 0, missing);
    for (size_t i = 0; i < got.gain_count; i++) {
        const lb_field_gain *gain = &got.gains[i];
        uint32_t others[12], count = 0;
        for (uint32_t c = 0; c < table->quasi_identifier_count; c++)
            if (c != gain->column)
                others[count++] = c;
        lb_anonymity want = alone(table, others, count, missing);
        assert_int_equal(gain->k, want.k);
        assert_true(gain->unique_share == want.unique_share);
        assert_int_equal(gain->k_gain, want.k - full.k);
        assert_true(gain->unique_gain == full.unique_share - want.unique_share);
        assert_true(i == 0 || got.gains[i - 1].unique_gain >= gain->unique_gain);
        lb_anonymity_free(&want);
    }
    lb_anonymity_free(&full);
    lb_subsets_free(&got);
}

static void each_subset_is_as_if_measured_alone(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(1, "test_subsets", 0);
    for (int i = 0; i < 60; i++) {
        table_fixture *f = random_table(&random, 1 + (size_t)i % 6, i % 4 > 1);
        compare_each(&f->table, LB_MISSING_OWN);
        compare_each(&f->table, LB_MISSING_ANY);
        table_fixture_free(f);
    }
}

static void all_subsets_of_up_to_three_and_the_full_set_are_there_in_order(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(2, "test_subsets", 0);
    static const size_t want[] = {0, 1, 3, 7, 15, 26, 42};
    for (size_t columns = 1; columns <= 6; columns++) {
        table_fixture *f = random_table(&random, columns, true);
        lb_subsets got = measured(&f->table, plenty);
        assert_int_equal(got.count, want[columns]);
        assert_int_equal(got.items[got.count - 1].column_count, columns);
        for (size_t i = 1; i < got.count; i++) {
            const lb_subset *a = &got.items[i - 1], *b = &got.items[i];
            bool ascends = a->column_count < b->column_count;
            for (uint32_t c = 0; !ascends && c < a->column_count; c++) {
                assert_true(a->columns[c] <= b->columns[c]);
                ascends = a->columns[c] < b->columns[c];
            }
            assert_true(ascends);
        }
        for (unsigned size = 0; size <= LB_SUBSET_LARGEST; size++)
            assert_int_equal(got.left_out[size], 0);
        lb_subsets_free(&got);
        table_fixture_free(f);
    }
}

static void a_budget_is_spent_on_the_most_distinguishing_columns(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(3, "test_subsets", 0);
    table_fixture *f = random_table(&random, 10, false);
    lb_subsets_options options = plenty;
    lb_subsets all = measured(&f->table, options);
    assert_int_equal(all.count, 10 + 45 + 120 + 1);
    options.max_subsets = 11 + 6; /* pairs among the first four columns of the ranking */
    lb_subsets some = measured(&f->table, options);
    assert_int_equal(some.count, 17);
    assert_int_equal(some.left_out[2], 45 - 6);
    assert_int_equal(some.left_out[3], 120);
    double least = 1; /* separation of the columns that were paired */
    bool paired[10] = {false};
    for (size_t i = 10; i < 16; i++)
        for (uint32_t c = 0; c < 2; c++)
            paired[some.items[i].columns[c]] = true;
    for (size_t i = 0, count = 0; i < 10; i++)
        if (paired[some.items[i].columns[0]]) {
            least = some.items[i].separation < least ? some.items[i].separation : least;
            assert_true(++count <= 4);
        }
    for (size_t i = 0; i < 10; i++)
        assert_true(paired[i] || some.items[i].separation <= least);
    options.max_subsets = 11 + 45 + 10; /* all pairs, and triples among five columns */
    lb_subsets more = measured(&f->table, options);
    assert_int_equal(more.left_out[2], 0);
    assert_int_equal(more.left_out[3], 110);
    options.max_subsets = 0;
    lb_subsets least_of_all = measured(&f->table, options);
    assert_int_equal(least_of_all.count, 11);
    lb_subsets_free(&least_of_all);
    lb_subsets_free(&more);
    lb_subsets_free(&some);
    lb_subsets_free(&all);
    table_fixture_free(f);
}

static void threads_change_nothing(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(4, "test_subsets", 0);
    table_fixture *f = random_table(&random, 8, true);
    lb_subsets_options options = plenty;
    lb_subsets two = measured(&f->table, options);
    options.threads = 1;
    lb_subsets one = measured(&f->table, options);
    assert_int_equal(one.count, two.count);
    for (size_t i = 0; i < one.count; i++) {
        assert_int_equal(one.items[i].k, two.items[i].k);
        assert_true(one.items[i].separation == two.items[i].separation);
    }
    for (size_t i = 0; i < one.gain_count; i++) {
        assert_int_equal(one.gains[i].column, two.gains[i].column);
        assert_true(one.gains[i].unique_gain == two.gains[i].unique_gain);
    }
    lb_subsets_free(&one);
    lb_subsets_free(&two);
    table_fixture_free(f);
}

static void a_table_without_quasi_identifiers_has_no_subsets(void **state) {
    (void)state;
    lb_subsets got = measured(&(lb_table){.units = 3}, plenty);
    assert_int_equal(got.count, 0);
    assert_int_equal(got.gain_count, 0);
    lb_subsets_free(&got);
    lb_error error = {0};
    lb_subsets_options wrong = {.largest = 4, .threads = 1};
    assert_int_equal(lb_subsets_measure(&got, &(lb_table){0}, &wrong, &error), LB_E_USAGE);
}

static void lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    uint32_t codes[] = {1, 0, 2, 1, 0, 3, 1, 1, 1}, keys[] = {1, 1, 2};
    table_fixture *f = table_fixture_codes(codes, 3, 3, 0, keys);
    lb_subsets_options options = plenty;
    options.threads = 1;
    options.missing = LB_MISSING_ANY;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_subsets result;
        lb_memory_fail_after(n);
        status = lb_subsets_measure(&result, &f->table, &options, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !result.arena));
        lb_subsets_free(&result);
        assert_true(n < 5000);
    }
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_subset_is_as_if_measured_alone),
        cmocka_unit_test(all_subsets_of_up_to_three_and_the_full_set_are_there_in_order),
        cmocka_unit_test(a_budget_is_spent_on_the_most_distinguishing_columns),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(a_table_without_quasi_identifiers_has_no_subsets),
        cmocka_unit_test(lack_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
