#include "audit/run_options.h"

#include <stdio.h>

#include "audit/policy/settings_json.h"
#include "audit/section/section.h"
#include "results/json_value.h"

static json_t *text(const char *value) {
    return lb_json_text(lb_str_of(value));
}

/* What the corpus has of such fields; that there are none is an option too where it was said. */
static json_t *fields(const lb_audit_run_state *audit, lb_attribute_use use, bool said) {
    size_t count;
    const lb_attribute *attributes = lb_corpus_attributes(audit->corpus, &count);
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < count; i++)
        if (attributes[i].use == use)
            ok = json_array_append_new(list, text(attributes[i].name)) == 0;
    if (ok && said && json_array_size(list) == 0)
        ok = json_array_append_new(list, json_string("none")) == 0;
    return lb_json_whole(list, ok);
}

/* What-if is part of all, but its attack has to be named: "all" and what is left out of it. */
static json_t *measures(const lb_settings *settings) {
    bool from_all = settings->measures & LB_MEASURE_WHAT_IF && !settings->what_if_named;
    json_t *list = json_array();
    bool ok = list && (!from_all || json_array_append_new(list, json_string("all")) == 0);
    unsigned bit;
    const char *name;
    for (size_t i = 0; ok && (name = lb_measure_name(i, &bit)); i++) {
        bool is_on = settings->measures & bit;
        if (is_on != from_all)
            ok = json_array_append_new(list, from_all ? json_sprintf("-%s", name)
                                                      : json_string(name)) == 0;
    }
    return lb_json_whole(list, ok);
}

static json_t *hierarchy(const void *context, size_t index) {
    const lb_hierarchy_choice *choice = &((const lb_hierarchy_choice *)context)[index];
    return json_sprintf("%s=%s", choice->field, choice->file);
}

/* What only the measuring of one corpus has. */
static bool put_measuring(json_t *object, const lb_audit_run_state *audit) {
    const lb_settings *settings = audit->settings;
    return lb_json_set(object, "measures", measures(settings)) &&
           lb_json_set(object, "calibrate", text(settings->calibrate)) &&
           lb_json_set(object, "opted_out", text(settings->opted_out)) &&
           lb_json_set(object, "try_keys", text(settings->try_keys)) &&
           lb_json_set(object, "population_table", text(settings->population_table)) &&
           lb_json_set(object, "hierarchy",
                       lb_json_list(settings->hierarchy_count, hierarchy, settings->hierarchies));
}

/* The other corpus is an input of `link`, which does not measure. */
static bool put_link(json_t *object, const lb_settings *settings) {
    static const char *const measuring[] = {"k",      "ngrams",    "missing", "sampling_fraction",
                                            "weight", "population"};
    for (size_t i = 0; i < sizeof measuring / sizeof *measuring; i++)
        json_object_del(object, measuring[i]);
    json_object_del(object, "aux");
    return json_array_append_new(json_object_get(object, "inputs"), text(settings->aux.path)) == 0;
}

/* A number, or a share as it was written; null stands for the default, which is both. */
static json_t *max_errors(const lb_settings *settings) {
    lb_tolerance tolerance = settings->corpus.tolerance;
    bool number = settings->max_errors && tolerance.records != UINT64_MAX;
    return number ? lb_json_count(tolerance.records) : text(settings->max_errors);
}

json_t *lb_run_options(const lb_audit_run_state *audit, const lb_audit_options *options,
                       lb_job job) {
    const lb_settings *settings = audit->settings;
    const lb_corpus_options *corpus = &settings->corpus;
    json_t *object = json_object(), *common = lb_settings_json(settings);
    bool ok =
        object && common &&
        lb_json_set(object, "inputs", lb_json_texts(options->inputs, options->input_count)) &&
        lb_json_set(object, "qi",
                    fields(audit, LB_ATTRIBUTE_QUASI_IDENTIFIER, corpus->quasi_identifiers_set)) &&
        lb_json_set(object, "sensitive",
                    fields(audit, LB_ATTRIBUTE_SENSITIVE, corpus->sensitive_set)) &&
        lb_json_set(object, "unit", text(lb_unit_noun(lb_index_unit(audit->index), false))) &&
        json_object_update(object, common) == 0 &&
        lb_json_set(object, "accepted_consent",
                    lb_json_texts(settings->accepted_consent, settings->accepted_consent_count)) &&
        lb_json_set(object, "max_errors", max_errors(settings)) &&
        lb_json_set(object, "aux", text(settings->aux.path)) &&
        lb_json_set(object, "aux_format", text(settings->aux.format)) &&
        lb_json_set(object, "aux_map",
                    lb_json_texts(settings->aux.maps, settings->aux.map_count)) &&
        lb_json_set(object, "truth", text(settings->truth)) &&
        (job == LB_JOB_LINK ? put_link(object, settings) : put_measuring(object, audit)) &&
        lb_json_set(object, "policy",
                    lb_json_texts(settings->policy_names, settings->policy_count)) &&
        lb_json_set(object, "baseline", text(settings->baseline)) &&
        lb_json_set(object, "reveal", json_boolean(settings->reveal)) &&
        lb_json_set(object, "title", text(settings->title)) &&
        lb_json_set(object, "seed", lb_json_count(settings->seed)) &&
        lb_json_set(object, "threads", lb_json_count(settings->threads)) &&
        lb_json_set(object, "memory", lb_json_count(settings->memory)) &&
        lb_json_set(object, "tmpdir", text(settings->tmpdir)) &&
        lb_json_set(object, "no_config", json_true());
    json_decref(common);
    return lb_json_whole(object, ok);
}

json_t *lb_run_configuration(const lb_settings *settings) {
    return settings->config_path ? json_pack("{s:o, s:s}", "path", text(settings->config_path),
                                             "sha256", settings->config_sha256)
                                 : json_null();
}
