/* What stands beside the messages of a known format: files that are joined to them, and files that
 * hold none. */
#ifndef LB_CORPUS_ASIDE_H
#define LB_CORPUS_ASIDE_H

#include "corpus/state.h"

/* Files to join are opened, and leave the sources with a warning; files without messages and files
 * that cannot be read leave them for the list of what was left out. */
int lb_corpus_set_aside(lb_corpus *corpus, lb_error *error);

/* So do inputs without a text, where others have one: their records would be no messages. Call it
 * once the mappings are complete. */
int lb_corpus_set_textless_aside(lb_corpus *corpus, lb_error *error);

/* Closes the list of what was left out: counts it, and warns of its first. */
int lb_corpus_warn_of_left_out(lb_corpus *corpus, lb_error *error);

#endif
