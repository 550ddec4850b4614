/* Consent and retention: who should not be in the release, and what has been kept for too long. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"

/* "1 person has", "3 people have". */
static void who_have(lb_html *html, double count) {
    const char *many = lb_document_units(html->document);
    size_t length = strlen(many);
    lb_html_number(html, count, "");
    if (count != 1)
        lb_html_text(html, " %s have", many);
    else if (strcmp(many, "people") == 0)
        lb_html_text(html, " person has");
    else
        lb_html_text(html, " %.*s has", (int)(length - 1), many);
}

static void row(lb_html *html, const char *metric, const char *duty, const json_t *object,
                const char *people, const char *items, const char *noun) {
    lb_html_open(html, "tr", NULL);
    lb_html_row_term(html, metric, duty);
    lb_html_show_number(html, object, people);
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, lb_lookup_number(object, items));
    lb_html_number(html, lb_lookup_number(object, items), "");
    lb_html_text(html, " %s", noun);
    lb_html_close(html);
    lb_html_close(html);
}

static void unknown_row(lb_html *html, const char *metric, const char *duty) {
    lb_figure figure = lb_figure_of(html->document, metric);
    lb_html_open(html, "tr", NULL);
    lb_html_row_term(html, metric, duty);
    lb_html_open(html, "td", "colspan", "2", "class", "wide", NULL);
    lb_html_text(html, "Not measured: %s.", figure.why ? figure.why : "it does not apply");
    lb_html_close(html);
    lb_html_close(html);
}

static void duties(lb_html *html, const json_t *consent, const json_t *retention) {
    const json_t *field = lb_lookup_if(consent, "field");
    const json_t *listed = lb_lookup_if(consent, "opted_out");
    const json_t *shared = lb_lookup_if(consent, "shared");
    char people[64];
    snprintf(people, sizeof people, "#%s", lb_document_units(html->document));
    const char *const names[] = {"What should not be in a release", people, "#found", NULL};
    lb_html_table_open(html, "Consent and retention", names);
    if (field)
        row(html, "consent.refused_messages", "Without an accepted consent", field, "refused_units",
            "refused_messages", "messages");
    else
        unknown_row(html, "consent.refused_messages", "Without an accepted consent");
    if (listed) {
        row(html, "consent.opted_out_messages", "Of people who opted out", listed, "units",
            "messages", "messages");
        lb_html_open(html, "tr", NULL);
        lb_html_row_term(html, "consent.near_duplicates", "Copies of what they wrote");
        lb_html_cell_empty(html);
        lb_html_open(html, "td", "class", "number", NULL);
        lb_html_number(html, lb_lookup_number(listed, "near_duplicates"), "");
        lb_html_text(html, " conversations");
        lb_html_close(html);
        lb_html_close(html);
    } else {
        unknown_row(html, "consent.opted_out_messages", "Of people who opted out");
    }
    if (shared)
        row(html, "consent.shared_conversations", "The same conversation under several names",
            shared, "units", "conversations", "conversations");
    else
        unknown_row(html, "consent.shared_conversations",
                    "The same conversation under several names");
    if (!isnan(lb_lookup_number(retention, "expired_messages")))
        row(html, "retention.expired_messages", "Older than the policy allows", retention,
            "expired_units", "expired_messages", "messages");
    else
        unknown_row(html, "retention.expired_messages", "Older than the policy allows");
    lb_html_table_close(html);
}

static void span(lb_html *html, const json_t *retention) {
    const char *first = lb_lookup_text_or_null(retention, "first");
    const char *last = lb_lookup_text_or_null(retention, "last");
    const char *oldest = lb_lookup_text_or_null(retention, "oldest_allowed");
    double without = lb_lookup_number(retention, "without_time");
    if (!first || !last)
        return;
    lb_html_open(html, "p", NULL);
    lb_html_text(html, "The messages are from %.10s to %.10s", first, last);
    if (oldest) {
        lb_html_text(html, "; the policy keeps them for ");
        lb_html_count(html, lb_lookup_number(retention, "limit_days"));
        lb_html_text(html, " days, so none may be from before %.10s", oldest);
    }
    if (without > 0) {
        lb_html_say(html, "; ", without, "");
        lb_html_text(html, " have no time");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void sentence(lb_html *html, const json_t *consent) {
    const json_t *listed = lb_lookup_if(consent, "opted_out");
    const json_t *field = lb_lookup_if(consent, "field");
    lb_html_open(html, "p", "class", "lead", NULL);
    if (listed) {
        double left = lb_lookup_number(listed, "units");
        lb_html_say(html, "Of the people who opted out, ", left, "");
        lb_html_text(html, " %s still in the corpus, and ", left == 1 ? "is" : "are");
        lb_html_number(html, lb_lookup_number(listed, "near_duplicates"), "");
        lb_html_text(html, " conversations are copies of theirs.");
    } else if (field) {
        who_have(html, lb_lookup_number(field, "refused_units"));
        lb_html_text(html, " messages without an accepted consent in ");
        lb_html_foreign(html, lb_lookup(field, "field"));
        lb_html_text(html, ".");
    } else {
        lb_html_text(html, "Nothing in the corpus or on the command line says who consented.");
    }
    lb_html_close(html);
}

void lb_html_consent(lb_html *html) {
    static const lb_html_column places[] = {
        {"Where", lb_html_show_place, "where"}, {"Like", lb_html_show_place, "like"}, {0}};
    const json_t *consent = lb_lookup(html->document, "consent");
    const json_t *retention = lb_lookup(html->document, "retention");
    lb_html_section_open(html, "consent");
    sentence(html, consent);
    duties(html, consent, retention);
    span(html, retention);
    lb_html_table_folded(html, "Copies of what opted-out people wrote, by place", places,
                         lb_lookup_if(consent, "opted_out.examples"));
    lb_html_table_folded(html, "The same conversation under several names, by place", places,
                         lb_lookup_if(consent, "shared.examples"));
    lb_html_close(html);
}
