/* The answers to the three questions of WP29 Opinion 05/2014: one lead figure each, with whom it is
 * a share of, and what else there is to say. */
#ifndef LB_REPORT_KIT_QUESTIONS_H
#define LB_REPORT_KIT_QUESTIONS_H

#include "report/kit/findings.h"
#include "results/metric.h"

typedef struct lb_answer {
    lb_light light;
    const char *question;
    const char *anchor; /* id of the section with the evidence */
    bool known;
    bool has_share; /* `share` is the one figure of the answer, and `lead` follows it */
    lb_figure share;
    lb_buffer lead;      /* "of 400 people have a word that nobody else uses"; or, where there is no
                           figure, a sentence: why, or "Only 7 people: too few for a figure ..." */
    lb_buffer sentence;  /* what else there is to say; may be empty */
    const char *caution; /* what a low figure does not say; NULL: nothing to be careful of */
} lb_answer;

/* Appends to `answer`; the light is not its business. */
int lb_question_answer(lb_answer *answer, const json_t *document, lb_question question,
                       lb_error *error);

#endif
