/* What the sections share in saying what they found: places, masked keys, values and tokens, and
 * why something is not known. */
#ifndef LB_AUDIT_SECTION_SECTION_H
#define LB_AUDIT_SECTION_SECTION_H

#include "audit/section/state.h"
#include "base/buffer.h"

/* Appends "FILE:LINE" of an own message. */
int lb_section_message_place(const lb_audit_run_state *audit, const lb_own_message *message,
                             lb_buffer *into, lb_error *error);

/* Says of all the metrics that they could not be computed, and why. */
int lb_section_unknown(lb_audit_run_state *audit, const lb_metric_id *metrics, size_t count,
                       const char *why, lb_error *error);

/* The same of another kind of reason. */
int lb_section_absent(lb_audit_run_state *audit, const lb_metric_id *metrics, size_t count,
                      lb_absence absence, const char *why, lb_error *error);

/* Why a measure of words does not apply: the corpus has none, or the measure was left out. NULL: it
 * does. What is not there is said first, as no choice of measures would change it. */
const char *lb_section_no_words(const lb_audit_run_state *audit, unsigned measure,
                                lb_absence *absence);

/* Sets each metric to its value. */
int lb_section_set(lb_audit_run_state *audit, const lb_metric_id *metrics, const double *values,
                   size_t count, lb_error *error);

/* Bytes for the units' lists of tokens: what the index leaves of the budget. */
uint64_t lb_section_list_memory(const lb_audit_run_state *audit);

/* Why a measure of the quasi-identifiers does not apply; NULL: it does. */
const char *lb_section_no_table(const lb_audit_run_state *audit, unsigned measure);

/* Appends a quasi-identifier's value, masked where fewer than k units have it (unless all is
 * revealed). */
int lb_section_value(lb_audit_run_state *audit, const lb_column *column, uint32_t code,
                     lb_buffer *into, lb_error *error);

/* Appends a unit's key, masked as its number (numbers.h) unless all is revealed. */
int lb_section_key(lb_audit_run_state *audit, uint32_t unit, lb_buffer *into, lb_error *error);

/* The same of any index, a unit of which has that number. */
int lb_section_key_of(const lb_index *index, bool reveal, uint32_t unit, uint32_t number,
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
