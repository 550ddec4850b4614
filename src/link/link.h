/* The linkage attack: can these people be linked back? (methods, section 4)
 *
 * Self-linkage cuts every person in two pseudonyms (split.h), compares the pseudonyms by all
 * signals (signals.h), learns from the corpus itself how much each is worth (fusion.h), and says
 * how often the right one is found, at which precision, among how many. External linkage does the
 * same between two corpora.
 *
 * A result owns its memory; lb_link_free frees it. Everything is the same bit for bit for any
 * number of threads, and depends on the seed only in how people are cut and in what is random.
 */
#ifndef LB_LINK_LINK_H
#define LB_LINK_LINK_H

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

/* Attacks a corpus. Fails with LB_E_RESOURCE without memory, with LB_E_INPUT for too many messages.
 * *result need not be initialised and is empty after a failure. */
int lb_link_self(const lb_texts *texts, const lb_link_options *options, lb_link_result *result,
                 lb_error *error);
/* Links the people of `unknown` who have enough messages (options->min_messages) to those of
 * `known`, each with all their text. What the signals are worth is learnt from self-linkage of the
 * corpus of the two in which more people are eligible, never from the truth. `truth`:
 * [unknown->units] units of `known`, LB_LINK_NO_ONE for a person who is not known to be there;
 * NULL: nothing is known, and figures.queries is 0. Errors as above. */
int lb_link_external(const lb_texts *known, const lb_texts *unknown, const uint32_t *truth,
                     const lb_link_options *options, lb_link_result *result, lb_error *error);

/* Links conversations of whom nobody knows the people: `texts` has one unit per conversation. They
 * are cut in two halves at random, of which one is searched for in the other, so that each is
 * compared to half of the others. What the signals are worth is learnt on `users`, a corpus whose
 * units are people, from two single conversations of everyone who has them (split.h). Errors as
 * above. */
int lb_link_conversations(const lb_texts *texts, const lb_texts *users,
                          const lb_link_options *options, lb_link_result *result, lb_error *error);

void lb_link_free(lb_link_result *result);

#endif
