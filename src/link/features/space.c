#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/thread.h"
#include "link/features/space_private.h"

enum {
    PROFILES_A_PIECE = 64,
    FEW = 1000,     /* profiles that a feature may have to point at them, at least ... */
    FEW_SHARE = 100 /* ... and as a part of all */
};
static const double SMOOTHING = 2000; /* mu: features of the gallery's model in a profile's */

/* What building needs. */
typedef struct builder {
    lb_space *space;
    const lb_side *gallery;
    lb_extractor **extractors;
    lb_bag *bags; /* [threads] */
} builder;

static int extract_profile(void *context, size_t p, unsigned worker, lb_error *error) {
    builder *build = context;
    lb_bag *bag = &build->bags[worker];
    int status = lb_extract(build->extractors[worker], build->space->options.aspect, build->gallery,
                            p, bag, error);
    if (status < 0)
        return status;
    lb_forward *into = &build->space->forwards[p];
    into->entries = lb_alloc(bag->count + 1, sizeof(lb_entry));
    if (!into->entries)
        return lb_fail_memory(error, "the features of the gallery");
    if (bag->count)
        memcpy(into->entries, bag->entries, bag->count * sizeof(lb_entry));
    into->count = bag->count;
    build->space->totals[p] = bag->total;
    return LB_OK;
}

static size_t lower_bound(const lb_forward *in, uint64_t key) {
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
    uint64_t from = (uint64_t)number << (32 - LB_SHARD_BITS);
    uint64_t to = (uint64_t)(number + 1) << (32 - LB_SHARD_BITS);
    for (size_t p = 0; p < space->profiles; p++) {
        bounds[p] = lower_bound(&space->forwards[p], from);
        sum += lower_bound(&space->forwards[p], to) - bounds[p];
    }
    *out = lb_alloc(2 * sum + 1, sizeof **out);
    *count = 0;
    for (size_t p = 0; *out && p < space->profiles; p++) {
        const lb_forward *in = &space->forwards[p];
        for (size_t i = bounds[p]; i < in->count && in->entries[i].key < to; i++)
            (*out)[(*count)++] = (triple){in->entries[i].key, (uint32_t)p, in->entries[i].count};
    }
    return *out ? LB_OK : lb_fail_memory(error, "the index of the gallery");
}

/* Sorts by the key's bits below the shard's; equal keys keep their order. Half of the array is
 * scratch; returns the half that holds the result. */
static triple *sort_triples(triple *from, size_t count) {
    triple *to = from + count;
    for (unsigned shift = 0; shift < 32 - LB_SHARD_BITS; shift += 8) {
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

static void fill_shard(lb_shard *into, const triple *sorted, size_t count) {
    size_t feature = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || sorted[i].key != sorted[i - 1].key) {
            into->features[feature++] = (lb_shard_feature){
                .key = sorted[i].key, .offset = (uint32_t)i, .place = (uint32_t)i};
        }
        into->postings[i] = (lb_posting){sorted[i].profile, sorted[i].count};
    }
    into->features[feature] = (lb_shard_feature){.offset = (uint32_t)count};
    uint32_t slots = UINT32_C(1) << into->bits, slot = 0;
    for (uint32_t f = 0; f < feature; f++)
        for (; slot <= lb_shard_slot(into, into->features[f].key); slot++)
            into->starts[slot] = f;
    for (; slot <= slots; slot++)
        into->starts[slot] = (uint32_t)feature;
}

/* Turns the counts of one feature into weights that are not normalised yet. */
static void weigh_feature(const lb_space *space, lb_posting *postings, size_t n) {
    double of_feature = 1, occurrences = 0;
    for (size_t i = 0; i < n; i++)
        occurrences += (double)postings[i].weight;
    if (space->options.weighting == LB_WEIGHT_TFIDF)
        of_feature = lb_inverse_frequency(space, n);
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
static void weigh_shard(lb_space *space, lb_shard *in, size_t *bounds) {
    for (size_t f = 0; f < in->feature_count; f++) {
        lb_posting *postings = in->postings + in->features[f].offset;
        size_t n = lb_shard_profiles(&in->features[f]);
        weigh_feature(space, postings, n);
        for (size_t i = 0; i < n; i++) {
            size_t p = postings[i].profile;
            space->forwards[p].entries[bounds[p]++].count = postings[i].weight;
        }
    }
}

static int allocate_shard(lb_shard *into, const triple *sorted, size_t count, lb_error *error) {
    for (size_t i = 0; i < count; i++)
        into->feature_count += i == 0 || sorted[i].key != sorted[i - 1].key;
    while (into->bits < 24 && (size_t)1 << into->bits < into->feature_count)
        into->bits++;
    into->features = lb_alloc(into->feature_count + 1, sizeof *into->features);
    into->postings = lb_alloc(count + 1, sizeof *into->postings);
    into->starts = lb_alloc(((size_t)1 << into->bits) + 1, sizeof *into->starts);
    if (count < UINT32_MAX && into->features && into->postings && into->starts)
        return LB_OK;
    return lb_fail_memory(error, "the index of the gallery");
}

/* Keeps the postings of the features that point at few. */
static int drop_frequent(const lb_space *space, lb_shard *in, lb_error *error) {
    size_t most = FEW + space->profiles / FEW_SHARE, kept = 0;
    for (size_t f = 0; f < in->feature_count; f++) {
        lb_shard_feature *feature = &in->features[f];
        uint32_t n = lb_shard_profiles(feature);
        feature->place = n <= most ? (uint32_t)kept : LB_NOT_KEPT;
        if (n > most)
            continue;
        memmove(in->postings + kept, in->postings + feature->offset, n * sizeof *in->postings);
        kept += n;
    }
    lb_posting *shorter = lb_alloc(kept + 1, sizeof *shorter);
    if (!shorter)
        return lb_fail_memory(error, "the index of the gallery");
    memcpy(shorter, in->postings, kept * sizeof *shorter);
    lb_free(in->postings);
    in->postings = shorter;
    in->kept = kept;
    return LB_OK;
}

static int build_shard(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    lb_space *space = ((builder *)context)->space;
    lb_shard *into = &space->shards[piece];
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
    into->kept = count;
    if (!(space->options.layout & LB_LAYOUT_INVERTED)) {
        lb_free(into->postings);
        into->postings = NULL;
    } else if (status == LB_OK && space->options.layout & LB_LAYOUT_FORWARD) {
        status = drop_frequent(space, into, error);
    }
    return status;
}

/* Lengths of some profiles, and their weights divided by them. */
static int normalise_profile(void *context, size_t p, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    lb_space *space = ((builder *)context)->space;
    const lb_forward *of = &space->forwards[p];
    double squares = 0;
    for (size_t i = 0; i < of->count; i++)
        squares += (double)of->entries[i].count * (double)of->entries[i].count;
    space->lengths[p] = lb_space_is_cosine(space) ? squares > 0 ? 1 / sqrt(squares) : 0
                                                  : log(SMOOTHING / (space->totals[p] + SMOOTHING));
    for (size_t i = 0; lb_space_is_cosine(space) && i < of->count; i++)
        of->entries[i].count *= (float)space->lengths[p];
    return LB_OK;
}

static int normalise_shard(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    lb_space *space = ((builder *)context)->space;
    lb_shard *in = &space->shards[piece];
    for (size_t i = 0; i < in->kept; i++)
        in->postings[i].weight *= (float)space->lengths[in->postings[i].profile];
    return LB_OK;
}

/* Numbers the features, those that most profiles have first. */
static int number_features(lb_space *space, lb_error *error) {
    size_t *next = lb_alloc_zero(space->profiles + 2, sizeof *next), sum = 0;
    if (!next)
        return lb_fail_memory(error, "the index of the gallery");
    for (size_t s = 0; s < LB_SHARDS; s++)
        for (size_t f = 0; f < space->shards[s].feature_count; f++)
            next[lb_shard_profiles(&space->shards[s].features[f])]++;
    for (size_t n = space->profiles + 1; n-- > 0;) {
        size_t here = next[n];
        next[n] = sum;
        sum += here;
    }
    for (size_t s = 0; s < LB_SHARDS; s++)
        for (size_t f = 0; f < space->shards[s].feature_count; f++) {
            lb_shard_feature *feature = &space->shards[s].features[f];
            feature->number = (uint32_t)next[lb_shard_profiles(feature)]++;
        }
    lb_free(next);
    return LB_OK;
}

/* Puts the features' numbers where their keys were, the common ones first, in the order of their
 * keys. `rare`: room for a profile's. */
static void number_profile(const lb_space *space, lb_forward *of, lb_entry *rare) {
    size_t rare_count = 0;
    of->common = 0;
    for (size_t i = 0; i < of->count; i++) {
        lb_entry entry = of->entries[i];
        entry.key = lb_shard_find(lb_shard_of(space, entry.key), entry.key)->number;
        if (entry.key < LB_COMMON)
            of->entries[of->common++] = entry;
        else
            rare[rare_count++] = entry;
    }
    if (rare_count)
        memcpy(of->entries + of->common, rare, rare_count * sizeof *rare);
}

static int number_profiles(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    lb_space *space = ((builder *)context)->space;
    size_t first = piece * PROFILES_A_PIECE, end = first + PROFILES_A_PIECE, most = 0;
    end = end < space->profiles ? end : space->profiles;
    for (size_t p = first; p < end; p++)
        most = space->forwards[p].count > most ? space->forwards[p].count : most;
    lb_entry *rare = lb_alloc(most + 1, sizeof *rare);
    if (!rare)
        return lb_fail_memory(error, "the index of the gallery");
    for (size_t p = first; p < end; p++)
        number_profile(space, &space->forwards[p], rare);
    lb_free(rare);
    return LB_OK;
}

/* The forward layout in its final form. */
static int lay_out_forward(builder *build, size_t pieces, lb_error *error) {
    lb_space *space = build->space;
    unsigned threads = space->options.threads;
    int status = number_features(space, error);
    return status == LB_OK ? lb_parallel(threads, pieces, number_profiles, build, error) : status;
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
        status = lb_parallel_small(threads, gallery->count, PROFILES_A_PIECE, extract_profile,
                                   &build, error);
    for (size_t p = 0; p < gallery->count && status == LB_OK; p++)
        space->total += space->totals[p];
    if (status == LB_OK)
        status = lb_parallel(threads, LB_SHARDS, build_shard, &build, error);
    if (status == LB_OK)
        status = lb_parallel_small(threads, gallery->count, PROFILES_A_PIECE, normalise_profile,
                                   &build, error);
    if (status == LB_OK && lb_space_is_cosine(space) && space->options.layout & LB_LAYOUT_INVERTED)
        status = lb_parallel(threads, LB_SHARDS, normalise_shard, &build, error);
    if (status == LB_OK && space->options.layout & LB_LAYOUT_FORWARD)
        status = lay_out_forward(&build, pieces, error);
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
    for (size_t s = 0; s < LB_SHARDS; s++) {
        lb_free(space->shards[s].features);
        lb_free(space->shards[s].starts);
        lb_free(space->shards[s].postings);
    }
    free_forwards(space);
    lb_free(space->totals);
    lb_free(space->lengths);
    lb_free(space);
}

int lb_space_count(const lb_side *side, lb_aspect aspect, unsigned threads, lb_feature_visit *visit,
                   void *context, lb_error *error) {
    lb_space *space;
    lb_space_options options = {.aspect = aspect, .weighting = LB_WEIGHT_COUNT, .threads = threads};
    int status = lb_space_new(&space, side, &options, error);
    if (status < 0)
        return status;
    for (size_t s = 0; s < LB_SHARDS; s++) {
        const lb_shard *in = &space->shards[s];
        for (size_t f = 0; f < in->feature_count && status == LB_OK; f++) {
            const lb_shard_feature *feature = &in->features[f];
            double occurrences = 0;
            for (size_t i = feature->offset; i < feature[1].offset; i++)
                occurrences += (double)in->postings[i].weight;
            status = visit(context, feature->key, lb_shard_profiles(feature), occurrences, error);
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
    for (size_t s = 0; s < LB_SHARDS; s++)
        sum += space->shards[s].feature_count;
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

int lb_space_frequent(const lb_space *space, size_t most, uint32_t *keys, size_t *count,
                      lb_error *error) {
    size_t features = lb_space_features(space), at = 0;
    ranked *all = lb_alloc(features + 1, sizeof *all);
    if (!all)
        return lb_fail_memory(error, "the frequent words");
    for (size_t s = 0; s < LB_SHARDS; s++)
        for (size_t f = 0; f < space->shards[s].feature_count; f++) {
            const lb_shard_feature *feature = &space->shards[s].features[f];
            all[at++] = (ranked){feature->key, lb_shard_profiles(feature)};
        }
    qsort(all, features, sizeof *all, by_frequency);
    *count = most < features ? most : features;
    for (size_t i = 0; i < *count; i++)
        keys[i] = all[i].key;
    qsort(keys, *count, sizeof *keys, lb_order_u32);
    lb_free(all);
    return LB_OK;
}
