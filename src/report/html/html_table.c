#include "report/html/html_table.h"

#include <math.h>
#include <stdarg.h>

#include "report/html/html.h"
#include "report/kit/svg_chart.h"

static void head_open(lb_html *html, const char *caption) {
    lb_buffer name = {0};
    if (lb_document_phrase(html->document, caption, &name, NULL) < 0 ||
        lb_buffer_append(&name, "", 1, NULL) < 0)
        html->failed = true;
    else
        lb_html_open(html, "div", "class", "scroll", "tabindex", "0", "role", "region",
                     "aria-label", name.data, NULL);
    lb_buffer_free(&name);
    lb_html_open(html, "table", NULL);
    lb_html_open(html, "caption", NULL);
    lb_html_phrase(html, caption);
    lb_html_close(html);
    lb_html_open(html, "thead", NULL);
    lb_html_open(html, "tr", NULL);
}

static void heading(lb_html *html, const char *name) {
    bool number = *name == '#';
    lb_html_open(html, "th", "scope", "col", "class", number ? "number" : NULL, NULL);
    lb_html_phrase(html, name + number);
    lb_html_close(html);
}

static void head_close(lb_html *html) {
    lb_html_close(html);
    lb_html_close(html);
    lb_html_open(html, "tbody", NULL);
}

void lb_html_table_open(lb_html *html, const char *caption, const char *const *names) {
    head_open(html, caption);
    for (; *names; names++)
        heading(html, *names);
    head_close(html);
}

void lb_html_columns_open(lb_html *html, const char *caption, const lb_html_column *columns) {
    head_open(html, caption);
    for (; columns->heading; columns++)
        heading(html, columns->heading);
    head_close(html);
}

void lb_html_table_close(lb_html *html) {
    for (int level = 0; level < 3; level++)
        lb_html_close(html);
}

void lb_html_row(lb_html *html, const lb_html_column *columns, const json_t *row) {
    lb_html_open(html, "tr", NULL);
    for (; columns->heading; columns++)
        columns->show(html, row, columns->key);
    lb_html_close(html);
}

void lb_html_table_part(lb_html *html, const char *caption, const lb_html_column *columns,
                        const json_t *rows, size_t from, size_t to) {
    lb_html_columns_open(html, caption, columns);
    for (size_t i = from; i < to && i < json_array_size(rows); i++)
        lb_html_row(html, columns, json_array_get(rows, i));
    lb_html_table_close(html);
}

void lb_html_table(lb_html *html, const char *caption, const lb_html_column *columns,
                   const json_t *rows) {
    lb_html_table_part(html, caption, columns, rows, 0, SIZE_MAX);
}

void lb_html_table_folded(lb_html *html, const char *caption, const lb_html_column *columns,
                          const json_t *rows) {
    if (json_array_size(rows) == 0)
        return;
    lb_html_fold_open(html, caption);
    lb_html_table(html, caption, columns, rows);
    lb_html_fold_close(html);
}

void lb_html_cell(lb_html *html, double value, const char *unit) {
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, value);
    lb_html_number(html, value, unit);
    lb_html_close(html);
}

void lb_html_cell_empty(lb_html *html) {
    lb_html_leaf(html, "td", "number", "%s", "");
}

void lb_html_cell_if(lb_html *html, const json_t *in, const char *path, const char *unit) {
    double value = lb_lookup_number_if(in, path);
    if (isnan(value))
        lb_html_cell_empty(html);
    else
        lb_html_cell(html, value, unit);
}

void lb_html_figure_cell(lb_html *html, const lb_figure *figure) {
    lb_html_open(html, "td", "class", "number", NULL);
    if (figure->known)
        lb_html_sort_value(html, figure->value);
    lb_html_figure_text(html, figure);
    lb_html_close(html);
}

void lb_html_bar_cell(lb_html *html, double share, double low, double high) {
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    lb_html_sort_value(html, share);
    lb_svg_share_bar(html, share, low, high);
    lb_html_close(html);
}

void lb_html_row_name(lb_html *html, const char *format, ...) {
    va_list arguments;
    lb_html_open(html, "th", "scope", "row", NULL);
    va_start(arguments, format);
    lb_xml_vprint(html, format, arguments);
    va_end(arguments);
    lb_html_close(html);
}

void lb_html_row_term(lb_html *html, const char *metric, const char *text) {
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_term(html, metric, text);
    lb_html_close(html);
}

void lb_html_show_name(lb_html *html, const json_t *row, const char *key) {
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_foreign(html, lb_lookup_key(row, key));
    lb_html_close(html);
}

static void show_text(lb_html *html, const json_t *row, const char *key, const char *class) {
    lb_html_open(html, "td", "class", class, NULL);
    lb_html_foreign(html, lb_lookup_key(row, key));
    lb_html_close(html);
}

void lb_html_show_foreign(lb_html *html, const json_t *row, const char *key) {
    show_text(html, row, key, NULL);
}

void lb_html_show_wide(lb_html *html, const json_t *row, const char *key) {
    show_text(html, row, key, "wide");
}

void lb_html_show_code(lb_html *html, const json_t *row, const char *key) {
    show_text(html, row, key, "code");
}

void lb_html_show_place(lb_html *html, const json_t *row, const char *key) {
    show_text(html, row, key, "code wide");
}

static void show_value(lb_html *html, const json_t *row, const char *key, const char *unit) {
    if (*key == '?')
        lb_html_cell_if(html, row, key + 1, unit);
    else
        lb_html_cell(html, lb_lookup_number(row, key), unit);
}

void lb_html_show_number(lb_html *html, const json_t *row, const char *key) {
    show_value(html, row, key, "");
}

void lb_html_show_share(lb_html *html, const json_t *row, const char *key) {
    show_value(html, row, key, "share");
}

void lb_html_show_bar(lb_html *html, const json_t *row, const char *key) {
    lb_html_bar_cell(html, lb_lookup_number(row, key), 0, 0);
}

void lb_html_show_plain_bar(lb_html *html, const json_t *row, const char *key) {
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    lb_svg_share_bar(html, lb_lookup_number(row, key), 0, 0);
    lb_html_close(html);
}

/* How many look alike, in bands: their ends are the cell sizes of precedents (1; 2 to 4; 5 to 10,
 * which most rules suppress; 11 to 19; 20 and more) and then decades. */
static const struct band {
    double from, to;
    const char *name, *risk;
} bands[] = {
    {1, 1, "1 (unique)", "1"},
    {2, 4, "2 to 4", "0.25 to 0.5"},
    {5, 10, "5 to 10", "0.1 to 0.2"},
    {11, 19, "11 to 19", "0.053 to 0.091"},
    {20, 99, "20 to 99", "0.010 to 0.05"},
    {100, 999, "100 to 999", "0.001 to 0.01"},
    {1000, 1e300, "1,000 or more", "at most 0.001"},
};
enum { BAND_COUNT = sizeof bands / sizeof *bands };

static void band_row(lb_html *html, size_t band, const double *groups, double members,
                     double total) {
    lb_html_open(html, "tr", NULL);
    lb_html_row_name(html, "%s", bands[band].name);
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    lb_svg_share_bar(html, members / total, 0, 0);
    lb_html_close(html);
    lb_html_cell(html, members / total, "share");
    lb_html_cell(html, members, "");
    if (groups)
        lb_html_cell(html, groups[band], "");
    lb_html_leaf(html, "td", "number", "%s", bands[band].risk);
    lb_html_close(html);
}

void lb_html_bands(lb_html *html, const char *caption, const char *heading, const json_t *pairs,
                   bool are_groups) {
    double groups[BAND_COUNT] = {0}, members[BAND_COUNT] = {0}, total = 0;
    for (size_t i = 0; i < json_array_size(pairs); i++) {
        const json_t *pair = json_array_get(pairs, i);
        double size = lb_lookup_item(pair, 0), count = lb_lookup_item(pair, 1);
        double heads = are_groups ? size * count : count;
        for (size_t band = 0; band < BAND_COUNT; band++)
            if (size >= bands[band].from && size <= bands[band].to) {
                groups[band] += count;
                members[band] += heads;
                total += heads;
            }
    }
    if (total <= 0)
        return;
    char units[64];
    snprintf(units, sizeof units, "#%s", lb_document_units(html->document));
    const char *const with[] = {heading,   "Share",         "#percent", units,
                                "#groups", "#risk of each", NULL};
    const char *const without[] = {heading, "Share", "#percent", units, "#risk of each", NULL};
    lb_html_table_open(html, caption, are_groups ? with : without);
    for (size_t band = 0; band < BAND_COUNT; band++)
        band_row(html, band, are_groups ? groups : NULL, members[band], total);
    lb_html_table_close(html);
}
