#include "link/features/signals.h"

#include <assert.h>
#include <string.h>

#include "link/features/best.h"
#include "link/features/style.h"

enum { FREQUENT_WORDS = 128, IMPACT_POSTINGS = 400000 };

/* How a signal is made, if it is a space: style and quasi-identifiers are none. */
typedef struct recipe {
    const char *name;
    lb_aspect aspect;
    lb_weighting weighting;
} recipe;

static const recipe recipes[LB_SIGNALS] = {
    [LB_SIGNAL_WORDS] = {"words", LB_ASPECT_WORDS, LB_WEIGHT_TFIDF},
    [LB_SIGNAL_CHARACTERS] = {"characters", LB_ASPECT_CHARACTERS, LB_WEIGHT_TFIDF},
    [LB_SIGNAL_PHRASING] = {"phrasing", LB_ASPECT_PHRASING, LB_WEIGHT_TFIDF},
    [LB_SIGNAL_TOPICS] = {"topics", LB_ASPECT_TOKENS, LB_WEIGHT_LANGUAGE},
    [LB_SIGNAL_RARE_TOKENS] = {"rare_tokens", LB_ASPECT_TOKENS, LB_WEIGHT_RARE},
    [LB_SIGNAL_STYLE] = {.name = "style"},
    [LB_SIGNAL_LANGUAGE] = {"language", LB_ASPECT_LANGUAGE, LB_WEIGHT_HELLINGER},
    [LB_SIGNAL_PERIOD] = {"period", LB_ASPECT_PERIOD, LB_WEIGHT_TFIDF},
    [LB_SIGNAL_CLOCK] = {"clock", LB_ASPECT_CLOCK, LB_WEIGHT_HELLINGER},
    [LB_SIGNAL_QUASI_IDENTIFIERS] = {.name = "quasi_identifiers"},
};

struct lb_signals {
    lb_signals_options options;
    const lb_side *gallery;
    lb_signal active[LB_SIGNALS];
    size_t active_count;
    lb_space *spaces[LB_SIGNALS];
    lb_style *style;
    lb_agreement *agreement;
    uint32_t frequent_keys[FREQUENT_WORDS];
    lb_word_set frequent;
};

const char *lb_signal_name(lb_signal signal) {
    return recipes[signal].name;
}

static bool has_times(const lb_side *side) {
    for (size_t p = 0; p < side->count; p++)
        for (size_t i = 0; i < side->profiles[p].count; i++)
            if (lb_side_message(side, side->profiles[p].first + i)->time != INT64_MAX)
                return true;
    return false;
}

/* The signals whose rare features point at candidates. */
static bool chooses(lb_signal signal) {
    return signal == LB_SIGNAL_WORDS || signal == LB_SIGNAL_CHARACTERS ||
           signal == LB_SIGNAL_PHRASING;
}

static int add_space(lb_signals *signals, lb_signal signal, lb_error *error) {
    lb_space_options options = {.aspect = recipes[signal].aspect,
                                .weighting = recipes[signal].weighting,
                                .suppressed = signals->options.suppressed,
                                .frequent = &signals->frequent,
                                .layout = !signals->options.pruned ? LB_LAYOUT_INVERTED
                                          : chooses(signal) ? LB_LAYOUT_INVERTED | LB_LAYOUT_FORWARD
                                                            : LB_LAYOUT_FORWARD,
                                .threads = signals->options.threads};
    return lb_space_new(&signals->spaces[signal], signals->gallery, &options, error);
}

static bool is_there(const lb_signals *signals, lb_signal signal, bool times) {
    const lb_side *queries = signals->options.queries;
    if (signals->options.without >> signal & 1)
        return false;
    if (signal == LB_SIGNAL_QUASI_IDENTIFIERS)
        return queries && lb_agreement_possible(signals->gallery, queries);
    return times || (signal != LB_SIGNAL_PERIOD && signal != LB_SIGNAL_CLOCK);
}

static int add_signal(lb_signals *signals, lb_signal signal, lb_error *error) {
    const lb_signals_options *options = &signals->options;
    int status = LB_OK;
    if (signal == LB_SIGNAL_STYLE)
        status = lb_style_new(&signals->style, signals->gallery, &signals->frequent,
                              options->suppressed, options->threads, error);
    else if (signal == LB_SIGNAL_QUASI_IDENTIFIERS)
        status = lb_agreement_new(&signals->agreement, signals->gallery, options->queries, error);
    else if (!signals->spaces[signal])
        status = add_space(signals, signal, error);
    signals->active[signals->active_count++] = signal;
    return status;
}

int lb_signals_new(lb_signals **out, const lb_side *gallery, const lb_signals_options *options,
                   lb_error *error) {
    *out = NULL;
    lb_signals *signals = lb_alloc_zero(1, sizeof *signals);
    if (!signals)
        return lb_fail_memory(error, "the signals of the attack");
    signals->options = *options;
    signals->gallery = gallery;
    signals->frequent.keys = signals->frequent_keys;
    /* The words that stand for themselves must be known before phrasing is looked at. */
    int status = add_space(signals, LB_SIGNAL_RARE_TOKENS, error);
    if (status == LB_OK)
        status = lb_space_frequent(signals->spaces[LB_SIGNAL_RARE_TOKENS], FREQUENT_WORDS,
                                   signals->frequent_keys, &signals->frequent.count, error);
    bool times = has_times(gallery);
    for (lb_signal s = 0; s < LB_SIGNALS && status == LB_OK; s++)
        if (is_there(signals, s, times))
            status = add_signal(signals, s, error);
    if (status < 0) {
        lb_signals_free(signals);
        return status;
    }
    *out = signals;
    return LB_OK;
}

void lb_signals_free(lb_signals *signals) {
    if (!signals)
        return;
    for (size_t s = 0; s < LB_SIGNALS; s++)
        lb_space_free(signals->spaces[s]);
    lb_style_free(signals->style);
    lb_agreement_free(signals->agreement);
    lb_free(signals);
}

size_t lb_signals_active(const lb_signals *signals, const lb_signal **active) {
    *active = signals->active;
    return signals->active_count;
}

double lb_signals_size(const lb_signals *signals, size_t profile) {
    return lb_space_total(signals->spaces[LB_SIGNAL_RARE_TOKENS], profile);
}

struct lb_scorer {
    const lb_signals *signals;
    lb_extractor *extractor;
    lb_bag bags[LB_SPACE_LANES];   /* of one aspect of many queries, or all aspects of one */
    lb_lookup lookups[LB_SIGNALS]; /* where pruned, of the query in the bags */
    lb_probe probes[LB_SIGNALS];
    lb_impacts impacts;
    const lb_side *side; /* whose query is in the bags with all its aspects; NULL: none is */
    size_t query;
    float *sums;   /* [gallery][LB_SPACE_LANES] */
    float *vector; /* of style */
    lb_field_claim claims[LB_AGREEMENT_FIELDS];
};

static_assert((int)LB_ASPECTS <= (int)LB_SPACE_LANES, "a query's aspects fit the bags");

int lb_scorer_new(lb_scorer **out, const lb_signals *signals, lb_error *error) {
    *out = NULL;
    lb_scorer *scorer = lb_alloc_zero(1, sizeof *scorer);
    if (!scorer)
        return lb_fail_memory(error, "scoring");
    scorer->signals = signals;
    int status = lb_extractor_new(&scorer->extractor, signals->options.suppressed, error);
    if (status == LB_OK)
        lb_extractor_keep(scorer->extractor, &signals->frequent);
    for (size_t i = 0; i < LB_SPACE_LANES && status == LB_OK; i++)
        status = lb_bag_init(&scorer->bags[i], error);
    if (status == LB_OK) {
        size_t measures = signals->style ? lb_style_measures(signals->style) : 0;
        size_t lanes = signals->options.pruned ? 1 : LB_SPACE_LANES;
        scorer->vector = lb_alloc(measures + 1, sizeof(float));
        scorer->sums = lb_alloc(signals->gallery->count + 1, lanes * sizeof(float));
        if (!scorer->vector || !scorer->sums)
            status = lb_fail_memory(error, "scoring");
    }
    if (status < 0)
        lb_scorer_free(scorer);
    else
        *out = scorer;
    return status;
}

void lb_scorer_free(lb_scorer *scorer) {
    if (!scorer)
        return;
    lb_extractor_free(scorer->extractor);
    for (size_t i = 0; i < LB_SPACE_LANES; i++)
        lb_bag_free(&scorer->bags[i]);
    for (size_t s = 0; s < LB_SIGNALS; s++) {
        lb_lookup_free(&scorer->lookups[s]);
        lb_probe_free(&scorer->probes[s]);
    }
    lb_impacts_free(&scorer->impacts);
    lb_free(scorer->vector);
    lb_free(scorer->sums);
    lb_free(scorer);
}

static int extract_all(lb_scorer *scorer, lb_aspect aspect, const lb_side *queries,
                       const uint32_t *numbers, size_t count, lb_error *error) {
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++)
        status =
            lb_extract(scorer->extractor, aspect, queries, numbers[q], &scorer->bags[q], error);
    return status;
}

/* Scores the queries by a signal that is no space. */
static int score_other(lb_scorer *scorer, lb_signal signal, const lb_side *queries,
                       const uint32_t *numbers, size_t count, float *const *rows, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++) {
        if (signal == LB_SIGNAL_QUASI_IDENTIFIERS) {
            status =
                lb_agreement_claim(signals->agreement, queries, numbers[q], scorer->claims, error);
            memset(rows[q], 0, signals->gallery->count * sizeof *rows[q]);
            lb_agreement_add(signals->agreement, scorer->claims, 1, rows[q]);
            continue;
        }
        status = lb_style_measure(signals->style, scorer->extractor, queries, numbers[q],
                                  scorer->vector, error);
        if (status == LB_OK)
            lb_style_score(signals->style, scorer->vector, rows[q]);
    }
    return status;
}

static int run_together(lb_scorer *scorer, const lb_side *queries, const uint32_t *numbers,
                        size_t count, float *rows, double *sizes, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    size_t gallery = signals->gallery->count;
    int status = extract_all(scorer, LB_ASPECT_TOKENS, queries, numbers, count, error);
    for (size_t q = 0; q < count && status == LB_OK; q++)
        sizes[q] = scorer->bags[q].total;
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++) {
        lb_signal signal = signals->active[a];
        float *into[LB_SPACE_LANES];
        for (size_t q = 0; q < count; q++)
            into[q] = rows + (q * signals->active_count + a) * gallery;
        if (!signals->spaces[signal]) {
            status = score_other(scorer, signal, queries, numbers, count, into, error);
            continue;
        }
        status = extract_all(scorer, recipes[signal].aspect, queries, numbers, count, error);
        if (status == LB_OK)
            lb_space_score(signals->spaces[signal], scorer->bags, count, scorer->sums, into);
    }
    return status;
}

/* Puts all aspects of a query into the bags and looks them up, unless that was done. */
static int take(lb_scorer *scorer, const lb_side *queries, size_t query, lb_error *error) {
    if (scorer->side == queries && scorer->query == query)
        return LB_OK;
    scorer->side = NULL;
    for (lb_aspect aspect = 0; aspect < LB_ASPECTS; aspect++) {
        int status =
            lb_extract(scorer->extractor, aspect, queries, query, &scorer->bags[aspect], error);
        if (status < 0)
            return status;
    }
    for (size_t a = 0; a < scorer->signals->active_count; a++) {
        lb_signal signal = scorer->signals->active[a];
        const lb_space *space = scorer->signals->spaces[signal];
        int status = space ? lb_space_look_up(space, &scorer->bags[recipes[signal].aspect],
                                              &scorer->lookups[signal], error)
                           : LB_OK;
        if (status < 0)
            return status;
    }
    scorer->side = queries;
    scorer->query = query;
    return LB_OK;
}

/* Sets up one signal to compare the query to single profiles. */
static int aim(lb_scorer *scorer, lb_signal signal, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    if (signal == LB_SIGNAL_STYLE)
        return lb_style_measure(signals->style, scorer->extractor, scorer->side, scorer->query,
                                scorer->vector, error);
    if (signal == LB_SIGNAL_QUASI_IDENTIFIERS)
        return lb_agreement_claim(signals->agreement, scorer->side, scorer->query, scorer->claims,
                                  error);
    return lb_probe_set(&scorer->probes[signal], signals->spaces[signal], &scorer->lookups[signal],
                        error);
}

static float hit(const lb_scorer *scorer, lb_signal signal, size_t profile) {
    const lb_signals *signals = scorer->signals;
    if (signal == LB_SIGNAL_STYLE)
        return lb_style_score_one(signals->style, scorer->vector, profile);
    if (signal == LB_SIGNAL_QUASI_IDENTIFIERS)
        return lb_agreement_one(signals->agreement, scorer->claims, profile);
    return lb_space_score_one(signals->spaces[signal], &scorer->probes[signal], profile);
}

int lb_scorer_compare(lb_scorer *scorer, const lb_side *queries, size_t query,
                      const uint32_t *profiles, size_t count, float *scores, double *size,
                      lb_error *error) {
    const lb_signals *signals = scorer->signals;
    int status = take(scorer, queries, query, error);
    *size = scorer->bags[LB_ASPECT_TOKENS].total;
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++) {
        status = aim(scorer, signals->active[a], error);
        for (size_t i = 0; status == LB_OK && i < count; i++)
            scores[i * signals->active_count + a] = hit(scorer, signals->active[a], profiles[i]);
    }
    return status;
}

/* The same rows, one query after the other, where the spaces are laid out by profile. */
static int run_alone(lb_scorer *scorer, const lb_side *queries, size_t query, float *rows,
                     double *size, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    int status = take(scorer, queries, query, error);
    *size = scorer->bags[LB_ASPECT_TOKENS].total;
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++) {
        status = aim(scorer, signals->active[a], error);
        for (size_t g = 0; status == LB_OK && g < signals->gallery->count; g++)
            rows[a * signals->gallery->count + g] = hit(scorer, signals->active[a], g);
    }
    return status;
}

int lb_scorer_run(lb_scorer *scorer, const lb_side *queries, const uint32_t *numbers, size_t count,
                  float *rows, double *sizes, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    if (!signals->options.pruned)
        return run_together(scorer, queries, numbers, count, rows, sizes, error);
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++)
        status =
            run_alone(scorer, queries, numbers[q],
                      rows + q * signals->active_count * signals->gallery->count, &sizes[q], error);
    return status;
}

int lb_scorer_choose(lb_scorer *scorer, const lb_side *queries, size_t query, const float *scales,
                     size_t most, uint32_t *chosen, size_t *count, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    size_t gallery = signals->gallery->count;
    int status = take(scorer, queries, query, error);
    scorer->impacts.count = 0;
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++) {
        lb_signal signal = signals->active[a];
        if (chooses(signal))
            status = lb_space_impacts(signals->spaces[signal], &scorer->lookups[signal], scales[a],
                                      &scorer->impacts, error);
    }
    if (status < 0)
        return status;
    memset(scorer->sums, 0, gallery * sizeof *scorer->sums);
    lb_impacts_add(&scorer->impacts, IMPACT_POSTINGS, scorer->sums);
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++)
        if (signals->active[a] == LB_SIGNAL_QUASI_IDENTIFIERS) {
            status = aim(scorer, signals->active[a], error);
            lb_agreement_add(signals->agreement, scorer->claims, scales[a], scorer->sums);
        }
    *count = lb_best_choose(scorer->sums, NULL, gallery, most, chosen);
    *count = lb_best_merge(chosen, *count);
    return status;
}
