#include "results/results.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "results/json_value.h"

static const char schema_name[] = "linkback.report/1";
static const char not_measured[] = "not measured";
static const char where[] = "results";

struct lb_results {
    lb_value values[LB_METRIC_COUNT];
    char *whys[LB_METRIC_COUNT]; /* what values[i].why points to where it is ours */
    json_t *sections;            /* everything but "schema" and "metrics", in any order */
};

typedef enum section_kind {
    AN_OBJECT,
    A_LIST,
    THE_SCHEMA,
    THE_TOOL,
    THE_METRICS,
    THE_GATE
} section_kind;

/* The keys of the document in the order of the schema, and what stands there: an object or a
 * list, empty when nobody put anything, or something that is made when the document is. */
static const struct section {
    const char *name;
    section_kind kind;
} section_list[] = {
    {"schema", THE_SCHEMA},      {"tool", THE_TOOL},         {"run", AN_OBJECT},
    {"corpus", AN_OBJECT},       {"coverage", AN_OBJECT},    {"metrics", THE_METRICS},
    {"singling_out", AN_OBJECT}, {"linkability", AN_OBJECT}, {"inference", AN_OBJECT},
    {"population", AN_OBJECT},   {"consent", AN_OBJECT},     {"retention", AN_OBJECT},
    {"what_if", A_LIST},         {"users", A_LIST},          {"gate", THE_GATE},
    {"warnings", A_LIST},
};
enum { SECTION_COUNT = sizeof section_list / sizeof *section_list };

int lb_results_new(lb_results **out, lb_error *error) {
    lb_results *results = lb_alloc_zero(1, sizeof *results);
    if (!results)
        return lb_fail_memory(error, "making the results");
    results->sections = json_object();
    if (!results->sections) {
        lb_free(results);
        return lb_fail_memory(error, "making the results");
    }
    *out = results;
    return LB_OK;
}

void lb_results_free(lb_results *results) {
    if (!results)
        return;
    for (size_t i = 0; i < LB_METRIC_COUNT; i++)
        lb_free(results->whys[i]);
    json_decref(results->sections);
    lb_free(results);
}

static void value_set(lb_results *results, lb_metric_id id, lb_value value, char *why) {
    lb_free(results->whys[id]);
    results->whys[id] = why;
    value.why = why;
    results->values[id] = value;
}

int lb_results_set(lb_results *results, lb_metric_id id, double value, lb_error *error) {
    if (!isfinite(value))
        return lb_results_set_unknown(results, id, "the result is not a finite number", error);
    value_set(results, id, (lb_value){.known = true, .value = value}, NULL);
    return LB_OK;
}

int lb_results_set_interval(lb_results *results, lb_metric_id id, double value, double low,
                            double high, lb_error *error) {
    int status = lb_results_set(results, id, value, error);
    lb_value *slot = &results->values[id];
    if (status == LB_OK && slot->known && isfinite(low) && isfinite(high)) {
        slot->has_interval = true;
        slot->low = low;
        slot->high = high;
    }
    return status;
}

int lb_results_set_unknown(lb_results *results, lb_metric_id id, const char *why, lb_error *error) {
    return lb_results_set_absent(results, id, LB_ABSENT_NOT_MEASURED, why, error);
}

int lb_results_set_absent(lb_results *results, lb_metric_id id, lb_absence absence, const char *why,
                          lb_error *error) {
    size_t size = strlen(why) + 1;
    char *copy = lb_alloc(size, 1);
    if (!copy)
        return lb_fail_memory(error, "keeping the reason of a missing figure");
    memcpy(copy, why, size);
    value_set(results, id, (lb_value){.absence = absence}, copy);
    return LB_OK;
}

const lb_value *lb_results_get(const lb_results *results, lb_metric_id id) {
    return &results->values[id];
}

/* Walks a dotted path. With `make`, objects that are not there are created, up to the last step.
 * Returns the parent of the last step and its name in *last; NULL: no such path or no memory. */
static json_t *parent_of(json_t *at, const char *path, bool make, const char **last) {
    const char *dot;
    while ((dot = strchr(path, '.'))) {
        size_t length = (size_t)(dot - path);
        json_t *next = json_object_getn(at, path, length);
        if (!next && make && json_object_setn_new(at, path, length, json_object()) == 0)
            next = json_object_getn(at, path, length);
        if (!next)
            return NULL;
        at = next;
        path = dot + 1;
    }
    *last = path;
    return at;
}

json_t *lb_results_section(lb_results *results, const char *path) {
    const char *name = NULL;
    json_t *parent = parent_of(results->sections, path, true, &name);
    json_t *section = json_object_get(parent, name);
    if (!section && parent && json_object_set_new(parent, name, json_object()) == 0)
        section = json_object_get(parent, name);
    return section;
}

int lb_results_put(lb_results *results, const char *path, json_t *value, lb_error *error) {
    const char *name = NULL;
    json_t *parent = parent_of(results->sections, path, true, &name);
    if (!parent) {
        json_decref(value);
        return lb_fail_memory(error, "storing a section of the report");
    }
    if (json_object_set_new(parent, name, value) != 0)
        return lb_fail_memory(error, "storing a section of the report");
    return LB_OK;
}

const json_t *lb_results_at(const lb_results *results, const char *path) {
    const char *name = NULL;
    json_t *parent = parent_of(results->sections, path, false, &name);
    return json_object_get(parent, name);
}

int lb_results_warn(lb_results *results, lb_error *error, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_t *warnings = json_object_get(results->sections, "warnings");
    if (!warnings) {
        int status = lb_results_put(results, "warnings", json_array(), error);
        if (status < 0)
            return status;
        warnings = json_object_get(results->sections, "warnings");
    }
    if (json_array_append_new(warnings, lb_json_text(lb_str_of(text))) != 0)
        return lb_fail_memory(error, "keeping a warning");
    return LB_OK;
}

/* "units" in the table of metrics stands for whom this audit protects. */
static const char *unit_of(const lb_results *results, const lb_metric *metric) {
    if (strcmp(metric->unit, "units") != 0)
        return metric->unit;
    const char *unit = json_string_value(lb_results_at(results, "corpus.unit"));
    if (unit && strcmp(unit, "conversation") == 0)
        return "conversations";
    if (unit && strcmp(unit, "record") == 0)
        return "records";
    return "users";
}

static const char *worse_name(lb_worse worse) {
    switch (worse) {
    case LB_WORSE_HIGHER:
        return "higher";
    case LB_WORSE_LOWER:
        return "lower";
    case LB_WORSE_NEITHER:
        break;
    }
    return "neither";
}

static json_t *metric_object(const lb_results *results, lb_metric_id id) {
    const lb_metric *metric = lb_metric_get(id);
    const lb_value *value = &results->values[id];
    json_t *object = json_object();
    bool ok =
        lb_json_set(object, "value", value->known ? lb_json_number(value->value) : json_null());
    if (value->known && value->has_interval) {
        ok = ok && lb_json_set(object, "low", lb_json_number(value->low));
        ok = ok && lb_json_set(object, "high", lb_json_number(value->high));
    }
    if (!value->known)
        ok = ok && lb_json_set(object, "why",
                               lb_json_text(lb_str_of(value->why ? value->why : not_measured)));
    ok = ok && lb_json_set(object, "unit", json_string(unit_of(results, metric)));
    ok = ok && lb_json_set(object, "worse", json_string(worse_name(metric->worse)));
    return lb_json_whole(object, ok);
}

static json_t *metrics_object(const lb_results *results) {
    json_t *object = json_object();
    for (size_t i = 0; object && i < LB_METRIC_COUNT; i++) {
        lb_metric_id id = (lb_metric_id)i;
        if (!lb_json_set(object, lb_metric_get(id)->name, metric_object(results, id))) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

/* The stored "tool" wins, so that a report that is rendered again says who measured. */
static json_t *tool_object(const lb_results *results) {
    const json_t *stored = json_object_get(results->sections, "tool");
    json_t *object = json_object();
    bool ok = lb_json_set(object, "name", json_string("linkback")) &&
              lb_json_set(object, "version", json_string(LINKBACK_VERSION)) &&
              lb_json_set(object, "libraries", json_object());
    if (ok && json_is_object(stored))
        ok = json_object_update(object, (json_t *)stored) == 0;
    return lb_json_whole(object, ok);
}

static json_t *section_value(const lb_results *results, const struct section *section) {
    if (section->kind == THE_SCHEMA)
        return json_string(schema_name);
    if (section->kind == THE_TOOL)
        return tool_object(results);
    if (section->kind == THE_METRICS)
        return metrics_object(results);
    json_t *stored = json_object_get(results->sections, section->name);
    if (stored)
        return json_deep_copy(stored);
    if (section->kind == THE_GATE)
        return json_pack("{s:s, s:[], s:[]}", "verdict", "none", "policies", "checks");
    return section->kind == A_LIST ? json_array() : json_object();
}

int lb_results_document(const lb_results *results, json_t **out, lb_error *error) {
    json_t *document = json_object();
    bool ok = document != NULL;
    for (size_t i = 0; ok && i < SECTION_COUNT; i++)
        ok = lb_json_set(document, section_list[i].name, section_value(results, &section_list[i]));
    if (!ok) {
        json_decref(document);
        return lb_fail_memory(error, "putting the report together");
    }
    *out = document;
    return LB_OK;
}

static int metric_load(lb_results *results, lb_metric_id id, const json_t *object,
                       lb_error *error) {
    const json_t *value = json_object_get(object, "value");
    if (!json_is_number(value)) {
        const char *why = json_string_value(json_object_get(object, "why"));
        return why ? lb_results_set_unknown(results, id, why, error) : LB_OK;
    }
    const json_t *low = json_object_get(object, "low"), *high = json_object_get(object, "high");
    if (json_is_number(low) && json_is_number(high))
        return lb_results_set_interval(results, id, json_number_value(value),
                                       json_number_value(low), json_number_value(high), error);
    return lb_results_set(results, id, json_number_value(value), error);
}

static int results_fill(lb_results *results, const json_t *document, lb_error *error) {
    const char *schema = json_string_value(json_object_get(document, "schema"));
    if (!schema || strcmp(schema, schema_name) != 0)
        return lb_fail(error, LB_E_INPUT, where,
                       "give a report.json or audit.db that linkback audit wrote",
                       "this is no report of the schema %s", schema_name);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const char *name = section_list[i].name;
        json_t *stored = json_object_get(document, name);
        if (!stored || section_list[i].kind == THE_SCHEMA || section_list[i].kind == THE_METRICS)
            continue;
        if (section_list[i].kind == A_LIST ? !json_is_array(stored) : !json_is_object(stored))
            return lb_fail(error, LB_E_INPUT, where, "write the report anew with linkback audit",
                           "\"%s\" is not %s", name,
                           section_list[i].kind == A_LIST ? "a list" : "an object");
        if (!lb_json_set(results->sections, name, json_deep_copy(stored)))
            return lb_fail_memory(error, "loading a report");
    }
    const json_t *metrics = json_object_get(document, "metrics");
    for (size_t i = 0; i < LB_METRIC_COUNT; i++) {
        lb_metric_id id = (lb_metric_id)i;
        const json_t *object = json_object_get(metrics, lb_metric_get(id)->name);
        int status = metric_load(results, id, object, error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

int lb_results_load(lb_results **out, const json_t *document, lb_error *error) {
    lb_results *results = NULL;
    int status = lb_results_new(&results, error);
    if (status < 0)
        return status;
    status = results_fill(results, document, error);
    if (status < 0) {
        lb_results_free(results);
        return status;
    }
    *out = results;
    return LB_OK;
}
