#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "risk/release/retention.h"

static const lb_metric_id metrics[] = {LB_METRIC_RETENTION_EXPIRED_MESSAGES,
                                       LB_METRIC_RETENTION_SPAN_DAYS};
enum { METRICS = sizeof metrics / sizeof *metrics };

static const int64_t SECOND = 1000000, DAY_SECONDS = 86400;

/* Limits count whole days back from the beginning of the audit's day, so that two audits of one day
 * say the same. */
static int64_t oldest_allowed(const lb_audit_run_state *audit) {
    int64_t days = (int64_t)audit->settings->retention_days;
    return days == 0 ? INT64_MIN : (audit->started / DAY_SECONDS - days) * DAY_SECONDS * SECOND;
}

static int describe(lb_audit_run_state *audit, const lb_retention_result *found, lb_error *error) {
    const lb_corpus_counts *counted = lb_corpus_counted(audit->corpus);
    uint64_t days = audit->settings->retention_days;
    json_t *section = lb_results_section(audit->results, "retention");
    bool timed = found->first <= found->last;
    bool ok = lb_json_set(section, "limit_days", days ? lb_json_count(days) : json_null()) &&
              lb_json_set(section, "oldest_allowed",
                          days ? lb_json_time(oldest_allowed(audit)) : json_null()) &&
              lb_json_set(section, "messages", lb_json_count(found->messages)) &&
              lb_json_set(section, "expired_messages",
                          days ? lb_json_count(found->expired) : json_null()) &&
              lb_json_set(section, "expired_units",
                          days ? lb_json_count(found->expired_units) : json_null()) &&
              lb_json_set(section, "expired_conversations",
                          days ? lb_json_count(found->expired_conversations) : json_null()) &&
              lb_json_set(section, "without_time", lb_json_count(found->without_time)) &&
              lb_json_set(section, "impossible_time", lb_json_count(counted->impossible_time)) &&
              lb_json_set(section, "future_messages", lb_json_count(found->future)) &&
              lb_json_set(section, "first", timed ? lb_json_time(found->first) : json_null()) &&
              lb_json_set(section, "last", timed ? lb_json_time(found->last) : json_null());
    return ok ? LB_OK : lb_fail_memory(error, "describing the retention");
}

static int no_limit(lb_audit_run_state *audit, lb_error *error) {
    return lb_results_set_absent(audit->results, LB_METRIC_RETENTION_EXPIRED_MESSAGES,
                                 LB_ABSENT_NOT_GIVEN, "no policy has a limit: retention_days",
                                 error);
}

/* That no limit was given is said before what keeps one from being judged. */
static int no_retention(lb_audit_run_state *audit, lb_absence absence, const char *why,
                        lb_error *error) {
    int status = lb_section_absent(audit, metrics, METRICS, absence, why, error);
    return status == LB_OK && audit->settings->retention_days == 0 ? no_limit(audit, error)
                                                                   : status;
}

static int set_metrics(lb_audit_run_state *audit, const lb_retention_result *found,
                       lb_error *error) {
    bool timed = found->first <= found->last;
    if (!timed) /* no limit can be shown to be kept without times */
        return no_retention(audit, LB_ABSENT_NOT_MEASURED, "no message has a time", error);
    int status = LB_OK;
    if (audit->settings->retention_days == 0)
        status = no_limit(audit, error);
    else
        status = lb_results_set(audit->results, LB_METRIC_RETENTION_EXPIRED_MESSAGES,
                                (double)found->expired, error);
    if (status == LB_OK)
        status = lb_results_set(
            audit->results, LB_METRIC_RETENTION_SPAN_DAYS,
            (double)(found->last - found->first) / (double)(SECOND * DAY_SECONDS), error);
    return status;
}

int lb_section_retention(lb_audit_run_state *audit, lb_error *error) {
    const lb_texts *texts = lb_index_texts(audit->index);
    lb_absence absence;
    const char *why = lb_section_no_words(audit, LB_MEASURE_CONSENT, &absence);
    if (why)
        return no_retention(audit, absence, why, error);
    lb_retention_result found;
    int64_t now = (audit->started + DAY_SECONDS) / DAY_SECONDS * DAY_SECONDS * SECOND;
    int status = lb_retention_run(texts, oldest_allowed(audit), now, &found, error);
    if (status == LB_OK && found.future > 0)
        status = lb_results_warn(audit->results, error,
                                 "%llu messages have a time after the day of this audit",
                                 (unsigned long long)found.future);
    if (status == LB_OK && audit->settings->retention_days > 0 && found.without_time > 0)
        status =
            lb_results_warn(audit->results, error,
                            "%llu messages have no time: whether they have expired cannot be said",
                            (unsigned long long)found.without_time);
    if (status == LB_OK)
        status = describe(audit, &found, error);
    return status == LB_OK ? set_metrics(audit, &found, error) : status;
}
