#include "report/kit/findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/kit/plain.h"
#include "results/metric.h"

const char *lb_light_name(lb_light light) {
    static const char *const NAMES[] = {"none", "good", "care", "bad"};
    return NAMES[light];
}

bool lb_check_is_missed(const json_t *check) {
    return lb_lookup_is(check, "verdict", "not_judged") && lb_lookup_flag(check, "must") &&
           !lb_lookup_is(check, "severity", "note");
}

lb_light lb_check_light(const json_t *check) {
    if (lb_lookup_is(check, "verdict", "held"))
        return LB_LIGHT_GOOD;
    if (lb_lookup_is(check, "verdict", "waived"))
        return LB_LIGHT_CARE;
    if (lb_lookup_is(check, "verdict", "not_judged"))
        return lb_check_is_missed(check) ? LB_LIGHT_CARE : LB_LIGHT_NONE;
    if (lb_lookup_is(check, "severity", "error"))
        return LB_LIGHT_BAD;
    return lb_lookup_is(check, "severity", "note") ? LB_LIGHT_NONE : LB_LIGHT_CARE;
}

/* Room for one more is made beforehand: there is at most one finding a check or a share. */
static lb_finding *finding_add(lb_findings *findings, const char *metric, lb_light light) {
    lb_finding *finding = &findings->items[findings->count++];
    *finding = (lb_finding){.light = light,
                            .metric = metric,
                            .anchor = lb_metric_family(metric)->anchor,
                            .mend = lb_metric_family(metric)->mend};
    return finding;
}

static bool has_metric(const lb_findings *findings, const char *metric) {
    for (size_t i = 0; i < findings->count; i++)
        if (strcmp(findings->items[i].metric, metric) == 0)
            return true;
    return false;
}

/* Two policies may say the same of the same figure: once is enough. */
static bool is_repeated(const lb_findings *findings) {
    const lb_finding *last = &findings->items[findings->count - 1];
    for (const lb_finding *one = findings->items; one < last; one++)
        if (one->text.size == last->text.size &&
            memcmp(one->text.data, last->text.data, last->text.size) == 0)
            return true;
    return false;
}

static int rules_add(lb_findings *findings, const json_t *document, lb_light light,
                     lb_error *error) {
    const json_t *checks = lb_lookup(document, "gate.checks");
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (lb_check_light(check) != light || lb_lookup_is(check, "verdict", "not_judged"))
            continue;
        lb_finding *finding = finding_add(findings, lb_lookup_text(check, "metric"), light);
        if (lb_lookup_is(check, "verdict", "waived"))
            finding->mend = "Waived for now; mend it before the waiver ends.";
        status = lb_plain_check(document, check, &finding->text, error);
        if (status == LB_OK && is_repeated(findings))
            lb_buffer_free(&findings->items[--findings->count].text);
    }
    return status;
}

static lb_unjudged *unjudged_of(lb_findings *findings, const char *why, bool must) {
    for (size_t i = 0; i < findings->unjudged_count; i++)
        if (findings->unjudged[i].must == must && strcmp(findings->unjudged[i].why, why) == 0)
            return &findings->unjudged[i];
    lb_unjudged *fresh = &findings->unjudged[findings->unjudged_count++];
    *fresh = (lb_unjudged){.must = must, .why = why};
    return fresh;
}

static int unjudged_order(const void *a, const void *b) {
    const lb_unjudged *x = a, *y = b;
    if (x->must != y->must)
        return x->must ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->why, y->why);
}

static int unjudged_add(lb_findings *findings, const json_t *document, lb_error *error) {
    const json_t *checks = lb_lookup(document, "gate.checks");
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (!lb_lookup_is(check, "verdict", "not_judged"))
            continue;
        lb_unjudged *one =
            unjudged_of(findings, lb_lookup_text(check, "why"), lb_check_is_missed(check));
        status = lb_buffer_printf(&one->metrics, error, "%s%s", one->count++ ? ", " : "",
                                  lb_lookup_text(check, "metric"));
    }
    if (findings->unjudged_count > 0)
        qsort(findings->unjudged, findings->unjudged_count, sizeof *findings->unjudged,
              unjudged_order);
    return status;
}

static int metric_words(const json_t *document, const char *name, lb_buffer *into,
                        lb_error *error) {
    const lb_metric *metric = lb_metric_find(name);
    return lb_document_phrase(document, metric ? metric->title : name, into, error);
}

static const char *const SHARES[] = {"link.top1",
                                     "ext.top1",
                                     "qi.unique_share",
                                     "tokens.unique_share",
                                     "tokens.signature_share",
                                     "tokens.unicity_p1",
                                     "identifiers.users_share"};
enum { SHARE_COUNT = sizeof SHARES / sizeof *SHARES, LARGEST = 5 };

static int share_add(lb_findings *findings, const json_t *document, const char *metric,
                     lb_error *error) {
    lb_finding *finding = finding_add(findings, metric, LB_LIGHT_NONE);
    lb_figure figure = lb_figure_of(document, metric);
    int status = metric_words(document, metric, &finding->text, error);
    if (status == LB_OK)
        status = lb_buffer_printf(&finding->text, error, ": ");
    if (status == LB_OK)
        status = lb_plain_share(document, metric, &figure, &finding->text, error);
    lb_sentence_begin(&finding->text, 0);
    return status;
}

/* Without a policy the shares of people that are largest speak for themselves. */
static int largest_shares(lb_findings *findings, const json_t *document, lb_error *error) {
    int status = LB_OK;
    for (size_t round = 0; status == LB_OK && round < LARGEST; round++) {
        const char *best = NULL;
        double most = 0;
        for (size_t i = 0; i < SHARE_COUNT; i++) {
            lb_figure figure = lb_figure_of(document, SHARES[i]);
            if (!has_metric(findings, SHARES[i]) && figure.known && figure.value > most) {
                most = figure.value;
                best = SHARES[i];
            }
        }
        if (!best)
            break;
        status = share_add(findings, document, best, error);
    }
    return status;
}

int lb_findings_make(lb_findings *findings, const json_t *document, lb_error *error) {
    size_t checks = json_array_size(lb_lookup(document, "gate.checks"));
    *findings = (lb_findings){0};
    findings->items = lb_alloc_zero(checks + SHARE_COUNT, sizeof *findings->items);
    findings->unjudged = lb_alloc_zero(checks + 1, sizeof *findings->unjudged);
    if (!findings->items || !findings->unjudged)
        return lb_fail_memory(error, "saying what was found");
    int status = rules_add(findings, document, LB_LIGHT_BAD, error);
    findings->broken = findings->count;
    if (status == LB_OK)
        status = rules_add(findings, document, LB_LIGHT_CARE, error);
    findings->careful = findings->count - findings->broken;
    if (status == LB_OK)
        status = unjudged_add(findings, document, error);
    if (status == LB_OK && checks == 0)
        status = largest_shares(findings, document, error);
    return status;
}

void lb_findings_free(lb_findings *findings) {
    for (size_t i = 0; i < findings->count; i++)
        lb_buffer_free(&findings->items[i].text);
    for (size_t i = 0; i < findings->unjudged_count; i++)
        lb_buffer_free(&findings->unjudged[i].metrics);
    lb_free(findings->items);
    lb_free(findings->unjudged);
    *findings = (lb_findings){0};
}
