#include "report/kit/answers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "results/metric.h"
#include "results/number.h"

const char lb_revealed_warning[] =
    "This report shows rare words and keys in clear: only for those who may see the corpus.";

const char lb_pseudonymous_words[] = "Pseudonymous: its people are linkable by design.";

enum { HEADLINE_DIGITS = 2, DIGITS = 3 };

const char *lb_light_name(lb_light light) {
    static const char *const NAMES[] = {"none", "good", "care", "bad"};
    return NAMES[light];
}

bool lb_check_is_missed(const json_t *check) {
    return lb_lookup_is(check, "verdict", "not_judged") && lb_lookup_flag(check, "must") &&
           !lb_lookup_is(check, "severity", "note");
}

lb_light lb_check_light(const json_t *check) {
    if (lb_lookup_is(check, "verdict", "held"))
        return LB_LIGHT_GOOD;
    if (lb_lookup_is(check, "verdict", "waived"))
        return LB_LIGHT_CARE;
    if (lb_lookup_is(check, "verdict", "not_judged"))
        return lb_check_is_missed(check) ? LB_LIGHT_CARE : LB_LIGHT_NONE;
    if (lb_lookup_is(check, "severity", "error"))
        return LB_LIGHT_BAD;
    return lb_lookup_is(check, "severity", "note") ? LB_LIGHT_NONE : LB_LIGHT_CARE;
}

bool lb_waiver_lingers(const json_t *waiver) {
    return lb_lookup_is(waiver, "state", "ended") || lb_lookup_is(waiver, "state", "unused");
}

int lb_waiver_sentence(const json_t *waiver, lb_buffer *into, lb_error *error) {
    const char *owner = lb_lookup_text_or_null(waiver, "owner");
    const char *state = lb_lookup_is(waiver, "state", "ended") ? "has ended"
                        : lb_lookup_is(waiver, "state", "unused")
                            ? "is not used: nothing fails there"
                            : "is used";
    return lb_buffer_printf(into, error, "The waiver for %s until %s %s; its reason: %s%s%s%s.",
                            lb_lookup_text(waiver, "metric"), lb_lookup_text(waiver, "until"),
                            state, lb_lookup_text(waiver, "reason"), owner ? " (" : "",
                            owner ? owner : "", owner ? ")" : "");
}

static const json_t *checks_of(const json_t *document) {
    return lb_lookup(document, "gate.checks");
}

static int policy_names(const json_t *document, lb_buffer *into, lb_error *error) {
    const json_t *names = lb_lookup(document, "gate.policies");
    size_t count = json_array_size(names);
    int status = lb_buffer_printf(into, error, "%s ", count == 1 ? "profile" : "profiles");
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        status = lb_buffer_printf(into, error, "%s%s",
                                  i == 0           ? ""
                                  : i + 1 == count ? " and "
                                                   : ", ",
                                  name ? name : "?");
    }
    return status;
}

/* The checks of the gate by what they mean for the verdict. */
typedef struct tally {
    size_t all, judged, broken, missed, careful;
} tally;

static tally tally_of(const json_t *document) {
    const json_t *checks = checks_of(document);
    tally made = {.all = json_array_size(checks)};
    for (size_t i = 0; i < made.all; i++) {
        const json_t *check = json_array_get(checks, i);
        lb_light light = lb_check_light(check);
        bool missed = lb_check_is_missed(check);
        made.judged += !lb_lookup_text_or_null(check, "why");
        made.broken += light == LB_LIGHT_BAD;
        made.missed += missed;
        made.careful += light == LB_LIGHT_CARE && !missed;
    }
    return made;
}

/* The noun stands at the first number alone. */
static const char *rules_word(size_t number, size_t before) {
    return before ? "" : number == 1 ? "rule " : "rules ";
}

/* ": 2 of 23 rules are broken, 1 that must be judged was not, and 3 need attention." */
static int verdict_counts(const tally *made, bool failed, lb_buffer *into, lb_error *error) {
    char parts[3][96];
    size_t count = 0;
    if (made->broken) {
        snprintf(parts[count], sizeof *parts, "%zu of %zu rules %s broken", made->broken, made->all,
                 made->broken == 1 ? "is" : "are");
        count++;
    }
    if (made->missed) {
        snprintf(parts[count], sizeof *parts, "%zu %sthat must be judged %s not", made->missed,
                 rules_word(made->missed, count), made->missed == 1 ? "was" : "were");
        count++;
    }
    if (made->careful) {
        snprintf(parts[count], sizeof *parts, "%zu %s%s attention", made->careful,
                 rules_word(made->careful, count), made->careful == 1 ? "needs" : "need");
        count++;
    }
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_buffer_printf(into, error, "%s%s",
                                  i > 0                    ? i + 1 == count ? ", and " : ", "
                                  : failed || made->missed ? ": "
                                                           : "; but ",
                                  parts[i]);
    return status == LB_OK ? lb_buffer_printf(into, error, ".") : status;
}

static int verdict_make(lb_verdict_text *verdict, const json_t *document, lb_error *error) {
    const json_t *gate = lb_lookup(document, "gate");
    const tally made = tally_of(document);
    bool failed = lb_lookup_is(gate, "verdict", "fail");
    bool undecided = lb_lookup_is(gate, "verdict", "undecided");
    if (!failed && !undecided && !lb_lookup_is(gate, "verdict", "pass")) {
        verdict->headline = "No policy was applied";
        return lb_buffer_printf(&verdict->detail, error,
                                "The figures below are measured, not judged. Name a policy "
                                "(--policy release) to have a verdict.");
    }
    bool careful = undecided || made.careful;
    verdict->light = failed ? LB_LIGHT_BAD : careful ? LB_LIGHT_CARE : LB_LIGHT_GOOD;
    verdict->headline = failed      ? "Do not release"
                        : undecided ? "Not decided"
                        : careful   ? "Release with care"
                                    : "Meets its policy";
    int status =
        lb_buffer_printf(&verdict->judged, error, "%zu of %zu rules judged", made.judged, made.all);
    if (status == LB_OK)
        status = lb_buffer_printf(&verdict->detail, error, "%s ",
                                  failed      ? "The corpus does not meet"
                                  : undecided ? "It is not known whether the corpus meets"
                                              : "The corpus meets");
    if (status == LB_OK)
        status = policy_names(document, &verdict->detail, error);
    if (status == LB_OK)
        status = verdict_counts(&made, failed, &verdict->detail, error);
    if (status == LB_OK && !failed && !lb_figure_of(document, "link.top1").known &&
        !lb_figure_of(document, "ext.top1").known)
        status = lb_buffer_printf(&verdict->detail, error,
                                  " Whether pseudonyms can be linked was not measured.");
    return status;
}

/* The worst that the policy says about the metrics of a question. */
static lb_light question_light(const json_t *document, lb_question question) {
    lb_light worst = LB_LIGHT_NONE;
    const json_t *checks = checks_of(document);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const lb_family *family = lb_metric_family(lb_lookup_text(check, "metric"));
        lb_light light = lb_check_light(check);
        if (family->question == question && light > worst)
            worst = light;
    }
    return worst;
}

static int print_figure(const json_t *document, const char *metric, bool interval, lb_buffer *into,
                        lb_error *error) {
    lb_figure figure = lb_figure_of(document, metric);
    return lb_figure_print(&figure, DIGITS, interval, into, error);
}

static int tokens_sentence(lb_answer *answer, const json_t *document, lb_error *error) {
    const char *three = "tokens.unicity_p3", *one = "tokens.unicity_p1";
    const char *metric = lb_figure_of(document, three).known ? three : one;
    if (!lb_figure_of(document, metric).known)
        return LB_OK;
    int status = lb_buffer_printf(&answer->sentence, error,
                                  metric == three ? "Three words of a person's own, picked at "
                                                    "random, single out "
                                                  : "One word of a person's own, picked at "
                                                    "random, singles out ");
    if (status == LB_OK)
        status = print_figure(document, metric, true, &answer->sentence, error);
    if (status == LB_OK)
        status =
            lb_buffer_printf(&answer->sentence, error, " of %s. ", lb_document_units(document));
    return status;
}

static int fields_sentence(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure k = lb_figure_of(document, "qi.k");
    size_t fields = json_array_size(lb_lookup(document, "corpus.quasi_identifiers"));
    if (!k.known)
        return LB_OK;
    int status = LB_OK;
    if (fields > 0)
        status = lb_buffer_printf(&answer->sentence, error, "By %zu %s alone, ", fields,
                                  fields == 1 ? "field" : "fields");
    else
        status = lb_buffer_printf(&answer->sentence, error, "By the fields alone, ");
    if (status == LB_OK)
        status = print_figure(document, "qi.unique_share", true, &answer->sentence, error);
    if (status == LB_OK)
        status = lb_buffer_printf(&answer->sentence, error,
                                  " are unique; the smallest group that looks alike has ");
    if (status == LB_OK)
        status = print_figure(document, "qi.k", false, &answer->sentence, error);
    return status == LB_OK ? lb_buffer_printf(&answer->sentence, error, " %s.",
                                              k.value == 1 ? "member" : "members")
                           : status;
}

static int singling_out(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure words = lb_figure_of(document, "tokens.unique_share");
    lb_figure fields = lb_figure_of(document, "qi.unique_share");
    bool by_fields = fields.known && (!words.known || fields.value > words.value);
    answer->question = "Can someone be singled out?";
    answer->anchor = by_fields ? "quasi-identifiers" : "words";
    answer->known = answer->has_share = words.known || fields.known;
    answer->share = by_fields ? fields : words;
    answer->share_of = by_fields ? "have a combination of fields of their own"
                                 : "have a word that no one else uses";
    if (!answer->known)
        return lb_buffer_printf(&answer->sentence, error,
                                "Not measured: there was neither text nor a quasi-identifier.");
    int status = tokens_sentence(answer, document, error);
    return status == LB_OK ? fields_sentence(answer, document, error) : status;
}

static int not_known(lb_answer *answer, const lb_figure *figure, lb_error *error) {
    if (strcmp(figure->why, "not measured") == 0)
        return lb_buffer_printf(&answer->sentence, error, "Not measured.");
    return lb_buffer_printf(&answer->sentence, error, "Not known: %s.", figure->why);
}

/* " among 18,626 people for 29.1 % (25.5 to 32.9 %); by chance it would be 0.0054 %." */
static int rate_sentence(lb_answer *answer, const json_t *document, const char *candidates,
                         const lb_figure *top, const char *chance, lb_error *error) {
    lb_figure guess = lb_figure_of(document, chance);
    int status = print_figure(document, candidates, false, &answer->sentence, error);
    if (status == LB_OK)
        status =
            lb_buffer_printf(&answer->sentence, error, " %s for ", lb_document_units(document));
    if (status == LB_OK)
        status = lb_figure_print(top, DIGITS, true, &answer->sentence, error);
    if (status == LB_OK && guess.known) {
        status = lb_buffer_printf(&answer->sentence, error, "; by chance it would be ");
        if (status == LB_OK)
            status = lb_figure_print(&guess, HEADLINE_DIGITS, false, &answer->sentence, error);
    }
    return status == LB_OK ? lb_buffer_printf(&answer->sentence, error, ".") : status;
}

/* Of links whose truth is not known: how many there are, by how sure the attack is. */
static int pairs_sentence(lb_answer *answer, const json_t *document, const char *prefix,
                          const char *of, const char *to, lb_error *error) {
    char half[32], nine[32];
    snprintf(half, sizeof half, "%s.pairs_p50", prefix);
    snprintf(nine, sizeof nine, "%s.pairs_p90", prefix);
    char text[LB_NUMBER_MAX];
    lb_number_display(lb_lookup_number(document, of), "", DIGITS, text);
    int status = lb_buffer_printf(&answer->sentence, error, "Of %s %s, the attack links ", text,
                                  lb_document_units(document));
    if (status == LB_OK)
        status = print_figure(document, nine, false, &answer->sentence, error);
    if (status == LB_OK)
        status = lb_buffer_printf(&answer->sentence, error,
                                  " %s with a probability of 0.9 or more, and ", to);
    if (status == LB_OK)
        status = print_figure(document, half, false, &answer->sentence, error);
    return status == LB_OK ? lb_buffer_printf(&answer->sentence, error, " with 0.5 or more.")
                           : status;
}

static int external_sentence(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure top = lb_figure_of(document, "ext.top1");
    bool first = answer->sentence.size == 0;
    if (!first && lb_buffer_printf(&answer->sentence, error, " ") < 0)
        return LB_E_RESOURCE;
    if (!top.known)
        return pairs_sentence(answer, document, "ext", "linkability.external.queries",
                              "to someone of the other corpus", error);
    if (first) {
        answer->known = answer->has_share = true;
        answer->share = top;
        answer->share_of = "are found in the other corpus at the first guess";
    }
    int status = lb_buffer_printf(&answer->sentence, error,
                                  "Of those who are in both corpora, the attack finds the right "
                                  "one first among ");
    return status == LB_OK
               ? rate_sentence(answer, document, "ext.candidates", &top, "ext.chance", error)
               : status;
}

static int self_sentence(lb_answer *answer, const json_t *document, const lb_figure *top,
                         lb_error *error) {
    answer->known = answer->has_share = true;
    answer->share = *top;
    answer->share_of = "are found again in the other half of their messages";
    int status = lb_buffer_printf(&answer->sentence, error,
                                  "Given half of what a person wrote, the attack finds the other "
                                  "half first among ");
    return status == LB_OK
               ? rate_sentence(answer, document, "link.candidates", top, "link.chance", error)
               : status;
}

static int linkability(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure top = lb_figure_of(document, "link.top1");
    bool external =
        lb_figure_of(document, "ext.top1").known || lb_figure_of(document, "ext.pairs_p90").known;
    int status = LB_OK;
    answer->question = "Can two pseudonyms be linked?";
    answer->anchor = "linkability";
    if (top.known)
        status = self_sentence(answer, document, &top, error);
    else if (lb_figure_of(document, "link.pairs_p90").known) {
        answer->known = true;
        status = pairs_sentence(answer, document, "link", "linkability.conversations.queries",
                                "to another of the same person, if people write as in the corpus "
                                "that it learnt from,",
                                error);
    }
    if (status == LB_OK && external) {
        answer->known = true;
        return external_sentence(answer, document, error);
    }
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

static int attack_sentence(lb_answer *answer, const json_t *attack, const char *field,
                           lb_error *error) {
    lb_figure success = lb_figure_at(attack, "success", "success_low", "success_high");
    lb_figure control = lb_figure_at(attack, "control", "control_low", "control_high");
    answer->known = answer->has_share = true;
    answer->share = lb_figure_at(attack, "risk", "low", "high");
    answer->share_of = "of what could be guessed is learnt from being in the corpus";
    int status =
        lb_buffer_printf(&answer->sentence, error,
                         "Knowing the other fields, the attack guesses \"%s\" right for ", field);
    if (status == LB_OK)
        status = lb_figure_print(&success, DIGITS, true, &answer->sentence, error);
    if (status == LB_OK)
        status = lb_buffer_printf(&answer->sentence, error,
                                  " of the people it aims at; for people who were left out of what "
                                  "it knows, for ");
    if (status == LB_OK)
        status = lb_figure_print(&control, DIGITS, false, &answer->sentence, error);
    return status == LB_OK ? lb_buffer_printf(&answer->sentence, error, ".") : status;
}

static int inference(lb_answer *answer, const json_t *document, lb_error *error) {
    lb_figure alpha = lb_figure_of(document, "inference.alpha");
    const char *field = NULL;
    const json_t *attack = worst_attack(document, &field);
    answer->question = "Can something sensitive be inferred?";
    answer->anchor = "inference";
    if (attack)
        return attack_sentence(answer, attack, field, error);
    answer->known = answer->has_share = alpha.known;
    answer->share = alpha;
    answer->share_of = "of a group that looks alike share one sensitive value, at worst";
    if (alpha.known)
        return lb_buffer_printf(&answer->sentence, error,
                                "In the worst group of %s that look alike, a guess of the most "
                                "frequent sensitive value is right that often.",
                                lb_document_units(document));
    if (json_array_size(lb_lookup(document, "corpus.sensitive")) == 0)
        return lb_buffer_printf(&answer->sentence, error,
                                "Not asked: no field was named as sensitive (--sensitive).");
    return not_known(answer, &alpha, error);
}

static lb_finding *finding_add(lb_answers *answers, const char *metric, lb_light light) {
    if (answers->finding_count == LB_FINDINGS_MAX)
        return NULL;
    lb_finding *finding = &answers->findings[answers->finding_count++];
    finding->light = light;
    finding->metric = metric;
    finding->anchor = lb_metric_family(metric)->anchor;
    finding->mend = lb_metric_family(metric)->mend;
    return finding;
}

/* A reason begins like the name of its figure; as a finding it is a sentence. */
static void begin_sentence(lb_buffer *text) {
    if (text->size > 0 && lb_is_lower(text->data[0]))
        text->data[0] = (char)(text->data[0] - 'a' + 'A');
}

static bool has_anchor(const lb_answers *answers, const char *metric) {
    for (size_t i = 0; i < answers->finding_count; i++)
        if (strcmp(answers->findings[i].anchor, lb_metric_family(metric)->anchor) == 0)
            return true;
    return false;
}

static bool has_metric(const lb_answers *answers, const char *metric) {
    for (size_t i = 0; i < answers->finding_count; i++)
        if (strcmp(answers->findings[i].metric, metric) == 0)
            return true;
    return false;
}

/* `missed`: those that must be judged and were not; `fresh`: only what no finding so far has its evidence beside. */
static int rules_add(lb_answers *answers, const json_t *document, lb_light light, bool missed,
                     bool fresh, lb_error *error) {
    const json_t *checks = checks_of(document);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const char *metric = lb_lookup_text(check, "metric");
        if (lb_check_light(check) != light || lb_check_is_missed(check) != missed ||
            has_metric(answers, metric) || (fresh && has_anchor(answers, metric)))
            continue;
        lb_finding *finding = finding_add(answers, metric, light);
        if (!finding)
            return LB_OK;
        int status = lb_buffer_printf(&finding->text, error, "%s", lb_lookup_text(check, "reason"));
        if (status < 0)
            return status;
        begin_sentence(&finding->text);
        if (lb_lookup_is(check, "verdict", "not_judged"))
            finding->mend =
                "Measure it, or say in a policy why it need not be judged (must: false).";
        if (lb_lookup_is(check, "verdict", "waived"))
            finding->mend = "Waived for now; mend it before the waiver ends.";
    }
    return LB_OK;
}

/* What is broken, what the verdict wants judged, and what needs attention. */
static int policy_findings(lb_answers *answers, const json_t *document, lb_error *error) {
    static const struct {
        lb_light light;
        bool missed;
    } ranks[] = {{LB_LIGHT_BAD, false}, {LB_LIGHT_CARE, true}, {LB_LIGHT_CARE, false}};
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < 2 * (sizeof ranks / sizeof *ranks); i++)
        status = rules_add(answers, document, ranks[i / 2].light, ranks[i / 2].missed, i % 2 == 0,
                           error);
    return status;
}

static int metric_words(const json_t *document, const char *name, lb_buffer *into,
                        lb_error *error) {
    const lb_metric *metric = lb_metric_find(name);
    return lb_document_phrase(document, metric ? metric->title : name, into, error);
}

/* Without a policy the shares of people that are largest speak for themselves. */
static int largest_shares(lb_answers *answers, const json_t *document, lb_error *error) {
    static const char *const SHARES[] = {"link.top1",
                                         "ext.top1",
                                         "qi.unique_share",
                                         "tokens.unique_share",
                                         "tokens.signature_share",
                                         "tokens.unicity_p1",
                                         "identifiers.users_share"};
    enum { SHARE_COUNT = sizeof SHARES / sizeof *SHARES };
    bool taken[SHARE_COUNT] = {false};
    for (size_t round = 0; round < LB_FINDINGS_MAX; round++) {
        size_t best = SHARE_COUNT;
        double most = 0;
        for (size_t i = 0; i < SHARE_COUNT; i++) {
            lb_figure figure = lb_figure_of(document, SHARES[i]);
            if (!taken[i] && figure.known && figure.value > most) {
                most = figure.value;
                best = i;
            }
        }
        if (best == SHARE_COUNT)
            break;
        taken[best] = true;
        lb_finding *finding = finding_add(answers, SHARES[best], LB_LIGHT_NONE);
        if (!finding)
            break;
        int status = metric_words(document, SHARES[best], &finding->text, error);
        if (status == LB_OK)
            status = lb_buffer_printf(&finding->text, error, ": ");
        if (status == LB_OK)
            status = print_figure(document, SHARES[best], true, &finding->text, error);
        if (status < 0)
            return status;
        begin_sentence(&finding->text);
    }
    return LB_OK;
}

bool lb_answer_asked(const json_t *document, size_t question) {
    return question == 1 || !lb_lookup_is(document, "run.job", "link");
}

int lb_answers_make(lb_answers *answers, const json_t *document, lb_error *error) {
    *answers = (lb_answers){0};
    int status = verdict_make(&answers->verdict, document, error);
    if (status == LB_OK)
        status = singling_out(&answers->answers[0], document, error);
    if (status == LB_OK)
        status = linkability(&answers->answers[1], document, error);
    if (status == LB_OK)
        status = inference(&answers->answers[2], document, error);
    for (size_t i = 0; i < LB_ANSWERS; i++)
        answers->answers[i].light = question_light(document, (lb_question)i);
    if (status == LB_OK)
        status = policy_findings(answers, document, error);
    if (status == LB_OK && answers->verdict.light == LB_LIGHT_NONE)
        status = largest_shares(answers, document, error);
    return status;
}

void lb_answers_free(lb_answers *answers) {
    lb_buffer_free(&answers->verdict.judged);
    lb_buffer_free(&answers->verdict.detail);
    for (size_t i = 0; i < LB_ANSWERS; i++)
        lb_buffer_free(&answers->answers[i].sentence);
    for (size_t i = 0; i < LB_FINDINGS_MAX; i++)
        lb_buffer_free(&answers->findings[i].text);
}
