/* What a board member reads: the verdict, the answers to the three questions of WP29 Opinion
 * 05/2014, and all findings, as sentences without a term of the trade. Computed from the document alone; the HTML page
 * and the summary on the terminal say the same. */
#ifndef LB_REPORT_KIT_ANSWERS_H
#define LB_REPORT_KIT_ANSWERS_H

#include "report/kit/questions.h"

typedef struct lb_verdict_text {
    lb_light light;
    const char *headline; /* "Do not release" */
    lb_buffer detail;     /* "5 of 20 rules of profile release are broken, 3 were not judged." */
} lb_verdict_text;

enum { LB_ANSWERS = LB_QUESTION_NONE };

typedef struct lb_answers {
    lb_verdict_text verdict;
    lb_answer answers[LB_ANSWERS];
    lb_findings findings;
} lb_answers;

/* What every report that reveals says on every page. */
extern const char lb_revealed_warning[];
/* What a report says where no policy claims that people cannot be linked. */
extern const char lb_pseudonymous_words[];

int lb_answers_make(lb_answers *answers, const json_t *document, lb_error *error);
void lb_answers_free(lb_answers *answers); /* also after a failure; {0} is allowed */

/* Was that question asked at all? `linkback link` asks only whether people can be linked. */
bool lb_answer_asked(const json_t *document, size_t question);

/* Appends "The waiver for qi.k until 2027-03-31 is used: REASON (OWNER)." for one of gate.waivers.
 */
int lb_waiver_sentence(const json_t *waiver, lb_buffer *into, lb_error *error);
bool lb_waiver_lingers(const json_t *waiver); /* it has ended, or covers nothing */

#endif
