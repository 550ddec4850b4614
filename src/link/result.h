/* What the attack is asked and what it found (link.h): shapes only. */
#ifndef LB_LINK_RESULT_H
#define LB_LINK_RESULT_H

#include "base/progress.h"
#include "index/table.h"
#include "link/evaluation.h"
#include "link/features/signals.h"
#include "link/split.h"

enum { LB_LINK_TENTHS = 10, LB_LINK_SIZES = 5, LB_LINK_REASONS = 3, LB_LINK_LEVELS = 3 };
#define LB_LINK_NO_ONE UINT32_MAX

typedef struct lb_link_options {
    lb_split_rule split;
    size_t min_messages; /* on each side; 0 is 5 */
    uint64_t seed;
    unsigned threads;         /* 0 is 1 */
    unsigned without;         /* bits (1 << lb_signal) of signals that are not used */
    size_t suppress_below;    /* what-if: words that fewer units use are taken out of every message
                                 before the attack; 0 and 1: none */
    uint64_t all_pairs_below; /* pairs of profiles that are all compared, at most; 0: 300 million */
    bool ablation; /* also learn without each signal: as many times the time of learning */
    const lb_progress *progress; /* NULL: none */
} lb_link_options;

/* One signal, alone and left out. */
typedef struct lb_link_signal {
    lb_signal signal;
    double top1, mrr;                                     /* of the signal's score alone */
    double top1_without, mrr_without, recall_p90_without; /* NaN unless asked for */
    uint64_t reasons; /* right links of which it is among the reasons */
} lb_link_signal;

/* One eligible person. */
typedef struct lb_link_person {
    uint32_t unit;  /* of the queries' texts */
    uint32_t guess; /* unit of the gallery's texts that the attack names, LB_LINK_NO_ONE for none */
    bool right;
    uint32_t rank;                      /* of the true match, 0 where it is not known */
    double probability;                 /* of the guess */
    double second;                      /* of the next best candidate, 0 where there is none */
    double control;                     /* of the best guess when the true match is not there */
    lb_signal reasons[LB_LINK_REASONS]; /* signals in which the guess stands out most */
    size_t reason_count;
    double words; /* of the query */
} lb_link_person;

/* Accuracy for people with about as much text: fifths of the queries. */
typedef struct lb_link_size {
    double least, most; /* words of the query */
    uint64_t queries, right;
    lb_estimate top1;
    double mrr;
} lb_link_size;

typedef struct lb_link_assigned {
    uint64_t links, right; /* pairs of the one-to-one assignment at probability 0.5 or more */
    lb_estimate precision, recall;
    lb_estimate top1; /* right ones among all queries, whatever the probability */
} lb_link_assigned;

typedef struct lb_link_result {
    /* Of the split, in self-linkage. */
    bool shared; /* conversations have several people */
    lb_split_rule split;
    size_t eligible, distractors, silent, single, few, one_side; /* as of split.h */
    /* Of a linkage that was learnt elsewhere; what is said of the split is then of that. */
    bool learnt_on_unknown;  /* and not on the known corpus */
    size_t too_short;        /* units with fewer messages than asked for, which are no queries */
    size_t matches_short;    /* queries whose match has fewer: left out of the figures */
    size_t words_suppressed; /* distinct words taken out */
    double suppressed_share; /* of all words of the corpus */
    size_t queries;          /* pseudonyms that were tried to be linked */
    bool trained;            /* probabilities were learnt; else they only order */
    uint64_t links[LB_LINK_LEVELS]; /* best guesses of a probability of 0.5, 0.9, 0.99 or more */
    lb_evaluation figures;          /* of the queries whose match is known; queries 0: none is */
    lb_reliability reliability[LB_LINK_TENTHS];
    double mean_candidates;  /* pairs per query that were looked at closely */
    double candidate_recall; /* share of the queries whose match is among them */
    double pruning_loss;     /* share of queries, of those also compared to everyone, whose match is
                                lost by not comparing all pairs; 0 where all pairs were compared */
    bool all_pairs;
    lb_link_signal signals[LB_SIGNALS];
    size_t signal_count;
    lb_link_size sizes[LB_LINK_SIZES];
    lb_link_assigned assigned;
    lb_link_person *people; /* [queries] ascending units */
    lb_arena *arena;
} lb_link_result;

#endif
