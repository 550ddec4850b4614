/* How few words suffice to single someone out: drawn at random, and chosen by the attacker. */
#include <math.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

static lb_curve curve_of(const json_t *list, const char *words, const char *share) {
    lb_curve made = {.count = 0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *point = json_array_get(list, i);
        if (!isnan(lb_lookup_number(point, share)))
            lb_curve_add(&made, lb_lookup_number(point, words), lb_lookup_number(point, share),
                         lb_lookup_number_if(point, "low"), lb_lookup_number_if(point, "high"));
    }
    return made;
}

static const json_t *worst_sizes(const lb_html *html) {
    return lb_lookup_if(html->document, "singling_out.worst_case.sizes");
}

static const char *number_word(double number) {
    static const char *const WORDS[] = {"One", "Two", "Three", "Four", "Five"};
    return number >= 1 && number <= 5 ? WORDS[(size_t)number - 1] : "Some";
}

static void chart(lb_html *html, const json_t *unicity) {
    lb_curve drawn = curve_of(unicity, "p", "value");
    lb_curve chosen = curve_of(worst_sizes(html), "m", "share");
    const lb_series series[] = {lb_curve_series(&drawn, "drawn at random"),
                                lb_curve_series(&chosen, "chosen")};
    char title[160], share[LB_NUMBER_MAX];
    if (drawn.count == 0)
        return;
    lb_number_display(drawn.y[drawn.count - 1], "share", 3, share);
    snprintf(title, sizeof title, "%s of a unit's words, drawn at random, single out %s of units",
             number_word(drawn.x[drawn.count - 1]), share);
    const lb_chart made = {
        .id = "unicity-chart",
        .title = title,
        .description = "Share of units that are singled out by so many of their own words: drawn "
                       "at random, with 95 % intervals, and chosen by an attacker who knows which "
                       "ones are rare.",
        .x_scale = LB_SCALE_WHOLE,
        .y_scale = LB_SCALE_SHARE,
        .x_title = "words known",
        .y_title = "singled out",
        .series = series,
        .series_count = chosen.count > 0 ? 2 : 1};
    lb_html_chart(html, &made);
}

static const json_t *entry_of(const json_t *list, const char *key, double number) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (lb_lookup_number(json_array_get(list, i), key) == number)
            return json_array_get(list, i);
    return NULL;
}

static void drawn_cell(lb_html *html, const json_t *point, const char *key) {
    lb_figure figure = lb_figure_at(point, key, "low", "high");
    lb_html_figure_cell(html, &figure);
}

/* By the number of words that stands under `key`. */
static void chosen_cell(lb_html *html, const json_t *point, const char *key) {
    const json_t *worst = entry_of(worst_sizes(html), "m", lb_lookup_number(point, key));
    if (isnan(lb_lookup_number_if(worst, "share"))) {
        lb_html_cell_empty(html);
        return;
    }
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, lb_lookup_number(worst, "share"));
    lb_html_text(html, "%s", lb_lookup_number(worst, "cut") > 0 ? "at least " : "");
    lb_html_number(html, lb_lookup_number(worst, "share"), "share");
    lb_html_close(html);
}

/* km-anonymity: how many words an attacker may know before k people no longer share them. */
static void guarantee(lb_html *html) {
    const json_t *km = lb_lookup_if(html->document, "singling_out.km_anonymity");
    const json_t *set = lb_lookup_if(km, "set");
    if (!km)
        return;
    bool none = lb_lookup_number(km, "m") == 0;
    lb_html_open(html, "p", NULL);
    lb_html_text(html, none ? "There are words that fewer than " : "Whatever ");
    if (!none) {
        lb_html_count(html, lb_lookup_number(km, "m"));
        lb_html_text(html, " of their words someone knows, at least ");
    }
    lb_html_count(html, lb_lookup_number(km, "k"));
    lb_html_text(html, " %s share%s%s", lb_document_units(html->document), none ? "" : " them",
                 !none && lb_lookup_flag(km, "cut") ? "; more was not searched" : "");
    if (json_array_size(set) > 0) {
        lb_html_text(html, "%s", none ? ": " : "; not beyond: ");
        for (size_t i = 0; i < json_array_size(set); i++) {
            lb_html_text(html, "%s", i == 0 ? "" : ", ");
            lb_html_foreign(html, json_array_get(set, i));
        }
        lb_html_text(html, " lead%s to ", json_array_size(set) == 1 ? "s" : "");
        lb_html_count(html, lb_lookup_number(km, "units"));
        lb_html_text(html, " of them");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

void lb_html_unicity(lb_html *html) {
    static const lb_html_column columns[] = {
        {"#words known", lb_html_show_number, "p"},
        {"#drawn at random (95 % interval)", drawn_cell, "value"},
        {"#chosen by the attacker", chosen_cell, "p"},
        {"#units with so many", lb_html_show_number, "units"},
        {0}};
    const json_t *unicity = lb_lookup(html->document, "singling_out.unicity");
    lb_html_section_open(html, "unicity");
    chart(html, unicity);
    lb_html_table(html, "Singled out by so many words", columns, unicity);
    guarantee(html);
    lb_html_close(html);
}
