/* Individual risk with sampling weights (Benedetti & Franconi 1998; Franconi & Polettini 2004).
 *
 * For a class with f units whose weights add up to F, p = f / F is the estimated sampling rate of
 * the class, and the risk of its units is the posterior mean of 1 / (people in the class), the
 * number of people being f + a negative binomial variable: r = (p / f) 2F1(1, 1; f + 1; 1 - p).
 */
#ifndef LB_RISK_CLASSES_INDIVIDUAL_RISK_H
#define LB_RISK_CLASSES_INDIVIDUAL_RISK_H

#include "base/memory.h"
#include "index/table.h"

/* r for f >= 1 and 0 < p <= 1, to about 15 digits; 1 / f at p = 1, towards 0 with p. O(f) for small
 * f, at most some hundred steps. */
double lb_individual_risk(uint32_t f, double p);

typedef struct lb_individual {
    size_t units;
    double max, mean;    /* over units; 0 without units */
    size_t clamped;      /* classes whose weights add up to less than their units: taken as p = 1 */
    const double *risks; /* [units] */
    lb_arena *arena;
} lb_individual;

/* Classes are those of all quasi-identifiers, a missing value being one of its own. A unit's weight
 * is the mean weight of its records; its risk is the highest of its classes. Errors: LB_E_USAGE
 * without weights; LB_E_INPUT for a weight that is not a positive number; LB_E_RESOURCE. On failure
 * nothing is left. */
int lb_individual_measure(lb_individual *out, const lb_table *table, lb_error *error);
void lb_individual_free(lb_individual *individual); /* leaves {0} */

#endif
