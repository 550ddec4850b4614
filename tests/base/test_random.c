#include "test.h"

#include <math.h>

#include "base/random.h"

static void draws_depend_on_all_parts_of_the_key_and_on_nothing_else(void **state) {
    (void)state;
    lb_random a = lb_random_keyed(1, "x", 2), same = lb_random_keyed(1, "x", 2);
    lb_random others[] = {lb_random_keyed(2, "x", 2), lb_random_keyed(1, "y", 2),
                          lb_random_keyed(1, "x", 3)};
    uint64_t first = lb_random_next(&a);
    assert_true(first == lb_random_next(&same));
    for (size_t i = 0; i < 3; i++)
        assert_true(first != lb_random_next(&others[i]));
}

static void numbers_below_a_bound_are_uniform(void **state) {
    (void)state;
    enum { BOUND = 7, DRAWS = 70000 };
    lb_random random = lb_random_keyed(1, "uniform", 0);
    unsigned counts[BOUND] = {0};
    for (int i = 0; i < DRAWS; i++)
        counts[lb_random_below(&random, BOUND)]++;
    double chi = 0, expected = (double)DRAWS / BOUND;
    for (int i = 0; i < BOUND; i++)
        chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    assert_true(chi < 22.5); /* 0.999 quantile of chi-squared with 6 degrees of freedom */
    for (int i = 0; i < 100; i++)
        assert_int_equal(lb_random_below(&random, 1), 0);
}

static void normal_numbers_have_mean_zero_and_variance_one(void **state) {
    (void)state;
    enum { DRAWS = 100000 };
    lb_random random = lb_random_keyed(1, "normal", 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = lb_random_normal(&random);
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / DRAWS) < 0.015);
    assert_true(fabs(squares / DRAWS - 1) < 0.02);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_depend_on_all_parts_of_the_key_and_on_nothing_else),
        cmocka_unit_test(numbers_below_a_bound_are_uniform),
        cmocka_unit_test(normal_numbers_have_mean_zero_and_variance_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
