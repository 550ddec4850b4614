/* What an audit has at hand while its sections run: the settings, the corpus and its index, the
 * results that the sections fill, and what one section keeps for a later one. run.c makes it, and
 * lb_audit_run_state_close frees all in it but the settings and the results. */
#ifndef LB_AUDIT_SECTION_STATE_H
#define LB_AUDIT_SECTION_STATE_H

#include "audit/side/other_corpus.h"
#include "results/results.h"
#include "risk/words/token_classes.h"
#include "risk/words/tokens.h"
#include "risk/words/worst_case.h"

typedef struct lb_audit_run_state {
    const lb_settings *settings;
    lb_corpus *corpus;
    lb_index *index;
    lb_results *results;
    lb_other_corpus aux, calibrate; /* opened with the corpus, read when they are looked at */
    int64_t started;                /* seconds since 1970 */
    lb_anonymity anonymity;         /* of all quasi-identifiers; units == 0 until it was measured */
    lb_token_result tokens[LB_NGRAMS_MAX];
    lb_token_classes token_classes; /* class_of NULL until it was measured */
    lb_worst_case worst_case;       /* of the 1-grams; unit NULL until it was measured */
    /* [quasi-identifiers][codes] units that have a value; made when asked for */
    uint32_t **value_units;
    uint32_t *numbers; /* [units] what masked units are called; NULL until asked for (numbers.h) */
} lb_audit_run_state;

void lb_audit_run_state_close(lb_audit_run_state *audit); /* also after a failure */

#endif
