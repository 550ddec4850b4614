#include "test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/interval.h"
#include "base/random.h"

static void clopper_pearson_inverts_the_binomial_tails(void **state) {
    (void)state;
    const struct {
        uint64_t x, n;
    } cases[] = {{1, 10}, {5, 10}, {9, 10}, {37, 576}, {300, 18626}, {1, 1000000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned x = (unsigned)cases[i].x, n = (unsigned)cases[i].n;
        lb_interval interval = lb_interval_clopper_pearson(x, n, 0.95);
        assert_true(fabs(gsl_cdf_binomial_Q(x - 1, interval.low, n) - 0.025) < 1e-9);
        assert_true(fabs(gsl_cdf_binomial_P(x, interval.high, n) - 0.025) < 1e-9);
    }
}

static void clopper_pearson_is_one_sided_at_the_ends(void **state) {
    (void)state;
    lb_interval none = lb_interval_clopper_pearson(0, 33, 0.95),
                all = lb_interval_clopper_pearson(33, 33, 0.95);
    assert_true(none.low == 0 && fabs(none.high - (1 - pow(0.025, 1 / 33.0))) < 1e-12);
    assert_true(all.high == 1 && fabs(all.low - pow(0.025, 1 / 33.0)) < 1e-12);
    lb_interval nothing = lb_interval_clopper_pearson(0, 0, 0.95);
    assert_true(nothing.low == 0 && nothing.high == 1);
}

static void wilson_solves_its_equation(void **state) {
    (void)state;
    double z = gsl_cdf_ugaussian_Qinv(0.025), n = 40, p = 7 / 40.0;
    lb_interval interval = lb_interval_wilson(7, 40, 0.95);
    double ends[] = {interval.low, interval.high};
    for (int i = 0; i < 2; i++)
        assert_true(fabs(fabs(p - ends[i]) - z * sqrt(ends[i] * (1 - ends[i]) / n)) < 1e-12);
}

static void the_bootstrap_of_a_mean_has_the_width_of_theory(void **state) {
    (void)state;
    enum { COUNT = 400 };
    double values[COUNT];
    uint64_t keys[COUNT];
    lb_random random = lb_random_keyed(5, "values", 0);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = lb_random_unit(&random);
        keys[i] = i;
        sum += values[i];
        squares += values[i] * values[i];
    }
    double mean = sum / COUNT, sd = sqrt(squares / COUNT - mean * mean) / sqrt(COUNT);
    lb_interval interval = lb_interval_bootstrap_mean(values, keys, COUNT, 1, "test", 1000, 0.95);
    assert_true(interval.low < mean && mean < interval.high);
    assert_true(fabs((interval.high - interval.low) / (2 * 1.96 * sd) - 1) < 0.12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clopper_pearson_inverts_the_binomial_tails),
        cmocka_unit_test(clopper_pearson_is_one_sided_at_the_ends),
        cmocka_unit_test(wilson_solves_its_equation),
        cmocka_unit_test(the_bootstrap_of_a_mean_has_the_width_of_theory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
