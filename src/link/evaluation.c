#include "link/evaluation.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/interval.h"
#include "base/order.h"
#include "base/random.h"

enum { RESAMPLES = 1000, PRECISIONS = 3, BOOTSTRAPPED = PRECISIONS + 1 };
static const double CONFIDENCE = 0.95, ANSWER = 0.5;
static const double precisions[PRECISIONS] = {0.5, 0.9, 0.99};

typedef struct answer {
    double probability;
    uint32_t person; /* place in the outcomes */
    bool right;
} answer;

static int by_probability(const void *left, const void *right) {
    const answer *a = left, *b = right;
    if (a->probability != b->probability)
        return a->probability > b->probability ? -1 : 1;
    return (a->person > b->person) - (a->person < b->person);
}

/* Recalls at the precisions, and the advantage, where person i counts weights[i] times. */
static void measure(const lb_outcome *outcomes, size_t count, const answer *answers,
                    const uint8_t *weights, double *figures) {
    double people = 0, main = 0, control = 0;
    for (size_t i = 0; i < count; i++) {
        double w = (double)weights[i];
        people += w;
        main += outcomes[i].rank == 1 && outcomes[i].probability >= ANSWER ? w : 0;
        control += outcomes[i].control >= ANSWER ? w : 0;
    }
    double given = 0, right = 0;
    for (size_t p = 0; p < BOOTSTRAPPED; p++)
        figures[p] = 0;
    if (people <= 0)
        return;
    for (size_t i = 0; i < 2 * count; i++) {
        double w = (double)weights[answers[i].person];
        given += w;
        right += answers[i].right ? w : 0;
        if (i + 1 < 2 * count && answers[i].probability == answers[i + 1].probability)
            continue;
        for (size_t p = 0; p < PRECISIONS && given > 0; p++)
            if (right >= precisions[p] * given && right / people > figures[p])
                figures[p] = right / people;
    }
    figures[PRECISIONS] = control < people ? (main - control) / (people - control) : 0;
}

/* The bootstrap of what has no closed interval: whole people are drawn, by weights that are keyed
 * by the person. */
static int bootstrap(const lb_outcome *outcomes, size_t count, const answer *answers, uint64_t seed,
                     lb_estimate *const *figures, lb_error *error) {
    lb_random *draws = lb_alloc(count + 1, sizeof *draws);
    uint8_t *weights = lb_alloc(count + 1, sizeof *weights);
    double *samples = lb_alloc(BOOTSTRAPPED, RESAMPLES * sizeof *samples);
    int status = draws && weights && samples ? LB_OK : lb_fail_memory(error, "the intervals");
    for (size_t i = 0; status == LB_OK && i < count; i++)
        draws[i] = lb_random_keyed(seed, "link.bootstrap", outcomes[i].key);
    for (size_t r = 0; status == LB_OK && r < RESAMPLES; r++) {
        double values[BOOTSTRAPPED];
        for (size_t i = 0; i < count; i++)
            weights[i] = (uint8_t)lb_random_poisson(&draws[i]);
        measure(outcomes, count, answers, weights, values);
        for (size_t f = 0; f < BOOTSTRAPPED; f++)
            samples[f * RESAMPLES + r] = values[f];
    }
    for (size_t f = 0; status == LB_OK && f < BOOTSTRAPPED; f++) {
        double *of = samples + f * RESAMPLES;
        qsort(of, RESAMPLES, sizeof *of, lb_order_double);
        figures[f]->low = of[(size_t)((1 - CONFIDENCE) / 2 * (RESAMPLES - 1))];
        figures[f]->high = of[(size_t)ceil((1 + CONFIDENCE) / 2 * (RESAMPLES - 1))];
    }
    lb_free(draws);
    lb_free(weights);
    lb_free(samples);
    return status;
}

static lb_estimate proportion(uint64_t successes, uint64_t trials) {
    lb_interval interval = lb_interval_clopper_pearson(successes, trials, CONFIDENCE);
    return (lb_estimate){trials ? (double)successes / (double)trials : 0, interval.low,
                         interval.high};
}

/* The mean of f over the queries, f by the rank. */
static int mean_of(const lb_outcome *outcomes, size_t count, size_t gallery, bool reciprocal,
                   uint64_t seed, lb_estimate *figure, lb_error *error) {
    double *values = lb_alloc(count + 1, sizeof *values), sum = 0;
    uint64_t *keys = lb_alloc(count + 1, sizeof *keys);
    if (!values || !keys) {
        lb_free(values);
        lb_free(keys);
        return lb_fail_memory(error, "the intervals");
    }
    for (size_t i = 0; i < count; i++) {
        double rank = (double)outcomes[i].rank;
        values[i] = reciprocal    ? 1 / rank
                    : gallery > 1 ? 1 - (rank - 1) / ((double)gallery - 1)
                                  : 0.5;
        keys[i] = outcomes[i].key;
        sum += values[i];
    }
    lb_interval interval = lb_interval_bootstrap_mean(
        values, keys, count, seed, reciprocal ? "link.mrr" : "link.auc", RESAMPLES, CONFIDENCE);
    *figure = (lb_estimate){count ? sum / (double)count : 0, interval.low, interval.high};
    lb_free(values);
    lb_free(keys);
    return LB_OK;
}

static int check(const lb_outcome *outcomes, size_t count, lb_error *error) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(outcomes[i].probability) || !isfinite(outcomes[i].control) ||
            outcomes[i].rank == 0)
            return lb_fail(error, LB_E_INPUT, "linkage", "report it as a defect of linkback",
                           "the outcome of a query is not a number");
    return LB_OK;
}

/* Points of the curve at even steps of recall: as many as there is room for. */
static void draw_curve(const answer *answers, size_t count, lb_evaluation *into) {
    double given = 0, right = 0, next = 0, step = 1.0 / (LB_EVALUATION_POINTS - 1);
    for (size_t i = 0; i < 2 * count; i++) {
        given++;
        right += answers[i].right;
        if (i + 1 < 2 * count && answers[i].probability == answers[i + 1].probability)
            continue;
        double recall = right / (double)count;
        if (right <= 0 || recall < next || into->point_count == LB_EVALUATION_POINTS)
            continue;
        into->points[into->point_count++] =
            (lb_curve_point){answers[i].probability, right / given, recall};
        next = recall + step;
    }
}

int lb_evaluation_run(const lb_outcome *outcomes, size_t count, size_t gallery, uint64_t seed,
                      lb_evaluation *evaluation, lb_error *error) {
    *evaluation = (lb_evaluation){
        .queries = count, .gallery = gallery, .chance = gallery ? 1 / (double)gallery : 0};
    int status = check(outcomes, count, error);
    if (status < 0)
        return status;
    uint64_t top1 = 0, top5 = 0, top10 = 0;
    answer *answers = lb_alloc(count + 1, 2 * sizeof *answers);
    uint8_t *ones = lb_alloc(count + 1, 1);
    if (!answers || !ones)
        status = lb_fail_memory(error, "the figures of the attack");
    for (size_t i = 0; i < count && status == LB_OK; i++) {
        top1 += outcomes[i].rank == 1;
        top5 += outcomes[i].rank <= 5;
        top10 += outcomes[i].rank <= 10;
        answers[2 * i] = (answer){outcomes[i].probability, (uint32_t)i, outcomes[i].rank == 1};
        answers[2 * i + 1] = (answer){outcomes[i].control, (uint32_t)i, false};
        ones[i] = 1;
    }
    if (status == LB_OK) {
        qsort(answers, 2 * count, sizeof *answers, by_probability);
        evaluation->top1 = proportion(top1, count);
        evaluation->top5 = proportion(top5, count);
        evaluation->top10 = proportion(top10, count);
        lb_estimate *const figures[] = {&evaluation->recall_p50, &evaluation->recall_p90,
                                        &evaluation->recall_p99, &evaluation->advantage};
        double values[BOOTSTRAPPED];
        measure(outcomes, count, answers, ones, values);
        for (size_t f = 0; f < BOOTSTRAPPED; f++)
            figures[f]->value = values[f];
        draw_curve(answers, count, evaluation);
        status = bootstrap(outcomes, count, answers, seed, figures, error);
    }
    if (status == LB_OK)
        status = mean_of(outcomes, count, gallery, true, seed, &evaluation->mrr, error);
    if (status == LB_OK)
        status = mean_of(outcomes, count, gallery, false, seed, &evaluation->auc, error);
    lb_free(answers);
    lb_free(ones);
    return status;
}
