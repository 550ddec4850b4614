#include "token_corpus.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "text/fold.h"
#include "text/words.h"

static int by_token(const void *a, const void *b) {
    const token_pair *x = a, *y = b;
    if (x->token != y->token)
        return x->token < y->token ? -1 : 1;
    return (x->user > y->user) - (x->user < y->user);
}

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint32_t number_of(uint64_t user, const lb_unit_facts *facts, size_t units) {
    size_t low = 0, high = units;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (facts[middle].hash < user)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

token_corpus *token_corpus_make(token_pair *pairs, size_t count, uint64_t *users,
                                size_t user_count) {
    token_corpus *corpus = calloc(1, sizeof *corpus);
    lb_unit_facts *facts = calloc(user_count + 1, sizeof *facts);
    uint64_t *offsets = calloc(count + 2, sizeof *offsets);
    uint64_t *hashes = calloc(count + 1, sizeof *hashes);
    uint32_t *units = calloc(count + 1, sizeof *units);
    if (!corpus || !facts || !offsets || !hashes || !units)
        return NULL;
    qsort(users, user_count, sizeof *users, by_value);
    qsort(pairs, count, sizeof *pairs, by_token);
    for (size_t i = 0; i < user_count; i++)
        if (i == 0 || users[i] != users[i - 1])
            facts[corpus->view.units++].hash = users[i];
    lb_incidence *incidence = &corpus->incidence;
    *incidence = (lb_incidence){
        .length = 1, .occurrences = count, .offsets = offsets, .units = units, .hashes = hashes};
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || pairs[i].token != pairs[i - 1].token) {
            offsets[incidence->grams] = incidence->pairs;
            hashes[incidence->grams++] = pairs[i].token;
        } else if (pairs[i].user == pairs[i - 1].user) {
            units[incidence->pairs - 1] |= 1;
            continue;
        }
        units[incidence->pairs++] = number_of(pairs[i].user, facts, corpus->view.units) << 1;
    }
    offsets[incidence->grams] = incidence->pairs;
    corpus->view.incidence = incidence;
    corpus->view.facts = facts;
    return corpus;
}

void token_corpus_free(token_corpus *corpus) {
    if (!corpus)
        return;
    free((void *)corpus->view.facts);
    free((void *)corpus->incidence.offsets);
    free((void *)corpus->incidence.hashes);
    free((void *)corpus->incidence.units);
    free(corpus);
}

/* How many words a user has, and how probable each word is: cumulated weights of the ranks. */
token_corpus *token_corpus_random(size_t users, size_t tokens, size_t most, double exponent,
                                  uint64_t seed) {
    token_pair *pairs = malloc((users * most + 1) * sizeof *pairs);
    uint64_t *keys = malloc((users + 1) * sizeof *keys);
    double *cumulated = malloc((tokens + 1) * sizeof *cumulated), sum = 0;
    if (!pairs || !keys || !cumulated)
        return NULL;
    for (size_t t = 0; t < tokens; t++)
        cumulated[t] = sum += pow((double)(t + 1), -exponent);
    lb_random random = lb_random_keyed(seed, "corpus", 0);
    size_t count = 0;
    for (size_t u = 0; u < users; u++) {
        keys[u] = lb_random_next(&random);
        for (size_t left = lb_random_below(&random, most + 1); left > 0; left--) {
            double point = lb_random_unit(&random) * sum;
            size_t low = 0, high = tokens - 1;
            while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (cumulated[middle] <= point)
                    low = middle + 1;
                else
                    high = middle;
            }
            pairs[count++] = (token_pair){keys[u], lb_hash(&low, sizeof low)};
        }
    }
    token_corpus *corpus = token_corpus_make(pairs, count, keys, users);
    free(pairs);
    free(keys);
    free(cumulated);
    return corpus;
}

typedef struct message_reader {
    lb_splitter *splitter;
    lb_buffer folded;
    token_pair *pairs;
    size_t count, capacity;
    uint64_t *users;
    size_t user_count, user_capacity;
} message_reader;

static int add_message(message_reader *reader, lb_str user, lb_str text) {
    const lb_word *words;
    size_t count;
    uint64_t key = lb_hash_str(user);
    int status = lb_splitter_words(reader->splitter, text, &words, &count, NULL);
    if (status < 0)
        return status;
    uint64_t *users =
        lb_grow(reader->users, &reader->user_capacity, reader->user_count + 1, sizeof *users, NULL);
    if (!users)
        return LB_E_RESOURCE;
    reader->users = users;
    token_pair *pairs =
        lb_grow(reader->pairs, &reader->capacity, reader->count + count, sizeof *pairs, NULL);
    if (!pairs)
        return LB_E_RESOURCE;
    reader->pairs = pairs;
    reader->users[reader->user_count++] = key;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        reader->folded.size = 0;
        status =
            lb_fold((lb_str){text.data + words[i].start, words[i].size}, &reader->folded, NULL);
        if (reader->folded.size > 0)
            reader->pairs[reader->count++] =
                (token_pair){key, lb_hash_str(lb_buffer_str(&reader->folded))};
    }
    return status;
}

static lb_str field(const json_t *message, const char *name) {
    const json_t *value = json_object_get(message, name);
    return (lb_str){json_string_value(value), json_string_length(value)};
}

token_corpus *token_corpus_read(const char *path) {
    char command[4200];
    snprintf(command, sizeof command, "zcat '%s'", path);
    FILE *stream = access(path, R_OK) == 0 ? popen(command, "r") : NULL;
    message_reader reader = {0};
    int status = stream ? lb_splitter_new(&reader.splitter, NULL) : LB_E_INPUT;
    char *line = NULL;
    size_t capacity = 0;
    while (status == LB_OK && getline(&line, &capacity, stream) > 0) {
        json_t *message = json_loads(line, JSON_ALLOW_NUL, NULL);
        status = message ? add_message(&reader, field(message, "user"), field(message, "text"))
                         : LB_E_INPUT;
        json_decref(message);
    }
    token_corpus *corpus = status == LB_OK ? token_corpus_make(reader.pairs, reader.count,
                                                               reader.users, reader.user_count)
                                           : NULL;
    if (stream)
        pclose(stream);
    free(line);
    lb_splitter_free(reader.splitter);
    lb_buffer_free(&reader.folded);
    lb_free(reader.pairs);
    lb_free(reader.users);
    return corpus;
}
