/* The most exposed people, by the names the document gives them (masked unless revealed). */
#include <stdio.h>

#include "report/html/html.h"
#include "report/kit/svg_chart.h"

enum { PEOPLE_SHOWN = 20 };

/* Where the rare words by which someone can be known stand, for whoever holds the corpus. */
static void places(lb_html *html, const json_t *tokens) {
    bool open = false;
    for (size_t i = 0; i < json_array_size(tokens); i++) {
        const json_t *place = lb_lookup(json_array_get(tokens, i), "place");
        if (!json_is_string(place))
            continue;
        if (!open)
            lb_html_open(html, "div", "class", "note code", NULL);
        else
            lb_html_text(html, ", ");
        open = true;
        lb_html_foreign(html, place);
    }
    if (open)
        lb_html_close(html);
}

static void person_row(lb_html *html, const json_t *person) {
    const json_t *reasons = lb_lookup(person, "reasons");
    double risk = lb_lookup_number(person, "risk");
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_foreign(html, lb_lookup(person, "user"));
    lb_html_close(html);
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    lb_html_sort_value(html, risk);
    lb_svg_share_bar(html, risk, 0, 0);
    lb_html_close(html);
    lb_html_cell(html, risk, "share");
    lb_html_open(html, "td", "class", "wide", NULL);
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        if (i > 0)
            lb_html_text(html, "; ");
        lb_html_foreign(html, json_array_get(reasons, i));
    }
    places(html, lb_lookup(person, "tokens"));
    lb_html_close(html);
    lb_html_close(html);
}

static void people_table(lb_html *html, const json_t *people, const char *caption, size_t from,
                         size_t to) {
    static const char *const names[] = {"Who", "Risk", "#percent", "Why", NULL};
    lb_html_table_open(html, caption, names);
    for (size_t i = from; i < to; i++)
        person_row(html, json_array_get(people, i));
    lb_html_table_close(html);
}

/* Everyone by the smallest group that fields or up to three words lead to. */
static void distribution(lb_html *html) {
    const json_t *part = lb_lookup(html->document, "singling_out.people");
    double people = lb_lookup_number(part, "units");
    double alone = lb_lookup_number(part, "alone");
    if (!(people > 0))
        return;
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_number(html, alone / people, "share");
    lb_html_text(html,
                 " of %s can be singled out by their fields, or by three of their words or fewer.",
                 lb_document_units(html->document));
    lb_html_close(html);
    lb_html_bands(html, "Risk over all people", "Smallest group they can be narrowed down to",
                  lb_lookup(part, "histogram"), false);
}

void lb_html_people(lb_html *html) {
    const json_t *people = lb_lookup(html->document, "users");
    size_t count = json_array_size(people), shown = count < PEOPLE_SHOWN ? count : PEOPLE_SHOWN;
    lb_html_section_open(html, "people", "Who is most exposed");
    distribution(html);
    if (lb_document_revealed(html->document))
        lb_html_leaf(html, "p", NULL, "By risk, the highest first, with their keys in clear.");
    else
        lb_html_leaf(html, "p", NULL,
                     "Numbered by risk, the highest first. Keys are not shown, nor hashed: a hash "
                     "of a short name is as good as the name. To see who it is, run the audit "
                     "again with --reveal, and keep that report to yourself.");
    people_table(html, people, "The most exposed", 0, shown);
    if (count > shown) {
        char summary[64];
        snprintf(summary, sizeof summary, "%zu more", count - shown);
        lb_html_fold_open(html, summary);
        people_table(html, people, "Exposed as well", shown, count);
        lb_html_fold_close(html);
    }
    lb_html_close(html);
}
