#include "report/sarif.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "report/json.h"
#include "report/kit/answers.h"
#include "report/kit/uri.h"
#include "results/json_value.h"
#include "results/metric.h"
#include "results/number.h"
#include "text/token_class.h"

static const char SCHEMA[] = "https://json.schemastore.org/sarif-2.1.0.json";
/* {"text": TEXT}; steals nothing. */
static json_t *message(const char *text) {
    return json_pack("{s:o}", "text", lb_json_text(lb_str_of(text)));
}

static json_t *message_of(lb_buffer *text) {
    return json_pack("{s:o}", "text", lb_json_text(lb_buffer_str(text)));
}

static json_t *phrase(const json_t *document, const char *words) {
    lb_buffer text = {0};
    json_t *object =
        lb_document_phrase(document, words, &text, NULL) == LB_OK ? message_of(&text) : NULL;
    lb_buffer_free(&text);
    return object;
}

static json_t *rule_properties(const char *metric) {
    return json_pack("{s:[s,s], s:s, s:s}", "tags", "privacy", "security", "precision", "high",
                     "security-severity", lb_metric_family(metric)->severity);
}

static json_t *rule(const json_t *document, const char *name) {
    const lb_metric *metric = lb_metric_find(name);
    const char *title = metric ? metric->title : "who counts as a person";
    const char *definition =
        metric ? metric->definition : "Whom the audit counts: users, conversations or records.";
    json_t *object = json_object();
    lb_buffer help = {0};
    bool ok =
        lb_buffer_printf(&help, NULL, "%s\n\n%s%s%s", definition, lb_metric_family(name)->mend,
                         metric ? "\n\nSource: " : "", metric ? metric->source : "") == LB_OK;
    ok = ok && lb_buffer_append(&help, "", 1, NULL) == LB_OK;
    ok = ok && lb_json_set(object, "id", lb_json_text(lb_str_of(name))) &&
         lb_json_set(object, "shortDescription", phrase(document, title)) &&
         lb_json_set(object, "fullDescription", phrase(document, definition)) &&
         lb_json_set(object, "help", phrase(document, help.data)) &&
         lb_json_set(object, "defaultConfiguration", json_pack("{s:s}", "level", "warning")) &&
         lb_json_set(object, "properties", rule_properties(name));
    lb_buffer_free(&help);
    return lb_json_whole(object, ok);
}

/* The metrics in their order, and the check on people last. */
static json_t *rules(const json_t *document) {
    json_t *list = json_array(), *metric;
    const char *name;
    bool ok = list != NULL;
    json_object_foreach((json_t *)lb_lookup(document, "metrics"), name, metric) {
        ok = ok && json_array_append_new(list, rule(document, name)) == 0;
    }
    return lb_json_whole(
        list, ok && json_array_append_new(list, rule(document, lb_check_on_people)) == 0);
}

/* Index of the rule; the number of rules where there is none of this name. */
static size_t rule_index(const json_t *document, const char *metric) {
    const char *name;
    json_t *value;
    size_t index = 0;
    json_object_foreach((json_t *)lb_lookup(document, "metrics"), name, value) {
        if (strcmp(name, metric) == 0)
            return index;
        index++;
    }
    return strcmp(metric, lb_check_on_people) == 0 ? index : index + 1;
}

/* At the rule of the user's policy, else at the first input. */
static json_t *locations(const json_t *document, const char *place) {
    const json_t *input = json_array_get(lb_lookup(document, "corpus.inputs"), 0);
    const char *path = lb_lookup_text_if(input, "path");
    lb_position at = place ? lb_position_parse(place) : (lb_position){.file = lb_str_of(path)};
    lb_buffer uri = {0};
    if (!place && path && strcmp(path, "-") == 0)
        at.file = LB_STR("standard-input");
    json_t *region = json_pack("{s:I}", "startLine", (json_int_t)(at.line ? at.line : 1));
    bool ok =
        lb_uri_relative(at.file, &uri, NULL) == LB_OK &&
        (at.column == 0 || lb_json_set(region, "startColumn", json_integer((json_int_t)at.column)));
    json_t *list = json_pack("[{s:{s:{s:o}, s:o}}]", "physicalLocation", "artifactLocation", "uri",
                             ok ? lb_json_text(lb_buffer_str(&uri)) : NULL, "region", region);
    lb_buffer_free(&uri);
    return list;
}

/* Of the rule and, where a result is about a place, of that place: never of what stands there. */
static json_t *fingerprints(const char *policy, const char *metric, const char *limit,
                            const char *place) {
    char text[1700], hash[40];
    int size = snprintf(text, sizeof text, "linkback/%.200s/%.200s/%.*s/%.1000s", policy, metric,
                        (int)strcspn(limit, " "), limit, place);
    snprintf(hash, sizeof hash, "%016llx:1",
             (unsigned long long)lb_hash(text,
                                         size < (int)sizeof text ? (size_t)size : sizeof text - 1));
    return json_pack("{s:s}", "primaryLocationLineHash", hash);
}

/* What a result is made of. */
typedef struct result_parts {
    const char *policy, *metric, *limit, *level, *place;
    const json_t *waiver;
    bool counts_place; /* two results that differ by their place alone are two */
} result_parts;

static json_t *suppressions(const json_t *waiver) {
    return json_pack("[{s:s, s:s, s:O}]", "kind", "external", "status", "accepted", "justification",
                     lb_lookup(waiver, "reason"));
}

static json_t *result(const json_t *document, const result_parts *parts, json_t *text) {
    size_t index = rule_index(document, parts->metric),
           last = rule_index(document, lb_check_on_people);
    json_t *object = json_object();
    bool ok = lb_json_set(object, "ruleId", lb_json_text(lb_str_of(parts->metric)));
    if (ok && index <= last)
        ok = lb_json_set(object, "ruleIndex", lb_json_count(index));
    ok = lb_json_set(object, "message", text) && ok;
    ok = ok && lb_json_set(object, "level", json_string(parts->level)) &&
         lb_json_set(object, "locations", locations(document, parts->place)) &&
         lb_json_set(object, "partialFingerprints",
                     fingerprints(parts->policy, parts->metric, parts->limit,
                                  parts->counts_place ? parts->place : ""));
    if (ok && parts->waiver)
        ok = lb_json_set(object, "suppressions", suppressions(parts->waiver));
    return lb_json_whole(object, ok);
}

static json_t *check_message(const json_t *check) {
    lb_buffer text = {0};
    json_t *object = NULL;
    if (lb_buffer_printf(&text, NULL, "%s. (Rule %s of %s.) %s", lb_lookup_text(check, "reason"),
                         lb_lookup_text(check, "rule"), lb_lookup_text(check, "policy"),
                         lb_metric_family(lb_lookup_text(check, "metric"))->mend) == LB_OK)
        object = message_of(&text);
    lb_buffer_free(&text);
    return object;
}

static json_t *check_result(const json_t *document, const json_t *check) {
    const result_parts parts = {.policy = lb_lookup_text(check, "policy"),
                                .metric = lb_lookup_text(check, "metric"),
                                .limit = lb_lookup_text(check, "rule"),
                                .level = lb_lookup_text(check, "severity"),
                                .place = lb_lookup_text_or_null(check, "place"),
                                .waiver = lb_lookup_if(check, "waiver")};
    return result(document, &parts, check_message(check));
}

/* A rule that was not judged and need not be is no finding: the run tells of it in a notification. */
static bool is_result(const json_t *check) {
    return !lb_lookup_is(check, "verdict", "held") &&
           (!lb_lookup_is(check, "verdict", "not_judged") || lb_check_is_missed(check));
}

/* The checks of one severity that do not hold; beyond the limit they are only counted. */
static bool add_checks(json_t *list, const json_t *document, const char *severity,
                       size_t *left_out) {
    const json_t *checks = lb_lookup(document, "gate.checks");
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (!lb_lookup_is(check, "severity", severity) || !is_result(check))
            continue;
        if (json_array_size(list) == LB_SARIF_RESULTS_MAX)
            ++*left_out;
        else if (json_array_append_new(list, check_result(document, check)) != 0)
            return false;
    }
    return true;
}

/* Without a policy. */
static bool add_findings(json_t *list, const json_t *document, const lb_answers *answers) {
    for (size_t i = 0; i < answers->findings.count; i++) {
        const lb_finding *finding = &answers->findings.items[i];
        const result_parts parts = {
            .policy = "", .metric = finding->metric, .limit = "finding", .level = "note"};
        lb_buffer text = {0};
        bool ok = lb_buffer_printf(&text, NULL, "%.*s. %s", (int)finding->text.size,
                                   finding->text.data, finding->mend) == LB_OK &&
                  json_array_append_new(list, result(document, &parts, message_of(&text))) == 0;
        lb_buffer_free(&text);
        if (!ok)
            return false;
    }
    return true;
}

static bool is_identifying(const char *class_name) {
    for (int i = 0; i < LB_TOKEN_CLASSES; i++)
        if (strcmp(class_name, lb_token_class_name((lb_token_class)i)) == 0)
            return lb_token_class_identifies((lb_token_class)i);
    return false;
}

/* A rare word by which one of the most exposed people can be known, at its line. */
static json_t *token_result(const json_t *document, const json_t *token) {
    bool identifying = is_identifying(lb_lookup_text(token, "class"));
    const result_parts parts = {.policy = "",
                                .metric =
                                    identifying ? "tokens.identifying_below_k" : "tokens.below_k",
                                .limit = "place",
                                .level = "note",
                                .place = lb_lookup_text(token, "place"),
                                .counts_place = true};
    lb_buffer text = {0};
    json_t *object = NULL;
    char units[LB_NUMBER_MAX];
    lb_number_display(lb_lookup_number(token, "units"), "", 1, units);
    if (lb_buffer_printf(&text, NULL, "Here stands %s, a word of %s of the %s. %s",
                         lb_lookup_text(token, "token"), units, lb_document_units(document),
                         lb_metric_family(parts.metric)->mend) == LB_OK)
        object = result(document, &parts, message_of(&text));
    lb_buffer_free(&text);
    return object;
}

static bool add_places(json_t *list, const json_t *document, size_t *left_out) {
    const json_t *people = lb_lookup(document, "users");
    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *tokens = lb_lookup(json_array_get(people, i), "tokens");
        for (size_t j = 0; j < json_array_size(tokens); j++) {
            const json_t *token = json_array_get(tokens, j);
            if (!lb_lookup_text_or_null(token, "place"))
                continue;
            if (json_array_size(list) == LB_SARIF_RESULTS_MAX)
                ++*left_out;
            else if (json_array_append_new(list, token_result(document, token)) != 0)
                return false;
        }
    }
    return true;
}

static json_t *identifier_result(const json_t *document, const char *type, const json_t *example) {
    char metric[64];
    snprintf(metric, sizeof metric, "identifiers.%.40s", type);
    const result_parts parts = {.policy = "",
                                .metric = metric,
                                .limit = "place",
                                .level = "warning",
                                .place = lb_lookup_text(example, "where"),
                                .counts_place = true};
    lb_buffer text = {0};
    json_t *object = NULL;
    if (lb_buffer_printf(&text, NULL, "Left in the clear: %s (%s). %s",
                         lb_lookup_text(example, "shape"), lb_lookup_text(example, "kind"),
                         lb_metric_family(metric)->mend) == LB_OK)
        object = result(document, &parts, message_of(&text));
    lb_buffer_free(&text);
    return object;
}

/* The examples of every type of direct identifier, masked as the document has them. */
static bool add_identifiers(json_t *list, const json_t *document, size_t *left_out) {
    const json_t *types = lb_lookup_if(document, "singling_out.identifiers.types");
    for (size_t i = 0; i < json_array_size(types); i++) {
        const json_t *type = json_array_get(types, i);
        const json_t *examples = lb_lookup(type, "examples");
        for (size_t j = 0; j < json_array_size(examples); j++)
            if (json_array_size(list) == LB_SARIF_RESULTS_MAX)
                ++*left_out;
            else if (json_array_append_new(list,
                                           identifier_result(document, lb_lookup_text(type, "type"),
                                                             json_array_get(examples, j))) != 0)
                return false;
    }
    return true;
}

static json_t *results(const json_t *document, const lb_answers *answers, size_t *left_out) {
    json_t *list = json_array();
    bool ok = list && add_checks(list, document, "error", left_out) &&
              add_checks(list, document, "warning", left_out) &&
              add_identifiers(list, document, left_out) &&
              add_checks(list, document, "note", left_out);
    if (ok && !lb_document_has(document, "gate.checks"))
        ok = add_findings(list, document, answers);
    return lb_json_whole(list, ok && add_places(list, document, left_out));
}

static bool notify(json_t *list, const char *level, const char *text) {
    return json_array_append_new(
               list, json_pack("{s:s, s:o}", "level", level, "message", message(text))) == 0;
}

static bool notify_waivers(json_t *list, const json_t *document) {
    const json_t *waivers = lb_lookup(document, "gate.waivers");
    bool ok = true;
    for (size_t i = 0; ok && i < json_array_size(waivers); i++) {
        lb_buffer text = {0};
        ok = lb_waiver_sentence(json_array_get(waivers, i), &text, NULL) == LB_OK &&
             lb_buffer_append(&text, "", 1, NULL) == LB_OK &&
             notify(list, lb_waiver_lingers(json_array_get(waivers, i)) ? "warning" : "note",
                    text.data);
        lb_buffer_free(&text);
    }
    return ok;
}

/* What was not judged; *missed: of that, what must be. */
static bool notify_not_judged(json_t *list, const json_t *document, bool *missed) {
    const json_t *checks = lb_lookup(document, "gate.checks");
    bool ok = true;
    for (size_t i = 0; ok && i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (!lb_lookup_is(check, "verdict", "not_judged"))
            continue;
        bool must = lb_check_is_missed(check);
        *missed = *missed || must;
        json_t *note = json_pack("{s:s, s:o, s:{s:o}}", "level", must ? "error" : "note", "message",
                                 message(lb_lookup_text(check, "reason")), "associatedRule", "id",
                                 lb_json_text(lb_str_of(lb_lookup_text(check, "metric"))));
        ok = json_array_append_new(list, note) == 0;
    }
    return ok;
}

static json_t *invocations(const json_t *document, size_t left_out) {
    const json_t *warnings = lb_lookup(document, "warnings");
    const json_t *started = lb_lookup(document, "run.started");
    json_t *notes = json_array(), *invocation = json_object(), *list = json_array();
    char text[128];
    bool missed = false;
    snprintf(text, sizeof text, "%zu more results were left out; report.json has all", left_out);
    bool ok = notes && (left_out == 0 || notify(notes, "warning", text)) &&
              notify_waivers(notes, document) && notify_not_judged(notes, document, &missed);
    for (size_t i = 0; ok && i < json_array_size(warnings); i++)
        ok = notify(notes, "note", json_string_value(json_array_get(warnings, i)));
    ok = ok && lb_json_set(invocation, "executionSuccessful", json_boolean(!missed));
    if (ok && json_is_string(started))
        ok = json_object_set(invocation, "startTimeUtc", (json_t *)started) == 0;
    ok = ok && json_object_set(invocation, "toolExecutionNotifications", notes) == 0 &&
         json_array_append(list, invocation) == 0;
    json_decref(notes);
    json_decref(invocation);
    return lb_json_whole(list, ok);
}

static json_t *tool(const json_t *document) {
    return json_pack("{s:{s:s, s:O, s:o}}", "driver", "name", "linkback", "version",
                     lb_lookup(document, "tool.version"), "rules", rules(document));
}

static json_t *sarif(const json_t *document, const lb_answers *answers) {
    size_t left_out = 0;
    json_t *run = json_object(), *log = json_object(), *runs = json_array();
    bool ok = lb_json_set(run, "tool", tool(document)) &&
              lb_json_set(run, "columnKind", json_string("unicodeCodePoints")) &&
              lb_json_set(run, "results", results(document, answers, &left_out)) &&
              lb_json_set(run, "invocations", invocations(document, left_out)) &&
              json_array_append(runs, run) == 0 &&
              lb_json_set(log, "$schema", json_string(SCHEMA)) &&
              lb_json_set(log, "version", json_string("2.1.0")) &&
              json_object_set(log, "runs", runs) == 0;
    json_decref(run);
    json_decref(runs);
    return lb_json_whole(log, ok);
}

int lb_report_sarif(const json_t *document, lb_buffer *into, lb_error *error) {
    lb_answers answers;
    json_t *log = NULL;
    int status = lb_answers_make(&answers, document, error);
    if (status == LB_OK) {
        log = sarif(document, &answers);
        status = log ? lb_report_json(log, into, error)
                     : lb_fail_memory(error, "writing the SARIF report");
    }
    json_decref(log);
    lb_answers_free(&answers);
    return status;
}
