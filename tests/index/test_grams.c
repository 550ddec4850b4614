#include "test.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/thread.h"
#include "index/grams.h"

enum { GRAMS = 400, UNITS = 60, CONVERSATIONS = 5, OCCURRENCES = 600000, PIECES = 12 };

/* The twin: seen[gram][unit] is a bit set of conversations. */
static unsigned char seen[GRAMS][UNITS];

static uint64_t gram_hash(size_t gram) {
    uint64_t number = gram;
    return lb_hash(&number, sizeof number);
}

/* Skewed, so that some n-grams are everyone's and some one unit's. */
static void draw(size_t i, size_t *gram, uint32_t *unit, uint32_t *conversation) {
    lb_random random = lb_random_keyed(3, "grams", i);
    double u = lb_random_unit(&random);
    *gram = (size_t)(u * u * u * GRAMS);
    *unit = (uint32_t)lb_random_below(&random, *gram > GRAMS / 2 ? 3 : UNITS);
    *conversation = *gram > GRAMS * 9 / 10 ? *unit % CONVERSATIONS
                                           : (uint32_t)lb_random_below(&random, CONVERSATIONS);
}

typedef struct job {
    lb_gram_writer *writers[8];
    bool backwards;
} job;

static int write_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    job *work = context;
    size_t each = OCCURRENCES / PIECES;
    for (size_t i = 0; i < each; i++) {
        size_t gram, at = piece * each + (work->backwards ? each - 1 - i : i);
        uint32_t unit, conversation;
        draw(at, &gram, &unit, &conversation);
        uint64_t hash = gram_hash(gram);
        int status =
            lb_gram_writer_add(work->writers[worker], &hash, NULL, 1, unit, conversation, error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static lb_bulk layout;

static lb_incidence build(unsigned threads, bool backwards, lb_gram_budget *budget,
                          const uint32_t *ranks) {
    lb_grams *grams;
    lb_error error;
    job work = {.backwards = backwards};
    assert_int_equal(lb_grams_new(&grams, 1, budget, &error), 0);
    for (unsigned w = 0; w < threads; w++)
        assert_int_equal(lb_gram_writer_new(&work.writers[w], grams, &error), 0);
    assert_int_equal(lb_parallel(threads, PIECES, write_piece, &work, &error), 0);
    for (unsigned w = 0; w < threads; w++) {
        assert_int_equal(lb_gram_writer_flush(work.writers[w], &error), 0);
        lb_gram_writer_free(work.writers[w]);
    }
    lb_incidence incidence;
    assert_int_equal(lb_grams_finish(grams, ranks, threads, &incidence, &layout, &error), 0);
    lb_grams_free(grams);
    return incidence;
}

static void agrees_with_a_plain_table_for_any_threads_and_order(void **state) {
    (void)state;
    uint32_t ranks[UNITS];
    for (uint32_t i = 0; i < UNITS; i++)
        ranks[i] = (i * 7 + 5) % UNITS;
    size_t pairs = 0, used = 0;
    for (size_t i = 0; i < OCCURRENCES; i++) {
        size_t gram;
        uint32_t unit, conversation;
        draw(i, &gram, &unit, &conversation);
        seen[gram][ranks[unit]] |= (unsigned char)(1u << conversation);
    }
    for (size_t g = 0; g < GRAMS; g++) {
        bool any = false;
        for (size_t u = 0; u < UNITS; u++) {
            pairs += seen[g][u] != 0;
            any = any || seen[g][u];
        }
        used += any;
    }
    for (unsigned trial = 0; trial < 6; trial++) { /* 1, 3 and 5 threads; with room, and spilling */
        unsigned threads = 1 + trial % 3 * 2;
        lb_gram_budget budget = {.limit = trial < 3 ? UINT64_MAX : 20000,
                                 .layout_limit = trial < 3 ? UINT64_MAX : 1,
                                 .tmpdir = "/tmp"};
        lb_incidence incidence = build(threads, threads == 3, &budget, ranks);
        assert_int_equal(incidence.in_file, trial >= 3);
        assert_int_equal(budget.held, 0);
        lb_incidence_forget(&incidence, 0, incidence.grams); /* hints: they change nothing */
        lb_incidence_trim(&incidence);
        assert_int_equal(incidence.occurrences, OCCURRENCES);
        assert_int_equal(incidence.grams, used);
        assert_int_equal(incidence.pairs, pairs);
        assert_int_equal(incidence.offsets[used], pairs);
        for (size_t i = 1; i < used; i++)
            assert_true(incidence.hashes[i - 1] < incidence.hashes[i]);
        for (size_t g = 0; g < GRAMS; g++) {
            uint64_t *place = NULL;
            for (size_t i = 0; i < used && !place; i++)
                if (incidence.hashes[i] == gram_hash(g))
                    place = (uint64_t *)&incidence.offsets[i];
            uint64_t at = place ? place[0] : 0, end = place ? place[1] : 0;
            for (uint32_t u = 0; u < UNITS; u++) {
                if (!seen[g][u])
                    continue;
                assert_true(at < end);
                assert_int_equal(lb_pair_unit(incidence.units[at]), u);
                bool repeated = (seen[g][u] & (seen[g][u] - 1)) != 0;
                assert_int_equal(lb_pair_repeated(incidence.units[at]), repeated);
                at++;
            }
            assert_int_equal(at, end);
        }
        lb_bulk_free(&layout);
    }
}

static void an_empty_incidence_is_whole(void **state) {
    (void)state;
    lb_grams *grams;
    lb_incidence incidence;
    lb_gram_budget budget = {.limit = 1000, .layout_limit = 1000, .tmpdir = "/tmp"};
    assert_int_equal(lb_grams_new(&grams, 2, &budget, NULL), 0);
    assert_int_equal(lb_grams_finish(grams, NULL, 2, &incidence, &layout, NULL), 0);
    assert_int_equal(incidence.grams, 0);
    assert_int_equal(incidence.pairs, 0);
    assert_int_equal(incidence.offsets[0], 0);
    lb_grams_free(grams);
    lb_bulk_free(&layout);
}

static int collect_little(uint64_t limit, lb_incidence *incidence, lb_error *error) {
    lb_gram_budget budget = {.limit = limit, .layout_limit = limit, .tmpdir = "/tmp"};
    lb_grams *grams = NULL;
    lb_gram_writer *writer = NULL;
    uint32_t ranks[4] = {0, 1, 2, 3};
    int status = lb_grams_new(&grams, 1, &budget, error);
    if (status == LB_OK)
        status = lb_gram_writer_new(&writer, grams, error);
    for (uint32_t i = 0; status == LB_OK && i < 5000; i++) {
        uint64_t hash = gram_hash(i);
        status = lb_gram_writer_add(writer, &hash, NULL, 1, i % 4, i % 2, error);
    }
    if (status == LB_OK)
        status = lb_gram_writer_flush(writer, error);
    if (status == LB_OK)
        status = lb_grams_finish(grams, ranks, 1, incidence, &layout, error);
    lb_gram_writer_free(writer);
    lb_grams_free(grams);
    return status;
}

static void a_lack_of_memory_at_any_place_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    for (int spilling = 0; spilling < 2; spilling++)
        for (uint64_t n = 1;; n += 1 + n / 8) {
            lb_incidence incidence;
            lb_error error = {0};
            lb_memory_fail_after(n);
            int status = collect_little(spilling ? 1000 : UINT64_MAX, &incidence, &error);
            lb_memory_fail_after(0);
            if (status == LB_OK) {
                assert_int_equal(incidence.grams, 5000);
                lb_bulk_free(&layout);
                break;
            }
            assert_int_equal(status, LB_E_RESOURCE);
            assert_string_not_equal(error.mend, "");
        }
}

static void a_folder_that_cannot_hold_the_spill_is_an_error(void **state) {
    (void)state;
    lb_grams *grams;
    lb_gram_writer *writer;
    lb_error error = {0};
    lb_gram_budget budget = {.limit = 0, .layout_limit = 0, .tmpdir = "/proc/no/such/folder"};
    assert_int_equal(lb_grams_new(&grams, 1, &budget, NULL), 0);
    assert_int_equal(lb_gram_writer_new(&writer, grams, NULL), 0);
    int status = LB_OK;
    for (uint32_t i = 0; status == LB_OK && i < 10000000; i++) {
        uint64_t hash = gram_hash(i);
        status = lb_gram_writer_add(writer, &hash, NULL, 1, i & 0xFFFF, 0, &error);
    }
    assert_int_equal(status, LB_E_RESOURCE);
    assert_string_equal(error.where, "/proc/no/such/folder");
    lb_gram_writer_free(writer);
    lb_grams_free(grams);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_plain_table_for_any_threads_and_order),
        cmocka_unit_test(an_empty_incidence_is_whole),
        cmocka_unit_test(a_lack_of_memory_at_any_place_is_an_error_and_leaks_nothing),
        cmocka_unit_test(a_folder_that_cannot_hold_the_spill_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
