/* The incidence turned round against its definition, and questions to the posting lists. */
#include "base/memory.h"
#include "base/random.h"
#include "risk/words/postings.h"
#include "test.h"
#include "token_corpus.h"

static bool uses(const lb_token_view *view, size_t unit, uint64_t gram) {
    for (uint64_t i = view->incidence->offsets[gram]; i < view->incidence->offsets[gram + 1]; i++)
        if (lb_pair_unit(view->incidence->units[i]) == unit)
            return true;
    return false;
}

/* Walks all ranges and compares each list with the incidence. Returns how many ranges there were.
 */
static size_t check_transposed(const lb_token_view *view, unsigned threads, uint64_t memory) {
    lb_transposer *transposer;
    lb_transpose range;
    size_t units = 0, ranges = 0;
    uint64_t pairs = 0;
    assert_int_equal(
        lb_transposer_new(&transposer, view, &(lb_transpose_options){threads, memory}, NULL),
        LB_OK);
    for (;;) {
        assert_int_equal(lb_transposer_next(transposer, &range, NULL), LB_OK);
        if (range.count == 0)
            break;
        assert_int_equal(range.first, units);
        assert_int_equal(range.offsets[0], 0);
        for (size_t i = 0; i < range.count; i++) {
            uint64_t from = range.offsets[i], to = range.offsets[i + 1];
            assert_int_equal(to - from, lb_transposer_sizes(transposer)[units + i]);
            for (uint64_t j = from; j < to; j++) {
                assert_true(j == from || range.grams[j - 1] < range.grams[j]);
                assert_true(uses(view, units + i, range.grams[j]));
            }
        }
        if (memory && range.count > 1)
            assert_true(range.offsets[range.count] * sizeof(uint32_t) <= memory);
        pairs += range.offsets[range.count];
        units += range.count;
        ranges++;
    }
    assert_int_equal(units, view->units);
    assert_int_equal(pairs, view->incidence->pairs);
    lb_transposer_free(transposer);
    return ranges;
}

static void every_unit_gets_its_n_grams_in_order_whatever_the_threads(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        token_corpus *corpus = token_corpus_random(seed * 7, 50, 30, 0.8, seed);
        for (unsigned threads = 0; threads <= 5; threads++)
            assert_int_equal(check_transposed(&corpus->view, threads, 0), 1);
        token_corpus_free(corpus);
    }
}

static void short_memory_makes_more_ranges_of_the_same_lists(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(200, 100, 40, 0.8, 3);
    size_t before = 1;
    for (uint64_t memory = 8192; memory > 0; memory /= 8) {
        size_t ranges = check_transposed(&corpus->view, 3, memory);
        assert_true(ranges > before);
        before = ranges;
    }
    assert_true(before > 150); /* one byte: a unit at a time, those without n-grams beside others */
    token_corpus_free(corpus);
}

static void nothing_at_all_has_nothing_to_turn_round(void **state) {
    (void)state;
    token_corpus *nobody = token_corpus_random(0, 1, 0, 1, 1);
    token_corpus *silent = token_corpus_random(5, 1, 0, 1, 1);
    assert_int_equal(check_transposed(&nobody->view, 2, 0), 0);
    assert_int_equal(check_transposed(&silent->view, 2, 0), 1);
    token_corpus_free(nobody);
    token_corpus_free(silent);
}

static void more_n_grams_than_can_be_numbered_are_refused(void **state) {
    (void)state;
    lb_incidence huge = {.grams = (uint64_t)UINT32_MAX + 1};
    lb_transposer *transposer;
    lb_error error;
    assert_int_equal(lb_transposer_new(&transposer, &(lb_token_view){&huge, NULL, 0},
                                       &(lb_transpose_options){1, 0}, &error),
                     LB_E_RESOURCE);
    assert_null(transposer);
}

static void a_lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    token_corpus *corpus = token_corpus_random(50, 40, 20, 0.8, 1);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_transposer *transposer = NULL;
        lb_transpose range;
        lb_postings postings = {0};
        lb_memory_fail_after(n);
        status =
            lb_transposer_new(&transposer, &corpus->view, &(lb_transpose_options){2, 500}, NULL);
        if (status == LB_OK)
            status = lb_transposer_next(transposer, &range, NULL);
        if (status == LB_OK)
            status = lb_postings_build(&postings, &corpus->view, 2, NULL);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
        lb_postings_free(&postings);
        lb_transposer_free(transposer);
    }
    token_corpus_free(corpus);
}

/* The twin: unit by unit. */
static uint32_t twin_common(const lb_token_view *view, const uint32_t *grams, unsigned count,
                            const uint64_t *within, uint32_t *units) {
    uint32_t found = 0;
    for (uint32_t u = 0; u < view->units; u++) {
        bool all = !within || (within[u / 64] >> u % 64 & 1);
        for (unsigned i = 0; all && i < count; i++)
            all = uses(view, u, grams[i]);
        if (all)
            units[found++] = u;
    }
    return found;
}

static void ask(const lb_token_view *view, const lb_postings *postings, lb_random *random) {
    uint32_t grams[LB_POSTINGS_SET_MAX], twin[512], units[512];
    uint64_t within[8];
    for (size_t w = 0; w < 8; w++)
        within[w] = lb_random_next(random);
    unsigned count = 1 + (unsigned)lb_random_below(random, LB_POSTINGS_SET_MAX);
    for (unsigned i = 0; i < count; i++)
        grams[i] = (uint32_t)lb_random_below(random, view->incidence->grams);
    uint32_t limit = (uint32_t)lb_random_below(random, 20) + 1;
    uint32_t found = twin_common(view, grams, count, within, twin);
    assert_int_equal(lb_postings_common(postings, grams, count, within, UINT32_MAX), found);
    found = twin_common(view, grams, count, NULL, twin);
    uint32_t up_to = found < limit ? found : limit;
    assert_int_equal(lb_postings_common(postings, grams, count, NULL, limit), up_to);
    assert_int_equal(lb_postings_list(postings, grams, count, limit, units), up_to);
    assert_memory_equal(units, twin, up_to * sizeof *units);
    uint32_t all = lb_postings_list(postings, grams, 1, UINT32_MAX, units);
    assert_int_equal(all, lb_postings_size(postings, grams[0]));
    for (unsigned i = 1; i < count; i++) {
        uint32_t kept = lb_postings_filter(postings, grams[i], units, all, units);
        assert_true(kept == 0 || lb_postings_any(postings, grams[i], units, all));
        all = kept;
    }
    assert_int_equal(all, found);
    assert_memory_equal(units, twin, found * sizeof *units);
    uint32_t unit = (uint32_t)lb_random_below(random, view->units);
    assert_int_equal(lb_postings_has(postings, grams[0], unit), uses(view, unit, grams[0]));
    assert_int_equal(lb_postings_any(postings, grams[0], &unit, 1), uses(view, unit, grams[0]));
}

static void intersections_are_those_of_the_lists(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        token_corpus *corpus =
            token_corpus_random(seed < 6 ? 40 * seed : 500, 60, 40, 0.3 * (double)(seed % 6), seed);
        lb_postings postings;
        assert_int_equal(lb_postings_build(&postings, &corpus->view, 1 + seed % 4, NULL), LB_OK);
        lb_random random = lb_random_keyed(seed, "ask", 0);
        for (int i = 0; i < 300; i++)
            ask(&corpus->view, &postings, &random);
        lb_postings_free(&postings);
        token_corpus_free(corpus);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_gets_its_n_grams_in_order_whatever_the_threads),
        cmocka_unit_test(short_memory_makes_more_ranges_of_the_same_lists),
        cmocka_unit_test(nothing_at_all_has_nothing_to_turn_round),
        cmocka_unit_test(more_n_grams_than_can_be_numbered_are_refused),
        cmocka_unit_test(a_lack_of_memory_leaves_nothing_behind),
        cmocka_unit_test(intersections_are_those_of_the_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
