/* Of the first page: the three answers, each with one figure, and what the words mean. */
#include "report/html/html.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

static const char *light_words(const lb_html *html, lb_light light) {
    static const char *const words[] = {NULL, "Within policy", "Needs attention",
                                        "Breaks the policy"};
    if (light == LB_LIGHT_NONE)
        return lb_document_has(html->document, "gate.checks") ? "Not limited"
                                                              : "No policy was applied";
    return words[light];
}

static void paragraph(lb_html *html, const char *class, const lb_buffer *text) {
    lb_html_open(html, "p", "class", class, NULL);
    lb_html_buffer(html, text);
    lb_html_close(html);
}

/* The one figure, with whom it is a share of and how sure it is. */
static void lead(lb_html *html, const lb_answer *answer) {
    const lb_figure *share = &answer->share;
    char figure[LB_NUMBER_MAX];
    if (!answer->has_share) {
        paragraph(html, NULL, &answer->lead);
        return;
    }
    lb_number_display(share->value, "share", 2, figure);
    lb_html_leaf(html, "p", "figure", "%s", figure);
    paragraph(html, "figure-of", &answer->lead);
    lb_svg_share_bar(html, share->value, share->has_interval ? share->low : 0,
                     share->has_interval ? share->high : 0);
}

static void evidence(lb_html *html, const lb_answer *answer) {
    const char *anchor = lb_html_evidence(html, answer->anchor);
    lb_html_open(html, "a", NULL);
    lb_html_attribute(html, "href", "#%s", anchor);
    lb_html_text(html, "Evidence");
    lb_html_close(html);
    lb_html_on_paper(html, anchor);
}

static void answer_card(lb_html *html, const lb_answer *answer) {
    lb_html_open(html, "article", "class", "card", "data-light", lb_light_name(answer->light),
                 NULL);
    lb_html_leaf(html, "h2", NULL, "%s", answer->question);
    lead(html, answer);
    if (answer->sentence.size > 0)
        paragraph(html, NULL, &answer->sentence);
    if (answer->caution)
        lb_html_leaf(html, "p", NULL, "%s", answer->caution);
    lb_html_open(html, "p", "class", "foot", NULL);
    if (!answer->known && answer->light == LB_LIGHT_BAD)
        lb_html_light(html, LB_LIGHT_BAD, "The policy asks for it");
    else
        lb_html_light(html, answer->known ? answer->light : LB_LIGHT_NONE,
                      answer->known ? light_words(html, answer->light) : "Not measured");
    lb_html_text(html, " ");
    if (answer->known)
        evidence(html, answer);
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

void lb_html_words(lb_html *html) {
    static const struct {
        const char *word, *meaning;
    } WORDS[] = {
        {"Singled out", "what is known fits one unit of the corpus and no other"},
        {"Linked", "two keys, or two halves of what was written, are found to be of one person"},
        {"Pseudonym, user key", "what the corpus calls a person by, in place of the name"},
        {"Quasi-identifier", "a field that outsiders may know of someone, such as age or country"},
        {"Direct identifier",
         "what names someone by itself: an e-mail address, a telephone number"},
        {"Sensitive field", "a field whose value would harm the person if it became known"},
        {"Policy, profile", "the rules that a release is held to, with their limits"},
        {"12 % (10 to 14 %)", "the estimate, and between which figures the truth lies in 95 of 100 "
                              "cases"},
    };
    lb_html_open(html, "details", "class", "front words", NULL);
    lb_html_leaf(html, "summary", NULL, "What these words mean");
    lb_html_open(html, "dl", NULL);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        lb_html_leaf(html, "dt", NULL, "%s", WORDS[i].word);
        lb_html_open(html, "dd", NULL);
        lb_html_phrase(html, WORDS[i].meaning);
        lb_html_text(html, ".");
        lb_html_close(html);
    }
    lb_html_close(html);
    lb_html_close(html);
}
