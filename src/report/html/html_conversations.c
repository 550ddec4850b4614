/* The conversations in which the most stands that leads to a person. */
#include <stdio.h>

#include "report/html/html.h"

enum { SHOWN = 20 };

static void rows(lb_html *html, const json_t *list, const char *caption, size_t from, size_t to) {
    static const char *const names[] = {"Conversation",
                                        "#words of one person only",
                                        "#fewest who share a word",
                                        "#messages",
                                        "Begins at",
                                        NULL};
    lb_html_table_open(html, caption, names);
    for (size_t i = from; i < to; i++) {
        const json_t *entry = json_array_get(list, i);
        lb_html_open(html, "tr", NULL);
        lb_html_open(html, "th", "scope", "row", NULL);
        lb_html_foreign(html, lb_lookup(entry, "conversation"));
        lb_html_close(html);
        lb_html_cell(html, lb_lookup_number(entry, "unique"), "");
        lb_html_cell(html, lb_lookup_number(entry, "smallest"), "");
        lb_html_cell(html, lb_lookup_number(entry, "messages"), "");
        lb_html_open(html, "td", "class", "code", NULL);
        lb_html_foreign(html, lb_lookup(entry, "place"));
        lb_html_close(html);
        lb_html_close(html);
    }
    lb_html_table_close(html);
}

void lb_html_conversations(lb_html *html) {
    const json_t *list = lb_lookup(html->document, "singling_out.conversations");
    size_t count = json_array_size(list), shown = count < SHOWN ? count : SHOWN;
    lb_html_section_open(html, "conversations", "Where most stands");
    lb_html_leaf(html, "p", NULL,
                 "Conversations with the most words of one person only, the worst first: what to "
                 "look at, to mask or to leave out before anything else.");
    rows(html, list, "Exposed conversations", 0, shown);
    if (count > shown) {
        char summary[64];
        snprintf(summary, sizeof summary, "%zu more conversations", count - shown);
        lb_html_fold_open(html, summary);
        rows(html, list, "More exposed conversations", shown, count);
        lb_html_fold_close(html);
    }
    lb_html_close(html);
}
