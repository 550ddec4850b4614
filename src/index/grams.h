/* Who used which n-gram: the (n-gram, unit) incidence while it is being collected.
 *
 * Model. An occurrence is (hash of the n-gram, unit, conversation). Each thread has a writer with
 * one small buffer per partition of the hash space; a full buffer is handed to its partition, which
 * now and then merges what was handed to it into groups (gram_groups.h). Merging two occurrences of
 * the same n-gram and unit in different conversations sets "repeated": the operation is associative
 * and commutative, so the outcome depends neither on threads nor on order. Since partitions are
 * ranges of the hash, their groups end to end are sorted by hash: lb_grams_finish only has to put
 * them there.
 *
 * Memory: 8 bytes a distinct (n-gram, unit) pair and 12 bytes a distinct n-gram, and about a
 * quarter of that again in what is not merged yet. Past the budget all groups are written to a
 * nameless file as one run, and the runs of a partition are merged when it is finished: the same
 * figures from any budget.
 */
#ifndef LB_INDEX_GRAMS_H
#define LB_INDEX_GRAMS_H

#include "index/index.h"
#include "index/spill.h"

/* The budget of one or more incidences, and where they spill. */
typedef struct lb_gram_budget {
    _Atomic uint64_t held; /* bytes in groups, and of what is to be merged into them, now */
    uint64_t limit;        /* past it, groups are spilled */
    uint64_t layout_limit; /* an incidence larger than that is laid out in a file */
    const char *tmpdir;
} lb_gram_budget;

typedef struct lb_grams lb_grams;
typedef struct lb_gram_writer lb_gram_writer;

int lb_grams_new(lb_grams **out, unsigned length, lb_gram_budget *budget, lb_error *error);
void lb_grams_free(lb_grams *grams); /* NULL is allowed */

int lb_gram_writer_new(lb_gram_writer **out, lb_grams *grams, lb_error *error);
/* What was not flushed is lost; NULL is allowed. */
void lb_gram_writer_free(lb_gram_writer *writer);

/* Occurrences of the n-grams hashes[0 ... count-1] in a message of a unit; those with fresh[i]
 * false are only counted (lexicon.h; NULL: all are new). `unit` and `conversation` are arrival
 * numbers below 2^31. */
int lb_gram_writer_add(lb_gram_writer *writer, const uint64_t *hashes, const bool *fresh,
                       size_t count, uint32_t unit, uint32_t conversation, lb_error *error);
int lb_gram_writer_flush(lb_gram_writer *writer, lb_error *error);

/* Once all writers are flushed: fills *incidence, units renumbered by ranks[arrival number]. Its
 * arrays lie in *layout, which is the caller's. Empties `grams` on the way. */
int lb_grams_finish(lb_grams *grams, const uint32_t *ranks, unsigned threads,
                    lb_incidence *incidence, lb_bulk *layout, lb_error *error);

#endif
