/* Inputs that are byte for byte the same: whoever audits a folder and an export of it counts every
 * conversation twice, and finds everyone in larger groups than they are in. */
#ifndef LB_CORPUS_COPIES_H
#define LB_CORPUS_COPIES_H

#include "corpus/state.h"

/* Warns of inputs that are copies of others; call it once all were read to their ends. */
int lb_corpus_warn_of_copies(lb_corpus *corpus, lb_error *error);

#endif
