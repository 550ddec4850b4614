#include "report/summary.h"

#include <stdio.h>
#include <string.h>

#include "corpus/mapping/mapping.h"
#include "report/summary_part.h"
#include "results/number.h"

enum { NARROWEST = 40, USUAL = 80, WIDEST = 100, INDENT = 4, WARNINGS_SHOWN = 3 };

static const char *const colours[] = {"", "\x1b[32m", "\x1b[33m", "\x1b[31m"};

static void heading(lb_terminal *to, const char *text) {
    lb_terminal_put(to, "\n");
    lb_terminal_bold(to, text);
    lb_terminal_put(to, "\n");
}

static void counted_heading(lb_terminal *to, const char *text, size_t count) {
    char line[64];
    snprintf(line, sizeof line, "%s (%zu)", text, count);
    heading(to, line);
}

/* Text behind a mark, and its further lines below itself. */
static void item(lb_terminal *to, const char *mark, lb_str text) {
    unsigned indent = (unsigned)strlen(mark);
    lb_terminal_put(to, mark);
    lb_terminal_wrap(to, text, indent, indent);
}

/* What the block of the corpus says of its fields need not be said again. */
static bool is_said(const char *warning) {
    return strncmp(warning, lb_fields_guessed, strlen(lb_fields_guessed)) == 0;
}

static void warnings(lb_terminal *to, const json_t *document, bool all) {
    const json_t *list = lb_lookup(document, "warnings");
    size_t seen = 0, shown = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text || is_said(text))
            continue;
        if (seen++ == 0)
            heading(to, "Warnings");
        if (!all && shown == WARNINGS_SHOWN)
            continue;
        item(to, "  ! ", lb_str_of(text));
        shown++;
    }
    if (shown < seen) {
        char more[64];
        snprintf(more, sizeof more, "%zu more with -v, and in the report.", seen - shown);
        lb_terminal_wrap(to, lb_str_of(more), INDENT, 0);
    }
}

static void verdict(lb_terminal *to, const lb_verdict_text *text) {
    lb_terminal_put(to, "\n");
    lb_terminal_style(to, "\x1b[1m");
    lb_terminal_style(to, colours[text->light]);
    lb_terminal_put(to, text->headline);
    lb_terminal_put(to, text->light == LB_LIGHT_NONE ? "." : ":");
    lb_terminal_wrap(to, lb_buffer_str(&text->detail), 0, (unsigned)strlen(text->headline) + 1);
    lb_terminal_style(to, "\x1b[0m");
}

/* Each with what to do; once, where one follows the other that needs the same. */
static void findings(lb_terminal *to, const lb_findings *found, size_t from, size_t end) {
    for (size_t i = from; i < end; i++) {
        const lb_finding *finding = &found->items[i];
        char number[24];
        snprintf(number, sizeof number, "%2zu. ", i + 1);
        lb_terminal_style(to, colours[finding->light]);
        lb_terminal_put(to, number);
        lb_terminal_style(to, "\x1b[0m");
        lb_terminal_wrap(to, lb_buffer_str(&finding->text), INDENT, INDENT);
        if (finding->light != LB_LIGHT_NONE &&
            (i + 1 == end || strcmp(finding[1].mend, finding->mend) != 0))
            item(to, "    -> ", lb_str_of(finding->mend));
    }
}

static void unjudged(lb_terminal *to, const lb_findings *found, bool must) {
    size_t rules = 0;
    for (size_t i = 0; i < found->unjudged_count; i++)
        rules += found->unjudged[i].must == must ? found->unjudged[i].count : 0;
    if (rules == 0)
        return;
    counted_heading(to, must ? "Not judged, and must be" : "Not judged", rules);
    for (size_t i = 0; i < found->unjudged_count; i++) {
        const lb_unjudged *one = &found->unjudged[i];
        lb_buffer text = {0};
        if (one->must != must)
            continue;
        if (to->status == LB_OK)
            to->status = lb_buffer_printf(&text, to->error, "%s (%.*s)", one->why,
                                          (int)one->metrics.size, one->metrics.data);
        lb_sentence_begin(&text, 0);
        item(to, "  - ", lb_buffer_str(&text));
        lb_buffer_free(&text);
    }
}

static void rules(lb_terminal *to, const lb_findings *found) {
    if (found->broken > 0) {
        counted_heading(to, "Broken", found->broken);
        findings(to, found, 0, found->broken);
    }
    if (found->careful > 0) {
        counted_heading(to, "Needs attention", found->careful);
        findings(to, found, found->broken, found->broken + found->careful);
    }
    unjudged(to, found, true);
    unjudged(to, found, false);
}

static void answer(lb_terminal *to, const lb_answer *one, bool verbose) {
    char figure[LB_NUMBER_MAX];
    lb_terminal_bold(to, one->question);
    lb_terminal_put(to, "\n");
    if (one->has_share) {
        lb_number_display(one->share.value, "share", 2, figure);
        lb_terminal_put(to, "    ");
        lb_terminal_style(to, colours[one->light]);
        lb_terminal_put(to, figure);
        lb_terminal_style(to, "\x1b[0m");
        lb_terminal_wrap(to, lb_buffer_str(&one->lead), INDENT,
                         INDENT + (unsigned)lb_terminal_columns(lb_str_of(figure)));
    } else if (one->lead.size > 0)
        lb_terminal_wrap(to, lb_buffer_str(&one->lead), INDENT, 0);
    if (one->sentence.size > 0 && verbose)
        lb_terminal_wrap(to, lb_buffer_str(&one->sentence), INDENT, 0);
    if (one->caution)
        lb_terminal_wrap(to, lb_str_of(one->caution), INDENT, 0);
}

static void answers_say(lb_terminal *to, const json_t *document, const lb_answers *answers,
                        bool verbose) {
    lb_terminal_put(to, "\n");
    for (size_t i = 0; i < LB_ANSWERS; i++)
        if (lb_answer_asked(document, i))
            answer(to, &answers->answers[i], verbose);
}

/* A waiver that helps is told by the rule it covers; one that lingers by nothing but this. */
static void waivers(lb_terminal *to, const json_t *document) {
    const json_t *list = lb_lookup(document, "gate.waivers");
    for (size_t i = 0; to->status == LB_OK && i < json_array_size(list); i++) {
        const json_t *waiver = json_array_get(list, i);
        lb_buffer text = {0};
        if (!lb_waiver_lingers(waiver))
            continue;
        to->status = lb_waiver_sentence(waiver, &text, to->error);
        lb_terminal_put(to, "\n");
        lb_terminal_wrap(to, lb_buffer_str(&text), 0, 0);
        lb_buffer_free(&text);
    }
}

int lb_report_summary(const json_t *document, const lb_summary_options *options, lb_buffer *into,
                      lb_error *error) {
    lb_answers answers;
    unsigned width = options->width ? options->width : USUAL;
    lb_terminal to = {.into = into, .error = error, .colour = options->colour};
    to.width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
    to.status = lb_answers_make(&answers, document, error);
    if (to.status == LB_OK) {
        if (lb_document_revealed(document))
            lb_terminal_wrap(&to, lb_str_of(lb_revealed_warning), 0, 0);
        lb_summary_corpus(&to, document);
        warnings(&to, document, options->verbose);
        verdict(&to, &answers.verdict);
        if (lb_lookup_is(document, "gate.claim", "pseudonymous"))
            lb_terminal_wrap(&to, lb_str_of(lb_pseudonymous_words), 0, 0);
        rules(&to, &answers.findings);
        waivers(&to, document);
        answers_say(&to, document, &answers, options->verbose);
        lb_summary_next(&to, document, &answers.findings,
                        options->program ? options->program : "linkback",
                        (lb_summary_reports){options->reports, options->report_count});
    }
    lb_answers_free(&answers);
    return to.status;
}
