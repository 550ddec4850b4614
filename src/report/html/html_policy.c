/* Every rule of the policies, with its threshold, its source and what came of it. */
#include <string.h>

#include "report/html/html.h"

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static const char *verdict_words(const json_t *check) {
    const char *verdict = text_of(check, "verdict");
    bool error = strcmp(text_of(check, "severity"), "error") == 0;
    if (strcmp(verdict, "pass") == 0)
        return json_is_true(json_object_get(check, "excused")) ? "Not judged" : "Holds";
    if (strcmp(verdict, "waived") == 0)
        return "Waived";
    if (strcmp(verdict, "unknown") == 0)
        return error ? "Not shown to hold" : "Not known";
    if (strcmp(text_of(check, "severity"), "note") == 0)
        return "Noted";
    return error ? "Broken" : "Warning";
}

static void ground_line(lb_html *html, const json_t *check) {
    const json_t *source = json_object_get(check, "source");
    const json_t *waiver = json_object_get(check, "waiver");
    const char *kind = text_of(check, "kind");
    if (waiver) {
        lb_html_open(html, "div", "class", "note", NULL);
        lb_html_text(html, "Waived until %s: ", text_of(waiver, "until"));
        lb_html_foreign(html, json_object_get(waiver, "reason"));
        lb_html_close(html);
    }
    if (!json_is_string(source))
        return;
    lb_html_open(html, "div", "class", "note", NULL);
    lb_html_text(html, "%s: ",
                 strcmp(kind, "regulator") == 0   ? "Precedent"
                 : strcmp(kind, "judgement") == 0 ? "Our judgement"
                                                  : "Source");
    lb_html_foreign(html, source);
    lb_html_close(html);
}

/* "At 3: holds. At 20: broken." Lets a reader see how much hangs on the number chosen. */
static void neighbour_line(lb_html *html, const json_t *check) {
    const json_t *list = json_object_get(check, "neighbours");
    const json_t *metric =
        json_object_get(json_object_get(html->document, "metrics"), text_of(check, "metric"));
    if (json_array_size(list) == 0)
        return;
    lb_html_open(html, "div", "class", "note", NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *neighbour = json_array_get(list, i);
        bool holds = strcmp(text_of(neighbour, "verdict"), "pass") == 0;
        lb_html_text(html, "%sat ", i == 0 ? "With the limit " : ", ");
        lb_html_number(html, json_number_value(json_object_get(neighbour, "threshold")),
                       text_of(metric, "unit"));
        lb_html_text(html, " it %s", holds ? "holds" : "is broken");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void waivers(lb_html *html) {
    const json_t *list = lb_document_at(html->document, "gate.waivers");
    if (json_array_size(list) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "Waivers");
    lb_html_open(html, "ul", NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        lb_buffer text = {0};
        lb_html_open(html, "li", NULL);
        if (lb_waiver_sentence(json_array_get(list, i), &text, NULL) < 0 ||
            lb_buffer_append(&text, "", 1, NULL) < 0)
            html->failed = true;
        else
            lb_html_foreign_text(html, text.data);
        lb_buffer_free(&text);
        lb_html_close(html);
    }
    lb_html_close(html);
}

static void check_row(lb_html *html, const json_t *check) {
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "td", NULL);
    lb_html_light(html, lb_check_light(check), verdict_words(check));
    lb_html_close(html);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_term(html, text_of(check, "metric"), text_of(check, "metric"));
    lb_html_open(html, "div", "class", "note", NULL);
    lb_html_foreign(html, json_object_get(check, "rule"));
    if (strcmp(text_of(check, "bound"), "upper") == 0 ||
        strcmp(text_of(check, "bound"), "lower") == 0)
        lb_html_text(html, " (%s bound)", text_of(check, "bound"));
    lb_html_close(html);
    lb_html_close(html);
    lb_html_open(html, "td", "class", "wide", NULL);
    lb_html_foreign(html, json_object_get(check, "reason"));
    ground_line(html, check);
    neighbour_line(html, check);
    lb_html_close(html);
    lb_html_open(html, "td", NULL);
    lb_html_foreign(html, json_object_get(check, "policy"));
    lb_html_close(html);
    lb_html_close(html);
}

void lb_html_policy(lb_html *html) {
    static const char *const NAMES[] = {"Verdict", "Rule", "Why", "Policy", NULL};
    const json_t *checks = lb_document_at(html->document, "gate.checks");
    lb_html_section_open(html, "policy", "Policy, rule by rule");
    lb_html_leaf(html, "p", NULL,
                 "Only rules of severity error decide the verdict. Where no authority sets a "
                 "number, the threshold is our judgement, and says so. A policy that is met is no "
                 "proof of anonymity: it says what was measured against which limits.");
    lb_html_table_open(html, "Checks", NAMES);
    for (size_t i = 0; i < json_array_size(checks); i++)
        check_row(html, json_array_get(checks, i));
    lb_html_table_close(html);
    waivers(html);
    lb_html_close(html);
}
