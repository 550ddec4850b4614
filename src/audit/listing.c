#include <stdlib.h>

#include "audit/policy/policy.h"
#include "base/buffer.h"
#include "corpus/mapping/format.h"
#include "linkback/linkback.h"
#include "results/json_value.h"
#include "results/number.h"

/* Texts for a person are put together line by line; the first failure is kept. */
typedef struct listing {
    lb_buffer text;
    int status;
    lb_error *error;
} listing;

#define SAY(list, ...)                                                                             \
    do {                                                                                           \
        if ((list)->status == LB_OK)                                                               \
            (list)->status = lb_buffer_printf(&(list)->text, (list)->error, __VA_ARGS__);          \
    } while (0)

static const char *worse_text(lb_worse worse) {
    return worse == LB_WORSE_HIGHER  ? "higher is worse"
           : worse == LB_WORSE_LOWER ? "lower is worse"
                                     : "";
}

static void say_metrics(listing *list) {
    for (int i = 0; i < LB_METRIC_COUNT; i++) {
        const lb_metric *metric = lb_metric_get((lb_metric_id)i);
        const char *worse = worse_text(metric->worse);
        SAY(list, "%s (%s%s%s)\n    %s.\n    %s\n    Source: %s.\n", metric->name, metric->unit,
            *worse ? "; " : "", worse, metric->title, metric->definition, metric->source);
    }
}

static json_t *metric_json(const void *context, size_t index) {
    (void)context;
    static const char *const worse[] = {"higher", "lower", "neither"};
    const lb_metric *metric = lb_metric_get((lb_metric_id)index);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", metric->name, "unit", metric->unit,
                     "worse", worse[metric->worse], "title", metric->title, "definition",
                     metric->definition, "source", metric->source);
}

static const char *or_empty(const char *text) {
    return text ? text : "";
}

static void say_rule(listing *list, const lb_rule *rule) {
    const lb_metric *metric = lb_metric_get(rule->metric);
    char threshold[LB_NUMBER_MAX];
    lb_number_format(rule->threshold, threshold);
    SAY(list, "  %-7s %s %s %s", lb_severity_name(rule->grounds.severity), metric->name,
        lb_limit_name(rule->limit), threshold);
    if (rule->bound != LB_BOUND_ESTIMATE)
        SAY(list, " (%s bound)", lb_bound_name(rule->bound));
    if (rule->grounds.source)
        SAY(list, "\n          %s: %s", or_empty(lb_rule_kind_name(rule->grounds.kind)),
            rule->grounds.source);
    if (!rule->must)
        SAY(list, "\n          need not be judged: %s", or_empty(rule->grounds.reason));
    for (size_t i = 0; i < rule->neighbour_count; i++) {
        lb_number_format(rule->neighbours[i], threshold);
        SAY(list, "%s%s", i == 0 ? "\n          shown beside it: " : ", ", threshold);
    }
    SAY(list, "\n");
}

static json_t *neighbour_json(const void *rule, size_t index) {
    return lb_json_number(((const lb_rule *)rule)->neighbours[index]);
}

static json_t *rule_json(const lb_rule *rule) {
    json_t *entry = json_object();
    const char *kind = lb_rule_kind_name(rule->grounds.kind);
    bool ok =
        lb_json_set(entry, "metric", json_string(lb_metric_get(rule->metric)->name)) &&
        lb_json_set(entry, "limit", json_string(lb_limit_name(rule->limit))) &&
        lb_json_set(entry, "threshold", lb_json_number(rule->threshold)) &&
        lb_json_set(entry, "bound", json_string(lb_bound_name(rule->bound))) &&
        lb_json_set(entry, "severity", json_string(lb_severity_name(rule->grounds.severity))) &&
        lb_json_set(entry, "must", json_boolean(rule->must)) &&
        lb_json_set(entry, "reason", lb_json_text(lb_str_of(rule->grounds.reason))) &&
        lb_json_set(entry, "kind", kind ? json_string(kind) : json_null()) &&
        lb_json_set(entry, "source", lb_json_text(lb_str_of(rule->grounds.source))) &&
        lb_json_set(entry, "neighbours", lb_json_list(rule->neighbour_count, neighbour_json, rule));
    return lb_json_whole(entry, ok);
}

static void say_policy(listing *list, const lb_policy *policy) {
    SAY(list, "%s%s%s\n", policy->name, policy->title ? ": " : "", or_empty(policy->title));
    if (policy->purpose)
        SAY(list, "  for %s\n", policy->purpose);
    for (size_t i = 0; i < policy->rule_count; i++)
        say_rule(list, &policy->rules[i]);
}

static json_t *rule_item(const void *rules, size_t index) {
    return rule_json(&((const lb_rule *)rules)[index]);
}

static json_t *policy_json(const lb_policy *policy) {
    json_t *entry = json_object(),
           *rules = lb_json_list(policy->rule_count, rule_item, policy->rules);
    bool ok = rules && entry;
    ok = ok && lb_json_set(entry, "name", lb_json_text(lb_str_of(policy->name))) &&
         lb_json_set(entry, "title", lb_json_text(lb_str_of(policy->title))) &&
         lb_json_set(entry, "purpose", lb_json_text(lb_str_of(policy->purpose))) &&
         lb_json_set(entry, "rules", json_incref(rules));
    json_decref(rules);
    return lb_json_whole(entry, ok);
}

/* Both renderings at once: `into` for a person, or the JSON list. */
static int list_profiles(listing *list, json_t *json) {
    char name[LB_PROFILE_NAME_MAX];
    for (size_t i = 0; list->status == LB_OK && lb_policy_profile(i, name); i++) {
        lb_policy *policy;
        list->status = lb_policy_load(&policy, name, list->error);
        if (list->status < 0)
            break;
        if (!json)
            say_policy(list, policy);
        else if (json_array_append_new(json, policy_json(policy)) != 0)
            list->status = lb_fail_memory(list->error, "listing the profiles");
        lb_policy_free(policy);
    }
    return list->status;
}

static void say_strings(listing *list, const char *label, const lb_strings *strings) {
    for (size_t i = 0; i < strings->count; i++)
        SAY(list, "%s%s", i == 0 ? label : ", ", strings->items[i]);
    if (strings->count > 0)
        SAY(list, "\n");
}

static void say_format(listing *list, const lb_format *format) {
    SAY(list, "%s: %s\n    in ", format->name, or_empty(format->title));
    bool first = true;
    for (int i = 0; i < LB_CONTAINERS; i++)
        if (format->containers[i]) {
            SAY(list, "%s%s", first ? "" : ", ", lb_container_names[i]);
            first = false;
        }
    SAY(list, "\n");
    if (format->generic)
        SAY(list, "    fields are guessed by their names, or told by --map\n");
    for (int key = 0; key < LB_KEYS; key++) {
        const lb_mapping_key *mapped = &format->mapping.keys[key];
        for (size_t i = 0; i < mapped->count; i++)
            SAY(list, "%s%s%s%s", i == 0 ? "    " : " | ", i == 0 ? lb_key_names[key] : "",
                i == 0 ? " = " : "", mapped->paths[i]);
        if (mapped->count > 0)
            SAY(list, "\n");
    }
    if (format->roles && format->mapping.keys[LB_SLOT_ROLE].count > 0)
        SAY(list, "    people's roles: %s\n", format->roles);
    say_strings(list, "    quasi-identifiers: ", &format->quasi_identifiers);
    say_strings(list, "    sensitive: ", &format->sensitive);
}

static json_t *format_json(const lb_format *format) {
    json_t *entry = json_object(), *map = json_object(), *containers = json_array();
    bool ok = entry && map && containers;
    for (int i = 0; ok && i < LB_CONTAINERS; i++)
        if (format->containers[i])
            ok = json_array_append_new(containers, json_string(lb_container_names[i])) == 0;
    for (int key = 0; ok && key < LB_KEYS; key++) {
        const lb_mapping_key *mapped = &format->mapping.keys[key];
        if (mapped->count > 0)
            ok = lb_json_set(map, lb_key_names[key], lb_json_texts(mapped->paths, mapped->count));
    }
    const lb_strings *quasi = &format->quasi_identifiers, *sensitive = &format->sensitive;
    ok = ok && lb_json_set(entry, "name", json_string(format->name)) &&
         lb_json_set(entry, "title", lb_json_text(lb_str_of(format->title))) &&
         lb_json_set(entry, "containers", json_incref(containers)) &&
         lb_json_set(entry, "generic", json_boolean(format->generic)) &&
         lb_json_set(entry, "map", json_incref(map)) &&
         lb_json_set(entry, "roles", lb_json_text(lb_str_of(format->roles))) &&
         lb_json_set(entry, "quasi_identifiers", lb_json_texts(quasi->items, quasi->count)) &&
         lb_json_set(entry, "sensitive", lb_json_texts(sensitive->items, sensitive->count)) &&
         lb_json_set(entry, "notes", lb_json_texts(format->notes.items, format->notes.count));
    json_decref(map);
    json_decref(containers);
    return lb_json_whole(entry, ok);
}

static int list_formats(listing *list, json_t *json) {
    lb_formats *formats;
    list->status = lb_formats_load(&formats, list->error);
    if (list->status < 0)
        return list->status;
    size_t count;
    const lb_format *all = lb_formats_all(formats, &count);
    for (size_t i = 0; i < count && list->status == LB_OK; i++)
        if (!json)
            say_format(list, &all[i]);
        else if (json_array_append_new(json, format_json(&all[i])) != 0)
            list->status = lb_fail_memory(list->error, "listing the formats");
    lb_formats_free(formats);
    return list->status;
}

static int list_metrics(listing *list, json_t **json) {
    if (!*json) {
        say_metrics(list);
        return list->status;
    }
    json_decref(*json);
    *json = lb_json_list(LB_METRIC_COUNT, metric_json, NULL);
    return list->status = *json ? LB_OK : lb_fail_memory(list->error, "listing the metrics");
}

int lb_list(lb_listing what, bool as_json, char **text, lb_error *error) {
    listing list = {.error = error};
    json_t *json = as_json ? json_array() : NULL;
    if (as_json && !json)
        return lb_fail_memory(error, "listing");
    int status = what == LB_LISTING_METRICS   ? list_metrics(&list, &json)
                 : what == LB_LISTING_FORMATS ? list_formats(&list, json)
                                              : list_profiles(&list, json);
    if (status == LB_OK && json) {
        char *dump = json_dumps(json, JSON_INDENT(2));
        status = dump ? lb_buffer_printf(&list.text, error, "%s\n", dump)
                      : lb_fail_memory(error, "listing");
        free(dump);
    }
    json_decref(json);
    if (status < 0)
        lb_buffer_free(&list.text);
    else
        *text = list.text.data; /* lb_buffer_printf leaves a NUL behind the text */
    return status;
}
