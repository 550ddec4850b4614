/* The most exposed people, by the names the document gives them (masked unless revealed), and the
 * conversations in which the most stands that leads to a person. */
#include <stdio.h>

#include "report/html/html.h"
#include "report/html/html_table.h"

enum { SHOWN = 20 };

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

static void why_cell(lb_html *html, const json_t *person, const char *key) {
    const json_t *reasons = lb_lookup(person, key);
    lb_html_open(html, "td", "class", "wide", NULL);
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        if (i > 0)
            lb_html_text(html, "; ");
        lb_html_foreign(html, json_array_get(reasons, i));
    }
    places(html, lb_lookup(person, "tokens"));
    lb_html_close(html);
}

static const lb_html_column people_columns[] = {{"Who", lb_html_show_name, "user"},
                                                {"Risk", lb_html_show_bar, "risk"},
                                                {"#percent", lb_html_show_share, "risk"},
                                                {"Why", why_cell, "reasons"},
                                                {0}};

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
    lb_html_bands(html, "Risk over all units", "Smallest group they can be narrowed down to",
                  lb_lookup(part, "histogram"), false);
}

void lb_html_people(lb_html *html) {
    const json_t *people = lb_lookup(html->document, "users");
    size_t count = json_array_size(people), shown = count < SHOWN ? count : SHOWN;
    lb_html_section_open(html, "people");
    distribution(html);
    if (lb_document_revealed(html->document))
        lb_html_leaf(html, "p", NULL, "By risk, the highest first, with their keys in clear.");
    else
        lb_html_leaf(html, "p", NULL,
                     "By risk, the highest first. Keys are not shown: each has a number, the same "
                     "everywhere in this report, from which nobody without the corpus can tell "
                     "the key. To see who it is, run the audit again with --reveal, and keep that "
                     "report to yourself.");
    lb_html_table_part(html, "The most exposed", people_columns, people, 0, shown);
    if (count > shown) {
        char summary[64];
        snprintf(summary, sizeof summary, "%zu more", count - shown);
        lb_html_fold_open(html, summary);
        lb_html_table_part(html, "Exposed as well", people_columns, people, shown, count);
        lb_html_fold_close(html);
    }
    lb_html_close(html);
}

static const lb_html_column conversation_columns[] = {
    {"Conversation", lb_html_show_name, "conversation"},
    {"#words of one unit only", lb_html_show_number, "unique"},
    {"#fewest who share a word", lb_html_show_number, "smallest"},
    {"#messages", lb_html_show_number, "messages"},
    {"Begins at", lb_html_show_code, "place"},
    {0}};

void lb_html_conversations(lb_html *html) {
    const json_t *list = lb_lookup(html->document, "singling_out.conversations");
    size_t count = json_array_size(list), shown = count < SHOWN ? count : SHOWN;
    lb_html_section_open(html, "conversations");
    lb_html_open(html, "p", NULL);
    lb_html_phrase(html,
                   "Conversations with the most words of one unit only, the worst first: what "
                   "to look at, to mask or to leave out before anything else.");
    lb_html_close(html);
    lb_html_table_part(html, "Exposed conversations", conversation_columns, list, 0, shown);
    if (count > shown) {
        char summary[64];
        snprintf(summary, sizeof summary, "%zu more conversations", count - shown);
        lb_html_fold_open(html, summary);
        lb_html_table_part(html, "More exposed conversations", conversation_columns, list, shown,
                           count);
        lb_html_fold_close(html);
    }
    lb_html_close(html);
}
