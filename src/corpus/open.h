/* Opening a corpus: from options to sources with compiled plans. */
#ifndef LB_CORPUS_OPEN_H
#define LB_CORPUS_OPEN_H

#include "corpus/state.h"

/* Everything of lb_corpus_open behind the allocation of the arena. */
int lb_corpus_prepare(lb_corpus *corpus, const lb_corpus_options *options, lb_error *error);

/* The same of lb_corpus_open_table. */
int lb_corpus_prepare_table(lb_corpus *corpus, const lb_place *place, const char *const *maps,
                            size_t map_count, lb_error *error);
/* Binds the attributes of such a table. */
int lb_corpus_bind_table(lb_corpus *corpus, const char *const *names, size_t count,
                         lb_error *error);

/* Does the head of the source have a field of this name (path, column, file(NAME))? */
bool lb_source_has_field(const lb_source_state *source, const char *name, lb_arena *arena);

#endif
