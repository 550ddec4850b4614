/* A side of a linkage: profiles, each the messages of one pseudonym. The attack matches the
 * profiles of one side (queries) to those of another (the gallery), and asks for nothing else, so
 * that it is the same attack within one corpus (split.h) and between two.
 *
 * A side owns its arrays; the texts stay their owner's.
 */
#ifndef LB_LINK_FEATURES_SIDE_H
#define LB_LINK_FEATURES_SIDE_H

#include "index/texts.h"

typedef struct lb_profile {
    uint32_t unit;       /* of the texts */
    size_t first, count; /* messages, in the side's order */
} lb_profile;

typedef struct lb_side {
    const lb_texts *texts;
    const uint32_t *order; /* numbers of messages; a profile is a run of them, in order of time */
    lb_profile *profiles;  /* ascending units */
    size_t count;
} lb_side;

static inline const lb_own_message *lb_side_message(const lb_side *side, size_t position) {
    return &side->texts->messages[side->order[position]];
}

static inline uint64_t lb_side_unit_hash(const lb_side *side, size_t profile) {
    return side->texts->unit_hashes[side->profiles[profile].unit];
}

#endif
