/* Can pseudonyms be linked: the attack on the corpus itself, on conversations whose people nobody
 * knows, and on another corpus. */
#include <stdio.h>

#include "report/html/html_linkage.h"
#include "report/html/html_table.h"
#include <math.h>

enum { SHOWN = 20 };

static void self_sentence(lb_html *html) {
    if (!lb_figure_of(html->document, "link.top1").known)
        return;
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_text(html, "Given half of what someone wrote, the attack names the right other half ");
    lb_html_term(html, "link.top1", "first");
    lb_html_text(html, " for ");
    lb_html_figure(html, "link.top1");
    lb_html_text(html, "; by chance it would be ");
    lb_html_figure(html, "link.chance");
    lb_html_text(html, ". At 90 %% precision it ");
    lb_html_term(html, "link.recall_p90", "finds again");
    lb_html_text(html, " ");
    lb_html_figure(html, "link.recall_p90");
    lb_html_text(html, ", those counted who have no other half. Someone with two accounts looks "
                       "like an error of the attack, so that 99 %% precision may be out of reach "
                       "for any.");
    lb_html_close(html);
}

static void who_was_attacked(lb_html *html, const json_t *part) {
    const json_t *excluded = lb_lookup(part, "excluded");
    lb_html_open(html, "p", "class", "note", NULL);
    lb_html_say(html, "Attacked: ", lb_lookup_number(part, "eligible"), "");
    lb_html_say(html,
                "; in the crowd without another half: ", lb_lookup_number(part, "distractors"), "");
    lb_html_say(
        html, " (with one conversation only: ", lb_lookup_number(excluded, "one_conversation"), "");
    lb_html_say(html, "; with too few messages: ",
                lb_lookup_number(excluded, "few_messages") + lb_lookup_number(excluded, "one_side"),
                "");
    lb_html_text(html, ").");
    lb_html_close(html);
}

static void signals_cell(lb_html *html, const json_t *link, const char *key) {
    lb_html_open(html, "td", NULL);
    lb_html_signals(html, lb_lookup(link, key));
    lb_html_close(html);
}

static void truth_cell(lb_html *html, const json_t *link, const char *key) {
    const json_t *right = lb_lookup(link, key);
    lb_html_leaf(html, "td", NULL, "%s",
                 json_is_boolean(right) ? json_is_true(right) ? "right" : "wrong" : "");
}

static void exposed_table(lb_html *html, const json_t *exposed) {
    static const lb_html_column columns[] = {
        {"Who", lb_html_show_name, "user"},
        {"The attack is sure", lb_html_show_bar, "probability"},
        {"#percent", lb_html_show_share, "?probability"},
        {"#words", lb_html_show_number, "words"},
        {"What sets them apart", signals_cell, "signals"},
        {0}};
    if (json_array_size(exposed) == 0)
        return;
    lb_html_leaf(html, "h3", NULL, "Who is linked most surely");
    lb_html_leaf(html, "p", NULL,
                 "Those whose other half the attack names rightly, the surest first. A person has "
                 "the same number here as everywhere in this report.");
    lb_html_table_part(html, "Most surely linked", columns, exposed, 0, SHOWN);
}

static void self(lb_html *html) {
    const json_t *part = lb_lookup_if(html->document, "linkability.self");
    const lb_html_linkage of = {"link", part, "the half that is looked for"};
    if (!part)
        return;
    self_sentence(html);
    lb_html_linkage_curve(html, &of);
    lb_html_linkage_ranks(html, &of);
    who_was_attacked(html, part);
    lb_html_linkage_signals(html, &of);
    lb_html_linkage_sizes(html, &of);
    exposed_table(html, lb_lookup_if(part, "exposed"));
    lb_html_linkage_reliability(html, &of);
}

static void conversations(lb_html *html) {
    const json_t *part = lb_lookup_if(html->document, "linkability.conversations");
    if (!part)
        return;
    lb_html_leaf(html, "h3", NULL, "Conversations of unknown people");
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_say(html, "Of ", lb_lookup_number(part, "queries"), "");
    lb_html_text(html, " conversations that were looked for in the other half of the corpus, ");
    lb_html_figure(html, "link.pairs_p90");
    lb_html_text(html, " are linked to one with a probability of 0.9 or more.");
    lb_html_close(html);
    lb_html_linkage_pairs(html, lb_lookup(part, "pairs"), "Conversations linked");
    lb_html_leaf(html, "p", "note",
                 "This assumes that people write as distinctly here as in the corpus that the "
                 "attack learnt from (--calibrate), in conversations as long, and that for one "
                 "conversation of two another of the same person is there. Each was compared to "
                 "half of the others, drawn at random; among all, about twice as many pairs can be "
                 "expected.");
}

static void external_sentence(lb_html *html, const json_t *part) {
    bool known = lb_figure_of(html->document, "ext.top1").known;
    lb_html_open(html, "p", "class", "lead", NULL);
    if (known) {
        lb_html_text(html, "Of those who are in both corpora, the attack names the right one ");
        lb_html_term(html, "ext.top1", "first");
        lb_html_text(html, " for ");
        lb_html_figure(html, "ext.top1");
        lb_html_text(html, "; by chance it would be ");
        lb_html_figure(html, "ext.chance");
        lb_html_text(html, ". At 90 %% precision it ");
        lb_html_term(html, "ext.recall_p90", "finds");
        lb_html_text(html, " ");
        lb_html_figure(html, "ext.recall_p90");
        lb_html_text(html, ".");
    } else {
        lb_html_say(html, "Of ", lb_lookup_number(part, "queries"), "");
        lb_html_text(html, " people, the attack links ");
        lb_html_figure(html, "ext.pairs_p90");
        lb_html_text(html, " to someone of the other corpus with a probability of 0.9 or more. Who "
                           "is who was not known, so that it cannot be said how often it is "
                           "right.");
    }
    lb_html_close(html);
}

static void links_table(lb_html *html, const json_t *part) {
    static const lb_html_column columns[] = {
        {"Who", lb_html_show_name, "a"},
        {"In the other corpus", lb_html_show_foreign, "b"},
        {"The attack is sure", lb_html_show_bar, "probability"},
        {"#percent", lb_html_show_share, "?probability"},
        {"#words", lb_html_show_number, "words"},
        {"What sets them apart", signals_cell, "signals"},
        {"Truth", truth_cell, "right"},
        {0}};
    const json_t *links = lb_lookup(part, "links");
    if (json_array_size(links) == 0)
        return;
    lb_html_table_part(html, "The surest links", columns, links, 0, SHOWN);
    if (json_array_size(links) > SHOWN)
        lb_html_leaf(html, "p", "note", "links.csv has them all.");
}

static void learnt_note(lb_html *html, const json_t *part) {
    const char *on = lb_lookup_text_if(part, "learnt_on");
    lb_html_open(html, "p", "class", "note", NULL);
    if (on) {
        lb_html_text(html, "The probabilities were learnt by linking %s corpus to itself (",
                     on[0] == 'c' ? "this" : "the other");
        lb_html_number(html, lb_lookup_number(part, "learnt_from"), "");
        lb_html_text(html, " people): they hold if people write as alike in both, and are in the "
                           "other corpus in one case of two. ");
    }
    lb_html_say(html,
                "Not looked for, with too few messages: ", lb_lookup_number(part, "too_short"), "");
    lb_html_text(html, ". That two keys are equal counts for nothing.");
    lb_html_close(html);
}

static void external(lb_html *html) {
    const json_t *part = lb_lookup_if(html->document, "linkability.external");
    const lb_html_linkage of = {"ext", part, "the person in this corpus"};
    if (!part)
        return;
    lb_html_leaf(html, "h3", NULL, "Against another corpus");
    external_sentence(html, part);
    if (lb_figure_of(html->document, "ext.pairs_p50").known)
        lb_html_linkage_pairs(html, lb_lookup(part, "pairs"), "Links to the other corpus");
    lb_html_linkage_curve(html, &of);
    if (lb_figure_of(html->document, "ext.top1").known)
        lb_html_linkage_ranks(html, &of);
    learnt_note(html, part);
    links_table(html, part);
    lb_html_linkage_signals(html, &of);
    lb_html_linkage_sizes(html, &of);
    lb_html_linkage_reliability(html, &of);
}

void lb_html_linkability(lb_html *html) {
    lb_html_section_open(html, "linkability");
    self(html);
    conversations(html);
    external(html);
    lb_html_close(html);
}
