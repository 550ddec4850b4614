/* A space: one aspect of every gallery profile, weighted, as an inverted index, so that a query is
 * scored against the whole gallery by one pass over the postings of its features.
 *
 * Weightings (t: count of the feature in the profile, n: profiles that have it, N: profiles):
 *   LB_WEIGHT_COUNT       t
 *   LB_WEIGHT_TFIDF       (1 + ln t) (1 + ln((1 + N) / (1 + n))), cosine
 *   LB_WEIGHT_HELLINGER   sqrt t, cosine: the Bhattacharyya coefficient of two distributions
 *   LB_WEIGHT_RARE        the scoreboard of Narayanan & Shmatikov 2008: shared features count
 *                         1 / ln(1 + n + 1)
 *   LB_WEIGHT_LANGUAGE    log-likelihood ratio of the query under the profile's unigram model with
 *                         Dirichlet smoothing (Zhai & Lafferty 2004) against the gallery's model,
 *                         per feature of the query, whose repeated ones count 1 + ln t
 *
 * The features are kept in shards by the highest bits of their hash: a shard is built by one thread
 * and a query's sum runs in the order of the hashes, so no figure depends on the threads.
 */
#ifndef LB_LINK_FEATURES_SPACE_H
#define LB_LINK_FEATURES_SPACE_H

#include "link/features/aspect.h"

typedef enum lb_weighting {
    LB_WEIGHT_COUNT,
    LB_WEIGHT_TFIDF,
    LB_WEIGHT_HELLINGER,
    LB_WEIGHT_RARE,
    LB_WEIGHT_LANGUAGE
} lb_weighting;

typedef struct lb_posting {
    uint32_t profile;
    float weight;
} lb_posting;

typedef struct lb_feature {
    const lb_posting *postings; /* ascending profiles; NULL where they are not laid out */
    uint32_t count;             /* n; 0: nobody in the gallery has it */
} lb_feature;

typedef struct lb_space lb_space;

/* How the weights are laid out: by feature, to score a query against everyone; by profile, to score
 * it against a few; or both, where a feature that many have is laid out by profile only: it points
 * at nobody. */
enum { LB_LAYOUT_INVERTED = 1, LB_LAYOUT_FORWARD = 2 };

typedef struct lb_space_options {
    lb_aspect aspect;
    lb_weighting weighting;
    const lb_word_set *suppressed, *frequent; /* as of aspect.h; NULL: none */
    unsigned layout;                          /* 0 is inverted */
    unsigned threads;
} lb_space_options;

/* Linear in the gallery's text. Fails only for lack of memory. */
int lb_space_new(lb_space **out, const lb_side *gallery, const lb_space_options *options,
                 lb_error *error);
void lb_space_free(lb_space *space); /* NULL is allowed */

lb_feature lb_space_feature(const lb_space *space, uint32_t key);

/* Queries that are scored together: a posting is read once for all of them. */
enum { LB_SPACE_LANES = 8 };

/* Scores of up to LB_SPACE_LANES queries (closed bags) against every profile of the gallery, into
 * rows[query][N]. What a query scores does not depend on those beside it. `sums`: scratch,
 * [N * LB_SPACE_LANES], aligned to 16 bytes. */
void lb_space_score(const lb_space *space, const lb_bag *queries, size_t count, float *sums,
                    float *const *rows);

/* A query's features as the space knows them, looked up once for all that follows. Scratch memory;
 * {0} is empty. */
typedef struct lb_found {
    lb_feature feature;
    uint32_t key, number; /* number: with the forward layout */
    float weight;
} lb_found;

typedef struct lb_lookup {
    /* [count] ascending keys; features that nobody in the gallery has are left out */
    lb_found *list;
    size_t count, capacity;
    float scale;
} lb_lookup;

int lb_space_look_up(const lb_space *space, const lb_bag *query, lb_lookup *into, lb_error *error);
void lb_lookup_free(lb_lookup *lookup);

/* A query laid out to be scored against single profiles: the weight of every feature of the space,
 * 0 where the query does not have it, so that a profile is scored without a search; and a filter
 * that knows rare features which the query does not have. Scratch memory of one thread and one
 * space; {0} is empty. */
typedef struct lb_probe {
    float *weights;   /* [features] by number */
    uint64_t *filter; /* bits by number */
    uint32_t *set;    /* [set_count] numbers of those that are not 0 */
    size_t set_count, set_capacity;
    float scale;
} lb_probe;

/* Both need the forward layout. */
int lb_probe_set(lb_probe *probe, const lb_space *space, const lb_lookup *query, lb_error *error);
/* The same score as lb_space_score's, up to rounding. */
float lb_space_score_one(const lb_space *space, const lb_probe *probe, size_t profile);
void lb_probe_free(lb_probe *probe);

/* What a feature of a query can add to the scores of those who have it. */
typedef struct lb_impact {
    lb_feature feature;
    uint32_t key;
    float weight; /* a posting's weight times this is added */
    float gain;   /* about how much that is */
} lb_impact;

typedef struct lb_impacts {
    lb_impact *list;
    size_t count, capacity;
} lb_impacts;

/* Appends the query's features whose postings are laid out, with their weights times `factor`. For
 * cosines of TF-IDF. */
int lb_space_impacts(const lb_space *space, const lb_lookup *query, float factor, lb_impacts *into,
                     lb_error *error);
/* Adds up scores, of the features with the largest gain first, until `budget` postings were read
 * (impact-ordered, Anh & Moffat 2006): sums[N]. Sorts the list. */
void lb_impacts_add(lb_impacts *impacts, size_t budget, float *sums);
void lb_impacts_free(lb_impacts *impacts);

/* Counts an aspect over the profiles of a side, feature by feature in the order of their hashes. */
typedef int lb_feature_visit(void *context, uint32_t key, size_t profiles, double occurrences,
                             lb_error *error);
int lb_space_count(const lb_side *side, lb_aspect aspect, unsigned threads, lb_feature_visit *visit,
                   void *context, lb_error *error);

double lb_space_total(const lb_space *space, size_t profile); /* sum of its counts */
size_t lb_space_features(const lb_space *space);

/* The `most` features that most profiles have, ties by hash: ascending keys into keys[most];
 * returns how many there are. */
int lb_space_frequent(const lb_space *space, size_t most, uint32_t *keys, size_t *count,
                      lb_error *error);

#endif
