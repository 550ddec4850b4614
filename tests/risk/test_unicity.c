/* Unicity against every set of every unit's n-grams, against what an independent program found in
 * real chats, and against what must hold of any corpus. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "reference.h"
#include "risk/words/unicity.h"
#include "test.h"
#include "token_twin.h"

static const lb_unicity_options plain = {.threads = 1, .seed = 1};

static void run(lb_unicity *results, const lb_token_view *view, const lb_unicity_options *options) {
    lb_error error = {0};
    if (lb_unicity_run(results, view, options, &error) < 0)
        fail_msg("%s", error.what);
}

typedef struct unique_sets {
    const lb_token_view *view;
    uint64_t sets, unique;
} unique_sets;

static void count_unique(void *context, const uint32_t *set, unsigned count) {
    unique_sets *counted = context;
    counted->sets++;
    counted->unique += twin_users(counted->view, set, count) == 1;
}

static double exact_unicity(const lb_token_view *view, unsigned p, uint64_t *units) {
    double sum = 0;
    *units = 0;
    for (size_t u = 0; u < view->units; u++) {
        unique_sets counted = {.view = view};
        twin_sets(view, u, p, count_unique, &counted);
        if (counted.sets > 0) {
            sum += (double)counted.unique / (double)counted.sets;
            ++*units;
        }
    }
    return *units ? sum / (double)*units : NAN;
}

static void small_corpora_are_measured_exactly(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 15; seed++) {
        token_corpus *corpus = token_corpus_random(10 + seed * 3, 20, 9, 0.7, seed);
        lb_unicity results[LB_UNICITY_SIZES];
        run(results, &corpus->view, &plain);
        for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
            uint64_t units;
            double exact = exact_unicity(&corpus->view, results[i].p, &units);
            assert_int_equal(results[i].p, LB_UNICITY_MIN + i);
            assert_int_equal(results[i].units, units);
            if (units > 0)
                assert_close(results[i].value, exact, 1e-12, "unicity");
        }
        token_corpus_free(corpus);
    }
}

/* 0.0125 is more than four standard errors of 38,415 draws. */
static void random_draws_come_close_to_all_sets(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        token_corpus *corpus = token_corpus_random(120, 60, 24, 0.6, seed);
        lb_unicity results[LB_UNICITY_SIZES];
        run(results, &corpus->view, &plain);
        for (unsigned i = 0; i < 3; i++) {
            uint64_t units;
            double exact = exact_unicity(&corpus->view, results[i].p, &units);
            assert_true((double)results[i].draws * (double)units >= 38415);
            assert_true(fabs(results[i].value - exact) < 0.0125);
            assert_true(results[i].interval.low < results[i].value);
            assert_true(results[i].interval.high > results[i].value);
        }
        token_corpus_free(corpus);
    }
}

static void draws_are_sets_and_every_set_is_as_likely(void **state) {
    (void)state;
    const uint32_t grams[] = {10, 11, 12, 13, 14, 15};
    uint32_t set[LB_UNICITY_MAX];
    unsigned seen[64] = {0}, sets = 0;
    lb_gram_draws all = lb_gram_draws_begin(grams, 6, 3, 20, lb_random_keyed(1, "draws", 0));
    for (; lb_gram_draws_next(&all, set); sets++)
        seen[1u << (set[0] - 10) | 1u << (set[1] - 10) | 1u << (set[2] - 10)]++;
    assert_int_equal(sets, 20);
    for (unsigned bits = 0; bits < 64; bits++)
        assert_int_equal(seen[bits], __builtin_popcount(bits) == 3);
    memset(seen, 0, sizeof seen);
    for (uint64_t whose = 0; whose < 4000; whose++) {
        lb_gram_draws some =
            lb_gram_draws_begin(grams, 6, 3, 5, lb_random_keyed(1, "draws", whose));
        while (lb_gram_draws_next(&some, set))
            seen[1u << (set[0] - 10) | 1u << (set[1] - 10) | 1u << (set[2] - 10)]++;
    }
    for (unsigned bits = 0; bits < 64; bits++) /* 20,000 draws of 20 sets: 1,000 each, +-5 sd */
        assert_true(__builtin_popcount(bits) == 3 ? seen[bits] > 845 && seen[bits] < 1155
                                                  : seen[bits] == 0);
}

static void more_known_tokens_single_out_no_fewer(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(400, 2000, 80, 1, 5);
    lb_unicity results[LB_UNICITY_SIZES];
    run(results, &corpus->view, &plain);
    for (unsigned i = 1; i < LB_UNICITY_SIZES; i++)
        assert_true(results[i].value > results[i - 1].value);
    token_corpus_free(corpus);
}

static void who_has_a_double_is_never_singled_out(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(60, 200, 30, 0.5, 5);
    token_corpus *doubled = twin_doubled(&corpus->view);
    lb_unicity results[LB_UNICITY_SIZES];
    run(results, &doubled->view, &plain);
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
        assert_true(results[i].value == 0 && results[i].interval.low == 0);
        assert_true(results[i].interval.high > 0 && results[i].interval.high < 0.05);
    }
    token_corpus_free(doubled);
    token_corpus_free(corpus);
}

static void threads_and_memory_change_no_bit(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(1500, 3000, 60, 1, 9);
    lb_unicity one[LB_UNICITY_SIZES], other[LB_UNICITY_SIZES];
    run(one, &corpus->view, &plain);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        run(other, &corpus->view,
            &(lb_unicity_options){.threads = threads, .seed = 1, .memory = 10000});
        for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
            assert_memory_equal(&one[i].value, &other[i].value, sizeof one[i].value);
            assert_memory_equal(&one[i].interval, &other[i].interval, sizeof one[i].interval);
        }
    }
    run(other, &corpus->view, &(lb_unicity_options){.threads = 1, .seed = 2});
    assert_true(one[1].value != other[1].value);
    token_corpus_free(corpus);
}

static void a_corpus_without_tokens_has_no_unicity(void **state) {
    (void)state;
    for (size_t users = 0; users <= 5; users += 5) {
        token_corpus *corpus = token_corpus_random(users, 1, 0, 1, 1);
        lb_unicity results[LB_UNICITY_SIZES];
        run(results, &corpus->view, &plain);
        for (unsigned i = 0; i < LB_UNICITY_SIZES; i++)
            assert_true(results[i].units == 0 && isnan(results[i].value));
        token_corpus_free(corpus);
    }
}

static void a_lack_of_memory_is_reported(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(40, 60, 10, 0.7, 1);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_unicity results[LB_UNICITY_SIZES];
        lb_memory_fail_after(n);
        status = lb_unicity_run(results, &corpus->view, &(lb_unicity_options){.threads = 2}, NULL);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
    }
    token_corpus_free(corpus);
}

/* The reference took five draws a user and segments a little differently. */
static void real_chats_have_the_unicity_that_another_program_found(void **state) {
    (void)state;
    const char *path = shared_path("corpora/ubuntu-irc.jsonl.gz");
    if (!path)
        skip();
    token_corpus *corpus = token_corpus_read(path);
    json_t *reference = reference_load("ubuntu-irc.tokens.json");
    assert_non_null(corpus);
    lb_unicity results[LB_UNICITY_SIZES];
    run(results, &corpus->view, &(lb_unicity_options){.threads = 2, .seed = 1});
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
        char name[16];
        snprintf(name, sizeof name, "unicity_p%u", results[i].p);
        double expected = reference_number(json_object_get(reference, "words"), name);
        print_message("p%u: %.4f [%.4f, %.4f], the reference: %.4f\n", results[i].p,
                      results[i].value, results[i].interval.low, results[i].interval.high,
                      expected);
        assert_true(fabs(results[i].value - expected) < 0.005);
        assert_true(results[i].interval.high - results[i].interval.low < 0.01);
    }
    json_decref(reference);
    token_corpus_free(corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_corpora_are_measured_exactly),
        cmocka_unit_test(random_draws_come_close_to_all_sets),
        cmocka_unit_test(draws_are_sets_and_every_set_is_as_likely),
        cmocka_unit_test(more_known_tokens_single_out_no_fewer),
        cmocka_unit_test(who_has_a_double_is_never_singled_out),
        cmocka_unit_test(threads_and_memory_change_no_bit),
        cmocka_unit_test(a_corpus_without_tokens_has_no_unicity),
        cmocka_unit_test(a_lack_of_memory_is_reported),
        cmocka_unit_test(real_chats_have_the_unicity_that_another_program_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
