/* The first screen: verdict, corpus, worst findings, and the three answers. */

#include "report/html/html.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"
#include <math.h>

static void buffer_text(lb_html *html, const lb_buffer *text) {
    lb_html_text(html, "%.*s", (int)text->size, text->data ? text->data : "");
}

static void count_words(lb_html *html, const char *join, const char *path, const char *noun) {
    double count = lb_lookup_number(html->document, path);
    if (isnan(count))
        return;
    lb_html_text(html, "%s", join);
    lb_html_number(html, count, "");
    lb_html_text(html, " %s", noun);
}

/* ", mostly English (92 %)": the languages of the corpus, the largest first. */
static void languages(lb_html *html) {
    enum { SHOWN = 3 };
    const json_t *list = lb_lookup(html->document, "corpus.languages");
    for (size_t i = 0; i < json_array_size(list) && i < SHOWN; i++) {
        const json_t *language = json_array_get(list, i);
        lb_html_text(html, "%s", i == 0 ? "; languages: " : ", ");
        lb_html_foreign(html, lb_lookup(language, "code"));
        lb_html_say(html, " ", lb_lookup_number(language, "share"), "share");
    }
}

/* "corpus.jsonl: 18,626 people, 211 conversations, 235,028 messages, 2004-07-05 to 2019-03-01." */
static void corpus_line(lb_html *html) {
    const json_t *inputs = lb_lookup(html->document, "corpus.inputs");
    const json_t *first = lb_lookup(html->document, "corpus.first");
    const json_t *last = lb_lookup(html->document, "corpus.last");
    size_t count = json_array_size(inputs);
    lb_html_open(html, "p", "class", "corpus", NULL);
    if (count > 0)
        lb_html_foreign(html, lb_lookup(json_array_get(inputs, 0), "path"));
    if (count > 1)
        lb_html_text(html, " and %zu more", count - 1);
    count_words(html, count > 0 ? ": " : "", "corpus.users", "people");
    count_words(html, ", ", "corpus.conversations", "conversations");
    count_words(html, ", ", "corpus.messages", "messages");
    if (json_is_string(first) && json_is_string(last)) {
        lb_html_text(html, ", %.10s to %.10s", json_string_value(first), json_string_value(last));
    }
    languages(html);
    lb_html_close(html);
}

static void findings(lb_html *html, const lb_answers *answers) {
    const lb_findings *found = &answers->findings;
    if (found->count == 0)
        return;
    lb_html_leaf(html, "h2", "small", "%s",
                 answers->verdict.light == LB_LIGHT_NONE ? "The largest figures"
                                                         : "The worst findings");
    lb_html_open(html, "ol", "class", "findings", NULL);
    for (size_t i = 0; i < found->count && (found->broken == 0 || i < found->broken); i++) {
        const lb_finding *finding = &found->items[i];
        lb_html_open(html, "li", NULL);
        lb_html_open(html, "a", NULL);
        lb_html_attribute(html, "href", "#%s", lb_html_evidence(html, finding->anchor));
        buffer_text(html, &finding->text);
        lb_html_close(html);
        lb_html_leaf(html, "span", "mend", " %s", finding->mend);
        lb_html_close(html);
    }
    lb_html_close(html);
}

void lb_html_verdict(lb_html *html, const lb_answers *answers) {
    const lb_verdict_text *verdict = &answers->verdict;
    lb_html_open(html, "header", "class", "verdict", "data-light", lb_light_name(verdict->light),
                 NULL);
    lb_html_leaf(html, "p", "eyebrow", "linkback audit, %.10s",
                 lb_lookup_text(html->document, "run.started"));
    lb_html_leaf(html, "h1", NULL, "%s", verdict->headline);
    lb_html_open(html, "p", "class", "lead", NULL);
    buffer_text(html, &verdict->detail);
    if (lb_lookup_is(html->document, "gate.claim", "pseudonymous"))
        lb_html_text(html, " %s", lb_pseudonymous_words);
    lb_html_close(html);
    corpus_line(html);
    findings(html, answers);
    lb_html_close(html);
}

static const char *light_words(lb_light light) {
    static const char *const words[] = {"Not judged", "Within policy", "Needs attention",
                                        "Breaks the policy"};
    return words[light];
}

static void paragraph(lb_html *html, const lb_buffer *text) {
    lb_html_open(html, "p", NULL);
    buffer_text(html, text);
    lb_html_close(html);
}

static void answer_card(lb_html *html, const lb_answer *answer) {
    const lb_figure *share = &answer->share;
    char figure[LB_NUMBER_MAX];
    lb_html_open(html, "article", "class", "card", "data-light", lb_light_name(answer->light),
                 NULL);
    lb_html_leaf(html, "h2", NULL, "%s", answer->question);
    if (answer->has_share) {
        lb_number_display(share->value, "share", 2, figure);
        lb_html_leaf(html, "p", "figure", "%s", figure);
        lb_html_open(html, "p", "class", "figure-of", NULL);
        buffer_text(html, &answer->lead);
        lb_html_close(html);
        lb_svg_share_bar(html, share->value, share->has_interval ? share->low : 0,
                         share->has_interval ? share->high : 0);
    }
    if (!answer->has_share)
        paragraph(html, &answer->lead);
    if (answer->sentence.size > 0)
        paragraph(html, &answer->sentence);
    lb_html_open(html, "p", "class", "foot", NULL);
    if (!answer->known && answer->light == LB_LIGHT_BAD)
        lb_html_light(html, LB_LIGHT_BAD, "The policy asks for it");
    else
        lb_html_light(html, answer->known ? answer->light : LB_LIGHT_NONE,
                      answer->known ? light_words(answer->light) : "Not measured");
    lb_html_close(html);
    lb_html_close(html);
}

void lb_html_answer_cards(lb_html *html, const lb_answers *answers) {
    lb_html_open(html, "section", "id", "answers", "class", "cards", "aria-label",
                 "The three questions", NULL);
    for (size_t i = 0; i < LB_ANSWERS; i++)
        if (lb_answer_asked(html->document, i))
            answer_card(html, &answers->answers[i]);
    lb_html_close(html);
}
