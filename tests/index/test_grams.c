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
        int status =
            lb_gram_writer_add(work->writers[worker], gram_hash(gram), unit, conversation, error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static lb_incidence build(unsigned threads, bool backwards, const uint32_t *ranks) {
    lb_grams *grams;
    lb_error error;
    job work = {.backwards = backwards};
    assert_int_equal(lb_grams_new(&grams, 1, &error), 0);
    for (unsigned w = 0; w < threads; w++)
        assert_int_equal(lb_gram_writer_new(&work.writers[w], grams, &error), 0);
    assert_int_equal(lb_parallel(threads, PIECES, write_piece, &work, &error), 0);
    for (unsigned w = 0; w < threads; w++) {
        assert_int_equal(lb_gram_writer_flush(work.writers[w], &error), 0);
        lb_gram_writer_free(work.writers[w]);
    }
    lb_incidence incidence;
    assert_int_equal(lb_grams_finish(grams, ranks, threads, &incidence, &error), 0);
    lb_grams_free(grams);
    return incidence;
}

static void incidence_free(lb_incidence *incidence) {
    lb_free((void *)incidence->offsets);
    lb_free((void *)incidence->hashes);
    lb_free((void *)incidence->units);
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
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        lb_incidence incidence = build(threads, threads == 3, ranks);
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
        incidence_free(&incidence);
    }
}

static void an_empty_incidence_is_whole(void **state) {
    (void)state;
    lb_grams *grams;
    lb_incidence incidence;
    assert_int_equal(lb_grams_new(&grams, 2, NULL), 0);
    assert_int_equal(lb_grams_finish(grams, NULL, 2, &incidence, NULL), 0);
    assert_int_equal(incidence.grams, 0);
    assert_int_equal(incidence.pairs, 0);
    assert_int_equal(incidence.offsets[0], 0);
    lb_grams_free(grams);
    incidence_free(&incidence);
}

static int collect_little(lb_incidence *incidence, lb_error *error) {
    lb_grams *grams = NULL;
    lb_gram_writer *writer = NULL;
    uint32_t ranks[4] = {0, 1, 2, 3};
    int status = lb_grams_new(&grams, 1, error);
    if (status == LB_OK)
        status = lb_gram_writer_new(&writer, grams, error);
    for (uint32_t i = 0; status == LB_OK && i < 5000; i++)
        status = lb_gram_writer_add(writer, gram_hash(i), i % 4, i % 2, error);
    if (status == LB_OK)
        status = lb_gram_writer_flush(writer, error);
    if (status == LB_OK)
        status = lb_grams_finish(grams, ranks, 1, incidence, error);
    lb_gram_writer_free(writer);
    lb_grams_free(grams);
    return status;
}

static void a_lack_of_memory_at_any_place_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    for (uint64_t n = 1;; n += 1 + n / 8) {
        lb_incidence incidence;
        lb_error error = {0};
        lb_memory_fail_after(n);
        int status = collect_little(&incidence, &error);
        lb_memory_fail_after(0);
        if (status == LB_OK) {
            assert_int_equal(incidence.grams, 5000);
            incidence_free(&incidence);
            break;
        }
        assert_int_equal(status, LB_E_RESOURCE);
        assert_string_not_equal(error.mend, "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_plain_table_for_any_threads_and_order),
        cmocka_unit_test(an_empty_incidence_is_whole),
        cmocka_unit_test(a_lack_of_memory_at_any_place_is_an_error_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
