#include "link/signals.h"

#include "link/best.h"
#include "link/style.h"

enum { FREQUENT_WORDS = 128, RAREST_POSTINGS = 100000 };

/* How a signal is made, if it is a space. */
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
    [LB_SIGNAL_STYLE] = {"style", LB_ASPECT_TOKENS, LB_WEIGHT_TFIDF},
    [LB_SIGNAL_LANGUAGE] = {"language", LB_ASPECT_LANGUAGE, LB_WEIGHT_HELLINGER},
    [LB_SIGNAL_PERIOD] = {"period", LB_ASPECT_PERIOD, LB_WEIGHT_TFIDF},
    [LB_SIGNAL_CLOCK] = {"clock", LB_ASPECT_CLOCK, LB_WEIGHT_HELLINGER},
    [LB_SIGNAL_QUASI_IDENTIFIERS] = {"quasi_identifiers", LB_ASPECT_TOKENS, LB_WEIGHT_TFIDF},
};

struct lb_signals {
    lb_signals_options options;
    const lb_side *gallery;
    lb_signal active[LB_SIGNALS];
    size_t active_count;
    lb_space *spaces[LB_SIGNALS];
    lb_style *style;
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

/* The signals whose rarest features point at candidates. */
static bool chooses(lb_signal signal) {
    return signal == LB_SIGNAL_WORDS || signal == LB_SIGNAL_PHRASING;
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

static int add_signal(lb_signals *signals, lb_signal signal, lb_error *error) {
    if (signals->options.without >> signal & 1)
        return LB_OK;
    int status = LB_OK;
    if (signal == LB_SIGNAL_STYLE)
        status = lb_style_new(&signals->style, signals->gallery, &signals->frequent,
                              signals->options.suppressed, signals->options.threads, error);
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
    for (lb_signal s = 0; s < LB_SIGNAL_QUASI_IDENTIFIERS && status == LB_OK; s++)
        if (times || (s != LB_SIGNAL_PERIOD && s != LB_SIGNAL_CLOCK))
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
    lb_bag bags[LB_SPACE_LANES];
    lb_probe probe;
    float *sums;       /* [gallery][LB_SPACE_LANES] */
    uint32_t *touched; /* [gallery], where pruned */
    float *vector;     /* of style */
};

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
        scorer->vector = lb_alloc(measures + 1, sizeof(float));
        scorer->sums = lb_alloc(signals->gallery->count + 1, LB_SPACE_LANES * sizeof(float));
        scorer->touched =
            lb_alloc(signals->options.pruned ? signals->gallery->count + 1 : 1, sizeof(uint32_t));
        if (!scorer->vector || !scorer->sums || !scorer->touched)
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
    lb_probe_free(&scorer->probe);
    lb_free(scorer->vector);
    lb_free(scorer->sums);
    lb_free(scorer->touched);
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

static int score_style(lb_scorer *scorer, const lb_side *queries, const uint32_t *numbers,
                       size_t count, float *const *rows, lb_error *error) {
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++) {
        status = lb_style_measure(scorer->signals->style, scorer->extractor, queries, numbers[q],
                                  scorer->vector, error);
        if (status == LB_OK)
            lb_style_score(scorer->signals->style, scorer->vector, rows[q]);
    }
    return status;
}

/* Scores the bags against the whole gallery, by the layout that there is. */
static int score_space(lb_scorer *scorer, lb_signal signal, size_t count, float *const *rows,
                       lb_error *error) {
    const lb_space *space = scorer->signals->spaces[signal];
    if (!scorer->signals->options.pruned) {
        lb_space_score(space, scorer->bags, count, scorer->sums, rows);
        return LB_OK;
    }
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++) {
        status = lb_probe_set(&scorer->probe, space, &scorer->bags[q], error);
        for (size_t g = 0; status == LB_OK && g < scorer->signals->gallery->count; g++)
            rows[q][g] = lb_space_score_one(space, &scorer->probe, g);
    }
    return status;
}

int lb_scorer_run(lb_scorer *scorer, const lb_side *queries, const uint32_t *numbers, size_t count,
                  float *rows, double *sizes, lb_error *error) {
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
        if (signal == LB_SIGNAL_STYLE) {
            status = score_style(scorer, queries, numbers, count, into, error);
            continue;
        }
        status = extract_all(scorer, recipes[signal].aspect, queries, numbers, count, error);
        if (status == LB_OK)
            status = score_space(scorer, signal, count, into, error);
    }
    return status;
}

int lb_scorer_choose(lb_scorer *scorer, const lb_side *queries, size_t query, size_t most,
                     uint32_t *chosen, size_t *count, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    int status = LB_OK;
    *count = 0;
    for (lb_signal s = 0; s < LB_SIGNALS && status == LB_OK; s++) {
        size_t touched = 0;
        if (!chooses(s) || !signals->spaces[s])
            continue;
        memset(scorer->sums, 0, signals->gallery->count * sizeof *scorer->sums);
        status = lb_extract(scorer->extractor, recipes[s].aspect, queries, query, &scorer->bags[0],
                            error);
        if (status == LB_OK)
            status = lb_space_score_rarest(signals->spaces[s], &scorer->bags[0], RAREST_POSTINGS,
                                           scorer->sums, scorer->touched, &touched, error);
        if (status == LB_OK)
            *count +=
                lb_best_choose(scorer->sums, scorer->touched, touched, most / 2, chosen + *count);
    }
    *count = lb_best_merge(chosen, *count);
    return status;
}

int lb_scorer_compare(lb_scorer *scorer, const lb_side *queries, size_t query,
                      const uint32_t *profiles, size_t count, float *scores, double *size,
                      lb_error *error) {
    const lb_signals *signals = scorer->signals;
    lb_bag *bag = &scorer->bags[0];
    int status = lb_extract(scorer->extractor, LB_ASPECT_TOKENS, queries, query, bag, error);
    *size = bag->total;
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++) {
        lb_signal signal = signals->active[a];
        if (signal == LB_SIGNAL_STYLE) {
            status = lb_style_measure(signals->style, scorer->extractor, queries, query,
                                      scorer->vector, error);
            for (size_t i = 0; status == LB_OK && i < count; i++)
                scores[i * signals->active_count + a] =
                    lb_style_score_one(signals->style, scorer->vector, profiles[i]);
            continue;
        }
        status = lb_extract(scorer->extractor, recipes[signal].aspect, queries, query, bag, error);
        if (status == LB_OK)
            status = lb_probe_set(&scorer->probe, signals->spaces[signal], bag, error);
        for (size_t i = 0; status == LB_OK && i < count; i++)
            scores[i * signals->active_count + a] =
                lb_space_score_one(signals->spaces[signal], &scorer->probe, profiles[i]);
    }
    return status;
}
