/* Risk against a known population: ARX and textbook values, a brute-force twin, and tables that
 * disagree with the corpus. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "reference.h"
#include "risk/classes/population_table.h"

static lb_population_table *new_population(size_t columns) {
    lb_population_table *population;
    assert_int_equal(lb_population_table_new(&population, columns, NULL), 0);
    return population;
}

static lb_journalist measured(const lb_population_table *population, const lb_table *table) {
    lb_journalist result;
    lb_error error = {0};
    if (lb_journalist_measure(&result, population, table, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    return result;
}

static void add(lb_population_table *population, const char *a, const char *b, uint64_t people) {
    lb_str values[] = {lb_str_of(a), lb_str_of(b)};
    assert_int_equal(lb_population_table_add(population, values, people, NULL), 0);
}

static uint64_t found(const lb_population_table *population, const char *a, const char *b) {
    lb_str values[] = {lb_str_of(a), lb_str_of(b)};
    uint64_t people = UINT64_MAX;
    assert_int_equal(lb_population_table_find(population, values, &people, NULL), 0);
    return people;
}

static void combinations_are_added_up_and_kept_apart(void **state) {
    (void)state;
    lb_population_table *population = new_population(2);
    add(population, "a", "bc", 3);
    add(population, "ab", "c", 5);
    add(population, "a", "bc", 4);
    add(population, NULL, "", 2);
    add(population, "", NULL, 1);
    add(population, "x", "y", 0);
    assert_int_equal(found(population, "a", "bc"), 7);
    assert_int_equal(found(population, "ab", "c"), 5);
    assert_int_equal(found(population, NULL, ""), 2);
    assert_int_equal(found(population, "", NULL), 1);
    assert_int_equal(found(population, "", ""), 0);
    assert_int_equal(lb_population_table_classes(population), 4);
    assert_int_equal(lb_population_table_people(population), 15);
    lb_population_table_free(population);
}

static void many_combinations_are_all_found(void **state) {
    (void)state;
    lb_population_table *population = new_population(1);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            lb_str value = {(const char *)&i, sizeof i};
            assert_int_equal(lb_population_table_add(population, &value, i + 1, NULL), 0);
        }
    for (uint32_t i = 0; i < 5000; i++) {
        lb_str value = {(const char *)&i, sizeof i};
        uint64_t people;
        assert_int_equal(lb_population_table_find(population, &value, &people, NULL), 0);
        assert_int_equal(people, 2 * (i + 1));
    }
    lb_population_table_free(population);
}

static void more_people_than_fit_are_refused(void **state) {
    (void)state;
    lb_population_table *population = new_population(1);
    lb_str value = LB_STR("a");
    lb_error error = {0};
    assert_int_equal(lb_population_table_add(population, &value, UINT64_MAX - 1, &error), 0);
    assert_int_equal(lb_population_table_add(population, &value, 2, &error), LB_E_INPUT);
    assert_int_equal(lb_population_table_people(population), UINT64_MAX - 1);
    lb_population_table_free(population);
}

static void a_wrong_number_of_columns_is_refused(void **state) {
    (void)state;
    lb_population_table *population = new_population(2);
    lb_journalist result;
    assert_int_equal(lb_journalist_measure(&result, population, &(lb_table){0}, NULL), LB_E_USAGE);
    assert_int_equal(lb_population_table_add_table(population, &(lb_table){0}, NULL), LB_E_USAGE);
    lb_population_table_free(population);
}

static void classes_that_the_population_lacks_hold_the_units_of_the_corpus(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = (const char *const[]){"a", "b", NULL}};
    table_fixture *f = table_fixture_text("a,b\n1,1\n1,1\n1,2\n1,2\n1,3\n", &roles);
    lb_population_table *population = new_population(2);
    add(population, "1", "1", 10);
    add(population, "1", "2", 1);
    lb_journalist got = measured(population, &f->table);
    assert_int_equal(got.absent_classes, 1);
    assert_int_equal(got.outgrown_classes, 2);
    assert_int_equal(got.k_map, 1);
    assert_true(got.delta_min == 0.2 && got.delta_max == 1 && got.journalist_max == 1);
    assert_close(got.journalist_mean, (0.1 + 0.1 + 0.5 + 0.5 + 1) / 5, 1e-12, "mean");
    assert_close(got.marketer, got.journalist_mean, 1e-12, "marketer");
    lb_population_table_free(population);
    table_fixture_free(f);
}

static void a_traveller_is_at_risk_by_its_rarest_class(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = (const char *const[]){"a", "b", NULL},
                         .unit = "user"};
    table_fixture *f = table_fixture_text("user,a,b\nu,1,1\nu,1,2\nv,1,1\n", &roles);
    lb_population_table *population = new_population(2);
    add(population, "1", "1", 10);
    add(population, "1", "2", 4);
    lb_journalist got = measured(population, &f->table);
    assert_int_equal(got.k_map, 4);
    assert_close(got.journalist_mean, (0.25 + 0.1) / 2, 1e-12, "mean");
    assert_close(got.marketer, ((0.25 + 0.1) / 2 + 0.1) / 2, 1e-12, "marketer");
    assert_close(got.above_020, 0.5, 1e-12, "above 0.2");
    lb_population_table_free(population);
    table_fixture_free(f);
}

static bool same_values(const lb_table *s, size_t a, const lb_table *t, size_t b) {
    for (size_t c = 0; c < s->quasi_identifier_count; c++) {
        const lb_column *x = &s->quasi_identifiers[c], *y = &t->quasi_identifiers[c];
        lb_str one = x->values[x->codes[a]], other = y->values[y->codes[b]];
        if (!one.data != !other.data || !lb_str_equal(one, other))
            return false;
    }
    return true;
}

/* Distinct units of t with a row of the values of row `row` of s. */
static unsigned twin_size(const lb_table *s, size_t row, const lb_table *t) {
    unsigned size = 0;
    for (size_t u = 0, r = 0; u < t->units; u++) {
        bool has = false;
        for (; r < t->rows && t->unit[r] == u; r++)
            has |= same_values(s, row, t, r);
        size += has;
    }
    return size;
}

static void compare_with_twin(const lb_table *corpus, const lb_table *people,
                              const lb_journalist *got) {
    double least = 1, most = 0, mean = 0, highest = 0;
    unsigned k_map = UINT32_MAX;
    for (size_t u = 0, r = 0; u < corpus->units; u++) {
        double risk = 0;
        for (; r < corpus->rows && corpus->unit[r] == u; r++) {
            unsigned f = twin_size(corpus, r, corpus), all = twin_size(corpus, r, people);
            all = all < f ? f : all;
            least = fmin(least, (double)f / all);
            most = fmax(most, (double)f / all);
            k_map = all < k_map ? all : k_map;
            risk = fmax(risk, 1.0 / all);
        }
        mean += risk / (double)corpus->units;
        highest = fmax(highest, risk);
    }
    assert_int_equal(got->k_map, k_map);
    assert_close(got->delta_min, least, 1e-12, "delta_min");
    assert_close(got->delta_max, most, 1e-12, "delta_max");
    assert_close(got->journalist_mean, mean, 1e-12, "mean");
    assert_close(got->journalist_max, highest, 1e-12, "highest");
}

static table_fixture *random_table(lb_random *random, size_t records, bool travellers) {
    uint32_t codes[200], keys[100];
    for (size_t c = 0; c < 2 * records; c++)
        codes[c] = (uint32_t)lb_random_below(random, 5);
    for (size_t r = 0; r < records; r++)
        keys[r] = (uint32_t)lb_random_below(random, records);
    return table_fixture_codes(codes, records, 2, 0, travellers ? keys : NULL);
}

static void random_tables_agree_with_the_twin(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(2, "test_population_table", 0);
    for (int i = 0; i < 200; i++) {
        table_fixture *corpus = random_table(&random, 20, i % 2);
        table_fixture *people = random_table(&random, 100, i % 3);
        lb_population_table *population = new_population(2);
        assert_int_equal(lb_population_table_add_table(population, &people->table, NULL), 0);
        lb_journalist got = measured(population, &corpus->table);
        compare_with_twin(&corpus->table, &people->table, &got);
        lb_population_table_free(population);
        table_fixture_free(people);
        table_fixture_free(corpus);
    }
}

static void a_corpus_against_itself_is_the_prosecutor(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(1, "test_population_table", 0);
    uint32_t codes[120], keys[60];
    for (int i = 0; i < 100; i++) {
        for (size_t c = 0; c < 120; c++)
            codes[c] = (uint32_t)lb_random_below(&random, 4);
        for (size_t r = 0; r < 60; r++)
            keys[r] = (uint32_t)lb_random_below(&random, 30);
        table_fixture *f = table_fixture_codes(codes, 60, 2, 0, i % 2 ? keys : NULL);
        lb_population_table *population = new_population(2);
        assert_int_equal(lb_population_table_add_table(population, &f->table, NULL), 0);
        lb_journalist got = measured(population, &f->table);
        assert_int_equal(got.absent_classes + got.outgrown_classes, 0);
        assert_true(got.delta_min == 1 && got.delta_max == 1);
        assert_close(got.journalist_max, 1.0 / (double)got.k_map, 1e-12, "highest");
        if (i % 2 == 0)
            assert_close(got.marketer, (double)got.classes / 60, 1e-12, "marketer");
        assert_true(got.marketer <= got.journalist_mean + 1e-12);
        lb_population_table_free(population);
        table_fixture_free(f);
    }
}

/* The corpus is adult_arx_subset.csv, the population adult_arx.csv. */
static lb_journalist measure_adult(const json_t *names) {
    table_fixture *sample = reference_table("adult_arx_subset.csv", names, NULL, NULL, NULL);
    table_fixture *everyone = reference_table("adult_arx.csv", names, NULL, NULL, NULL);
    assert_true(sample && everyone);
    lb_population_table *population = new_population(json_array_size(names));
    assert_int_equal(lb_population_table_add_table(population, &everyone->table, NULL), 0);
    lb_journalist got = measured(population, &sample->table);
    assert_int_equal(got.outgrown_classes, 0);
    lb_population_table_free(population);
    table_fixture_free(everyone);
    table_fixture_free(sample);
    return got;
}

static void the_textbook_finds_the_same_k_map_and_delta_presence(void **state) {
    (void)state;
    json_t *book = reference_load("textbook.json"), *row;
    size_t i;
    json_array_foreach(json_object_get(json_object_get(book, "kmap_delta_presence"), "rows"), i,
                       row) {
        lb_journalist got = measure_adult(json_object_get(row, "qi"));
        assert_int_equal(got.k_map, (uint64_t)reference_number(row, "kmap_over_sample_classes"));
        assert_close(got.delta_min, reference_number(row, "delta_min_over_sample_classes"), 1e-12,
                     "delta_min");
        assert_close(got.delta_max, reference_number(row, "delta_max"), 1e-12, "delta_max");
        assert_int_equal(got.classes, (size_t)reference_number(row, "classes_sample"));
    }
    json_decref(book);
}

static json_t *split_names(const char *text) {
    json_t *names = json_array();
    for (const char *at = text; at;) {
        const char *end = strchr(at, ',');
        json_array_append_new(names, json_stringn(at, end ? (size_t)(end - at) : strlen(at)));
        at = end ? end + 1 : NULL;
    }
    return names;
}

static void arx_finds_the_same_journalist_and_marketer(void **state) {
    (void)state;
    json_t *book = reference_load("textbook.json"), *row;
    size_t i;
    json_array_foreach(
        json_object_get(json_object_get(book, "attacker_models_sample_vs_population_arx"), "rows"),
        i, row) {
        json_t *names = split_names(json_string_value(json_object_get(row, "qi")));
        lb_journalist got = measure_adult(names);
        const json_t *want = json_object_get(row, "journalist");
        assert_close(got.journalist_max, reference_number(want, "highest"), 1e-12, "highest");
        assert_close(got.journalist_mean, reference_number(want, "success"), 1e-12, "mean");
        assert_close(got.marketer, reference_number(row, "marketer"), 1e-12, "marketer");
        double threshold = reference_number(row, "threshold");
        if (threshold == 0.2 || threshold == 0.05)
            assert_close(threshold == 0.2 ? got.above_020 : got.above_005,
                         reference_number(want, "recordsAtRisk"), 1e-12, "records at risk");
        json_decref(names);
    }
    json_decref(book);
}

static void lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    uint32_t codes[] = {1, 2, 2, 1};
    table_fixture *f = table_fixture_codes(codes, 2, 2, 0, NULL);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_population_table *population;
        lb_journalist got;
        lb_memory_fail_after(n);
        status = lb_population_table_new(&population, 2, NULL);
        if (status == LB_OK)
            status = lb_population_table_add_table(population, &f->table, NULL);
        if (status == LB_OK)
            status = lb_journalist_measure(&got, population, &f->table, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_population_table_free(population);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combinations_are_added_up_and_kept_apart),
        cmocka_unit_test(many_combinations_are_all_found),
        cmocka_unit_test(more_people_than_fit_are_refused),
        cmocka_unit_test(a_wrong_number_of_columns_is_refused),
        cmocka_unit_test(classes_that_the_population_lacks_hold_the_units_of_the_corpus),
        cmocka_unit_test(a_traveller_is_at_risk_by_its_rarest_class),
        cmocka_unit_test(random_tables_agree_with_the_twin),
        cmocka_unit_test(a_corpus_against_itself_is_the_prosecutor),
        cmocka_unit_test(the_textbook_finds_the_same_k_map_and_delta_presence),
        cmocka_unit_test(arx_finds_the_same_journalist_and_marketer),
        cmocka_unit_test(lack_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
