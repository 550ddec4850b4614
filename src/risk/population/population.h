/* Population uniqueness: which share of a population of N people is unique on the
 * quasi-identifiers, judged from the sizes of the classes of a sample of n of them (methods,
 * section 1).
 *
 * Three models that lean in different directions, and the rule of Dankar et al. 2012 that picks one
 * of them. A model that gives nothing says why; it never gives 0 in place of an answer. Against
 * populations whose truth is known each of them is off by a factor at small sampling fractions, so
 * all three are to be shown.
 */
#ifndef LB_RISK_POPULATION_POPULATION_H
#define LB_RISK_POPULATION_POPULATION_H

#include <stddef.h>
#include <stdint.h>

#include "linkback/error.h"

/* Classes of one size in the sample. The number need not be whole: where units travel and each is
 * put into the smallest of its classes, it is the units with that smallest size, divided by it. */
typedef struct lb_class_count {
    uint64_t size; /* at least 1 */
    double classes;
} lb_class_count;

/* share is of the population; NaN where `why` (static text) says that there is none. */
typedef struct lb_population_share {
    double share;
    const char *why;
} lb_population_share;

typedef struct lb_population {
    uint64_t sample; /* n: the sum of size * classes, rounded */
    lb_population_share zayatz, pitman, snb;
    lb_population_share chosen; /* by Dankar's rule */
    const char *model;          /* "zayatz", "pitman", "snb", "none" (no unique in the sample) */
    double pitman_theta, pitman_alpha;                     /* NaN without an answer */
    double snb_classes /* K, by Shlosser */, snb_a, snb_b; /* NaN without an answer */
} lb_population;

/* `counts` ascends by size, each size once. Fails with LB_E_USAGE where the population is smaller
 * than the sample, with LB_E_INPUT where the counts are not as said. Allocates nothing. Time: the
 * number of classes, some hundred times. */
int lb_population_estimate(const lb_class_count *counts, size_t count, uint64_t population,
                           lb_population *result, lb_error *error);

/* The models by themselves, for a sample with at least one unit; population >= sample. */

/* Zayatz 1991: hypergeometric, by Bayes from the sizes in the sample. */
lb_population_share lb_population_zayatz(const lb_class_count *counts, size_t count,
                                         uint64_t population);

/* Hoshino 2001: Pitman's sampling formula by maximum likelihood inside its domain: alpha < 1, and
 * theta such that every class can come up. A negative alpha (a finite number of classes) is taken
 * only where its likelihood is significantly above that of alpha = 0. */
lb_population_share lb_population_pitman(const lb_class_count *counts, size_t count,
                                         uint64_t population, double *theta, double *alpha);

/* Chen & Keller-McNulty 1998: class sizes 1 + NB(a, b), number of classes by Shlosser 1981, a and b
 * from the classes of one and of two. Of several solutions the one whose population is nearest in
 * size is taken. */
lb_population_share lb_population_snb(const lb_class_count *counts, size_t count,
                                      uint64_t population, double *classes, double *a, double *b);

#endif
