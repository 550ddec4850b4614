#include "audit/section/linkage/section_link.h"
#include "audit/section/linkage/link_json.h"
#include "audit/section/numbers.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

enum { EXPOSED_SHOWN = 100 };

static const char no_memory[] = "describing the linkage attack";

static const lb_metric_id metrics[LB_LINK_METRICS] = {
    LB_METRIC_LINK_ELIGIBLE_USERS,
    LB_METRIC_LINK_CANDIDATES,
    LB_METRIC_LINK_CHANCE,
    LB_METRIC_LINK_TOP1,
    LB_METRIC_LINK_TOP5,
    LB_METRIC_LINK_TOP10,
    LB_METRIC_LINK_MRR,
    LB_METRIC_LINK_AUC,
    LB_METRIC_LINK_RECALL_P50,
    LB_METRIC_LINK_RECALL_P90,
    LB_METRIC_LINK_RECALL_P99,
    LB_METRIC_LINK_ADVANTAGE,
};

static int add_exposed(lb_audit_run_state *audit, const lb_link_person *person, json_t *list,
                       lb_error *error) {
    lb_buffer key = {0};
    int status = lb_section_key(audit, person->unit, &key, error);
    json_t *entry = json_object();
    bool ok = lb_json_set(entry, "user", lb_json_text(lb_buffer_str(&key))) &&
              lb_json_set(entry, "probability", lb_json_number(person->probability)) &&
              lb_json_set(entry, "margin", lb_json_number(person->probability - person->second)) &&
              lb_json_set(entry, "words", lb_json_number(person->words)) &&
              lb_json_set(entry, "signals", lb_link_reasons_json(person)) &&
              json_array_append(list, entry) == 0;
    json_decref(entry);
    lb_buffer_free(&key);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, no_memory);
}

/* Those whom the attack links rightly, the surest first. */
static int put_exposed(lb_audit_run_state *audit, const lb_link_result *link, lb_error *error) {
    size_t count = 0;
    const uint32_t *numbers;
    lb_link_listed *surest = NULL;
    json_t *list = json_array();
    int status =
        list ? lb_section_numbers(audit, &numbers, error) : lb_fail_memory(error, no_memory);
    if (status == LB_OK)
        status = lb_link_list_surest(link, true, numbers, &surest, &count, error);
    for (size_t i = 0; status == LB_OK && i < count && i < EXPOSED_SHOWN; i++)
        status = add_exposed(audit, surest[i].person, list, error);
    lb_free(surest);
    if (status == LB_OK)
        return lb_results_put(audit->results, "linkability.self.exposed", list, error);
    json_decref(list);
    return status;
}

static int put(lb_audit_run_state *audit, const lb_link_result *link, lb_error *error) {
    json_t *section = lb_results_section(audit->results, "linkability.self");
    bool ok = lb_link_put_split(section, link, audit->settings->min_messages) &&
              (link->figures.queries == 0 || lb_link_put_figures(section, link));
    if (!ok)
        return lb_fail_memory(error, no_memory);
    return link->figures.queries > 0 ? put_exposed(audit, link, error) : LB_OK;
}

lb_link_options lb_section_link_options(const lb_audit_run_state *audit) {
    return (lb_link_options){.split = audit->settings->split,
                             .min_messages = audit->settings->min_messages,
                             .seed = audit->settings->seed,
                             .threads = audit->settings->threads,
                             .progress = &audit->settings->progress};
}

const char *lb_section_no_self_linkage(const lb_audit_run_state *audit) {
    return !lb_corpus_has_text(audit->corpus) ? "the corpus has no text"
           : lb_index_unit(audit->index) != LB_UNIT_USER || !lb_index_texts(audit->index)
               ? "there are no users whose conversations could be linked"
               : NULL;
}

int lb_section_link(lb_audit_run_state *audit, lb_error *error) {
    const char *why = audit->settings->measures & LB_MEASURE_LINK
                          ? lb_section_no_self_linkage(audit)
                          : "left out by --measures";
    if (why)
        return lb_section_unknown(audit, metrics, LB_LINK_METRICS, why, error);
    lb_link_options options = lb_section_link_options(audit);
    lb_link_result link;
    options.ablation = audit->settings->what_if_named;
    int status = lb_link_self(lb_index_texts(audit->index), &options, &link, error);
    if (status < 0)
        return status;
    status = put(audit, &link, error);
    if (status == LB_OK && link.figures.queries == 0)
        status = lb_section_unknown(
            audit, metrics, LB_LINK_METRICS,
            "nobody has enough messages in two separate conversations to be attacked", error);
    else if (status == LB_OK)
        status = lb_link_set_metrics(audit, metrics, &link.figures, error);
    lb_link_free(&link);
    return status;
}
