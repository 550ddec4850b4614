#include "link/signals.h"

#include "link/style.h"

enum { FREQUENT_WORDS = 128 };

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

static int add_space(lb_signals *signals, lb_signal signal, lb_error *error) {
    lb_space_options options = {.aspect = recipes[signal].aspect,
                                .weighting = recipes[signal].weighting,
                                .suppressed = signals->options.suppressed,
                                .frequent = &signals->frequent,
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
    float *sums;   /* [gallery][LB_SPACE_LANES] */
    float *vector; /* of style */
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
    lb_free(scorer->vector);
    lb_free(scorer->sums);
    lb_free(scorer);
}

static int extract_all(lb_scorer *scorer, lb_aspect aspect, const lb_side *queries, size_t first,
                       size_t count, lb_error *error) {
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++)
        status = lb_extract(scorer->extractor, aspect, queries, first + q, &scorer->bags[q], error);
    return status;
}

static int score_style(lb_scorer *scorer, const lb_side *queries, size_t first, size_t count,
                       float *const *rows, lb_error *error) {
    int status = LB_OK;
    for (size_t q = 0; q < count && status == LB_OK; q++) {
        status = lb_style_measure(scorer->signals->style, scorer->extractor, queries, first + q,
                                  scorer->vector, error);
        if (status == LB_OK)
            lb_style_score(scorer->signals->style, scorer->vector, rows[q]);
    }
    return status;
}

int lb_scorer_run(lb_scorer *scorer, const lb_side *queries, size_t first, size_t count,
                  float *rows, double *sizes, lb_error *error) {
    const lb_signals *signals = scorer->signals;
    size_t gallery = signals->gallery->count;
    int status = extract_all(scorer, LB_ASPECT_TOKENS, queries, first, count, error);
    for (size_t q = 0; q < count && status == LB_OK; q++)
        sizes[q] = scorer->bags[q].total;
    for (size_t a = 0; a < signals->active_count && status == LB_OK; a++) {
        lb_signal signal = signals->active[a];
        float *into[LB_SPACE_LANES];
        for (size_t q = 0; q < count; q++)
            into[q] = rows + (q * signals->active_count + a) * gallery;
        if (signal == LB_SIGNAL_STYLE) {
            status = score_style(scorer, queries, first, count, into, error);
            continue;
        }
        status = extract_all(scorer, recipes[signal].aspect, queries, first, count, error);
        if (status == LB_OK)
            lb_space_score(signals->spaces[signal], scorer->bags, count, scorer->sums, into);
    }
    return status;
}
