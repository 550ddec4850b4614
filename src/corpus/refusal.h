/* A corpus of which too much is malformed is refused. */
#ifndef LB_CORPUS_REFUSAL_H
#define LB_CORPUS_REFUSAL_H

#include "corpus/state.h"

/* LB_E_INPUT if more was malformed than the corpus tolerates. Before its end (`ended` false) only
 * the number can be judged. */
int lb_corpus_check_tolerance(lb_corpus *corpus, bool ended, lb_error *error);

#endif
