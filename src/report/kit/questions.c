#include "report/kit/questions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/kit/plain.h"
#include "results/number.h"

enum { HEADLINE_DIGITS = 2, DIGITS = 3 };

static int say(lb_buffer *into, const char *words, lb_error *error) {
    return lb_buffer_printf(into, error, "%s", words);
}

static int print_figure(const json_t *document, const char *metric, lb_buffer *into,
                        lb_error *error) {
    lb_figure figure = lb_figure_of(document, metric);
    return lb_figure_print(&figure, DIGITS, false, into, error);
}

/* The figure of an answer with whom it is a share of. Of few people it is none: the lead says so, and how many of them it is. */
static int lead_make(lb_answer *answer, const json_t *document, const char *metric,
                     const char *words, lb_error *error) {
    lb_figure figure = lb_figure_of(document, metric);
    bool few = lb_plain_few(document, metric);
    answer->known = true;
    answer->has_share = !few;
    answer->share = figure;
    int status = say(&answer->lead, few ? "Too few for a figure: " : "of ", error);
    if (status == LB_OK)
        status = few ? lb_plain_share(document, metric, &figure, &answer->lead, error)
                     : lb_plain_whom(document, metric, &answer->lead, error);
    return status == LB_OK ? lb_buffer_printf(&answer->lead, error, " %s%s", words, few ? "." : "")
                           : status;
}

/* There is no figure, and why. */
static int not_known(lb_answer *answer, const lb_figure *figure, lb_error *error) {
    if (lb_figure_is_unmeasured(figure))
        return say(&answer->lead, "Not measured.", error);
    return lb_buffer_printf(&answer->lead, error, "Not known: %s.", figure->why);
}

static int tokens_sentence(lb_answer *answer, const json_t *document, lb_error *error) {
    const char *three = "tokens.unicity_p3", *one = "tokens.unicity_p1";
    const char *metric = lb_figure_of(document, three).known ? three : one;
    lb_figure figure = lb_figure_of(document, metric);
    if (!figure.known)
        return LB_OK;
    int status = lb_document_phrase(document,
                                    metric == three ? "Three words of a unit's own, picked at "
                                                      "random, single out "
                                                    : "One word of a unit's own, picked at "
                                                      "random, singles out ",
                                    &answer->sentence, error);
    if (status == LB_OK)
        status = lb_plain_share(document, metric, &figure, &answer->sentence, error);
    return status == LB_OK ? say(&answer->sentence, ".", error) : status;
}

static int fields_sentence(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure unique = lb_figure_of(document, "qi.unique_share");
    lb_figure k = lb_figure_of(document, "qi.k");
    lb_buffer *into = &answer->sentence;
    if (!k.known)
        return LB_OK;
    int status =
        say(into, into->size ? " The rarest combination of " : "The rarest combination of ", error);
    if (status == LB_OK)
        status = lb_plain_names(lb_lookup(document, "corpus.quasi_identifiers"), "the fields", into,
                                error);
    if (status == LB_OK)
        status = say(into, " fits only ", error);
    if (status == LB_OK)
        status = lb_document_units_print(document, k.value, into, error);
    if (status == LB_OK)
        status = say(into, "; ", error);
    if (status == LB_OK)
        status = lb_plain_share(document, "qi.unique_share", &unique, into, error);
    return status == LB_OK ? say(into, " have one that is theirs alone.", error) : status;
}

static int singling_out(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure words = lb_figure_of(document, "tokens.unique_share");
    lb_figure fields = lb_figure_of(document, "qi.unique_share");
    bool by_fields = fields.known && (!words.known || fields.value > words.value);
    answer->question = "Can someone be singled out?";
    answer->anchor = by_fields ? "quasi-identifiers" : "words";
    if (!words.known && !fields.known)
        return say(&answer->lead, "Not measured: there was neither text nor a quasi-identifier.",
                   error);
    int status = by_fields ? lead_make(answer, document, "qi.unique_share",
                                       "have a combination of fields that nobody else has", error)
                           : lead_make(answer, document, "tokens.unique_share",
                                       "have a word that nobody else uses", error);
    if (status == LB_OK)
        status = tokens_sentence(answer, document, error);
    return status == LB_OK ? fields_sentence(answer, document, error) : status;
}

static int range_print(const lb_figure *figure, lb_buffer *into, lb_error *error) {
    char low[LB_NUMBER_MAX], high[LB_NUMBER_MAX];
    lb_number_display(figure->low, figure->unit, DIGITS, low);
    lb_number_display(figure->high, figure->unit, DIGITS, high);
    return lb_buffer_printf(into, error, "%.*s to %s", (int)strcspn(low, "\xC2"), low, high);
}

/* What a low figure does not say. */
static const double LOW_LINKAGE = 0.2;
static const char low_is_no_proof[] =
    "A low figure is no proof: other attackers, such as language models with knowledge of the "
    "world, link more (Lermen et al. 2026).";

/* Of links whose truth is not known: how many there are, by how sure the attack is. */
static int pairs_sentence(lb_answer *answer, lb_buffer *into, const json_t *document,
                          const char *prefix, const char *of, const char *to, lb_error *error) {
    char half[32], nine[32];
    snprintf(half, sizeof half, "%s.pairs_p50", prefix);
    snprintf(nine, sizeof nine, "%s.pairs_p90", prefix);
    double queries = lb_lookup_number(document, of);
    int status = say(into, into->size ? "of " : "Of ", error);
    if (status == LB_OK)
        status = lb_document_units_print(document, queries, into, error);
    if (status == LB_OK)
        status = say(into, ", the attack links ", error);
    if (status == LB_OK)
        status = print_figure(document, nine, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error,
                                  " %s and is sure of it (probability 0.9 or more), and ", to);
    if (status == LB_OK)
        status = print_figure(document, half, into, error);
    if (status == LB_OK)
        status = say(into, " that are as likely right as not (0.5 or more)", error);
    if (lb_figure_of(document, nine).value < LOW_LINKAGE * queries)
        answer->caution = low_is_no_proof;
    return status;
}

/* "Each was sought among 18,626 people, where chance alone finds 0.0054 %; with its uncertainty the
 * share is 25.5 to 32.9 %." */
static int sought_sentence(lb_answer *answer, const json_t *document, const char *prefix,
                           const lb_figure *top, lb_error *error) {
    char name[32];
    lb_buffer *into = &answer->sentence;
    snprintf(name, sizeof name, "%s.candidates", prefix);
    int status = say(into, "Each was sought among ", error);
    if (status == LB_OK)
        status = lb_document_units_print(document, lb_figure_of(document, name).value, into, error);
    snprintf(name, sizeof name, "%s.chance", prefix);
    lb_figure chance = lb_figure_of(document, name);
    if (status == LB_OK && chance.known) {
        status = say(into, ", where chance alone finds ", error);
        if (status == LB_OK)
            status = lb_figure_print(&chance, HEADLINE_DIGITS, false, into, error);
    }
    if (status == LB_OK && answer->has_share && top->has_interval) {
        status = say(into, "; with its uncertainty the share is ", error);
        if (status == LB_OK)
            status = range_print(top, into, error);
    }
    if (status == LB_OK)
        status = say(into, ".", error);
    if (top->value < LOW_LINKAGE)
        answer->caution = low_is_no_proof;
    return status;
}

static int external_pairs(lb_answer *answer, const json_t *document, lb_error *error) {
    return pairs_sentence(answer, &answer->lead, document, "ext", "linkability.external.queries",
                          "to someone of the other corpus", error);
}

/* Behind what the corpus itself says, where that was attacked too. */
static int external_behind(lb_answer *answer, const json_t *document, const lb_figure *top,
                           lb_error *error) {
    lb_buffer *into = &answer->lead;
    into->size -= !answer->has_share; /* the full stop */
    int status = say(into, "; ", error);
    if (status == LB_OK && top->known) {
        status = lb_plain_share(document, "ext.top1", top, into, error);
        if (status == LB_OK)
            status = say(into, " were found there at the first guess", error);
    } else if (status == LB_OK)
        status = external_pairs(answer, document, error);
    return status == LB_OK && !answer->has_share ? say(into, ".", error) : status;
}

static int external_answer(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure top = lb_figure_of(document, "ext.top1");
    if (answer->known)
        return external_behind(answer, document, &top, error);
    answer->known = true;
    if (!top.known) {
        int status = external_pairs(answer, document, error);
        return status == LB_OK ? say(&answer->lead, ".", error) : status;
    }
    int status =
        lead_make(answer, document, "ext.top1", "were found there at the first guess", error);
    return status == LB_OK ? sought_sentence(answer, document, "ext", &top, error) : status;
}

/* "of the 591 people who wrote enough to be attacked (3.2 % of all 18,626) were linked" */
static int self_answer(lb_answer *answer, const json_t *document, const lb_figure *top,
                       lb_error *error) {
    lb_buffer words = {0};
    char share[LB_NUMBER_MAX], all[LB_NUMBER_MAX];
    double everyone = lb_document_count(document), attacked = lb_plain_among(document, "link.top1");
    int status = LB_OK;
    if (attacked < everyone) {
        lb_number_display(attacked / everyone, "share", HEADLINE_DIGITS, share);
        lb_number_display(everyone, "", DIGITS, all);
        status = lb_buffer_printf(&words, error, "(%s of all %s) ", share, all);
    }
    if (status == LB_OK)
        status = say(&words, "were linked: half of what they wrote led to the other half", error);
    if (status == LB_OK)
        status = lead_make(answer, document, "link.top1", words.data, error);
    lb_buffer_free(&words);
    return status == LB_OK ? sought_sentence(answer, document, "link", top, error) : status;
}

static int linkability(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure top = lb_figure_of(document, "link.top1");
    lb_figure pairs = lb_figure_of(document, "link.pairs_p90");
    bool external =
        lb_figure_of(document, "ext.top1").known || lb_figure_of(document, "ext.pairs_p90").known;
    int status = LB_OK;
    answer->question = "Can two pseudonyms be linked?";
    answer->anchor = "linkability";
    if (top.known)
        status = self_answer(answer, document, &top, error);
    else if (pairs.known) {
        answer->known = true;
        status = pairs_sentence(answer, &answer->lead, document, "link",
                                "linkability.conversations.queries",
                                "to another of the same person, if people write as in the corpus "
                                "that it learnt from,",
                                error);
        if (status == LB_OK)
            status = say(&answer->lead, ".", error);
    }
    if (status == LB_OK && external)
        status = external_answer(answer, document, error);
    return status < 0 || answer->known ? status : not_known(answer, &top, error);
}

/* The attack on the field that gives most away; NULL: there was none. */
static const json_t *worst_attack(const json_t *document, const char **field) {
    const json_t *fields = lb_lookup_if(document, "inference.fields");
    const json_t *worst = NULL;
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *entry = json_array_get(fields, i);
        const json_t *attack = lb_lookup_if(entry, "attack");
        double risk = lb_lookup_number_if(attack, "risk");
        if (isnan(risk) || (worst && risk <= lb_lookup_number(worst, "risk")))
            continue;
        worst = attack;
        *field = lb_lookup_text(entry, "field");
    }
    return worst;
}

/* "of the 100 people aimed at had their condition guessed from the other fields" */
static int attack_answer(lb_answer *answer, const json_t *attack, const char *field,
                         const json_t *document, lb_error *error) {
    lb_figure success = lb_figure_at(attack, "success", "success_low", "success_high");
    lb_figure control = lb_figure_at(attack, "control", "control_low", "control_high");
    lb_figure risk = lb_figure_at(attack, "risk", "low", "high");
    double targets = lb_lookup_number_if(attack, "targets");
    char number[LB_NUMBER_MAX];
    answer->known = true;
    answer->has_share = !(targets < LB_FEW);
    answer->share = success;
    lb_number_display(success.value * targets, "", HEADLINE_DIGITS, number);
    int status = answer->has_share ? say(&answer->lead, "of the ", error)
                                   : lb_buffer_printf(&answer->lead, error,
                                                      "Too few for a figure: %s of the ", number);
    if (status == LB_OK)
        status = isnan(targets) ? say(&answer->lead, lb_document_units(document), error)
                                : lb_document_units_print(document, targets, &answer->lead, error);
    if (status == LB_OK)
        status =
            lb_buffer_printf(&answer->lead, error,
                             " aimed at have their \"%s\" guessed right from the other fields%s",
                             field, answer->has_share ? "" : ".");
    if (status < 0 || !answer->has_share)
        return status;
    if (success.has_interval) {
        status = say(&answer->sentence, "With its uncertainty the share is ", error);
        if (status == LB_OK)
            status = range_print(&success, &answer->sentence, error);
        if (status == LB_OK)
            status = say(&answer->sentence, ". ", error);
    }
    if (status == LB_OK)
        status = say(&answer->sentence, "Of people who are not in the corpus it would be ", error);
    if (status == LB_OK)
        status = lb_figure_print(&control, DIGITS, false, &answer->sentence, error);
    if (status == LB_OK)
        status = say(&answer->sentence, "; being in it gives away ", error);
    if (status == LB_OK)
        status = lb_figure_print(&risk, DIGITS, true, &answer->sentence, error);
    return status == LB_OK ? say(&answer->sentence, " of what was left to guess.", error) : status;
}

static int inference(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure alpha = lb_figure_of(document, "inference.alpha");
    const char *field = NULL;
    const json_t *attack = worst_attack(document, &field);
    answer->question = "Can something sensitive be inferred?";
    answer->anchor = "inference";
    if (attack)
        return attack_answer(answer, attack, field, document, error);
    answer->known = answer->has_share = alpha.known;
    answer->share = alpha;
    if (alpha.known)
        return lb_document_phrase(document,
                                  "of the units of one group that looks alike share one sensitive "
                                  "value, at worst",
                                  &answer->lead, error);
    if (json_array_size(lb_lookup(document, "corpus.sensitive")) == 0)
        return say(&answer->lead, "Not asked: no field was named as sensitive (--sensitive).",
                   error);
    return not_known(answer, &alpha, error);
}

int lb_question_answer(lb_answer *answer, const json_t *document, lb_question question,
                       lb_error *error) {
    switch (question) {
    case LB_QUESTION_SINGLED_OUT:
        return singling_out(answer, document, error);
    case LB_QUESTION_LINKED:
        return linkability(answer, document, error);
    default:
        return inference(answer, document, error);
    }
}
