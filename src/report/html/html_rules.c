/* Of the first page: every rule that is broken or needs attention, with its limit, its evidence and
 * what to do, and what was not judged. Without a policy, the largest figures. */
#include <stdio.h>
#include <string.h>

#include "report/html/html.h"
#include "report/kit/plain.h"
#include "results/metric.h"

static void finding_item(lb_html *html, const lb_finding *finding) {
    const char *anchor = lb_html_evidence(html, finding->anchor);
    lb_html_open(html, "li", NULL);
    lb_html_open(html, "a", NULL);
    lb_html_attribute(html, "href", "#%s", anchor);
    lb_html_buffer(html, &finding->text);
    lb_html_close(html);
    lb_html_on_paper(html, anchor);
    lb_html_close(html);
}

/* Options ("--map") are not cut at the end of a line. */
static void options_text(lb_html *html, const char *text, size_t size) {
    const char *end = text + size;
    while (text < end) {
        const char *option = strstr(text, "--");
        option = option && option < end ? option : end;
        lb_html_text(html, "%.*s", (int)(option - text), text);
        size_t length = strcspn(option, " ,;:)");
        length = length < (size_t)(end - option) ? length : (size_t)(end - option);
        if (length > 0)
            lb_html_leaf(html, "span", "option", "%.*s", (int)length, option);
        text = option + length;
    }
}

/* A mend names a section as "the section TITLE shows ...": a link, if the page has it. What names
 * one that is not there ends before it does. */
static void mend_text(lb_html *html, const char *mend) {
    static const char NAMING[] = "the section ";
    size_t length = 0;
    const char *naming = strstr(mend, NAMING);
    const char *title = naming ? naming + sizeof NAMING - 1 : "";
    const char *anchor = lb_html_part_named(html, title, &length);
    if (length == 0) {
        options_text(html, mend, strlen(mend));
        return;
    }
    if (!anchor) {
        int kept = (int)(naming - mend);
        while (kept > 0 && strchr(": ", mend[kept - 1]))
            kept--;
        lb_html_text(html, "%.*s.", kept, mend);
        return;
    }
    lb_html_text(html, "%.*s", (int)(title - mend), mend);
    lb_html_open(html, "a", NULL);
    lb_html_attribute(html, "href", "#%s", anchor);
    lb_html_text(html, "%.*s", (int)length, title);
    lb_html_close(html);
    lb_html_on_paper(html, anchor);
    lb_html_text(html, "%s", title + length);
}

static bool is_served_before(const lb_findings *found, size_t from, size_t at) {
    for (size_t i = from; i < at; i++)
        if (strcmp(found->items[i].mend, found->items[at].mend) == 0)
            return true;
    return false;
}

/* Those that one mend serves stand together. */
static void findings(lb_html *html, const lb_findings *found, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        const char *mend = found->items[i].mend;
        if (is_served_before(found, from, i))
            continue;
        lb_html_open(html, "div", "class", "rule", NULL);
        lb_html_open(html, "ul", NULL);
        for (size_t one = i; one < to; one++)
            if (strcmp(found->items[one].mend, mend) == 0)
                finding_item(html, &found->items[one]);
        lb_html_close(html);
        if (*mend) {
            lb_html_open(html, "p", "class", "mend", NULL);
            lb_html_leaf(html, "b", NULL, "To do: ");
            mend_text(html, mend);
            lb_html_close(html);
        }
        lb_html_close(html);
    }
}

static void part(lb_html *html, const char *id, const char *title, const lb_findings *found,
                 size_t from, size_t to) {
    if (from == to)
        return;
    lb_html_open(html, "section", "class", "front", "id", id, NULL);
    lb_html_leaf(html, "h2", NULL, "%s", title);
    findings(html, found, from, to);
    lb_html_close(html);
}

void lb_html_rules(lb_html *html, const lb_findings *found) {
    bool judged = lb_document_has(html->document, "gate.checks");
    part(html, "broken", "What is broken", found, 0, found->broken);
    part(html, "attention", judged ? "What needs attention" : "The largest figures", found,
         found->broken, found->count);
}

static void title(lb_html *html, const char *words, bool first) {
    lb_buffer text = {0};
    if (lb_document_phrase(html->document, words, &text, NULL) < 0)
        html->failed = true;
    if (first)
        lb_sentence_begin(&text, 0);
    lb_html_buffer(html, &text);
    lb_buffer_free(&text);
}

/* "Smallest group, people without consent and 2 more": of metrics named "a.b, c.d". */
static void rule_titles(lb_html *html, const lb_unjudged *one) {
    enum { SHOWN = 3 };
    const char *at = one->metrics.data, *end = at ? at + one->metrics.size : at;
    for (size_t i = 0; at < end && i < SHOWN; i++) {
        char name[128];
        const char *comma = memchr(at, ',', (size_t)(end - at));
        int size = (int)((comma ? comma : end) - at);
        snprintf(name, sizeof name, "%.*s", size, at);
        const lb_metric *metric = lb_metric_find(name);
        if (i > 0)
            lb_html_text(html, ", ");
        title(html, metric ? metric->title : name, i == 0);
        at = comma ? comma + 2 : end;
    }
    if (one->count > SHOWN)
        lb_html_text(html, " and %zu more", one->count - SHOWN);
}

void lb_html_not_judged(lb_html *html, const lb_findings *found) {
    if (found->unjudged_count == 0)
        return;
    lb_html_open(html, "section", "class", "front", "id", "not-judged", NULL);
    lb_html_leaf(html, "h2", NULL, "What was not judged");
    lb_html_open(html, "p", "class", "note", NULL);
    lb_html_text(html, "What was not judged is not passed. ");
    lb_html_open(html, "a", "href", "#policy", NULL);
    lb_html_text(html, "The policy");
    lb_html_close(html);
    lb_html_on_paper(html, "policy");
    lb_html_text(html, " says of every rule why it is or is not needed.");
    lb_html_close(html);
    lb_html_open(html, "ul", "class", "unjudged", NULL);
    for (size_t i = 0; i < found->unjudged_count; i++) {
        const lb_unjudged *one = &found->unjudged[i];
        lb_html_open(html, "li", NULL);
        if (one->must)
            lb_html_leaf(html, "b", NULL, "Must be judged: ");
        rule_titles(html, one);
        lb_html_text(html, ": ");
        lb_html_open(html, "bdi", NULL);
        options_text(html, one->why, strlen(one->why));
        lb_html_close(html);
        lb_html_text(html, ".");
        lb_html_close(html);
    }
    lb_html_close(html);
    lb_html_close(html);
}
