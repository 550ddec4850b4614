/* What stands beside the messages of a known format: files that are joined to them, and files that
 * hold none. */
#ifndef LB_CORPUS_ASIDE_H
#define LB_CORPUS_ASIDE_H

#include "corpus/state.h"

/* Files to join are opened, and leave the sources, as files without messages and files that cannot
 * be read do; a warning names each. */
int lb_corpus_set_aside(lb_corpus *corpus, lb_error *error);

#endif
