#include "report/summary.h"

#include <stdio.h>

#include "base/utf8.h"
#include "report/kit/answers.h"
#include "results/number.h"

enum { NARROWEST = 40, USUAL = 80, WIDEST = 100, INDENT = 4 };

static const char *const colours[] = {"", "\x1b[32m", "\x1b[33m", "\x1b[31m"};

typedef struct printer {
    lb_buffer *into;
    lb_error *error;
    unsigned width;
    bool colour;
    int status;
} printer;

static void put(printer *p, const char *data, size_t size) {
    if (p->status == LB_OK)
        p->status = lb_buffer_append(p->into, data, size, p->error);
}

static void put_text(printer *p, const char *text) {
    put(p, text, strlen(text));
}

static void style(printer *p, const char *sequence) {
    if (p->colour)
        put_text(p, sequence);
}

/* A character as a terminal may see it: controls and forced directions become '?'. */
static void put_safe(printer *p, const char *bytes, unsigned length) {
    unsigned ignored;
    uint32_t c = lb_utf8_decode(bytes, &ignored);
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool turns = (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    if (control || turns)
        put(p, "?", 1);
    else
        put(p, bytes, length);
}

static size_t word_columns(const char *word, size_t size) {
    size_t columns = 0;
    unsigned length;
    for (size_t at = 0; at < size; at += length, columns++)
        lb_utf8_decode(word + at, &length);
    return columns;
}

/* Words of `text`, broken into lines that begin with `indent` spaces; `column` is where the cursor
 * stands. Ends the line. */
static void wrap(printer *p, lb_str text, unsigned indent, unsigned column) {
    lb_buffer valid = {0};
    uint64_t replaced = 0;
    unsigned length;
    if (p->status == LB_OK)
        p->status = lb_utf8_repair(text, &valid, &replaced, p->error);
    for (size_t at = 0; p->status == LB_OK && at < valid.size;) {
        size_t end = at;
        while (end < valid.size && valid.data[end] != ' ')
            end++;
        size_t columns = word_columns(valid.data + at, end - at);
        bool first = column <= indent;
        if (!first && column + 1 + columns > p->width) {
            put(p, "\n", 1);
            column = 0;
            first = true;
        }
        for (; first && column < indent; column++)
            put(p, " ", 1);
        if (!first && columns > 0) {
            put(p, " ", 1);
            column++;
        }
        for (; at < end; at += length) {
            lb_utf8_decode(valid.data + at, &length);
            put_safe(p, valid.data + at, length);
        }
        column += (unsigned)columns;
        at = end + 1;
    }
    put(p, "\n", 1);
    lb_buffer_free(&valid);
}

static void verdict(printer *p, const lb_answers *answers) {
    style(p, "\x1b[1m");
    style(p, colours[answers->verdict.light]);
    put_text(p, answers->verdict.headline);
    put_text(p, ":");
    wrap(p, lb_buffer_str(&answers->verdict.detail), 0,
         (unsigned)strlen(answers->verdict.headline) + 1);
    style(p, "\x1b[0m");
}

static void answer(printer *p, const lb_answer *one) {
    char figure[LB_NUMBER_MAX];
    put(p, "\n", 1);
    style(p, "\x1b[1m");
    put_text(p, one->question);
    style(p, "\x1b[0m");
    put(p, "\n", 1);
    if (one->has_share) {
        unsigned column = INDENT;
        lb_number_display(one->share.value, "share", 2, figure);
        put_text(p, "    ");
        style(p, colours[one->light]);
        put_text(p, figure);
        style(p, "\x1b[0m");
        column += (unsigned)word_columns(figure, strlen(figure));
        wrap(p, lb_buffer_str(&one->lead), INDENT, column);
    } else if (one->lead.size > 0)
        wrap(p, lb_buffer_str(&one->lead), INDENT, 0);
    if (one->sentence.size > 0)
        wrap(p, lb_buffer_str(&one->sentence), INDENT, 0);
}

static void findings(printer *p, const lb_answers *answers) {
    const lb_findings *found = &answers->findings;
    if (found->count == 0)
        return;
    put_text(p, answers->verdict.light == LB_LIGHT_NONE ? "\nThe largest figures\n"
                                                        : "\nThe worst findings\n");
    for (size_t i = 0; i < found->count; i++) {
        const lb_finding *finding = &found->items[i];
        char number[24];
        snprintf(number, sizeof number, "%2zu. ", i + 1);
        style(p, colours[finding->light]);
        put_text(p, number);
        style(p, "\x1b[0m");
        wrap(p, lb_buffer_str(&finding->text), INDENT, INDENT);
        wrap(p, lb_str_of(finding->mend), INDENT, 0);
    }
}

/* A waiver that helps is told by the rule it covers; one that lingers by nothing but this. */
static void waivers(printer *p, const json_t *document) {
    const json_t *list = lb_lookup(document, "gate.waivers");
    for (size_t i = 0; p->status == LB_OK && i < json_array_size(list); i++) {
        const json_t *waiver = json_array_get(list, i);
        lb_buffer text = {0};
        if (!lb_waiver_lingers(waiver))
            continue;
        p->status = lb_waiver_sentence(waiver, &text, p->error);
        put(p, "\n", 1);
        wrap(p, lb_buffer_str(&text), 0, 0);
        lb_buffer_free(&text);
    }
}

static void reports(printer *p, const lb_summary_options *options) {
    if (options->report_count == 0)
        return;
    put_text(p, "\nReports\n");
    for (size_t i = 0; i < options->report_count; i++)
        wrap(p, lb_str_of(options->reports[i]), INDENT, 0);
}

int lb_report_summary(const json_t *document, const lb_summary_options *options, lb_buffer *into,
                      lb_error *error) {
    lb_answers answers;
    unsigned width = options->width ? options->width : USUAL;
    printer p = {.into = into, .error = error, .colour = options->colour};
    p.width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
    p.status = lb_answers_make(&answers, document, error);
    if (p.status == LB_OK) {
        if (lb_document_revealed(document))
            wrap(&p, lb_str_of(lb_revealed_warning), 0, 0);
        verdict(&p, &answers);
        for (size_t i = 0; i < LB_ANSWERS; i++)
            if (lb_answer_asked(document, i))
                answer(&p, &answers.answers[i]);
        findings(&p, &answers);
        waivers(&p, document);
        reports(&p, options);
    }
    lb_answers_free(&answers);
    return p.status;
}
