#include "report/kit/answers.h"

#include <string.h>

#include "report/kit/questions.h"
#include "results/metric.h"

const char lb_revealed_warning[] =
    "This report shows rare words and keys in clear: only for those who may see the corpus.";

const char lb_pseudonymous_words[] = "Pseudonymous: what one person wrote is linkable by design.";

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
    size_t all, broken, missed, unjudged, careful, noted;
} tally;

static tally tally_of(const json_t *document) {
    const json_t *checks = checks_of(document);
    tally made = {.all = json_array_size(checks)};
    for (size_t i = 0; i < made.all; i++) {
        const json_t *check = json_array_get(checks, i);
        lb_light light = lb_check_light(check);
        bool judged = !lb_lookup_is(check, "verdict", "not_judged");
        made.unjudged += !judged;
        made.missed += lb_check_is_missed(check);
        made.broken += light == LB_LIGHT_BAD;
        made.careful += judged && light == LB_LIGHT_CARE;
        made.noted += judged && light == LB_LIGHT_NONE;
    }
    return made;
}

/* "5 of 20 rules of profile release" */
static int rules_of(const json_t *document, size_t part, size_t all, lb_buffer *into,
                    lb_error *error) {
    int status =
        lb_buffer_printf(into, error, "%zu of %zu %s of ", part, all, all == 1 ? "rule" : "rules");
    return status == LB_OK ? policy_names(document, into, error) : status;
}

/* Why the verdict is open: the reason for which most rules were not judged. A reason ends with what
 * to do, which is said elsewhere. */
static int open_because(const lb_findings *findings, lb_buffer *into, lb_error *error) {
    size_t more = 0;
    for (size_t i = 1; i < findings->unjudged_count; i++)
        more += findings->unjudged[i].must;
    const char *why = findings->unjudged_count ? findings->unjudged[0].why : lb_not_known;
    int status = lb_buffer_printf(into, error, ", because %.*s", (int)strcspn(why, ":;"), why);
    if (status == LB_OK && more > 0)
        status = lb_buffer_printf(into, error, ", and for %zu more %s", more,
                                  more == 1 ? "reason" : "reasons");
    return status;
}

static int verdict_detail(lb_answers *answers, const json_t *document, const tally *made,
                          bool failed, bool undecided, lb_error *error) {
    lb_buffer *into = &answers->verdict.detail;
    size_t held = made->all - made->broken - made->careful - made->unjudged - made->noted;
    size_t part = failed ? made->broken : undecided ? made->all - made->unjudged : held;
    int status = rules_of(document, part, made->all, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error, " %s",
                                  failed      ? part == 1 ? "is broken" : "are broken"
                                  : undecided ? part == 1 ? "was judged" : "were judged"
                                  : part == 1 ? "holds"
                                              : "hold");
    if (status == LB_OK && !undecided && made->careful)
        status = lb_buffer_printf(into, error, ", %zu %s attention", made->careful,
                                  made->careful == 1 ? "needs" : "need");
    if (status == LB_OK && !failed && !undecided && made->noted)
        status =
            lb_buffer_printf(into, error, ", %zu %s not hold and %s only noted", made->noted,
                             made->noted == 1 ? "does" : "do", made->noted == 1 ? "is" : "are");
    if (status == LB_OK && made->unjudged)
        status = lb_buffer_printf(into, error, ", %zu %s not%s", made->unjudged,
                                  made->unjudged == 1 ? "was" : "were", undecided ? "" : " judged");
    if (status == LB_OK && undecided)
        status = open_because(&answers->findings, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error, ".");
    if (status == LB_OK && !failed && !lb_figure_of(document, "link.top1").known &&
        !lb_figure_of(document, "ext.top1").known)
        status =
            lb_buffer_printf(into, error, " Whether pseudonyms can be linked was not measured.");
    return status;
}

static int verdict_make(lb_answers *answers, const json_t *document, lb_error *error) {
    lb_verdict_text *verdict = &answers->verdict;
    const json_t *gate = lb_lookup(document, "gate");
    const tally made = tally_of(document);
    bool failed = lb_lookup_is(gate, "verdict", "fail");
    bool undecided = lb_lookup_is(gate, "verdict", "undecided");
    if (!failed && !undecided && !lb_lookup_is(gate, "verdict", "pass")) {
        verdict->headline = "No policy was applied";
        return lb_buffer_printf(&verdict->detail, error,
                                "The figures are measured, not judged. Name a policy "
                                "(--policy release) to have a verdict.");
    }
    bool careful = undecided || made.careful;
    verdict->light = failed ? LB_LIGHT_BAD : careful ? LB_LIGHT_CARE : LB_LIGHT_GOOD;
    verdict->headline = failed      ? "Do not release"
                        : undecided ? "Not decided"
                        : careful   ? "Release with care"
                                    : "Meets its policy";
    return verdict_detail(answers, document, &made, failed, undecided, error);
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

bool lb_answer_asked(const json_t *document, size_t question) {
    return question == LB_QUESTION_LINKED || !lb_lookup_is(document, "run.job", "link");
}

int lb_answers_make(lb_answers *answers, const json_t *document, lb_error *error) {
    *answers = (lb_answers){0};
    int status = lb_findings_make(&answers->findings, document, error);
    if (status == LB_OK)
        status = verdict_make(answers, document, error);
    for (lb_question i = 0; status == LB_OK && i < LB_QUESTION_NONE; i++) {
        answers->answers[i].light = question_light(document, i);
        status = lb_question_answer(&answers->answers[i], document, i, error);
    }
    return status;
}

void lb_answers_free(lb_answers *answers) {
    lb_buffer_free(&answers->verdict.detail);
    for (size_t i = 0; i < LB_ANSWERS; i++) {
        lb_buffer_free(&answers->answers[i].lead);
        lb_buffer_free(&answers->answers[i].sentence);
    }
    lb_findings_free(&answers->findings);
}
