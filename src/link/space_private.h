/* The inside of a space: how it lies in memory. For space.c, which builds it, and space_score.c,
 * which reads it. */
#ifndef LB_LINK_SPACE_PRIVATE_H
#define LB_LINK_SPACE_PRIVATE_H

#include <math.h>

#include "link/space.h"

#define LB_NOT_KEPT UINT32_MAX
enum { LB_SHARD_BITS = 6, LB_SHARDS = 1 << LB_SHARD_BITS };

/* The features whose hash begins with the number of the shard. */
typedef struct lb_shard {
    uint32_t *keys;    /* [features] ascending */
    uint32_t *offsets; /* [features + 1] into postings */
    uint32_t *starts;  /* [2^bits + 1] into keys, by the bits below the shard's */
    uint32_t *numbers; /* [features] in the space, with the forward layout */
    uint32_t *places;  /* [features] of those postings that are kept, with both layouts;
                          LB_NOT_KEPT */
    lb_posting *postings;
    size_t features, kept; /* kept: postings */
    unsigned bits;
} lb_shard;

/* The weighted features of one profile; the keys are the features' numbers in the space once it is
 * built. */
typedef struct lb_forward {
    lb_entry *entries;
    size_t count;
} lb_forward;

struct lb_space {
    lb_space_options options;
    size_t profiles;
    double *totals;  /* [profiles] */
    double *lengths; /* [profiles] norm, or what the language model adds */
    double total;
    lb_forward *forwards; /* [profiles], with the forward layout */
    lb_shard shards[LB_SHARDS];
};

static inline uint32_t lb_shard_slot(const lb_shard *in, uint32_t key) {
    return (uint32_t)((uint64_t)(uint32_t)(key << LB_SHARD_BITS) >> (32 - in->bits));
}

/* The place of a key among a shard's features, or its number of features. */
static inline uint32_t lb_shard_find(const lb_shard *in, uint32_t key) {
    uint32_t slot = lb_shard_slot(in, key);
    for (uint32_t f = in->starts[slot]; f < in->starts[slot + 1]; f++)
        if (in->keys[f] == key)
            return f;
    return (uint32_t)in->features;
}

static inline double lb_inverse_frequency(const lb_space *space, size_t n) {
    return 1 + log((1 + (double)space->profiles) / (1 + (double)n));
}

static inline bool lb_space_is_cosine(const lb_space *space) {
    return space->options.weighting == LB_WEIGHT_TFIDF ||
           space->options.weighting == LB_WEIGHT_HELLINGER;
}

#endif
