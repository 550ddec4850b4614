#include "link/fusion/scores.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/thread.h"
#include "link/features/best.h"

enum { COLUMNS_A_PIECE = 1024, COHORT = 96, ROW_SAMPLE = 40, PRUNED_A_PIECE = 32 };
static const size_t BATCH_BYTES = (size_t)64 << 20;

/* A batch of queries whose rows are all in memory, so that columns can be added up in the order of
 * the queries. */
typedef struct batch {
    lb_scores *scores;
    const lb_signals *signals;
    const lb_side *queries;
    const uint32_t *matches;
    size_t each, each_pruned;
    const uint32_t *numbers; /* of the queries of this batch */
    size_t count, room;
    float *rows; /* [room][active][gallery] */
    lb_scorer **scorers;
    struct selector *selectors;
    float scales[LB_SIGNALS]; /* 1 / a signal's usual deviation in a row, where pruned */
} batch;

/* Scratch of one thread for choosing candidates. */
typedef struct selector {
    float *sums;      /* [gallery] of z-scores */
    uint32_t *chosen; /* [(active + 1) * each] */
    size_t chosen_count;
} selector;

/* Signals whose z-scores are added up to order all profiles before anything is learnt: those that
 * tell people apart in any corpus. */
static bool is_base(lb_signal signal) {
    return signal == LB_SIGNAL_WORDS || signal == LB_SIGNAL_CHARACTERS ||
           signal == LB_SIGNAL_PHRASING || signal == LB_SIGNAL_QUASI_IDENTIFIERS;
}

static int fail_infinite(lb_signal signal, lb_error *error) {
    return lb_fail(error, LB_E_INPUT, "linkage", "report it as a defect of linkback",
                   "the score of a pair by %s is not a number", lb_signal_name(signal));
}

static int summarise_rows(const lb_scores *scores, lb_candidates *into, const float *rows,
                          float *sums, lb_error *error) {
    memset(sums, 0, scores->gallery * sizeof *sums);
    for (size_t a = 0; a < scores->active; a++) {
        const float *row = rows + a * scores->gallery;
        for (size_t g = 0; g < scores->gallery; g++) {
            if (!isfinite(row[g]))
                return fail_infinite(scores->signals[a], error);
            lb_cohort_add(&into->rows[a], row[g]);
        }
        double deviation = lb_cohort_deviation(&into->rows[a]);
        if (!is_base(scores->signals[a]) || deviation <= 0)
            continue;
        float mean = (float)lb_cohort_mean(&into->rows[a]), scale = (float)(1 / deviation);
        for (size_t g = 0; g < scores->gallery; g++)
            sums[g] += (row[g] - mean) * scale;
    }
    return LB_OK;
}

static int keep_candidates(const lb_scores *scores, lb_candidates *into, const selector *by,
                           const float *rows, lb_error *error) {
    into->count = by->chosen_count;
    into->profiles = lb_alloc(into->count + 1, sizeof *into->profiles);
    into->scores = lb_alloc(into->count + 1, scores->active * sizeof *into->scores);
    if (!into->profiles || !into->scores)
        return lb_fail_memory(error, "candidates of the attack");
    memcpy(into->profiles, by->chosen, into->count * sizeof *into->profiles);
    for (size_t i = 0; i < into->count; i++)
        for (size_t a = 0; a < scores->active; a++)
            into->scores[i * scores->active + a] = rows[a * scores->gallery + by->chosen[i]];
    return LB_OK;
}

/* Where the true match stands. */
static void locate(const lb_scores *scores, lb_candidates *into, uint32_t match, const float *rows,
                   const float *sums) {
    into->match = LB_NOT_FOUND;
    if (match == LB_NOT_FOUND)
        return;
    for (size_t a = 0; a < scores->active; a++) {
        const float *row = rows + a * scores->gallery;
        for (size_t g = 0; g < scores->gallery; g++)
            into->ranks[a] += row[g] >= row[match];
    }
    const uint32_t *found =
        bsearch(&match, into->profiles, into->count, sizeof match, lb_order_u32);
    if (found) {
        into->match = (uint32_t)(found - into->profiles);
        return;
    }
    for (size_t g = 0; g < scores->gallery; g++)
        into->behind += sums[g] >= sums[match];
    for (size_t i = 0; i < into->count; i++)
        into->behind -= sums[into->profiles[i]] >= sums[match];
}

static int finish_query(const batch *now, size_t query, const float *rows, selector *by,
                        lb_error *error) {
    const lb_scores *scores = now->scores;
    lb_candidates *into = &scores->candidates[query];
    int status = summarise_rows(scores, into, rows, by->sums, error);
    if (status < 0)
        return status;
    by->chosen_count = 0;
    for (size_t a = 0; a <= scores->active; a++) {
        bool sum = a == scores->active;
        size_t most = sum || is_base(scores->signals[a]) ? now->each : (now->each + 2) / 3;
        by->chosen_count += lb_best_choose(sum ? by->sums : rows + a * scores->gallery, NULL,
                                           scores->gallery, most, by->chosen + by->chosen_count);
    }
    by->chosen_count = lb_best_merge(by->chosen, by->chosen_count);
    status = keep_candidates(scores, into, by, rows, error);
    if (status == LB_OK)
        locate(scores, into, now->matches ? now->matches[query] : LB_NOT_FOUND, rows, by->sums);
    return status;
}

/* Scores and finishes the queries of one piece. */
static int score_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    batch *now = context;
    lb_scores *scores = now->scores;
    size_t begin = piece * LB_SPACE_LANES, count = now->count - begin;
    count = count < LB_SPACE_LANES ? count : LB_SPACE_LANES;
    size_t stride = scores->active * scores->gallery;
    float *rows = now->rows + begin * stride;
    double sizes[LB_SPACE_LANES];
    int status = lb_scorer_run(now->scorers[worker], now->queries, now->numbers + begin, count,
                               rows, sizes, error);
    for (size_t q = 0; q < count && status == LB_OK; q++) {
        scores->candidates[now->numbers[begin + q]].size = sizes[q];
        status = finish_query(now, now->numbers[begin + q], rows + q * stride,
                              &now->selectors[worker], error);
    }
    return status;
}

static int add_columns(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    batch *now = context;
    lb_scores *scores = now->scores;
    size_t end = (piece + 1) * COLUMNS_A_PIECE;
    end = end < scores->gallery ? end : scores->gallery;
    for (size_t q = 0; q < now->count; q++)
        for (size_t a = 0; a < scores->active; a++) {
            const float *row = now->rows + (q * scores->active + a) * scores->gallery;
            for (size_t g = piece * COLUMNS_A_PIECE; g < end; g++)
                lb_cohort_add(&scores->columns[g * scores->active + a], row[g]);
        }
    return LB_OK;
}

static int prepare(batch *now, unsigned threads, lb_error *error) {
    lb_scores *scores = now->scores;
    size_t row_bytes = scores->active * scores->gallery * sizeof(float);
    now->room = row_bytes ? BATCH_BYTES / row_bytes : 1;
    size_t least = LB_SPACE_LANES * (size_t)threads;
    now->room = now->room > least ? now->room - now->room % least : least;
    now->room = now->room < scores->queries ? now->room : scores->queries;
    now->rows = lb_alloc(now->room + 1, row_bytes);
    now->scorers = lb_alloc_zero(threads, sizeof *now->scorers);
    now->selectors = lb_alloc_zero(threads, sizeof *now->selectors);
    if (!now->rows || !now->scorers || !now->selectors)
        return lb_fail_memory(error, "scoring");
    int status = LB_OK;
    for (unsigned t = 0; t < threads && status == LB_OK; t++) {
        selector *by = &now->selectors[t];
        by->sums = lb_alloc(scores->gallery + 1, sizeof *by->sums);
        size_t most = now->each * (LB_SIGNALS + 1);
        most = most > now->each_pruned ? most : now->each_pruned;
        by->chosen = lb_alloc(most + ROW_SAMPLE + 1, sizeof *by->chosen);
        if (!by->sums || !by->chosen)
            return lb_fail_memory(error, "scoring");
        status = lb_scorer_new(&now->scorers[t], now->signals, error);
    }
    return status;
}

static void clear(batch *now, unsigned threads) {
    for (unsigned t = 0; t < threads; t++) {
        if (now->scorers)
            lb_scorer_free(now->scorers[t]);
        if (now->selectors) {
            lb_free(now->selectors[t].sums);
            lb_free(now->selectors[t].chosen);
        }
    }
    lb_free(now->rows);
    lb_free(now->scorers);
    lb_free(now->selectors);
}

static int allocate(const lb_signals *signals, lb_scores *scores, lb_error *error) {
    const lb_signal *active;
    scores->active = lb_signals_active(signals, &active);
    memcpy(scores->signals, active, scores->active * sizeof *active);
    scores->candidates = lb_alloc_zero(scores->queries + 1, sizeof *scores->candidates);
    scores->columns = lb_alloc_zero(scores->gallery + 1, LB_SIGNALS * sizeof *scores->columns);
    scores->sizes = lb_alloc(scores->gallery + 1, sizeof *scores->sizes);
    if (!scores->candidates || !scores->columns || !scores->sizes)
        return lb_fail_memory(error, "scoring");
    for (size_t g = 0; g < scores->gallery; g++)
        scores->sizes[g] = lb_signals_size(signals, g);
    return LB_OK;
}

/* Compares some queries to everyone. */
static int score_all_pairs(batch *now, const uint32_t *numbers, size_t count, unsigned threads,
                           lb_error *error) {
    int status = LB_OK;
    size_t gallery = now->scores->gallery;
    for (size_t first = 0; status == LB_OK && first < count; first += now->count) {
        now->numbers = numbers + first;
        now->count = count - first < now->room ? count - first : now->room;
        status = lb_parallel(threads, (now->count + LB_SPACE_LANES - 1) / LB_SPACE_LANES,
                             score_piece, now, error);
        if (status == LB_OK)
            status = lb_parallel(threads, (gallery + COLUMNS_A_PIECE - 1) / COLUMNS_A_PIECE,
                                 add_columns, now, error);
    }
    return status;
}

/* Compares one query to the candidates that its rarest features point at. */
static int score_pruned(const batch *now, size_t query, lb_scorer *scorer, selector *by,
                        lb_error *error) {
    lb_scores *scores = now->scores;
    lb_candidates *into = &scores->candidates[query];
    size_t sample = 0, step = scores->gallery / ROW_SAMPLE + 1;
    int status = lb_scorer_choose(scorer, now->queries, query, now->scales, now->each_pruned,
                                  by->chosen, &by->chosen_count, error);
    if (status < 0)
        return status;
    into->count = by->chosen_count;
    for (size_t g = query % step; g < scores->gallery; g += step)
        by->chosen[into->count + sample++] = (uint32_t)g;
    into->profiles = lb_alloc(into->count + 1, sizeof *into->profiles);
    into->scores = lb_alloc(into->count + sample + 1, scores->active * sizeof *into->scores);
    if (!into->profiles || !into->scores)
        return lb_fail_memory(error, "candidates of the attack");
    memcpy(into->profiles, by->chosen, into->count * sizeof *into->profiles);
    status = lb_scorer_compare(scorer, now->queries, query, by->chosen, into->count + sample,
                               into->scores, &into->size, error);
    into->sampled = true;
    for (size_t i = 0; i < into->count + sample && status == LB_OK; i++)
        for (size_t a = 0; a < scores->active; a++) {
            float score = into->scores[i * scores->active + a];
            if (!isfinite(score))
                return fail_infinite(scores->signals[a], error);
            if (i >= into->count)
                lb_cohort_count(&into->rows[a], score);
            else
                lb_cohort_rank(&into->rows[a], score);
        }
    return status;
}

/* Where the true match stands; one that was not found is the last. */
static void locate_pruned(const lb_scores *scores, lb_candidates *into, uint32_t match) {
    into->match = LB_NOT_FOUND;
    if (match == LB_NOT_FOUND)
        return;
    const uint32_t *found =
        bsearch(&match, into->profiles, into->count, sizeof match, lb_order_u32);
    if (found)
        into->match = (uint32_t)(found - into->profiles);
    else
        into->behind = (uint32_t)(scores->gallery - into->count);
    for (size_t a = 0; a < scores->active; a++) {
        into->ranks[a] = found ? 0 : (uint32_t)scores->gallery;
        for (size_t i = 0; found && i < into->count; i++)
            into->ranks[a] += into->scores[i * scores->active + a] >=
                              into->scores[into->match * scores->active + a];
    }
}

static bool in_cohort(const lb_scores *scores, size_t query) {
    return query % (scores->queries / COHORT + 1) == 0;
}

static int prune_query(void *context, size_t q, unsigned worker, lb_error *error) {
    const batch *now = context;
    lb_scores *scores = now->scores;
    if (in_cohort(scores, q))
        return LB_OK;
    int status = score_pruned(now, q, now->scorers[worker], &now->selectors[worker], error);
    if (status == LB_OK)
        locate_pruned(scores, &scores->candidates[q],
                      now->matches ? now->matches[q] : LB_NOT_FOUND);
    return status;
}

/* How many matches of the cohort would not have been found. */
static int measure_loss(const batch *now, lb_error *error) {
    lb_scores *scores = now->scores;
    selector *by = &now->selectors[0];
    for (size_t q = 0; q < scores->queries; q++) {
        if (!in_cohort(scores, q))
            continue;
        scores->cohort++;
        if (scores->candidates[q].match == LB_NOT_FOUND)
            continue;
        int status = lb_scorer_choose(now->scorers[0], now->queries, q, now->scales,
                                      now->each_pruned, by->chosen, &by->chosen_count, error);
        if (status < 0)
            return status;
        size_t found = 0;
        for (size_t i = 0; i < by->chosen_count; i++)
            found += by->chosen[i] == now->matches[q];
        scores->cohort_lost += found == 0;
    }
    return LB_OK;
}

/* How far a signal's scores of one query usually lie apart, from the cohort. */
static void find_scales(batch *now) {
    const lb_scores *scores = now->scores;
    for (size_t a = 0; a < scores->active; a++) {
        double sum = 0, count = 0;
        for (size_t q = 0; q < scores->queries; q++)
            if (in_cohort(scores, q)) {
                sum += lb_cohort_deviation(&scores->candidates[q].rows[a]);
                count++;
            }
        now->scales[a] = sum > 0 ? (float)(count / sum) : 0;
    }
}

/* The best scores of the columns, of all queries. */
static void rank_columns(const lb_scores *scores) {
    for (size_t q = 0; q < scores->queries; q++) {
        const lb_candidates *of = &scores->candidates[q];
        for (size_t i = 0; of->sampled && i < of->count; i++)
            for (size_t a = 0; a < scores->active; a++)
                lb_cohort_rank(&scores->columns[of->profiles[i] * scores->active + a],
                               of->scores[i * scores->active + a]);
    }
}

static int score_everyone(batch *now, bool pruned, unsigned threads, lb_error *error) {
    lb_scores *scores = now->scores;
    size_t count = 0;
    uint32_t *numbers = lb_alloc(scores->queries + 1, sizeof *numbers);
    if (!numbers)
        return lb_fail_memory(error, "scoring");
    for (size_t q = 0; q < scores->queries; q++)
        if (!pruned || in_cohort(scores, q))
            numbers[count++] = (uint32_t)q;
    int status = score_all_pairs(now, numbers, count, threads, error);
    lb_free(numbers);
    scores->all_pairs = !pruned;
    if (!pruned || status < 0)
        return status;
    find_scales(now);
    status = lb_parallel_small(threads, scores->queries, PRUNED_A_PIECE, prune_query, now, error);
    if (status < 0)
        return status;
    rank_columns(scores);
    return measure_loss(now, error);
}

int lb_scores_make(const lb_signals *signals, const lb_side *gallery, const lb_side *queries,
                   const uint32_t *matches, const lb_scores_options *options, lb_scores *scores,
                   lb_error *error) {
    unsigned threads = options->threads ? options->threads : 1;
    *scores = (lb_scores){.queries = queries->count, .gallery = gallery->count};
    batch now = {.scores = scores,
                 .signals = signals,
                 .queries = queries,
                 .matches = matches,
                 .each = options->each ? options->each : 1,
                 .each_pruned = options->each_pruned ? options->each_pruned : 1};
    int status = allocate(signals, scores, error);
    if (status == LB_OK)
        status = prepare(&now, threads, error);
    if (status == LB_OK)
        status = score_everyone(&now, options->pruned, threads, error);
    clear(&now, threads);
    if (status < 0)
        lb_scores_free(scores);
    return status;
}

void lb_scores_free(lb_scores *scores) {
    for (size_t q = 0; scores->candidates && q < scores->queries; q++) {
        lb_free(scores->candidates[q].profiles);
        lb_free(scores->candidates[q].scores);
    }
    lb_free(scores->candidates);
    lb_free(scores->columns);
    lb_free(scores->sizes);
    *scores = (lb_scores){0};
}
