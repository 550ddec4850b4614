/* What would help: each measure against its cost. */
#include <math.h>
#include <stdio.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

static bool has(const json_t *object, const char *key) {
    return !isnan(lb_lookup_number_if(object, key));
}

static bool is(const json_t *row, const char *measure) {
    return lb_lookup_is(row, "measure", measure);
}

/* Cost against the first guess, from no measure to the strongest. */
static void chart(lb_html *html, const json_t *list) {
    lb_curve curve = {.count = 0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        if (!is(row, "drop_field") && has(row, "top1"))
            lb_curve_add(&curve, lb_lookup_number(row, "cost"), lb_lookup_number(row, "top1"),
                         lb_lookup_number_if(row, "top1_low"),
                         lb_lookup_number_if(row, "top1_high"));
    }
    if (curve.count < 2)
        return;
    size_t last = curve.count - 1;
    char title[200], before[LB_NUMBER_MAX], after[LB_NUMBER_MAX], lost[LB_NUMBER_MAX];
    lb_number_display(curve.y[0], "share", 3, before);
    lb_number_display(curve.y[last], "share", 3, after);
    lb_number_display(curve.x[last], "share", 3, lost);
    snprintf(title, sizeof title,
             "Without the rarest words, %s of all, the first guess is right for %s, and not for %s",
             lost, after, before);
    const lb_series series = lb_curve_series(&curve, "first guess");
    const lb_chart made = {.id = "what-if-chart",
                           .title = title,
                           .description = "Share of people linked at the first guess, with 95 % "
                                          "intervals, against the share of all words that is lost "
                                          "when words of few people are suppressed.",
                           .x_scale = LB_SCALE_SHARE,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "words lost",
                           .y_title = "right at the first guess",
                           .series = &series,
                           .series_count = 1};
    lb_html_chart(html, &made);
}

static void name_cell(lb_html *html, const json_t *row, const char *key) {
    lb_html_open(html, "th", "scope", "row", NULL);
    if (lb_lookup_is(row, key, "suppress_words")) {
        lb_html_say(html, "suppress words of fewer than ", lb_lookup_number(row, "k"), "");
        lb_html_text(html, " people");
    } else if (is(row, "drop_field")) {
        lb_html_text(html, "drop ");
        lb_html_foreign(html, lb_lookup(row, "field"));
    } else {
        lb_html_text(html, "as it is");
    }
    lb_html_close(html);
}

static void cost_cell(lb_html *html, const json_t *row, const char *key) {
    if (!has(row, key) || is(row, "none")) {
        lb_html_cell_empty(html);
        return;
    }
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, lb_lookup_number(row, key));
    lb_html_number(html, lb_lookup_number(row, key), "share");
    lb_html_text(html, is(row, "drop_field") ? " of the fields" : " of the words");
    lb_html_close(html);
}

/* What the attack finds, with its interval, or that it was not run. */
static void attack_cell(lb_html *html, const json_t *row, const char *key) {
    char low[32], high[32];
    snprintf(low, sizeof low, "%s_low", key);
    snprintf(high, sizeof high, "%s_high", key);
    if (!has(row, key)) {
        lb_html_leaf(html, "td", "number", "%s", is(row, "none") ? lb_not_known : "not run");
        return;
    }
    lb_figure figure = lb_figure_at(row, key, low, high);
    lb_html_figure_cell(html, &figure);
}

static void table(lb_html *html, const json_t *list) {
    static const lb_html_column columns[] = {
        {"Measure", name_cell, "measure"},
        {"#costs", cost_cell, "cost"},
        {"#linked at the first guess", attack_cell, "top1"},
        {"#linked at 90 % precision", attack_cell, "recall_p90"},
        {"#smallest group alike", lb_html_show_number, "?qi_k"},
        {"#unique by the fields", lb_html_show_share, "?qi_unique_share"},
        {0}};
    lb_html_columns_open(html, "Measures and what they cost", columns);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        if (!is(row, "suppress_words") || has(row, "top1"))
            lb_html_row(html, columns, row);
    }
    lb_html_table_close(html);
}

/* Why the attack was not run on one measure; where one lacks it, most do. */
static void not_run(lb_html *html, const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i), *why = lb_lookup_if(row, "why");
        if (is(row, "none") || !json_is_string(why))
            continue;
        lb_html_open(html, "p", "class", "note", NULL);
        lb_html_text(html, "Not run again, neither without rare words nor without a field: ");
        lb_html_foreign(html, why);
        lb_html_text(html, ".");
        lb_html_close(html);
        return;
    }
}

void lb_html_what_if(lb_html *html) {
    const json_t *list = lb_lookup(html->document, "what_if");
    lb_html_section_open(html, "what-if");
    lb_html_leaf(
        html, "p", NULL,
        "Each measure with what the attacks would then find, and what it costs. \"Not run\" "
        "means that nobody knows: it may help or not. Nothing was rewritten for this.");
    chart(html, list);
    table(html, list);
    not_run(html, list);
    lb_html_close(html);
}
