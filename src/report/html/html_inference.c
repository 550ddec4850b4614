/* Sensitive fields: what a group that looks alike gives away, and what an attack learns. */
#include <math.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "results/number.h"

/* A cell for a figure that may not exist. */
static void cell(lb_html *html, const json_t *object, const char *key, const char *unit) {
    if (json_is_null(lb_lookup_if(object, key)))
        lb_html_leaf(html, "td", "number", "none");
    else
        lb_html_cell(html, lb_lookup_number(object, key), unit);
}

static void attack(lb_html *html, const json_t *result) {
    lb_html_open(html, "p", "class", "lead", NULL);
    if (isnan(lb_lookup_number(result, "risk"))) {
        lb_html_text(html, "The attack could not be run: ");
        lb_html_foreign(html, lb_lookup(result, "why"));
        lb_html_text(html, ".");
        lb_html_close(html);
        return;
    }
    lb_html_say(html, "A guess from the most similar record is right for ",
                lb_lookup_number(result, "success"), "share");
    lb_html_say(html, " of ", lb_lookup_number(result, "targets"), "");
    lb_html_text(html, " %s in the corpus, and for ", lb_document_units(html->document));
    lb_html_number(html, lb_lookup_number(result, "control"), "share");
    lb_html_say(html, " of ", lb_lookup_number(result, "controls"), "");
    lb_html_say(html, " who were kept out: a risk of ", lb_lookup_number(result, "risk"), "share");
    lb_html_say(html, " (", lb_lookup_number(result, "low"), "share");
    lb_html_say(html, " to ", lb_lookup_number(result, "high"), "share");
    lb_html_text(html, ").");
    lb_html_close(html);
}

static void worst_row(lb_html *html, const json_t *class) {
    const char *column;
    json_t *value;
    bool first = true;
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "th", "scope", "row", "class", "wide", NULL);
    json_object_foreach((json_t *)lb_lookup(class, "class"), column, value) {
        if (!first)
            lb_html_text(html, ", ");
        first = false;
        lb_html_foreign_text(html, column);
        lb_html_text(html, " ");
        lb_html_foreign(html, value);
    }
    lb_html_close(html);
    cell(html, class, "units", "");
    cell(html, class, "distinct", "");
    cell(html, class, "alpha", "share");
    cell(html, class, "t", "distance");
    lb_html_close(html);
}

static void worst_classes(lb_html *html, const json_t *classes) {
    char units[64];
    snprintf(units, sizeof units, "#%s", lb_document_units(html->document));
    const char *const names[] = {"Group", units, "#values", "#most frequent", "#distance", NULL};
    if (json_array_size(classes) == 0)
        return;
    lb_html_fold_open(html, "The worst groups");
    lb_html_table_open(html, "The worst groups", names);
    for (size_t i = 0; i < json_array_size(classes); i++)
        worst_row(html, json_array_get(classes, i));
    lb_html_table_close(html);
    lb_html_fold_close(html);
}

static void distance(lb_html *html, const json_t *field) {
    const json_t *hierarchy = lb_lookup_if(field, "hierarchy");
    if (!json_is_object(hierarchy))
        return;
    lb_html_open(html, "p", NULL);
    lb_html_text(html,
                 "For t two values are as far apart as the level at which they meet: by the ");
    lb_html_count(html, lb_lookup_number(hierarchy, "levels"));
    lb_html_text(html, " levels of ");
    lb_html_foreign(html, lb_lookup(hierarchy, "file"));
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void diversity_table(lb_html *html, const json_t *field) {
    static const struct {
        const char *key, *metric, *words, *unit;
    } ROWS[] = {
        {"l_distinct", "inference.l_distinct", "fewest distinct values in a group", "values"},
        {"l_entropy", "inference.l_entropy", "the same, by entropy", "values"},
        {"c_recursive_2", "inference.c_recursive",
         "most frequent value against all others, c of (c,2)", "ratio"},
        {"alpha", "inference.alpha", "largest share of one value in a group", "share"},
        {"t", "inference.t", "largest distance from the whole corpus (t)", "distance"},
        {"beta", "inference.beta", "largest relative gain of a value (beta)", "ratio"},
        {"beta_enhanced", "inference.beta_enhanced", "the same, enhanced", "ratio"},
        {"delta", "inference.delta", "largest log ratio of a value (delta)", "ratio"},
    };
    static const char *const NAMES[] = {"In the worst group", "#figure", NULL};
    lb_html_table_open(html, "Diversity and closeness", NAMES);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        lb_html_open(html, "tr", NULL);
        lb_html_row_term(html, ROWS[i].metric, ROWS[i].words);
        cell(html, field, ROWS[i].key, ROWS[i].unit);
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

void lb_html_inference(lb_html *html) {
    const json_t *fields = lb_lookup(html->document, "inference.fields");
    lb_html_section_open(html, "inference");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        lb_html_open(html, "h3", NULL);
        lb_html_foreign(html, lb_lookup(field, "field"));
        lb_html_close(html);
        attack(html, lb_lookup(field, "attack"));
        distance(html, field);
        diversity_table(html, field);
        worst_classes(html, lb_lookup(field, "worst_classes"));
    }
    lb_html_leaf(html, "p", "note",
                 "A group of one is certain by itself: it counts as singled out, and its sensitive "
                 "value is known to whoever finds it.");
    lb_html_close(html);
}
