/* The second look at the messages: exposure of conversations and places of tokens, against the
 * messages as they were made up. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "risk/words/conversation_exposure.h"
#include "risk/words/token_places.h"
#include "text_index.h"

enum { USERS = 40, CONVERSATIONS = 30, WORDS = 700, MESSAGES = 900, LENGTH = 5 };

typedef struct said {
    unsigned user, conversation, word[LENGTH];
} said;

static said corpus[MESSAGES]; /* message i stands in line i + 1 */

/* Some words with letters outside ASCII and capitals, all folding to distinct tokens. */
static void spell(unsigned word, bool folded, char text[32]) {
    static const char *const folds[] = {"z", "\xC3\xA9", "strass"};
    static const char *const spellings[] = {"Z", "\xC3\x89", "Stra\xC3\x9F"};
    snprintf(text, 32, "%sw%u", (folded ? folds : spellings)[word % 3], word);
}

static text_index make(uint64_t seed, unsigned threads) {
    lb_random random = lb_random_keyed(seed, "conversations", 0);
    lb_buffer lines = {0};
    for (size_t i = 0; i < MESSAGES; i++) {
        said *message = &corpus[i];
        message->user = (unsigned)lb_random_below(&random, USERS);
        message->conversation = (unsigned)lb_random_below(&random, CONVERSATIONS);
        assert_int_equal(lb_buffer_printf(&lines, NULL,
                                          "{\"user\": \"u%u\", \"conversation\": \"c%u\", "
                                          "\"text\": \"",
                                          message->user, message->conversation),
                         0);
        for (size_t w = 0; w < LENGTH; w++) {
            double u = lb_random_unit(&random);
            char text[32];
            message->word[w] = (unsigned)(u * u * u * WORDS);
            spell(message->word[w], false, text);
            assert_int_equal(lb_buffer_printf(&lines, NULL, "%s ", text), 0);
        }
        assert_int_equal(lb_buffer_printf(&lines, NULL, "\"}\n"), 0);
    }
    assert_int_equal(lb_buffer_append(&lines, "", 1, NULL), 0);
    text_index made = text_index_make(lines.data, threads, 1 << 26);
    lb_buffer_free(&lines);
    assert_non_null(made.index);
    return made;
}

static unsigned users_of(unsigned word) {
    bool has[USERS] = {false};
    unsigned users = 0;
    for (size_t i = 0; i < MESSAGES; i++)
        for (size_t w = 0; w < LENGTH; w++)
            if (corpus[i].word[w] == word && !has[corpus[i].user]) {
                has[corpus[i].user] = true;
                users++;
            }
    return users;
}

static uint64_t hash_of_conversation(unsigned conversation) {
    char key[16];
    snprintf(key, sizeof key, "c%u", conversation);
    return lb_hash_str(lb_str_of(key));
}

typedef struct plain {
    unsigned conversation, smallest, unique, messages;
    uint64_t line, hash;
} plain;

static int by_exposure(const void *a, const void *b) {
    const plain *x = a, *y = b;
    if (x->smallest != y->smallest)
        return x->smallest < y->smallest ? -1 : 1;
    if (x->unique != y->unique)
        return x->unique > y->unique ? -1 : 1;
    return x->hash < y->hash ? -1 : 1;
}

static size_t by_the_book(unsigned k, plain found[CONVERSATIONS]) {
    static unsigned users[WORDS];
    for (unsigned w = 0; w < WORDS; w++)
        users[w] = users_of(w);
    size_t count = 0;
    for (unsigned c = 0; c < CONVERSATIONS; c++) {
        plain one = {.conversation = c, .hash = hash_of_conversation(c)};
        bool counted[WORDS] = {false};
        for (size_t i = 0; i < MESSAGES; i++) {
            if (corpus[i].conversation != c)
                continue;
            one.line = one.messages++ == 0 ? i + 1 : one.line;
            for (size_t w = 0; w < LENGTH; w++) {
                unsigned word = corpus[i].word[w];
                if (users[word] >= k)
                    continue;
                if (one.smallest == 0 || users[word] < one.smallest)
                    one.smallest = users[word];
                one.unique += users[word] == 1 && !counted[word];
                counted[word] = true;
            }
        }
        if (one.smallest > 0)
            found[count++] = one;
    }
    qsort(found, count, sizeof *found, by_exposure);
    return count;
}

static void conversations_are_ranked_as_by_hand(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        text_index made = make(seed, 1 + (unsigned)seed % 3);
        for (unsigned k = 1; k <= 5; k += 2) {
            plain expected[CONVERSATIONS];
            size_t exposed = by_the_book(k, expected), limit = seed % 2 ? 7 : 100;
            lb_conversation_options options = {.k = k, .threads = 1 + (unsigned)(seed + k) % 4};
            lb_conversations got;
            lb_error error;
            assert_int_equal(lb_conversations_run(&got, made.index, limit, &options, &error), 0);
            assert_int_equal(got.exposed, exposed);
            assert_int_equal(got.count, exposed < limit ? exposed : limit);
            for (size_t i = 0; i < got.count; i++) {
                const lb_conversation_exposure *one = &got.most[i];
                assert_true(lb_index_texts(made.index)->conversation_hashes[one->conversation] ==
                            expected[i].hash);
                assert_int_equal(one->smallest, expected[i].smallest);
                assert_int_equal(one->unique, expected[i].unique);
                assert_int_equal(one->messages, expected[i].messages);
                assert_int_equal(one->line, expected[i].line);
                assert_int_equal(one->source, 0);
            }
            lb_conversations_free(&got);
        }
        text_index_free(&made);
    }
}

static uint64_t first_line(unsigned user, unsigned word) {
    for (size_t i = 0; i < MESSAGES; i++)
        for (size_t w = 0; w < LENGTH; w++)
            if (corpus[i].user == user && corpus[i].word[w] == word)
                return i + 1;
    return 0;
}

static void places_are_the_first_lines_of_the_tokens(void **state) {
    (void)state;
    text_index made = make(9, 2);
    lb_random random = lb_random_keyed(9, "places", 0);
    for (unsigned trial = 0; trial < 20; trial++) {
        enum { QUESTS = 25 };
        lb_token_quest quests[QUESTS];
        unsigned users[QUESTS], words[QUESTS][LB_PLACES_MAX];
        for (size_t q = 0; q < QUESTS; q++) {
            char name[16];
            users[q] = (unsigned)lb_random_below(&random, USERS);
            snprintf(name, sizeof name, "u%u", users[q]);
            quests[q] = (lb_token_quest){.unit = text_index_user(&made, name),
                                         .count = (unsigned)lb_random_below(&random, 4)};
            for (unsigned t = 0; t < quests[q].count; t++) {
                char text[32];
                const said *message = &corpus[lb_random_below(&random, MESSAGES)];
                words[q][t] = message->word[lb_random_below(&random, LENGTH)];
                spell(words[q][t], true, text);
                quests[q].token[t] = text_index_token(&made, text);
                assert_true(quests[q].token[t] != UINT32_MAX);
            }
        }
        lb_error error;
        assert_int_equal(lb_token_places_find(quests, QUESTS, made.index, 1 + trial % 3, &error),
                         0);
        for (size_t q = 0; q < QUESTS; q++)
            for (unsigned t = 0; t < quests[q].count; t++)
                assert_int_equal(quests[q].place[t].line, first_line(users[q], words[q][t]));
    }
    text_index_free(&made);
}

static void every_token_is_found_by_its_hash(void **state) {
    (void)state;
    for (size_t count = 0; count < 5000; count = count * 3 + 1) {
        uint64_t *hashes = calloc(count + 1, sizeof *hashes);
        lb_random random = lb_random_keyed(count, "finder", 0);
        for (size_t i = 0; i < count; i++) /* ascending, with a gap of at least 2, some very near */
            hashes[i] = UINT64_MAX / (count + 1) * i + lb_random_below(&random, 1000) + 1000;
        if (count > 3)
            hashes[count - 1] = UINT64_MAX;
        lb_incidence incidence = {.grams = count, .hashes = hashes};
        lb_gram_finder finder;
        assert_int_equal(lb_gram_finder_make(&finder, &incidence, NULL), 0);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(lb_gram_finder_find(&finder, hashes[i]), i);
            assert_true(lb_gram_finder_find(&finder, hashes[i] - 1) == LB_GRAM_NONE);
        }
        assert_true(lb_gram_finder_find(&finder, 0) == LB_GRAM_NONE);
        lb_gram_finder_free(&finder);
        free(hashes);
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    text_index made = make(3, 1);
    lb_conversation_options options = {.k = 3, .threads = 1};
    lb_conversations got;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_error error;
        lb_memory_fail_after(n);
        status = lb_conversations_run(&got, made.index, 5, &options, &error);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !got.most));
        assert_true(n < 80);
    }
    lb_conversations_free(&got);
    lb_token_quest quest = {.unit = 0, .count = 1};
    status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_memory_fail_after(n);
        status = lb_token_places_find(&quest, 1, made.index, 1, NULL);
        lb_memory_fail_after(0);
        assert_true(n < 80);
    }
    text_index_free(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversations_are_ranked_as_by_hand),
        cmocka_unit_test(places_are_the_first_lines_of_the_tokens),
        cmocka_unit_test(every_token_is_found_by_its_hash),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
