/* Who used which n-gram: the (n-gram, unit) incidence while it is being collected.
 *
 * Model. An occurrence is (hash of the n-gram, unit, conversation). Each thread has a writer with
 * one small buffer per partition of the hash space; a full buffer is handed to its partition. A
 * partition keeps what it has in groups (n-gram, then its units in order) and now and then merges
 * what was handed to it. Merging two occurrences of the same n-gram and unit in different
 * conversations sets "repeated": the operation is associative and commutative, so the outcome
 * depends neither on threads nor on order. Since partitions are ranges of the hash, their groups
 * end to end are sorted by hash: lb_grams_finish only has to put them there.
 *
 * Memory: 8 bytes a distinct (n-gram, unit) pair and 12 bytes a distinct n-gram, and at most a
 * quarter of that again in what is not merged yet.
 */
#ifndef LB_INDEX_GRAMS_H
#define LB_INDEX_GRAMS_H

#include "index/index.h"

typedef struct lb_grams lb_grams;
typedef struct lb_gram_writer lb_gram_writer;

int lb_grams_new(lb_grams **out, unsigned length, lb_error *error);
void lb_grams_free(lb_grams *grams); /* NULL is allowed */

int lb_gram_writer_new(lb_gram_writer **out, lb_grams *grams, lb_error *error);
void lb_gram_writer_free(
    lb_gram_writer *writer); /* what was not flushed is lost; NULL is allowed */

/* One occurrence. `unit` and `conversation` are arrival numbers below 2^31. */
int lb_gram_writer_add(lb_gram_writer *writer, uint64_t hash, uint32_t unit, uint32_t conversation,
                       lb_error *error);
int lb_gram_writer_flush(lb_gram_writer *writer, lb_error *error);

/* Once all writers are flushed: fills *incidence (its arrays are the caller's, lb_free), units
 * renumbered by ranks[arrival number]. Empties `grams` on the way. */
int lb_grams_finish(lb_grams *grams, const uint32_t *ranks, unsigned threads,
                    lb_incidence *incidence, lb_error *error);

#endif
