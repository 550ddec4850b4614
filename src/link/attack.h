/* One run of the attack on two sides, whatever they come from: signals, scores, fusion, figures. */
#ifndef LB_LINK_ATTACK_H
#define LB_LINK_ATTACK_H

#include "link/fusion/fusion.h"
#include "link/result.h"
#include "link/split.h"

enum { LB_LINK_MIN_MESSAGES = 5 /* where the options do not say */ };

typedef struct lb_attack {
    const lb_side *gallery, *queries;
    const uint32_t *matches; /* [queries] places in the gallery, LB_NOT_FOUND where none is known */
    const lb_link_options *options;
    unsigned without; /* bits of signals that are not used */
    const lb_word_set *suppressed;
    const lb_fusion *learnt; /* what to judge by; NULL: learns from the matches, cross-fitted */
    lb_scores scores;
    lb_fusion fusion;
    uint64_t *people;     /* [queries] hashes of the units */
    lb_outcome *outcomes; /* [queries] */
    uint32_t *guesses;    /* [queries] place of the best candidate, LB_NOT_FOUND for none */
    lb_link_result *result;
} lb_attack;

/* Runs it, with at least one query, and says everything of it in *result. The fusion stays in the
 * attack until lb_attack_clear, which must follow whatever the status. */
int lb_attack_run(lb_attack *run, lb_error *error);
void lb_attack_clear(lb_attack *run);

/* The rule of self-linkage that the options ask for. */
lb_split_options lb_attack_split_options(const lb_link_options *options);
/* Runs it on a split, if that has a query, and says of the split what the result has of it. */
int lb_attack_split(lb_attack *run, const lb_split *split, const lb_link_options *options,
                    lb_error *error);

#endif
