/* What would help: each measure against its cost. */
#include <math.h>
#include <stdio.h>

#include "report/html/html.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

enum { POINTS_MAX = 16 };

static bool has(const json_t *object, const char *key) {
    return !isnan(lb_lookup_number_if(object, key));
}

static bool is(const json_t *row, const char *measure) {
    return lb_lookup_is(row, "measure", measure);
}

/* Cost against the first guess, from no measure to the strongest. */
static void chart(lb_html *html, const json_t *list) {
    double cost[POINTS_MAX], share[POINTS_MAX], low[POINTS_MAX], high[POINTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && count < POINTS_MAX; i++) {
        const json_t *row = json_array_get(list, i);
        if (is(row, "drop_field") || !has(row, "top1"))
            continue;
        cost[count] = lb_lookup_number(row, "cost");
        share[count] = lb_lookup_number(row, "top1");
        low[count] = lb_lookup_number_if(row, "top1_low");
        high[count++] = lb_lookup_number_if(row, "top1_high");
    }
    if (count < 2)
        return;
    char title[200], before[LB_NUMBER_MAX], after[LB_NUMBER_MAX], lost[LB_NUMBER_MAX];
    lb_number_display(share[0], "share", 3, before);
    lb_number_display(share[count - 1], "share", 3, after);
    lb_number_display(cost[count - 1], "share", 3, lost);
    snprintf(title, sizeof title,
             "Without the rarest words, %s of all, the first guess is right for %s, and not for %s",
             lost, after, before);
    const lb_series series[] = {{.label = "first guess",
                                 .x = cost,
                                 .y = share,
                                 .low = low,
                                 .high = high,
                                 .count = count,
                                 .points = true}};
    const lb_chart made = {.id = "what-if-chart",
                           .title = title,
                           .description = "Share of people linked at the first guess, with 95 % "
                                          "intervals, against the share of all words that is lost "
                                          "when words of few people are suppressed.",
                           .x_scale = LB_SCALE_SHARE,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "words lost",
                           .y_title = "right at the first guess",
                           .series = series,
                           .series_count = 1};
    lb_html_open(html, "figure", NULL);
    lb_html_leaf(html, "figcaption", NULL, "%s", title);
    lb_svg_chart(html, &made);
    lb_html_close(html);
}

static void name_cell(lb_html *html, const json_t *row) {
    lb_html_open(html, "th", "scope", "row", NULL);
    if (is(row, "suppress_words")) {
        lb_html_text(html, "suppress words of fewer than ");
        lb_html_number(html, lb_lookup_number(row, "k"), "");
        lb_html_text(html, " people");
    } else if (is(row, "drop_field")) {
        lb_html_text(html, "drop ");
        lb_html_foreign(html, lb_lookup(row, "field"));
    } else {
        lb_html_text(html, "as it is");
    }
    lb_html_close(html);
}

static void cost_cell(lb_html *html, const json_t *row) {
    if (!has(row, "cost") || is(row, "none")) {
        lb_html_leaf(html, "td", "number", "%s", "");
        return;
    }
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, lb_lookup_number(row, "cost"));
    lb_html_number(html, lb_lookup_number(row, "cost"), "share");
    lb_html_text(html, is(row, "drop_field") ? " of the fields" : " of the words");
    lb_html_close(html);
}

/* A share with its interval, if the row has one. */
static void share_cell(lb_html *html, const json_t *row, const char *key) {
    char low[32], high[32];
    snprintf(low, sizeof low, "%s_low", key);
    snprintf(high, sizeof high, "%s_high", key);
    lb_figure figure = {.known = false};
    if (has(row, key))
        figure = lb_figure_at(row, key, low, high);
    lb_html_open(html, "td", "class", "number", NULL);
    if (figure.known) {
        lb_html_sort_value(html, figure.value);
        lb_html_figure_text(html, &figure);
    }
    lb_html_close(html);
}

static void table(lb_html *html, const json_t *list) {
    static const char *const names[] = {"Measure",
                                        "#costs",
                                        "#linked at the first guess",
                                        "#linked at 90 % precision",
                                        "#smallest group alike",
                                        "#unique by the fields",
                                        NULL};
    lb_html_table_open(html, "Measures and what they cost", names);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        if (is(row, "suppress_words") && !has(row, "top1"))
            continue;
        lb_html_open(html, "tr", NULL);
        name_cell(html, row);
        cost_cell(html, row);
        share_cell(html, row, "top1");
        share_cell(html, row, "recall_p90");
        lb_html_cell_if(html, row, "qi_k", "");
        share_cell(html, row, "qi_unique_share");
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

/* Why there is no row of suppressed words, if there is none. */
static void missing(lb_html *html, const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i), *why = lb_lookup_if(row, "why");
        if (!is(row, "suppress_words") || !json_is_string(why))
            continue;
        lb_html_open(html, "p", "class", "note", NULL);
        lb_html_text(html,
                     "What the attack would find if rare words were suppressed is not known: ");
        lb_html_foreign(html, why);
        lb_html_text(html, ".");
        lb_html_close(html);
        return;
    }
}

void lb_html_what_if(lb_html *html) {
    const json_t *list = lb_lookup(html->document, "what_if");
    lb_html_section_open(html, "what-if", "What would help");
    lb_html_leaf(html, "p", NULL,
                 "Each measure with what the attacks would then find, and what it costs. An empty "
                 "cell: the measure does not touch it. Nothing was rewritten for this.");
    chart(html, list);
    table(html, list);
    missing(html, list);
    lb_html_close(html);
}
