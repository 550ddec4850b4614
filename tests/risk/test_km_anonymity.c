/* k^m-anonymity against every set of up to three n-grams that occurs. */
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "risk/words/km_anonymity.h"
#include "test.h"
#include "token_twin.h"

static lb_km_anonymity run(const lb_token_view *view, const lb_km_options *options) {
    lb_km_anonymity result;
    lb_error error = {0};
    if (lb_km_anonymity_run(&result, view, options, &error) < 0)
        fail_msg("%s", error.what);
    return result;
}

static unsigned twin_m(const lb_token_view *view, uint32_t k) {
    uint32_t smallest = UINT32_MAX;
    for (unsigned m = 1; m <= LB_KM_MAX; m++) {
        for (size_t u = 0; u < view->units; u++)
            smallest = twin_smallest(view, u, m, smallest);
        if (smallest < k)
            return m - 1;
    }
    return LB_KM_MAX;
}

static void the_answer_is_that_of_all_sets_and_has_a_witness(void **state) {
    (void)state;
    unsigned seen[LB_KM_MAX + 1] = {0};
    for (uint64_t seed = 1; seed <= 90; seed++) { /* few tokens and many uses: some hold */
        token_corpus *corpus = token_corpus_random(10 + seed % 50, 3 + seed % 7, 2 + seed % 16,
                                                   0.3 * (double)(seed % 5), seed);
        for (uint32_t k = 1; k <= 7; k += 2) {
            lb_km_anonymity result =
                run(&corpus->view, &(lb_km_options){.threads = 1 + k % 3, .k = k});
            assert_int_equal(result.m, twin_m(&corpus->view, k));
            assert_false(result.cut);
            assert_int_equal(result.set_size, result.m == LB_KM_MAX ? 0 : result.m + 1);
            if (result.set_size > 0) {
                assert_int_equal(result.units,
                                 twin_users(&corpus->view, result.set, result.set_size));
                assert_true(result.units >= 1 && result.units < k);
            }
            seen[result.m]++;
        }
        token_corpus_free(corpus);
    }
    for (unsigned m = 0; m <= LB_KM_MAX; m++)
        assert_true(seen[m] > 5);
}

/* Everyone the same: it holds throughout, for as many as there are. */
static token_corpus *alike(size_t users, size_t tokens) {
    token_pair *pairs = lb_alloc(users * tokens, sizeof *pairs);
    uint64_t *keys = lb_alloc(users, sizeof *keys);
    assert_true(pairs && keys);
    for (size_t u = 0; u < users; u++) {
        keys[u] = lb_hash_mix(u, 7);
        for (size_t t = 0; t < tokens; t++)
            pairs[u * tokens + t] = (token_pair){keys[u], lb_hash_mix(t, 9)};
    }
    token_corpus *corpus = token_corpus_make(pairs, users * tokens, keys, users);
    lb_free(pairs);
    lb_free(keys);
    return corpus;
}

static void people_who_are_all_alike_are_as_anonymous_as_they_are_many(void **state) {
    (void)state;
    token_corpus *corpus = alike(30, 12);
    assert_int_equal(run(&corpus->view, &(lb_km_options){.k = 30}).m, LB_KM_MAX);
    assert_int_equal(run(&corpus->view, &(lb_km_options){.k = 31}).m, 0);
    token_corpus_free(corpus);
}

static void a_short_budget_says_what_it_could_not_decide(void **state) {
    (void)state;
    token_corpus *corpus = alike(30, 12);
    /* m = 2 takes 12 * 30 * 12 steps, m = 3 takes 12 * 30 * 72 */
    lb_km_anonymity result = run(&corpus->view, &(lb_km_options){.k = 10, .steps = 100});
    assert_true(result.cut && result.m == 1 && result.set_size == 0);
    result = run(&corpus->view, &(lb_km_options){.k = 10, .steps = 5000});
    assert_true(result.cut && result.m == 2 && result.set_size == 0);
    result = run(&corpus->view, &(lb_km_options){.k = 10, .steps = 30000});
    assert_true(!result.cut && result.m == 3);
    result = run(&corpus->view, &(lb_km_options){.k = 10, .memory = 100});
    assert_true(result.cut && result.m == 1);
    token_corpus_free(corpus);
}

static void threads_change_nothing_of_the_answer_or_its_witness(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        token_corpus *corpus = token_corpus_random(200, 30, 50 + 20 * seed, 0.3, seed);
        for (uint32_t k = 2; k <= 40; k *= 2) {
            lb_km_anonymity one = run(&corpus->view, &(lb_km_options){.threads = 1, .k = k});
            for (unsigned threads = 2; threads <= 5; threads += 3) {
                lb_km_anonymity other =
                    run(&corpus->view, &(lb_km_options){.threads = threads, .k = k});
                assert_int_equal(one.m, other.m);
                assert_int_equal(one.set_size, other.set_size);
                assert_int_equal(one.units, other.units);
                assert_memory_equal(one.set, other.set, sizeof one.set);
            }
        }
        token_corpus_free(corpus);
    }
}

static void no_tokens_are_no_danger(void **state) {
    (void)state;
    for (size_t users = 0; users <= 5; users += 5) {
        token_corpus *corpus = token_corpus_random(users, 1, 0, 1, 1);
        assert_int_equal(run(&corpus->view, &(lb_km_options){.k = 10}).m, LB_KM_MAX);
        token_corpus_free(corpus);
    }
}

static void a_lack_of_memory_is_reported(void **state) {
    (void)state;
    token_corpus *corpus = alike(30, 12);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_km_anonymity result;
        lb_memory_fail_after(n);
        status = lb_km_anonymity_run(&result, &corpus->view,
                                     &(lb_km_options){.threads = 2, .k = 10}, NULL);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
    }
    token_corpus_free(corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_is_that_of_all_sets_and_has_a_witness),
        cmocka_unit_test(people_who_are_all_alike_are_as_anonymous_as_they_are_many),
        cmocka_unit_test(a_short_budget_says_what_it_could_not_decide),
        cmocka_unit_test(threads_change_nothing_of_the_answer_or_its_witness),
        cmocka_unit_test(no_tokens_are_no_danger),
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
