/* The attribute inference attack: what it must find, and what it must not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "reference.h"
#include "risk/classes/attribute_attack.h"

enum { UNITS = 4000 };

static const lb_attribute_attack_options usual = {
    .attacks = 1000, .tolerance = 0.05, .seed = 1, .threads = 2};

static lb_attribute_attack attacked(const lb_table *table, lb_attribute_attack_options options) {
    lb_attribute_attack result;
    lb_error error = {0};
    if (lb_attribute_attack_run(&result, table, &options, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    return result;
}

/* Units with two quasi-identifiers of `values` values, and a sensitive value that is random, or the
 * sum of the two. */
static table_fixture *people(uint64_t values, bool random_secret) {
    static uint32_t codes[UNITS * 3];
    lb_random random = lb_random_keyed(values, "test_attribute_attack", random_secret);
    for (size_t u = 0; u < UNITS; u++) {
        codes[3 * u] = 1 + (uint32_t)lb_random_below(&random, values);
        codes[3 * u + 1] = 1 + (uint32_t)lb_random_below(&random, values);
        codes[3 * u + 2] = random_secret ? 1 + (uint32_t)lb_random_below(&random, 100)
                                         : codes[3 * u] + codes[3 * u + 1];
    }
    return table_fixture_codes(codes, UNITS, 2, 1, NULL);
}

static void as_bytes(table_fixture *f) {
    for (size_t c = 0; c < f->table.quasi_identifier_count; c++)
        ((lb_column *)f->table.quasi_identifiers)[c].numbers = NULL;
    ((lb_column *)f->table.sensitive)[0].numbers = NULL;
}

static void unique_people_with_random_secrets_are_given_away(void **state) {
    (void)state;
    table_fixture *f = people(100000, true);
    as_bytes(f);
    lb_attribute_attack got = attacked(&f->table, usual);
    const lb_attribute_attack_field *field = &got.fields[0];
    assert_null(field->why);
    assert_int_equal(field->targets, 1000);
    assert_int_equal(field->controls, 1000);
    assert_true(field->success > 0.95);
    assert_true(field->control < 0.05);
    assert_true(field->risk > 0.95 && field->risk <= 1);
    assert_true(field->risk_interval.low < field->risk && field->risk <= field->risk_interval.high);
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
}

static void people_who_hide_in_large_classes_are_not(void **state) {
    (void)state;
    table_fixture *f = people(2, true);
    as_bytes(f);
    lb_attribute_attack got = attacked(&f->table, usual);
    assert_true(fabs(got.fields[0].risk) < 0.03);
    assert_true(got.fields[0].risk_interval.low <= 0);
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
}

static void what_follows_for_everyone_is_no_risk_of_the_release(void **state) {
    (void)state;
    table_fixture *f = people(3, false);
    as_bytes(f);
    lb_attribute_attack got = attacked(&f->table, usual);
    assert_string_equal(got.fields[0].why,
                        "every control was guessed right: there is nothing to gain");
    assert_true(got.fields[0].success == 1 && got.fields[0].control == 1);
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
}

static void a_number_need_only_be_close(void **state) {
    (void)state;
    table_fixture *f = people(1000, false);
    lb_attribute_attack close = attacked(&f->table, usual);
    lb_attribute_attack_options exact = usual;
    exact.tolerance = 0;
    lb_attribute_attack same = attacked(&f->table, exact);
    assert_true(close.fields[0].control > same.fields[0].control + 0.2);
    lb_attribute_attack_free(&same);
    lb_attribute_attack_free(&close);
    table_fixture_free(f);
}

static void threads_change_nothing_and_the_seed_does(void **state) {
    (void)state;
    table_fixture *f = people(40, true);
    lb_attribute_attack_options options = usual;
    lb_attribute_attack two = attacked(&f->table, options);
    options.threads = 1;
    lb_attribute_attack one = attacked(&f->table, options);
    options.seed = 2;
    lb_attribute_attack other = attacked(&f->table, options);
    assert_int_equal(one.fields[0].target_hits, two.fields[0].target_hits);
    assert_int_equal(one.fields[0].control_hits, two.fields[0].control_hits);
    assert_true(one.fields[0].risk == two.fields[0].risk);
    assert_true(one.fields[0].target_hits != other.fields[0].target_hits ||
                one.fields[0].control_hits != other.fields[0].control_hits);
    lb_attribute_attack_free(&other);
    lb_attribute_attack_free(&one);
    lb_attribute_attack_free(&two);
    table_fixture_free(f);
}

static void missing_secrets_are_neither_guessed_nor_attacked(void **state) {
    (void)state;
    static uint32_t codes[400 * 2];
    for (uint32_t u = 0; u < 400; u++) {
        codes[2 * u] = u + 1;
        codes[2 * u + 1] = u % 2 ? 1 + u % 7 : LB_CODE_MISSING;
    }
    table_fixture *f = table_fixture_codes(codes, 400, 1, 1, NULL);
    as_bytes(f);
    lb_attribute_attack got = attacked(&f->table, usual);
    const lb_attribute_attack_field *field = &got.fields[0];
    assert_true(field->targets > 20 && field->targets < 80);
    assert_true(field->controls > 20 && field->controls < 80);
    assert_int_equal(field->target_hits, field->targets); /* each finds itself, and has a value */
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
}

static void travellers_are_known_by_one_of_their_rows(void **state) {
    (void)state;
    static uint32_t codes[600 * 3], keys[600];
    for (uint32_t r = 0; r < 600; r++) { /* each of 300 users has two places of its own */
        codes[3 * r] = 1 + r;
        codes[3 * r + 1] = 1;
        codes[3 * r + 2] = 1 + r % 5;
        keys[r] = r / 2;
    }
    table_fixture *f = table_fixture_codes(codes, 600, 2, 1, keys);
    as_bytes(f);
    lb_attribute_attack got = attacked(&f->table, usual);
    assert_int_equal(got.fields[0].targets, 75);
    assert_int_equal(got.fields[0].target_hits, 75);
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
}

static void a_handful_of_units_is_too_few(void **state) {
    (void)state;
    uint32_t codes[] = {1, 1, 2, 2, 3, 3};
    table_fixture *f = table_fixture_codes(codes, 3, 1, 1, NULL);
    lb_attribute_attack got = attacked(&f->table, usual);
    assert_string_equal(got.fields[0].why, "there are too few units");
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
    static uint32_t none[40 * 2];
    f = table_fixture_codes(none, 40, 1, 1, NULL);
    got = attacked(&f->table, usual);
    assert_string_equal(got.fields[0].why, "too few units have a value");
    lb_attribute_attack_free(&got);
    table_fixture_free(f);
}

static void lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    uint32_t codes[40];
    for (uint32_t i = 0; i < 40; i++)
        codes[i] = 1 + i % 7;
    table_fixture *f = table_fixture_codes(codes, 20, 1, 1, NULL);
    lb_attribute_attack_options options = usual;
    options.threads = 1;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_attribute_attack got;
        lb_memory_fail_after(n);
        status = lb_attribute_attack_run(&got, &f->table, &options, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !got.arena));
        lb_attribute_attack_free(&got);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unique_people_with_random_secrets_are_given_away),
        cmocka_unit_test(people_who_hide_in_large_classes_are_not),
        cmocka_unit_test(what_follows_for_everyone_is_no_risk_of_the_release),
        cmocka_unit_test(a_number_need_only_be_close),
        cmocka_unit_test(threads_change_nothing_and_the_seed_does),
        cmocka_unit_test(missing_secrets_are_neither_guessed_nor_attacked),
        cmocka_unit_test(travellers_are_known_by_one_of_their_rows),
        cmocka_unit_test(a_handful_of_units_is_too_few),
        cmocka_unit_test(lack_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
