#include "report/html/html_linkage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

enum { POINTS_MAX = 128, CURVE_ROWS = 20, METRIC_MAX = 48 };

/* "link.top1" */
static const char *name_of(const lb_html_linkage *of, const char *metric, char name[METRIC_MAX]) {
    snprintf(name, METRIC_MAX, "%s.%s", of->prefix, metric);
    return name;
}

static lb_figure figure_of(const lb_html *html, const lb_html_linkage *of, const char *metric) {
    char name[METRIC_MAX];
    return lb_figure_of(html->document, name_of(of, metric, name));
}

void lb_html_figure(lb_html *html, const char *metric) {
    lb_figure figure = lb_figure_of(html->document, metric);
    lb_html_figure_text(html, &figure);
}

/* What a reader calls a signal. */
static const char *signal_words(const char *signal) {
    static const char *const WORDS[][2] = {
        {"words", "words and pairs of words"},
        {"characters", "spelling (runs of characters)"},
        {"phrasing", "phrasing and punctuation"},
        {"topics", "subjects"},
        {"rare_tokens", "rare words"},
        {"style", "habits of writing"},
        {"language", "languages"},
        {"period", "dates"},
        {"clock", "hours of the day and week"},
        {"quasi_identifiers", "quasi-identifiers"},
    };
    for (size_t i = 0; signal && i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(signal, WORDS[i][0]) == 0)
            return WORDS[i][1];
    return signal ? signal : "";
}

void lb_html_signals(lb_html *html, const json_t *names) {
    for (size_t i = 0; i < json_array_size(names); i++)
        lb_html_text(html, "%s%s", i > 0 ? ", " : "",
                     signal_words(json_string_value(json_array_get(names, i))));
}

/* At most CURVE_ROWS of the points, evenly, the last among them. */
static void curve_table(lb_html *html, const json_t *points) {
    static const char *const NAMES[] = {"#answers of at least", "#right when it says so",
                                        "#found again", NULL};
    size_t count = json_array_size(points), step = (count + CURVE_ROWS - 1) / CURVE_ROWS;
    lb_html_fold_open(html, "The curve as a table");
    lb_html_table_open(html, "Precision and recall", NAMES);
    for (size_t i = (count - 1) % step; i < count; i += step) {
        const json_t *point = json_array_get(points, i);
        lb_html_open(html, "tr", NULL);
        for (size_t c = 0; c < 3; c++)
            lb_html_cell(html, lb_lookup_item(point, c), "share");
        lb_html_close(html);
    }
    lb_html_table_close(html);
    lb_html_fold_close(html);
}

void lb_html_linkage_curve(lb_html *html, const lb_html_linkage *of) {
    const json_t *points = lb_lookup_if(of->part, "precision_recall");
    size_t count = json_array_size(points);
    double precision[POINTS_MAX], recall[POINTS_MAX];
    double chance = figure_of(html, of, "chance").value;
    const double chance_x[] = {0, 1}, chance_y[] = {chance, chance};
    char title[160], share[LB_NUMBER_MAX], id[METRIC_MAX];
    lb_figure found = figure_of(html, of, "recall_p90");
    if (count == 0)
        return;
    count = count < POINTS_MAX ? count : POINTS_MAX;
    for (size_t i = 0; i < count; i++) { /* [threshold, precision, recall], by rising recall */
        precision[i] = lb_lookup_item(json_array_get(points, i), 1);
        recall[i] = lb_lookup_item(json_array_get(points, i), 2);
    }
    const lb_series series[] = {{.label = "attack", .x = recall, .y = precision, .count = count},
                                {.label = "chance", .x = chance_x, .y = chance_y, .count = 2}};
    lb_number_display(found.value, "share", 3, share);
    snprintf(title, sizeof title, "At 90 %% precision the attack finds %s of %s again",
             found.known ? share : "an unknown share", lb_document_units(html->document));
    snprintf(id, sizeof id, "%s-precision-recall", of->prefix);
    const lb_chart made = {.id = id,
                           .title = title,
                           .description = "Precision against recall of the linkage attack in an "
                                          "open world, where many are not there to be found; the "
                                          "dashed line is a guess at random.",
                           .x_scale = LB_SCALE_SHARE,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "found again (recall)",
                           .y_title = "right when it says so (precision)",
                           .series = series,
                           .series_count = 2};
    lb_html_chart(html, &made);
    curve_table(html, points);
}

static void ranks_chart(lb_html *html, const lb_html_linkage *of) {
    static const char *const METRICS[] = {"top1", "top5", "top10"};
    const double ranks[] = {1, 5, 10};
    lb_curve curve = {.count = 0};
    double chance = figure_of(html, of, "chance").value;
    const double random[] = {chance, fmin(1, 5 * chance), fmin(1, 10 * chance)};
    char title[200], first[LB_NUMBER_MAX], tenth[LB_NUMBER_MAX], id[METRIC_MAX];
    for (size_t i = 0; i < 3; i++) {
        lb_figure figure = figure_of(html, of, METRICS[i]);
        if (!figure.known)
            return;
        lb_curve_add(&curve, ranks[i], figure.value, figure.low, figure.high);
    }
    const lb_series series[] = {lb_curve_series(&curve, "attack"),
                                {.label = "chance", .x = ranks, .y = random, .count = 3}};
    lb_number_display(curve.y[0], "share", 3, first);
    lb_number_display(curve.y[2], "share", 3, tenth);
    snprintf(title, sizeof title,
             "The right one is the first guess for %s of %s, and among the first ten for %s", first,
             lb_document_units(html->document), tenth);
    snprintf(id, sizeof id, "%s-ranks", of->prefix);
    const lb_chart made = {.id = id,
                           .title = title,
                           .description = "Share of people whose true match is among the first "
                                          "guesses of the attack, with 95 % intervals, and what "
                                          "guessing at random would reach.",
                           .x_scale = LB_SCALE_LOG,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "guesses (log scale)",
                           .y_title = "the right one is among them",
                           .series = series,
                           .series_count = 2};
    lb_html_chart(html, &made);
}

void lb_html_linkage_ranks(lb_html *html, const lb_html_linkage *of) {
    static const char *const METRICS[] = {"top1",       "top5",       "top10",
                                          "recall_p50", "recall_p90", "recall_p99",
                                          "advantage",  "auc",        "mrr"};
    static const char *const WORDS[] = {
        "right at the first guess", "among the first five",    "among the first ten",
        "found at 50 % precision",  "found at 90 % precision", "found at 99 % precision",
        "advantage over control",   "area under the curve",    "mean of 1 / rank"};
    static const char *const NAMES[] = {"Figure", "#value (95 % interval)", NULL};
    ranks_chart(html, of);
    lb_html_table_open(html, "The attack in figures", NAMES);
    for (size_t i = 0; i < sizeof METRICS / sizeof *METRICS; i++) {
        char name[METRIC_MAX];
        lb_figure figure = figure_of(html, of, METRICS[i]);
        lb_html_open(html, "tr", NULL);
        lb_html_row_term(html, name_of(of, METRICS[i], name), WORDS[i]);
        lb_html_figure_cell(html, &figure);
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

/* The signal with the largest number under a key. */
static const json_t *largest(const json_t *signals, const char *key) {
    const json_t *best = NULL;
    for (size_t i = 0; i < json_array_size(signals); i++) {
        const json_t *signal = json_array_get(signals, i);
        if (!best || lb_lookup_number(signal, key) > lb_lookup_number(best, key))
            best = signal;
    }
    return best;
}

static const char *words_of(const json_t *signal) {
    return signal_words(lb_lookup_text(signal, "signal"));
}

static void signal_cell(lb_html *html, const json_t *signal, const char *key) {
    (void)key;
    lb_html_leaf(html, "td", NULL, "%s", words_of(signal));
}

static void signals_sentence(lb_html *html, const json_t *signals) {
    const json_t *alone = largest(signals, "top1"), *reason = largest(signals, "reasons");
    lb_html_open(html, "p", NULL);
    lb_html_text(html, "By nothing but %s the attack would be right at once for ", words_of(alone));
    lb_html_number(html, lb_lookup_number(alone, "top1"), "share");
    lb_html_text(html, ".");
    if (lb_lookup_number(reason, "reasons") > 0)
        lb_html_text(html,
                     " Among those whom it finds, what most often sets the right one apart "
                     "is %s.",
                     words_of(reason));
    lb_html_close(html);
}

void lb_html_linkage_signals(lb_html *html, const lb_html_linkage *of) {
    const json_t *signals = lb_lookup_if(of->part, "signals");
    /* The last columns only where the attack was run without each of them. */
    bool without = !isnan(lb_lookup_number_if(json_array_get(signals, 0), "top1_without"));
    const lb_html_column columns[] = {
        {"What links", signal_cell, "signal"},
        {"Alone, right first", lb_html_show_bar, "top1"},
        {"#percent", lb_html_show_share, "?top1"},
        {"#set the right one apart", lb_html_show_number, "reasons"},
        {without ? "#first guess without it" : NULL, lb_html_show_share, "?top1_without"},
        {"#at 90 % precision without it", lb_html_show_share, "?recall_p90_without"},
        {0}};
    if (json_array_size(signals) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "What links");
    signals_sentence(html, signals);
    lb_html_table(html, "What links", columns, signals);
    if (!without)
        lb_html_leaf(html, "p", "note",
                     "How it would do without each of them was not asked for: --measures "
                     "all,whatif.");
}

static void sizes_chart(lb_html *html, const lb_html_linkage *of, const json_t *sizes) {
    lb_curve curve = {.count = 0};
    char title[200], first[LB_NUMBER_MAX], last[LB_NUMBER_MAX], id[METRIC_MAX];
    for (size_t i = 0; i < json_array_size(sizes) && i < 8; i++) {
        const json_t *size = json_array_get(sizes, i);
        double least = fmax(1, lb_lookup_number(size, "least_words"));
        double words = sqrt(least * fmax(1, lb_lookup_number(size, "most_words")));
        lb_curve_add(&curve, words, lb_lookup_number(size, "top1"), lb_lookup_number(size, "low"),
                     lb_lookup_number(size, "high"));
    }
    const lb_series series = lb_curve_series(&curve, "first guess");
    lb_number_display(curve.y[0], "share", 3, first);
    lb_number_display(curve.y[curve.count - 1], "share", 3, last);
    snprintf(title, sizeof title,
             "Of those who wrote least the first guess is right for %s, of those who wrote most "
             "for %s",
             first, last);
    snprintf(id, sizeof id, "%s-sizes", of->prefix);
    const lb_chart made = {.id = id,
                           .title = title,
                           .description = "Share of people linked at the first guess by how many "
                                          "words are known of each, in fifths, with 95 % "
                                          "intervals.",
                           .x_scale = LB_SCALE_LOG,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "words of a person (log scale)",
                           .y_title = "right at the first guess",
                           .series = &series,
                           .series_count = 1};
    lb_html_chart(html, &made);
}

static void interval_cell(lb_html *html, const json_t *size, const char *key) {
    lb_html_bar_cell(html, lb_lookup_number(size, key), lb_lookup_number(size, "low"),
                     lb_lookup_number(size, "high"));
}

void lb_html_linkage_sizes(lb_html *html, const lb_html_linkage *of) {
    static const lb_html_column columns[] = {{"#from words", lb_html_show_number, "least_words"},
                                             {"#to words", lb_html_show_number, "most_words"},
                                             {"#attacked", lb_html_show_number, "queries"},
                                             {"Right at the first guess", interval_cell, "top1"},
                                             {"#percent", lb_html_show_share, "?top1"},
                                             {0}};
    const json_t *sizes = lb_lookup_if(of->part, "by_profile_size");
    if (json_array_size(sizes) == 0)
        return;
    const json_t *least = json_array_get(sizes, 0);
    lb_html_leaf(html, "h3", NULL, "How much may be published of a person");
    lb_html_open(html, "p", NULL);
    lb_html_say(html, "The fifth that wrote least, ", lb_lookup_number(least, "least_words"), "");
    lb_html_say(html, " to ", lb_lookup_number(least, "most_words"), "");
    lb_html_say(html, " words each, is linked at the first guess for ",
                lb_lookup_number(least, "top1"), "share");
    lb_html_text(html,
                 ". Words are those of %s. Where the rate rises with them, publishing less "
                 "of each person, or cutting a person's conversations in several "
                 "pseudonyms, lowers it; where it does not, that alone will not help.",
                 of->everywhere);
    lb_html_close(html);
    sizes_chart(html, of, sizes);
    lb_html_table(html, "By how much someone wrote", columns, sizes);
}

static lb_figure right_of(const json_t *tenth) {
    double pairs = lb_lookup_number(tenth, "pairs");
    return (lb_figure){.known = pairs > 0,
                       .has_interval = true,
                       .value = pairs > 0 ? lb_lookup_number(tenth, "right") / pairs : 0,
                       .low = lb_lookup_number(tenth, "low"),
                       .high = lb_lookup_number(tenth, "high"),
                       .unit = "share"};
}

static void reliability_chart(lb_html *html, const lb_html_linkage *of, const json_t *tenths) {
    const double ends[] = {0, 1};
    lb_curve curve = {.count = 0};
    char id[METRIC_MAX];
    for (size_t i = 0; i < json_array_size(tenths); i++) {
        const json_t *tenth = json_array_get(tenths, i);
        lb_figure figure = right_of(tenth);
        lb_curve_add(&curve, lb_lookup_number(tenth, "said"), figure.value, figure.low,
                     figure.high);
    }
    const lb_series series[] = {lb_curve_series(&curve, "attack"),
                                {.label = "as said", .x = ends, .y = ends, .count = 2}};
    snprintf(id, sizeof id, "%s-reliability", of->prefix);
    const lb_chart made = {.id = id,
                           .title = "How right the probabilities are that the attack gives",
                           .description = "Share of pairs that are one person, against the "
                                          "probability that the attack gave them, by tenths, with "
                                          "95 % intervals; on the dashed line both are equal.",
                           .x_scale = LB_SCALE_SHARE,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "the attack says",
                           .y_title = "is right",
                           .series = series,
                           .series_count = 2};
    lb_html_chart(html, &made);
}

static void right_cell(lb_html *html, const json_t *tenth, const char *key) {
    lb_figure figure = right_of(tenth);
    (void)key;
    lb_html_figure_cell(html, &figure);
}

void lb_html_linkage_reliability(lb_html *html, const lb_html_linkage *of) {
    static const lb_html_column columns[] = {{"#says", lb_html_show_share, "?said"},
                                             {"#is right (95 % interval)", right_cell, "right"},
                                             {"#pairs", lb_html_show_number, "pairs"},
                                             {0}};
    const json_t *tenths = lb_lookup_if(of->part, "reliability");
    if (json_array_size(tenths) == 0)
        return;
    lb_html_fold_open(html, "How far its probabilities can be trusted");
    reliability_chart(html, of, tenths);
    lb_html_table(html, "Reliability of the probabilities", columns, tenths);
    lb_html_fold_close(html);
}

void lb_html_linkage_pairs(lb_html *html, const json_t *pairs, const char *caption) {
    bool judged = !isnan(lb_lookup_number_if(json_array_get(pairs, 0), "judged"));
    const lb_html_column columns[] = {
        {"#probability of at least", lb_html_show_share, "?probability"},
        {"#links", lb_html_show_number, "links"},
        {judged ? "#of them known" : NULL, lb_html_show_number, "judged"},
        {"#of these right", lb_html_show_number, "right"},
        {0}};
    lb_html_table(html, caption, columns, pairs);
}
