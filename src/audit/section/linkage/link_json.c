#include "audit/section/linkage/link_json.h"

#include "audit/section/section.h"
#include "results/json_value.h"

enum { COUNTS = 3 /* metrics without an interval */ };

static const double levels[LB_LINK_LEVELS] = {0.5, 0.9, 0.99};

int lb_link_set_metrics(lb_audit_run_state *audit, const lb_metric_id *metrics,
                        const lb_evaluation *e, lb_error *error) {
    const double counts[COUNTS] = {(double)e->queries, (double)e->gallery, e->chance};
    const lb_estimate figures[LB_LINK_METRICS - COUNTS] = {
        e->top1,       e->top5,       e->top10,      e->mrr,      e->auc,
        e->recall_p50, e->recall_p90, e->recall_p99, e->advantage};
    int status = lb_section_set(audit, metrics, counts, COUNTS, error);
    for (size_t i = COUNTS; status == LB_OK && i < LB_LINK_METRICS; i++) {
        const lb_estimate *f = &figures[i - COUNTS];
        status =
            lb_results_set_interval(audit->results, metrics[i], f->value, f->low, f->high, error);
    }
    return status;
}

/* Appends a copy of the reference; false also where the object is not whole. Drops it. */
static bool append(json_t *list, json_t *entry, bool whole) {
    bool ok = whole && json_array_append(list, entry) == 0;
    json_decref(entry);
    return ok;
}

static json_t *numbers_json(const double *values, size_t count) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; list && i < count; i++)
        ok = ok && json_array_append_new(list, lb_json_number(values[i])) == 0;
    return lb_json_whole(list, ok);
}

json_t *lb_link_figure_json(const lb_estimate *figure) {
    const double values[] = {figure->value, figure->low, figure->high};
    return numbers_json(values, 3);
}

static bool put_curve(json_t *section, const lb_evaluation *e) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < e->point_count; i++) {
        const double point[] = {e->points[i].threshold, e->points[i].precision,
                                e->points[i].recall};
        ok = json_array_append_new(list, numbers_json(point, 3)) == 0;
    }
    ok = ok && json_object_set(section, "precision_recall", list) == 0;
    json_decref(list);
    return ok;
}

static bool put_reliability(json_t *section, const lb_link_result *link) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < LB_LINK_TENTHS; i++) {
        const lb_reliability *tenth = &link->reliability[i];
        if (tenth->pairs == 0)
            continue;
        json_t *entry = json_object();
        ok = append(list, entry,
                    lb_json_set(entry, "pairs", lb_json_count(tenth->pairs)) &&
                        lb_json_set(entry, "right", lb_json_count(tenth->right)) &&
                        lb_json_set(entry, "said", lb_json_number(tenth->said)) &&
                        lb_json_set(entry, "low", lb_json_number(tenth->low)) &&
                        lb_json_set(entry, "high", lb_json_number(tenth->high)));
    }
    ok = ok && json_object_set(section, "reliability", list) == 0;
    json_decref(list);
    return ok;
}

static bool put_signals(json_t *section, const lb_link_result *link) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < link->signal_count; i++) {
        const lb_link_signal *signal = &link->signals[i];
        json_t *entry = json_object();
        ok = append(list, entry,
                    lb_json_set(entry, "signal", json_string(lb_signal_name(signal->signal))) &&
                        lb_json_set(entry, "top1", lb_json_number(signal->top1)) &&
                        lb_json_set(entry, "mrr", lb_json_number(signal->mrr)) &&
                        lb_json_set(entry, "top1_without", lb_json_number(signal->top1_without)) &&
                        lb_json_set(entry, "mrr_without", lb_json_number(signal->mrr_without)) &&
                        lb_json_set(entry, "recall_p90_without",
                                    lb_json_number(signal->recall_p90_without)) &&
                        lb_json_set(entry, "reasons", lb_json_count(signal->reasons)));
    }
    ok = ok && json_object_set(section, "signals", list) == 0;
    json_decref(list);
    return ok;
}

static bool put_sizes(json_t *section, const lb_link_result *link) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < LB_LINK_SIZES; i++) {
        const lb_link_size *size = &link->sizes[i];
        if (size->queries == 0)
            continue;
        json_t *entry = json_object();
        ok = append(list, entry,
                    lb_json_set(entry, "least_words", lb_json_number(size->least)) &&
                        lb_json_set(entry, "most_words", lb_json_number(size->most)) &&
                        lb_json_set(entry, "queries", lb_json_count(size->queries)) &&
                        lb_json_set(entry, "top1", lb_json_number(size->top1.value)) &&
                        lb_json_set(entry, "low", lb_json_number(size->top1.low)) &&
                        lb_json_set(entry, "high", lb_json_number(size->top1.high)) &&
                        lb_json_set(entry, "mrr", lb_json_number(size->mrr)));
    }
    ok = ok && json_object_set(section, "by_profile_size", list) == 0;
    json_decref(list);
    return ok;
}

static bool put_assignment(json_t *section, const lb_link_assigned *assigned) {
    json_t *entry = json_object();
    bool ok = lb_json_set(entry, "links", lb_json_count(assigned->links)) &&
              lb_json_set(entry, "right", lb_json_count(assigned->right)) &&
              lb_json_set(entry, "precision", lb_link_figure_json(&assigned->precision)) &&
              lb_json_set(entry, "recall", lb_link_figure_json(&assigned->recall)) &&
              lb_json_set(entry, "top1", lb_link_figure_json(&assigned->top1)) &&
              json_object_set(section, "assignment", entry) == 0;
    json_decref(entry);
    return ok;
}

static bool put_candidates(json_t *section, const lb_link_result *link) {
    json_t *entry = json_object();
    bool ok = lb_json_set(entry, "all_pairs", json_boolean(link->all_pairs)) &&
              lb_json_set(entry, "mean", lb_json_number(link->mean_candidates)) &&
              lb_json_set(entry, "recall", lb_json_number(link->candidate_recall)) &&
              lb_json_set(entry, "pruning_loss", lb_json_number(link->pruning_loss)) &&
              json_object_set(section, "candidates", entry) == 0;
    json_decref(entry);
    return ok;
}

bool lb_link_put_figures(json_t *section, const lb_link_result *link) {
    return put_curve(section, &link->figures) && put_reliability(section, link) &&
           put_signals(section, link) && put_sizes(section, link) &&
           put_assignment(section, &link->assigned) && put_candidates(section, link);
}

bool lb_link_put_split(json_t *section, const lb_link_result *link, size_t min_messages) {
    json_t *excluded = json_object();
    bool ok = lb_json_set(excluded, "silent", lb_json_count(link->silent)) &&
              lb_json_set(excluded, "one_conversation", lb_json_count(link->single)) &&
              lb_json_set(excluded, "few_messages", lb_json_count(link->few)) &&
              lb_json_set(excluded, "one_side", lb_json_count(link->one_side)) &&
              lb_json_set(section, "split",
                          json_string(link->split == LB_SPLIT_TIME ? "time" : "conversation")) &&
              lb_json_set(section, "shared_conversations", json_boolean(link->shared)) &&
              lb_json_set(section, "eligible", lb_json_count(link->eligible)) &&
              lb_json_set(section, "distractors", lb_json_count(link->distractors)) &&
              json_object_set(section, "excluded", excluded) == 0 &&
              lb_json_set(section, "min_messages", lb_json_count(min_messages));
    json_decref(excluded);
    return ok;
}

static int surest_first(const void *left, const void *right) {
    const lb_link_listed *a = left, *b = right;
    if (a->person->probability != b->person->probability)
        return a->person->probability > b->person->probability ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

int lb_link_list_surest(const lb_link_result *link, bool right, const uint32_t *numbers,
                        lb_link_listed **list, size_t *count, lb_error *error) {
    *count = 0;
    *list = lb_alloc(link->queries + 1, sizeof **list);
    if (!*list)
        return lb_fail_memory(error, "listing links");
    for (size_t q = 0; q < link->queries; q++) {
        const lb_link_person *person = &link->people[q];
        if (person->guess != LB_LINK_NO_ONE && (person->right || !right))
            (*list)[(*count)++] = (lb_link_listed){person, numbers[person->unit]};
    }
    if (*count > 1)
        qsort(*list, *count, sizeof **list, surest_first);
    return LB_OK;
}

json_t *lb_link_reasons_json(const lb_link_person *person) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; list && i < person->reason_count; i++)
        ok =
            ok && json_array_append_new(list, json_string(lb_signal_name(person->reasons[i]))) == 0;
    return lb_json_whole(list, ok);
}

json_t *lb_link_pairs_json(const lb_link_result *link, bool truth) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t l = 0; ok && l < LB_LINK_LEVELS; l++) {
        uint64_t known = 0, right = 0;
        for (size_t q = 0; q < link->queries; q++) {
            const lb_link_person *person = &link->people[q];
            bool counts = person->rank > 0 && person->probability >= levels[l];
            known += counts;
            right += counts && person->right;
        }
        json_t *entry = json_object();
        ok = append(list, entry,
                    lb_json_set(entry, "probability", json_real(levels[l])) &&
                        lb_json_set(entry, "links", lb_json_count(link->links[l])) &&
                        lb_json_set(entry, "judged", truth ? lb_json_count(known) : json_null()) &&
                        lb_json_set(entry, "right", truth ? lb_json_count(right) : json_null()));
    }
    return lb_json_whole(list, ok);
}
