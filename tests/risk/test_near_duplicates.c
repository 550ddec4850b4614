/* Near-duplicates against a brute-force twin: all pairs, all shingles as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "risk/release/near_duplicates.h"
#include "risk/release/retention.h"
#include "text/shingles.h"

enum { UNITS = 40, CONVERSATIONS = 120, WORDS_MAX = 60 };

/* A small corpus: each conversation is of one unit; many are copies of an earlier one with a few
 * words changed. */
typedef struct fixture {
    lb_texts texts;
    uint64_t unit_hashes[UNITS], conversation_hashes[CONVERSATIONS];
    size_t offsets[UNITS + 1];
    lb_own_message messages[CONVERSATIONS];
    int words[CONVERSATIONS][WORDS_MAX];
    int counts[CONVERSATIONS];
    char bytes[CONVERSATIONS][WORDS_MAX * 6];
} fixture;

static uint32_t below(uint64_t *state, uint32_t limit) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % limit;
}

static void fill(fixture *f, uint64_t seed) {
    uint64_t state = seed;
    *f = (fixture){0};
    for (int c = 0; c < CONVERSATIONS; c++) {
        int original = c > 10 && below(&state, 2) ? (int)below(&state, (uint32_t)c) : -1;
        f->counts[c] = original >= 0 ? f->counts[original] : 6 + (int)below(&state, WORDS_MAX - 6);
        for (int w = 0; w < f->counts[c]; w++)
            f->words[c][w] = original >= 0 ? f->words[original][w] : (int)below(&state, 300);
        for (uint32_t changes = below(&state, 4); original >= 0 && changes > 0; changes--)
            f->words[c][below(&state, (uint32_t)f->counts[c])] = (int)below(&state, 300);
        char *end = f->bytes[c];
        for (int w = 0; w < f->counts[c]; w++)
            end += sprintf(end, "%cw%d", w ? ' ' : (c % 2 ? ' ' : '"'), f->words[c][w]);
        f->messages[c] = (lb_own_message){.text = {f->bytes[c], (size_t)(end - f->bytes[c])},
                                          .time = c,
                                          .conversation = (uint32_t)c};
        f->conversation_hashes[c] = (uint64_t)c;
    }
    for (size_t u = 0; u <= UNITS; u++)
        f->offsets[u] = u * CONVERSATIONS / UNITS;
    for (size_t u = 0; u < UNITS; u++)
        f->unit_hashes[u] = u;
    f->texts = (lb_texts){.units = UNITS,
                          .conversations = CONVERSATIONS,
                          .unit_hashes = f->unit_hashes,
                          .conversation_hashes = f->conversation_hashes,
                          .offsets = f->offsets,
                          .messages = f->messages};
}

static bool has_run(const fixture *f, int c, const int *run) {
    for (int w = 0; w + LB_SHINGLE_WORDS <= f->counts[c]; w++)
        if (memcmp(f->words[c] + w, run, LB_SHINGLE_WORDS * sizeof *run) == 0)
            return true;
    return false;
}

/* Distinct runs of five words of a, and those of them that b has as well. */
static void brute_counts(const fixture *f, int a, int b, int *distinct, int *shared) {
    *distinct = *shared = 0;
    for (int w = 0; w + LB_SHINGLE_WORDS <= f->counts[a]; w++) {
        const int *run = f->words[a] + w;
        bool again = false;
        for (int v = 0; v < w; v++)
            again = again || memcmp(f->words[a] + v, run, LB_SHINGLE_WORDS * sizeof *run) == 0;
        *distinct += !again;
        *shared += !again && has_run(f, b, run);
    }
}

static double brute_jaccard(const fixture *f, int a, int b) {
    int of_a, of_b, shared, ignored;
    brute_counts(f, a, b, &of_a, &shared);
    brute_counts(f, b, a, &of_b, &ignored);
    return of_a + of_b > shared ? (double)shared / (of_a + of_b - shared) : 0;
}

static void matches_are_those_of_all_pairs(void **state) {
    (void)state;
    static fixture f;
    size_t near = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fill(&f, seed);
        lb_documents documents;
        uint32_t matches[CONVERSATIONS];
        assert_int_equal(lb_documents_make(&documents, &f.texts, 2, NULL), LB_OK);
        assert_int_equal(documents.count, CONVERSATIONS);
        lb_near_duplicate_query query = {
            .among = &documents, .gallery = &documents, .other_owner = true, .threads = 2};
        assert_int_equal(lb_near_duplicates_find(&query, matches, NULL), LB_OK);
        for (int a = 0; a < CONVERSATIONS; a++) {
            bool expected = false;
            for (int b = 0; b < CONVERSATIONS; b++)
                expected = expected || (documents.items[a].count && documents.items[b].count &&
                                        documents.items[a].unit != documents.items[b].unit &&
                                        brute_jaccard(&f, a, b) >= LB_NEAR_DUPLICATE_JACCARD);
            assert_int_equal(matches[a] != LB_NO_DOCUMENT, expected);
            near += expected;
            if (expected)
                assert_true(brute_jaccard(&f, a, (int)matches[a]) >= LB_NEAR_DUPLICATE_JACCARD);
        }
        lb_documents_free(&documents);
    }
    assert_true(near > 100);
}

static void the_number_of_threads_changes_nothing(void **state) {
    (void)state;
    static fixture f;
    uint32_t first[CONVERSATIONS], again[CONVERSATIONS];
    fill(&f, 99);
    for (unsigned threads = 1; threads <= 4; threads++) {
        lb_documents documents;
        assert_int_equal(lb_documents_make(&documents, &f.texts, threads, NULL), LB_OK);
        lb_near_duplicate_query query = {
            .among = &documents, .gallery = &documents, .other_owner = true, .threads = threads};
        assert_int_equal(lb_near_duplicates_find(&query, threads == 1 ? first : again, NULL),
                         LB_OK);
        if (threads > 1)
            assert_memory_equal(first, again, sizeof first);
        lb_documents_free(&documents);
    }
}

static void only_what_is_asked_is_compared_with_what_is_listed(void **state) {
    (void)state;
    static fixture f;
    fill(&f, 7);
    lb_documents documents;
    uint32_t matches[CONVERSATIONS];
    bool asked[CONVERSATIONS], listed[CONVERSATIONS];
    assert_int_equal(lb_documents_make(&documents, &f.texts, 1, NULL), LB_OK);
    for (size_t i = 0; i < CONVERSATIONS; i++) {
        listed[i] = i % 3 == 0;
        asked[i] = !listed[i];
    }
    lb_near_duplicate_query query = {
        .among = &documents, .gallery = &documents, .asked = asked, .listed = listed};
    assert_int_equal(lb_near_duplicates_find(&query, matches, NULL), LB_OK);
    size_t found = 0;
    for (size_t i = 0; i < CONVERSATIONS; i++)
        if (matches[i] != LB_NO_DOCUMENT) {
            assert_true(asked[i] && listed[matches[i]]);
            found++;
        }
    assert_true(found > 0);
    lb_documents_free(&documents);
}

static void case_spacing_and_order_of_messages_do_not_matter(void **state) {
    (void)state;
    lb_shingler *shingler;
    lb_buffer a = {0}, b = {0};
    assert_int_equal(lb_shingler_new(&shingler, NULL), LB_OK);
    lb_shingler_add(shingler, LB_STR("The quick brown fox jumps over the lazy dog"), &a, NULL);
    lb_shingler_add(shingler, LB_STR("yes please"), &a, NULL);
    lb_shingler_add(shingler, LB_STR("Yes, please!"), &b, NULL);
    lb_shingler_add(shingler, LB_STR("the QUICK brown  fox; jumps over the lazy dog."), &b, NULL);
    size_t of_a = lb_shingles_settle((uint64_t *)(void *)a.data, a.size / 8);
    size_t of_b = lb_shingles_settle((uint64_t *)(void *)b.data, b.size / 8);
    assert_int_equal(of_a, 6);
    assert_true(lb_jaccard((uint64_t *)(void *)a.data, of_a, (uint64_t *)(void *)b.data, of_b) ==
                1);
    lb_buffer_free(&a);
    lb_buffer_free(&b);
    lb_shingler_free(shingler);
}

/* Shares of equal bands are what the formula of the header says, within five deviations. */
static void signatures_agree_as_often_as_sets_do(void **state) {
    (void)state;
    enum { TRIALS = 400, SIZE = 200 };
    for (int shared = 40; shared <= SIZE; shared += 40) {
        size_t equal = 0;
        double j = (double)shared / (2 * SIZE - shared);
        for (uint64_t trial = 0; trial < TRIALS; trial++) {
            uint64_t a[SIZE], b[SIZE], seed = trial * 1000 + (uint64_t)shared;
            uint32_t x[LB_MINHASH_BANDS], y[LB_MINHASH_BANDS];
            for (int i = 0; i < SIZE; i++) {
                a[i] = (uint64_t)below(&seed, UINT32_MAX) << 32 | below(&seed, UINT32_MAX);
                b[i] = i < shared
                           ? a[i]
                           : (uint64_t)below(&seed, UINT32_MAX) << 32 | below(&seed, UINT32_MAX);
            }
            lb_minhash(a, SIZE, x);
            lb_minhash(b, SIZE, y);
            for (int band = 0; band < LB_MINHASH_BANDS; band++)
                equal += x[band] == y[band];
        }
        double expected = j * j * j * j, n = TRIALS * (double)LB_MINHASH_BANDS;
        double off = (double)equal / n - expected;
        assert_true(off * off <= 25 * (expected * (1 - expected) + 1 / n) / n);
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static fixture f;
    fill(&f, 3);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_documents documents = {0};
        uint32_t matches[CONVERSATIONS];
        lb_memory_fail_after(n);
        status = lb_documents_make(&documents, &f.texts, 1, NULL);
        lb_near_duplicate_query query = {.among = &documents, .gallery = &documents};
        if (status == LB_OK)
            status = lb_near_duplicates_find(&query, matches, NULL);
        lb_memory_fail_after(0);
        lb_documents_free(&documents);
        assert_true(n < 2000);
    }
}

static void retention_counts_what_is_older_than_the_limit(void **state) {
    (void)state;
    static fixture f;
    fill(&f, 5);
    f.messages[0].time = INT64_MAX;
    f.messages[CONVERSATIONS - 1].time = 5000;
    lb_retention_result found;
    assert_int_equal(lb_retention_run(&f.texts, 30, 1000, &found, NULL), LB_OK);
    assert_int_equal(found.messages, CONVERSATIONS);
    assert_int_equal(found.without_time, 1);
    assert_int_equal(found.future, 1);
    assert_int_equal(found.expired, 29); /* 1 ... 29: 30 is just not older */
    assert_int_equal(found.expired_conversations, 29);
    assert_int_equal(found.expired_units, 10);
    assert_int_equal(found.first, 1);
    assert_int_equal(found.last, CONVERSATIONS - 2);
    assert_int_equal(lb_retention_run(&f.texts, INT64_MIN, 1000, &found, NULL), LB_OK);
    assert_int_equal(found.expired, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_are_those_of_all_pairs),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(only_what_is_asked_is_compared_with_what_is_listed),
        cmocka_unit_test(case_spacing_and_order_of_messages_do_not_matter),
        cmocka_unit_test(signatures_agree_as_often_as_sets_do),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(retention_counts_what_is_older_than_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
