/* Every rule of the policies, with its threshold, its source and what came of it. */
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"

static const char *verdict_words(const json_t *check) {
    const char *verdict = lb_lookup_text(check, "verdict");
    bool error = strcmp(lb_lookup_text(check, "severity"), "error") == 0;
    if (strcmp(verdict, "held") == 0)
        return "Holds";
    if (strcmp(verdict, "waived") == 0)
        return "Waived";
    if (strcmp(verdict, "not_judged") == 0)
        return lb_check_is_missed(check) ? "Not judged, but must be" : "Not judged";
    if (strcmp(lb_lookup_text(check, "severity"), "note") == 0)
        return "Noted";
    return error ? "Broken" : "Warning";
}

static void ground_line(lb_html *html, const json_t *check) {
    const json_t *source = lb_lookup(check, "source");
    const json_t *waiver = lb_lookup_if(check, "waiver");
    if (waiver) {
        lb_html_open(html, "div", "class", "note", NULL);
        lb_html_text(html, "Waived until %s: ", lb_lookup_text(waiver, "until"));
        lb_html_foreign(html, lb_lookup(waiver, "reason"));
        lb_html_close(html);
    }
    if (!json_is_string(source))
        return;
    lb_html_open(html, "div", "class", "note", NULL);
    lb_html_text(html, "%s: ",
                 lb_lookup_is(check, "kind", "regulator")   ? "Precedent"
                 : lb_lookup_is(check, "kind", "judgement") ? "Our judgement"
                                                            : "Source");
    lb_html_foreign(html, source);
    lb_html_close(html);
}

/* "At 3: holds. At 20: broken." Lets a reader see how much hangs on the number chosen. */
static void neighbour_line(lb_html *html, const json_t *check) {
    const json_t *list = lb_lookup(check, "neighbours");
    if (json_array_size(list) == 0)
        return;
    lb_figure figure = lb_figure_of(html->document, lb_lookup_text(check, "metric"));
    lb_html_open(html, "div", "class", "note", NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *neighbour = json_array_get(list, i);
        bool holds = lb_lookup_is(neighbour, "verdict", "held");
        lb_html_text(html, "%sat ", i == 0 ? "With the limit " : ", ");
        lb_html_number(html, lb_lookup_number(neighbour, "threshold"), figure.unit);
        lb_html_text(html, " it %s", holds ? "holds" : "is broken");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void waivers(lb_html *html) {
    const json_t *list = lb_lookup(html->document, "gate.waivers");
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
    lb_html_term(html, lb_lookup_text(check, "metric"), lb_lookup_text(check, "metric"));
    lb_html_open(html, "div", "class", "note", NULL);
    lb_html_foreign(html, lb_lookup(check, "rule"));
    if (lb_lookup_is(check, "bound", "upper") || lb_lookup_is(check, "bound", "lower"))
        lb_html_text(html, " (%s bound)", lb_lookup_text(check, "bound"));
    lb_html_close(html);
    lb_html_close(html);
    lb_html_open(html, "td", "class", "wide", NULL);
    lb_html_foreign(html, lb_lookup(check, "reason"));
    ground_line(html, check);
    neighbour_line(html, check);
    lb_html_close(html);
    lb_html_show_foreign(html, check, "policy");
    lb_html_close(html);
}

void lb_html_policy(lb_html *html) {
    static const char *const NAMES[] = {"Verdict", "Rule", "Why", "Policy", NULL};
    const json_t *checks = lb_lookup(html->document, "gate.checks");
    lb_html_section_open(html, "policy");
    lb_html_leaf(html, "p", NULL,
                 "A broken rule of severity error fails the policy. A rule that must be judged and "
                 "was not leaves the verdict open: what was not judged is not passed. Where no "
                 "authority sets a number, the threshold is our judgement, and says so. A policy "
                 "that is met is no proof of anonymity: it says what was measured against which "
                 "limits.");
    lb_html_table_open(html, "Checks", NAMES);
    for (size_t i = 0; i < json_array_size(checks); i++)
        check_row(html, json_array_get(checks, i));
    lb_html_table_close(html);
    waivers(html);
    lb_html_close(html);
}
