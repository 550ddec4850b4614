#include "results/metric.h"

#include <ctype.h>

#include "base/nearest.h"

static const lb_metric metrics[LB_METRIC_COUNT] = {
#define LB_METRIC(id, name, unit, worse, family, title, definition, source)                        \
    {LB_METRIC_##id, name, unit, worse, LB_FAMILY_##family, title, definition, source},
#include "results/metrics.def"
};

static const char *const names[LB_METRIC_COUNT] = {
#define LB_METRIC(id, name, unit, worse, family, title, definition, source) name,
#include "results/metrics.def"
};

static const lb_family families[LB_FAMILY_COUNT] = {
#define LB_FAMILY(id, anchor, question, severity, mend)                                            \
    {anchor, LB_QUESTION_##question, severity, mend},
#include "results/metrics.def"
};

const char lb_check_on_people[] = "corpus.unit";

const lb_metric *lb_metric_get(lb_metric_id id) {
    return &metrics[id];
}

const lb_metric *lb_metric_find(const char *name) {
    for (size_t i = 0; i < LB_METRIC_COUNT; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}

const lb_family *lb_metric_family(const char *name) {
    const lb_metric *metric = lb_metric_find(name);
    if (metric)
        return &families[metric->family];
    bool people = strcmp(name, lb_check_on_people) == 0;
    return &families[people ? LB_FAMILY_PEOPLE : LB_FAMILY_UNKNOWN];
}

const lb_metric *lb_metric_nearest(const char *name) {
    return &metrics[lb_nearest(name, names, LB_METRIC_COUNT)];
}

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* The next "unit" or "units" that is a word of its own, in either case of its first letter. */
static const char *unit_find(const char *text, size_t *length) {
    for (const char *at = text; *at; at++) {
        bool starts = at == text || !is_word_byte(at[-1]);
        if (!starts || (*at != 'u' && *at != 'U') || strncmp(at + 1, "nit", 3) != 0)
            continue;
        *length = at[4] == 's' ? 5 : 4;
        if (!is_word_byte(at[*length]))
            return at;
    }
    return NULL;
}

int lb_metric_phrase(const char *text, const char *unit, lb_buffer *into, lb_error *error) {
    bool person = strcmp(unit, "user") == 0;
    const char *one = person ? "person" : strcmp(unit, "record") == 0 ? "row" : unit;
    const char *at;
    size_t length;
    int status = LB_OK;
    while (status == LB_OK && (at = unit_find(text, &length))) {
        status = lb_buffer_append(into, text, (size_t)(at - text), error);
        size_t start = into->size;
        if (status == LB_OK && length == 5 && person)
            status = lb_buffer_printf(into, error, "people");
        else if (status == LB_OK)
            status = lb_buffer_printf(into, error, "%s%s", one, length == 5 ? "s" : "");
        if (status == LB_OK && *at == 'U')
            into->data[start] = (char)toupper((unsigned char)into->data[start]);
        text = at + length;
    }
    return status == LB_OK ? lb_buffer_printf(into, error, "%s", text) : status;
}
