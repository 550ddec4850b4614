#include "link/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

enum { SHARD_BITS = 6, SHARDS = 1 << SHARD_BITS, PROFILES_A_PIECE = 64 };
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
    forward *forwards; /* [profiles], with the forward layout */
    shard shards[SHARDS];
};

/* What building needs. */
typedef struct builder {
    lb_space *space;
    const lb_side *gallery;
    lb_extractor **extractors;
    lb_bag *bags; /* [threads] */
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
        forward *into = &build->space->forwards[p];
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

/* Gathers what the profiles have of one shard, in the order of the profiles. bounds[profile]: where
 * it begins in the profile's entries. */
static int gather(const lb_space *space, size_t number, size_t *bounds, triple **out, size_t *count,
                  lb_error *error) {
    size_t sum = 0;
    uint64_t from = (uint64_t)number << (32 - SHARD_BITS);
    uint64_t to = (uint64_t)(number + 1) << (32 - SHARD_BITS);
    for (size_t p = 0; p < space->profiles; p++) {
        bounds[p] = lower_bound(&space->forwards[p], from);
        sum += lower_bound(&space->forwards[p], to) - bounds[p];
    }
    *out = lb_alloc(2 * sum + 1, sizeof **out);
    *count = 0;
    for (size_t p = 0; *out && p < space->profiles; p++) {
        const forward *in = &space->forwards[p];
        for (size_t i = bounds[p]; i < in->count && in->entries[i].key < to; i++)
            (*out)[(*count)++] = (triple){in->entries[i].key, (uint32_t)p, in->entries[i].count};
    }
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

/* Weighs the features of a shard, and puts the weights where the counts were in the profiles. */
static void weigh_shard(lb_space *space, shard *in, size_t *bounds) {
    for (size_t f = 0; f < in->features; f++) {
        lb_posting *postings = in->postings + in->offsets[f];
        size_t n = in->offsets[f + 1] - in->offsets[f];
        weigh_feature(space, postings, n);
        for (size_t i = 0; i < n; i++) {
            size_t p = postings[i].profile;
            space->forwards[p].entries[bounds[p]++].count = postings[i].weight;
        }
    }
}

static int allocate_shard(shard *into, const triple *sorted, size_t count, lb_error *error) {
    for (size_t i = 0; i < count; i++)
        into->features += i == 0 || sorted[i].key != sorted[i - 1].key;
    while (into->bits < 24 && (size_t)1 << into->bits < into->features)
        into->bits++;
    into->keys = lb_alloc(into->features + 1, sizeof *into->keys);
    into->offsets = lb_alloc(into->features + 1, sizeof *into->offsets);
    into->postings = lb_alloc(count + 1, sizeof *into->postings);
    into->starts = lb_alloc(((size_t)1 << into->bits) + 1, sizeof *into->starts);
    if (count < UINT32_MAX && into->keys && into->offsets && into->postings && into->starts)
        return LB_OK;
    return lb_fail_memory(error, "the index of the gallery");
}

static int build_shard(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    lb_space *space = ((builder *)context)->space;
    shard *into = &space->shards[piece];
    triple *triples = NULL;
    size_t count = 0, *bounds = lb_alloc(space->profiles + 1, sizeof *bounds);
    int status = bounds ? gather(space, piece, bounds, &triples, &count, error)
                        : lb_fail_memory(error, "the index of the gallery");
    if (status == LB_OK) {
        const triple *sorted = sort_triples(triples, count);
        status = allocate_shard(into, sorted, count, error);
        if (status == LB_OK)
            fill_shard(into, sorted, count);
    }
    lb_free(triples);
    if (status == LB_OK)
        weigh_shard(space, into, bounds);
    lb_free(bounds);
    if (!(space->options.layout & LB_LAYOUT_INVERTED)) {
        lb_free(into->postings);
        into->postings = NULL;
    }
    return status;
}

static bool is_cosine(const lb_space *space) {
    return space->options.weighting == LB_WEIGHT_TFIDF ||
           space->options.weighting == LB_WEIGHT_HELLINGER;
}

/* Lengths of some profiles, and their weights divided by them. */
static int normalise_profiles(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    lb_space *space = ((builder *)context)->space;
    size_t end = (piece + 1) * PROFILES_A_PIECE;
    for (size_t p = piece * PROFILES_A_PIECE; p < end && p < space->profiles; p++) {
        const forward *of = &space->forwards[p];
        double squares = 0;
        for (size_t i = 0; i < of->count; i++)
            squares += (double)of->entries[i].count * (double)of->entries[i].count;
        space->lengths[p] = is_cosine(space) ? squares > 0 ? 1 / sqrt(squares) : 0
                                             : log(SMOOTHING / (space->totals[p] + SMOOTHING));
        for (size_t i = 0; is_cosine(space) && i < of->count; i++)
            of->entries[i].count *= (float)space->lengths[p];
    }
    return LB_OK;
}

static int normalise_shard(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    lb_space *space = ((builder *)context)->space;
    shard *in = &space->shards[piece];
    for (size_t i = 0; i < in->offsets[in->features]; i++)
        in->postings[i].weight *= (float)space->lengths[in->postings[i].profile];
    return LB_OK;
}

static void free_forwards(lb_space *space) {
    for (size_t p = 0; space->forwards && p < space->profiles; p++)
        lb_free(space->forwards[p].entries);
    lb_free(space->forwards);
    space->forwards = NULL;
}

static int prepare(builder *build, lb_error *error) {
    lb_space *space = build->space;
    unsigned threads = space->options.threads;
    space->forwards = lb_alloc_zero(space->profiles + 1, sizeof *space->forwards);
    build->extractors = lb_alloc_zero(threads, sizeof *build->extractors);
    build->bags = lb_alloc_zero(threads, sizeof *build->bags);
    space->totals = lb_alloc_zero(space->profiles + 1, sizeof *space->totals);
    space->lengths = lb_alloc_zero(space->profiles + 1, sizeof *space->lengths);
    if (!space->forwards || !build->extractors || !build->bags || !space->totals || !space->lengths)
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
    for (unsigned t = 0; t < build->space->options.threads; t++) {
        if (build->extractors)
            lb_extractor_free(build->extractors[t]);
        if (build->bags)
            lb_bag_free(&build->bags[t]);
    }
    lb_free(build->extractors);
    lb_free(build->bags);
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
    if (space->options.layout == 0)
        space->options.layout = LB_LAYOUT_INVERTED;
    space->profiles = gallery->count;
    builder build = {.space = space, .gallery = gallery};
    size_t pieces = (gallery->count + PROFILES_A_PIECE - 1) / PROFILES_A_PIECE;
    unsigned threads = space->options.threads;
    int status = prepare(&build, error);
    if (status == LB_OK)
        status = lb_parallel(threads, pieces, extract_profiles, &build, error);
    for (size_t p = 0; p < gallery->count && status == LB_OK; p++)
        space->total += space->totals[p];
    if (status == LB_OK)
        status = lb_parallel(threads, SHARDS, build_shard, &build, error);
    if (status == LB_OK)
        status = lb_parallel(threads, pieces, normalise_profiles, &build, error);
    if (status == LB_OK && is_cosine(space) && space->options.layout & LB_LAYOUT_INVERTED)
        status = lb_parallel(threads, SHARDS, normalise_shard, &build, error);
    clear(&build);
    if (!(space->options.layout & LB_LAYOUT_FORWARD))
        free_forwards(space);
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
    free_forwards(space);
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

/* What a query's sum is multiplied by. */
static float query_scale(const lb_space *space, double squares, double sum) {
    double scale = 1;
    if (is_cosine(space))
        scale = squares > 0 ? 1 / sqrt(squares) : 0;
    else if (space->options.weighting == LB_WEIGHT_LANGUAGE)
        scale = sum > 0 ? 1 / sum : 0;
    return (float)scale;
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
        float scale = query_scale(space, of.squares[q], of.sums[q]);
        for (size_t p = 0; p < space->profiles; p++)
            rows[q][p] = scale * sums[p * LB_SPACE_LANES + q];
        if (space->options.weighting == LB_WEIGHT_LANGUAGE)
            for (size_t p = 0; p < space->profiles; p++)
                rows[q][p] += (float)space->lengths[p];
    }
}

static size_t probe_slot(const lb_probe *probe, uint32_t key) {
    size_t slot = (key * UINT32_C(0x9E3779B1) >> 7) & probe->mask;
    while (probe->keys[slot] != 0 && probe->keys[slot] != key)
        slot = (slot + 1) & probe->mask;
    return slot;
}

int lb_probe_set(lb_probe *probe, const lb_space *space, const lb_bag *query, lb_error *error) {
    size_t slots = 16;
    while (slots < 2 * query->count + 1)
        slots *= 2;
    if (slots > probe->capacity) {
        lb_probe_free(probe);
        probe->keys = lb_alloc(slots, sizeof *probe->keys);
        probe->weights = lb_alloc(slots, sizeof *probe->weights);
        if (!probe->keys || !probe->weights)
            return lb_fail_memory(error, "scoring");
        probe->capacity = slots;
    }
    probe->mask = slots - 1;
    memset(probe->keys, 0, slots * sizeof *probe->keys);
    double squares = 0, sum = 0;
    for (size_t i = 0; i < query->count; i++) {
        const lb_entry *entry = &query->entries[i];
        size_t n = lb_space_feature(space, entry->key).count;
        double weight = query_weight(space, entry->count, n);
        squares += weight * weight;
        sum += weight;
        if (n == 0 || entry->key == 0)
            continue;
        size_t slot = probe_slot(probe, entry->key);
        probe->keys[slot] = entry->key;
        probe->weights[slot] = (float)weight;
    }
    probe->scale = query_scale(space, squares, sum);
    return LB_OK;
}

void lb_probe_free(lb_probe *probe) {
    lb_free(probe->keys);
    lb_free(probe->weights);
    *probe = (lb_probe){0};
}

float lb_space_score_one(const lb_space *space, const lb_probe *probe, size_t profile) {
    const forward *of = &space->forwards[profile];
    float sum = 0;
    for (size_t i = 0; i < of->count; i++) {
        size_t slot = probe_slot(probe, of->entries[i].key);
        if (probe->keys[slot] != 0)
            sum += probe->weights[slot] * of->entries[i].count;
    }
    sum *= probe->scale;
    return space->options.weighting == LB_WEIGHT_LANGUAGE ? sum + (float)space->lengths[profile]
                                                          : sum;
}

typedef struct rarity {
    lb_feature feature;
    uint32_t key;
    float weight;
} rarity;

static int rarest_first(const void *left, const void *right) {
    const rarity *a = left, *b = right;
    if (a->feature.count != b->feature.count)
        return a->feature.count < b->feature.count ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

int lb_space_score_rarest(const lb_space *space, const lb_bag *query, size_t budget, float *sums,
                          uint32_t *touched, size_t *count, lb_error *error) {
    rarity *order = lb_alloc(query->count + 1, sizeof *order);
    if (!order)
        return lb_fail_memory(error, "scoring");
    size_t known = 0, read = 0;
    for (size_t i = 0; i < query->count; i++) {
        lb_feature feature = lb_space_feature(space, query->entries[i].key);
        if (feature.count)
            order[known++] =
                (rarity){feature, query->entries[i].key,
                         (float)query_weight(space, query->entries[i].count, feature.count)};
    }
    qsort(order, known, sizeof *order, rarest_first);
    *count = 0;
    for (size_t i = 0; i < known && read < budget; i++) {
        read += order[i].feature.count;
        for (uint32_t k = 0; k < order[i].feature.count; k++) {
            const lb_posting *posting = &order[i].feature.postings[k];
            if (sums[posting->profile] == 0)
                touched[(*count)++] = posting->profile;
            sums[posting->profile] += order[i].weight * posting->weight;
        }
    }
    lb_free(order);
    return LB_OK;
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
