/* The inside of a space: how it lies in memory. For space.c, which builds it, and space_score.c and
 * space_probe.c, which read it. */
#ifndef LB_LINK_FEATURES_SPACE_PRIVATE_H
#define LB_LINK_FEATURES_SPACE_PRIVATE_H

#include <math.h>

#include "link/features/space.h"

#define LB_NOT_KEPT UINT32_MAX
/* Features that most profiles have are numbered first; the weights of so many fit the cache of a
 * core. */
enum { LB_COMMON = 1 << 16 };
enum { LB_SHARD_BITS = 6, LB_SHARDS = 1 << LB_SHARD_BITS };

/* One feature of a shard; the last entry of a shard holds only the end of the postings. */
typedef struct lb_shard_feature {
    uint32_t key;
    uint32_t offset; /* where its postings begin among all; the next entry's is their end */
    uint32_t number; /* in the space, with the forward layout */
    /* where they begin among those that are kept, with both layouts; LB_NOT_KEPT */
    uint32_t place;
} lb_shard_feature;

/* The features whose hash begins with the number of the shard. */
typedef struct lb_shard {
    lb_shard_feature *features; /* [feature_count + 1] ascending keys */
    uint32_t *starts; /* [2^bits + 1] into features, by the key's bits below the shard's */
    lb_posting *postings;
    size_t feature_count, kept; /* kept: postings */
    unsigned bits;
} lb_shard;

/* The weighted features of one profile; once the space is built the keys are the features' numbers,
 * and those below LB_COMMON come first. */
typedef struct lb_forward {
    lb_entry *entries;
    size_t count, common;
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

/* The feature of a key, or the last entry. */
static inline const lb_shard_feature *lb_shard_find(const lb_shard *in, uint32_t key) {
    uint32_t slot = lb_shard_slot(in, key);
    for (uint32_t f = in->starts[slot]; f < in->starts[slot + 1]; f++)
        if (in->features[f].key == key)
            return &in->features[f];
    return &in->features[in->feature_count];
}

/* How many profiles have a feature that is not the last entry. */
static inline uint32_t lb_shard_profiles(const lb_shard_feature *feature) {
    return feature[1].offset - feature->offset;
}

static inline double lb_inverse_frequency(const lb_space *space, size_t n) {
    return 1 + log((1 + (double)space->profiles) / (1 + (double)n));
}

static inline const lb_shard *lb_shard_of(const lb_space *space, uint32_t key) {
    return &space->shards[key >> (32 - LB_SHARD_BITS)];
}

static inline bool lb_space_is_cosine(const lb_space *space) {
    return space->options.weighting == LB_WEIGHT_TFIDF ||
           space->options.weighting == LB_WEIGHT_HELLINGER;
}

/* What one feature of a query weighs that `n` profiles have, and what the query's sum is multiplied
 * by, with the squares and the sum of its weights. */
double lb_query_weight(const lb_space *space, float count, size_t n);
float lb_query_scale(const lb_space *space, double squares, double sum);

#endif
