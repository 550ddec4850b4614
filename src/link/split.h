/* The protocol of self-linkage: cuts every person in two pseudonyms so that no conversation stands
 * on both sides (methods, section 4).
 *
 * Where conversations have several people, a conversation lies on one side for everyone, by a keyed
 * hash of its key: cut per person, one conversation would be in the A of some and the B of others,
 * and its topic would point at the wrong one. Where each has one person, that person's
 * conversations are ordered by time (by key's hash without times) and cut where half of the
 * messages is reached. Forced by time in a shared corpus, one global instant cuts for everyone.
 *
 * Eligible is who has enough messages on each side. The gallery is side A of the eligible and the
 * whole text of everyone else, as distractors; the queries are the sides B.
 */
#ifndef LB_LINK_SPLIT_H
#define LB_LINK_SPLIT_H

#include <stdbool.h>

#include "base/memory.h"
#include "link/features/side.h"

typedef enum lb_split_rule {
    LB_SPLIT_AUTOMATIC,
    LB_SPLIT_CONVERSATION, /* by conversation, as a whole */
    LB_SPLIT_TIME
} lb_split_rule;

typedef struct lb_split_options {
    lb_split_rule rule;
    size_t min_messages; /* on each side; 0 is 1 */
    uint64_t seed;
} lb_split_options;

typedef struct lb_split {
    lb_side gallery, queries;
    const uint32_t *matches; /* [queries] the gallery profile of the same person */
    bool shared;             /* conversations have several people */
    lb_split_rule used;      /* never automatic */
    size_t eligible, distractors;
    size_t silent;        /* units without a message: in no gallery */
    size_t single;        /* distractors with one conversation only */
    size_t few, one_side; /* other distractors: too few messages for any cut; too few on a side */
    lb_arena *arena;
} lb_split;

/* Fails with LB_E_RESOURCE without memory, and with LB_E_INPUT above 2^32 - 1 messages. *split need
 * not be initialised and is empty after a failure. Linear in the messages, up to sorting. */
int lb_split_make(const lb_texts *texts, const lb_split_options *options, lb_split *split,
                  lb_error *error);
/* The same of single conversations: of everyone with two or more of enough messages, one, drawn by
 * a keyed hash, lies in the gallery and another is a query; of everyone else one is a distractor.
 * options->rule is not looked at. */
int lb_split_conversations(const lb_texts *texts, const lb_split_options *options, lb_split *split,
                           lb_error *error);
void lb_split_free(lb_split *split);

/* All units with messages, whole: a side of a linkage between two corpora. The arrays are the
 * arena's. */
int lb_side_whole(const lb_texts *texts, lb_arena *arena, lb_side *side, lb_error *error);

#endif
