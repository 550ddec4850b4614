/* Warnings of a corpus: one sentence each about what a reader should know. */
#ifndef LB_CORPUS_WARNINGS_H
#define LB_CORPUS_WARNINGS_H

#include "corpus/state.h"

/* Adds a warning, unless it is there already. */
int lb_corpus_warn(lb_corpus *corpus, const char *text, size_t size, lb_error *error);

#endif
