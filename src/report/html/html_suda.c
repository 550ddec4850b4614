/* Special uniques (SUDA): by how few fields a person is singled out, and which fields do it. */
#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"

static void sentence(lb_html *html) {
    lb_figure share = lb_figure_of(html->document, "suda.msu_users_share");
    if (!share.known)
        return;
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_number(html, share.value, "share");
    lb_html_text(html, " of %s are singled out by ", lb_document_units(html->document));
    lb_html_term(html, "suda.msu_users_share", "some set of fields of which no part would do");
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void by_size(lb_html *html, const json_t *counts) {
    static const char *const names[] = {"Fields needed", "#such minimal uniques", NULL};
    if (json_array_size(counts) == 0)
        return;
    lb_html_table_open(html, "Minimal uniques by the number of fields", names);
    for (size_t i = 0; i < json_array_size(counts); i++) {
        lb_html_open(html, "tr", NULL);
        lb_html_row_name(html, "%zu", i + 1);
        lb_html_cell(html, lb_lookup_item(counts, i), "");
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

static void contributions(lb_html *html, const json_t *columns) {
    static const char *const names[] = {"Field", "Share of the risk it takes part in", "#percent",
                                        NULL};
    const char *column;
    json_t *share;
    if (json_object_size(columns) == 0)
        return;
    lb_html_table_open(html, "Contribution of each field", names);
    json_object_foreach((json_t *)columns, column, share) {
        lb_html_open(html, "tr", NULL);
        lb_html_open(html, "th", "scope", "row", NULL);
        lb_html_foreign_text(html, column);
        lb_html_close(html);
        lb_html_open(html, "td", "class", "bar-cell", NULL);
        lb_svg_share_bar(html, json_number_value(share), 0, 0);
        lb_html_close(html);
        lb_html_cell(html, json_number_value(share), "share");
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

static void fields_cell(lb_html *html, const json_t *special, const char *key) {
    const json_t *columns = lb_lookup(special, key);
    lb_html_open(html, "td", "class", "wide", NULL);
    for (size_t i = 0; i < json_array_size(columns); i++) {
        lb_html_text(html, "%s", i > 0 ? ", " : "");
        lb_html_foreign(html, json_array_get(columns, i));
    }
    lb_html_close(html);
}

void lb_html_suda(lb_html *html) {
    static const lb_html_column values[] = {{"Field", lb_html_show_name, "column"},
                                            {"Value", lb_html_show_foreign, "value"},
                                            {"#share of the risk", lb_html_show_share, "share"},
                                            {0}};
    static const lb_html_column specials[] = {{"Who", lb_html_show_name, "user"},
                                              {"#score", lb_html_show_number, "score"},
                                              {"#DIS", lb_html_show_share, "dis"},
                                              {"Fewest fields", fields_cell, "columns"},
                                              {0}};
    const json_t *part = lb_lookup(html->document, "singling_out.suda");
    lb_html_section_open(html, "suda");
    sentence(html);
    lb_html_leaf(html, "p", NULL,
                 "The fewer fields single someone out, the more surely they do so outside of this "
                 "corpus too. Shares of the fields add up to more than the whole, since each set "
                 "counts for every field in it.");
    by_size(html, lb_lookup(part, "msu_by_size"));
    contributions(html, lb_lookup(part, "contribution"));
    lb_html_table_folded(html, "Values that contribute most", values, lb_lookup(part, "values"));
    lb_html_table_folded(html, "The most special uniques", specials, lb_lookup(part, "specials"));
    if (json_is_false(lb_lookup(part, "complete"))) {
        lb_html_open(html, "p", "class", "note", NULL);
        lb_html_text(html, "Sets of more than ");
        lb_html_count(html, lb_lookup_number(part, "max_size"));
        lb_html_text(html, " fields were not searched.");
        lb_html_close(html);
    }
    lb_html_close(html);
}
