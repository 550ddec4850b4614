/* The generative estimate: the normal probabilities against closed forms, the fit against samples
 * of known copulas, the prediction against populations whose uniqueness is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "risk/population/copula.h"
#include "risk/population/copula_normal.h"
#include "table_fixture.h"

static const double PI = 3.14159265358979323846;

/* --- the normal distribution --- */

static double pair_below(double h, double k, double rho) {
    gsl_integration_glfixed_table *rule =
        gsl_integration_glfixed_table_alloc(LB_NORMAL_PAIR_POINTS);
    double share = lb_normal_pair_below(h, k, rho, rule);
    gsl_integration_glfixed_table_free(rule);
    return share;
}

static void pairs_agree_with_closed_forms(void **state) {
    (void)state;
    for (double rho = -0.98; rho < 0.99; rho += 0.14) {
        double quadrant = 0.25 + asin(rho) / (2 * PI);
        assert_true(fabs(pair_below(0, 0, rho) - quadrant) < 1e-8);
        assert_true(fabs(pair_below(INFINITY, 0, rho) - 0.5) < 1e-15);
        assert_true(pair_below(-INFINITY, 1, rho) == 0);
        /* P(X < h, Y < k) + P(X < h, Y > k) = P(X < h) */
        double h = 0.7, k = -1.1, whole = 0.5 * erfc(-h / sqrt(2));
        double parts = pair_below(h, k, rho) + pair_below(h, -k, -rho);
        assert_true(fabs(parts - whole) < 1e-8);
    }
    assert_true(fabs(pair_below(1, -0.5, 0) - 0.8413447460685429 * 0.3085375387259869) < 1e-12);
}

static double box(const double *correlation, size_t n, const double *low, const double *high,
                  double *error) {
    double work[8 * 13];
    lb_normal_box side = {n, correlation, low, high};
    return lb_normal_box_probability(&side, 2000, 4, 7, error, work);
}

static void boxes_agree_with_closed_forms(void **state) {
    (void)state;
    const double none[3] = {-INFINITY, -INFINITY, -INFINITY}, zero[3] = {0, 0, 0};
    const double three[9] = {1, 0.5, 0.3, 0.5, 1, -0.2, 0.3, -0.2, 1};
    double orthant = 0.125 + (asin(0.5) + asin(0.3) + asin(-0.2)) / (4 * PI), error;
    assert_true(fabs(box(three, 3, none, zero, &error) - orthant) < 2e-4);
    assert_true(error < 2e-4);
    const double two[4] = {1, -0.7, -0.7, 1}, low[2] = {0.5, -2}, high[2] = {0.9, INFINITY};
    double wanted = pair_below(0.9, INFINITY, -0.7) - pair_below(0.5, INFINITY, -0.7) -
                    pair_below(0.9, -2, -0.7) + pair_below(0.5, -2, -0.7);
    assert_true(fabs(box(two, 2, low, high, NULL) / wanted - 1) < 1e-3);
    const double one[1] = {1}, far_low[1] = {9}, far_high[1] = {INFINITY};
    double tail = 0.5 * erfc(9 / sqrt(2));
    assert_true(fabs(box(one, 1, far_low, far_high, NULL) / tail - 1) < 1e-12);
}

static void many_independent_sides_give_their_product(void **state) {
    (void)state;
    double identity[64] = {0}, low[8], high[8], wanted = 1;
    for (size_t i = 0; i < 8; i++) {
        identity[i * 9] = 1;
        low[i] = -1 + 0.2 * (double)i;
        high[i] = low[i] + 0.3;
        wanted *= 0.5 * (erfc(-high[i] / sqrt(2)) - erfc(-low[i] / sqrt(2)));
    }
    assert_true(fabs(box(identity, 8, low, high, NULL) / wanted - 1) < 1e-9);
}

static void a_matrix_that_is_no_correlation_becomes_one(void **state) {
    (void)state;
    double bad[9] = {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1}, work[21];
    double good[9] = {1, 0.5, 0.2, 0.5, 1, 0.1, 0.2, 0.1, 1}, same[9];
    memcpy(same, good, sizeof same);
    assert_int_equal(lb_normal_nearest_correlation(good, 3, 0.01, work, NULL), 0);
    assert_memory_equal(good, same, sizeof good);
    assert_int_equal(lb_normal_nearest_correlation(bad, 3, 0.01, work, NULL), 0);
    double determinant =
        1 + 2 * bad[1] * bad[2] * bad[5] - bad[1] * bad[1] - bad[2] * bad[2] - bad[5] * bad[5];
    assert_true(determinant > 0);
    for (size_t i = 0; i < 9; i++) {
        assert_true(fabs(bad[i]) <= 1);
        assert_true(fabs(bad[i] - bad[i % 3 * 3 + i / 3]) < 1e-12);
    }
}

/* --- the fit and the prediction --- */

/* Records of columns cut from normals with one common factor: every pair correlates by
 * loading^2. */
static uint32_t *draw_records(size_t records, size_t columns, uint32_t values, double loading,
                              uint64_t seed) {
    uint32_t *codes = malloc(records * columns * sizeof *codes);
    lb_random random = lb_random_keyed(seed, "test_copula", 0);
    for (size_t r = 0; r < records; r++) {
        double factor = lb_random_normal(&random);
        for (size_t c = 0; c < columns; c++) {
            double z = loading * factor + sqrt(1 - loading * loading) * lb_random_normal(&random);
            double share = 0.5 * erfc(-z / sqrt(2));
            codes[r * columns + c] = 1 + (uint32_t)fmin(share * values, values - 1);
        }
    }
    return codes;
}

static table_fixture *draw_table(size_t records, size_t columns, uint32_t values, double loading) {
    uint32_t *codes = draw_records(records, columns, values, loading, 1);
    table_fixture *f = table_fixture_codes(codes, records, columns, 0, NULL);
    free(codes);
    return f;
}

static lb_copula_options usual(uint64_t population) {
    return (lb_copula_options){.population = population, .seed = 1, .threads = 2};
}

static void correlations_of_a_normal_sample_are_found(void **state) {
    (void)state;
    const double loadings[] = {0, 0.6, 0.8};
    for (size_t i = 0; i < 3; i++) {
        table_fixture *f = draw_table(4000, 4, 12, loadings[i]);
        lb_copula_options options = usual(100000);
        lb_copula_result r;
        assert_int_equal(lb_copula_run(&f->table, &options, &r, NULL), 0);
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < a; b++)
                assert_true(fabs(fabs(r.correlation[a * 4 + b]) - loadings[i] * loadings[i]) <
                            0.07);
        lb_copula_free(&r);
        table_fixture_free(f);
    }
}

static double unique_share(const uint32_t *codes, size_t records, size_t columns) {
    table_fixture *f = table_fixture_codes(codes, records, columns, 0, NULL);
    size_t unique = 0;
    for (size_t r = 0; r < f->table.rows; r++) {
        bool same[2] = {r > 0, r + 1 < f->table.rows};
        for (size_t c = 0; c < columns; c++) {
            const uint32_t *column = f->table.quasi_identifiers[c].codes;
            same[0] = same[0] && column[r] == column[r - 1];
            same[1] = same[1] && column[r] == column[r + 1];
        }
        unique += !same[0] && !same[1]; /* rows of equal values are neighbours */
    }
    table_fixture_free(f);
    return (double)unique / (double)records;
}

static void uniqueness_of_a_known_population_is_predicted(void **state) {
    (void)state;
    enum { POPULATION = 40000, SAMPLE = 1600, COLUMNS = 4 };
    const double loadings[] = {0, 0.5, 0.8};
    for (size_t i = 0; i < 3; i++) {
        uint32_t *codes = draw_records(POPULATION, COLUMNS, 14, loadings[i], 5);
        double truth = unique_share(codes, POPULATION, COLUMNS);
        table_fixture *f = table_fixture_codes(codes, SAMPLE, COLUMNS, 0, NULL);
        lb_copula_options options = usual(POPULATION);
        lb_copula_result r;
        assert_int_equal(lb_copula_run(&f->table, &options, &r, NULL), 0);
        assert_true(fabs(r.plain.unique_share - truth) < 0.05);
        assert_true(fabs(r.calibrated.unique_share - truth) < 0.05);
        assert_true(r.calibrated.xi_mean >= r.calibrated.unique_share);
        assert_true(r.relative_error < 0.05);
        lb_copula_free(&r);
        table_fixture_free(f);
        free(codes);
    }
}

static void uniqueness_of_adult_is_predicted_from_a_tenth(void **state) {
    (void)state;
    const char *path = shared_path("reference/data/adult_arx_subset.csv");
    if (!path)
        skip();
    const char *const columns[] = {
        "sex",       "age",        "race", "marital-status", "education", "native-country",
        "workclass", "occupation", NULL};
    table_fixture *f = table_fixture_file(path, &(table_roles){.quasi_identifiers = columns});
    lb_copula_options options = usual(30162);
    lb_copula_result r;
    assert_int_equal(lb_copula_run(&f->table, &options, &r, NULL), 0);
    double truth = 14021.0 / 30162; /* unique in adult_arx.csv (textbook.json) */
    assert_true(fabs(r.calibrated.unique_share - truth) < 0.05);
    assert_true(fabs(r.plain.unique_share - truth) < 0.15);
    lb_copula_free(&r);
    table_fixture_free(f);
}

/* --- edges --- */

static void a_traveller_is_as_unique_as_the_least_common_row(void **state) {
    (void)state;
    enum { RECORDS = 200 };
    uint32_t codes[2 * RECORDS], keys[RECORDS];
    for (uint32_t r = 0; r < RECORDS; r++) {
        codes[2 * r] = 1 + r % 3;
        codes[2 * r + 1] = 1 + r % 2;
        keys[r] = r;
    }
    codes[0] = 9; /* record 0 is alone; record 2, with a common combination, is the same person */
    keys[2] = keys[0];
    table_fixture *f = table_fixture_codes(codes, RECORDS, 2, 0, keys);
    lb_copula_options options = usual(5000);
    lb_copula_result r;
    assert_int_equal(lb_copula_run(&f->table, &options, &r, NULL), 0);
    assert_int_equal(r.evaluated, RECORDS - 1);
    for (size_t u = 0; u < r.units; u++)
        assert_true(u == f->units[0] || r.xi[u] < r.xi[f->units[0]]);
    lb_copula_free(&r);
    table_fixture_free(f);
}

static void degenerate_tables_have_an_answer_or_none(void **state) {
    (void)state;
    uint32_t codes[100];
    for (uint32_t i = 0; i < 100; i++)
        codes[i] = 1 + i / 2;
    const struct {
        size_t records, columns;
        bool any;
    } cases[] = {{0, 2, false}, {1, 2, true}, {1, 0, false}, {50, 2, true}, {100, 1, true}};
    for (size_t i = 0; i < 5; i++) {
        table_fixture *f = table_fixture_codes(codes, cases[i].records, cases[i].columns, 0, NULL);
        const uint64_t populations[] = {f->table.units, 1000};
        for (size_t p = 0; p < 2; p++) {
            lb_copula_options options = usual(populations[p]);
            lb_copula_result r;
            assert_int_equal(lb_copula_run(&f->table, &options, &r, NULL), 0);
            assert_int_equal(r.evaluated, cases[i].any ? r.units : 0);
            assert_true(isfinite(r.calibrated.unique_share) == cases[i].any);
            if (cases[i].any) {
                assert_true(r.calibrated.xi_mean > 0 && r.calibrated.xi_mean <= 1);
                assert_true(r.plain.unique_share >= 0 && r.plain.unique_share <= 1);
            }
            lb_copula_free(&r);
        }
        table_fixture_free(f);
    }
}

static void equal_people_are_one_in_the_population(void **state) {
    (void)state;
    uint32_t codes[20];
    for (size_t i = 0; i < 20; i++)
        codes[i] = 1;
    table_fixture *f = table_fixture_codes(codes, 10, 2, 0, NULL);
    lb_copula_options options = usual(1000);
    lb_copula_result r;
    assert_int_equal(lb_copula_run(&f->table, &options, &r, NULL), 0);
    assert_true(r.calibrated.unique_share == 0);
    assert_true(fabs(r.calibrated.xi_mean - 0.001) < 1e-9);
    lb_copula_free(&r);
    table_fixture_free(f);
}

static void beyond_the_limit_a_keyed_draw_is_evaluated(void **state) {
    (void)state;
    table_fixture *f = draw_table(3000, 4, 14, 0.5);
    lb_copula_options options = usual(60000);
    lb_copula_result whole, part;
    assert_int_equal(lb_copula_run(&f->table, &options, &whole, NULL), 0);
    options.tuples = 500;
    assert_int_equal(lb_copula_run(&f->table, &options, &part, NULL), 0);
    assert_int_equal(whole.evaluated, 3000);
    assert_true(part.evaluated >= 500 && part.evaluated < 1500);
    size_t finite = 0;
    for (size_t u = 0; u < part.units; u++)
        finite += isfinite(part.xi[u]) ? 1 : 0;
    assert_int_equal(finite, part.evaluated);
    assert_true(fabs(part.plain.unique_share - whole.plain.unique_share) < 0.08);
    lb_copula_free(&whole);
    lb_copula_free(&part);
    table_fixture_free(f);
}

static void threads_change_no_bit(void **state) {
    (void)state;
    table_fixture *f = draw_table(700, 5, 6, 0.6);
    lb_copula_options options = usual(20000);
    lb_copula_result one, three;
    options.threads = 1;
    assert_int_equal(lb_copula_run(&f->table, &options, &one, NULL), 0);
    options.threads = 3;
    assert_int_equal(lb_copula_run(&f->table, &options, &three, NULL), 0);
    assert_memory_equal(one.xi, three.xi, one.units * sizeof *one.xi);
    assert_memory_equal(one.correlation, three.correlation, 25 * sizeof(double));
    assert_memory_equal(&one.calibrated, &three.calibrated, sizeof one.calibrated);
    lb_copula_free(&one);
    lb_copula_free(&three);
    table_fixture_free(f);
}

static void wrong_options_are_usage_errors(void **state) {
    (void)state;
    table_fixture *f = draw_table(20, 3, 4, 0.5);
    lb_copula_options options = usual(19);
    lb_copula_result r;
    lb_error error = {0};
    assert_int_equal(lb_copula_run(&f->table, &options, &r, &error), LB_E_USAGE);
    assert_string_equal(error.where, "--population");
    lb_copula_free(&r);
    table_fixture_free(f);
    f = draw_table(5, LB_COPULA_COLUMNS_MAX + 1, 4, 0.5);
    options.population = 100;
    assert_int_equal(lb_copula_run(&f->table, &options, &r, &error), LB_E_USAGE);
    lb_copula_free(&r);
    table_fixture_free(f);
}

static void lack_of_memory_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    table_fixture *f = draw_table(50, 3, 4, 0.5);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status != LB_OK; n++) {
        lb_copula_options options = usual(1000);
        lb_copula_result r;
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_copula_run(&f->table, &options, &r, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
        assert_int_equal(status, error.code);
        lb_copula_free(&r);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_agree_with_closed_forms),
        cmocka_unit_test(boxes_agree_with_closed_forms),
        cmocka_unit_test(many_independent_sides_give_their_product),
        cmocka_unit_test(a_matrix_that_is_no_correlation_becomes_one),
        cmocka_unit_test(correlations_of_a_normal_sample_are_found),
        cmocka_unit_test(uniqueness_of_a_known_population_is_predicted),
        cmocka_unit_test(uniqueness_of_adult_is_predicted_from_a_tenth),
        cmocka_unit_test(a_traveller_is_as_unique_as_the_least_common_row),
        cmocka_unit_test(degenerate_tables_have_an_answer_or_none),
        cmocka_unit_test(equal_people_are_one_in_the_population),
        cmocka_unit_test(beyond_the_limit_a_keyed_draw_is_evaluated),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(wrong_options_are_usage_errors),
        cmocka_unit_test(lack_of_memory_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
