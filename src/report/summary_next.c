/* What to do next. A command is that of the run with words added to it, so that it can be pasted; it
 * is left out where it would not do the same again, as where the corpus came through a pipe. */
#include <stdio.h>
#include <string.h>

#include "report/summary_part.h"

enum { INDENT = 4, WORDS_MAX = 256, FIELDS_MAX = 8 };

/* The words of a command. */
typedef struct command {
    const char *words[WORDS_MAX];
    size_t count;
} command;

static void add_word(command *made, const char *word) {
    if (made->count < WORDS_MAX)
        made->words[made->count++] = word;
}

/* False: it cannot be run again. */
static bool add_run(command *made, const json_t *document) {
    const json_t *words = lb_lookup(document, "run.command");
    size_t count = json_array_size(words);
    for (size_t i = 0; i < count; i++) {
        const char *word = json_string_value(json_array_get(words, i));
        if (!word || strcmp(word, "-") == 0)
            return false;
        if (i > 0 || strcmp(word, "linkback") != 0)
            add_word(made, word);
    }
    return count > 0 && made->count + 4 < WORDS_MAX;
}

/* Before a --, behind which all are inputs. */
static void add_option(command *made, const char *option, const char *value) {
    size_t at = 0;
    if (made->count + 2 > WORDS_MAX)
        return;
    while (at < made->count && strcmp(made->words[at], "--") != 0)
        at++;
    memmove(made->words + at + 2, made->words + at, (made->count - at) * sizeof *made->words);
    made->words[at] = option;
    made->words[at + 1] = value;
    made->count += 2;
}

static void say(lb_terminal *to, const char *what) {
    lb_terminal_wrap(to, lb_str_of(what), 2, 0);
}

static void step(lb_terminal *to, const char *why, const command *made) {
    lb_buffer shown = {0};
    lb_terminal trial = *to;
    trial.into = &shown;
    if (lb_terminal_command(&trial, made->words, made->count, INDENT)) {
        say(to, why);
        if (to->status == LB_OK && trial.status == LB_OK)
            to->status = lb_buffer_append(to->into, shown.data, shown.size, to->error);
    }
    if (to->status == LB_OK)
        to->status = trial.status;
    lb_buffer_free(&shown);
}

/* Fields that tell people apart, as --qi takes them; empty: there are none. */
static int candidates(const json_t *document, lb_buffer *into, lb_error *error) {
    const json_t *list = lb_lookup_if(document, "singling_out.candidates");
    int status = LB_OK;
    size_t taken = 0;
    for (size_t i = 0; status == LB_OK && i < json_array_size(list) && taken < FIELDS_MAX; i++) {
        const json_t *candidate = json_array_get(list, i);
        const char *field = lb_lookup_text(candidate, "field");
        if (!lb_lookup_is(candidate, "kind", "quasi") || strchr(field, ','))
            continue;
        status = lb_buffer_printf(into, error, "%s%s", taken++ ? "," : "", field);
    }
    return status == LB_OK ? lb_buffer_append(into, "", 1, error) : status;
}

static bool has_policy(const json_t *document) {
    return json_array_size(lb_lookup(document, "gate.policies")) > 0;
}

/* The run again with fields named, a policy named, or both. */
static void again(lb_terminal *to, const json_t *document, const char *program) {
    bool named = json_array_size(lb_lookup(document, "corpus.quasi_identifiers")) > 0 ||
                 lb_lookup_text_if(document, "corpus.quasi_identifiers_declared");
    bool judged = has_policy(document);
    command made = {.words = {program}, .count = 1};
    lb_buffer fields = {0};
    if ((named && judged) || !lb_lookup_is(document, "run.job", "audit") ||
        !add_run(&made, document))
        return;
    if (to->status == LB_OK)
        to->status = candidates(document, &fields, to->error);
    bool any = fields.size > 1;
    if (!named)
        add_option(&made, "--qi", any ? fields.data : "none");
    if (!judged)
        add_option(&made, "--policy", "release");
    if (to->status == LB_OK)
        step(to,
             named ? "Have it judged:"
             : any ? "Say what outsiders may know of people (take out what they cannot know):"
                   : "Say that outsiders know no field of people, or name the fields:",
             &made);
    lb_buffer_free(&fields);
}

/* Where conversations stand for people, the fields may have a name for them all the same. */
static void find_people(lb_terminal *to, const json_t *document, const char *program) {
    const json_t *inputs = lb_lookup(document, "corpus.inputs");
    const char *path = lb_lookup_text(json_array_get(inputs, 0), "path");
    const command made = {.words = {program, "inspect", path}, .count = 3};
    if (lb_lookup_is(document, "corpus.unit", "conversation") && json_array_size(inputs) == 1 &&
        *path != '-')
        step(to,
             "Is there a field that says who wrote? Then name it with --map user=FIELD:", &made);
}

static void explain(lb_terminal *to, const lb_findings *found, const char *program) {
    if (found->count == 0)
        return;
    const command made = {.words = {program, "explain", found->items[0].metric}, .count = 3};
    step(to, "See what a figure means, and what helps:", &made);
}

static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The reports but the page; by name alone where they stand beside it. */
static void other_reports(lb_terminal *to, lb_summary_reports reports, const char *page) {
    lb_buffer text = {0};
    for (size_t i = 0; to->status == LB_OK && i < reports.count; i++) {
        const char *path = reports.paths[i];
        size_t folder = folder_length(path);
        bool beside = page && folder == folder_length(page) && strncmp(path, page, folder) == 0;
        if (path != page)
            to->status = lb_buffer_printf(&text, to->error, "%s%s", text.size ? ", " : "",
                                          beside ? path + folder : path);
    }
    if (text.size > 0) {
        say(to, page ? "Beside it for machines:" : "The reports:");
        lb_terminal_wrap(to, lb_buffer_str(&text), INDENT, 0);
    }
    lb_buffer_free(&text);
}

static void report(lb_terminal *to, lb_summary_reports reports) {
    const char *page = NULL;
    for (size_t i = 0; i < reports.count; i++) {
        const char *dot = strrchr(reports.paths[i], '.');
        if (!page && dot && strcmp(dot, ".html") == 0)
            page = reports.paths[i];
    }
    if (page) {
        say(to, "Open the report, which says where each was found:");
        lb_terminal_wrap(to, lb_str_of(page), INDENT, 0);
    }
    other_reports(to, reports, page);
}

void lb_summary_next(lb_terminal *to, const json_t *document, const lb_findings *found,
                     const char *program, lb_summary_reports reports) {
    lb_terminal_put(to, "\n");
    lb_terminal_bold(to, "What to do next");
    lb_terminal_put(to, "\n");
    find_people(to, document, program);
    again(to, document, program);
    explain(to, found, program);
    report(to, reports);
}
