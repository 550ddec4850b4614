#include "audit/json_value.h"
#include "audit/section.h"
#include "link/link.h"

static const char NO_MEMORY[] = "describing the linkage attack";

static const lb_metric_id metrics[] = {
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
enum { METRICS = sizeof metrics / sizeof *metrics, COUNTS = 3 /* of them without an interval */ };

static int set_metrics(lb_audit_run_state *audit, const lb_evaluation *e, lb_error *error) {
    const double counts[COUNTS] = {(double)e->queries, (double)e->gallery, e->chance};
    const lb_figure figures[METRICS - COUNTS] = {e->top1,       e->top5,       e->top10,
                                                 e->mrr,        e->auc,        e->recall_p50,
                                                 e->recall_p90, e->recall_p99, e->advantage};
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < COUNTS; i++)
        status = lb_results_set(audit->results, metrics[i], counts[i], error);
    for (size_t i = COUNTS; status == LB_OK && i < METRICS; i++) {
        const lb_figure *f = &figures[i - COUNTS];
        status =
            lb_results_set_interval(audit->results, metrics[i], f->value, f->low, f->high, error);
    }
    return status;
}

static json_t *figure_json(const lb_figure *figure) {
    return json_pack("[o,o,o]", lb_json_number(figure->value), lb_json_number(figure->low),
                     lb_json_number(figure->high));
}

/* Appends and steals; false on failure, also where `entry` could not be made. */
static bool append(json_t *list, json_t *entry) {
    return json_array_append_new(list, entry) == 0;
}

static bool put_curve(json_t *section, const lb_evaluation *e) {
    json_t *list = json_array();
    bool ok = lb_json_set(section, "precision_recall", list);
    for (size_t i = 0; ok && i < e->point_count; i++)
        ok = append(list, json_pack("[o,o,o]", lb_json_number(e->points[i].threshold),
                                    lb_json_number(e->points[i].precision),
                                    lb_json_number(e->points[i].recall)));
    return ok;
}

static bool put_reliability(json_t *section, const lb_link_result *link) {
    json_t *list = json_array();
    bool ok = lb_json_set(section, "reliability", list);
    for (size_t i = 0; ok && i < LB_LINK_TENTHS; i++) {
        const lb_reliability *tenth = &link->reliability[i];
        if (tenth->pairs > 0)
            ok = append(list,
                        json_pack("{s:I, s:I, s:o, s:o, s:o}", "pairs", (json_int_t)tenth->pairs,
                                  "right", (json_int_t)tenth->right, "said",
                                  lb_json_number(tenth->said), "low", lb_json_number(tenth->low),
                                  "high", lb_json_number(tenth->high)));
    }
    return ok;
}

static bool put_signals(json_t *section, const lb_link_result *link) {
    json_t *list = json_array();
    bool ok = lb_json_set(section, "signals", list);
    for (size_t i = 0; ok && i < link->signal_count; i++) {
        const lb_link_signal *signal = &link->signals[i];
        ok =
            append(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:I}", "signal",
                                   lb_signal_name(signal->signal), "top1",
                                   lb_json_number(signal->top1), "mrr", lb_json_number(signal->mrr),
                                   "top1_without", lb_json_number(signal->top1_without),
                                   "mrr_without", lb_json_number(signal->mrr_without),
                                   "recall_p90_without", lb_json_number(signal->recall_p90_without),
                                   "reasons", (json_int_t)signal->reasons));
    }
    return ok;
}

static bool put_sizes(json_t *section, const lb_link_result *link) {
    json_t *list = json_array();
    bool ok = lb_json_set(section, "by_profile_size", list);
    for (size_t i = 0; ok && i < LB_LINK_SIZES; i++) {
        const lb_link_size *size = &link->sizes[i];
        if (size->queries > 0)
            ok = append(
                list, json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "least_words",
                                lb_json_number(size->least), "most_words",
                                lb_json_number(size->most), "queries", (json_int_t)size->queries,
                                "top1", lb_json_number(size->top1.value), "low",
                                lb_json_number(size->top1.low), "high",
                                lb_json_number(size->top1.high), "mrr", lb_json_number(size->mrr)));
    }
    return ok;
}

static int put(lb_audit_run_state *audit, const lb_link_result *link, lb_error *error) {
    json_t *section = lb_results_section(audit->results, "linkability.self");
    const lb_evaluation *e = &link->figures;
    bool ok =
        lb_json_set(section, "split",
                    json_string(link->split == LB_SPLIT_TIME ? "time" : "conversation")) &&
        lb_json_set(section, "shared_conversations", json_boolean(link->shared)) &&
        lb_json_set(section, "eligible", lb_json_count(link->eligible)) &&
        lb_json_set(section, "distractors", lb_json_count(link->distractors)) &&
        lb_json_set(section, "excluded",
                    json_pack("{s:I, s:I, s:I, s:I}", "silent", (json_int_t)link->silent,
                              "one_conversation", (json_int_t)link->single, "few_messages",
                              (json_int_t)link->few, "one_side", (json_int_t)link->one_side)) &&
        lb_json_set(section, "min_messages", lb_json_count(audit->settings->min_messages));
    if (ok && e->queries > 0)
        ok = put_curve(section, e) && put_reliability(section, link) &&
             put_signals(section, link) && put_sizes(section, link) &&
             lb_json_set(section, "assignment",
                         json_pack("{s:I, s:I, s:o, s:o, s:o}", "links",
                                   (json_int_t)link->assigned.links, "right",
                                   (json_int_t)link->assigned.right, "precision",
                                   figure_json(&link->assigned.precision), "recall",
                                   figure_json(&link->assigned.recall), "top1",
                                   figure_json(&link->assigned.top1))) &&
             lb_json_set(section, "candidates",
                         json_pack("{s:b, s:o, s:o, s:o}", "all_pairs", link->all_pairs, "mean",
                                   lb_json_number(link->mean_candidates), "recall",
                                   lb_json_number(link->candidate_recall), "pruning_loss",
                                   lb_json_number(link->pruning_loss)));
    return ok ? LB_OK : lb_fail_memory(error, NO_MEMORY);
}

int lb_section_link(lb_audit_run_state *audit, lb_error *error) {
    const lb_texts *texts = lb_index_texts(audit->index);
    const char *why = !(audit->settings->measures & LB_MEASURE_LINK) ? "left out by --measures"
                      : !lb_corpus_has_text(audit->corpus)           ? "the corpus has no text"
                      : lb_index_unit(audit->index) != LB_UNIT_USER || !texts
                          ? "there are no users whose conversations could be linked"
                          : NULL;
    if (why)
        return lb_section_unknown(audit, metrics, METRICS, why, error);
    lb_link_options options = {.split = audit->settings->split,
                               .min_messages = audit->settings->min_messages,
                               .seed = audit->settings->seed,
                               .threads = audit->settings->threads,
                               .progress = &audit->settings->progress};
    lb_link_result link;
    int status = lb_link_self(texts, &options, &link, error);
    if (status < 0)
        return status;
    status = put(audit, &link, error);
    if (status == LB_OK && link.figures.queries == 0)
        status = lb_section_unknown(
            audit, metrics, METRICS,
            "nobody has enough messages in two separate conversations to be attacked", error);
    else if (status == LB_OK)
        status = set_metrics(audit, &link.figures, error);
    lb_link_free(&link);
    return status;
}
