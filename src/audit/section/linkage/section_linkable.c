/* linkability.conversations: where nobody knows whose a conversation is, how many can be linked to
 * another of the same person, by what was learnt on a corpus with users. */
#include "audit/section/linkage/link_json.h"
#include "audit/section/linkage/section_link.h"
#include "audit/section/section.h"
#include "audit/section/section_corpus.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

static const lb_metric_id metrics[LB_LINK_PAIR_METRICS] = {
    LB_METRIC_LINK_PAIRS_P50, LB_METRIC_LINK_PAIRS_P90, LB_METRIC_LINK_PAIRS_P99};

static int unknown(lb_audit_run_state *audit, const char *why, lb_error *error) {
    return lb_section_unknown(audit, metrics, LB_LINK_PAIR_METRICS, why, error);
}

static int put(lb_audit_run_state *audit, const lb_link_result *link, lb_error *error) {
    double expected = 0;
    for (size_t q = 0; q < link->queries; q++)
        expected += link->people[q].probability;
    json_t *section = lb_results_section(audit->results, "linkability.conversations");
    bool ok =
        lb_json_set(section, "inputs", lb_section_inputs(audit->calibrate.corpus)) &&
        lb_json_set(section, "queries", lb_json_count(link->queries)) &&
        lb_json_set(section, "too_short", lb_json_count(link->too_short)) &&
        lb_json_set(section, "min_messages", lb_json_count(audit->settings->min_messages)) &&
        lb_json_set(section, "learnt_from", lb_json_count(link->eligible)) &&
        lb_json_set(section, "expected", link->trained ? lb_json_number(expected) : json_null()) &&
        lb_json_set(section, "pairs", lb_link_pairs_json(link, false));
    return ok ? LB_OK : lb_fail_memory(error, "describing what conversations can be linked");
}

static int attack(lb_audit_run_state *audit, lb_error *error) {
    lb_link_options options = lb_section_link_options(audit);
    lb_link_result link;
    int status =
        lb_link_conversations(lb_index_texts(audit->index), lb_index_texts(audit->calibrate.index),
                              &options, &link, error);
    if (status < 0)
        return status;
    status = put(audit, &link, error);
    const char *why =
        link.queries == 0 ? "no conversation has enough messages to be looked for: lower "
                            "--min-messages"
        : !link.trained   ? "in the corpus of --calibrate too few people have two conversations of "
                            "enough messages to learn from"
                          : NULL;
    if (status == LB_OK && why)
        status = unknown(audit, why, error);
    for (size_t i = 0; status == LB_OK && !why && i < LB_LINK_PAIR_METRICS; i++)
        status = lb_results_set(audit->results, metrics[i], (double)link.links[i], error);
    lb_link_free(&link);
    return status;
}

int lb_section_linkable(lb_audit_run_state *audit, lb_error *error) {
    const char *why =
        !(audit->settings->measures & LB_MEASURE_LINK) ? "left out by --measures"
        : !lb_corpus_has_text(audit->corpus) || !lb_index_texts(audit->index)
            ? "the corpus has no text"
        : lb_index_unit(audit->index) == LB_UNIT_USER         ? "there are users: see link.top1"
        : lb_index_unit(audit->index) != LB_UNIT_CONVERSATION ? "there are no conversations"
        : !audit->settings->calibrate
            ? "nobody knows whose conversations these are, so that there is nothing to learn from: "
              "name a corpus of the same kind that has users with --calibrate"
            : NULL;
    if (why)
        return unknown(audit, why, error);
    int status = lb_other_corpus_read(&audit->calibrate, audit->settings, error);
    if (status < 0)
        return status;
    return lb_index_unit(audit->calibrate.index) == LB_UNIT_USER
               ? attack(audit, error)
               : unknown(audit, "the corpus of --calibrate has no users either", error);
}
