#include "audit/baseline.h"

#include <stdio.h>
#include <unistd.h>

#include "audit/policy/settings_json.h"
#include "audit/section/section.h"
#include "audit/section/section_corpus.h"
#include "results/json_value.h"
#include "results/stored.h"

enum { VALUE_MAX = 200 };

static const char make_anew[] = "make a new baseline of this kind with --write-baseline FILE";

static int fail(const char *path, lb_error *error, const char *what) {
    return lb_fail(error, LB_E_USAGE, path, make_anew, "%s", what);
}

/* A value for a person to read: lists with commas, as options take them. */
static void show(const json_t *value, char shown[VALUE_MAX]) {
    size_t used = 0;
    snprintf(shown, VALUE_MAX, "none");
    if (json_is_string(value))
        snprintf(shown, VALUE_MAX, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(shown, VALUE_MAX, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(shown, VALUE_MAX, "%g", json_real_value(value));
    for (size_t i = 0; i < json_array_size(value) && used < VALUE_MAX; i++)
        used += (size_t)snprintf(shown + used, VALUE_MAX - used, "%s%s", i ? "," : "",
                                 json_string_value(json_array_get(value, i)));
}

/* The first difference is told. A key that the baseline does not have differs from none. */
static int compare(const char *path, const char *name, const json_t *before, const json_t *now,
                   lb_error *error) {
    char was[VALUE_MAX], is[VALUE_MAX], what[LB_ERROR_WHAT_MAX];
    bool nothing = (!before || json_is_null(before)) && (!now || json_is_null(now));
    if (nothing || json_equal(before, now))
        return LB_OK;
    show(before, was);
    show(now, is);
    snprintf(what, sizeof what, "cannot be compared with: its %s is %s, that of this run is %s",
             name, was, is);
    return fail(path, error, what);
}

static int compare_options(const char *path, const json_t *baseline, const lb_settings *settings,
                           lb_error *error) {
    const json_t *before = json_object_get(json_object_get(baseline, "run"), "options");
    if (!before)
        return fail(path, error, "does not say with which options it was measured");
    json_t *options = lb_settings_json(settings), *now;
    const char *key;
    int status = options ? LB_OK : lb_fail_memory(error, "comparing with the baseline");
    json_object_foreach(options, key, now) {
        char name[64] = "--";
        for (size_t i = 0; key[i] && i < sizeof name - 3; i++) {
            name[i + 2] = key[i];
            if (key[i] == '_')
                name[i + 2] = '-';
        }
        if (status == LB_OK)
            status = compare(path, name, json_object_get(before, key), now, error);
    }
    json_decref(options);
    return status;
}

/* "1.4.2" is of "1"; as long as the first number is 0, the second says what can be compared. */
static size_t major_length(const char *version) {
    size_t first = strcspn(version, ".");
    bool early = first == 1 && version[0] == '0' && version[1] == '.';
    return early ? 2 + strcspn(version + 2, ".") : first;
}

static int compare_version(const char *path, const json_t *baseline, lb_error *error) {
    const json_t *stored = json_object_get(json_object_get(baseline, "tool"), "version");
    const char *version = json_is_string(stored) ? json_string_value(stored) : "";
    size_t length = major_length(LINKBACK_VERSION);
    if (major_length(version) == length && strncmp(version, LINKBACK_VERSION, length) == 0)
        return LB_OK;
    char what[LB_ERROR_WHAT_MAX];
    snprintf(what, sizeof what,
             "cannot be compared with: it was measured by linkback %.40s, this is %s",
             *version ? version : "of no version", LINKBACK_VERSION);
    return fail(path, error, what);
}

static bool is_ratchet(const json_t *check) {
    const char *rule = json_string_value(json_object_get(check, "rule"));
    const char *limit = lb_limit_name(LB_LIMIT_MAX_INCREASE);
    return rule && strncmp(rule, limit, strlen(limit)) == 0;
}

/* What had become worse than its own baseline may not be the measure of the next. */
static int check_its_own_gate(const char *path, const json_t *baseline, lb_error *error) {
    const json_t *checks = json_object_get(json_object_get(baseline, "gate"), "checks");
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const char *verdict = json_string_value(json_object_get(check, "verdict"));
        if (is_ratchet(check) && verdict && strcmp(verdict, "broken") == 0)
            return lb_fail(error, LB_E_USAGE, path, "name the baseline that it was compared with",
                           "is the report of a run that became worse than its own baseline");
    }
    return LB_OK;
}

static bool is_compared(const lb_settings *settings) {
    for (size_t p = 0; p < settings->policy_count; p++)
        for (size_t i = 0; i < settings->policies[p]->rule_count; i++)
            if (settings->policies[p]->rules[i].limit == LB_LIMIT_MAX_INCREASE)
                return true;
    return false;
}

static int read_stored(json_t **baseline, const char *path, lb_error *error) {
    lb_results *earlier = NULL;
    int status = lb_stored_load(baseline, path, error);
    if (status == LB_OK) {
        status = lb_results_load(&earlier, *baseline, NULL);
        lb_results_free(earlier);
        if (status == LB_E_INPUT)
            lb_fail(error, LB_E_INPUT, path, "name a report.json or audit.db of an earlier audit",
                    "is no report of this version of linkback");
        else if (status < 0)
            lb_fail_memory(error, "reading the baseline");
    }
    if (status == LB_E_INPUT && error)
        error->code = LB_E_USAGE; /* a baseline is no input: nothing was read */
    return status == LB_E_INPUT ? LB_E_USAGE : status;
}

int lb_baseline_load(json_t **baseline, const lb_settings *settings, lb_job job, lb_error *error) {
    const char *path = settings->baseline;
    *baseline = NULL;
    if (!path)
        return LB_OK;
    if (!is_compared(settings))
        return lb_fail(error, LB_E_USAGE, "--baseline",
                       "name a policy that has a rule with max_increase, such as release",
                       "no rule compares with it");
    if (access(path, F_OK) != 0)
        return lb_fail(error, LB_E_USAGE, path,
                       "--write-baseline FILE makes one; run once with that, without --baseline",
                       "the baseline is not there");
    int status = read_stored(baseline, path, error);
    if (status == LB_OK)
        status = compare_version(path, *baseline, error);
    if (status == LB_OK) {
        json_t *now = json_string(lb_job_name(job));
        status = compare(path, "command", json_object_get(json_object_get(*baseline, "run"), "job"),
                         now, error);
        json_decref(now);
    }
    if (status == LB_OK)
        status = compare_options(path, *baseline, settings, error);
    if (status == LB_OK)
        status = check_its_own_gate(path, *baseline, error);
    if (status < 0) {
        json_decref(*baseline);
        *baseline = NULL;
    }
    return status;
}

static int by_text(const void *a, const void *b) {
    return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* Sorted, each text once; `field`: of the objects in the list. */
static json_t *set_of(const json_t *list, const char *field) {
    size_t count = json_array_size(list), kept = 0;
    json_t **items = lb_alloc(count, sizeof *items), *set = json_array();
    for (size_t i = 0; items && i < count; i++) {
        json_t *item = json_array_get(list, i);
        item = field ? json_object_get(item, field) : item;
        if (json_is_string(item))
            items[kept++] = item;
    }
    if (items && kept > 1)
        qsort(items, kept, sizeof *items, by_text);
    bool ok = items && set;
    for (size_t i = 0; ok && i < kept; i++)
        if (i == 0 || !json_equal(items[i], items[i - 1]))
            ok = json_array_append(set, items[i]) == 0;
    lb_free(items);
    return lb_json_whole(set, ok);
}

static int compare_sets(const char *path, const char *name, const json_t *before, const char *field,
                        json_t *now, lb_error *error) {
    json_t *was = set_of(before, field), *is = set_of(now, field);
    int status = now && was && is ? compare(path, name, was, is, error)
                                  : lb_fail_memory(error, "comparing with the baseline");
    json_decref(was);
    json_decref(is);
    json_decref(now);
    return status;
}

int lb_baseline_check(const json_t *baseline, const lb_audit_run_state *audit, lb_error *error) {
    const char *path = audit->settings->baseline;
    const json_t *before = json_object_get(baseline, "corpus");
    const lb_corpus *corpus = audit->corpus;
    if (!baseline)
        return LB_OK;
    json_t *unit = json_string(lb_unit_noun(lb_corpus_unit(corpus), false));
    int status = compare(path, "unit", json_object_get(before, "unit"), unit, error);
    json_decref(unit);
    bool was_table = json_is_null(json_object_get(before, "conversations"));
    if (status == LB_OK && was_table != !lb_index_facts(audit->index))
        status = fail(path, error,
                      was_table ? "cannot be compared with: it is of a plain table, this run reads "
                                  "conversations"
                                : "cannot be compared with: it is of conversations, this run reads "
                                  "a plain table");
    if (status == LB_OK)
        status = compare_sets(path, "format", json_object_get(before, "inputs"), "format",
                              lb_section_inputs(corpus), error);
    if (status == LB_OK)
        status = compare_sets(
            path, "list of quasi-identifiers", json_object_get(before, "quasi_identifiers"), NULL,
            lb_section_attribute_names(corpus, LB_ATTRIBUTE_QUASI_IDENTIFIER), error);
    if (status == LB_OK)
        status =
            compare_sets(path, "list of sensitive fields", json_object_get(before, "sensitive"),
                         NULL, lb_section_attribute_names(corpus, LB_ATTRIBUTE_SENSITIVE), error);
    return status;
}

/* A rule with max_increase, whose figure is known, lacks nothing but something to compare with. */
static bool lacks_baseline_alone(const json_t *check) {
    return json_is_number(json_object_get(check, "value")) && is_ratchet(check);
}

static bool is_left_undecided(const json_t *check) {
    const char *verdict = json_string_value(json_object_get(check, "verdict"));
    const char *severity = json_string_value(json_object_get(check, "severity"));
    return json_is_true(json_object_get(check, "must")) && verdict &&
           strcmp(verdict, "not_judged") == 0 && severity && strcmp(severity, "note") != 0;
}

bool lb_results_can_be_baseline(const lb_results *results, const char **why) {
    lb_verdict verdict = lb_results_verdict(results);
    const json_t *checks = lb_results_at(results, "gate.checks");
    bool first = !json_is_string(lb_results_at(results, "run.baseline"));
    *why = verdict == LB_VERDICT_FAIL ? "the gate failed" : "the gate is not decided";
    if (verdict != LB_VERDICT_UNDECIDED)
        return verdict != LB_VERDICT_FAIL;
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (is_left_undecided(check) && !(first && lacks_baseline_alone(check)))
            return false;
    }
    return true;
}
