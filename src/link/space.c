#include "link/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

enum { SHARD_BITS = 6, SHARDS = 1 << SHARD_BITS, GROUPS = 16, PROFILES_A_PIECE = 64 };
static const double SMOOTHING = 2000; /* mu: features of the gallery's model in a profile's */

/* The features whose hash begins with the number of the shard. */
typedef struct shard {
    uint32_t *keys;    /* [features] ascending */
    uint32_t *offsets; /* [features + 1] into postings */
    uint32_t *starts;  /* [2^bits + 1] into keys, by the bits below the shard's */
    lb_posting *postings;
    size_t features;
    unsigned bits;
} shard;

typedef struct forward {
    lb_entry *entries;
    size_t count;
} forward;

struct lb_space {
    lb_space_options options;
    size_t profiles;
    double *totals;  /* [profiles] */
    double *lengths; /* [profiles] norm, or what the language model adds */
    double total;
    shard shards[SHARDS];
};

/* What building needs. */
typedef struct builder {
    lb_space *space;
    const lb_side *gallery;
    forward *forwards; /* [profiles] */
    lb_extractor **extractors;
    lb_bag *bags;     /* [threads] */
    double *partials; /* [GROUPS][profiles] */
} builder;

static int extract_profiles(void *context, size_t piece, unsigned worker, lb_error *error) {
    builder *build = context;
    lb_bag *bag = &build->bags[worker];
    size_t end = (piece + 1) * PROFILES_A_PIECE;
    for (size_t p = piece * PROFILES_A_PIECE; p < end && p < build->space->profiles; p++) {
        int status = lb_extract(build->extractors[worker], build->space->options.aspect,
                                build->gallery, p, bag, error);
        if (status < 0)
            return status;
        forward *into = &build->forwards[p];
        into->entries = lb_alloc(bag->count + 1, sizeof(lb_entry));
        if (!into->entries)
            return lb_fail_memory(error, "the features of the gallery");
        if (bag->count)
            memcpy(into->entries, bag->entries, bag->count * sizeof(lb_entry));
        into->count = bag->count;
        build->space->totals[p] = bag->total;
    }
    return LB_OK;
}

static size_t lower_bound(const forward *in, uint64_t key) {
    size_t low = 0, high = in->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (in->entries[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef struct triple {
    uint32_t key, profile;
    float count;
} triple;

/* Gathers what the profiles have of one shard, in the order of the profiles. */
static int gather(const builder *build, size_t number, triple **out, size_t *count,
                  lb_error *error) {
    size_t profiles = build->space->profiles, sum = 0;
    uint64_t from = (uint64_t)number << (32 - SHARD_BITS);
    uint64_t to = (uint64_t)(number + 1) << (32 - SHARD_BITS);
    size_t *bounds = lb_alloc(profiles, 2 * sizeof *bounds);
    if (!bounds && profiles)
        return lb_fail_memory(error, "the index of the gallery");
    for (size_t p = 0; p < profiles; p++) {
        bounds[2 * p] = lower_bound(&build->forwards[p], from);
        bounds[2 * p + 1] = lower_bound(&build->forwards[p], to);
        sum += bounds[2 * p + 1] - bounds[2 * p];
    }
    *out = lb_alloc(2 * sum + 1, sizeof **out);
    *count = 0;
    for (size_t p = 0; *out && p < profiles; p++)
        for (size_t i = bounds[2 * p]; i < bounds[2 * p + 1]; i++) {
            const lb_entry *entry = &build->forwards[p].entries[i];
            (*out)[(*count)++] = (triple){entry->key, (uint32_t)p, entry->count};
        }
    lb_free(bounds);
    return *out ? LB_OK : lb_fail_memory(error, "the index of the gallery");
}

/* Sorts by the key's bits below the shard's; equal keys keep their order. Half of the array is
 * scratch; returns the half that holds the result. */
static triple *sort_triples(triple *from, size_t count) {
    triple *to = from + count;
    for (unsigned shift = 0; shift < 32 - SHARD_BITS; shift += 8) {
        size_t starts[256] = {0}, sum = 0;
        for (size_t i = 0; i < count; i++)
            starts[from[i].key >> shift & 255]++;
        for (size_t d = 0; d < 256; d++) {
            size_t here = starts[d];
            starts[d] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++)
            to[starts[from[i].key >> shift & 255]++] = from[i];
        triple *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static uint32_t slot_of(const shard *in, uint32_t key) {
    return (uint32_t)((uint64_t)(uint32_t)(key << SHARD_BITS) >> (32 - in->bits));
}

static void fill_shard(shard *into, const triple *sorted, size_t count) {
    size_t feature = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || sorted[i].key != sorted[i - 1].key) {
            into->keys[feature] = sorted[i].key;
            into->offsets[feature++] = (uint32_t)i;
        }
        into->postings[i] = (lb_posting){sorted[i].profile, sorted[i].count};
    }
    into->offsets[feature] = (uint32_t)count;
    uint32_t slots = UINT32_C(1) << into->bits, slot = 0;
    for (uint32_t f = 0; f < feature; f++)
        for (; slot <= slot_of(into, into->keys[f]); slot++)
            into->starts[slot] = f;
    for (; slot <= slots; slot++)
        into->starts[slot] = (uint32_t)feature;
}

static int build_shard(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    builder *build = context;
    shard *into = &build->space->shards[piece];
    triple *triples = NULL;
    size_t count;
    int status = gather(build, piece, &triples, &count, error);
    if (status < 0)
        return status;
    const triple *sorted = sort_triples(triples, count);
    for (size_t i = 0; i < count; i++)
        into->features += i == 0 || sorted[i].key != sorted[i - 1].key;
    while (into->bits < 24 && (size_t)1 << into->bits < into->features)
        into->bits++;
    into->keys = lb_alloc(into->features + 1, sizeof *into->keys);
    into->offsets = lb_alloc(into->features + 1, sizeof *into->offsets);
    into->postings = lb_alloc(count + 1, sizeof *into->postings);
    into->starts = lb_alloc(((size_t)1 << into->bits) + 1, sizeof *into->starts);
    if (count >= UINT32_MAX || !into->keys || !into->offsets || !into->postings || !into->starts)
        status = lb_fail_memory(error, "the index of the gallery");
    else
        fill_shard(into, sorted, count);
    lb_free(triples);
    return status;
}

static double inverse_frequency(const lb_space *space, size_t n) {
    return 1 + log((1 + (double)space->profiles) / (1 + (double)n));
}

/* Turns the counts of one feature into weights that are not normalised yet. */
static void weigh_feature(const lb_space *space, lb_posting *postings, size_t n) {
    double of_feature = 1, occurrences = 0;
    for (size_t i = 0; i < n; i++)
        occurrences += (double)postings[i].weight;
    if (space->options.weighting == LB_WEIGHT_TFIDF)
        of_feature = inverse_frequency(space, n);
    for (size_t i = 0; i < n; i++) {
        double count = (double)postings[i].weight;
        switch (space->options.weighting) {
        case LB_WEIGHT_COUNT:
            break;
        case LB_WEIGHT_TFIDF:
            count = (1 + log(count)) * of_feature;
            break;
        case LB_WEIGHT_HELLINGER:
            count = sqrt(count);
            break;
        case LB_WEIGHT_RARE:
            count = 1 / log(2 + (double)n);
            break;
        case LB_WEIGHT_LANGUAGE:
            count = log1p(count * space->total / (SMOOTHING * occurrences));
            break;
        }
        postings[i].weight = (float)count;
    }
}

/* Weighs the shards of one group, and adds up the squares for each profile. */
static int weigh_group(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    builder *build = context;
    double *squares = build->partials + piece * build->space->profiles;
    for (size_t s = piece * (SHARDS / GROUPS); s < (piece + 1) * (SHARDS / GROUPS); s++) {
        shard *in = &build->space->shards[s];
        for (size_t f = 0; f < in->features; f++)
            weigh_feature(build->space, in->postings + in->offsets[f],
                          in->offsets[f + 1] - in->offsets[f]);
        for (size_t i = 0; i < in->offsets[in->features]; i++)
            squares[in->postings[i].profile] +=
                (double)in->postings[i].weight * (double)in->postings[i].weight;
    }
    return LB_OK;
}

static int normalise_shard(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    builder *build = context;
    shard *in = &build->space->shards[piece];
    for (size_t i = 0; i < in->offsets[in->features]; i++)
        in->postings[i].weight *= (float)build->space->lengths[in->postings[i].profile];
    return LB_OK;
}

static bool is_cosine(const lb_space *space) {
    return space->options.weighting == LB_WEIGHT_TFIDF ||
           space->options.weighting == LB_WEIGHT_HELLINGER;
}

static int weigh(builder *build, lb_error *error) {
    lb_space *space = build->space;
    build->partials = lb_alloc_zero(GROUPS, space->profiles * sizeof(double));
    if (!build->partials && space->profiles)
        return lb_fail_memory(error, "the weights of the gallery");
    for (size_t p = 0; p < space->profiles; p++)
        space->total += space->totals[p];
    int status = lb_parallel(space->options.threads, GROUPS, weigh_group, build, error);
    for (size_t p = 0; status == LB_OK && p < space->profiles; p++) {
        double squares = 0;
        for (size_t g = 0; g < GROUPS; g++)
            squares += build->partials[g * space->profiles + p];
        space->lengths[p] = is_cosine(space) ? squares > 0 ? 1 / sqrt(squares) : 0
                                             : log(SMOOTHING / (space->totals[p] + SMOOTHING));
    }
    if (status == LB_OK && is_cosine(space))
        status = lb_parallel(space->options.threads, SHARDS, normalise_shard, build, error);
    return status;
}

static int prepare(builder *build, lb_error *error) {
    lb_space *space = build->space;
    unsigned threads = space->options.threads;
    build->forwards = lb_alloc_zero(space->profiles + 1, sizeof *build->forwards);
    build->extractors = lb_alloc_zero(threads, sizeof *build->extractors);
    build->bags = lb_alloc_zero(threads, sizeof *build->bags);
    space->totals = lb_alloc_zero(space->profiles + 1, sizeof *space->totals);
    space->lengths = lb_alloc_zero(space->profiles + 1, sizeof *space->lengths);
    if (!build->forwards || !build->extractors || !build->bags || !space->totals || !space->lengths)
        return lb_fail_memory(error, "the index of the gallery");
    int status = LB_OK;
    for (unsigned t = 0; t < threads && status == LB_OK; t++) {
        status = lb_extractor_new(&build->extractors[t], space->options.suppressed, error);
        if (status == LB_OK) {
            lb_extractor_keep(build->extractors[t], space->options.frequent);
            status = lb_bag_init(&build->bags[t], error);
        }
    }
    return status;
}

static void clear(builder *build) {
    for (size_t p = 0; build->forwards && p < build->space->profiles; p++)
        lb_free(build->forwards[p].entries);
    for (unsigned t = 0; t < build->space->options.threads; t++) {
        if (build->extractors)
            lb_extractor_free(build->extractors[t]);
        if (build->bags)
            lb_bag_free(&build->bags[t]);
    }
    lb_free(build->forwards);
    lb_free(build->extractors);
    lb_free(build->bags);
    lb_free(build->partials);
}

int lb_space_new(lb_space **out, const lb_side *gallery, const lb_space_options *options,
                 lb_error *error) {
    *out = NULL;
    lb_space *space = lb_alloc_zero(1, sizeof *space);
    if (!space)
        return lb_fail_memory(error, "the index of the gallery");
    space->options = *options;
    if (space->options.threads == 0)
        space->options.threads = 1;
    space->profiles = gallery->count;
    builder build = {.space = space, .gallery = gallery};
    size_t pieces = (gallery->count + PROFILES_A_PIECE - 1) / PROFILES_A_PIECE;
    unsigned threads = space->options.threads;
    int status = prepare(&build, error);
    if (status == LB_OK)
        status = lb_parallel(threads, pieces, extract_profiles, &build, error);
    if (status == LB_OK)
        status = lb_parallel(threads, SHARDS, build_shard, &build, error);
    if (status == LB_OK)
        status = weigh(&build, error);
    clear(&build);
    if (status < 0) {
        lb_space_free(space);
        return status;
    }
    *out = space;
    return LB_OK;
}

void lb_space_free(lb_space *space) {
    if (!space)
        return;
    for (size_t s = 0; s < SHARDS; s++) {
        lb_free(space->shards[s].keys);
        lb_free(space->shards[s].offsets);
        lb_free(space->shards[s].starts);
        lb_free(space->shards[s].postings);
    }
    lb_free(space->totals);
    lb_free(space->lengths);
    lb_free(space);
}

lb_feature lb_space_feature(const lb_space *space, uint32_t key) {
    const shard *in = &space->shards[key >> (32 - SHARD_BITS)];
    uint32_t slot = slot_of(in, key);
    for (uint32_t f = in->starts[slot]; f < in->starts[slot + 1]; f++)
        if (in->keys[f] == key)
            return (lb_feature){in->postings + in->offsets[f], in->offsets[f + 1] - in->offsets[f]};
    return (lb_feature){NULL, 0};
}

/* What one occurrence count of a feature weighs in a query. */
static double query_weight(const lb_space *space, float count, size_t n) {
    switch (space->options.weighting) {
    case LB_WEIGHT_TFIDF:
        return (1 + log((double)count)) * inverse_frequency(space, n);
    case LB_WEIGHT_HELLINGER:
        return sqrt((double)count);
    case LB_WEIGHT_LANGUAGE:
        return 1 + log((double)count);
    case LB_WEIGHT_COUNT:
        return (double)count;
    case LB_WEIGHT_RARE:
        break;
    }
    return 1;
}

typedef float lanes __attribute__((vector_size(LB_SPACE_LANES * sizeof(float)), aligned(16)));

/* The queries' merged features, in the order of their hashes. */
typedef struct merge {
    const lb_bag *queries;
    size_t count;
    size_t at[LB_SPACE_LANES];
    double squares[LB_SPACE_LANES], sums[LB_SPACE_LANES]; /* of the queries' weights */
} merge;

/* The next feature and what it weighs in each query; false at the end. */
static bool next_feature(const lb_space *space, merge *of, lb_feature *feature, lanes *factors) {
    uint64_t key = UINT64_MAX;
    for (size_t q = 0; q < of->count; q++)
        if (of->at[q] < of->queries[q].count && of->queries[q].entries[of->at[q]].key < key)
            key = of->queries[q].entries[of->at[q]].key;
    if (key == UINT64_MAX)
        return false;
    *feature = lb_space_feature(space, (uint32_t)key);
    *factors = (lanes){0};
    for (size_t q = 0; q < of->count; q++) {
        if (of->at[q] == of->queries[q].count || of->queries[q].entries[of->at[q]].key != key)
            continue;
        double weight =
            query_weight(space, of->queries[q].entries[of->at[q]++].count, feature->count);
        of->squares[q] += weight * weight;
        of->sums[q] += weight;
        (*factors)[q] = (float)weight;
    }
    return true;
}

void lb_space_score(const lb_space *space, const lb_bag *queries, size_t count, float *sums,
                    float *const *rows) {
    merge of = {.queries = queries, .count = count};
    lb_feature feature;
    lanes factors, *totals = (lanes *)(void *)sums;
    memset(sums, 0, space->profiles * sizeof *totals);
    while (next_feature(space, &of, &feature, &factors))
        for (uint32_t p = 0; p < feature.count; p++)
            totals[feature.postings[p].profile] += factors * feature.postings[p].weight;
    for (size_t q = 0; q < count; q++) {
        double scale = 1;
        if (is_cosine(space))
            scale = of.squares[q] > 0 ? 1 / sqrt(of.squares[q]) : 0;
        else if (space->options.weighting == LB_WEIGHT_LANGUAGE)
            scale = of.sums[q] > 0 ? 1 / of.sums[q] : 0;
        for (size_t p = 0; p < space->profiles; p++)
            rows[q][p] = (float)scale * sums[p * LB_SPACE_LANES + q];
        if (space->options.weighting == LB_WEIGHT_LANGUAGE)
            for (size_t p = 0; p < space->profiles; p++)
                rows[q][p] += (float)space->lengths[p];
    }
}

int lb_space_count(const lb_side *side, lb_aspect aspect, unsigned threads, lb_feature_visit *visit,
                   void *context, lb_error *error) {
    lb_space *space;
    lb_space_options options = {.aspect = aspect, .weighting = LB_WEIGHT_COUNT, .threads = threads};
    int status = lb_space_new(&space, side, &options, error);
    if (status < 0)
        return status;
    for (size_t s = 0; s < SHARDS; s++) {
        const shard *in = &space->shards[s];
        for (size_t f = 0; f < in->features && status == LB_OK; f++) {
            double occurrences = 0;
            for (size_t i = in->offsets[f]; i < in->offsets[f + 1]; i++)
                occurrences += (double)in->postings[i].weight;
            status = visit(context, in->keys[f], in->offsets[f + 1] - in->offsets[f], occurrences,
                           error);
        }
    }
    lb_space_free(space);
    return status;
}

double lb_space_total(const lb_space *space, size_t profile) {
    return space->totals[profile];
}

size_t lb_space_features(const lb_space *space) {
    size_t sum = 0;
    for (size_t s = 0; s < SHARDS; s++)
        sum += space->shards[s].features;
    return sum;
}

typedef struct ranked {
    uint32_t key, count;
} ranked;

static int by_frequency(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

static int by_key(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

int lb_space_frequent(const lb_space *space, size_t most, uint32_t *keys, size_t *count,
                      lb_error *error) {
    size_t features = lb_space_features(space), at = 0;
    ranked *all = lb_alloc(features + 1, sizeof *all);
    if (!all)
        return lb_fail_memory(error, "the frequent words");
    for (size_t s = 0; s < SHARDS; s++)
        for (size_t f = 0; f < space->shards[s].features; f++)
            all[at++] = (ranked){space->shards[s].keys[f],
                                 space->shards[s].offsets[f + 1] - space->shards[s].offsets[f]};
    qsort(all, features, sizeof *all, by_frequency);
    *count = most < features ? most : features;
    for (size_t i = 0; i < *count; i++)
        keys[i] = all[i].key;
    qsort(keys, *count, sizeof *keys, by_key);
    lb_free(all);
    return LB_OK;
}
