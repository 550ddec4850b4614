/* Anonymity sets of the quasi-identifiers: how many look alike, and by which fields. */
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "results/number.h"

static void sentence(lb_html *html) {
    lb_figure share = lb_figure_of(html->document, "qi.unique_share");
    lb_figure k = lb_figure_of(html->document, "qi.k");
    lb_figure classes = lb_figure_of(html->document, "qi.classes");
    const char *units = lb_document_units(html->document);
    lb_html_open(html, "p", "class", "lead", NULL);
    if (!share.known || !k.known || !classes.known) {
        lb_html_text(html, "The anonymity sets are not known: %s.", share.why);
        lb_html_close(html);
        return;
    }
    lb_html_number(html, share.value, "share");
    lb_html_text(html, " of %s have a combination of these fields that ", units);
    lb_html_term(html, "qi.unique_share", "no one else has");
    lb_html_text(html, ". The ");
    lb_html_term(html, "qi.k", "smallest group");
    lb_html_say(html, " that looks alike has ", k.value, "");
    lb_html_text(html, " %s; there are ", k.value == 1 ? "member" : "members");
    lb_html_number(html, classes.value, "");
    lb_html_text(html, " different combinations.");
    lb_html_close(html);
}

static void columns_line(lb_html *html, const json_t *columns) {
    for (size_t i = 0; i < json_array_size(columns); i++) {
        if (i > 0)
            lb_html_text(html, ", ");
        lb_html_foreign(html, json_array_get(columns, i));
    }
}

static void fields_cell(lb_html *html, const json_t *subset, const char *key) {
    lb_html_open(html, "th", "scope", "row", NULL);
    columns_line(html, lb_lookup(subset, key));
    lb_html_close(html);
}

static void subset_table(lb_html *html, const json_t *subsets, bool single, const char *caption) {
    static const lb_html_column columns[] = {{"Fields", fields_cell, "columns"},
                                             {"Unique", lb_html_show_plain_bar, "unique_share"},
                                             {"#percent", lb_html_show_share, "unique_share"},
                                             {"#smallest group", lb_html_show_number, "k"},
                                             {"#groups", lb_html_show_number, "classes"},
                                             {"#distinction", lb_html_show_share, "distinction"},
                                             {"#separation", lb_html_show_share, "separation"},
                                             {0}};
    lb_html_columns_open(html, caption, columns);
    for (size_t i = 0; i < json_array_size(subsets); i++) {
        const json_t *subset = json_array_get(subsets, i);
        if ((json_array_size(lb_lookup(subset, "columns")) == 1) == single)
            lb_html_row(html, columns, subset);
    }
    lb_html_table_close(html);
}

static void subsets(lb_html *html, const json_t *list) {
    if (json_array_size(list) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "Which fields do it");
    lb_html_leaf(html, "p", NULL,
                 "A field that makes many unique alone is the first to generalise or drop. "
                 "Distinction is groups per head, separation the share of pairs that differ.");
    subset_table(html, list, true, "One field alone");
    lb_html_fold_open(html, "Combinations of fields");
    subset_table(html, list, false, "Two fields and more");
    lb_html_fold_close(html);
}

/* What dropping one field would do, the most helpful first. */
static void without(lb_html *html, const json_t *list) {
    static const lb_html_column columns[] = {
        {"Without", lb_html_show_name, "column"},
        {"Unique then", lb_html_show_plain_bar, "unique_share"},
        {"#percent", lb_html_show_share, "unique_share"},
        {"#fewer by", lb_html_show_share, "unique_gain"},
        {"#smallest group then", lb_html_show_number, "k"},
        {0}};
    if (json_array_size(list) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "What dropping one field would do");
    lb_html_table(html, "What dropping one field would do", columns, list);
}

static void by_unit(lb_html *html, const json_t *units) {
    static const char *const names[] = {"Counted as one",  "#there are", "#unique", "#share",
                                        "#smallest group", "#groups",    NULL};
    const char *unit;
    json_t *facts;
    if (json_object_size(units) < 2)
        return;
    lb_html_leaf(html, "p", NULL,
                 "Whom one counts changes the answer; the audit's choice is the one above.");
    lb_html_table_open(html, "The same fields, counted differently", names);
    json_object_foreach((json_t *)units, unit, facts) {
        if (!json_is_object(facts))
            continue;
        lb_html_open(html, "tr", NULL);
        lb_html_row_name(html, "each %s", unit);
        lb_html_show_number(html, facts, "units");
        lb_html_show_number(html, facts, "unique");
        lb_html_show_share(html, facts, "unique_share");
        lb_html_show_number(html, facts, "k");
        lb_html_show_number(html, facts, "classes");
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

void lb_html_quasi_identifiers(lb_html *html) {
    const json_t *part = lb_lookup(html->document, "singling_out.quasi_identifiers");
    lb_html_section_open(html, "quasi-identifiers");
    lb_html_open(html, "p", "class", "eyebrow", NULL);
    columns_line(html, lb_lookup(part, "columns"));
    lb_html_close(html);
    sentence(html);
    lb_html_bands(html, "How many share one combination of values", "How many look alike",
                  lb_lookup(part, "histogram"), true);
    lb_html_attackers(html);
    subsets(html, lb_lookup(part, "subsets"));
    without(html, lb_lookup(part, "without"));
    by_unit(html, lb_lookup(part, "by_unit"));
    lb_html_close(html);
}
