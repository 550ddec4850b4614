/* Consent and retention: who should not be in the release, and what has been kept for too long. */
#include <string.h>

#include "report/html/html.h"

static double number_of(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

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

/* Opens the row of one duty; what was found follows, then row_close. */
static void row_open(lb_html *html, const char *metric, const char *duty) {
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_term(html, metric, duty);
    lb_html_close(html);
}

static void row(lb_html *html, const char *metric, const char *duty, const json_t *object,
                const char *people, const char *items, const char *noun) {
    row_open(html, metric, duty);
    lb_html_cell(html, number_of(object, people), "");
    lb_html_open(html, "td", "class", "number", NULL);
    lb_html_sort_value(html, number_of(object, items));
    lb_html_number(html, number_of(object, items), "");
    lb_html_text(html, " %s", noun);
    lb_html_close(html);
    lb_html_close(html);
}

static void unknown_row(lb_html *html, const char *metric, const char *duty) {
    lb_figure figure = lb_figure_of(html->document, metric);
    row_open(html, metric, duty);
    lb_html_open(html, "td", "colspan", "2", "class", "wide", NULL);
    lb_html_text(html, "Not measured: %s.", figure.why ? figure.why : "it does not apply");
    lb_html_close(html);
    lb_html_close(html);
}

static void duties(lb_html *html, const json_t *consent, const json_t *retention) {
    const json_t *field = json_object_get(consent, "field");
    const json_t *listed = json_object_get(consent, "opted_out");
    const json_t *shared = json_object_get(consent, "shared");
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
        row_open(html, "consent.near_duplicates", "Copies of what they wrote");
        lb_html_leaf(html, "td", "number", "%s", "");
        lb_html_open(html, "td", "class", "number", NULL);
        lb_html_number(html, number_of(listed, "near_duplicates"), "");
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
    if (json_is_number(json_object_get(retention, "expired_messages")))
        row(html, "retention.expired_messages", "Older than the policy allows", retention,
            "expired_units", "expired_messages", "messages");
    else
        unknown_row(html, "retention.expired_messages", "Older than the policy allows");
    lb_html_table_close(html);
}

static void span(lb_html *html, const json_t *retention) {
    const char *first = json_string_value(json_object_get(retention, "first"));
    const char *last = json_string_value(json_object_get(retention, "last"));
    const char *oldest = json_string_value(json_object_get(retention, "oldest_allowed"));
    double without = number_of(retention, "without_time");
    if (!first || !last)
        return;
    lb_html_open(html, "p", NULL);
    lb_html_text(html, "The messages are from %.10s to %.10s", first, last);
    if (oldest)
        lb_html_text(html,
                     "; the policy keeps them for %.0f days, so none may be from before %.10s",
                     number_of(retention, "limit_days"), oldest);
    if (without > 0) {
        lb_html_text(html, "; ");
        lb_html_number(html, without, "");
        lb_html_text(html, " have no time");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void places(lb_html *html, const char *caption, const json_t *examples) {
    static const char *const NAMES[] = {"Where", "Like", NULL};
    if (json_array_size(examples) == 0)
        return;
    lb_html_fold_open(html, caption);
    lb_html_table_open(html, caption, NAMES);
    for (size_t i = 0; i < json_array_size(examples); i++) {
        const json_t *example = json_array_get(examples, i);
        lb_html_open(html, "tr", NULL);
        lb_html_open(html, "td", "class", "code wide", NULL);
        lb_html_foreign(html, json_object_get(example, "where"));
        lb_html_close(html);
        lb_html_open(html, "td", "class", "code wide", NULL);
        lb_html_foreign(html, json_object_get(example, "like"));
        lb_html_close(html);
        lb_html_close(html);
    }
    lb_html_table_close(html);
    lb_html_fold_close(html);
}

static void sentence(lb_html *html, const json_t *consent) {
    const json_t *listed = json_object_get(consent, "opted_out");
    const json_t *field = json_object_get(consent, "field");
    lb_html_open(html, "p", "class", "lead", NULL);
    if (listed) {
        double left = number_of(listed, "units");
        lb_html_text(html, "Of the people who opted out, ");
        lb_html_number(html, left, "");
        lb_html_text(html, " %s still in the corpus, and ", left == 1 ? "is" : "are");
        lb_html_number(html, number_of(listed, "near_duplicates"), "");
        lb_html_text(html, " conversations are copies of theirs.");
    } else if (field) {
        who_have(html, number_of(field, "refused_units"));
        lb_html_text(html, " messages without an accepted consent in ");
        lb_html_foreign(html, json_object_get(field, "field"));
        lb_html_text(html, ".");
    } else {
        lb_html_text(html, "Nothing in the corpus or on the command line says who consented.");
    }
    lb_html_close(html);
}

void lb_html_consent(lb_html *html) {
    const json_t *consent = json_object_get(html->document, "consent");
    const json_t *retention = json_object_get(html->document, "retention");
    lb_html_section_open(html, "consent", "Consent and retention");
    sentence(html, consent);
    duties(html, consent, retention);
    span(html, retention);
    places(html, "Copies of what opted-out people wrote, by place",
           lb_document_at(consent, "opted_out.examples"));
    places(html, "The same conversation under several names, by place",
           lb_document_at(consent, "shared.examples"));
    lb_html_close(html);
}
