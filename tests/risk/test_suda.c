/* SUDA2 against an exhaustive search written the other way round (unit by unit, set by set, by
 * comparing rows), against independent programs, and on degenerate and hostile tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/random.h"
#include "risk/suda/suda.h"
#include "table_fixture.h"

enum { WIDEST = 8 };

static const lb_suda_options usual = {.sampling_fraction = 0.01, .specials = 5, .threads = 2};

static bool close_to(double a, double b, double relative) {
    return fabs(a - b) <= relative * fmax(fabs(a), fabs(b)) + 1e-12;
}

/* --- the twin --- */

static bool shows(const lb_table *table, size_t row, size_t like, unsigned set) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        const uint32_t *codes = table->quasi_identifiers[c].codes;
        if (set >> c & 1 && (codes[row] != codes[like] || codes[row] == 0 || codes[like] == 0))
            return false;
    }
    return true;
}

static bool alone(const lb_table *table, size_t row, unsigned set) {
    if (!shows(table, row, row, set))
        return false;
    for (size_t r = 0; r < table->rows; r++)
        if (table->unit[r] != table->unit[row] && shows(table, r, row, set))
            return false;
    return true;
}

static bool is_msu(const lb_table *table, size_t row, unsigned set) {
    if (!alone(table, row, set))
        return false;
    for (unsigned part = (set - 1) & set; part; part = (part - 1) & set)
        if (alone(table, row, part))
            return false;
    for (size_t r = 0; r < row; r++) /* the unit's earlier rows: counted there */
        if (table->unit[r] == table->unit[row] && shows(table, r, row, set))
            return false;
    return true;
}

typedef struct suda_twin {
    uint64_t msus[WIDEST + 1];
    double *scores;
    double columns[WIDEST], total;
} suda_twin;

static suda_twin twin_of(const lb_table *table, unsigned max_size) {
    unsigned m = (unsigned)table->quasi_identifier_count;
    suda_twin twin = {.scores = calloc(table->units + 1, sizeof(double))};
    for (size_t row = 0; row < table->rows; row++)
        for (unsigned set = 1; set < 1u << m; set++) {
            unsigned size = (unsigned)__builtin_popcount(set);
            if (size > max_size || !is_msu(table, row, set))
                continue;
            double weight = tgamma(m - size + 1) / tgamma(m - max_size + 1);
            twin.msus[size]++;
            twin.scores[table->unit[row]] += weight;
            twin.total += weight;
            for (unsigned c = 0; c < m; c++)
                twin.columns[c] += set >> c & 1 ? weight : 0;
        }
    return twin;
}

static void compare_with_twin(const lb_table *table, unsigned max_size) {
    lb_suda_options options = usual;
    options.max_size = max_size;
    lb_suda_result result;
    assert_int_equal(lb_suda_run(table, &options, &result, NULL), 0);
    suda_twin twin = twin_of(table, result.max_size);
    assert_true(result.complete);
    for (unsigned size = 1; size <= result.max_size; size++)
        assert_int_equal(result.sizes[size - 1].msus, twin.msus[size]);
    for (size_t u = 0; u < table->units; u++)
        assert_true(close_to(result.scores[u], twin.scores[u], 1e-12));
    for (size_t c = 0; c < result.columns; c++)
        assert_true(close_to(result.column_shares[c],
                             twin.total > 0 ? twin.columns[c] / twin.total : 0, 1e-12));
    for (size_t i = 0; i < result.special_count; i++) {
        unsigned set = 0;
        const lb_suda_special *special = &result.specials[i];
        for (size_t k = 0; k < special->columns_count; k++)
            set |= 1u << special->columns[k];
        assert_true(is_msu(table, special->row, set));
        assert_int_equal(table->unit[special->row], special->unit);
        assert_true(i == 0 || result.specials[i - 1].score >= special->score);
    }
    free(twin.scores);
    lb_suda_free(&result);
}

static table_fixture *random_table(lb_random *random, bool travellers) {
    uint32_t codes[48 * 6], keys[48];
    size_t records = 1 + lb_random_below(random, 48), columns = 1 + lb_random_below(random, 6);
    uint64_t missing = lb_random_below(random, 3);
    for (size_t i = 0; i < records * columns; i++) {
        uint64_t values = 2 + (i % columns) * 2;
        codes[i] = lb_random_below(random, 10) < missing
                       ? 0
                       : 1 + (uint32_t)lb_random_below(random, 1 + lb_random_below(random, values));
    }
    for (size_t r = 0; r < records; r++)
        keys[r] = (uint32_t)lb_random_below(random, records / 2 + 1);
    return table_fixture_codes(codes, records, columns, 0, travellers ? keys : NULL);
}

static void random_tables_agree_with_exhaustive_search(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 300; i++) {
        lb_random random = lb_random_keyed(1, "test_suda", i);
        table_fixture *f = random_table(&random, i % 2);
        compare_with_twin(&f->table, (unsigned)(i % 5));
        table_fixture_free(f);
    }
}

/* 80 shared values on each of 3 columns: their places outnumber any table of bytes. */
static void values_that_span_much_agree_with_exhaustive_search(void **state) {
    (void)state;
    enum { RECORDS = 480, COLUMNS = 3 };
    for (uint64_t i = 0; i < 4; i++) {
        lb_random random = lb_random_keyed(1, "test_suda.span", i);
        uint32_t codes[RECORDS * COLUMNS], keys[RECORDS];
        for (size_t k = 0; k < RECORDS * COLUMNS; k++)
            codes[k] = (uint32_t)lb_random_below(&random, 81);
        for (size_t r = 0; r < RECORDS; r++)
            keys[r] = (uint32_t)lb_random_below(&random, RECORDS / 2);
        table_fixture *f = table_fixture_codes(codes, RECORDS, COLUMNS, 0, i % 2 ? keys : NULL);
        compare_with_twin(&f->table, COLUMNS);
        table_fixture_free(f);
    }
}

/* --- independent programs --- */

static const char **string_list(json_t *list) {
    const char **names = calloc(json_array_size(list) + 1, sizeof *names);
    for (size_t i = 0; i < json_array_size(list); i++)
        names[i] = json_string_value(json_array_get(list, i));
    return names;
}

static json_t *load_shared(const char *file) {
    const char *path = shared_path(file);
    if (!path)
        skip();
    json_t *json = json_load_file(path, 0, NULL);
    assert_non_null(json);
    return json;
}

static table_fixture *reference_table(const char *file, const char **columns) {
    char path[256];
    snprintf(path, sizeof path, "reference/data/%s", file);
    const char *found = shared_path(path);
    return found ? table_fixture_file(found, &(table_roles){.quasi_identifiers = columns}) : NULL;
}

static double number(json_t *object, const char *key) {
    json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void exhaustive_search_in_python_agrees(void **state) {
    (void)state;
    json_t *json = load_shared("reference/suda_bruteforce.json");
    json_t *entries = json_object_get(json, "entries"), *e;
    size_t index;
    json_array_foreach(entries, index, e) {
        if (!json_is_true(json_object_get(e, "original_scores")))
            continue;
        const char **columns = string_list(json_object_get(e, "key"));
        table_fixture *f = reference_table(json_string_value(json_object_get(e, "data")), columns);
        lb_suda_result r;
        assert_int_equal(lb_suda_run(&f->table, &usual, &r, NULL), 0);
        json_t *counts = json_object_get(e, "msu_by_size");
        assert_int_equal(r.max_size, json_array_size(counts));
        for (size_t i = 0; i < r.max_size; i++)
            assert_int_equal(r.sizes[i].msus, json_integer_value(json_array_get(counts, i)));
        double units = (double)r.units;
        assert_int_equal(r.unique_units, (uint64_t)number(e, "U_true"));
        assert_int_equal(r.pair_units, (uint64_t)number(e, "P"));
        assert_int_equal(r.msu_units, (uint64_t)number(e, "n_pos"));
        assert_true(close_to(r.score_mean * units, number(e, "score_sum"), 1e-12));
        /* the reference took its DIS from sdcMicro, in single precision */
        assert_true(close_to(r.dis_mean * units, number(e, "dis_sum_true"), 1e-6));
        assert_true(close_to(r.dis_max, number(e, "dis_max_true"), 1e-6));
        json_t *shares = json_object_get(e, "attribute_contribution_true");
        for (size_t c = 0; c < r.columns; c++)
            assert_true(close_to(100 * r.column_shares[c],
                                 json_number_value(json_array_get(shares, c)), 1e-10));
        lb_suda_free(&r);
        table_fixture_free(f);
        free(columns);
    }
    json_decref(json);
}

static void sdcmicro_agrees(void **state) {
    (void)state;
    json_t *json = load_shared("reference/sdcmicro.json"), *e;
    size_t index, compared = 0;
    json_array_foreach(json, index, e) {
        const char *file = json_string_value(json_object_get(e, "file"));
        if (strcmp(json_string_value(json_object_get(e, "call")), "suda2") != 0 ||
            strstr(file, " first "))
            continue;
        const char **columns = string_list(json_object_get(e, "qi"));
        table_fixture *f = reference_table(file, columns);
        lb_suda_options options = usual;
        options.sampling_fraction = number(e, "DisFraction");
        lb_suda_result r;
        assert_int_equal(lb_suda_run(&f->table, &options, &r, NULL), 0);
        double units = (double)r.units;
        assert_int_equal(r.msu_units, (uint64_t)number(e, "users_with_msu"));
        assert_true(close_to(r.score_max, number(e, "score_max"), 1e-12));
        assert_true(close_to(r.score_mean * units, number(e, "score_sum"), 1e-12));
        assert_true(close_to(r.dis_max, number(e, "dis_max"), 1e-6));
        assert_true(close_to(r.dis_mean * units, number(e, "dis_sum"), 1e-6));
        json_t *heads = json_object_get(e, "score_head");
        for (size_t i = 0; i < json_array_size(heads); i++)
            assert_true(close_to(r.scores[f->units[i]], json_number_value(json_array_get(heads, i)),
                                 1e-12));
        compared++;
        lb_suda_free(&r);
        table_fixture_free(f);
        free(columns);
    }
    assert_true(compared >= 4);
    json_decref(json);
}

static const char **split_names(char *names) {
    const char **list = calloc(32, sizeof *list);
    size_t count = 0;
    for (char *at = strtok(names, ","); at && count < 31; at = strtok(NULL, ","))
        list[count++] = at;
    return list;
}

static void textbook_scores_agree_with_and_without_a_size_limit(void **state) {
    (void)state;
    json_t *json = load_shared("reference/textbook.json"), *e;
    size_t index, compared = 0;
    json_array_foreach(json_object_get(json, "msu_suda2"), index, e) {
        const char *file = json_string_value(json_object_get(e, "data"));
        if (strncmp(file, "adult_arx", 9) != 0)
            continue;
        char names[512];
        snprintf(names, sizeof names, "%s", json_string_value(json_object_get(e, "qi")));
        const char **columns = split_names(names);
        table_fixture *f = reference_table(file, columns);
        json_t *want = json_object_get(e, "result");
        lb_suda_options options = usual;
        options.max_size = (unsigned)number(want, "maxK");
        lb_suda_result r;
        assert_int_equal(lb_suda_run(&f->table, &options, &r, NULL), 0);
        json_t *counts = json_object_get(want, "msuBySize");
        for (size_t i = 0; i < r.max_size; i++)
            assert_int_equal(r.sizes[i].msus, json_integer_value(json_array_get(counts, i)));
        double units = (double)r.units;
        assert_int_equal(r.unique_units, (uint64_t)number(want, "uniques"));
        assert_int_equal(r.pair_units, (uint64_t)number(want, "pairRecords"));
        assert_int_equal(r.msu_units, (uint64_t)number(want, "recordsWithMSU"));
        assert_true(close_to(r.score_max, number(want, "maxScore"), 1e-12));
        assert_true(close_to(r.score_mean * units, number(want, "sumScoreElliot"), 1e-12));
        json_t *dis = json_object_get(json_object_get(want, "dis"), "0.01");
        assert_true(close_to(r.dis_max, number(dis, "max"), 1e-10));
        assert_true(close_to(r.dis_mean * units, number(dis, "sum"), 1e-10));
        compared++;
        lb_suda_free(&r);
        table_fixture_free(f);
        free(columns);
    }
    assert_true(compared >= 7);
    json_decref(json);
}

/* --- edges --- */

static void tables_without_anyone_or_anything_give_zeros(void **state) {
    (void)state;
    uint32_t codes[] = {1, 2, 1, 2, 0, 0};
    size_t records[] = {0, 1, 2, 1}, columns[] = {2, 2, 2, 0};
    uint64_t msus[] = {0, 2, 0, 0};
    for (size_t i = 0; i < 4; i++) {
        table_fixture *f = table_fixture_codes(codes, records[i], columns[i], 0, NULL);
        lb_suda_result r;
        assert_int_equal(lb_suda_run(&f->table, &usual, &r, NULL), 0);
        assert_int_equal(columns[i] ? r.sizes[0].msus : 0, msus[i]);
        assert_true(r.complete);
        assert_true(isfinite(r.score_mean) && isfinite(r.dis_mean));
        lb_suda_free(&r);
        table_fixture_free(f);
    }
}

static void everyone_unique_without_pairs_has_dis_one(void **state) {
    (void)state;
    uint32_t codes[200];
    for (uint32_t i = 0; i < 100; i++) {
        codes[2 * i] = i + 1;
        codes[2 * i + 1] = 1;
    }
    table_fixture *f = table_fixture_codes(codes, 100, 2, 0, NULL);
    lb_suda_result r;
    assert_int_equal(lb_suda_run(&f->table, &usual, &r, NULL), 0);
    assert_int_equal(r.sizes[0].msus, 100);
    assert_int_equal(r.sizes[1].msus, 0);
    assert_true(r.dis_mean == 1 && r.dis_max == 1);
    assert_true(r.column_shares[0] == 1 && r.column_shares[1] == 0);
    assert_int_equal(r.value_count, 100);
    lb_suda_free(&r);
    table_fixture_free(f);
}

static void a_missing_value_is_in_no_unique(void **state) {
    (void)state;
    uint32_t codes[] = {0, 1, 1, 1, 1, 2, 1, 2};
    table_fixture *f = table_fixture_codes(codes, 4, 2, 0, NULL);
    lb_suda_result r;
    assert_int_equal(lb_suda_run(&f->table, &usual, &r, NULL), 0);
    assert_int_equal(r.sizes[0].msus, 0);
    assert_int_equal(r.sizes[1].msus, 1); /* (1, 1): the row (missing, 1) does not match it */
    assert_int_equal(r.unique_units, 1);
    assert_int_equal(r.pair_units, 2);
    lb_suda_free(&r);
    table_fixture_free(f);
}

static table_fixture *wide_table(size_t records, size_t columns, uint32_t values) {
    uint32_t *codes = malloc(records * columns * sizeof *codes);
    lb_random random = lb_random_keyed(3, "test_suda.wide", 0);
    for (size_t i = 0; i < records * columns; i++)
        codes[i] = 1 + (uint32_t)lb_random_below(&random, values + i % columns);
    table_fixture *f = table_fixture_codes(codes, records, columns, 0, NULL);
    free(codes);
    return f;
}

static void what_the_budget_cuts_is_said(void **state) {
    (void)state;
    table_fixture *f = wide_table(200, 30, 3);
    lb_suda_options options = usual;
    lb_suda_result whole, cut;
    assert_int_equal(lb_suda_run(&f->table, &options, &whole, NULL), 0);
    assert_int_equal(whole.max_size, LB_SUDA_SIZE_ABOVE);
    assert_true(whole.complete);
    options.budget = 1500000;
    assert_int_equal(lb_suda_run(&f->table, &options, &cut, NULL), 0);
    assert_false(cut.complete);
    assert_int_equal(cut.sizes[1].sets, cut.sizes[1].sets_all);
    assert_int_equal(cut.sizes[1].msus, whole.sizes[1].msus);
    assert_true(cut.sizes[2].columns < 30);
    assert_true(cut.sizes[2].sets < cut.sizes[2].sets_all);
    assert_true(cut.sizes[2].msus <= whole.sizes[2].msus);
    for (size_t u = 0; u < whole.units; u++)
        assert_true(cut.scores[u] <= whole.scores[u]);
    lb_suda_free(&whole);
    lb_suda_free(&cut);
    table_fixture_free(f);
}

static void domains_beyond_64_bits_are_exact(void **state) {
    (void)state;
    /* 12 columns of about 150 shared values: 150^12 is far beyond 2^64. Two records differ in one
     * column at a time, so that only the whole set tells them apart from their neighbours. */
    enum { RECORDS = 400, COLUMNS = 12 };
    uint32_t codes[RECORDS * COLUMNS];
    for (uint32_t r = 0; r < RECORDS; r++)
        for (uint32_t c = 0; c < COLUMNS; c++)
            codes[r * COLUMNS + c] = 1 + (r + c * 37 * (r % 2)) % (RECORDS / 2);
    table_fixture *f = table_fixture_codes(codes, RECORDS, COLUMNS, 0, NULL);
    lb_suda_options options = usual;
    lb_suda_result r;
    assert_int_equal(lb_suda_run(&f->table, &options, &r, NULL), 0);
    suda_twin twin = {0};
    for (size_t row = 0; row < f->table.rows; row++)
        for (unsigned c = 0; c < COLUMNS; c++)
            for (unsigned d = 0; d <= c; d++)
                twin.msus[c == d ? 1 : 2] += is_msu(&f->table, row, 1u << c | 1u << d);
    assert_int_equal(r.sizes[0].msus, twin.msus[1]);
    assert_int_equal(r.sizes[1].msus, twin.msus[2]);
    assert_true(r.complete);
    lb_suda_free(&r);
    table_fixture_free(f);
}

static void threads_change_no_bit(void **state) {
    (void)state;
    table_fixture *f = wide_table(300, 9, 3);
    lb_suda_options options = usual;
    lb_suda_result one, three;
    options.threads = 1;
    assert_int_equal(lb_suda_run(&f->table, &options, &one, NULL), 0);
    options.threads = 3;
    assert_int_equal(lb_suda_run(&f->table, &options, &three, NULL), 0);
    assert_memory_equal(one.scores, three.scores, one.units * sizeof *one.scores);
    assert_memory_equal(one.dis, three.dis, one.units * sizeof *one.dis);
    assert_int_equal(one.value_count, three.value_count);
    for (size_t i = 0; i < one.special_count; i++) {
        assert_int_equal(one.specials[i].row, three.specials[i].row);
        assert_int_equal(one.specials[i].columns_count, three.specials[i].columns_count);
    }
    lb_suda_free(&one);
    lb_suda_free(&three);
    table_fixture_free(f);
}

static void bad_options_are_usage_errors(void **state) {
    (void)state;
    table_fixture *f = wide_table(5, 3, 2);
    double fractions[] = {0, -1, 1.5, NAN};
    for (size_t i = 0; i < 5; i++) {
        lb_suda_options options = usual;
        if (i < 4)
            options.sampling_fraction = fractions[i];
        else
            options.max_size = 25;
        lb_suda_result r;
        lb_error error = {0};
        assert_int_equal(lb_suda_run(&f->table, &options, &r, &error), LB_E_USAGE);
        assert_true(error.mend[0] != '\0');
        lb_suda_free(&r);
    }
    table_fixture_free(f);
}

static void lack_of_memory_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    table_fixture *f = wide_table(60, 4, 3);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status != LB_OK; n++) {
        lb_suda_options options = usual;
        lb_suda_result r;
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_suda_run(&f->table, &options, &r, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
        assert_int_equal(status, error.code);
        lb_suda_free(&r);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_agree_with_exhaustive_search),
        cmocka_unit_test(values_that_span_much_agree_with_exhaustive_search),
        cmocka_unit_test(exhaustive_search_in_python_agrees),
        cmocka_unit_test(sdcmicro_agrees),
        cmocka_unit_test(textbook_scores_agree_with_and_without_a_size_limit),
        cmocka_unit_test(tables_without_anyone_or_anything_give_zeros),
        cmocka_unit_test(everyone_unique_without_pairs_has_dis_one),
        cmocka_unit_test(a_missing_value_is_in_no_unique),
        cmocka_unit_test(what_the_budget_cuts_is_said),
        cmocka_unit_test(domains_beyond_64_bits_are_exact),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(bad_options_are_usage_errors),
        cmocka_unit_test(lack_of_memory_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
