/* The deep token measures by their definitions: every set of a unit's n-grams, every unit compared.
 * For small corpora. */
#ifndef LB_TESTS_RISK_TOKEN_TWIN_H
#define LB_TESTS_RISK_TOKEN_TWIN_H

#include "token_corpus.h"

typedef void set_visitor(void *context, const uint32_t *set, unsigned count);

/* The n-grams of a unit, ascending, into grams (room for all n-grams); returns their number. */
uint32_t twin_grams(const lb_token_view *view, size_t unit, uint32_t *grams);

/* Units that have all of the set, of at least one n-gram. */
uint32_t twin_users(const lb_token_view *view, const uint32_t *set, unsigned count);

/* Every set of exactly `count` (at most 5) of the unit's n-grams. */
void twin_sets(const lb_token_view *view, size_t unit, unsigned count, set_visitor *visit,
               void *context);

/* The fewest users of any set of exactly `count` of the unit's n-grams, or `most` where there is
 * none of fewer. */
uint32_t twin_smallest(const lb_token_view *view, size_t unit, unsigned count, uint32_t most);

/* The corpus again, with a twin beside everybody who has the same n-grams. NULL: no memory. */
token_corpus *twin_doubled(const lb_token_view *view);

#endif
