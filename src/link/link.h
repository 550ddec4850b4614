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

#include "link/result.h"

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
