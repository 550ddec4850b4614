/* Incidences for the tests and benchmarks of the deep token measures: from a list of (user, token)
 * pairs, made up at random, or from a file of messages. What comes out is an lb_token_view as the
 * index would give it: users and tokens in the order of their hashes, lists ascending. */
#ifndef LB_TESTS_RISK_TOKEN_CORPUS_H
#define LB_TESTS_RISK_TOKEN_CORPUS_H

#include "risk/words/transpose.h"

typedef struct token_pair {
    uint64_t user, token; /* hashes */
} token_pair;

typedef struct token_corpus {
    lb_token_view view;
    lb_incidence incidence;
} token_corpus;

/* `pairs` are sorted in place and may repeat; `users` are hashes of all users, sorted in place, of
 * whom some may have no pair. NULL: out of memory. */
token_corpus *token_corpus_make(token_pair *pairs, size_t count, uint64_t *users,
                                size_t user_count);
void token_corpus_free(token_corpus *corpus); /* NULL is allowed */

/* `users` people who used up to `most` of `tokens` words each, words being as frequent as in
 * languages (Zipf with the given exponent: 0 makes all alike). The same seed, the same corpus. */
token_corpus *token_corpus_random(size_t users, size_t tokens, size_t most, double exponent,
                                  uint64_t seed);

/* Messages {"user", "text"} as JSON, one a line, gzip compressed: split and folded into words. NULL
 * where it cannot be read. */
token_corpus *token_corpus_read(const char *path);

#endif
