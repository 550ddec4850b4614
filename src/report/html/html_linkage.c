#include "report/html/html_linkage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

static void print_figure(lb_html *html, const lb_figure *figure, bool interval) {
    lb_buffer text = {0};
    if (lb_figure_print(figure, 3, interval, &text, NULL) < 0)
        html->failed = true;
    lb_html_text(html, "%.*s", (int)text.size, text.data ? text.data : "");
    lb_buffer_free(&text);
}

void lb_html_figure(lb_html *html, const char *metric) {
    lb_figure figure = lb_figure_of(html->document, metric);
    print_figure(html, &figure, true);
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

/* A cell that may have no figure. */
static void share_cell(lb_html *html, const json_t *object, const char *key) {
    lb_html_cell_if(html, object, key, "share");
}

static void figure_cell(lb_html *html, const lb_figure *figure) {
    lb_html_open(html, "td", "class", "number", NULL);
    if (figure->known)
        lb_html_sort_value(html, figure->value);
    print_figure(html, figure, true);
    lb_html_close(html);
}

static void bar_cell(lb_html *html, double value, double low, double high) {
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    lb_html_sort_value(html, value);
    lb_svg_share_bar(html, value, low, high);
    lb_html_close(html);
}

static void chart_figure(lb_html *html, const lb_chart *chart) {
    lb_html_open(html, "figure", NULL);
    lb_html_leaf(html, "figcaption", NULL, "%s", chart->title);
    lb_svg_chart(html, chart);
    lb_html_close(html);
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
    chart_figure(html, &made);
    curve_table(html, points);
}

static void ranks_chart(lb_html *html, const lb_html_linkage *of) {
    static const char *const METRICS[] = {"top1", "top5", "top10"};
    const double ranks[] = {1, 5, 10};
    double share[3], low[3], high[3];
    double chance = figure_of(html, of, "chance").value;
    const double random[] = {chance, fmin(1, 5 * chance), fmin(1, 10 * chance)};
    char title[200], first[LB_NUMBER_MAX], tenth[LB_NUMBER_MAX], id[METRIC_MAX];
    for (size_t i = 0; i < 3; i++) {
        lb_figure figure = figure_of(html, of, METRICS[i]);
        if (!figure.known)
            return;
        share[i] = figure.value;
        low[i] = figure.low;
        high[i] = figure.high;
    }
    const lb_series series[] = {{.label = "attack",
                                 .x = ranks,
                                 .y = share,
                                 .low = low,
                                 .high = high,
                                 .count = 3,
                                 .points = true},
                                {.label = "chance", .x = ranks, .y = random, .count = 3}};
    lb_number_display(share[0], "share", 3, first);
    lb_number_display(share[2], "share", 3, tenth);
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
    chart_figure(html, &made);
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
        lb_html_open(html, "th", "scope", "row", NULL);
        lb_html_term(html, name_of(of, METRICS[i], name), WORDS[i]);
        lb_html_close(html);
        figure_cell(html, &figure);
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
    const char *const names[] = {"What links",
                                 "Alone, right first",
                                 "#percent",
                                 "#set the right one apart",
                                 without ? "#first guess without it" : NULL,
                                 "#at 90 % precision without it",
                                 NULL};
    if (json_array_size(signals) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "What links");
    signals_sentence(html, signals);
    lb_html_table_open(html, "What links", names);
    for (size_t i = 0; i < json_array_size(signals); i++) {
        const json_t *signal = json_array_get(signals, i);
        lb_html_open(html, "tr", NULL);
        lb_html_leaf(html, "td", NULL, "%s", words_of(signal));
        bar_cell(html, lb_lookup_number(signal, "top1"), 0, 0);
        share_cell(html, signal, "top1");
        lb_html_cell(html, lb_lookup_number(signal, "reasons"), "");
        if (without) {
            share_cell(html, signal, "top1_without");
            share_cell(html, signal, "recall_p90_without");
        }
        lb_html_close(html);
    }
    lb_html_table_close(html);
    if (!without)
        lb_html_leaf(html, "p", "note",
                     "How it would do without each of them was not asked for: --measures "
                     "all,whatif.");
}

static void sizes_chart(lb_html *html, const lb_html_linkage *of, const json_t *sizes) {
    size_t count = json_array_size(sizes);
    double words[8], share[8], low[8], high[8];
    char title[200], first[LB_NUMBER_MAX], last[LB_NUMBER_MAX], id[METRIC_MAX];
    count = count < 8 ? count : 8;
    for (size_t i = 0; i < count; i++) {
        const json_t *size = json_array_get(sizes, i);
        double least = fmax(1, lb_lookup_number(size, "least_words"));
        words[i] = sqrt(least * fmax(1, lb_lookup_number(size, "most_words")));
        share[i] = lb_lookup_number(size, "top1");
        low[i] = lb_lookup_number(size, "low");
        high[i] = lb_lookup_number(size, "high");
    }
    const lb_series series[] = {{.label = "first guess",
                                 .x = words,
                                 .y = share,
                                 .low = low,
                                 .high = high,
                                 .count = count,
                                 .points = true}};
    lb_number_display(share[0], "share", 3, first);
    lb_number_display(share[count - 1], "share", 3, last);
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
                           .series = series,
                           .series_count = 1};
    chart_figure(html, &made);
}

void lb_html_linkage_sizes(lb_html *html, const lb_html_linkage *of) {
    static const char *const NAMES[] = {
        "#from words", "#to words", "#attacked", "Right at the first guess", "#percent", NULL};
    const json_t *sizes = lb_lookup_if(of->part, "by_profile_size");
    if (json_array_size(sizes) == 0)
        return;
    const json_t *least = json_array_get(sizes, 0);
    lb_html_leaf(html, "h3", NULL, "How much may be published of a person");
    lb_html_open(html, "p", NULL);
    lb_html_text(html, "The fifth that wrote least, ");
    lb_html_number(html, lb_lookup_number(least, "least_words"), "");
    lb_html_text(html, " to ");
    lb_html_number(html, lb_lookup_number(least, "most_words"), "");
    lb_html_text(html, " words each, is linked at the first guess for ");
    lb_html_number(html, lb_lookup_number(least, "top1"), "share");
    lb_html_text(html,
                 ". Words are those of %s. Where the rate rises with them, publishing less "
                 "of each person, or cutting a person's conversations in several "
                 "pseudonyms, lowers it; where it does not, that alone will not help.",
                 of->everywhere);
    lb_html_close(html);
    sizes_chart(html, of, sizes);
    lb_html_table_open(html, "By how much someone wrote", NAMES);
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        const json_t *size = json_array_get(sizes, i);
        lb_html_open(html, "tr", NULL);
        lb_html_cell(html, lb_lookup_number(size, "least_words"), "");
        lb_html_cell(html, lb_lookup_number(size, "most_words"), "");
        lb_html_cell(html, lb_lookup_number(size, "queries"), "");
        bar_cell(html, lb_lookup_number(size, "top1"), lb_lookup_number(size, "low"),
                 lb_lookup_number(size, "high"));
        share_cell(html, size, "top1");
        lb_html_close(html);
    }
    lb_html_table_close(html);
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
    size_t count = json_array_size(tenths);
    double said[16], right[16], low[16], high[16];
    const double ends[] = {0, 1};
    char id[METRIC_MAX];
    count = count < 16 ? count : 16;
    for (size_t i = 0; i < count; i++) {
        lb_figure figure = right_of(json_array_get(tenths, i));
        said[i] = lb_lookup_number(json_array_get(tenths, i), "said");
        right[i] = figure.value;
        low[i] = figure.low;
        high[i] = figure.high;
    }
    const lb_series series[] = {{.label = "attack",
                                 .x = said,
                                 .y = right,
                                 .low = low,
                                 .high = high,
                                 .count = count,
                                 .points = true},
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
    chart_figure(html, &made);
}

void lb_html_linkage_reliability(lb_html *html, const lb_html_linkage *of) {
    static const char *const NAMES[] = {"#says", "#is right (95 % interval)", "#pairs", NULL};
    const json_t *tenths = lb_lookup_if(of->part, "reliability");
    if (json_array_size(tenths) == 0)
        return;
    lb_html_fold_open(html, "How far its probabilities can be trusted");
    reliability_chart(html, of, tenths);
    lb_html_table_open(html, "Reliability of the probabilities", NAMES);
    for (size_t i = 0; i < json_array_size(tenths); i++) {
        const json_t *tenth = json_array_get(tenths, i);
        lb_figure figure = right_of(tenth);
        lb_html_open(html, "tr", NULL);
        share_cell(html, tenth, "said");
        figure_cell(html, &figure);
        lb_html_cell(html, lb_lookup_number(tenth, "pairs"), "");
        lb_html_close(html);
    }
    lb_html_table_close(html);
    lb_html_fold_close(html);
}

void lb_html_linkage_pairs(lb_html *html, const json_t *pairs, const char *caption) {
    bool judged = !isnan(lb_lookup_number_if(json_array_get(pairs, 0), "judged"));
    const char *const names[] = {"#probability of at least", "#links",
                                 judged ? "#of them known" : NULL, "#of these right", NULL};
    lb_html_table_open(html, caption, names);
    for (size_t i = 0; i < json_array_size(pairs); i++) {
        const json_t *level = json_array_get(pairs, i);
        lb_html_open(html, "tr", NULL);
        share_cell(html, level, "probability");
        lb_html_cell(html, lb_lookup_number(level, "links"), "");
        if (judged) {
            lb_html_cell(html, lb_lookup_number(level, "judged"), "");
            lb_html_cell(html, lb_lookup_number(level, "right"), "");
        }
        lb_html_close(html);
    }
    lb_html_table_close(html);
}
