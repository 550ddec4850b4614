/* All figures with their definitions, and how they came about. */
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "results/metric.h"
#include "results/number.h"
#include <math.h>

static void figure_value(lb_html *html, const lb_figure *figure) {
    if (!figure->known) {
        lb_html_open(html, "td", "class", "note wide", NULL);
        lb_html_text(html, "not known: ");
        lb_html_foreign_text(html, figure->why);
        lb_html_close(html);
        return;
    }
    lb_html_figure_cell(html, figure);
}

static void figure_row(lb_html *html, const char *name) {
    lb_figure figure = lb_figure_of(html->document, name);
    const lb_metric *metric = lb_metric_find(name);
    lb_html_open(html, "tr", NULL);
    lb_html_attribute(html, "id", "def-%s", name);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_phrase(html, metric ? metric->title : "");
    lb_html_leaf(html, "div", "note name", "%s", name);
    lb_html_close(html);
    figure_value(html, &figure);
    lb_html_leaf(html, "td", NULL, "%s", strcmp(figure.unit, "share") == 0 ? "" : figure.unit);
    lb_html_open(html, "td", "class", "wide", NULL);
    if (metric) {
        lb_html_phrase(html, metric->definition);
        lb_html_leaf(html, "div", "note", "%s", metric->source);
    }
    lb_html_close(html);
    lb_html_close(html);
}

void lb_html_figures(lb_html *html) {
    static const char *const NAMES[] = {"Figure", "#value (95 % interval)", "In", "Definition",
                                        NULL};
    const char *name;
    json_t *metric;
    lb_html_section_open(html, "figures");
    lb_html_table_open(html, "Figures", NAMES);
    json_object_foreach((json_t *)lb_lookup(html->document, "metrics"), name, metric)
        figure_row(html, name);
    lb_html_table_close(html);
    lb_html_close(html);
}

static void warnings(lb_html *html) {
    const json_t *list = lb_lookup(html->document, "warnings");
    if (json_array_size(list) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "What to know before relying on it");
    lb_html_open(html, "ul", NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        lb_html_open(html, "li", NULL);
        lb_html_foreign(html, json_array_get(list, i));
        lb_html_close(html);
    }
    lb_html_close(html);
}

static void input_cell(lb_html *html, const json_t *input, const char *key) {
    lb_html_open(html, "th", "scope", "row", "class", "wide", NULL);
    lb_html_foreign(html, lb_lookup(input, key));
    lb_html_open(html, "div", "class", "note code", NULL);
    lb_html_foreign(html, lb_lookup(input, "sha256"));
    lb_html_close(html);
    lb_html_close(html);
}

static void format_cell(lb_html *html, const json_t *input, const char *key) {
    lb_html_open(html, "td", NULL);
    lb_html_foreign(html, lb_lookup(input, key));
    lb_html_text(html, ", ");
    lb_html_foreign(html, lb_lookup(input, "container"));
    lb_html_close(html);
}

static void inputs(lb_html *html) {
    static const lb_html_column columns[] = {{"Input and SHA-256", input_cell, "path"},
                                             {"Format", format_cell, "format"},
                                             {"#bytes", lb_html_show_number, "bytes"},
                                             {"#records", lb_html_show_number, "records"},
                                             {"#rejected", lb_html_show_number, "rejected"},
                                             {0}};
    const json_t *list = lb_lookup(html->document, "corpus.inputs");
    if (json_array_size(list) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "What was read");
    lb_html_table(html, "Inputs", columns, list);
}

static void counts(lb_html *html) {
    static const struct {
        const char *key, *words;
    } COUNTS[] = {
        {"without_user", "messages that name no person, left out of every figure per person"},
        {"other_roles", "turns of assistants, systems and bots: never a person's own words"},
        {"service_lines", "lines that are no messages (joins, notices)"},
        {"without_time", "messages without a time"},
        {"impossible_time", "messages with a time that cannot be"},
        {"replaced_bytes", "ill-formed byte sequences, replaced by U+FFFD"},
        {"skipped_bytes", "bytes of quotes, code or links left out as not the person's own"},
        {"rejected", "malformed records, left out"},
    };
    const json_t *list = lb_lookup(html->document, "corpus.counts");
    bool open = false;
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        double count = lb_lookup_number(list, COUNTS[i].key);
        if (count <= 0)
            continue;
        if (!open)
            lb_html_open(html, "ul", NULL);
        open = true;
        lb_html_open(html, "li", NULL);
        lb_html_number(html, count, "");
        lb_html_text(html, " %s", COUNTS[i].words);
        lb_html_close(html);
    }
    if (open)
        lb_html_close(html);
}

static void rejections(lb_html *html) {
    static const lb_html_column columns[] = {
        {"Where", lb_html_show_name, "where"}, {"What", lb_html_show_wide, "what"}, {0}};
    lb_html_table_folded(html, "Malformed records", columns,
                         lb_lookup(html->document, "corpus.rejections"));
}

static void limits(lb_html *html) {
    static const char *const LIMITS[] = {
        "A person is what the corpus gives one key. Someone with two keys counts twice; two people "
        "who share a key count once.",
        "The attacker is assumed to know words or field values of the target exactly, and to hold "
        "the corpus.",
        "What is unique here need not be unique in the world: figures are of this corpus unless "
        "they say population.",
        "What is not listed among the figures was not measured; what could not be computed says "
        "why. Nothing that is absent counts as safe.",
        "Meeting a policy is a finding, not a legal opinion.",
    };
    lb_html_leaf(html, "h3", NULL, "Limits");
    lb_html_open(html, "ul", NULL);
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++)
        lb_html_leaf(html, "li", NULL, "%s", LIMITS[i]);
    lb_html_close(html);
}

static void fact_open(lb_html *html, const char *name) {
    lb_html_leaf(html, "dt", NULL, "%s", name);
    lb_html_open(html, "dd", NULL);
}

static void number_fact(lb_html *html, const char *path, const char *name, const char *unit,
                        double scale) {
    double value = lb_lookup_number(html->document, path);
    if (isnan(value))
        return;
    fact_open(html, name);
    lb_html_number(html, value * scale, "");
    lb_html_text(html, "%s", unit);
    lb_html_close(html);
}

static void command_fact(lb_html *html) {
    const json_t *words = lb_lookup(html->document, "run.command");
    if (json_array_size(words) == 0)
        return;
    fact_open(html, "Command");
    lb_html_open(html, "code", NULL);
    for (size_t i = 0; i < json_array_size(words); i++) {
        if (i > 0)
            lb_html_text(html, " ");
        lb_html_foreign(html, json_array_get(words, i));
    }
    lb_html_close(html);
    lb_html_close(html);
}

static void configuration_fact(lb_html *html) {
    const json_t *read = lb_lookup(html->document, "run.configuration");
    if (!json_is_object(read))
        return;
    fact_open(html, "Configuration");
    lb_html_foreign(html, lb_lookup(read, "path"));
    lb_html_open(html, "div", "class", "note code", NULL);
    lb_html_foreign(html, lb_lookup(read, "sha256"));
    lb_html_close(html);
    lb_html_close(html);
}

static void option(lb_html *html, const char *name, const json_t *value) {
    char number[LB_NUMBER_MAX];
    for (size_t i = 0; i < json_array_size(value); i++)
        option(html, name, json_array_get(value, i));
    if (json_is_array(value) || json_is_null(value) || json_is_false(value))
        return;
    lb_html_text(html, " --");
    for (const char *c = name; *c; c++)
        lb_html_text(html, "%c", *c == '_' ? '-' : *c);
    if (json_is_true(value))
        return;
    lb_html_text(html, "=");
    if (json_is_string(value)) {
        lb_html_foreign(html, value);
        return;
    }
    lb_number_format(json_number_value(value), number);
    lb_html_text(html, "%s", number);
}

/* As the command line has them, to run it again. */
static void options_fact(lb_html *html) {
    const json_t *options = lb_lookup(html->document, "run.options");
    const char *name;
    json_t *value;
    if (json_object_size(options) == 0)
        return;
    fact_open(html, "All options, with what the configuration and the defaults gave");
    lb_html_open(html, "code", NULL);
    json_object_foreach((json_t *)options, name, value) {
        if (strcmp(name, "inputs") != 0)
            option(html, name, value);
    }
    lb_html_close(html);
    lb_html_close(html);
}

static void versions_fact(lb_html *html) {
    const char *name;
    json_t *version;
    fact_open(html, "Versions");
    lb_html_foreign(html, lb_lookup(html->document, "tool.name"));
    lb_html_text(html, " ");
    lb_html_foreign(html, lb_lookup(html->document, "tool.version"));
    json_object_foreach((json_t *)lb_lookup(html->document, "tool.libraries"), name, version) {
        lb_html_text(html, ", ");
        lb_html_foreign_text(html, name);
        lb_html_text(html, " ");
        lb_html_foreign(html, version);
    }
    lb_html_close(html);
}

static void run_facts(lb_html *html) {
    const json_t *started = lb_lookup(html->document, "run.started");
    lb_html_leaf(html, "h3", NULL, "The run");
    lb_html_open(html, "dl", NULL);
    if (json_is_string(started)) {
        fact_open(html, "Started");
        lb_html_foreign(html, started);
        lb_html_close(html);
    }
    number_fact(html, "run.elapsed_seconds", "Time", " s", 1);
    number_fact(html, "run.cpu_seconds", "Processor time", " s", 1);
    number_fact(html, "run.peak_rss_bytes", "Memory", " MB", 1e-6);
    number_fact(html, "run.seed", "Seed", "", 1);
    number_fact(html, "run.threads", "Threads", "", 1);
    number_fact(html, "run.ranks", "Ranks", "", 1);
    command_fact(html);
    configuration_fact(html);
    options_fact(html);
    versions_fact(html);
    lb_html_close(html);
}

static void citation(lb_html *html) {
    const json_t *input = json_array_get(lb_lookup(html->document, "corpus.inputs"), 0);
    lb_html_leaf(html, "h3", NULL, "To cite it");
    lb_html_open(html, "p", "class", "citation", NULL);
    lb_html_text(html, "Re-identification audit with linkback %s, %.10s",
                 lb_lookup_text(html->document, "tool.version"),
                 lb_lookup_text(html->document, "run.started"));
    if (input)
        lb_html_text(html, ", input SHA-256 %.16s", lb_lookup_text(input, "sha256"));
    lb_html_text(html, ".");
    lb_html_close(html);
}

/* A figure with its share, and the first places; one that is not known says why. */
static void coverage_row(lb_html *html, const char *metric, const char *share, const char *title,
                         const json_t *places) {
    lb_figure figure = lb_figure_of(html->document, metric);
    lb_html_open(html, "tr", NULL);
    lb_html_row_term(html, metric, title);
    lb_html_figure_cell(html, &figure);
    lb_html_open(html, "td", "class", "wide", NULL);
    if (!figure.known)
        lb_html_text(html, "Not known: %s.", figure.why);
    else if (share && figure.value > 0) {
        lb_figure part = lb_figure_of(html->document, share);
        lb_html_figure_text(html, &part);
        lb_html_text(html, " of them");
    }
    for (size_t i = 0; i < json_array_size(places); i++) {
        lb_html_text(html, i > 0 || share ? ", " : "");
        lb_html_foreign(html, json_array_get(places, i));
    }
    lb_html_close(html);
    lb_html_close(html);
}

/* The same of what has names: the first of them, with what is known of each. */
static void names_row(lb_html *html, const char *metric, const char *title, const json_t *list,
                      const char *behind) {
    enum { SHOWN = 10 };
    lb_figure figure = lb_figure_of(html->document, metric);
    size_t shown = 0;
    lb_html_open(html, "tr", NULL);
    lb_html_row_term(html, metric, title);
    lb_html_figure_cell(html, &figure);
    lb_html_open(html, "td", "class", "wide", NULL);
    if (!figure.known)
        lb_html_text(html, "Not known: %s.", figure.why);
    for (size_t i = 0; figure.known && i < json_array_size(list) && shown < SHOWN; i++) {
        const json_t *item = json_array_get(list, i), *more = lb_lookup(item, behind);
        if (json_is_false(lb_lookup_if(item, "counted")))
            continue;
        lb_html_text(html, "%s", shown++ > 0 ? ", " : "");
        lb_html_foreign(html, lb_lookup(item, "path"));
        lb_html_text(html, " (");
        if (json_is_string(more))
            lb_html_foreign(html, more);
        else
            lb_html_number(html, json_number_value(more), "");
        lb_html_text(html, ")");
    }
    if (shown > 0 && figure.value > (double)shown)
        lb_html_say(html, ", and ", figure.value - (double)shown, "");
    if (shown > 0 && figure.value > (double)shown)
        lb_html_text(html, " more");
    lb_html_close(html);
    lb_html_close(html);
}

/* What the figures rest on, and what of the inputs they do not cover. */
void lb_html_coverage(lb_html *html) {
    static const char *const names[] = {"What was not understood", "#found",
                                        "Where, or which, at first", NULL};
    const json_t *read = lb_lookup(html->document, "coverage");
    lb_html_section_open(html, "coverage");
    lb_html_open(html, "p", NULL);
    lb_html_say(html, "The inputs hold ", lb_lookup_number(read, "records"), "");
    lb_html_say(html, " records in ", lb_lookup_number(read, "bytes"), "");
    lb_html_text(html, " bytes. ");
    if (lb_lookup_is(html->document, "corpus.quasi_identifiers_declared", "none"))
        lb_html_text(html, "It was declared that outsiders know no field of it (--qi none). ");
    if (lb_lookup_is(html->document, "corpus.sensitive_declared", "none"))
        lb_html_text(html, "It was declared that no field is sensitive (--sensitive none). ");
    lb_html_text(html, "What was not read or not understood is in no figure of this report, and "
                       "would be published all the same.");
    lb_html_close(html);
    lb_html_table_open(html, "What of the inputs no figure covers", names);
    coverage_row(html, "coverage.rejected_share", NULL, "Malformed records", NULL);
    coverage_row(html, "coverage.unread_bytes_share", NULL, "Bytes not understood", NULL);
    names_row(html, "coverage.unread_files", "Files left out", lb_lookup(read, "files"), "why");
    coverage_row(html, "coverage.messages_without_text", "coverage.without_text_share",
                 "Messages without text", lb_lookup(read, "without_text.first"));
    coverage_row(html, "coverage.times_not_understood", "coverage.times_not_understood_share",
                 "Times not understood", lb_lookup(read, "times_not_understood.first"));
    coverage_row(html, "coverage.without_user_share", NULL, "Messages that name nobody",
                 lb_lookup(read, "without_user.first"));
    names_row(html, "coverage.unsearched_fields", "Fields that nothing looked at",
              lb_lookup(read, "fields"), "values");
    coverage_row(html, "coverage.listed_unknown", NULL, "Listed ids that match nobody", NULL);
    lb_html_table_close(html);
    lb_html_close(html);
}

void lb_html_method(lb_html *html) {
    lb_html_section_open(html, "method");
    warnings(html);
    limits(html);
    inputs(html);
    counts(html);
    rejections(html);
    run_facts(html);
    citation(html);
    lb_html_close(html);
}
