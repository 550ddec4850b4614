/* The sections of the results, one file each: every function here runs its measures on the index
 * and puts what they found into the metrics and the document. */
#ifndef LB_AUDIT_SECTION_H
#define LB_AUDIT_SECTION_H

#include "audit/results.h"
#include "audit/settings.h"
#include "index/index.h"
#include "risk/tokens.h"

typedef struct lb_audit_run_state {
    const lb_settings *settings;
    lb_corpus *corpus;
    lb_index *index;
    lb_results *results;
    lb_anonymity anonymity; /* of all quasi-identifiers; units == 0 until it was measured */
    lb_token_result tokens[LB_NGRAMS_MAX];
} lb_audit_run_state;

int lb_section_corpus(lb_audit_run_state *audit, lb_error *error); /* corpus, warnings */
int lb_section_quasi_identifiers(lb_audit_run_state *audit,
                                 lb_error *error); /* singling_out.quasi_identifiers */
int lb_section_tokens(lb_audit_run_state *audit, lb_error *error); /* singling_out.tokens */
int lb_section_people(lb_audit_run_state *audit, lb_error *error); /* users; after the two above */

/* "users", "conversations" or "records". */
const char *lb_unit_noun(lb_unit unit, bool plural);

#endif
