/* The decay of unicity: the curve against all subsets of the units, the prediction against larger
 * corpora, and what must hold of both. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "reference.h"
#include "risk/words/extrapolation.h"
#include "test.h"
#include "token_twin.h"

static lb_extrapolation run(const lb_token_view *view, const lb_extrapolation_options *options) {
    lb_extrapolation result;
    lb_error error = {0};
    if (lb_extrapolation_run(&result, view, options, &error) < 0)
        fail_msg("%s", error.what);
    return result;
}

enum { CROWD_MAX = 12 };

/* One unit's sets in every subset of the crowd that the unit is in. */
typedef struct subset_count {
    const lb_token_view *view;
    uint32_t crowd; /* bits of the units with an n-gram */
    size_t unit;
    double sets, alone[CROWD_MAX + 1], subsets[CROWD_MAX + 1]; /* by size of the subset */
} subset_count;

static void try_subsets(void *context, const uint32_t *set, unsigned count) {
    subset_count *counted = context;
    const lb_incidence *incidence = counted->view->incidence;
    uint32_t users = counted->crowd;
    for (unsigned i = 0; i < count; i++) {
        uint32_t have = 0;
        for (uint64_t j = incidence->offsets[set[i]]; j < incidence->offsets[set[i] + 1]; j++)
            have |= 1u << lb_pair_unit(incidence->units[j]);
        users &= have;
    }
    counted->sets++;
    for (uint32_t subset = 1; subset < 1u << CROWD_MAX; subset++) {
        if ((subset & counted->crowd) != subset || !(subset >> counted->unit & 1))
            continue;
        int size = __builtin_popcount(subset);
        counted->subsets[size]++;
        counted->alone[size] += (users & subset) == 1u << counted->unit;
    }
}

static void the_curve_is_the_mean_over_all_subsets_of_the_units(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        token_corpus *corpus = token_corpus_random(CROWD_MAX, 10, 7, 0.5, seed);
        unsigned p = 1 + (unsigned)(seed % 3);
        lb_extrapolation result =
            run(&corpus->view, &(lb_extrapolation_options){.p = p, .seed = seed});
        uint32_t crowd = 0, grams[16];
        for (size_t u = 0; u < corpus->view.units; u++)
            crowd |= twin_grams(&corpus->view, u, grams) ? 1u << u : 0;
        assert_int_equal(result.units, __builtin_popcount(crowd));
        assert_false(result.fitted);
        for (size_t i = 0; i < LB_EXTRAPOLATION_POINTS; i++) {
            double sum = 0, units = 0;
            for (size_t u = 0; u < corpus->view.units; u++) {
                subset_count counted = {&corpus->view, crowd, u, 0, {0}, {0}};
                twin_sets(&corpus->view, u, p, try_subsets, &counted);
                if (counted.sets > 0) {
                    sum += counted.alone[result.curve[i].units] /
                           counted.subsets[result.curve[i].units];
                    units++;
                }
            }
            assert_int_equal(result.eligible, (uint64_t)units);
            assert_close(result.curve[i].unicity, sum / units, 1e-9, "expected unicity");
        }
        token_corpus_free(corpus);
    }
}

static void the_whole_corpus_has_the_unicity_that_is_reported(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(1500, 3000, 60, 1, 9);
    lb_unicity unicity[LB_UNICITY_SIZES];
    assert_int_equal(lb_unicity_run(unicity, &corpus->view, &(lb_unicity_options){.seed = 4}, NULL),
                     LB_OK);
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
        lb_extrapolation result =
            run(&corpus->view, &(lb_extrapolation_options){.p = unicity[i].p, .seed = 4});
        assert_int_equal(result.measured, unicity[i].units);
        assert_close(result.curve[LB_EXTRAPOLATION_POINTS - 1].unicity, unicity[i].value, 1e-12,
                     "unicity of the whole");
        assert_true(isnan(result.predicted)); /* of how many? */
        assert_true(result.fitted && !isnan(result.half_error));
    }
    token_corpus_free(corpus);
}

static void unicity_decays_and_the_line_goes_through_the_whole(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(800, 3000, 60, 1, 9);
    double before = 1;
    for (uint64_t population = 0; population < 1000000; population = population * 4 + 1) {
        lb_extrapolation result =
            run(&corpus->view,
                &(lb_extrapolation_options){.p = 3, .seed = 1, .population = population});
        for (size_t i = 1; i < LB_EXTRAPOLATION_POINTS; i++)
            assert_true(result.curve[i].unicity <= result.curve[i - 1].unicity);
        if (population == 0) {
            population = result.units / 4;
            continue;
        }
        assert_true(result.predicted <= before + 1e-12);
        assert_true(result.interval.low <= result.predicted);
        assert_true(result.interval.high >= result.predicted);
        before = result.predicted;
    }
    lb_extrapolation same = run(&corpus->view, &(lb_extrapolation_options){.p = 3, .seed = 1});
    same = run(&corpus->view,
               &(lb_extrapolation_options){.p = 3, .seed = 1, .population = same.units});
    assert_close(same.predicted, same.curve[LB_EXTRAPOLATION_POINTS - 1].unicity, 1e-6,
                 "prediction for the corpus itself");
    token_corpus_free(corpus);
}

/* The same language spoken by few and by ten times as many. */
static void a_small_corpus_foretells_a_larger_one(void **state) {
    (void)state;
    token_corpus *small = token_corpus_random(1500, 5000, 100, 1, 1);
    token_corpus *large = token_corpus_random(15000, 5000, 100, 1, 2);
    for (unsigned p = 2; p <= 4; p++) {
        lb_extrapolation from =
            run(&small->view, &(lb_extrapolation_options){.p = p, .population = 15000, .seed = 1});
        lb_extrapolation to = run(&large->view, &(lb_extrapolation_options){.p = p, .seed = 1});
        double truth = to.curve[LB_EXTRAPOLATION_POINTS - 1].unicity;
        print_message(
            "p%u: %.4f of 1,500 users, %.4f [%.4f, %.4f] foretold, %.4f of 15,000, halves "
            "off by %.4f\n",
            p, from.curve[LB_EXTRAPOLATION_POINTS - 1].unicity, from.predicted, from.interval.low,
            from.interval.high, truth, from.half_error);
        assert_true(fabs(from.predicted - truth) < 0.05);
        assert_true(from.half_error < 0.03);
    }
    token_corpus_free(small);
    token_corpus_free(large);
}

static void everyone_or_no_one_unique_stays_so(void **state) {
    (void)state;
    token_corpus *all = token_corpus_random(200, 1000000, 20, 0, 1);
    token_corpus *some = token_corpus_random(100, 200, 30, 0.5, 5);
    token_corpus *none = twin_doubled(&some->view);
    lb_extrapolation_options options = {.p = 3, .population = 10000, .seed = 1};
    lb_extrapolation result = run(&all->view, &options);
    assert_true(result.fitted && result.predicted > 0.99);
    result = run(&none->view, &options);
    assert_true(result.fitted && result.predicted < 0.01);
    token_corpus_free(all);
    token_corpus_free(some);
    token_corpus_free(none);
}

static void threads_and_memory_change_no_bit(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(700, 3000, 60, 1, 9);
    lb_extrapolation_options options = {.p = 4, .population = 5000, .seed = 1, .threads = 1};
    lb_extrapolation one = run(&corpus->view, &options);
    options.memory = 10000;
    for (options.threads = 2; options.threads <= 5; options.threads += 3) {
        lb_extrapolation other = run(&corpus->view, &options);
        assert_memory_equal(&one.predicted, &other.predicted, sizeof one.predicted);
        assert_memory_equal(&one.interval, &other.interval, sizeof one.interval);
        assert_memory_equal(&one.half_error, &other.half_error, sizeof one.half_error);
        assert_memory_equal(&one.curve, &other.curve, sizeof one.curve);
    }
    token_corpus_free(corpus);
}

static void too_few_units_are_not_extrapolated(void **state) {
    (void)state;
    for (size_t users = 0; users <= 30; users += 6) {
        token_corpus *corpus = token_corpus_random(users, 10, users > 6 ? 20 : 0, 1, 1);
        lb_extrapolation result =
            run(&corpus->view, &(lb_extrapolation_options){.p = 2, .population = 100});
        assert_false(result.fitted);
        assert_true(isnan(result.predicted) && isnan(result.half_error));
        token_corpus_free(corpus);
    }
}

static void a_lack_of_memory_is_reported(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(90, 60, 10, 0.7, 1);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_extrapolation result;
        lb_memory_fail_after(n);
        status = lb_extrapolation_run(
            &result, &corpus->view,
            &(lb_extrapolation_options){.p = 2, .threads = 2, .population = 100}, NULL);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
    }
    token_corpus_free(corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_is_the_mean_over_all_subsets_of_the_units),
        cmocka_unit_test(the_whole_corpus_has_the_unicity_that_is_reported),
        cmocka_unit_test(unicity_decays_and_the_line_goes_through_the_whole),
        cmocka_unit_test(a_small_corpus_foretells_a_larger_one),
        cmocka_unit_test(everyone_or_no_one_unique_stays_so),
        cmocka_unit_test(threads_and_memory_change_no_bit),
        cmocka_unit_test(too_few_units_are_not_extrapolated),
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
