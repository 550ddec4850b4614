#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "link/evaluation.h"

static void assert_near(double value, double expected, double tolerance) {
    assert_true(fabs(value - expected) <= tolerance);
}

static lb_evaluation evaluate(const lb_outcome *outcomes, size_t count, size_t gallery) {
    lb_evaluation figures;
    assert_int_equal(lb_evaluation_run(outcomes, count, gallery, 1, &figures, NULL), 0);
    return figures;
}

static void the_figures_of_four_queries_are_those_computed_by_hand(void **state) {
    (void)state;
    const lb_outcome outcomes[] = {
        {1, 1, 0.9, 0.2}, {2, 1, 0.6, 0.7}, {3, 2, 0.8, 0.1}, {4, 20, 0.3, 0.3}};
    lb_evaluation f = evaluate(outcomes, 4, 101);
    assert_near(f.top1.value, 0.5, 1e-12);
    assert_near(f.top5.value, 0.75, 1e-12);
    assert_near(f.top10.value, 0.75, 1e-12);
    assert_near(f.mrr.value, (1 + 1 + 0.5 + 0.05) / 4, 1e-12);
    assert_near(f.auc.value, (1 + 1 + 0.99 + 0.81) / 4, 1e-12);
    assert_near(f.chance, 1 / 101.0, 1e-12);
    /* 0.9 right, 0.8 wrong, 0.7 false (control), 0.6 right: two of four. */
    assert_near(f.recall_p50.value, 0.5, 1e-12);
    assert_near(f.recall_p90.value, 0.25, 1e-12);
    assert_near(f.recall_p99.value, 0.25, 1e-12);
    assert_near(f.advantage.value, (0.5 - 0.25) / (1 - 0.25), 1e-12);
    assert_true(f.top1.low < 0.5 && f.top1.high > 0.5);
    assert_true(f.mrr.low <= f.mrr.value && f.mrr.high >= f.mrr.value);
}

/* Recall at a precision by trying every threshold. */
static double recall_by_force(const lb_outcome *outcomes, size_t count, double precision) {
    double best = 0;
    for (size_t t = 0; t < 2 * count; t++) {
        double threshold = t < count ? outcomes[t].probability : outcomes[t - count].control;
        double given = 0, right = 0;
        for (size_t i = 0; i < count; i++) {
            given += (outcomes[i].probability >= threshold) + (outcomes[i].control >= threshold);
            right += outcomes[i].probability >= threshold && outcomes[i].rank == 1;
        }
        if (right >= precision * given && right / (double)count > best)
            best = right / (double)count;
    }
    return best;
}

static void recall_is_that_of_the_best_threshold_with_ties_kept_together(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        lb_random random = lb_random_keyed(seed, "evaluation", 0);
        lb_outcome outcomes[60];
        for (size_t i = 0; i < 60; i++) {
            double p = (double)lb_random_below(&random, 12) / 12;
            outcomes[i] = (lb_outcome){.key = lb_random_next(&random),
                                       .rank = lb_random_unit(&random) < p ? 1 : 3,
                                       .probability = p,
                                       .control = (double)lb_random_below(&random, 9) / 12};
        }
        lb_evaluation f = evaluate(outcomes, 60, 1000);
        assert_near(f.recall_p50.value, recall_by_force(outcomes, 60, 0.5), 1e-12);
        assert_near(f.recall_p90.value, recall_by_force(outcomes, 60, 0.9), 1e-12);
        assert_near(f.recall_p99.value, recall_by_force(outcomes, 60, 0.99), 1e-12);
        assert_true(f.recall_p50.low <= f.recall_p50.high);
        for (size_t p = 1; p < f.point_count; p++)
            assert_true(f.points[p].recall > f.points[p - 1].recall);
    }
}

static void a_score_that_is_no_number_is_an_error_and_never_a_rank(void **state) {
    (void)state;
    lb_evaluation figures;
    const lb_outcome wrong[] = {{1, 1, NAN, 0}, {1, 1, 0, INFINITY}, {1, 0, 0.5, 0.5}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(lb_evaluation_run(&wrong[i], 1, 10, 1, &figures, NULL), LB_E_INPUT);
}

static void nobody_to_judge_gives_empty_figures(void **state) {
    (void)state;
    lb_evaluation f = evaluate(NULL, 0, 0);
    assert_int_equal(f.queries, 0);
    assert_near(f.top1.low, 0, 0);
    assert_near(f.top1.high, 1, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_of_four_queries_are_those_computed_by_hand),
        cmocka_unit_test(recall_is_that_of_the_best_threshold_with_ties_kept_together),
        cmocka_unit_test(a_score_that_is_no_number_is_an_error_and_never_a_rank),
        cmocka_unit_test(nobody_to_judge_gives_empty_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
