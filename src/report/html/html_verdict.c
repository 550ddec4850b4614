/* The head of the first page: what to decide, and what that rests on. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "report/kit/plain.h"
#include "results/number.h"

/* "demo.jsonl", without the folders: the whole path stands under Method and limits. */
static void corpus_name(lb_html *html) {
    const json_t *inputs = lb_lookup(html->document, "corpus.inputs");
    const char *path = lb_lookup_text_if(json_array_get(inputs, 0), "path");
    const char *title = lb_lookup_text_if(html->document, "corpus.title");
    if (title) {
        lb_html_text(html, " of ");
        lb_html_foreign_text(html, title);
    }
    if (title || !path)
        return;
    const char *slash = strrchr(path, '/');
    lb_html_text(html, " of ");
    lb_html_open(html, "span", "class", "file", NULL);
    lb_html_foreign_text(html, slash && slash[1] ? slash + 1 : path);
    lb_html_close(html);
    if (json_array_size(inputs) > 1)
        lb_html_text(html, " and %zu more", json_array_size(inputs) - 1);
}

static void fact_open(lb_html *html, const char *name) {
    lb_html_leaf(html, "dt", NULL, "%s", name);
    lb_html_open(html, "dd", NULL);
}

static void counted(lb_html *html, double count, const char *one, const char *many) {
    lb_html_number(html, count, "");
    lb_html_text(html, " %s", count == 1 ? one : many);
}

/* "400 people, 1,642 conversations, 10,000 messages, from 2024-01-01 to 2024-12-30". */
static void corpus_fact(lb_html *html) {
    const json_t *first = lb_lookup(html->document, "corpus.first");
    const json_t *last = lb_lookup(html->document, "corpus.last");
    double conversations = lb_lookup_number(html->document, "corpus.conversations");
    double messages = lb_lookup_number(html->document, "corpus.messages");
    lb_buffer units = {0};
    fact_open(html, "Read");
    if (lb_document_units_print(html->document, lb_document_count(html->document), &units, NULL) <
        0)
        html->failed = true;
    lb_html_buffer(html, &units);
    lb_buffer_free(&units);
    if (conversations > 0 && !lb_lookup_is(html->document, "corpus.unit", "conversation")) {
        lb_html_text(html, ", ");
        counted(html, conversations, "conversation", "conversations");
    }
    if (messages > 0) {
        lb_html_text(html, ", ");
        counted(html, messages, "message", "messages");
    }
    if (json_is_string(first) && json_is_string(last))
        lb_html_text(html, ", from %.10s to %.10s", json_string_value(first),
                     json_string_value(last));
    lb_html_close(html);
}

/* What of the inputs no figure covers: a number of things, or a share of them. */
static const struct gap {
    const char *metric, *one, *many;
} gaps[] = {
    {"coverage.rejected_share", "of the records", "of the records"},
    {"coverage.unread_bytes_share", "of the bytes", "of the bytes"},
    {"coverage.unread_files", "file", "files"},
    {"coverage.messages_without_text", "message without text", "messages without text"},
    {"coverage.times_not_understood", "time that was not understood",
     "times that were not understood"},
    {"coverage.without_user_share", "of the messages, which name nobody",
     "of the messages, which name nobody"},
    {"coverage.unsearched_fields", "field that nothing looked at", "fields that nothing looked at"},
    {"coverage.listed_unknown", "listed id that matches nobody", "listed ids that match nobody"},
};
enum { GAP_COUNT = sizeof gaps / sizeof *gaps };

/* What was not counted cannot be said to be nothing. */
static bool is_uncounted(const lb_html *html, const struct gap *gap) {
    lb_figure figure = lb_figure_of(html->document, gap->metric);
    return lb_figure_is_unmeasured(&figure);
}

static size_t counted_gaps(lb_html *html) {
    size_t named = 0;
    for (size_t i = 0; i < GAP_COUNT; i++) {
        lb_figure figure = lb_figure_of(html->document, gaps[i].metric);
        if (!figure.known || figure.value == 0)
            continue;
        lb_html_text(html, "%s", named++ > 0 ? ", " : "");
        lb_html_number(html, figure.value, strcmp(figure.unit, "share") == 0 ? "share" : "");
        lb_html_text(html, " %s", figure.value == 1 ? gaps[i].one : gaps[i].many);
    }
    return named;
}

static void left_out_fact(lb_html *html) {
    size_t uncounted = 0, said = 0;
    bool section = strcmp(lb_html_evidence(html, "coverage"), "coverage") == 0;
    for (size_t i = 0; i < GAP_COUNT; i++)
        uncounted += is_uncounted(html, &gaps[i]);
    fact_open(html, "Not read");
    if (uncounted == GAP_COUNT)
        lb_html_text(html, "not known");
    else if (counted_gaps(html) > 0)
        lb_html_text(html, ". No figure covers them");
    else if (uncounted == 0)
        lb_html_text(html, "nothing: all that the inputs hold was read");
    else
        lb_html_text(html, "nothing of what was counted");
    for (size_t i = 0; uncounted < GAP_COUNT && i < GAP_COUNT; i++)
        if (is_uncounted(html, &gaps[i]))
            lb_html_text(html, "%s%s", said++ > 0 ? ", " : ". Not counted: ", gaps[i].many);
    if (section) {
        lb_html_text(html, " (");
        lb_html_open(html, "a", "href", "#coverage", NULL);
        lb_html_text(html, "what was read");
        lb_html_close(html);
        lb_html_on_paper(html, "coverage");
        lb_html_text(html, ")");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

/* What outsiders are taken to know, since every figure on fields hangs on it. */
static void outsiders_fact(lb_html *html) {
    enum { SHOWN = 8 };
    const json_t *fields = lb_lookup_if(html->document, "corpus.quasi_identifiers");
    bool none = lb_lookup_is(html->document, "corpus.quasi_identifiers_declared", "none");
    size_t count = json_array_size(fields);
    fact_open(html, "Known to outsiders");
    if (count == 0)
        lb_html_text(html, "%s",
                     none ? "no field, as who ran the audit says"
                          : "no field was named; what they know is not measured");
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        lb_html_text(html, "%s", i > 0 ? ", " : "");
        lb_html_foreign(html, json_array_get(fields, i));
    }
    if (count > SHOWN)
        lb_html_text(html, " and %zu more", count - SHOWN);
    lb_html_close(html);
}

static void languages_fact(lb_html *html) {
    enum { SHOWN = 3 };
    static const struct {
        const char *code, *name;
    } NAMES[] = {{"en", "English"},   {"de", "German"},     {"fr", "French"}, {"es", "Spanish"},
                 {"it", "Italian"},   {"pt", "Portuguese"}, {"nl", "Dutch"},  {"ru", "Russian"},
                 {"zh", "Chinese"},   {"ja", "Japanese"},   {"ko", "Korean"}, {"ar", "Arabic"},
                 {"hi", "Hindi"},     {"tr", "Turkish"},    {"pl", "Polish"}, {"uk", "Ukrainian"},
                 {"und", "not known"}};
    const json_t *list = lb_lookup(html->document, "corpus.languages");
    if (json_array_size(list) == 0)
        return;
    fact_open(html, "Languages");
    for (size_t i = 0; i < json_array_size(list) && i < SHOWN; i++) {
        const json_t *language = json_array_get(list, i);
        const char *code = lb_lookup_text(language, "code"), *name = code;
        for (size_t n = 0; n < sizeof NAMES / sizeof *NAMES; n++)
            name = strcmp(NAMES[n].code, code) == 0 ? NAMES[n].name : name;
        lb_html_text(html, "%s", i > 0 ? ", " : "");
        lb_html_foreign_text(html, name);
        lb_html_say(html, " ", lb_lookup_number(language, "share"), "share");
    }
    lb_html_close(html);
}

static void few_note(lb_html *html) {
    double count = lb_document_count(html->document);
    lb_buffer units = {0};
    if (!(count < LB_FEW))
        return;
    if (lb_document_units_print(html->document, count, &units, NULL) < 0)
        html->failed = true;
    lb_html_open(html, "p", "class", "few", NULL);
    lb_html_text(html, "Only ");
    lb_html_buffer(html, &units);
    lb_buffer_free(&units);
    lb_html_text(html, ": too few for a figure. Percentages further down count these few, and say "
                       "nothing of others.");
    lb_html_close(html);
}

void lb_html_verdict(lb_html *html, const lb_answers *answers) {
    const lb_verdict_text *verdict = &answers->verdict;
    lb_html_open(html, "header", "class", "verdict", "data-light", lb_light_name(verdict->light),
                 NULL);
    lb_html_open(html, "div", "class", "decision", NULL);
    lb_html_open(html, "p", "class", "eyebrow", NULL);
    lb_html_text(html, "Privacy audit");
    corpus_name(html);
    lb_html_text(html, ", %.10s", lb_lookup_text(html->document, "run.started"));
    lb_html_close(html);
    lb_html_leaf(html, "h1", NULL, "%s", verdict->headline);
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_buffer(html, &verdict->detail);
    if (lb_lookup_is(html->document, "gate.claim", "pseudonymous"))
        lb_html_text(html, " %s", lb_pseudonymous_words);
    lb_html_close(html);
    few_note(html);
    lb_html_close(html);
    lb_html_open(html, "dl", "class", "read", NULL);
    corpus_fact(html);
    left_out_fact(html);
    outsiders_fact(html);
    languages_fact(html);
    lb_html_close(html);
    lb_html_close(html);
}
