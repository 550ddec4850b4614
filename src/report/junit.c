#include "report/junit.h"

#include <stdio.h>
#include <string.h>

#include "report/kit/answers.h"
#include "report/kit/xml_writer.h"
#include "results/number.h"

static const char FIRST[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

typedef enum outcome { PASSED, FAILED, SKIPPED } outcome;

static outcome outcome_of(const json_t *check) {
    if (lb_lookup_is(check, "verdict", "waived") || lb_lookup_is(check, "verdict", "not_judged"))
        return SKIPPED;
    bool broken = lb_lookup_is(check, "verdict", "broken");
    return broken && lb_lookup_is(check, "severity", "error") ? FAILED : PASSED;
}

static const json_t *checks_of(const json_t *document) {
    return lb_lookup(document, "gate.checks");
}

static void line(lb_xml *xml, const char *spaces) {
    lb_xml_raw(xml, LB_STR("\n"));
    lb_xml_raw(xml, lb_str_of(spaces));
}

/* "min 11", and the interval's end where one is judged. */
static void case_name(lb_xml *xml, const json_t *check) {
    const char *bound = lb_lookup_text_or_null(check, "bound");
    bool end = bound && (strcmp(bound, "upper") == 0 || strcmp(bound, "lower") == 0);
    lb_xml_attribute(xml, "name", "%.200s %.100s%s%s%s", lb_lookup_text(check, "metric"),
                     lb_lookup_text(check, "rule"), end ? " (" : "", end ? bound : "",
                     end ? " bound)" : "");
}

static void skip_message(lb_xml *xml, const json_t *check) {
    const json_t *waiver = lb_lookup_if(check, "waiver");
    if (waiver)
        lb_xml_attribute(xml, "message", "waived until %.40s: %.400s",
                         lb_lookup_text(waiver, "until"), lb_lookup_text(waiver, "reason"));
    else
        lb_xml_attribute(xml, "message", "%.1000s%s", lb_lookup_text(check, "reason"),
                         lb_check_is_missed(check)
                             ? "; the verdict is not decided until this rule is judged"
                             : "");
}

static void case_outcome(lb_xml *xml, const json_t *check, outcome what) {
    static const char *const TAGS[] = {"", "failure", "skipped"};
    const json_t *source = lb_lookup(check, "source");
    line(xml, "      ");
    lb_xml_open(xml, TAGS[what], NULL);
    if (what == SKIPPED)
        skip_message(xml, check);
    else {
        lb_xml_attribute(xml, "type", "%.200s", lb_lookup_text(check, "metric"));
        lb_xml_text_attribute(xml, "message", lb_lookup(check, "reason"));
        lb_xml_text(xml, "%s", lb_metric_family(lb_lookup_text(check, "metric"))->mend);
        if (json_is_string(source))
            lb_xml_text(xml, " Threshold: %s.", json_string_value(source));
    }
    lb_xml_close_void(xml);
    line(xml, "    ");
}

static void case_write(lb_xml *xml, const json_t *check) {
    outcome what = outcome_of(check);
    line(xml, "    ");
    lb_xml_open(xml, "testcase", NULL);
    case_name(xml, check);
    lb_xml_attribute(xml, "classname", "linkback.%.200s", lb_lookup_text(check, "policy"));
    lb_xml_attribute(xml, "time", "0.000");
    if (what != PASSED)
        case_outcome(xml, check, what);
    lb_xml_close_void(xml);
}

/* Readers drop a suite without a case, so that an audit without a policy says so in one. */
static void no_case(lb_xml *xml) {
    line(xml, "    ");
    lb_xml_open(xml, "testcase", "name", "policy", "classname", "linkback", "time", "0.000", NULL);
    lb_xml_open(xml, "skipped", "message", "no policy was applied (--policy)", NULL);
    lb_xml_close_void(xml);
    lb_xml_close_void(xml);
}

static void counts(lb_xml *xml) {
    const json_t *checks = checks_of(xml->document);
    size_t number[SKIPPED + 1] = {0}, cases = json_array_size(checks);
    for (size_t i = 0; i < cases; i++)
        number[outcome_of(json_array_get(checks, i))]++;
    lb_xml_attribute(xml, "tests", "%zu", cases ? cases : 1);
    lb_xml_attribute(xml, "failures", "%zu", number[FAILED]);
    lb_xml_attribute(xml, "errors", "0");
    lb_xml_attribute(xml, "skipped", "%zu", cases ? number[SKIPPED] : 1);
}

/* Seconds with three decimals, as both schemas want them, whatever the locale. */
static void duration(lb_xml *xml) {
    double seconds = lb_lookup_number(xml->document, "run.elapsed_seconds");
    unsigned long long milliseconds =
        seconds > 0 && seconds < 1e9 ? (unsigned long long)(seconds * 1000 + 0.5) : 0;
    lb_xml_attribute(xml, "time", "%llu.%03llu", milliseconds / 1000, milliseconds % 1000);
}

/* "YYYY-MM-DDThh:mm:ss", without a zone. */
static void timestamp(lb_xml *xml) {
    const char *started = lb_lookup_text(xml->document, "run.started");
    unsigned y, m, d, h, min, s;
    bool there = sscanf(started, "%4u-%2u-%2uT%2u:%2u:%2u", &y, &m, &d, &h, &min, &s) == 6;
    lb_xml_attribute(xml, "timestamp", "%.19s", there ? started : "1970-01-01T00:00:00");
}

static void output(lb_xml *xml, const lb_answers *answers) {
    const json_t *checks = checks_of(xml->document);
    const json_t *waivers = lb_lookup(xml->document, "gate.waivers");
    line(xml, "    ");
    lb_xml_open(xml, "system-out", NULL);
    lb_xml_text(xml, "%s. ", answers->verdict.headline);
    lb_xml_text(xml, "%.*s", (int)answers->verdict.detail.size, answers->verdict.detail.data);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        if (outcome_of(check) == PASSED && lb_lookup_is(check, "verdict", "broken"))
            lb_xml_text(xml, "\n%s: %s", lb_lookup_text(check, "severity"),
                        lb_lookup_text(check, "reason"));
    }
    for (size_t i = 0; i < json_array_size(waivers); i++) {
        lb_buffer text = {0};
        if (lb_waiver_sentence(json_array_get(waivers, i), &text, NULL) < 0)
            xml->failed = true;
        else
            lb_xml_text(xml, "\n%.*s", (int)text.size, text.data);
        lb_buffer_free(&text);
    }
    lb_xml_close(xml);
    line(xml, "    ");
    lb_xml_open(xml, "system-err", NULL);
    lb_xml_close(xml);
}

static void suites(lb_xml *xml, const lb_answers *answers) {
    const json_t *checks = checks_of(xml->document);
    lb_xml_open(xml, "testsuites", NULL);
    line(xml, "  ");
    lb_xml_open(xml, "testsuite", "name", "policy", "package", "linkback", "id", "0", "hostname",
                "localhost", NULL);
    timestamp(xml);
    counts(xml);
    duration(xml);
    line(xml, "    ");
    lb_xml_open(xml, "properties", NULL);
    lb_xml_close_void(xml);
    for (size_t i = 0; i < json_array_size(checks); i++)
        case_write(xml, json_array_get(checks, i));
    if (json_array_size(checks) == 0)
        no_case(xml);
    output(xml, answers);
    line(xml, "  ");
    lb_xml_close(xml);
    lb_xml_raw(xml, LB_STR("\n"));
    lb_xml_close(xml);
    lb_xml_raw(xml, LB_STR("\n"));
}

int lb_report_junit(const json_t *document, lb_buffer *into, lb_error *error) {
    lb_xml xml;
    lb_answers answers;
    int status = lb_answers_make(&answers, document, error);
    if (status == LB_OK)
        status = lb_xml_begin(&xml, document, FIRST, into, error);
    if (status == LB_OK) {
        suites(&xml, &answers);
        status = lb_xml_end(&xml, error);
    }
    lb_answers_free(&answers);
    return status;
}
