#include "link/scores.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

enum { COLUMNS_A_PIECE = 1024 };
static const size_t BATCH_BYTES = (size_t)64 << 20;

/* A batch of queries whose rows are all in memory, so that columns can be added up in the order of
 * the queries. */
typedef struct batch {
    lb_scores *scores;
    const lb_signals *signals;
    const lb_side *queries;
    const uint32_t *matches;
    size_t each;
    size_t first, count, room;
    float *rows; /* [room][active][gallery] */
    lb_scorer **scorers;
    struct selector *selectors;
} batch;

/* Scratch of one thread for choosing candidates. */
typedef struct selector {
    float *sums;      /* [gallery] of z-scores */
    uint32_t *best;   /* [each] heap of profiles, the worst on top */
    uint32_t *chosen; /* [(active + 1) * each] */
    size_t chosen_count;
} selector;

static int by_number(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Whether a comes before b in the order of the row; ties by number. */
static bool better(const float *row, uint32_t a, uint32_t b) {
    return row[a] > row[b] || (row[a] == row[b] && a < b);
}

static void sift(const float *row, uint32_t *heap, size_t count, size_t at) {
    for (;;) {
        size_t worst = at, left = 2 * at + 1, right = left + 1;
        if (left < count && better(row, heap[worst], heap[left]))
            worst = left;
        if (right < count && better(row, heap[worst], heap[right]))
            worst = right;
        if (worst == at)
            return;
        uint32_t swap = heap[at];
        heap[at] = heap[worst];
        heap[worst] = swap;
        at = worst;
    }
}

/* Adds the best profiles of a row to the chosen ones. */
static void choose(selector *by, const float *row, size_t gallery, size_t each) {
    size_t count = gallery < each ? gallery : each;
    for (size_t i = 0; i < count; i++)
        by->best[i] = (uint32_t)i;
    for (size_t i = count / 2; i-- > 0;)
        sift(row, by->best, count, i);
    for (size_t g = count; g < gallery; g++)
        if (row[g] > row[by->best[0]]) {
            by->best[0] = (uint32_t)g;
            sift(row, by->best, count, 0);
        }
    memcpy(by->chosen + by->chosen_count, by->best, count * sizeof *by->best);
    by->chosen_count += count;
}

static size_t drop_doubles(uint32_t *numbers, size_t count) {
    qsort(numbers, count, sizeof *numbers, by_number);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (distinct == 0 || numbers[distinct - 1] != numbers[i])
            numbers[distinct++] = numbers[i];
    return distinct;
}

/* Signals whose z-scores are added up to order all profiles before anything is learnt: those that
 * tell people apart in any corpus. */
static bool is_base(lb_signal signal) {
    return signal == LB_SIGNAL_WORDS || signal == LB_SIGNAL_CHARACTERS ||
           signal == LB_SIGNAL_PHRASING || signal == LB_SIGNAL_QUASI_IDENTIFIERS;
}

static int summarise_rows(const lb_scores *scores, lb_candidates *into, const float *rows,
                          float *sums, lb_error *error) {
    memset(sums, 0, scores->gallery * sizeof *sums);
    for (size_t a = 0; a < scores->active; a++) {
        const float *row = rows + a * scores->gallery;
        for (size_t g = 0; g < scores->gallery; g++) {
            if (!isfinite(row[g]))
                return lb_fail(error, LB_E_INPUT, "linkage", "report it as a defect of linkback",
                               "the score of a pair by %s is not a number",
                               lb_signal_name(scores->signals[a]));
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
    const uint32_t *found = bsearch(&match, into->profiles, into->count, sizeof match, by_number);
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
    for (size_t a = 0; a < scores->active; a++)
        choose(by, rows + a * scores->gallery, scores->gallery,
               is_base(scores->signals[a]) ? now->each : (now->each + 2) / 3);
    choose(by, by->sums, scores->gallery, now->each);
    by->chosen_count = drop_doubles(by->chosen, by->chosen_count);
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
    int status = lb_scorer_run(now->scorers[worker], now->queries, now->first + begin, count, rows,
                               sizes, error);
    for (size_t q = 0; q < count && status == LB_OK; q++) {
        scores->candidates[now->first + begin + q].size = sizes[q];
        status = finish_query(now, now->first + begin + q, rows + q * stride,
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
        by->best = lb_alloc(now->each, sizeof *by->best);
        by->chosen = lb_alloc(now->each, (LB_SIGNALS + 1) * sizeof *by->chosen);
        if (!by->sums || !by->best || !by->chosen)
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
            lb_free(now->selectors[t].best);
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

int lb_scores_make(const lb_signals *signals, const lb_side *gallery, const lb_side *queries,
                   const uint32_t *matches, const lb_scores_options *options, lb_scores *scores,
                   lb_error *error) {
    unsigned threads = options->threads ? options->threads : 1;
    *scores = (lb_scores){.queries = queries->count, .gallery = gallery->count};
    batch now = {.scores = scores,
                 .signals = signals,
                 .queries = queries,
                 .matches = matches,
                 .each = options->each ? options->each : 1};
    int status = allocate(signals, scores, error);
    if (status == LB_OK)
        status = prepare(&now, threads, error);
    for (; status == LB_OK && now.first < scores->queries; now.first += now.count) {
        now.count = scores->queries - now.first;
        now.count = now.count < now.room ? now.count : now.room;
        status = lb_parallel(threads, (now.count + LB_SPACE_LANES - 1) / LB_SPACE_LANES,
                             score_piece, &now, error);
        if (status == LB_OK)
            status = lb_parallel(threads, (scores->gallery + COLUMNS_A_PIECE - 1) / COLUMNS_A_PIECE,
                                 add_columns, &now, error);
    }
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
