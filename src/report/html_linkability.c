/* The linkage attack on the corpus itself: how many are found again, how surely, and by what. */
#include <stdio.h>

#include "audit/number.h"
#include "report/html.h"
#include "report/svg_chart.h"

static double number_of(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

static void figure_text(lb_html *html, const char *metric) {
    lb_figure figure = lb_figure_of(html->document, metric);
    lb_buffer text = {0};
    if (lb_figure_print(&figure, 3, true, &text, NULL) < 0)
        html->failed = true;
    lb_html_text(html, "%.*s", (int)text.size, text.data ? text.data : "");
    lb_buffer_free(&text);
}

static void sentence(lb_html *html) {
    if (!lb_figure_of(html->document, "link.top1").known)
        return;
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_text(html, "Given half of what someone wrote, the attack names the right other half ");
    lb_html_term(html, "link.top1", "first");
    lb_html_text(html, " for ");
    figure_text(html, "link.top1");
    lb_html_text(html, "; by chance it would be ");
    figure_text(html, "link.chance");
    lb_html_text(html, ". At 90 %% precision it ");
    lb_html_term(html, "link.recall_p90", "finds again");
    lb_html_text(html, " ");
    figure_text(html, "link.recall_p90");
    lb_html_text(html, ", those counted who have no other half.");
    lb_html_close(html);
}

/* Pairs [threshold, precision, recall], by rising recall. */
static void precision_chart(lb_html *html, const json_t *points) {
    size_t count = json_array_size(points);
    double *values = lb_alloc(count + 1, 2 * sizeof *values);
    double chance = lb_figure_of(html->document, "link.chance").value;
    const double chance_x[] = {0, 1}, chance_y[] = {chance, chance};
    char title[160], share[LB_NUMBER_MAX];
    lb_figure recall = lb_figure_of(html->document, "link.recall_p90");
    if (!values) {
        html->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *point = json_array_get(points, i);
        values[i] = json_number_value(json_array_get(point, 2));
        values[count + i] = json_number_value(json_array_get(point, 1));
    }
    const lb_series series[] = {
        {.label = "attack", .x = values, .y = values + count, .count = count},
        {.label = "chance", .x = chance_x, .y = chance_y, .count = 2}};
    lb_number_display(recall.value, "share", 3, share);
    snprintf(title, sizeof title, "At 90 %% precision the attack finds %s of %s again",
             recall.known ? share : "an unknown share", lb_document_units(html->document));
    const lb_chart made = {.id = "precision-recall",
                           .title = title,
                           .description = "Precision against recall of the linkage attack in an "
                                          "open world, where many have no other half to be found; "
                                          "the dashed line is a guess at random.",
                           .x_scale = LB_SCALE_SHARE,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "found again (recall)",
                           .y_title = "right when it says so (precision)",
                           .series = series,
                           .series_count = 2};
    if (count > 0) {
        lb_html_open(html, "figure", NULL);
        lb_html_leaf(html, "figcaption", NULL, "%s", title);
        lb_svg_chart(html, &made);
        lb_html_close(html);
    }
    lb_free(values);
}

static void ranks_table(lb_html *html) {
    static const char *const METRICS[] = {"link.top1",       "link.top5",       "link.top10",
                                          "link.recall_p50", "link.recall_p90", "link.recall_p99",
                                          "link.advantage",  "link.auc"};
    static const char *const WORDS[] = {"right at the first guess", "among the first five",
                                        "among the first ten",      "found at 50 % precision",
                                        "found at 90 % precision",  "found at 99 % precision",
                                        "advantage over control",   "area under the curve"};
    static const char *const NAMES[] = {"Figure", "#value (95 % interval)", NULL};
    lb_html_table_open(html, "The attack in figures", NAMES);
    for (size_t i = 0; i < sizeof METRICS / sizeof *METRICS; i++) {
        lb_figure figure = lb_figure_of(html->document, METRICS[i]);
        lb_html_open(html, "tr", NULL);
        lb_html_open(html, "th", "scope", "row", NULL);
        lb_html_term(html, METRICS[i], WORDS[i]);
        lb_html_close(html);
        lb_html_open(html, "td", "class", "number", NULL);
        lb_html_sort_value(html, figure.value);
        figure_text(html, METRICS[i]);
        lb_html_close(html);
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

/* A cell that may have no figure. */
static void cell(lb_html *html, const json_t *object, const char *key) {
    if (json_is_number(json_object_get(object, key)))
        lb_html_cell(html, number_of(object, key), "share");
    else
        lb_html_leaf(html, "td", "number", "%s", "");
}

static void signals_table(lb_html *html, const json_t *signals) {
    /* The last column only where the attack was run without each of them. */
    bool without = json_is_number(json_object_get(json_array_get(signals, 0), "top1_without"));
    const char *const names[] = {"What links",      "Alone, right first",           "#percent",
                                 "#gave most away", without ? "#without it" : NULL, NULL};
    if (json_array_size(signals) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "What links");
    lb_html_table_open(html, "What links", names);
    for (size_t i = 0; i < json_array_size(signals); i++) {
        const json_t *signal = json_array_get(signals, i);
        lb_html_open(html, "tr", NULL);
        lb_html_open(html, "th", "scope", "row", NULL);
        lb_html_foreign(html, json_object_get(signal, "signal"));
        lb_html_close(html);
        lb_html_open(html, "td", "class", "bar-cell", NULL);
        lb_html_sort_value(html, number_of(signal, "top1"));
        lb_svg_share_bar(html, number_of(signal, "top1"), 0, 0);
        lb_html_close(html);
        cell(html, signal, "top1");
        lb_html_cell(html, number_of(signal, "reasons"), "");
        if (without)
            cell(html, signal, "top1_without");
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

static void sizes_table(lb_html *html, const json_t *sizes) {
    static const char *const NAMES[] = {
        "#from words", "#to words", "#attacked", "Right at the first guess", "#percent", NULL};
    if (json_array_size(sizes) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "By how much someone wrote");
    lb_html_table_open(html, "By how much someone wrote", NAMES);
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        const json_t *size = json_array_get(sizes, i);
        lb_html_open(html, "tr", NULL);
        lb_html_cell(html, number_of(size, "least_words"), "");
        lb_html_cell(html, number_of(size, "most_words"), "");
        lb_html_cell(html, number_of(size, "queries"), "");
        lb_html_open(html, "td", "class", "bar-cell", NULL);
        lb_html_sort_value(html, number_of(size, "top1"));
        lb_svg_share_bar(html, number_of(size, "top1"), number_of(size, "low"),
                         number_of(size, "high"));
        lb_html_close(html);
        cell(html, size, "top1");
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

static void reliability_table(lb_html *html, const json_t *tenths) {
    static const char *const NAMES[] = {"#says", "#is right (95 % interval)", "#pairs", NULL};
    if (json_array_size(tenths) == 0)
        return;
    lb_html_fold_open(html, "How far its probabilities can be trusted");
    lb_html_table_open(html, "Reliability of the probabilities", NAMES);
    for (size_t i = 0; i < json_array_size(tenths); i++) {
        const json_t *tenth = json_array_get(tenths, i);
        double pairs = number_of(tenth, "pairs");
        lb_figure figure = {.known = pairs > 0,
                            .has_interval = true,
                            .value = pairs > 0 ? number_of(tenth, "right") / pairs : 0,
                            .low = number_of(tenth, "low"),
                            .high = number_of(tenth, "high"),
                            .unit = "share"};
        lb_buffer text = {0};
        if (lb_figure_print(&figure, 3, true, &text, NULL) < 0)
            html->failed = true;
        lb_html_open(html, "tr", NULL);
        cell(html, tenth, "said");
        lb_html_open(html, "td", "class", "number", NULL);
        lb_html_sort_value(html, figure.value);
        lb_html_text(html, "%.*s", (int)text.size, text.data ? text.data : "");
        lb_html_close(html);
        lb_html_cell(html, pairs, "");
        lb_html_close(html);
        lb_buffer_free(&text);
    }
    lb_html_table_close(html);
    lb_html_fold_close(html);
}

void lb_html_linkability(lb_html *html) {
    const json_t *part = lb_document_at(html->document, "linkability.self");
    lb_html_section_open(html, "linkability", "Can pseudonyms be linked");
    sentence(html);
    precision_chart(html, json_object_get(part, "precision_recall"));
    ranks_table(html);
    lb_html_open(html, "p", "class", "note", NULL);
    lb_html_text(html, "Attacked: ");
    lb_html_number(html, number_of(part, "eligible"), "");
    lb_html_text(html, "; in the crowd without another half: ");
    lb_html_number(html, number_of(part, "distractors"), "");
    lb_html_text(html, ".");
    lb_html_close(html);
    signals_table(html, json_object_get(part, "signals"));
    sizes_table(html, json_object_get(part, "by_profile_size"));
    reliability_table(html, json_object_get(part, "reliability"));
    lb_html_close(html);
}
