#include "risk/words/extrapolation.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum {
    POINTS = LB_EXTRAPOLATION_POINTS,
    HALFWAY = POINTS / 2 - 1,
    MEASURED_MAX = 20000,
    OTHERS_MAX = 512, /* in a tenth of the units, one of so many others is for certain */
    SHAPE_STEPS = 40,
    SPLITS = 32,       /* of the units in two halves, by which errors are estimated */
    SPLIT_OTHERS = 64, /* others of whom so many stand in the same half that no draw survives */
    PLANES = 5         /* bits of a count of those: up to 31 */
};
static const double SHAPE_MAX = 2, NORMAL_95 = 1.959963984540054;
enum crowd { WHOLE, FIRST_HALF, SECOND_HALF, CROWDS };

typedef struct decay_line {
    double shape, slope, at, level; /* g(y) = level + slope (log n - at) */
} decay_line;

/* P(a draw still singles out in a subset of this many tenths of a crowd | others in the crowd). */
typedef struct survival_table {
    double of[POINTS][OTHERS_MAX];
} survival_table;

/* A measured unit: its mean survival in the whole, and in its own half. */
typedef struct unit_curve {
    double whole[POINTS], half[POINTS];
    /* The same in its half of each split, at all and at half of its units. */
    float split[SPLITS], split_half[SPLITS];
} unit_curve;

typedef struct extrapolation_job {
    const lb_token_view *view;
    const lb_extrapolation_options *options;
    const uint32_t *sizes; /* [units] */
    unsigned draws;
    lb_postings postings;
    uint8_t *half;            /* [units] FIRST_HALF or SECOND_HALF; WHOLE: no n-gram */
    uint64_t *halves[2];      /* bitmaps of the units in each */
    uint32_t *sides;          /* [units] bit s: its half in split s */
    uint32_t *place;          /* [units] in curves; UINT32_MAX: not measured */
    survival_table *survival; /* [CROWDS] */
    uint64_t crowd[CROWDS];
    size_t measured;
    unit_curve *curves; /* [measured], in the order of the units */
} extrapolation_job;

static uint64_t tenth(uint64_t units, size_t point) {
    uint64_t n = (units * (point + 1) + POINTS / 2) / POINTS;
    return n > 0 ? n : 1;
}

/* C(N-1-M, n-1) / C(N-1, n-1), from one M to the next. */
static void fill_survival(survival_table *survival, uint64_t units) {
    for (size_t i = 0; i < POINTS; i++) {
        double n = (double)tenth(units, i), all = (double)units, alone = 1;
        for (unsigned others = 0; others < OTHERS_MAX; others++) {
            survival->of[i][others] = alone;
            double left = all - n - others;
            alone *= left > 0 ? left / (all - 1 - others) : 0;
        }
    }
}

/* g is increasing in y on (0, 1). */
static double link_of(double y, double shape) {
    return log(y) - shape * log1p(-y);
}

static double unlink_of(double g, double shape) {
    double low = 0, high = 1;
    for (int i = 0; i < 50; i++) {
        double middle = low + (high - low) / 2;
        if (link_of(middle, shape) < g)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

static decay_line line_through(const double *log_n, const double *y, size_t from, size_t to,
                               double shape) {
    double level = link_of(y[to], shape);
    double slope = (level - link_of(y[from], shape)) / (log_n[to] - log_n[from]);
    return (decay_line){shape, slope, log_n[to], level};
}

static double decay_at(const decay_line *decay, double log_n) {
    return unlink_of(decay->level + decay->slope * (log_n - decay->at), decay->shape);
}

/* Keeps `curve` off 0 and 1, where the link has no value, by half a draw of all. */
static decay_line fit(const double *log_n, const double curve[POINTS], double half_draw) {
    double y[POINTS], least = INFINITY, best = 0;
    for (size_t i = 0; i < POINTS; i++)
        y[i] = fmin(fmax(curve[i], half_draw), 1 - half_draw);
    for (int step = 0; step <= SHAPE_STEPS; step++) {
        double shape = SHAPE_MAX * step / SHAPE_STEPS, squares = 0;
        decay_line trial = line_through(log_n, y, 0, HALFWAY, shape);
        for (size_t i = HALFWAY + 1; i < POINTS; i++) {
            double error = decay_at(&trial, log_n[i]) - y[i];
            squares += error * error;
        }
        if (squares < least) {
            least = squares;
            best = shape;
        }
    }
    return line_through(log_n, y, HALFWAY, POINTS - 1, best);
}

static void log_sizes(double *log_n, uint64_t units) {
    for (size_t i = 0; i < POINTS; i++)
        log_n[i] = log((double)tenth(units, i));
}

static double half_draw(const extrapolation_job *job, size_t units) {
    return 0.5 / ((double)units * job->draws);
}

static void add_survival(double *sum, const survival_table *survival, uint32_t others) {
    for (size_t i = 0; others < OTHERS_MAX && i < POINTS; i++)
        sum[i] += survival->of[i][others];
}

/* Counts for all splits at once how many of the others stand in the unit's half: plane i holds bit
 * i of the 32 counts, which stop at 31. */
static void count_in_halves(const extrapolation_job *job, size_t unit, const uint32_t *set,
                            uint32_t planes[PLANES]) {
    uint32_t sharers[SPLIT_OTHERS + 1];
    uint32_t listed =
        lb_postings_list(&job->postings, set, job->options->p, SPLIT_OTHERS + 1, sharers);
    memset(planes, 0, PLANES * sizeof *planes);
    for (uint32_t i = 0; i < listed; i++) {
        uint32_t carry = sharers[i] == unit ? 0 : ~(job->sides[sharers[i]] ^ job->sides[unit]);
        for (unsigned plane = 0; plane < PLANES; plane++) {
            uint32_t sum = planes[plane] ^ carry;
            carry &= planes[plane];
            planes[plane] = sum;
        }
        for (unsigned plane = 0; plane < PLANES; plane++)
            planes[plane] |= carry;
    }
}

static void add_splits(const extrapolation_job *job, size_t unit, const uint32_t *set,
                       uint32_t others, unit_curve *curve) {
    uint32_t planes[PLANES] = {0};
    if (others > 0)
        count_in_halves(job, unit, set, planes);
    for (unsigned s = 0; s < SPLITS; s++) {
        uint32_t met = 0;
        for (unsigned plane = 0; plane < PLANES; plane++)
            met |= (planes[plane] >> s & 1) << plane;
        curve->split[s] += met == 0;
        curve->split_half[s] += (float)job->survival[FIRST_HALF].of[HALFWAY][met];
    }
}

static void measure_unit(void *context, size_t unit, const uint32_t *grams, uint32_t size,
                         unsigned worker) {
    (void)worker;
    const extrapolation_job *job = context;
    if (job->place[unit] == UINT32_MAX)
        return;
    unit_curve *curve = &job->curves[job->place[unit]];
    enum crowd half = job->half[unit];
    char purpose[] = "tokens.unicity_p0"; /* the same draws as unicity's */
    purpose[sizeof purpose - 2] = (char)('0' + job->options->p);
    uint32_t set[LB_UNICITY_MAX];
    lb_gram_draws draws = lb_gram_draws_begin(
        grams, size, job->options->p, job->draws,
        lb_random_keyed(job->options->seed, purpose, job->view->facts[unit].hash));
    unsigned count = 0;
    *curve = (unit_curve){0};
    for (; lb_gram_draws_next(&draws, set); count++) {
        uint32_t others =
            lb_postings_common(&job->postings, set, draws.p, NULL, OTHERS_MAX + 1) - 1;
        add_survival(curve->whole, &job->survival[WHOLE], others);
        add_splits(job, unit, set, others, curve);
        if (others > 0)
            others = lb_postings_common(&job->postings, set, draws.p, job->halves[half - 1],
                                        OTHERS_MAX + 1) -
                     1;
        add_survival(curve->half, &job->survival[half], others);
    }
    for (size_t i = 0; i < POINTS; i++) {
        curve->whole[i] /= count;
        curve->half[i] /= count;
    }
    for (unsigned s = 0; s < SPLITS; s++) {
        curve->split[s] /= (float)count;
        curve->split_half[s] /= (float)count;
    }
}

/* Who is in which half, and for whom draws are made: by draws keyed by the unit. */
static void assign_units(extrapolation_job *job, lb_extrapolation *result) {
    const lb_token_view *view = job->view;
    uint64_t seed = job->options->seed;
    for (size_t u = 0; u < view->units; u++) {
        result->units += job->sizes[u] > 0;
        result->eligible += job->sizes[u] >= job->options->p;
    }
    double share = (double)MEASURED_MAX / (double)result->eligible;
    for (size_t u = 0; u < view->units; u++) {
        job->place[u] = UINT32_MAX;
        job->half[u] = WHOLE;
        job->sides[u] = 0;
        if (job->sizes[u] == 0)
            continue;
        lb_random random = lb_random_keyed(seed, "tokens.extrapolation", view->facts[u].hash);
        unsigned second = lb_random_next(&random) & 1;
        job->half[u] = (uint8_t)(FIRST_HALF + second);
        job->halves[second][u / 64] |= UINT64_C(1) << u % 64;
        job->crowd[FIRST_HALF + second]++;
        job->sides[u] = (uint32_t)(lb_random_next(&random) >> 32);
        if (job->sizes[u] >= job->options->p && lb_random_unit(&random) < share)
            job->place[u] = (uint32_t)job->measured++;
    }
    job->crowd[WHOLE] = result->units;
    job->draws = lb_unicity_draws(job->measured);
    result->measured = job->measured;
}

static int prepare(extrapolation_job *job, lb_extrapolation *result, lb_error *error) {
    size_t units = job->view->units, words = units / 64 + 1;
    job->half = lb_alloc(units, sizeof *job->half);
    job->sides = lb_alloc(units, sizeof *job->sides);
    job->place = lb_alloc(units, sizeof *job->place);
    job->halves[0] = lb_alloc_zero(words, sizeof **job->halves);
    job->halves[1] = lb_alloc_zero(words, sizeof **job->halves);
    job->survival = lb_alloc(CROWDS, sizeof *job->survival);
    bool ok =
        job->half && job->sides && job->place && job->halves[0] && job->halves[1] && job->survival;
    if (ok) {
        assign_units(job, result);
        for (size_t c = 0; c < CROWDS; c++)
            fill_survival(&job->survival[c], job->crowd[c]);
        job->curves = lb_alloc(job->measured, sizeof *job->curves);
    }
    return ok && job->curves ? LB_OK : lb_fail_memory(error, "extrapolating unicity");
}

/* The mean curve over the measured units of a crowd; returns how many these are. */
static size_t average(const extrapolation_job *job, enum crowd crowd, double mean[POINTS]) {
    size_t count = 0;
    memset(mean, 0, POINTS * sizeof *mean);
    for (size_t u = 0; u < job->view->units; u++) {
        if (job->place[u] == UINT32_MAX || (crowd != WHOLE && job->half[u] != crowd))
            continue;
        const unit_curve *curve = &job->curves[job->place[u]];
        for (size_t i = 0; i < POINTS; i++)
            mean[i] += (crowd == WHOLE ? curve->whole : curve->half)[i];
        count++;
    }
    for (size_t i = 0; i < POINTS; i++)
        mean[i] /= count ? (double)count : NAN;
    return count;
}

/* What one half of a split predicts for the population, on the scale of the link. */
static double predict_split(const extrapolation_job *job, double shape, double sum, double sum_half,
                            size_t measured) {
    uint64_t crowd = job->crowd[WHOLE] / 2;
    double least = half_draw(job, measured), log_crowd = log((double)crowd);
    double level = link_of(fmin(fmax(sum / (double)measured, least), 1 - least), shape);
    double before = link_of(fmin(fmax(sum_half / (double)measured, least), 1 - least), shape);
    double slope = (level - before) / (log_crowd - log((double)tenth(crowd, HALFWAY)));
    return level + slope * (log((double)job->options->population) - log_crowd);
}

/* Standard error of the prediction on the scale of the link: the two halves of a split, each a
 * sample of people with a crowd of its own, differ by twice that (half-samples; McCarthy 1969). */
static double split_error(const extrapolation_job *job, double shape) {
    double sum[SPLITS][2] = {{0}}, sum_half[SPLITS][2] = {{0}}, squares = 0;
    size_t count[SPLITS][2] = {{0}};
    for (size_t u = 0; u < job->view->units; u++)
        for (unsigned s = 0; job->place[u] != UINT32_MAX && s < SPLITS; s++) {
            const unit_curve *curve = &job->curves[job->place[u]];
            unsigned side = job->sides[u] >> s & 1;
            sum[s][side] += (double)curve->split[s];
            sum_half[s][side] += (double)curve->split_half[s];
            count[s][side]++;
        }
    for (unsigned s = 0; s < SPLITS; s++) {
        if (count[s][0] == 0 || count[s][1] == 0)
            return INFINITY;
        double difference = predict_split(job, shape, sum[s][0], sum_half[s][0], count[s][0]) -
                            predict_split(job, shape, sum[s][1], sum_half[s][1], count[s][1]);
        squares += difference * difference / 4;
    }
    return sqrt(squares / SPLITS);
}

/* Standard error of the form of the decay on the scale of the link: as if every doubling of the
 * crowd added an independent error as large as that from the halves to the whole. */
static double form_error(const extrapolation_job *job, double shape,
                         const lb_extrapolation *result) {
    double least = half_draw(job, job->measured), squares = 0;
    double doublings = log2((double)job->options->population / (double)job->crowd[WHOLE]);
    double whole = link_of(fmin(fmax(result->curve[POINTS - 1].unicity, least), 1 - least), shape);
    for (size_t i = 0; i < 2; i++) {
        double half = fmin(fmax(result->half_predicted[i], least), 1 - least);
        double error = link_of(half, shape) - whole;
        squares += error * error / 2;
    }
    return sqrt(squares * fmax(doublings, 0));
}

/* After half_predicted. */
static void predict(const extrapolation_job *job, const decay_line *decay,
                    lb_extrapolation *result) {
    double at = log((double)job->options->population);
    double g = decay->level + decay->slope * (at - decay->at);
    double spread =
        NORMAL_95 * hypot(split_error(job, decay->shape), form_error(job, decay->shape, result));
    result->predicted = unlink_of(g, decay->shape);
    result->interval.low = unlink_of(g - spread, decay->shape);
    result->interval.high = unlink_of(g + spread, decay->shape);
}

static void fit_all(const extrapolation_job *job, lb_extrapolation *result) {
    double mean[CROWDS][POINTS], log_n[POINTS];
    size_t count[CROWDS];
    for (enum crowd c = WHOLE; c < CROWDS; c++)
        count[c] = average(job, c, mean[c]);
    for (size_t i = 0; i < POINTS; i++)
        result->curve[i] = (lb_extrapolation_point){tenth(job->crowd[WHOLE], i), mean[WHOLE][i]};
    for (enum crowd c = WHOLE; c < CROWDS; c++)
        if (job->crowd[c] < LB_EXTRAPOLATION_MIN || count[c] == 0)
            return;
    result->fitted = true;
    result->half_error = 0;
    for (enum crowd c = FIRST_HALF; c < CROWDS; c++) {
        log_sizes(log_n, job->crowd[c]);
        decay_line decay = fit(log_n, mean[c], half_draw(job, count[c]));
        double whole = decay_at(&decay, log((double)job->crowd[WHOLE]));
        result->half_predicted[c - FIRST_HALF] = whole;
        result->half_error += fabs(whole - mean[WHOLE][POINTS - 1]) / 2;
    }
    log_sizes(log_n, job->crowd[WHOLE]);
    decay_line decay = fit(log_n, mean[WHOLE], half_draw(job, count[WHOLE]));
    result->shape = decay.shape;
    result->slope = decay.slope;
    if (job->options->population)
        predict(job, &decay, result);
}

int lb_extrapolation_run(lb_extrapolation *result, const lb_token_view *view,
                         const lb_extrapolation_options *options, lb_error *error) {
    *result = (lb_extrapolation){.p = options->p,
                                 .shape = NAN,
                                 .slope = NAN,
                                 .predicted = NAN,
                                 .interval = {0, 1},
                                 .half_predicted = {NAN, NAN},
                                 .half_error = NAN};
    extrapolation_job job = {.view = view, .options = options};
    unsigned threads = options->threads ? options->threads : 1;
    lb_transposer *transposer = NULL;
    int status = lb_transposer_new(&transposer, view,
                                   &(lb_transpose_options){threads, options->memory}, error);
    if (status == LB_OK)
        status = lb_postings_build(&job.postings, view, threads, error);
    if (status == LB_OK) {
        job.sizes = lb_transposer_sizes(transposer);
        status = prepare(&job, result, error);
    }
    if (status == LB_OK)
        status = lb_transposer_each(transposer, measure_unit, &job, "extrapolation",
                                    options->progress, error);
    if (status == LB_OK)
        fit_all(&job, result);
    lb_free(job.half);
    lb_free(job.sides);
    lb_free(job.place);
    lb_free(job.halves[0]);
    lb_free(job.halves[1]);
    lb_free(job.survival);
    lb_free(job.curves);
    lb_postings_free(&job.postings);
    lb_transposer_free(transposer);
    return status;
}
