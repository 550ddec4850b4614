/* Token anonymity of made-up messages, counted again by its definitions: each token compared to
 * each unit. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/random.h"
#include "risk/words/tokens.h"
#include "text_index.h"

enum { USERS = 90, WORDS = 150, CONVERSATIONS = 3, K = 10 };

/* Bit c of said[u][w]: user u said word w in conversation c. Words are used by one user, by some
 * and by nearly everyone. */
static unsigned char said[USERS][WORDS];

static lb_buffer draw_messages(uint64_t seed) {
    lb_buffer lines = {0};
    lb_random random = lb_random_keyed(seed, "test", 0);
    memset(said, 0, sizeof said);
    for (unsigned u = 0; u < USERS; u++)
        for (unsigned c = 0; c < CONVERSATIONS; c++) {
            assert_true(lb_buffer_printf(&lines, NULL,
                                         "{\"user\": \"u%u\", \"conversation\": \"c%u-%u\", "
                                         "\"text\": \"",
                                         u, u, c) >= 0);
            for (unsigned w = 0; w < WORDS; w++) {
                if (lb_random_below(&random, WORDS * WORDS) >= (uint64_t)w * w / 2 + 1)
                    continue;
                said[u][w] |= (unsigned char)(1u << c);
                assert_true(lb_buffer_printf(&lines, NULL, "w%u ", w) >= 0);
            }
            assert_true(lb_buffer_printf(&lines, NULL, "\"}\n") >= 0);
        }
    assert_int_equal(lb_buffer_append(&lines, "", 1, NULL), 0);
    return lines;
}

static unsigned users_of(unsigned word) {
    unsigned users = 0;
    for (unsigned u = 0; u < USERS; u++)
        users += said[u][word] != 0;
    return users;
}

static lb_token_exposure exposure_of(unsigned user) {
    lb_token_exposure exposure = {0};
    for (unsigned w = 0; w < WORDS; w++) {
        if (!said[user][w])
            continue;
        unsigned users = users_of(w);
        exposure.grams++;
        exposure.unique += users == 1;
        exposure.rare += users < K;
        exposure.signatures += users < K && (said[user][w] & (said[user][w] - 1)) != 0;
        if (exposure.smallest == 0 || users < exposure.smallest)
            exposure.smallest = users;
    }
    return exposure;
}

/* Words of at least `least` and at most `most` users, and the users whom they reach. */
static void reach_of(unsigned least, unsigned most, uint64_t *words, uint64_t *reached) {
    *words = *reached = 0;
    for (unsigned w = 0; w < WORDS; w++)
        *words += users_of(w) >= least && users_of(w) <= most;
    for (unsigned u = 0; u < USERS; u++) {
        bool any = false;
        for (unsigned w = 0; w < WORDS; w++)
            any = any || (said[u][w] && users_of(w) >= least && users_of(w) <= most);
        *reached += any;
    }
}

static void check(const text_index *made, unsigned threads) {
    lb_token_options options = {.length = 1, .k = K, .threads = threads};
    lb_token_result result;
    assert_int_equal(lb_tokens_run(made->index, &options, &result, NULL), LB_OK);
    for (unsigned u = 0; u < USERS; u++) {
        char name[16];
        snprintf(name, sizeof name, "u%u", u);
        lb_token_exposure expected = exposure_of(u);
        assert_memory_equal(&result.exposure[text_index_user(made, name)], &expected,
                            sizeof expected);
    }
    size_t step = 0;
    for (unsigned n = 1; n <= USERS; n++) {
        uint64_t words, reached;
        reach_of(n, n, &words, &reached);
        if (words == 0)
            continue;
        assert_true(step < result.steps);
        const lb_uniqueness_step *found = &result.distribution[step++];
        assert_int_equal(found->units, n);
        assert_int_equal(found->grams, words);
        assert_int_equal(found->reached, reached);
        reach_of(1, n, &words, &reached);
        assert_int_equal(found->grams_cumulated, words);
        assert_int_equal(found->reached_cumulated, reached);
    }
    assert_int_equal(step, result.steps);
    assert_true(result.distribution[step - 1].units > 64);
    lb_token_result_free(&result);
}

static void all_is_as_by_definition(uint64_t memory) {
    for (unsigned threads = 1; threads <= 3; threads++) {
        lb_buffer lines = draw_messages(threads);
        text_index made = text_index_make(lines.data, threads, memory);
        assert_non_null(made.index);
        assert_int_equal(lb_index_incidence(made.index, 1)->in_file, memory == 1);
        check(&made, threads);
        text_index_free(&made);
        lb_buffer_free(&lines);
    }
}

static void everything_is_counted_as_defined(void **state) {
    (void)state;
    all_is_as_by_definition(1 << 26);
}

static void the_same_comes_from_a_file(void **state) {
    (void)state;
    all_is_as_by_definition(1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_counted_as_defined),
        cmocka_unit_test(the_same_comes_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
