#include "synth/tally.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"

enum {
    K = 10, /* the default threshold of an audit */
    TUPLES = SYNTH_LANGUAGES * SYNTH_COUNTRIES_MAX * SYNTH_AGES * SYNTH_GENDERS * SYNTH_DEVICES
};
static const uint32_t nobody = UINT32_MAX;

typedef struct word_facts {
    uint64_t hash;
    uint32_t users, last_user; /* how many use it; who was the last to */
    uint32_t conversation;     /* the last one with it, counted from 1 */
    uint32_t slot;             /* its last synth_pair */
} word_facts;

typedef struct synth_pair {
    uint32_t word;
    uint32_t user : 31;
    uint32_t repeated : 1; /* in two conversations or more */
} synth_pair;

typedef struct synth_planted {
    char key[32], token[SYNTH_PLANTED_BYTES];
    synth_planted_kind kind;
    uint64_t conversations;
    uint32_t word;
} synth_planted;

struct synth_tally {
    word_facts *words;
    size_t word_count, word_capacity;
    uint32_t *table; /* word number + 1, open addressing; 0: free */
    size_t table_size;
    synth_pair *pairs;
    size_t pair_count, pair_capacity;
    synth_planted *planted;
    size_t planted_count, planted_capacity;
    uint32_t user, conversation; /* those being told */
    bool complete;
    uint32_t tuple_users[TUPLES], tuple_last[TUPLES];
};

int synth_tally_new(synth_tally **out, lb_error *error) {
    synth_tally *tally = lb_alloc_zero(1, sizeof *tally);
    if (!tally)
        return lb_fail_memory(error, "beginning the truth");
    tally->complete = true;
    memset(tally->tuple_last, 0xFF, sizeof tally->tuple_last);
    *out = tally;
    return 0;
}

void synth_tally_free(synth_tally *tally) {
    if (!tally)
        return;
    lb_free(tally->words);
    lb_free(tally->table);
    lb_free(tally->pairs);
    lb_free(tally->planted);
    lb_free(tally);
}

static int fail_size(lb_error *error) {
    return lb_fail(error, LB_E_USAGE, "--truth", "make a smaller corpus",
                   "the truth holds fewer than 2^31 users, and 2^32 conversations and pairs of a "
                   "word and a user");
}

int synth_tally_conversation(synth_tally *tally, uint64_t user, uint64_t conversation,
                             const synth_identity *identity, lb_error *error) {
    if (user >= INT32_MAX || conversation >= UINT32_MAX - 1)
        return fail_size(error);
    tally->user = (uint32_t)user;
    tally->conversation = (uint32_t)conversation + 1;
    uint32_t tuple = identity->language;
    tuple = tuple * SYNTH_COUNTRIES_MAX + identity->country;
    tuple = tuple * SYNTH_AGES + identity->age;
    tuple = tuple * SYNTH_GENDERS + identity->gender;
    tuple = tuple * SYNTH_DEVICES + identity->device;
    if (tally->tuple_last[tuple] != tally->user) {
        tally->tuple_last[tuple] = tally->user;
        tally->tuple_users[tuple]++;
    }
    return 0;
}

static size_t free_slot(const synth_tally *tally, uint64_t hash) {
    size_t at = hash & (tally->table_size - 1);
    while (tally->table[at] && tally->words[tally->table[at] - 1].hash != hash)
        at = (at + 1) & (tally->table_size - 1);
    return at;
}

static int enlarge_table(synth_tally *tally, lb_error *error) {
    size_t size = tally->table_size ? 2 * tally->table_size : 1 << 12;
    uint32_t *table = lb_alloc_zero(size, sizeof *table);
    if (!table)
        return lb_fail_memory(error, "counting the words of the truth");
    lb_free(tally->table);
    tally->table = table;
    tally->table_size = size;
    for (size_t i = 0; i < tally->word_count; i++)
        table[free_slot(tally, tally->words[i].hash)] = (uint32_t)i + 1;
    return 0;
}

/* The number of the word of this hash, new or known. */
static int find_word(synth_tally *tally, uint64_t hash, uint32_t *number, lb_error *error) {
    if (2 * tally->word_count >= tally->table_size) {
        int status = enlarge_table(tally, error);
        if (status < 0)
            return status;
    }
    size_t at = free_slot(tally, hash);
    if (!tally->table[at]) {
        word_facts *grown = lb_grow(tally->words, &tally->word_capacity, tally->word_count + 1,
                                    sizeof *grown, error);
        if (!grown)
            return LB_E_RESOURCE;
        tally->words = grown;
        tally->words[tally->word_count++] = (word_facts){.hash = hash, .last_user = nobody};
        tally->table[at] = (uint32_t)tally->word_count;
    }
    *number = tally->table[at] - 1;
    return 0;
}

/* Folds to lower case; false where the word is not all ASCII or too long to be ours. */
static bool fold(lb_str word, char *folded) {
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        if ((unsigned char)c >= 0x80)
            return false;
        folded[i] = lb_to_lower(c);
    }
    return true;
}

int synth_tally_word(synth_tally *tally, lb_str word, lb_error *error) {
    char folded[64];
    if (word.size > sizeof folded || !fold(word, folded)) {
        tally->complete = false;
        return 0;
    }
    uint32_t number;
    int status = find_word(tally, lb_hash(folded, word.size), &number, error);
    if (status < 0)
        return status;
    word_facts *facts = &tally->words[number];
    if (facts->last_user != tally->user) {
        if (tally->pair_count == UINT32_MAX)
            return fail_size(error);
        synth_pair *grown = lb_grow(tally->pairs, &tally->pair_capacity, tally->pair_count + 1,
                                    sizeof *grown, error);
        if (!grown)
            return LB_E_RESOURCE;
        tally->pairs = grown;
        facts->users++;
        facts->last_user = tally->user;
        facts->slot = (uint32_t)tally->pair_count;
        tally->pairs[tally->pair_count++] =
            (synth_pair){.word = number, .user = tally->user & INT32_MAX, .repeated = false};
    } else if (facts->conversation != tally->conversation) {
        tally->pairs[facts->slot].repeated = true;
    }
    facts->conversation = tally->conversation;
    return 0;
}

int synth_tally_planted(synth_tally *tally, const synth_person *person, const char *key,
                        uint64_t conversations, lb_error *error) {
    synth_planted *grown = lb_grow(tally->planted, &tally->planted_capacity,
                                   tally->planted_count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    tally->planted = grown;
    char folded[64];
    size_t size = strlen(person->token);
    synth_planted *planted = &tally->planted[tally->planted_count];
    fold((lb_str){person->token, size}, folded);
    int status = find_word(tally, lb_hash(folded, size), &planted->word, error);
    if (status < 0)
        return status;
    tally->planted_count++;
    planted->kind = person->kind;
    planted->conversations = conversations;
    snprintf(planted->key, sizeof planted->key, "%s", key);
    snprintf(planted->token, sizeof planted->token, "%s", person->token);
    return 0;
}

typedef struct word_sums {
    uint64_t distinct, unique, below_k, users, unique_users, signature_users;
    double rtu, unicity_p1; /* means over the users with a word */
} word_sums;

/* Pairs stand by user, since people are told one after the other. */
static word_sums sum_words(const synth_tally *tally) {
    word_sums sums = {.distinct = tally->word_count};
    for (size_t i = 0; i < tally->word_count; i++) {
        sums.unique += tally->words[i].users == 1;
        sums.below_k += tally->words[i].users < K;
    }
    for (size_t i = 0, end; i < tally->pair_count; i = end) {
        uint64_t words = 0, unique = 0;
        uint32_t rarest = nobody;
        bool signature = false;
        for (end = i; end < tally->pair_count && tally->pairs[end].user == tally->pairs[i].user;
             end++) {
            uint32_t users = tally->words[tally->pairs[end].word].users;
            words++;
            unique += users == 1;
            rarest = users < rarest ? users : rarest;
            signature = signature || (users < K && tally->pairs[end].repeated);
        }
        sums.users++;
        sums.unique_users += unique > 0;
        sums.signature_users += signature;
        sums.rtu += 1.0 / rarest;
        sums.unicity_p1 += (double)unique / (double)words;
    }
    if (sums.users) {
        sums.rtu /= (double)sums.users;
        sums.unicity_p1 /= (double)sums.users;
    }
    return sums;
}

static int compare_users(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int write_classes(const synth_tally *tally, FILE *stream, lb_error *error) {
    uint32_t *alone = lb_alloc(TUPLES, sizeof *alone);
    if (!alone)
        return lb_fail_memory(error, "counting the classes of the truth");
    uint32_t k = nobody;
    size_t classes = 0, singles = 0, unique = 0;
    for (size_t i = 0; i < TUPLES; i++) {
        uint32_t users = tally->tuple_users[i];
        if (users == 0)
            continue;
        classes++;
        k = users < k ? users : k;
        if (users == 1)
            alone[singles++] = tally->tuple_last[i];
    }
    qsort(alone, singles, sizeof *alone, compare_users);
    for (size_t i = 0; i < singles; i++)
        unique += i == 0 || alone[i] != alone[i - 1];
    lb_free(alone);
    fprintf(stream,
            " \"quasi_identifiers\": {\"columns\": [\"country\", \"age\", \"gender\", "
            "\"language\", \"device\"],\n  \"k\": %u, \"classes\": %zu, \"unique_users\": %zu},\n",
            k == nobody ? 0 : k, classes, unique);
    return 0;
}

static void write_planted(const synth_tally *tally, FILE *stream) {
    static const char *const kinds[] = {"code", "surname", "order"};
    fputs(" \"planted\": [", stream);
    for (size_t i = 0; i < tally->planted_count; i++) {
        const synth_planted *planted = &tally->planted[i];
        fprintf(stream,
                "%s\n  {\"user\": \"%s\", \"token\": \"%s\", \"kind\": \"%s\", \"users\": %u, "
                "\"conversations\": %llu, \"signature\": %s}",
                i ? "," : "", planted->key, planted->token, kinds[planted->kind],
                tally->words[planted->word].users, (unsigned long long)planted->conversations,
                planted->conversations >= 2 ? "true" : "false");
    }
    fputs("]\n", stream);
}

int synth_tally_write(const synth_tally *tally, const synth_totals *totals, FILE *stream,
                      lb_error *error) {
    typedef unsigned long long number;
    fprintf(stream,
            "{\"seed\": %llu, \"style\": %.17g, \"users\": %llu, \"conversations\": %llu,\n"
            " \"messages\": %llu, \"own_messages\": %llu,\n",
            (number)totals->seed, totals->style, (number)totals->users,
            (number)totals->conversations, (number)totals->messages, (number)totals->own_messages);
    int status = write_classes(tally, stream, error);
    if (status < 0)
        return status;
    word_sums sums = sum_words(tally);
    fprintf(stream,
            " \"tokens\": {\"scope\": \"ASCII words of own messages\", \"complete\": %s,\n"
            "  \"distinct\": %llu, \"unique\": %llu, \"k\": %d, \"below_k\": %llu, \"users\": %llu,"
            "\n  \"unique_users\": %llu, \"signature_users\": %llu, \"rtu\": %.17g, "
            "\"unicity_p1\": %.17g},\n",
            tally->complete ? "true" : "false", (number)sums.distinct, (number)sums.unique, K,
            (number)sums.below_k, (number)sums.users, (number)sums.unique_users,
            (number)sums.signature_users, sums.rtu, sums.unicity_p1);
    fprintf(stream, " \"identifiers\": {\"email\": %llu, \"phone\": %llu},\n",
            (number)totals->emails, (number)totals->phones);
    write_planted(tally, stream);
    fputs("}\n", stream);
    return 0;
}
