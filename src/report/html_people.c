/* The most exposed people, by the names the document gives them (masked unless revealed). */
#include "report/html.h"
#include "report/svg_chart.h"

enum { PEOPLE_SHOWN = 100 };

static void person_row(lb_html *html, const json_t *person) {
    const json_t *reasons = json_object_get(person, "reasons");
    double risk = json_number_value(json_object_get(person, "risk"));
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_foreign(html, json_object_get(person, "user"));
    lb_html_close(html);
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    lb_svg_share_bar(html, risk, 0, 0);
    lb_html_close(html);
    lb_html_cell(html, risk, "share");
    lb_html_open(html, "td", "class", "wide", NULL);
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        if (i > 0)
            lb_html_text(html, "; ");
        lb_html_foreign(html, json_array_get(reasons, i));
    }
    lb_html_close(html);
    lb_html_close(html);
}

void lb_html_people(lb_html *html) {
    static const char *const NAMES[] = {"Who", "Risk", "#percent", "Why", NULL};
    const json_t *people = json_object_get(html->document, "users");
    size_t count = json_array_size(people);
    lb_html_section_open(html, "people", "Who is most exposed");
    if (lb_document_revealed(html->document))
        lb_html_leaf(html, "p", NULL, "By risk, the highest first, with their keys in clear.");
    else
        lb_html_leaf(html, "p", NULL,
                     "Numbered by risk, the highest first. Keys are not shown, nor hashed: a hash "
                     "of a short name is as good as the name. To see who it is, run the audit "
                     "again with --reveal, and keep that report to yourself.");
    lb_html_table_open(html, "The most exposed", NAMES);
    for (size_t i = 0; i < count && i < PEOPLE_SHOWN; i++)
        person_row(html, json_array_get(people, i));
    lb_html_table_close(html);
    if (count > PEOPLE_SHOWN)
        lb_html_leaf(html, "p", "note", "The first %d of %zu.", PEOPLE_SHOWN, count);
    lb_html_close(html);
}
