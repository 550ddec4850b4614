#include "audit/section/listed.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "audit/side/hierarchy_file.h"
#include "results/json_value.h"
#include "risk/classes/attribute_attack.h"
#include "risk/classes/inference.h"

enum { WORST_SHOWN = 10, ATTACKS = 2000 };

static const lb_metric_id metrics[] = {
    LB_METRIC_INFERENCE_L_DISTINCT,
    LB_METRIC_INFERENCE_L_ENTROPY,
    LB_METRIC_INFERENCE_C_RECURSIVE,
    LB_METRIC_INFERENCE_ALPHA,
    LB_METRIC_INFERENCE_T,
    LB_METRIC_INFERENCE_BETA,
    LB_METRIC_INFERENCE_BETA_ENHANCED,
    LB_METRIC_INFERENCE_DELTA,
};
enum { METRICS = sizeof metrics / sizeof *metrics };

/* The hierarchies of --hierarchy, by sensitive field. */
typedef struct hierarchies {
    lb_arena *arena;
    const lb_value_hierarchy **of; /* [sensitive_count]; NULL: the field has none */
    const char **file;             /* [sensitive_count] */
} hierarchies;

static int read_hierarchy(lb_audit_run_state *audit, const lb_hierarchy_choice *choice,
                          hierarchies *out, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    size_t field = 0;
    while (field < table->sensitive_count &&
           !lb_str_equal(table->sensitive[field].name, lb_str_of(choice->field)))
        field++;
    if (field == table->sensitive_count)
        return lb_fail(error, LB_E_USAGE, "--hierarchy", "name the field with --sensitive too",
                       "\"%s\" is no sensitive field", choice->field);
    lb_value_hierarchy *hierarchy = lb_arena_alloc(out->arena, 1, sizeof *hierarchy);
    if (!hierarchy)
        return lb_fail_memory(error, "reading a hierarchy");
    out->of[field] = hierarchy;
    out->file[field] = choice->file;
    lb_listed values = {0};
    int status = lb_hierarchy_file_read(hierarchy, choice->file, &table->sensitive[field],
                                        audit->settings->reveal, &values, out->arena, error);
    if (status == LB_OK)
        status = lb_section_warn_of_folding(audit, "values of --hierarchy", &values, error);
    lb_listed_free(&values);
    return status;
}

static int read_hierarchies(lb_audit_run_state *audit, hierarchies *out, lb_error *error) {
    size_t fields = lb_index_table(audit->index)->sensitive_count;
    const lb_settings *settings = audit->settings;
    *out = (hierarchies){.arena = lb_arena_new()};
    if (out->arena) {
        out->of = lb_arena_alloc(out->arena, fields, sizeof *out->of);
        out->file = lb_arena_alloc(out->arena, fields, sizeof *out->file);
    }
    if (!out->of || !out->file)
        return lb_fail_memory(error, "reading the hierarchies");
    for (size_t i = 0; i < fields; i++)
        out->of[i] = NULL;
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < settings->hierarchy_count; i++)
        status = read_hierarchy(audit, &settings->hierarchies[i], out, error);
    return status;
}

static json_t *hierarchy_object(const hierarchies *given, size_t field) {
    const lb_value_hierarchy *hierarchy = given->of[field];
    return hierarchy ? json_pack("{s:o, s:I}", "file", lb_json_text(lb_str_of(given->file[field])),
                                 "levels", (json_int_t)hierarchy->levels + 1)
                     : json_null();
}

static int set_metrics(lb_audit_run_state *audit, const lb_field_inference *worst,
                       lb_error *error) {
    const double values[METRICS] = {worst->l_distinct,    worst->l_entropy, worst->c_recursive,
                                    worst->alpha,         worst->t,         worst->beta,
                                    worst->beta_enhanced, worst->delta};
    return lb_section_set(audit, metrics, values, METRICS, error);
}

static const char *distance_name(lb_distance distance) {
    return distance == LB_DISTANCE_ORDERED        ? "ordered"
           : distance == LB_DISTANCE_HIERARCHICAL ? "hierarchical"
                                                  : "equal";
}

/* The quasi-identifier values of a class, masked where fewer than k units have the value. */
static int class_values(lb_audit_run_state *audit, uint32_t row, json_t **out, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    json_t *object = json_object();
    int status = object ? LB_OK : lb_fail_memory(error, "describing a class");
    for (size_t i = 0; status == LB_OK && i < table->quasi_identifier_count; i++) {
        const lb_column *column = &table->quasi_identifiers[i];
        lb_buffer text = {0};
        status = lb_section_value(audit, column, column->codes[row], &text, error);
        if (status == LB_OK && json_object_setn_new(object, column->name.data, column->name.size,
                                                    lb_json_text(lb_buffer_str(&text))) != 0)
            status = lb_fail_memory(error, "describing a class");
        lb_buffer_free(&text);
    }
    if (status < 0)
        json_decref(object);
    else
        *out = object;
    return status;
}

static int put_worst(lb_audit_run_state *audit, const lb_field_inference *field, json_t *list,
                     lb_error *error) {
    for (size_t i = 0; i < field->worst_count; i++) {
        const lb_class_inference *class = &field->worst[i];
        json_t *values = NULL, *entry = json_object();
        int status = class_values(audit, class->row, &values, error);
        bool ok = status == LB_OK && lb_json_set(entry, "class", json_incref(values)) &&
                  lb_json_set(entry, "units", lb_json_count(class->units)) &&
                  lb_json_set(entry, "distinct", lb_json_count(class->distinct)) &&
                  lb_json_set(entry, "alpha", lb_json_number(class->alpha)) &&
                  lb_json_set(entry, "t", lb_json_number(class->t)) &&
                  json_array_append(list, entry) == 0;
        json_decref(values);
        json_decref(entry);
        if (status < 0 || !ok)
            return status < 0 ? status : lb_fail_memory(error, "describing inference");
    }
    return LB_OK;
}

static json_t *attack_object(const lb_attribute_attack_field *attack) {
    json_t *object = json_object();
    bool known = !attack->why;
    bool ok = lb_json_set(object, "risk", known ? lb_json_number(attack->risk) : json_null());
    if (!known)
        ok = ok && lb_json_set(object, "why", json_string(attack->why));
    else
        ok = ok && lb_json_set(object, "low", lb_json_number(attack->risk_interval.low)) &&
             lb_json_set(object, "high", lb_json_number(attack->risk_interval.high)) &&
             lb_json_set(object, "success", lb_json_number(attack->success)) &&
             lb_json_set(object, "success_low", lb_json_number(attack->success_interval.low)) &&
             lb_json_set(object, "success_high", lb_json_number(attack->success_interval.high)) &&
             lb_json_set(object, "control", lb_json_number(attack->control)) &&
             lb_json_set(object, "control_low", lb_json_number(attack->control_interval.low)) &&
             lb_json_set(object, "control_high", lb_json_number(attack->control_interval.high)) &&
             lb_json_set(object, "targets", lb_json_count(attack->targets)) &&
             lb_json_set(object, "controls", lb_json_count(attack->controls));
    return lb_json_whole(object, ok);
}

static int put_field(lb_audit_run_state *audit, const lb_field_inference *field,
                     const lb_attribute_attack_field *attack, const hierarchies *given,
                     json_t *list, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    json_t *entry = json_object(), *worst = json_array();
    int status = entry && worst ? put_worst(audit, field, worst, error)
                                : lb_fail_memory(error, "describing inference");
    bool ok = lb_json_set(entry, "field", lb_json_text(table->sensitive[field->column].name)) &&
              lb_json_set(entry, "values", lb_json_count(field->values)) &&
              lb_json_set(entry, "distance", json_string(distance_name(field->distance))) &&
              lb_json_set(entry, "hierarchy", hierarchy_object(given, field->column)) &&
              lb_json_set(entry, "l_distinct", lb_json_count(field->l_distinct)) &&
              lb_json_set(entry, "l_entropy", lb_json_number(field->l_entropy)) &&
              lb_json_set(entry, "c_recursive", lb_json_number(field->c_recursive)) &&
              lb_json_set(entry, "c_recursive_2", lb_json_number(field->recursive[2])) &&
              lb_json_set(entry, "alpha", lb_json_number(field->alpha)) &&
              lb_json_set(entry, "t", lb_json_number(field->t)) &&
              lb_json_set(entry, "beta", lb_json_number(field->beta)) &&
              lb_json_set(entry, "beta_enhanced", lb_json_number(field->beta_enhanced)) &&
              lb_json_set(entry, "delta", lb_json_number(field->delta)) &&
              lb_json_set(entry, "attack", attack_object(attack)) &&
              lb_json_set(entry, "worst_classes", json_incref(worst)) &&
              json_array_append(list, entry) == 0;
    json_decref(entry);
    json_decref(worst);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, "describing inference");
}

static int put(lb_audit_run_state *audit, const lb_inference *inference,
               const lb_attribute_attack *attack, const hierarchies *given, lb_error *error) {
    json_t *list = json_array();
    int status = list ? set_metrics(audit, &inference->overall, error)
                      : lb_fail_memory(error, "describing inference");
    for (size_t i = 0; status == LB_OK && i < inference->field_count; i++)
        status = put_field(audit, &inference->fields[i], &attack->fields[i], given, list, error);
    if (status < 0) {
        json_decref(list);
        return status;
    }
    return lb_results_put(audit->results, "inference.fields", list, error);
}

static int measure(lb_audit_run_state *audit, const hierarchies *given, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    lb_inference_options options = {.hierarchies = given->of, .worst = WORST_SHOWN};
    lb_inference inference;
    int status = lb_inference_measure(&inference, table, &options, error);
    if (status < 0)
        return status;
    uint64_t *keys = NULL;
    status = lb_section_unit_keys(audit, &keys, error);
    lb_attribute_attack_options attack_options = {.attacks = ATTACKS,
                                                  .tolerance = 0.05,
                                                  .seed = audit->settings->seed,
                                                  .threads = audit->settings->threads,
                                                  .keys = keys};
    lb_attribute_attack attack = {0};
    if (status == LB_OK)
        status = lb_attribute_attack_run(&attack, table, &attack_options, error);
    if (status == LB_OK)
        status = put(audit, &inference, &attack, given, error);
    lb_attribute_attack_free(&attack);
    lb_free(keys);
    lb_inference_free(&inference);
    return status;
}

int lb_section_inference(lb_audit_run_state *audit, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    if (table->sensitive_count == 0)
        return lb_section_absent(audit, metrics, METRICS, LB_ABSENT_NOT_GIVEN,
                                 audit->settings->corpus.sensitive_set
                                     ? "there is no sensitive field, as was declared "
                                       "(--sensitive none)"
                                     : "no sensitive field is named: use --sensitive",
                                 error);
    const char *why = lb_section_no_table(audit, LB_MEASURE_INFERENCE);
    if (why)
        return lb_section_unknown(audit, metrics, METRICS, why, error);
    hierarchies given;
    int status = read_hierarchies(audit, &given, error);
    if (status == LB_OK)
        status = measure(audit, &given, error);
    lb_arena_free(given.arena);
    return status;
}
