#include "link/fusion/fusion.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/thread.h"

enum {
    HARD = 40,       /* best candidates of a query that are always shown to the trees */
    EASY = 20,       /* others that are, each for several */
    ABSENT = 10,     /* best candidates of a query whose match is taken out */
    LEARNERS = 6000, /* queries that are learnt from, at most */
    STAGE_WIDTH = 3
};

/* Log-odds of one query's candidates by the models that left out its fold and fold f. */
typedef struct opinions {
    float *main[LB_FOLDS], *control[LB_FOLDS];
} opinions;

typedef struct learner {
    const lb_scores *scores;
    const lb_fusion_options *options;
    lb_fusion *fusion;
    size_t width;
    float *features; /* [rows][width] examples of all queries, query by query */
    float *labels, *weights;
    size_t *first;      /* [queries + 1] rows */
    bool *hidden;       /* [width] features that are not shown */
    opinions *opinions; /* [queries] */
} learner;

/* The number of the model that left out folds a and b, a != b. */
static size_t model_of(size_t a, size_t b) {
    size_t low = a < b ? a : b, high = a < b ? b : a;
    return high * (high - 1) / 2 + low;
}

static void hide(const learner *learn, float *features, size_t rows) {
    for (size_t f = 0; f < learn->width; f++)
        if (learn->hidden[f])
            for (size_t r = 0; r < rows; r++)
                features[r * learn->width + f] = 0;
}

/* Examples of a query whose match is taken out: without them, trees that have seen only queries
 * with a match would believe that there always is one. */
static size_t absent_of(const lb_candidates *of) {
    if (of->match == LB_NOT_FOUND)
        return 0;
    return of->count - 1 < ABSENT ? of->count - 1 : ABSENT;
}

static size_t examples_of(const lb_candidates *of) {
    size_t main = of->count < HARD + EASY + 1 ? of->count : HARD + EASY + 1;
    return main + absent_of(of);
}

/* The examples of one query: the match, the hardest others by their sum of z-scores, and some of
 * the rest. */
typedef struct chooser {
    float *features; /* [candidates][width] */
    uint32_t *order; /* [2 * candidates] */
} chooser;

static size_t place_of(const float *features, size_t width, size_t count, uint32_t *order) {
    /* The HARD largest sums first, by selection: the lists are short. */
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    size_t hard = count < HARD ? count : HARD;
    for (size_t k = 0; k < hard; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < count; i++)
            if (features[order[i] * width + width - 1] > features[order[best] * width + width - 1])
                best = i;
        uint32_t swap = order[k];
        order[k] = order[best];
        order[best] = swap;
    }
    return hard;
}

static void write_example(learner *learn, size_t row, const float *features, bool label,
                          double weight) {
    memcpy(learn->features + row * learn->width, features, learn->width * sizeof *features);
    learn->labels[row] = label ? 1 : 0;
    learn->weights[row] = (float)weight;
}

static void choose_examples(learner *learn, size_t query, chooser *by) {
    const lb_candidates *of = &learn->scores->candidates[query];
    size_t row = learn->first[query], width = learn->width;
    if (learn->first[query + 1] == row)
        return;
    size_t room = learn->first[query + 1] - row - absent_of(of);
    lb_pairs_fill(learn->scores, query, LB_NOT_FOUND, by->order, by->features);
    size_t hard = place_of(by->features, width, of->count, by->order);
    hide(learn, by->features, of->count);
    bool match_done = of->match == LB_NOT_FOUND;
    for (size_t k = 0; k < hard; k++) {
        uint32_t i = by->order[k];
        match_done = match_done || i == of->match;
        write_example(learn, row++, by->features + i * width, i == of->match, 1);
        room--;
    }
    if (!match_done) {
        write_example(learn, row++, by->features + of->match * width, true, 1);
        room--;
    }
    lb_random random =
        lb_random_keyed(learn->options->seed, "link.examples", of->profiles[0] + (uint64_t)query);
    size_t left = of->count - hard;
    room = room < left ? room : left;
    double weight = room ? (double)left / (double)room : 0;
    for (size_t k = 0; k < room; k++) {
        size_t pick = hard + k + lb_random_below(&random, left - k);
        uint32_t i = by->order[pick];
        by->order[pick] = by->order[hard + k];
        by->order[hard + k] = i;
        if (i == of->match)
            write_example(learn, row++, by->features + by->order[hard] * width, false, 1e-6);
        else
            write_example(learn, row++, by->features + i * width, false, weight);
    }
    if (absent_of(of) == 0)
        return;
    lb_pairs_fill(learn->scores, query, of->match, by->order, by->features);
    by->features[of->match * width + width - 1] = -INFINITY;
    place_of(by->features, width, of->count, by->order);
    hide(learn, by->features, of->count);
    for (size_t k = 0; k < absent_of(of); k++)
        write_example(learn, row++, by->features + by->order[k] * width, false, 1);
}

static size_t most_candidates(const lb_scores *scores) {
    size_t most = 1;
    for (size_t q = 0; q < scores->queries; q++)
        most = scores->candidates[q].count > most ? scores->candidates[q].count : most;
    return most;
}

static int chooser_init(chooser *by, const learner *learn, lb_error *error) {
    size_t most = most_candidates(learn->scores);
    by->features = lb_alloc(most, learn->width * sizeof *by->features);
    by->order = lb_alloc(most, 2 * sizeof *by->order);
    return by->features && by->order ? LB_OK : lb_fail_memory(error, "learning to link");
}

static void chooser_free(chooser *by) {
    lb_free(by->features);
    lb_free(by->order);
}

enum { QUERIES_A_PIECE = 16 };

static int choose_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    learner *learn = context;
    chooser by = {0};
    int status = chooser_init(&by, learn, error);
    for (size_t q = piece * QUERIES_A_PIECE;
         status == LB_OK && q < (piece + 1) * QUERIES_A_PIECE && q < learn->scores->queries; q++)
        choose_examples(learn, q, &by);
    chooser_free(&by);
    return status;
}

static int train_model(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    learner *learn = context;
    size_t high = 1;
    while (high * (high + 1) / 2 <= piece)
        high++;
    size_t low = piece - high * (high - 1) / 2, rows = 0;
    const lb_scores *scores = learn->scores;
    for (size_t q = 0; q < scores->queries; q++) {
        size_t fold = learn->fusion->folds[q];
        if (learn->options->leak || (fold != low && fold != high))
            rows += learn->first[q + 1] - learn->first[q];
    }
    float *features = lb_alloc(rows + 1, learn->width * sizeof *features);
    float *labels = lb_alloc(rows + 1, sizeof *labels);
    float *weights = lb_alloc(rows + 1, sizeof *weights);
    int status = LB_OK;
    if (!features || !labels || !weights)
        status = lb_fail_memory(error, "learning to link");
    size_t at = 0;
    for (size_t q = 0; q < scores->queries && status == LB_OK; q++) {
        size_t fold = learn->fusion->folds[q], n = learn->first[q + 1] - learn->first[q];
        if (!learn->options->leak && (fold == low || fold == high))
            continue;
        memcpy(features + at * learn->width, learn->features + learn->first[q] * learn->width,
               n * learn->width * sizeof *features);
        memcpy(labels + at, learn->labels + learn->first[q], n * sizeof *labels);
        memcpy(weights + at, learn->weights + learn->first[q], n * sizeof *weights);
        at += n;
    }
    if (status == LB_OK) {
        lb_trees_options options = learn->options->trees;
        options.seed = lb_hash_mix(learn->options->seed, piece);
        lb_examples examples = {rows, learn->width, features, labels, weights};
        status = lb_trees_train(&learn->fusion->models[piece], &examples, &options, error);
    }
    lb_free(features);
    lb_free(labels);
    lb_free(weights);
    return status;
}

/* What the trees leave equal (all, in a corpus too small to learn from) is ordered by the sum of
 * the z-scores. `model` NULL: there was nobody to learn from. */
static double judge_pair(const lb_trees *model, const float *features, size_t width) {
    return (model ? lb_trees_log_odds(model, features) : 0) + 0.01 * (double)features[width - 1];
}

static int judge_query(learner *learn, size_t query, chooser *by, lb_error *error) {
    const lb_candidates *of = &learn->scores->candidates[query];
    size_t fold = learn->fusion->folds[query];
    opinions *into = &learn->opinions[query];
    for (int control = 0; control < 2; control++) {
        if (control && of->match == LB_NOT_FOUND)
            continue;
        lb_pairs_fill(learn->scores, query, control ? of->match : LB_NOT_FOUND, by->order,
                      by->features);
        hide(learn, by->features, of->count);
        for (size_t f = 0; f < LB_FOLDS; f++) {
            if (f == fold)
                continue;
            float *odds = lb_alloc(of->count + 1, sizeof *odds);
            if (!odds)
                return lb_fail_memory(error, "judging pairs");
            *(control ? &into->control[f] : &into->main[f]) = odds;
            const lb_trees *model = learn->fusion->models[model_of(f, fold)];
            for (size_t i = 0; i < of->count; i++)
                odds[i] = (float)judge_pair(model, by->features + i * learn->width, learn->width);
        }
    }
    return LB_OK;
}

static int judge_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    learner *learn = context;
    chooser by = {0};
    int status = chooser_init(&by, learn, error);
    for (size_t q = piece * QUERIES_A_PIECE;
         status == LB_OK && q < (piece + 1) * QUERIES_A_PIECE && q < learn->scores->queries; q++)
        status = judge_query(learn, q, &by, error);
    chooser_free(&by);
    return status;
}

/* Log-odds of a candidate of a query for those who judge fold `judged`. */
static double odds_for(const learner *learn, size_t query, size_t candidate, size_t judged,
                       bool control) {
    const opinions *of = &learn->opinions[query];
    float *const *by =
        control && learn->scores->candidates[query].match != LB_NOT_FOUND ? of->control : of->main;
    size_t fold = learn->fusion->folds[query];
    if (fold != judged)
        return (double)by[judged][candidate];
    double sum = 0;
    for (size_t f = 0; f < LB_FOLDS; f++)
        if (f != fold)
            sum += (double)by[f][candidate];
    return sum / (LB_FOLDS - 1);
}

/* What is seen of a pair in the second stage: its log-odds, and the odds of what competes with it
 * in the query's row and in the candidate's column. */
static void stage_features(const learner *learn, size_t query, size_t judged, bool control,
                           const double *columns, float *into) {
    const lb_candidates *of = &learn->scores->candidates[query];
    uint32_t out = control ? of->match : LB_NOT_FOUND;
    double row = 0;
    for (uint32_t i = 0; i < of->count; i++)
        row += i == out ? 0 : exp(odds_for(learn, query, i, judged, control));
    for (uint32_t i = 0; i < of->count; i++) {
        double odds = odds_for(learn, query, i, judged, control);
        double main = exp(odds_for(learn, query, i, judged, false));
        double column = fmax(0, columns[of->profiles[i]] - main);
        into[i * STAGE_WIDTH] = (float)odds;
        into[i * STAGE_WIDTH + 1] = (float)log1p(fmax(0, row - exp(odds)));
        into[i * STAGE_WIDTH + 2] = (float)log1p(column);
    }
}

/* What one fold's second stage is fitted on. */
typedef struct stage_examples {
    double *columns; /* [gallery] odds of all queries */
    float *features; /* [pairs][STAGE_WIDTH] */
    float *labels, *weights;
    size_t rows;
} stage_examples;

static bool is_learner(const learner *learn, size_t query) {
    return query % (learn->scores->queries / LEARNERS + 1) == 0;
}

static int open_stage(stage_examples *of, const learner *learn, size_t judged, lb_error *error) {
    const lb_scores *scores = learn->scores;
    size_t pairs = most_candidates(scores);
    for (size_t q = 0; q < scores->queries; q++)
        pairs += is_learner(learn, q) ? 2 * scores->candidates[q].count : 0;
    *of = (stage_examples){.columns = lb_alloc_zero(scores->gallery + 1, sizeof *of->columns),
                           .features = lb_alloc(pairs + 1, STAGE_WIDTH * sizeof *of->features),
                           .labels = lb_alloc(pairs + 1, sizeof *of->labels),
                           .weights = lb_alloc(pairs + 1, sizeof *of->weights)};
    if (!of->columns || !of->features || !of->labels || !of->weights)
        return lb_fail_memory(error, "calibrating the attack");
    for (size_t q = 0; q < scores->queries; q++)
        for (size_t i = 0; i < scores->candidates[q].count; i++)
            of->columns[scores->candidates[q].profiles[i]] +=
                exp(odds_for(learn, q, i, judged, false));
    return LB_OK;
}

static void close_stage(stage_examples *of) {
    lb_free(of->columns);
    lb_free(of->features);
    lb_free(of->labels);
    lb_free(of->weights);
}

/* Adds the pairs of everyone who is learnt from and not judged. */
static void add_pairs(stage_examples *to, const learner *learn, size_t judged, bool control) {
    for (size_t q = 0; q < learn->scores->queries; q++) {
        const lb_candidates *of = &learn->scores->candidates[q];
        bool seen = learn->fusion->folds[q] == judged && !learn->options->leak;
        if (!is_learner(learn, q) || seen || (control && of->match == LB_NOT_FOUND))
            continue;
        stage_features(learn, q, judged, control, to->columns,
                       to->features + to->rows * STAGE_WIDTH);
        for (size_t i = 0; i < of->count; i++) {
            bool match = i == of->match;
            to->labels[to->rows] = match && !control ? 1 : 0;
            to->weights[to->rows++] = match && control ? 1e-9F : 1;
        }
    }
}

static int say(const learner *learn, size_t query, bool control, const lb_logistic *stage,
               const stage_examples *scratch, double **said, lb_error *error) {
    const lb_candidates *of = &learn->scores->candidates[query];
    *said = lb_alloc(of->count + 1, sizeof **said);
    if (!*said)
        return lb_fail_memory(error, "judging pairs");
    stage_features(learn, query, learn->fusion->folds[query], control, scratch->columns,
                   scratch->features);
    for (size_t i = 0; i < of->count; i++)
        (*said)[i] =
            1 / (1 + exp(-lb_logistic_log_odds(stage, scratch->features + i * STAGE_WIDTH)));
    if (control && of->match != LB_NOT_FOUND)
        (*said)[of->match] = 0;
    return LB_OK;
}

static int run_stage(void *context, size_t judged, unsigned worker, lb_error *error) {
    (void)worker;
    const learner *learn = context;
    static const double prior[STAGE_WIDTH] = {1, -1, -1};
    stage_examples examples;
    int status = open_stage(&examples, learn, judged, error);
    if (status == LB_OK) {
        lb_examples shown = {0, STAGE_WIDTH, examples.features, examples.labels, examples.weights};
        add_pairs(&examples, learn, judged, false);
        shown.rows = examples.rows;
        lb_logistic stage = lb_logistic_fit(&shown, prior, 1);
        /* Elsewhere nobody knows whether the match is there: what is kept for it has seen both. */
        add_pairs(&examples, learn, judged, true);
        shown.rows = examples.rows;
        learn->fusion->stages[judged] = lb_logistic_fit(&shown, prior, 1);
        for (size_t q = 0; q < learn->scores->queries && status == LB_OK; q++) {
            lb_fused *into = &learn->fusion->fused[q];
            if (learn->fusion->folds[q] != judged)
                continue;
            status = say(learn, q, false, &stage, &examples, &into->main, error);
            if (status == LB_OK)
                status = say(learn, q, true, &stage, &examples, &into->control, error);
        }
    }
    close_stage(&examples);
    return status;
}

static int prepare(learner *learn, const uint64_t *people, lb_error *error) {
    const lb_scores *scores = learn->scores;
    lb_fusion *fusion = learn->fusion;
    fusion->queries = scores->queries;
    fusion->width = learn->width;
    fusion->fused = lb_alloc_zero(scores->queries + 1, sizeof *fusion->fused);
    fusion->folds = lb_alloc(scores->queries + 1, 1);
    learn->first = lb_alloc_zero(scores->queries + 2, sizeof *learn->first);
    learn->hidden = lb_alloc_zero(learn->width + 1, sizeof *learn->hidden);
    learn->opinions = lb_alloc_zero(scores->queries + 1, sizeof *learn->opinions);
    if (!fusion->fused || !fusion->folds || !learn->first || !learn->hidden || !learn->opinions)
        return lb_fail_memory(error, "learning to link");
    uint64_t key = lb_random_keyed(learn->options->seed, "link.folds", 0).state[0];
    for (size_t q = 0; q < scores->queries; q++) {
        fusion->folds[q] = (unsigned char)(lb_hash_mix(key, people[q]) % LB_FOLDS);
        learn->first[q + 1] =
            learn->first[q] + (is_learner(learn, q) ? examples_of(&scores->candidates[q]) : 0);
    }
    for (size_t f = 0; f < learn->width; f++) {
        lb_signal signal = lb_pairs_signal(scores, f);
        learn->hidden[f] = signal < LB_SIGNALS && (learn->options->without >> signal & 1);
    }
    size_t rows = learn->first[scores->queries];
    learn->features = lb_alloc(rows + 1, learn->width * sizeof *learn->features);
    learn->labels = lb_alloc(rows + 1, sizeof *learn->labels);
    learn->weights = lb_alloc(rows + 1, sizeof *learn->weights);
    if (!learn->features || !learn->labels || !learn->weights)
        return lb_fail_memory(error, "learning to link");
    return LB_OK;
}

static void clear(learner *learn) {
    for (size_t q = 0; learn->opinions && q < learn->scores->queries; q++)
        for (size_t f = 0; f < LB_FOLDS; f++) {
            lb_free(learn->opinions[q].main[f]);
            lb_free(learn->opinions[q].control[f]);
        }
    lb_free(learn->features);
    lb_free(learn->labels);
    lb_free(learn->weights);
    lb_free(learn->first);
    lb_free(learn->hidden);
    lb_free(learn->opinions);
}

int lb_fusion_run(const lb_scores *scores, const uint64_t *people, const lb_fusion_options *options,
                  lb_fusion *fusion, lb_error *error) {
    *fusion = (lb_fusion){0};
    learner learn = {
        .scores = scores, .options = options, .fusion = fusion, .width = lb_pairs_width(scores)};
    size_t pieces = (scores->queries + QUERIES_A_PIECE - 1) / QUERIES_A_PIECE;
    int status = prepare(&learn, people, error);
    if (status == LB_OK)
        status = lb_parallel(options->threads, pieces, choose_piece, &learn, error);
    if (status == LB_OK)
        status = lb_parallel(options->threads, LB_FUSION_MODELS, train_model, &learn, error);
    if (status == LB_OK)
        status = lb_parallel(options->threads, pieces, judge_piece, &learn, error);
    if (status == LB_OK)
        status = lb_parallel(options->threads, LB_FOLDS, run_stage, &learn, error);
    clear(&learn);
    if (status < 0)
        lb_fusion_free(fusion);
    return status;
}

/* Judging other scores: log-odds of everyone, then the competition. */
typedef struct application {
    const lb_fusion *learnt;
    const lb_scores *scores;
    lb_fusion *fusion;
    size_t width;
    double *columns; /* [gallery] */
} application;

static int apply_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    application *to = context;
    learner sized = {.scores = to->scores, .width = to->width};
    chooser by = {0};
    int status = chooser_init(&by, &sized, error);
    for (size_t q = piece * QUERIES_A_PIECE;
         status == LB_OK && q < (piece + 1) * QUERIES_A_PIECE && q < to->scores->queries; q++) {
        const lb_candidates *of = &to->scores->candidates[q];
        lb_fused *into = &to->fusion->fused[q];
        into->main = lb_alloc(of->count + 1, sizeof(double));
        into->control = lb_alloc(of->count + 1, sizeof(double));
        if (!into->main || !into->control)
            status = lb_fail_memory(error, "judging pairs");
        for (int control = 0; control < 2 && status == LB_OK; control++) {
            double *odds = control ? into->control : into->main;
            lb_pairs_fill(to->scores, q, control ? of->match : LB_NOT_FOUND, by.order, by.features);
            for (size_t i = 0; i < of->count; i++) {
                odds[i] = 0;
                for (size_t m = 0; m < LB_FUSION_MODELS; m++)
                    odds[i] +=
                        judge_pair(to->learnt->models[m], by.features + i * to->width, to->width) /
                        LB_FUSION_MODELS;
            }
        }
    }
    chooser_free(&by);
    return status;
}

/* Turns the log-odds of one query into probabilities. */
static void compete(const application *to, size_t query, bool control) {
    const lb_candidates *of = &to->scores->candidates[query];
    const lb_fused *fused = &to->fusion->fused[query];
    double *odds = control ? fused->control : fused->main, row = 0;
    uint32_t out = control ? of->match : LB_NOT_FOUND;
    for (uint32_t i = 0; i < of->count; i++)
        row += i == out ? 0 : exp(odds[i]);
    for (uint32_t i = 0; i < of->count; i++) {
        double others = fmax(0, to->columns[of->profiles[i]] - exp(fused->main[i]));
        const float features[STAGE_WIDTH] = {
            (float)odds[i], (float)log1p(fmax(0, row - exp(odds[i]))), (float)log1p(others)};
        double said = to->learnt->models[0] ? 0 : odds[i] - (double)features[1];
        for (size_t f = 0; f < LB_FOLDS && to->learnt->models[0]; f++)
            said += lb_logistic_log_odds(&to->learnt->stages[f], features) / LB_FOLDS;
        odds[i] = i == out ? 0 : 1 / (1 + exp(-said));
    }
}

int lb_fusion_apply(const lb_fusion *learnt, const lb_scores *scores, unsigned threads,
                    lb_fusion *fusion, lb_error *error) {
    *fusion = (lb_fusion){.queries = scores->queries};
    if (learnt->models[0] && learnt->width != lb_pairs_width(scores))
        return lb_fail(error, LB_E_INPUT, "linkage", "leave out what only one corpus has",
                       "what was learnt on one corpus does not fit the other: it has times or "
                       "quasi-identifiers where the other has none");
    application to = {
        .learnt = learnt, .scores = scores, .fusion = fusion, .width = lb_pairs_width(scores)};
    fusion->fused = lb_alloc_zero(scores->queries + 1, sizeof *fusion->fused);
    to.columns = lb_alloc_zero(scores->gallery + 1, sizeof *to.columns);
    int status = fusion->fused && to.columns ? LB_OK : lb_fail_memory(error, "judging pairs");
    if (status == LB_OK)
        status = lb_parallel(threads, (scores->queries + QUERIES_A_PIECE - 1) / QUERIES_A_PIECE,
                             apply_piece, &to, error);
    for (size_t q = 0; status == LB_OK && q < scores->queries; q++)
        for (size_t i = 0; i < scores->candidates[q].count; i++)
            to.columns[scores->candidates[q].profiles[i]] += exp(fusion->fused[q].main[i]);
    for (size_t q = 0; status == LB_OK && q < scores->queries; q++) {
        compete(&to, q, true); /* first: it needs the log-odds of the main run */
        compete(&to, q, false);
    }
    lb_free(to.columns);
    if (status < 0)
        lb_fusion_free(fusion);
    return status;
}

void lb_fusion_free(lb_fusion *fusion) {
    for (size_t m = 0; m < LB_FUSION_MODELS; m++)
        lb_trees_free(fusion->models[m]);
    for (size_t q = 0; fusion->fused && q < fusion->queries; q++) {
        lb_free(fusion->fused[q].main);
        lb_free(fusion->fused[q].control);
    }
    lb_free(fusion->fused);
    lb_free(fusion->folds);
    *fusion = (lb_fusion){0};
}
