/* Population uniqueness against independent programs, exact samples of known populations, and
 * samples that leave a model without an answer. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/memory.h"
#include "base/random.h"
#include "risk/population/population.h"
#include "table_fixture.h"

static bool close_to(double a, double b, double relative) {
    return fabs(a - b) <= relative * fmax(fabs(a), fabs(b)) + 1e-15;
}

/* The class sizes of a plain table, by sorting its rows. */
typedef struct sized_rows {
    const uint32_t *codes;
    size_t width;
} sized_rows;

static int compare_codes(const void *left, const void *right) {
    const sized_rows *a = left, *b = right;
    for (size_t c = 0; c < a->width; c++)
        if (a->codes[c] != b->codes[c])
            return a->codes[c] < b->codes[c] ? -1 : 1;
    return 0;
}

static lb_class_count *class_counts(const lb_table *table, size_t *count) {
    size_t width = table->quasi_identifier_count;
    uint32_t *codes = malloc((table->rows * width + 1) * sizeof *codes);
    sized_rows *rows = malloc((table->rows + 1) * sizeof *rows);
    double *by_size = calloc(table->rows + 2, sizeof *by_size);
    for (size_t r = 0; r < table->rows; r++) {
        for (size_t c = 0; c < width; c++)
            codes[r * width + c] = table->quasi_identifiers[c].codes[r];
        rows[r] = (sized_rows){codes + r * width, width};
    }
    qsort(rows, table->rows, sizeof *rows, compare_codes);
    for (size_t r = 0, first = 0; r < table->rows; r++)
        if (r + 1 == table->rows || compare_codes(&rows[r], &rows[r + 1]) != 0) {
            by_size[r + 1 - first]++;
            first = r + 1;
        }
    lb_class_count *counts = malloc((table->rows + 1) * sizeof *counts);
    *count = 0;
    for (size_t size = 1; size <= table->rows; size++)
        if (by_size[size] > 0)
            counts[(*count)++] = (lb_class_count){size, by_size[size]};
    free(codes);
    free(rows);
    free(by_size);
    return counts;
}

static const char **string_list(json_t *list) {
    const char **names = calloc(json_array_size(list) + 1, sizeof *names);
    for (size_t i = 0; i < json_array_size(list); i++)
        names[i] = json_string_value(json_array_get(list, i));
    return names;
}

/* The last table's class sizes are kept: the references ask for the same one many times. */
typedef struct counts_cache {
    char key[1024];
    lb_class_count *counts;
    size_t count;
} counts_cache;

static void cached_counts(counts_cache *cache, const char *file, json_t *qi) {
    char key[1024], *qi_text = json_dumps(qi, 0);
    snprintf(key, sizeof key, "%s %s", file, qi_text);
    free(qi_text);
    if (strcmp(key, cache->key) == 0)
        return;
    free(cache->counts);
    strcpy(cache->key, key);
    char path[256];
    snprintf(path, sizeof path, "reference/data/%s", file);
    const char **columns = string_list(qi);
    table_fixture *f =
        table_fixture_file(shared_path(path), &(table_roles){.quasi_identifiers = columns});
    cache->counts = class_counts(&f->table, &cache->count);
    table_fixture_free(f);
    free(columns);
}

static double number(json_t *object, const char *key) {
    json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void independent_models_in_python_agree(void **state) {
    (void)state;
    const char *path = shared_path("reference/popuniq_python.json");
    if (!path)
        skip();
    json_t *json = json_load_file(path, 0, NULL), *e;
    counts_cache cache = {0};
    size_t index;
    json_array_foreach(json_object_get(json, "entries"), index, e) {
        cached_counts(&cache, json_string_value(json_object_get(e, "data")),
                      json_object_get(e, "qi"));
        double population = number(e, "N");
        lb_population r;
        assert_int_equal(
            lb_population_estimate(cache.counts, cache.count, (uint64_t)population, &r, NULL), 0);
        assert_int_equal(r.sample, (uint64_t)number(e, "n"));
        assert_true(close_to(r.zayatz.share, number(e, "zayatz") / population, 1e-9));
        json_t *pitman = json_object_get(e, "pitman");
        if (json_is_number(pitman) && json_number_value(pitman) <= population) {
            assert_null(r.pitman.why);
            assert_true(close_to(r.pitman.share, json_number_value(pitman) / population, 1e-5));
        }
        json_t *snb = json_object_get(e, "snb_correct");
        if (json_array_size(snb) == 1) {
            json_t *only = json_array_get(snb, 0);
            assert_null(r.snb.why);
            assert_true(close_to(r.snb.share, number(only, "uniques") / population, 1e-6));
            assert_true(close_to(r.snb_classes, number(e, "shlosser_K"), 1e-9));
            assert_true(close_to(r.snb_a, number(only, "alpha"), 1e-5));
            assert_true(close_to(r.snb_b, number(only, "beta"), 1e-5));
        }
    }
    free(cache.counts);
    json_decref(json);
}

static void arx_agrees(void **state) {
    (void)state;
    const char *path = shared_path("reference/arx.jsonl");
    if (!path)
        skip();
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    counts_cache cache = {0};
    char line[4096];
    size_t compared = 0;
    while (fgets(line, sizeof line, file)) {
        json_t *e = json_loads(line, 0, NULL);
        if (json_object_get(e, "population")) {
            cached_counts(&cache, "adult_arx.csv", json_object_get(e, "qi"));
            lb_population r;
            assert_int_equal(lb_population_estimate(cache.counts, cache.count,
                                                    (uint64_t)number(e, "population"), &r, NULL),
                             0);
            json_t *want = json_object_get(e, "population_unique_fraction");
            assert_true(close_to(r.zayatz.share, number(want, "zayatz"), 1e-9));
            if (number(want, "pitman") > 0)
                assert_true(close_to(r.pitman.share, number(want, "pitman"), 1e-3));
            compared++;
        }
        json_decref(e);
    }
    assert_int_equal(compared, 24);
    free(cache.counts);
    fclose(file);
}

/* A population of classes of known sizes, and the expected class sizes of its simple random sample,
 * by the hypergeometric distribution. */
static size_t expected_sample(const lb_class_count *classes, size_t count, double population,
                              double sample, lb_class_count *into) {
    enum { LARGEST = 400 };
    double expected[LARGEST + 1] = {0};
    for (size_t k = 0; k < count; k++) {
        double size = (double)classes[k].size;
        for (double x = 1; x <= size; x++)
            expected[(size_t)x] +=
                classes[k].classes *
                exp(lgamma(size + 1) - lgamma(x + 1) - lgamma(size - x + 1) +
                    lgamma(population - size + 1) - lgamma(sample - x + 1) -
                    lgamma(population - size - sample + x + 1) - lgamma(population + 1) +
                    lgamma(sample + 1) + lgamma(population - sample + 1));
    }
    size_t sizes = 0;
    for (size_t x = 1; x <= LARGEST; x++)
        if (expected[x] > 1e-9)
            into[sizes++] = (lb_class_count){x, expected[x]};
    return sizes;
}

static void a_large_sample_of_a_known_population_gives_its_uniques(void **state) {
    (void)state;
    /* uniques and classes of 2 ... 40 falling as 1 / size^2: 20,000 of 127,852 people are unique */
    lb_class_count classes[40], sample[400];
    double population = 0;
    for (uint64_t i = 1; i <= 40; i++) {
        classes[i - 1] = (lb_class_count){i, floor(20000.0 / (double)(i * i))};
        population += (double)i * classes[i - 1].classes;
    }
    const double fractions[] = {0.2, 0.5, 0.9};
    for (size_t i = 0; i < 3; i++) {
        size_t count = expected_sample(classes, 40, population, fractions[i] * population, sample);
        lb_population r;
        assert_int_equal(lb_population_estimate(sample, count, (uint64_t)population, &r, NULL), 0);
        assert_true(fabs(r.chosen.share * population / 20000 - 1) < 0.2);
    }
}

static void the_whole_population_knows_its_uniques(void **state) {
    (void)state;
    lb_class_count counts[] = {{1, 30}, {2, 20}, {3, 10}, {7, 5}};
    lb_population r;
    assert_int_equal(lb_population_estimate(counts, 4, 135, &r, NULL), 0);
    assert_true(close_to(r.zayatz.share, 30.0 / 135, 1e-12));
    assert_true(close_to(r.snb.share, 30.0 / 135, 1e-9));
    assert_true(close_to(r.chosen.share, 30.0 / 135, 1e-9));
}

/* A million people who come one by one and join a group of size s with a weight of s - alpha, or
 * found one of their own with theta + alpha groups: the process that Pitman's model is of. */
#define CROWD 1000000u

static uint32_t *crowd(double theta, double alpha, uint64_t seed) {
    uint32_t *group = lb_alloc(CROWD, sizeof *group), *size = lb_alloc_zero(CROWD, sizeof *size);
    assert_true(group && size);
    lb_random random = lb_random_keyed(seed, "crowd", 0);
    uint32_t groups = 0;
    for (uint32_t i = 0; i < CROWD; i++) {
        double own = (theta + alpha * groups) / (theta + i);
        uint32_t joined = groups;
        if (lb_random_unit(&random) >= own) /* a random person's group, thinned by alpha */
            do
                joined = group[lb_random_below(&random, i)];
            while (lb_random_unit(&random) * size[joined] < alpha);
        groups += joined == groups;
        group[i] = joined;
        size[joined]++;
    }
    lb_free(size);
    return group;
}

/* Class sizes of the first `sample` people (they are exchangeable); *uniques: of size one. */
static size_t sample_of(const uint32_t *group, uint32_t sample, lb_class_count *counts,
                        double *uniques) {
    uint32_t *size = lb_alloc_zero(CROWD, sizeof *size);
    double *of_size = lb_alloc_zero(CROWD + 1, sizeof *of_size);
    assert_true(size && of_size);
    size_t count = 0;
    for (uint32_t i = 0; i < sample; i++)
        size[group[i]]++;
    for (uint32_t g = 0; g < CROWD; g++)
        of_size[size[g]]++;
    for (uint32_t s = 1; s <= CROWD; s++)
        if (of_size[s] > 0)
            counts[count++] = (lb_class_count){s, of_size[s]};
    *uniques = of_size[1];
    lb_free(size);
    lb_free(of_size);
    return count;
}

/* As the simulation in the shared textbook values shows of another million: at 1 % Zayatz says far
 * more than the truth while Pitman is near it, and with half of all people every model is near. */
static void models_of_a_known_million_err_as_they_are_said_to(void **state) {
    (void)state;
    static const struct { double theta, alpha; } crowds[] = {{2000, 0.5}, {20000, 0.2}, {500, 0.7}};
    static const uint32_t samples[] = {10000, 50000, 100000, 500000};
    lb_class_count *counts = lb_alloc(CROWD, sizeof *counts);
    assert_non_null(counts);
    for (size_t c = 0; c < sizeof crowds / sizeof *crowds; c++) {
        uint32_t *group = crowd(crowds[c].theta, crowds[c].alpha, c);
        double uniques, ignored;
        sample_of(group, CROWD, counts, &uniques);
        double truth = uniques / CROWD;
        for (size_t s = 0; s < sizeof samples / sizeof *samples; s++) {
            lb_population r;
            size_t count = sample_of(group, samples[s], counts, &ignored);
            assert_int_equal(lb_population_estimate(counts, count, CROWD, &r, NULL), 0);
            print_message("%u of a million: truth %.4f, Zayatz %.4f, Pitman %.4f, SNB %.4f\n",
                          samples[s], truth, r.zayatz.share, r.pitman.share, r.snb.share);
            assert_true(close_to(r.pitman.share, truth, s == 0 ? 0.5 : 0.15));
            if (s == 0)
                assert_true(r.zayatz.share > 1.5 * truth && r.zayatz.share > r.pitman.share);
            if (s == 3)
                assert_true(close_to(r.zayatz.share, truth, 0.1));
            if (samples[s] <= CROWD / 10)
                assert_true(close_to(r.chosen.share, truth, s == 0 ? 0.5 : 0.15));
        }
        lb_free(group);
    }
    lb_free(counts);
}

static void dankars_rule_picks_the_model(void **state) {
    (void)state;
    lb_class_count counts[] = {{1, 3000}, {2, 900}, {3, 400}, {4, 300}, {10, 50}};
    lb_population small, large;
    assert_int_equal(lb_population_estimate(counts, 5, 1000000, &small, NULL), 0);
    assert_string_equal(small.model, "pitman");
    assert_true(small.chosen.share == small.pitman.share);
    assert_int_equal(lb_population_estimate(counts, 5, 20000, &large, NULL), 0);
    assert_true(large.chosen.share == fmin(large.zayatz.share, large.snb.share));
}

static void a_sample_without_uniques_is_estimated_at_zero(void **state) {
    (void)state;
    lb_class_count counts[] = {{2, 50}, {9, 3}};
    lb_population r;
    assert_int_equal(lb_population_estimate(counts, 2, 10000, &r, NULL), 0);
    assert_string_equal(r.model, "none");
    assert_true(r.chosen.share == 0 && r.zayatz.share == 0);
    assert_true(isnan(r.snb.share) && r.snb.why != NULL);
}

static void a_model_without_an_answer_says_why(void **state) {
    (void)state;
    lb_class_count unique[] = {{1, 500}}, one[] = {{500, 1}}, single[] = {{1, 1}};
    lb_class_count even[] = {{1, 1}, {2, 1000}};
    const struct {
        const lb_class_count *counts;
        size_t count;
    } cases[] = {{unique, 1}, {one, 1}, {single, 1}, {even, 2}};
    for (size_t i = 0; i < 4; i++) {
        lb_population r;
        assert_int_equal(lb_population_estimate(cases[i].counts, cases[i].count, 100000, &r, NULL),
                         0);
        const lb_population_share *models[] = {&r.zayatz, &r.pitman, &r.snb, &r.chosen};
        for (size_t m = 0; m < 4; m++)
            assert_true((models[m]->why != NULL) == isnan(models[m]->share));
        if (i < 3)
            assert_non_null(r.pitman.why);
        assert_null(r.chosen.why);
    }
    lb_population r;
    assert_int_equal(lb_population_estimate(NULL, 0, 100, &r, NULL), 0);
    assert_non_null(r.chosen.why);
    assert_int_equal(r.sample, 0);
}

static void wrong_input_is_an_error(void **state) {
    (void)state;
    lb_class_count counts[] = {{1, 30}, {2, 20}}, twice[] = {{2, 1}, {2, 1}}, zero[] = {{0, 1}};
    lb_class_count negative[] = {{1, -1}};
    lb_population r;
    lb_error error = {0};
    assert_int_equal(lb_population_estimate(counts, 2, 69, &r, &error), LB_E_USAGE);
    assert_string_equal(error.where, "--population");
    assert_int_equal(lb_population_estimate(twice, 2, 100, &r, &error), LB_E_INPUT);
    assert_int_equal(lb_population_estimate(zero, 1, 100, &r, &error), LB_E_INPUT);
    assert_int_equal(lb_population_estimate(negative, 1, 100, &r, &error), LB_E_INPUT);
}

static void extreme_sizes_stay_finite(void **state) {
    (void)state;
    lb_class_count counts[] = {{1, 5}, {2, 3}, {1000000, 4}, {3000000, 2}};
    const uint64_t populations[] = {10000011, 8000000000, UINT64_C(1) << 62};
    for (size_t i = 0; i < 3; i++) {
        lb_population r;
        assert_int_equal(lb_population_estimate(counts, 4, populations[i], &r, NULL), 0);
        const lb_population_share *models[] = {&r.zayatz, &r.pitman, &r.snb};
        for (size_t m = 0; m < 3; m++)
            assert_true(models[m]->why || (models[m]->share >= 0 && models[m]->share <= 1));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_models_in_python_agree),
        cmocka_unit_test(arx_agrees),
        cmocka_unit_test(a_large_sample_of_a_known_population_gives_its_uniques),
        cmocka_unit_test(the_whole_population_knows_its_uniques),
        cmocka_unit_test(models_of_a_known_million_err_as_they_are_said_to),
        cmocka_unit_test(dankars_rule_picks_the_model),
        cmocka_unit_test(a_sample_without_uniques_is_estimated_at_zero),
        cmocka_unit_test(a_model_without_an_answer_says_why),
        cmocka_unit_test(wrong_input_is_an_error),
        cmocka_unit_test(extreme_sizes_stay_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
