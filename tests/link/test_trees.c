#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "link/fusion/logistic.h"
#include "link/fusion/trees.h"

static void assert_near(double value, double expected, double tolerance) {
    assert_true(fabs(value - expected) <= tolerance);
}

enum { ROWS = 4000, WIDTH = 5 };
static float features[ROWS * WIDTH], labels[ROWS], weights[ROWS];

static double probability(double odds) {
    return 1 / (1 + exp(-odds));
}

/* Right with 0.9 where exactly one of the first two features is positive, else with 0.1: no single
 * feature tells anything. */
static lb_examples exclusive_or(uint64_t seed) {
    lb_random random = lb_random_keyed(seed, "trees", 0);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t f = 0; f < WIDTH; f++)
            features[r * WIDTH + f] = (float)lb_random_normal(&random);
        bool odd = (features[r * WIDTH] > 0) != (features[r * WIDTH + 1] > 0);
        labels[r] = lb_random_unit(&random) < (odd ? 0.9 : 0.1) ? 1 : 0;
        weights[r] = 1;
    }
    return (lb_examples){ROWS, WIDTH, features, labels, weights};
}

static void trees_learn_what_no_single_feature_tells(void **state) {
    (void)state;
    lb_examples examples = exclusive_or(1);
    lb_trees_options options = lb_trees_defaults();
    options.feature_share = 1;
    lb_trees *trees;
    assert_int_equal(lb_trees_train(&trees, &examples, &options, NULL), 0);
    double worst = 0;
    for (int a = -1; a <= 1; a += 2)
        for (int b = -1; b <= 1; b += 2) {
            const float row[WIDTH] = {(float)a, (float)b, 0, 0, 0};
            double said = probability(lb_trees_log_odds(trees, row));
            worst = fmax(worst, fabs(said - (a != b ? 0.9 : 0.1)));
        }
    assert_true(worst < 0.15);
    lb_trees_free(trees);
}

static void the_same_examples_and_seed_give_the_same_trees(void **state) {
    (void)state;
    lb_examples examples = exclusive_or(2);
    lb_trees_options options = lb_trees_defaults();
    options.trees = 10;
    lb_trees *one, *two;
    assert_int_equal(lb_trees_train(&one, &examples, &options, NULL), 0);
    assert_int_equal(lb_trees_train(&two, &examples, &options, NULL), 0);
    for (size_t r = 0; r < ROWS; r++)
        assert_true(lb_trees_log_odds(one, features + r * WIDTH) ==
                    lb_trees_log_odds(two, features + r * WIDTH));
    lb_trees_free(one);
    lb_trees_free(two);
}

static void without_examples_or_with_equal_ones_trees_say_the_base_rate(void **state) {
    (void)state;
    lb_trees *trees;
    lb_trees_options options = lb_trees_defaults();
    lb_examples none = {0, WIDTH, features, labels, weights};
    assert_int_equal(lb_trees_train(&trees, &none, &options, NULL), 0);
    assert_near(probability(lb_trees_log_odds(trees, features)), 0.5, 1e-9);
    lb_trees_free(trees);
    for (size_t r = 0; r < 1000; r++) {
        for (size_t f = 0; f < WIDTH; f++)
            features[r * WIDTH + f] = 3;
        labels[r] = r % 4 == 0;
        weights[r] = 1;
    }
    lb_examples equal = {1000, WIDTH, features, labels, weights};
    assert_int_equal(lb_trees_train(&trees, &equal, &options, NULL), 0);
    assert_near(probability(lb_trees_log_odds(trees, features)), 0.25, 0.01);
    lb_trees_free(trees);
}

static void a_weight_of_two_is_as_good_as_two_examples(void **state) {
    (void)state;
    lb_examples examples = exclusive_or(3);
    const double prior[WIDTH] = {0};
    examples.rows = 100;
    for (size_t r = 0; r < 50; r++) {
        weights[r] = 2;
        for (size_t f = 0; f < WIDTH; f++)
            features[(r + 50) * WIDTH + f] = features[r * WIDTH + f];
        labels[r + 50] = labels[r];
        weights[r + 50] = 1;
    }
    lb_examples half = examples;
    half.rows = 50;
    lb_logistic heavy = lb_logistic_fit(&half, prior, 1);
    for (size_t r = 0; r < 50; r++)
        weights[r] = 1;
    lb_logistic twice = lb_logistic_fit(&examples, prior, 1);
    for (size_t f = 0; f <= WIDTH; f++)
        assert_near(heavy.weights[f], twice.weights[f], 1e-6);
}

static void logistic_regression_finds_the_odds_it_was_drawn_with(void **state) {
    (void)state;
    lb_examples examples = exclusive_or(4);
    const double truth[WIDTH + 1] = {1, -2, 0.5, 0, 0, -1}, prior[WIDTH] = {0};
    lb_random random = lb_random_keyed(5, "logistic", 0);
    for (size_t r = 0; r < ROWS; r++) {
        double odds = truth[WIDTH];
        for (size_t f = 0; f < WIDTH; f++)
            odds += truth[f] * (double)features[r * WIDTH + f];
        labels[r] = lb_random_unit(&random) < probability(odds) ? 1 : 0;
    }
    lb_logistic model = lb_logistic_fit(&examples, prior, 1e-3);
    for (size_t f = 0; f <= WIDTH; f++)
        assert_true(fabs(model.weights[f] - truth[f]) < 0.2);
    examples.rows = 0;
    model = lb_logistic_fit(&examples, truth, 1);
    for (size_t f = 0; f < WIDTH; f++)
        assert_near(model.weights[f], truth[f], 1e-12);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    lb_examples examples = exclusive_or(6);
    lb_trees_options options = lb_trees_defaults();
    options.trees = 1;
    lb_trees *trees = NULL;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_memory_fail_after(n);
        status = lb_trees_train(&trees, &examples, &options, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !trees));
    }
    lb_trees_free(trees);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_learn_what_no_single_feature_tells),
        cmocka_unit_test(the_same_examples_and_seed_give_the_same_trees),
        cmocka_unit_test(without_examples_or_with_equal_ones_trees_say_the_base_rate),
        cmocka_unit_test(a_weight_of_two_is_as_good_as_two_examples),
        cmocka_unit_test(logistic_regression_finds_the_odds_it_was_drawn_with),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
