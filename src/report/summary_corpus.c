/* What was read, as a compact block: a line for each thing that a reader must know before the
 * verdict. */
#include <math.h>
#include <string.h>

#include "report/kit/language_words.h"
#include "report/summary_part.h"
#include "results/number.h"

enum { INDENT = 4, INPUTS_SHOWN = 3, LANGUAGES_SHOWN = 3, NAMES_SHOWN = 10 };

/* A line under way: parts joined by ", ". */
typedef struct line {
    lb_terminal *to;
    lb_buffer text;
    size_t parts;
} line;

#define NO_BREAK "\xC2\xA0" /* a space at which no line ends */

#define ADD(line, ...)                                                                             \
    do {                                                                                           \
        if ((line)->to->status == LB_OK)                                                           \
            (line)->to->status = lb_buffer_printf(&(line)->text, (line)->to->error, __VA_ARGS__);  \
    } while (0)

static void part_begin(line *l) {
    ADD(l, "%s", l->parts++ ? ", " : "");
}

static void line_end(line *l) {
    if (l->text.size > 0) {
        lb_terminal_put(l->to, "  ");
        lb_terminal_wrap(l->to, lb_buffer_str(&l->text), INDENT, 2);
    }
    lb_buffer_free(&l->text);
}

static void add_number(line *l, double count, const char *unit, const char *one, const char *many) {
    char number[LB_NUMBER_MAX];
    lb_number_display(count, unit, 2, number);
    part_begin(l);
    ADD(l, "%s %s", number, count == 1 ? one : many);
}

/* "chats.jsonl (jsonl in gzip)": the container, or the data set's format where that says more. */
static void add_input(line *l, const json_t *input) {
    const char *compression = lb_lookup_text(input, "compression");
    part_begin(l);
    ADD(l, "%s (%s%s%s)", lb_lookup_text(input, "path"), lb_lookup_text(input, "format"),
        strcmp(compression, "none") == 0 ? "" : " in ",
        strcmp(compression, "none") == 0 ? "" : compression);
}

static void inputs(lb_terminal *to, const json_t *document) {
    const json_t *list = lb_lookup(document, "corpus.inputs");
    line l = {.to = to};
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && i < INPUTS_SHOWN; i++)
        add_input(&l, json_array_get(list, i));
    if (count > INPUTS_SHOWN)
        add_number(&l, (double)(count - INPUTS_SHOWN), "", "more input", "more inputs");
    line_end(&l);
}

static void counts(lb_terminal *to, const json_t *document) {
    double users = lb_lookup_number(document, "corpus.users");
    double conversations = lb_lookup_number(document, "corpus.conversations");
    double messages = lb_lookup_number(document, "corpus.messages");
    double others = lb_lookup_number_if(document, "corpus.counts.other_roles");
    line l = {.to = to};
    if (lb_lookup_is(document, "corpus.unit", "record")) {
        add_number(&l, lb_document_count(document), "", "row", "rows");
        ADD(&l, ", each of them counted as somebody");
        line_end(&l);
        return;
    }
    if (!isnan(users))
        add_number(&l, users, "", "person", "people");
    if (!isnan(conversations))
        add_number(&l, conversations, "", "conversation", "conversations");
    if (!isnan(messages))
        add_number(&l, messages, "", "message", "messages");
    if (others > 0) {
        char number[LB_NUMBER_MAX];
        lb_number_display(others, "", 2, number);
        ADD(&l, " (%s of them of other roles, such as an assistant)", number);
    }
    if (lb_lookup_is(document, "corpus.unit", "conversation"))
        ADD(&l, "; nothing says who wrote, so that conversations are counted and not people");
    line_end(&l);
}

static void span_and_languages(lb_terminal *to, const json_t *document) {
    const char *first = lb_lookup_text_or_null(document, "corpus.first");
    const char *last = lb_lookup_text_or_null(document, "corpus.last");
    const json_t *languages = lb_lookup(document, "corpus.languages");
    size_t count = json_array_size(languages);
    line l = {.to = to};
    if (first && last)
        ADD(&l, "%.10s to %.10s", first, last);
    ADD(&l, "%s", l.text.size && count ? "; " : "");
    for (size_t i = 0; i < count && i < LANGUAGES_SHOWN; i++) {
        const json_t *language = json_array_get(languages, i);
        char share[LB_NUMBER_MAX];
        lb_number_display(lb_lookup_number(language, "share"), "share", 2, share);
        part_begin(&l);
        ADD(&l, "%s %s", lb_language_words(lb_lookup_text(language, "code")), share);
    }
    if (count > LANGUAGES_SHOWN)
        add_number(&l, (double)(count - LANGUAGES_SHOWN), "", "more", "more");
    line_end(&l);
}

static void fields(lb_terminal *to, const json_t *document) {
    const json_t *list = lb_lookup_if(document, "corpus.fields");
    bool guessed = false;
    line l = {.to = to};
    if (json_array_size(list) == 0)
        return;
    ADD(&l, "Fields: ");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *field = json_array_get(list, i);
        bool guess = lb_lookup_is(field, "from", "guessed");
        part_begin(&l);
        ADD(&l, "%s" NO_BREAK "=" NO_BREAK "%s", lb_lookup_text(field, "key"),
            lb_lookup_text(field, "path"));
        guessed = guessed || guess;
    }
    if (guessed)
        ADD(&l, "; guessed by their names (--map KEY=FIELD names another)");
    line_end(&l);
}

static void add_names(line *l, const json_t *names) {
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        part_begin(l);
        ADD(l, "%s", name ? name : lb_not_known);
    }
}

static void known_to_outsiders(lb_terminal *to, const json_t *document) {
    const json_t *names = lb_lookup(document, "corpus.quasi_identifiers");
    const json_t *sensitive = lb_lookup(document, "corpus.sensitive");
    const char *declared = lb_lookup_text_if(document, "corpus.quasi_identifiers_declared");
    line known = {.to = to}, secret = {.to = to};
    ADD(&known, "Taken as known to outsiders: ");
    add_names(&known, names);
    if (json_array_size(names) == 0)
        ADD(&known, "%s",
            declared && strcmp(declared, "none") == 0
                ? "no field, as was declared (--qi none)"
                : "no field was named (--qi), so that fields are not judged");
    line_end(&known);
    if (json_array_size(sensitive) == 0)
        return;
    ADD(&secret, "Sensitive: ");
    add_names(&secret, sensitive);
    line_end(&secret);
}

/* What of the inputs is in no figure. */
static const struct {
    const char *metric, *name, *one, *many;
} LEFT_OUT[] = {
    {"coverage.rejected_share", "unread records", NULL, "of the records not read"},
    {"coverage.unread_bytes_share", "unread bytes", NULL, "of the bytes not understood"},
    {"coverage.without_user_share", "messages of nobody", NULL,
     "of the messages, which name nobody"},
    {"coverage.messages_without_text", "messages without text", "message without text",
     "messages without text"},
    {"coverage.times_not_understood", "times", "time not understood", "times not understood"},
    {"coverage.listed_unknown", "listed ids", "listed id that matches nobody",
     "listed ids that match nobody"},
};

/* What of the inputs is in no figure, and has names: they are what a reader can act on. */
static const struct {
    const char *metric, *list, *title, *name, *behind;
} NAMED[] = {
    {"coverage.unread_files", "coverage.files", "Files not read", "unread files", "why"},
    {"coverage.unsearched_fields", "coverage.fields", "Fields no measure looked at", "other fields",
     "values"},
};
enum { NAMED_COUNT = sizeof NAMED / sizeof *NAMED };

/* "note (50)", "a.pdf (is a PDF)". */
static void add_named(line *l, const json_t *item, const char *behind) {
    const json_t *more = lb_lookup(item, behind);
    char number[LB_NUMBER_MAX];
    if (json_is_integer(more))
        lb_number_display((double)json_integer_value(more), "", 2, number);
    part_begin(l);
    ADD(l, "%s" NO_BREAK "(%s)", lb_lookup_text(item, "path"),
        json_is_string(more) ? json_string_value(more) : number);
}

/* "Fields no measure looked at (3): note (50), ...": false where there is none. */
static bool named(lb_terminal *to, const json_t *document, size_t which) {
    lb_figure figure = lb_figure_of(document, NAMED[which].metric);
    const json_t *list = lb_lookup_if(document, NAMED[which].list);
    char number[LB_NUMBER_MAX];
    line l = {.to = to};
    if (!figure.known || figure.value == 0)
        return false;
    lb_number_display(figure.value, "", 2, number);
    ADD(&l, "%s (%s)", NAMED[which].title, number);
    for (size_t i = 0; i < json_array_size(list) && l.parts < NAMES_SHOWN; i++) {
        const json_t *item = json_array_get(list, i);
        if (json_is_false(lb_lookup_if(item, "counted")))
            continue;
        ADD(&l, "%s", l.parts ? "" : ": ");
        add_named(&l, item, NAMED[which].behind);
    }
    if (l.parts > 0 && figure.value > (double)l.parts)
        add_number(&l, figure.value - (double)l.parts, "", "more", "more");
    line_end(&l);
    return true;
}

static void add_uncounted(line *l, const json_t *document, const char *metric, const char *name) {
    lb_figure figure = lb_figure_of(document, metric);
    if (!lb_figure_is_unmeasured(&figure))
        return;
    part_begin(l);
    ADD(l, "%s", name);
}

/* What was left out; a figure that was not measured is not nothing. */
static void left_out(lb_terminal *to, const json_t *document) {
    line l = {.to = to}, open = {.to = to};
    ADD(&l, "Left out: ");
    ADD(&open, "Not counted: ");
    for (size_t i = 0; i < sizeof LEFT_OUT / sizeof *LEFT_OUT; i++) {
        lb_figure figure = lb_figure_of(document, LEFT_OUT[i].metric);
        if (figure.known && figure.value > 0)
            add_number(&l, figure.value, figure.unit, LEFT_OUT[i].one, LEFT_OUT[i].many);
        add_uncounted(&open, document, LEFT_OUT[i].metric, LEFT_OUT[i].name);
    }
    bool any = l.parts > 0;
    if (any)
        line_end(&l);
    for (size_t i = 0; i < NAMED_COUNT; i++) {
        any = named(to, document, i) || any;
        add_uncounted(&open, document, NAMED[i].metric, NAMED[i].name);
    }
    if (!any && open.parts < sizeof LEFT_OUT / sizeof *LEFT_OUT + NAMED_COUNT) {
        ADD(&l, "nothing");
        line_end(&l);
    }
    if (open.parts > 0)
        line_end(&open);
    lb_buffer_free(&l.text);
    lb_buffer_free(&open.text);
}

static void configuration(lb_terminal *to, const json_t *document) {
    const char *path = lb_lookup_text_if(document, "run.configuration.path");
    line l = {.to = to};
    if (path)
        ADD(&l, "Configuration: %s", path);
    line_end(&l);
}

void lb_summary_corpus(lb_terminal *to, const json_t *document) {
    lb_terminal_bold(to, "What was read");
    lb_terminal_put(to, "\n");
    inputs(to, document);
    counts(to, document);
    span_and_languages(to, document);
    fields(to, document);
    known_to_outsiders(to, document);
    left_out(to, document);
    configuration(to, document);
}
