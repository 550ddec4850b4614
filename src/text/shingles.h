/* Shingles: what makes texts comparable however they are cut and spaced. A shingle is the hash of
 * five folded words in a row of one message; a message of fewer words is one shingle. The set of a
 * document's shingles does not depend on the order of its messages.
 *
 * Two documents are as alike as their sets: Jaccard's index, shared over all. Min-hash signatures
 * find the candidates (Broder 1997): a signature has 32 bands of 4 minima, and two documents are
 * candidates where any band is equal, which sets of index J are with the probability
 * 1 - (1 - J^4)^32: 1 - 5e-8 at J = 0.8, 0.23 at J = 0.3 (Leskovec, Rajaraman & Ullman 2020,
 * section 3.4). Whoever uses them verifies candidates by lb_jaccard. */
#ifndef LB_TEXT_SHINGLES_H
#define LB_TEXT_SHINGLES_H

#include "text/words.h"

enum { LB_SHINGLE_WORDS = 5, LB_MINHASH_BANDS = 32, LB_MINHASH_ROWS = 4 };

typedef struct lb_shingler lb_shingler; /* scratch memory of one thread */
int lb_shingler_new(lb_shingler **out, lb_error *error);
void lb_shingler_free(lb_shingler *shingler); /* NULL is allowed */

/* Appends the shingles of a message (uint64_t) to `into`, in no order and with repetitions. */
int lb_shingler_add(lb_shingler *shingler, lb_str message, lb_buffer *into, lb_error *error);

/* Sorts shingles and drops repetitions; returns how many are left. */
size_t lb_shingles_settle(uint64_t *shingles, size_t count);

/* Jaccard's index of two settled sets; two empty sets have 0. */
double lb_jaccard(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count);

/* The bands of a set's signature, each hashed to 32 bits. */
void lb_minhash(const uint64_t *shingles, size_t count, uint32_t bands[LB_MINHASH_BANDS]);

#endif
