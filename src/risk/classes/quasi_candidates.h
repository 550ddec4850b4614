/* Which fields might be quasi-identifiers although nobody named them: fields that say something
 * lasting about a unit and tell many units apart (Motwani & Xu 2007: distinct ratio and separation
 * ratio).
 */
#ifndef LB_RISK_CLASSES_QUASI_CANDIDATES_H
#define LB_RISK_CLASSES_QUASI_CANDIDATES_H

#include "base/memory.h"
#include "index/table.h"

typedef enum lb_quasi_candidate_kind {
    LB_CANDIDATE_QUASI, /* lasting, shared by some, different between many */
    LB_CANDIDATE_KEY,   /* nearly a value of its own for each unit: an identifier or a pseudonym */
    LB_CANDIDATE_PASSING, /* differs within most units: it describes messages, not people */
    LB_CANDIDATE_WEAK     /* nearly the same for all, or missing for nearly all */
} lb_quasi_candidate_kind;

typedef struct lb_quasi_candidate_thresholds {
    double key_distinction;  /* distinction from which a field is a key */
    double least_separation; /* separation below which it is weak */
    double most_missing;     /* missing share above which it is weak */
    double least_steadiness; /* steadiness below which it is passing */
} lb_quasi_candidate_thresholds;

/* 0.9, 0.1, 0.9, 0.5: by judgement, not from the literature. */
extern const lb_quasi_candidate_thresholds lb_quasi_candidate_defaults;

typedef struct lb_quasi_candidate {
    uint32_t column; /* index into table->quasi_identifiers */
    lb_quasi_candidate_kind kind;
    uint32_t values;     /* distinct, without missing */
    double missing;      /* share of units that show no value */
    double steadiness;   /* share of units that show one value or none, among those of several
                            records; 1 without such units */
    double distinction;  /* distinct values / units that show one */
    double separation;   /* share of pairs of units whose sets of values differ */
    double unique_share; /* units with a value that no other has */
} lb_quasi_candidate;

typedef struct lb_quasi_candidates {
    /* [count] by kind, then by separation, largest first, then by column */
    const lb_quasi_candidate *items;
    size_t count;
    lb_arena *arena;
} lb_quasi_candidates;

/* Ranks the quasi-identifiers of a table that holds the extra fields as such. O(rows * columns).
 * Errors: LB_E_RESOURCE. On failure nothing is left. */
int lb_quasi_candidates_rank(lb_quasi_candidates *out, const lb_table *table,
                             const lb_quasi_candidate_thresholds *thresholds, lb_error *error);
void lb_quasi_candidates_free(lb_quasi_candidates *candidates); /* leaves {0} */

#endif
