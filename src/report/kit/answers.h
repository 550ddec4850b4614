/* What a board member reads: the verdict, the answers to the three questions of WP29 Opinion
 * 05/2014, and the worst findings, as sentences. Computed from the document alone; the HTML page
 * and the summary on the terminal say the same. */
#ifndef LB_REPORT_KIT_ANSWERS_H
#define LB_REPORT_KIT_ANSWERS_H

#include "report/kit/figure.h"
#include "results/metric.h"

/* What the policy makes of something; NONE: no policy speaks about it. */
typedef enum lb_light { LB_LIGHT_NONE, LB_LIGHT_GOOD, LB_LIGHT_CARE, LB_LIGHT_BAD } lb_light;

typedef struct lb_verdict_text {
    lb_light light;
    const char *headline; /* "Do not release" */
    lb_buffer judged;     /* "19 of 23 rules judged"; empty without a policy */
    lb_buffer detail;     /* "It does not meet profile release: 3 of 7 rules are broken." */
} lb_verdict_text;

typedef struct lb_answer {
    lb_light light;
    const char *question;
    const char *anchor; /* id of the section with the evidence */
    bool known;
    bool has_share; /* `share` is the one figure of the answer */
    lb_figure share;
    const char *share_of; /* what the figure says: "have a word that no one else uses" */
    lb_buffer sentence;   /* the answer, or why there is none */
} lb_answer;

typedef struct lb_finding {
    lb_light light;
    const char *metric, *anchor;
    lb_buffer text; /* what is wrong */
    const char *mend;
} lb_finding;

/* The page shows the first three findings, what is read on a terminal or in a job all five. */
enum { LB_ANSWERS = LB_QUESTION_NONE, LB_FINDINGS_MAX = 5, LB_FINDINGS_PAGE = 3 };

typedef struct lb_answers {
    lb_verdict_text verdict;
    lb_answer answers[LB_ANSWERS];
    lb_finding findings[LB_FINDINGS_MAX];
    size_t finding_count;
} lb_answers;

/* What every report that reveals says on every page. */
extern const char lb_revealed_warning[];
/* What a report says where no policy claims that people cannot be linked. */
extern const char lb_pseudonymous_words[];

int lb_answers_make(lb_answers *answers, const json_t *document, lb_error *error);
void lb_answers_free(lb_answers *answers); /* also after a failure; {0} is allowed */

/* Was that question asked at all? `linkback link` asks only whether people can be linked. */
bool lb_answer_asked(const json_t *document, size_t question);

/* It must be judged and was not, so that the verdict is not decided. */
bool lb_check_is_missed(const json_t *check);
/* What the policy says about one check: {verdict, severity, must}. */
lb_light lb_check_light(const json_t *check);
const char *lb_light_name(lb_light light); /* "good", "care", "bad", "none": also CSS classes */

/* Appends "The waiver for qi.k until 2027-03-31 is used: REASON (OWNER)." for one of gate.waivers.
 */
int lb_waiver_sentence(const json_t *waiver, lb_buffer *into, lb_error *error);
bool lb_waiver_lingers(const json_t *waiver); /* it has ended, or covers nothing */

#endif
