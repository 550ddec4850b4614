/* How few words suffice to single someone out: drawn at random, and chosen by the attacker. */
#include <math.h>

#include "report/html/html.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

enum { POINTS_MAX = 16 };

/* One curve of the document: shares by number of words. */
typedef struct curve {
    double x[POINTS_MAX], y[POINTS_MAX], low[POINTS_MAX], high[POINTS_MAX];
    size_t count;
} curve;

static curve curve_of(const json_t *list, const char *words, const char *share) {
    curve made = {.count = 0};
    for (size_t i = 0; i < json_array_size(list) && made.count < POINTS_MAX; i++) {
        const json_t *point = json_array_get(list, i);
        if (isnan(lb_lookup_number(point, share)))
            continue;
        made.x[made.count] = lb_lookup_number(point, words);
        made.y[made.count] = lb_lookup_number(point, share);
        made.low[made.count] = lb_lookup_number_if(point, "low");
        made.high[made.count] = lb_lookup_number_if(point, "high");
        made.count++;
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
    curve drawn = curve_of(unicity, "p", "value"),
          chosen = curve_of(worst_sizes(html), "m", "share");
    const lb_series series[] = {
        {.label = "drawn at random",
         .x = drawn.x,
         .y = drawn.y,
         .low = drawn.low,
         .high = drawn.high,
         .count = drawn.count,
         .points = true},
        {.label = "chosen", .x = chosen.x, .y = chosen.y, .count = chosen.count, .points = true}};
    char title[160], share[LB_NUMBER_MAX];
    if (drawn.count == 0)
        return;
    lb_number_display(drawn.y[drawn.count - 1], "share", 3, share);
    snprintf(title, sizeof title, "%s of a person's words, drawn at random, single out %s of %s",
             number_word(drawn.x[drawn.count - 1]), share, lb_document_units(html->document));
    const lb_chart made = {
        .id = "unicity-chart",
        .title = title,
        .description = "Share of people who are singled out by so many of their own words: drawn "
                       "at random, with 95 % intervals, and chosen by an attacker who knows which "
                       "ones are rare.",
        .x_scale = LB_SCALE_WHOLE,
        .y_scale = LB_SCALE_SHARE,
        .x_title = "words known",
        .y_title = "singled out",
        .series = series,
        .series_count = chosen.count > 0 ? 2 : 1};
    lb_html_open(html, "figure", NULL);
    lb_html_leaf(html, "figcaption", NULL, "%s", title);
    lb_svg_chart(html, &made);
    lb_html_close(html);
}

static const json_t *entry_of(const json_t *list, const char *key, double number) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (lb_lookup_number(json_array_get(list, i), key) == number)
            return json_array_get(list, i);
    return NULL;
}

static void chosen_cell(lb_html *html, const json_t *worst) {
    if (isnan(lb_lookup_number_if(worst, "share"))) {
        lb_html_leaf(html, "td", "number", "%s", "");
        return;
    }
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, lb_lookup_number(worst, "share"));
    lb_html_text(html, "%s", lb_lookup_number(worst, "cut") > 0 ? "at least " : "");
    lb_html_number(html, lb_lookup_number(worst, "share"), "share");
    lb_html_close(html);
}

static void table(lb_html *html, const json_t *unicity) {
    static const char *const NAMES[] = {"#words known", "#drawn at random (95 % interval)",
                                        "#chosen by the attacker", "#people with so many", NULL};
    lb_html_table_open(html, "Singled out by so many words", NAMES);
    for (size_t i = 0; i < json_array_size(unicity); i++) {
        const json_t *point = json_array_get(unicity, i);
        lb_figure figure = lb_figure_at(point, "value", "low", "high");
        lb_html_open(html, "tr", NULL);
        lb_html_cell(html, lb_lookup_number(point, "p"), "");
        lb_html_open(html, "td", "class", "number", NULL);
        lb_html_sort_value(html, figure.value);
        lb_html_figure_text(html, &figure);
        lb_html_close(html);
        chosen_cell(html, entry_of(worst_sizes(html), "m", lb_lookup_number(point, "p")));
        lb_html_cell(html, lb_lookup_number(point, "units"), "");
        lb_html_close(html);
    }
    lb_html_table_close(html);
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
    const json_t *unicity = lb_lookup(html->document, "singling_out.unicity");
    lb_html_section_open(html, "unicity", "How few words suffice");
    chart(html, unicity);
    table(html, unicity);
    guarantee(html);
    lb_html_close(html);
}
