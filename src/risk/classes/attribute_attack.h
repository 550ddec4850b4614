/* The attribute inference attack: does being in the release make a person's sensitive value easier
 * to guess? After Anonymeter (Giomi et al. 2023, section 3.3), with the corpus itself as the
 * release.
 *
 * Some units, the controls, are held out; the others are the release. The attacker knows one row of
 * quasi-identifiers of a person and guesses the sensitive value of the nearest unit of the release:
 * Gower's distance (1 for each differing value, |a - b| / range for numbers, 1 between a value and
 * a missing one), one of the tied nearest drawn at random. Controls show what anyone's value can be
 * guessed from, targets what their own presence adds:
 * risk = (success on targets - success on controls) / (1 - success on controls).
 *
 * The release's units are weighed by the distinct values they show with that row, as in
 * inference.h. A guess is right if it is one of the person's values with the row the attacker
 * knows; of a column of numbers, if it is within `tolerance` of one. A missing value is neither
 * guessed nor a secret. All draws are keyed by (seed, field, unit).
 */
#ifndef LB_RISK_CLASSES_ATTRIBUTE_ATTACK_H
#define LB_RISK_CLASSES_ATTRIBUTE_ATTACK_H

#include "base/interval.h"
#include "base/memory.h"
#include "index/table.h"

enum { LB_ATTACK_LEAST_UNITS = 8 };

typedef struct lb_attribute_attack_options {
    size_t attacks;   /* targets, and controls, at most; also at most a quarter of the units */
    double tolerance; /* share of the secret number; Anonymeter has 0.05 */
    uint64_t seed;
    unsigned threads;     /* at least 1 */
    const uint64_t *keys; /* [units] hashes of the units' keys; NULL: their numbers */
} lb_attribute_attack_options;

typedef struct lb_attribute_attack_field {
    uint32_t column; /* index into table->sensitive */
    const char *why; /* why the risk is not known (a constant), or NULL */
    uint64_t targets, target_hits, controls, control_hits;
    double success, control; /* shares of hits */
    double risk;             /* below 0 where targets fare worse than controls, by chance */
    lb_interval success_interval, control_interval; /* Wilson, 95 % */
    lb_interval risk_interval;                      /* from both, to first order, within [-1, 1] */
} lb_attribute_attack_field;

typedef struct lb_attribute_attack {
    const lb_attribute_attack_field *fields; /* [field_count] in the table's order */
    size_t field_count;
    lb_arena *arena;
} lb_attribute_attack;

/* O(attacks * classes * columns) for each field: about a second for 2,000 attacks on 100,000 units.
 * The result does not depend on the number of threads. Errors: LB_E_RESOURCE. On failure nothing is
 * left. */
int lb_attribute_attack_run(lb_attribute_attack *out, const lb_table *table,
                            const lb_attribute_attack_options *options, lb_error *error);
void lb_attribute_attack_free(lb_attribute_attack *attack); /* leaves {0} */

#endif
