/* How many look alike, in bands: their ends are the cell sizes of precedents (1; 2 to 4; 5 to 10,
 * which most rules suppress; 11 to 19; 20 and more) and then decades. */
#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"

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
