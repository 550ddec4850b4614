/* The worst case against every set of up to three n-grams of every unit. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "risk/words/worst_case.h"
#include "test.h"
#include "token_twin.h"

static const lb_worst_options plain = {.threads = 1};

static lb_worst_case run(const lb_token_view *view, const lb_worst_options *options) {
    lb_worst_case result;
    lb_error error = {0};
    if (lb_worst_case_run(&result, view, options, &error) < 0)
        fail_msg("%s", error.what);
    return result;
}

static bool twin_indistinct(const lb_token_view *view, size_t unit) {
    uint32_t grams[256], same = 0;
    uint32_t count = twin_grams(view, unit, grams);
    same = count ? twin_users(view, grams, count) : 0;
    return same > 1;
}

static void check_unit(const lb_token_view *view, size_t number, const lb_worst_unit *unit) {
    uint32_t smallest = UINT32_MAX;
    unsigned found = 0;
    for (unsigned m = 1; m <= LB_WORST_MAX; m++) {
        smallest = twin_smallest(view, number, m, smallest);
        if (smallest == 1 && found == 0)
            found = m;
    }
    assert_int_equal(unit->found, found);
    assert_int_equal(unit->cut, 0);
    assert_int_equal(unit->indistinct, twin_indistinct(view, number));
    if (smallest == UINT32_MAX) {
        assert_int_equal(unit->witnesses, 0);
        assert_int_equal(unit->smallest, 0);
        return;
    }
    uint32_t grams[256], count = twin_grams(view, number, grams);
    assert_true(unit->witnesses >= 1 && unit->witnesses <= LB_WORST_MAX);
    assert_true(found == 0 || unit->witnesses == found);
    assert_int_equal(unit->smallest, twin_users(view, unit->witness, unit->witnesses));
    assert_true(unit->smallest >= smallest);
    for (unsigned i = 0; i < unit->witnesses; i++) {
        bool own = false;
        for (uint32_t g = 0; g < count; g++)
            own |= grams[g] == unit->witness[i];
        assert_true(own);
        assert_true(i == 0 || twin_users(view, &unit->witness[i - 1], 1) <=
                                  twin_users(view, &unit->witness[i], 1));
    }
}

static void every_unit_is_judged_as_all_its_sets_say(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) { /* dense corpora, where few are singled out */
        token_corpus *corpus = token_corpus_random(5 + seed * 3, 8 + seed % 13, 6 + seed % 20,
                                                   0.2 * (double)(seed % 6), seed);
        lb_worst_case result = run(&corpus->view, &plain);
        for (size_t u = 0; u < corpus->view.units; u++)
            check_unit(&corpus->view, u, &result.unit[u]);
        assert_true(result.found[0] <= result.found[1] && result.found[1] <= result.found[2]);
        assert_true(result.found[2] + result.indistinct <= result.units);
        lb_worst_case_free(&result);
        token_corpus_free(corpus);
    }
}

/* More units than a sample holds, so that lists are asked after it. */
static void large_crowds_are_searched_beyond_the_sample(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(700, 14, 14, 0.2, 3);
    lb_worst_case result = run(&corpus->view, &plain);
    for (size_t u = 0; u < corpus->view.units; u += 23)
        check_unit(&corpus->view, u, &result.unit[u]);
    assert_true(result.found[2] < result.units);
    lb_worst_case_free(&result);
    token_corpus_free(corpus);
}

static void who_has_a_double_is_indistinct(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(60, 100, 30, 0.5, 5);
    token_corpus *doubled = twin_doubled(&corpus->view);
    lb_worst_case result = run(&doubled->view, &plain);
    assert_int_equal(result.found[LB_WORST_MAX - 1], 0);
    assert_int_equal(result.indistinct, result.units);
    for (size_t u = 0; u < doubled->view.units; u++)
        assert_true(result.unit[u].witnesses == 0 || result.unit[u].smallest >= 2);
    lb_worst_case_free(&result);
    token_corpus_free(doubled);
    token_corpus_free(corpus);
}

static void a_search_that_is_cut_says_so_and_finds_no_more(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(300, 60, 30, 0.3, 4);
    lb_worst_case whole = run(&corpus->view, &plain);
    uint64_t cut_before = UINT64_MAX;
    for (uint64_t steps = 1; steps < 5000; steps *= 3) {
        lb_worst_case part = run(&corpus->view, &(lb_worst_options){.threads = 1, .steps = steps});
        assert_int_equal(part.found[0], whole.found[0]);
        for (unsigned m = 2; m <= LB_WORST_MAX; m++) {
            assert_true(part.found[m - 1] <= whole.found[m - 1]);
            assert_true(part.found[m - 1] + part.cut[m - 1] >= whole.found[m - 1]);
        }
        for (size_t u = 0; u < corpus->view.units; u++) {
            const lb_worst_unit *unit = &part.unit[u];
            assert_true(unit->found == 0 || unit->found >= whole.unit[u].found);
            assert_true(unit->cut || unit->found == whole.unit[u].found);
            assert_true(unit->found == 0 ||
                        twin_users(&corpus->view, unit->witness, unit->witnesses) == 1);
        }
        assert_true(part.cut[2] <= cut_before);
        if (steps == 1)
            assert_true(part.cut[2] > 0 && part.found[2] < whole.found[2]);
        cut_before = part.cut[2];
        lb_worst_case_free(&part);
    }
    lb_worst_case_free(&whole);
    token_corpus_free(corpus);
}

static void threads_and_memory_change_no_bit(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(600, 300, 60, 0.8, 9);
    lb_worst_case one = run(&corpus->view, &plain);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        lb_worst_case other =
            run(&corpus->view, &(lb_worst_options){.threads = threads, .memory = 5000});
        for (size_t u = 0; u < corpus->view.units; u++) {
            assert_int_equal(one.unit[u].found, other.unit[u].found);
            assert_int_equal(one.unit[u].smallest, other.unit[u].smallest);
            assert_memory_equal(one.unit[u].witness, other.unit[u].witness,
                                sizeof one.unit[u].witness);
        }
        assert_memory_equal(one.share, other.share, sizeof one.share);
        lb_worst_case_free(&other);
    }
    lb_worst_case_free(&one);
    token_corpus_free(corpus);
}

static void a_corpus_without_tokens_has_no_worst_case(void **state) {
    (void)state;
    for (size_t users = 0; users <= 5; users += 5) {
        token_corpus *corpus = token_corpus_random(users, 1, 0, 1, 1);
        lb_worst_case result = run(&corpus->view, &plain);
        assert_int_equal(result.units, 0);
        assert_true(isnan(result.share[0]) && isnan(result.share[2]));
        lb_worst_case_free(&result);
        token_corpus_free(corpus);
    }
}

static void a_lack_of_memory_is_reported(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(40, 60, 10, 0.7, 1);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_worst_case result;
        lb_memory_fail_after(n);
        status = lb_worst_case_run(&result, &corpus->view, &(lb_worst_options){.threads = 2}, NULL);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || (status == LB_E_RESOURCE && !result.unit));
        lb_worst_case_free(&result);
    }
    token_corpus_free(corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_is_judged_as_all_its_sets_say),
        cmocka_unit_test(large_crowds_are_searched_beyond_the_sample),
        cmocka_unit_test(who_has_a_double_is_indistinct),
        cmocka_unit_test(a_search_that_is_cut_says_so_and_finds_no_more),
        cmocka_unit_test(threads_and_memory_change_no_bit),
        cmocka_unit_test(a_corpus_without_tokens_has_no_worst_case),
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
