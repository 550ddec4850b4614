#include "report/markdown.h"

#include <math.h>
#include <string.h>

#include "base/shown.h"
#include "base/utf8.h"
#include "report/kit/answers.h"
#include "results/number.h"

enum { ROWS_MAX = 40, TEXT_MAX = 300 };

typedef struct page {
    const json_t *document;
    lb_buffer *into;
    lb_error *error;
    int status;
} page;

static bool is_hidden(uint32_t c) {
    return lb_shown_acts(c) || (c & 0xFFFE) == 0xFFFE;
}

/* A colon is escaped where it would begin a link. */
static bool is_markup(const char *bytes, const char *end) {
    return strchr("\\`*_{}[]()#+!|~$", *bytes) ||
           (*bytes == ':' && bytes + 1 < end && bytes[1] == '/');
}

static int append_character(const char *bytes, const char *end, unsigned length, lb_buffer *into,
                            lb_error *error) {
    unsigned ignored;
    uint32_t c = lb_utf8_decode(bytes, &ignored);
    if (c == '<' || c == '>' || c == '&' || c == '@') /* @ would call somebody */
        return lb_buffer_printf(into, error, "&#%u;", (unsigned)c);
    if (is_hidden(c))
        return lb_buffer_append(into, " ", 1, error);
    int status = LB_OK;
    if (c < 0x80 && is_markup(bytes, end))
        status = lb_buffer_append(into, "\\", 1, error);
    return status == LB_OK ? lb_buffer_append(into, bytes, length, error) : status;
}

int lb_markdown_text(lb_str text, size_t most, lb_buffer *into, lb_error *error) {
    lb_buffer valid = {0};
    uint64_t replaced = 0;
    unsigned length;
    int status = lb_utf8_repair(text, &valid, &replaced, error);
    for (size_t at = 0, seen = 0; status == LB_OK && at < valid.size; at += length, seen++) {
        lb_utf8_decode(valid.data + at, &length);
        if (seen == most) {
            status = lb_buffer_printf(into, error, " ...");
            break;
        }
        status = append_character(valid.data + at, valid.data + valid.size, length, into, error);
    }
    lb_buffer_free(&valid);
    return status;
}

static void ours(page *p, const char *text) {
    if (p->status == LB_OK)
        p->status = lb_buffer_append(p->into, text, strlen(text), p->error);
}

static void foreign(page *p, lb_str text) {
    if (p->status == LB_OK)
        p->status = lb_markdown_text(text, TEXT_MAX, p->into, p->error);
}

static void foreign_json(page *p, const json_t *text) {
    if (json_is_string(text))
        foreign(p, (lb_str){json_string_value(text), json_string_length(text)});
}

static const char *mark(lb_light light) {
    static const char *const MARKS[] = {"not judged", "✅ within policy", "⚠️ needs attention",
                                        "❌ breaks the policy"};
    return MARKS[light];
}

static void count_words(page *p, const char *join, const char *path, const char *noun) {
    char number[LB_NUMBER_MAX];
    double count = lb_lookup_number(p->document, path);
    if (isnan(count))
        return;
    lb_number_display(count, "", 3, number);
    ours(p, join);
    ours(p, number);
    ours(p, noun);
}

static void head(page *p, const lb_answers *answers) {
    static const char *const MARKS[] = {"", "✅ ", "⚠️ ", "❌ "};
    const json_t *inputs = lb_lookup(p->document, "corpus.inputs");
    const char *title = lb_lookup_text_if(p->document, "corpus.title");
    ours(p, "## ");
    foreign(p, lb_str_of(title ? title : "linkback"));
    ours(p, ": ");
    ours(p, MARKS[answers->verdict.light]);
    ours(p, answers->verdict.headline);
    ours(p, "\n\n");
    if (lb_document_revealed(p->document)) {
        ours(p, "**");
        ours(p, lb_revealed_warning);
        ours(p, "**\n\n");
    }
    foreign(p, lb_buffer_str(&answers->verdict.detail));
    if (lb_lookup_is(p->document, "gate.claim", "pseudonymous")) {
        ours(p, " ");
        ours(p, lb_pseudonymous_words);
    }
    ours(p, "\n\n");
    foreign_json(p, lb_lookup(json_array_get(inputs, 0), "path"));
    if (json_array_size(inputs) > 1)
        ours(p, " and more");
    count_words(p, json_array_size(inputs) ? ": " : "", "corpus.users", " people");
    count_words(p, ", ", "corpus.conversations", " conversations");
    count_words(p, ", ", "corpus.messages", " messages");
    ours(p, "\n\n");
}

static void answer_text(page *p, const lb_answer *answer) {
    char figure[LB_NUMBER_MAX];
    if (answer->has_share) {
        lb_number_display(answer->share.value, "share", 2, figure);
        ours(p, "**");
        ours(p, figure);
        ours(p, "** ");
    }
    foreign(p, lb_buffer_str(&answer->lead));
    ours(p, answer->has_share ? ". " : " ");
    foreign(p, lb_buffer_str(&answer->sentence));
    if (answer->caution) {
        ours(p, " ");
        ours(p, answer->caution);
    }
}

static void answers_table(page *p, const lb_answers *answers) {
    ours(p, "| Question | Answer | Verdict |\n|---|---|---|\n");
    for (size_t i = 0; i < LB_ANSWERS; i++) {
        const lb_answer *answer = &answers->answers[i];
        if (!lb_answer_asked(p->document, i))
            continue;
        ours(p, "| ");
        ours(p, answer->question);
        ours(p, " | ");
        answer_text(p, answer);
        ours(p, " | ");
        ours(p, mark(answer->light));
        ours(p, " |\n");
    }
    ours(p, "\n");
}

static void findings(page *p, const lb_answers *answers) {
    const lb_findings *found = &answers->findings;
    if (found->count == 0)
        return;
    ours(p, answers->verdict.light == LB_LIGHT_NONE ? "### The largest figures\n\n"
            : found->broken                         ? "### Broken rules\n\n"
                                                    : "### Rules that need attention\n\n");
    for (size_t i = 0; i < found->count && (found->broken == 0 || i < found->broken); i++) {
        ours(p, "1. ");
        foreign(p, lb_buffer_str(&found->items[i].text));
        ours(p, ". ");
        ours(p, found->items[i].mend);
        ours(p, "\n");
    }
    ours(p, "\n");
}

/* Broken, waived, or not judged where it must be. */
static bool is_open(const json_t *check) {
    return lb_lookup_is(check, "verdict", "broken") || lb_lookup_is(check, "verdict", "waived") ||
           lb_check_is_missed(check);
}

/* Not judged, and no harm to the verdict. */
static bool is_left(const json_t *check) {
    return lb_lookup_is(check, "verdict", "not_judged") && !lb_check_is_missed(check);
}

static void check_row(page *p, const json_t *check) {
    static const char *const KEYS[] = {"metric", "rule", "verdict", "severity", "reason"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        ours(p, "| ");
        if (strcmp(KEYS[i], "verdict") == 0 && lb_lookup_is(check, "verdict", "not_judged"))
            ours(p, "not judged");
        else
            foreign_json(p, lb_lookup(check, KEYS[i]));
        ours(p, " ");
    }
    ours(p, "|\n");
}

static void checks(page *p, const char *title, bool (*belongs)(const json_t *check)) {
    const json_t *list = lb_lookup(p->document, "gate.checks");
    size_t shown = 0, count = json_array_size(list), all = 0;
    char number[LB_NUMBER_MAX];
    for (size_t i = 0; i < count; i++)
        all += belongs(json_array_get(list, i));
    if (all == 0)
        return;
    ours(p, title);
    ours(p, "\n\n| Figure | Rule | Verdict | Severity | Why |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count && shown < ROWS_MAX; i++)
        if (belongs(json_array_get(list, i))) {
            check_row(p, json_array_get(list, i));
            shown++;
        }
    ours(p, "\n");
    if (all > shown) {
        lb_number_display((double)(all - shown), "", 3, number);
        ours(p, number);
        ours(p, " more are in the report.\n\n");
    }
}

static void waivers(page *p) {
    const json_t *list = lb_lookup(p->document, "gate.waivers");
    if (json_array_size(list) == 0)
        return;
    ours(p, "### Waivers\n\n");
    for (size_t i = 0; i < json_array_size(list) && i < ROWS_MAX; i++) {
        lb_buffer text = {0};
        ours(p, "- ");
        if (p->status == LB_OK)
            p->status = lb_waiver_sentence(json_array_get(list, i), &text, p->error);
        foreign(p, lb_buffer_str(&text));
        lb_buffer_free(&text);
        ours(p, "\n");
    }
    ours(p, "\n");
}

int lb_report_markdown(const json_t *document, lb_buffer *into, lb_error *error) {
    lb_answers answers;
    page p = {.document = document, .into = into, .error = error};
    p.status = lb_answers_make(&answers, document, error);
    if (p.status == LB_OK) {
        head(&p, &answers);
        answers_table(&p, &answers);
        findings(&p, &answers);
        checks(&p, "### Rules that do not hold", is_open);
        checks(&p, "### Rules that were not judged, and need not be", is_left);
        waivers(&p);
        ours(&p, "Decision support, not a determination: meeting a profile is a finding about what "
                 "was measured.\n");
    }
    lb_answers_free(&answers);
    return p.status;
}
