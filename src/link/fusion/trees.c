#include "link/fusion/trees.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { BINS = 64, DEPTH_MAX = 8, LEAVES_MAX = 1 << DEPTH_MAX, QUANTILE_ROWS = 20000 };

/* A complete tree: node n has children 2n + 1 and 2n + 2. */
typedef struct split_rule {
    uint32_t feature;
    float threshold; /* at or below goes left */
} split_rule;

struct lb_trees {
    size_t count;
    unsigned depth;
    double base;
    split_rule *rules; /* [count][2^depth - 1] */
    float *leaves;     /* [count][2^depth] */
};

typedef struct sums {
    float gradient, curvature;
} sums;

typedef sums histogram[BINS];

typedef struct trainer {
    const lb_examples *examples;
    const lb_trees_options *options;
    lb_trees *trees;
    uint8_t *bins;       /* [width][rows] */
    float *cuts;         /* [width][BINS - 1] ascending; bin b holds what is in (cut b-1, cut b] */
    unsigned *bin_count; /* [width] */
    double *odds;        /* [rows] log-odds so far */
    sums *slopes;        /* [rows] of the loss */
    uint32_t *sample;    /* [rows] rows of this tree */
    size_t sampled;
    uint16_t *nodes;       /* [rows] place of the row in the level */
    bool *used;            /* [width] features of this tree */
    histogram *histograms; /* [width][LEAVES_MAX / 2] of the level above, where a feature is used */
    uint32_t *fewer;       /* [rows] rows of this tree in the smaller child of every node above */
    size_t fewer_count;
    bool right_is_fewer[LEAVES_MAX / 2]; /* by the node above */
} trainer;

lb_trees_options lb_trees_defaults(void) {
    return (lb_trees_options){.trees = 120,
                              .depth = 4,
                              .rate = 0.08,
                              .row_share = 0.6,
                              .feature_share = 0.4,
                              .ridge = 5,
                              .leaf_curvature = 1,
                              .seed = 1};
}

static int ascending(const void *left, const void *right) {
    const float *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Quantiles of one feature over a regular sample of the rows. */
static void cut_feature(trainer *train, size_t feature, float *values) {
    const lb_examples *from = train->examples;
    size_t step = from->rows / QUANTILE_ROWS + 1, count = 0;
    for (size_t r = 0; r < from->rows; r += step)
        values[count++] = from->features[r * from->width + feature];
    qsort(values, count, sizeof *values, ascending);
    float *cuts = train->cuts + feature * (BINS - 1);
    unsigned cut = 0;
    for (size_t b = 1; b < BINS; b++) {
        float value = values[b * count / BINS];
        if (value < values[count - 1] && (cut == 0 || value > cuts[cut - 1]))
            cuts[cut++] = value;
    }
    train->bin_count[feature] = cut + 1;
    uint8_t *bins = train->bins + feature * from->rows;
    for (size_t r = 0; r < from->rows; r++) {
        float value = from->features[r * from->width + feature];
        unsigned low = 0, high = cut;
        while (low < high) {
            unsigned middle = (low + high) / 2;
            if (cuts[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        bins[r] = (uint8_t)low;
    }
}

static void start(trainer *train) {
    const lb_examples *from = train->examples;
    double right = 0, all = 0;
    for (size_t r = 0; r < from->rows; r++) {
        right += (double)(from->weights[r] * from->labels[r]);
        all += (double)from->weights[r];
    }
    double p = (right + 0.5) / (all + 1);
    train->trees->base = log(p / (1 - p));
    for (size_t r = 0; r < from->rows; r++)
        train->odds[r] = train->trees->base;
}

/* The loss's slopes, and which rows and features the next tree sees. */
static void begin_tree(trainer *train, lb_random *random) {
    const lb_examples *from = train->examples;
    train->sampled = 0;
    for (uint32_t r = 0; r < from->rows; r++) {
        double p = 1 / (1 + exp(-train->odds[r])), w = (double)from->weights[r];
        train->slopes[r] =
            (sums){(float)(w * ((double)from->labels[r] - p)), (float)(w * p * (1 - p))};
        train->nodes[r] = 0;
        if (lb_random_unit(random) < train->options->row_share)
            train->sample[train->sampled++] = r;
    }
    size_t used = 0;
    for (size_t f = 0; f < from->width; f++)
        used += train->used[f] = lb_random_unit(random) < train->options->feature_share;
    if (used == 0 && from->width)
        train->used[lb_random_below(random, from->width)] = true;
}

typedef struct best_split {
    double gain;
    uint32_t feature, bin;
} best_split;

static double leaf_gain(const trainer *train, double gradient, double curvature) {
    return gradient * gradient / (curvature + train->options->ridge);
}

/* Lists the rows that lie in the smaller child of every node of the level above. */
static void list_fewer(trainer *train, size_t level_nodes) {
    size_t counts[LEAVES_MAX] = {0};
    for (size_t i = 0; i < train->sampled; i++)
        counts[train->nodes[train->sample[i]]]++;
    for (size_t n = 0; n < level_nodes / 2; n++)
        train->right_is_fewer[n] = counts[2 * n + 1] < counts[2 * n];
    train->fewer_count = 0;
    for (size_t i = 0; i < train->sampled; i++) {
        uint32_t r = train->sample[i], n = train->nodes[r];
        train->fewer[train->fewer_count] = r;
        train->fewer_count += (n & 1) == train->right_is_fewer[n / 2];
    }
}

/* Histograms of the slopes of one feature at every node of a level: those of the smaller children
 * are counted, those of their siblings are what their parents have besides. */
static void fill_histograms(const trainer *train, size_t feature, size_t level_nodes,
                            histogram *of) {
    histogram counted[LEAVES_MAX / 2];
    const uint8_t *bin = train->bins + feature * train->examples->rows;
    const uint32_t *rows = level_nodes > 1 ? train->fewer : train->sample;
    size_t count = level_nodes > 1 ? train->fewer_count : train->sampled;
    size_t used = train->bin_count[feature], parents = level_nodes > 1 ? level_nodes / 2 : 1;
    for (size_t n = 0; n < parents; n++)
        memset(counted[n], 0, used * sizeof(sums));
    for (size_t i = 0; i < count; i++) {
        sums *into = &counted[train->nodes[rows[i]] / 2][bin[rows[i]]];
        into->gradient += train->slopes[rows[i]].gradient;
        into->curvature += train->slopes[rows[i]].curvature;
    }
    if (level_nodes == 1) {
        memcpy(of[0], counted[0], used * sizeof(sums));
        return;
    }
    for (size_t n = parents; n-- > 0;) {
        sums *fewer = of[2 * n + train->right_is_fewer[n]];
        sums *more = of[2 * n + !train->right_is_fewer[n]];
        for (size_t b = 0; b < used; b++) {
            const sums parent = of[n][b], part = counted[n][b];
            more[b] = (sums){parent.gradient - part.gradient, parent.curvature - part.curvature};
            fewer[b] = part;
        }
    }
}

/* Looks for better splits of the nodes of a level by one feature. */
static void try_feature(const trainer *train, size_t feature, size_t level_nodes,
                        best_split *best) {
    unsigned bins = train->bin_count[feature];
    histogram *of = train->histograms + feature * (LEAVES_MAX / 2);
    fill_histograms(train, feature, level_nodes, of);
    for (size_t n = 0; n < level_nodes; n++) {
        double gradient = 0, curvature = 0, left_gradient = 0, left_curvature = 0;
        for (unsigned b = 0; b < bins; b++) {
            gradient += (double)of[n][b].gradient;
            curvature += (double)of[n][b].curvature;
        }
        double whole = leaf_gain(train, gradient, curvature);
        for (unsigned b = 0; b + 1 < bins; b++) {
            left_gradient += (double)of[n][b].gradient;
            left_curvature += (double)of[n][b].curvature;
            if (left_curvature < train->options->leaf_curvature ||
                curvature - left_curvature < train->options->leaf_curvature)
                continue;
            double gain = leaf_gain(train, left_gradient, left_curvature) +
                          leaf_gain(train, gradient - left_gradient, curvature - left_curvature) -
                          whole;
            if (gain > best[n].gain)
                best[n] = (best_split){gain, (uint32_t)feature, b};
        }
    }
}

/* Splits every node of a level; a node without a gain sends everything left. */
static void grow_level(trainer *train, split_rule *rules, unsigned level) {
    const lb_examples *from = train->examples;
    best_split best[LEAVES_MAX / 2];
    size_t level_nodes = (size_t)1 << level;
    for (size_t n = 0; n < level_nodes; n++)
        best[n] = (best_split){1e-9, 0, UINT32_MAX};
    if (level > 0)
        list_fewer(train, level_nodes);
    for (size_t f = 0; f < from->width; f++)
        if (train->used[f] && train->bin_count[f] > 1)
            try_feature(train, f, level_nodes, best);
    for (size_t n = 0; n < level_nodes; n++)
        rules[level_nodes - 1 + n] = (split_rule){
            best[n].feature, best[n].bin == UINT32_MAX
                                 ? INFINITY
                                 : train->cuts[best[n].feature * (BINS - 1) + best[n].bin]};
    for (size_t r = 0; r < from->rows; r++) {
        const best_split *by = &best[train->nodes[r]];
        bool right = by->bin != UINT32_MAX && train->bins[by->feature * from->rows + r] > by->bin;
        train->nodes[r] = (uint16_t)(2 * train->nodes[r] + right);
    }
}

static void end_tree(trainer *train, float *leaves) {
    size_t count = (size_t)1 << train->trees->depth;
    double gradient[LEAVES_MAX] = {0}, curvature[LEAVES_MAX] = {0};
    for (size_t i = 0; i < train->sampled; i++) {
        uint32_t r = train->sample[i];
        gradient[train->nodes[r]] += (double)train->slopes[r].gradient;
        curvature[train->nodes[r]] += (double)train->slopes[r].curvature;
    }
    for (size_t n = 0; n < count; n++)
        leaves[n] =
            (float)(train->options->rate * gradient[n] / (curvature[n] + train->options->ridge));
    for (size_t r = 0; r < train->examples->rows; r++)
        train->odds[r] += (double)leaves[train->nodes[r]];
}

static int prepare(trainer *train, lb_error *error) {
    size_t rows = train->examples->rows, width = train->examples->width;
    train->bins = lb_alloc(width + 1, rows + 1);
    train->cuts = lb_alloc(width + 1, (BINS - 1) * sizeof *train->cuts);
    train->bin_count = lb_alloc(width + 1, sizeof *train->bin_count);
    train->odds = lb_alloc(rows + 1, sizeof *train->odds);
    train->slopes = lb_alloc(rows + 1, sizeof *train->slopes);
    train->sample = lb_alloc(rows + 1, sizeof *train->sample);
    train->nodes = lb_alloc(rows + 1, sizeof *train->nodes);
    train->used = lb_alloc(width + 1, sizeof *train->used);
    train->histograms = lb_alloc(width + 1, LEAVES_MAX / 2 * sizeof *train->histograms);
    train->fewer = lb_alloc(rows + 1, sizeof *train->fewer);
    float *values = lb_alloc(rows + 1, sizeof *values);
    int status = LB_OK;
    if (!train->bins || !train->cuts || !train->bin_count || !train->odds || !train->slopes ||
        !train->sample || !train->nodes || !train->used || !train->histograms || !train->fewer ||
        !values)
        status = lb_fail_memory(error, "training trees");
    for (size_t f = 0; status == LB_OK && f < width && rows > 0; f++)
        cut_feature(train, f, values);
    lb_free(values);
    return status;
}

static void clear(trainer *train) {
    lb_free(train->bins);
    lb_free(train->cuts);
    lb_free(train->bin_count);
    lb_free(train->odds);
    lb_free(train->slopes);
    lb_free(train->sample);
    lb_free(train->nodes);
    lb_free(train->used);
    lb_free(train->histograms);
    lb_free(train->fewer);
}

int lb_trees_train(lb_trees **out, const lb_examples *examples, const lb_trees_options *options,
                   lb_error *error) {
    *out = NULL;
    lb_trees *trees = lb_alloc_zero(1, sizeof *trees);
    if (!trees)
        return lb_fail_memory(error, "training trees");
    trees->depth = options->depth < DEPTH_MAX ? options->depth : DEPTH_MAX;
    trees->count = examples->rows ? options->trees : 0;
    size_t leaves = (size_t)1 << trees->depth;
    trees->rules = lb_alloc(trees->count + 1, leaves * sizeof *trees->rules);
    trees->leaves = lb_alloc(trees->count + 1, leaves * sizeof *trees->leaves);
    trainer train = {.examples = examples, .options = options, .trees = trees};
    int status = trees->rules && trees->leaves ? prepare(&train, error)
                                               : lb_fail_memory(error, "training trees");
    if (status == LB_OK)
        start(&train);
    lb_random random = lb_random_keyed(options->seed, "link.trees", 0);
    for (size_t t = 0; status == LB_OK && t < trees->count; t++) {
        begin_tree(&train, &random);
        for (unsigned level = 0; level < trees->depth; level++)
            grow_level(&train, trees->rules + t * (leaves - 1), level);
        end_tree(&train, trees->leaves + t * leaves);
    }
    clear(&train);
    if (status < 0)
        lb_trees_free(trees);
    else
        *out = trees;
    return status;
}

void lb_trees_free(lb_trees *trees) {
    if (!trees)
        return;
    lb_free(trees->rules);
    lb_free(trees->leaves);
    lb_free(trees);
}

double lb_trees_log_odds(const lb_trees *trees, const float *features) {
    double sum = trees->base;
    size_t leaves = (size_t)1 << trees->depth;
    for (size_t t = 0; t < trees->count; t++) {
        const split_rule *rules = trees->rules + t * (leaves - 1);
        size_t node = 0;
        for (unsigned level = 0; level < trees->depth; level++)
            node = 2 * node + 1 + (features[rules[node].feature] > rules[node].threshold);
        sum += (double)trees->leaves[t * leaves + node - (leaves - 1)];
    }
    return sum;
}
