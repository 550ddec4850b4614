/* The signal of the quasi-identifiers: the log-likelihood ratio that two profiles which agree and
 * disagree in these fields are one person (Fellegi & Sunter 1969). Field k agrees with probability
 * m_k in a match and u_k otherwise; both are estimated by expectation-maximisation over all pairs
 * (Winkler 1988), without knowing any match, where a pair is a match as often as each query has
 * one. An agreement counts the more the rarer the value (Winkler 1989): u_k is shared out among the
 * values by how many gallery profiles have them.
 *
 * A profile's value of a field is the one that most of its own messages have (ties by hash), so
 * that a side never knows a value from the other side's messages. A missing value says nothing.
 */
#ifndef LB_LINK_FEATURES_AGREEMENT_H
#define LB_LINK_FEATURES_AGREEMENT_H

#include <stdbool.h>

#include "link/features/side.h"

enum { LB_AGREEMENT_FIELDS = 32 }; /* the first that a corpus has are looked at, at most */

typedef struct lb_agreement lb_agreement;

/* Whether both sides have the same quasi-identifiers, at least one. */
bool lb_agreement_possible(const lb_side *gallery, const lb_side *queries);

/* The gallery's values, and what agreeing is worth. Linear in the messages; the estimation looks at
 * about a million pairs at most of distinct combinations. Fails only for lack of memory. */
int lb_agreement_new(lb_agreement **out, const lb_side *gallery, const lb_side *queries,
                     lb_error *error);
void lb_agreement_free(lb_agreement *agreement); /* NULL is allowed */

double lb_agreement_m(const lb_agreement *agreement, size_t field);
double lb_agreement_u(const lb_agreement *agreement, size_t field);

/* A query's value of a field, and what a profile gets for having it or another one. */
typedef struct lb_field_claim {
    uint32_t value; /* 0: missing */
    float agree, disagree;
} lb_field_claim;

/* Fills claims[fields] from one profile of any side. */
int lb_agreement_claim(const lb_agreement *agreement, const lb_side *side, size_t profile,
                       lb_field_claim *claims, lb_error *error);

/* Adds `factor` times the log-likelihood ratio with every profile of the gallery to row. */
void lb_agreement_add(const lb_agreement *agreement, const lb_field_claim *claims, float factor,
                      float *row);
float lb_agreement_one(const lb_agreement *agreement, const lb_field_claim *claims, size_t profile);

#endif
