/* A second look at messages: the tokens of a text, each as the number that the index gave it.
 *
 * A reader is scratch memory of one thread. It remembers the last words it met by their spelling,
 * so that a running word costs one hash and, mostly, one look into a small table.
 */
#ifndef LB_RISK_WORDS_TOKEN_READER_H
#define LB_RISK_WORDS_TOKEN_READER_H

#include "index/index.h"

/* Finds the number of an n-gram from its hash: numbers are in the order of the hashes, and hashes
 * are spread evenly, so that the first bits of a hash all but tell its place. */
typedef struct lb_gram_finder {
    const lb_incidence *incidence;
    uint64_t *starts; /* [2^bits + 1] first n-gram whose hash begins with these bits */
    unsigned bits;
} lb_gram_finder;

#define LB_GRAM_NONE UINT64_MAX

/* O(grams) time; 8 bytes for about eight n-grams. The incidence must outlive the finder. */
int lb_gram_finder_make(lb_gram_finder *finder, const lb_incidence *incidence, lb_error *error);
void lb_gram_finder_free(lb_gram_finder *finder); /* leaves {0} */
/* LB_GRAM_NONE: it is not in the index. Expected O(1). */
uint64_t lb_gram_finder_find(const lb_gram_finder *finder, uint64_t hash);

typedef struct lb_token_reader lb_token_reader;

/* `finder` (of the 1-grams) must outlive the reader. */
int lb_token_reader_new(lb_token_reader **out, const lb_gram_finder *finder, lb_error *error);
void lb_token_reader_free(lb_token_reader *reader); /* NULL is allowed */

/* The tokens of a message of the index (valid UTF-8), in order; the array belongs to the reader and
 * lives until the next call. A token that is not in the index is left out. */
int lb_token_reader_read(lb_token_reader *reader, lb_str text, const uint64_t **tokens,
                         size_t *count, lb_error *error);

#endif
