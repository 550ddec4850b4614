/* The sections of the results, one file each: every function here runs its measures on the index
 * and puts what they found into the metrics and the document. */
#ifndef LB_AUDIT_SECTION_SECTION_H
#define LB_AUDIT_SECTION_SECTION_H

#include "audit/side/other_corpus.h"
#include "base/buffer.h"
#include "link/link.h"
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
    uint32_t *
        *value_units; /* [quasi-identifiers][codes] units that have a value; made when asked for */
} lb_audit_run_state;

int lb_section_corpus(lb_audit_run_state *audit, lb_error *error); /* corpus, warnings */
int lb_section_quasi_identifiers(lb_audit_run_state *audit,
                                 lb_error *error); /* singling_out.quasi_identifiers */
int lb_section_tokens(lb_audit_run_state *audit, lb_error *error); /* singling_out.tokens */
int lb_section_token_classes(lb_audit_run_state *audit,
                             lb_error *error); /* ... .classes_of_rare_tokens; after the tokens */
int lb_section_unicity(lb_audit_run_state *audit,
                       lb_error *error); /* singling_out.unicity, .worst_case, .km_anonymity */
int lb_section_extrapolation(lb_audit_run_state *audit,
                             lb_error *error); /* singling_out.extrapolation; with --population */
int lb_section_people(lb_audit_run_state *audit, lb_error *error); /* users; after those above */
int lb_section_conversations(lb_audit_run_state *audit,
                             lb_error *error); /* singling_out.conversations */

int lb_section_candidates(lb_audit_run_state *audit, lb_error *error); /* singling_out.candidates */
int lb_section_subsets(lb_audit_run_state *audit,
                       lb_error *error); /* singling_out.quasi_identifiers.subsets */
int lb_section_attackers(lb_audit_run_state *audit,
                         lb_error *error); /* ... .population_table, .individual */
int lb_section_suda(lb_audit_run_state *audit, lb_error *error);      /* singling_out.suda */
int lb_section_inference(lb_audit_run_state *audit, lb_error *error); /* inference */
int lb_section_link(lb_audit_run_state *audit, lb_error *error);      /* linkability.self */
int lb_section_linkable(lb_audit_run_state *audit, lb_error *error); /* linkability.conversations */
int lb_section_external(lb_audit_run_state *audit, lb_error *error); /* linkability.external */
int lb_section_what_if(lb_audit_run_state *audit,
                       lb_error *error); /* what_if; after the subsets and the linkage */
int lb_section_population(lb_audit_run_state *audit,
                          lb_error *error); /* population; after the anonymity sets */

int lb_section_identifiers(lb_audit_run_state *audit,
                           lb_error *error);                          /* singling_out.identifiers */
int lb_section_keys(lb_audit_run_state *audit, lb_error *error);      /* ... .keys */
int lb_section_languages(lb_audit_run_state *audit, lb_error *error); /* corpus.languages */
int lb_section_consent(lb_audit_run_state *audit, lb_error *error);   /* consent */
int lb_section_retention(lb_audit_run_state *audit, lb_error *error); /* retention */

/* How the attack runs, by the settings; and why there is none on the corpus itself, NULL: there is.
 */
lb_link_options lb_section_link_options(const lb_audit_run_state *audit);
const char *lb_section_no_self_linkage(const lb_audit_run_state *audit);

/* What was read, as corpus.inputs lists it; complete once it was read to its end. */
json_t *lb_section_inputs(const lb_corpus *corpus);

/* Appends "FILE:LINE" of an own message. */
int lb_section_message_place(const lb_audit_run_state *audit, const lb_own_message *message,
                             lb_buffer *into, lb_error *error);

/* Says of all the metrics that they could not be computed, and why. */
int lb_section_unknown(lb_audit_run_state *audit, const lb_metric_id *metrics, size_t count,
                       const char *why, lb_error *error);

/* Bytes for the units' lists of tokens: what the index leaves of the budget. */
uint64_t lb_section_list_memory(const lb_audit_run_state *audit);

/* LB_E_USAGE where the population is said to be smaller than the corpus. */
int lb_section_check_population(const lb_audit_run_state *audit, lb_error *error);

/* Why a measure of the quasi-identifiers does not apply; NULL: it does. */
const char *lb_section_no_table(const lb_audit_run_state *audit, unsigned measure);

/* Appends a quasi-identifier's value, masked where fewer than k units have it (unless all is
 * revealed). */
int lb_section_value(lb_audit_run_state *audit, const lb_column *column, uint32_t code,
                     lb_buffer *into, lb_error *error);

/* Appends a unit's key, masked as number `rank` of the list it stands in (unless all is revealed).
 */
int lb_section_key(const lb_audit_run_state *audit, uint32_t unit, size_t rank, lb_buffer *into,
                   lb_error *error);

/* The same of any index. */
int lb_section_key_of(const lb_index *index, bool reveal, uint32_t unit, size_t rank,
                      lb_buffer *into, lb_error *error);

/* Appends a token, masked unless all is revealed: of a person's tokens even those that many use say
 * something together. */
int lb_section_token(const lb_audit_run_state *audit, uint64_t token, lb_buffer *into,
                     lb_error *error);

/* "file:line" of a record; null where the line is 0. */
json_t *lb_section_place(const lb_audit_run_state *audit, uint32_t source, uint64_t line);

/* The units' hashes, by which draws are keyed; NULL for records. The caller frees them. */
int lb_section_unit_keys(const lb_audit_run_state *audit, uint64_t **keys, lb_error *error);

/* "users", "conversations" or "records". */
const char *lb_unit_noun(lb_unit unit, bool plural);

#endif
