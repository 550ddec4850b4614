/* Which guesses are to be doubted. Figures that rest on the wrong field are worth nothing and look
 * like others, so that a text that is none by its look ends the run; what a user or a format names
 * is taken as said, and doubted in a warning at most. */
#ifndef LB_CORPUS_DOUBTS_H
#define LB_CORPUS_DOUBTS_H

#include "corpus/state.h"

/* LB_E_USAGE: what was guessed to be the text is none, or another field is as likely; where
 * `only_warn`, that is a warning too. Call it once the mappings and the attributes are chosen. */
int lb_corpus_doubt_text(lb_corpus *corpus, bool only_warn, lb_error *error);

/* Warns of a user whose values look like times, and finds the field that may be the user instead. */
int lb_corpus_doubt_user(lb_corpus *corpus, lb_error *error);

#endif
