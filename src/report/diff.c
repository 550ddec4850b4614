/* Two audits side by side (linkback.h): every figure of either, and which way it went. Whether the
 * gate's verdict changed is said first. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "report/kit/figure.h"
#include "report/markdown.h"
#include "report/report.h"
#include "results/json_value.h"
#include "results/metric.h"
#include "results/number.h"

typedef enum direction { SAME, BETTER, WORSE, CHANGED, APPEARED, VANISHED, UNKNOWN } direction;

static const struct {
    const char *sign, *word;
} DIRECTIONS[] = {
    [SAME] = {"=", "same"},         [BETTER] = {"+", "better"},     [WORSE] = {"-", "worse"},
    [CHANGED] = {"*", "changed"},   [APPEARED] = {">", "only new"}, [VANISHED] = {"<", "only old"},
    [UNKNOWN] = {"?", "not known"},
};

typedef struct change {
    const char *name;
    lb_figure before, after;
    direction way;
    bool within; /* both are estimates, and their intervals overlap */
} change;

typedef struct comparison {
    const json_t *before, *after;
    change *changes;
    size_t count;
    size_t numbers[UNKNOWN + 1]; /* of the changes, by direction */
} comparison;

static direction way_of(const char *name, const lb_figure *before, const lb_figure *after) {
    const lb_metric *metric = lb_metric_find(name);
    if (!before->known || !after->known)
        return after->known ? APPEARED : before->known ? VANISHED : UNKNOWN;
    if (before->value == after->value)
        return SAME;
    if (!metric || metric->worse == LB_WORSE_NEITHER)
        return CHANGED;
    return (after->value > before->value) == (metric->worse == LB_WORSE_HIGHER) ? WORSE : BETTER;
}

static change change_of(const comparison *made, const char *name) {
    change found = {.name = name,
                    .before = lb_figure_of(made->before, name),
                    .after = lb_figure_of(made->after, name)};
    found.way = way_of(name, &found.before, &found.after);
    found.within = found.before.has_interval && found.after.has_interval &&
                   found.before.low <= found.after.high && found.after.low <= found.before.high;
    return found;
}

/* The figures of the new audit in their order, then those that only the old one has. */
static int compare(comparison *made, lb_error *error) {
    const json_t *before = lb_lookup(made->before, "metrics");
    const json_t *after = lb_lookup(made->after, "metrics");
    const char *name;
    json_t *metric;
    made->changes =
        lb_alloc(json_object_size(before) + json_object_size(after) + 1, sizeof *made->changes);
    if (!made->changes)
        return lb_fail_memory(error, "comparing two audits");
    json_object_foreach((json_t *)after, name, metric) {
        made->changes[made->count++] = change_of(made, name);
    }
    json_object_foreach((json_t *)before, name, metric) {
        if (!lb_lookup(after, name))
            made->changes[made->count++] = change_of(made, name);
    }
    for (size_t i = 0; i < made->count; i++)
        made->numbers[made->changes[i].way]++;
    return LB_OK;
}

static const char *verdict_of(const json_t *document) {
    const char *verdict = lb_lookup_text_or_null(document, "gate.verdict");
    return verdict ? verdict : "none";
}

/* "+2.1 points" for shares, else the difference as it is. */
static void difference(const change *one, char text[LB_NUMBER_MAX + 16]) {
    double by = one->after.value - one->before.value;
    bool share = strcmp(one->after.unit, "share") == 0;
    char number[LB_NUMBER_MAX];
    lb_number_display(share ? fabs(by) * 100 : fabs(by), "", 3, number);
    snprintf(text, LB_NUMBER_MAX + 16, "%s%s%s", by < 0 ? "-" : "+", number,
             share ? " points" : "");
}

static bool is_told(const change *one) {
    return one->way != SAME && one->way != UNKNOWN;
}

static int text_line(const change *one, lb_buffer *into, lb_error *error) {
    char by[LB_NUMBER_MAX + 16] = "";
    int status = lb_buffer_printf(into, error, "%s %-9s %-28s ", DIRECTIONS[one->way].sign,
                                  DIRECTIONS[one->way].word, one->name);
    if (status == LB_OK)
        status = lb_figure_print(&one->before, 3, false, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error, " -> ");
    if (status == LB_OK)
        status = lb_figure_print(&one->after, 3, false, into, error);
    if (one->before.known && one->after.known) {
        difference(one, by);
        if (status == LB_OK)
            status = lb_buffer_printf(into, error, " (%s)%s", by, one->within ? " ~" : "");
    }
    return status == LB_OK ? lb_buffer_printf(into, error, "\n") : status;
}

static int write_text(const comparison *made, lb_buffer *into, lb_error *error) {
    int status =
        lb_buffer_printf(into, error, "verdict: %s -> %s\n%zu better, %zu worse, %zu the same\n",
                         verdict_of(made->before), verdict_of(made->after), made->numbers[BETTER],
                         made->numbers[WORSE], made->numbers[SAME]);
    for (size_t i = 0; status == LB_OK && i < made->count; i++)
        if (is_told(&made->changes[i]))
            status = text_line(&made->changes[i], into, error);
    return status;
}

static int markdown_row(const change *one, lb_buffer *into, lb_error *error) {
    char by[LB_NUMBER_MAX + 16] = "";
    if (one->before.known && one->after.known)
        difference(one, by);
    int status = lb_buffer_printf(into, error, "| %s %s | ", DIRECTIONS[one->way].sign,
                                  DIRECTIONS[one->way].word);
    if (status == LB_OK)
        status = lb_markdown_text(lb_str_of(one->name), 100, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error, " | ");
    if (status == LB_OK)
        status = lb_figure_print(&one->before, 3, true, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error, " | ");
    if (status == LB_OK)
        status = lb_figure_print(&one->after, 3, true, into, error);
    return status == LB_OK
               ? lb_buffer_printf(into, error, " | %s%s |\n", by, one->within ? " ~" : "")
               : status;
}

static int write_markdown(const comparison *made, lb_buffer *into, lb_error *error) {
    int status = lb_buffer_printf(into, error,
                                  "## linkback: %zu better, %zu worse\n\nVerdict: %s, was %s.\n\n"
                                  "| | Figure | Before | Now | Change |\n|---|---|---|---|---|\n",
                                  made->numbers[BETTER], made->numbers[WORSE],
                                  verdict_of(made->after), verdict_of(made->before));
    for (size_t i = 0; status == LB_OK && i < made->count; i++)
        if (is_told(&made->changes[i]))
            status = markdown_row(&made->changes[i], into, error);
    return status == LB_OK
               ? lb_buffer_printf(into, error,
                                  "\n~: both are estimates whose 95 %% intervals overlap.\n")
               : status;
}

static json_t *value_json(const lb_figure *figure) {
    return figure->known ? json_real(figure->value) : json_null();
}

static json_t *change_json(const change *one) {
    json_t *object = json_object();
    bool ok = json_object_set_new(object, "metric", json_string(one->name)) == 0 &&
              json_object_set_new(object, "change", json_string(DIRECTIONS[one->way].word)) == 0 &&
              json_object_set_new(object, "old", value_json(&one->before)) == 0 &&
              json_object_set_new(object, "new", value_json(&one->after)) == 0 &&
              json_object_set_new(object, "intervals_overlap", json_boolean(one->within)) == 0;
    return lb_json_whole(object, ok);
}

static int write_json(const comparison *made, lb_buffer *into, lb_error *error) {
    json_t *list = json_array(), *object = json_object();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < made->count; i++)
        ok = json_array_append_new(list, change_json(&made->changes[i])) == 0;
    ok =
        ok && json_object_set_new(object, "schema", json_string("linkback.diff/1")) == 0 &&
        json_object_set_new(object, "old_verdict", json_string(verdict_of(made->before))) == 0 &&
        json_object_set_new(object, "new_verdict", json_string(verdict_of(made->after))) == 0 &&
        json_object_set_new(object, "better", json_integer((json_int_t)made->numbers[BETTER])) ==
            0 &&
        json_object_set_new(object, "worse", json_integer((json_int_t)made->numbers[WORSE])) == 0 &&
        json_object_set(object, "metrics", list) == 0;
    int status =
        ok ? lb_report_json(object, into, error) : lb_fail_memory(error, "comparing two audits");
    json_decref(list);
    json_decref(object);
    return status;
}

static int document_load(json_t **document, const char *path, lb_error *error) {
    lb_results *results = NULL;
    int status = lb_results_read(&results, path, error);
    if (status == LB_OK)
        status = lb_results_document(results, document, error);
    lb_results_free(results);
    return status;
}

int lb_diff(const char *old_path, const char *new_path, lb_diff_format format, char **text,
            bool *worse, lb_error *error) {
    typedef int diff_writer(const comparison *, lb_buffer *, lb_error *);
    static diff_writer *const WRITERS[] = {write_text, write_json, write_markdown};
    json_t *before = NULL, *after = NULL;
    lb_buffer into = {0};
    comparison made = {0};
    int status = document_load(&before, old_path, error);
    if (status == LB_OK)
        status = document_load(&after, new_path, error);
    made.before = before;
    made.after = after;
    if (status == LB_OK)
        status = compare(&made, error);
    if (status == LB_OK)
        status = WRITERS[format](&made, &into, error);
    if (status == LB_OK)
        status = lb_buffer_append(&into, "", 1, error);
    *worse = made.numbers[WORSE] > 0;
    lb_free(made.changes);
    json_decref(before);
    json_decref(after);
    if (status < 0)
        lb_buffer_free(&into);
    else
        *text = into.data;
    return status;
}
