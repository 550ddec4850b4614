/* The kinds of files that a corpus may come in: one row of a table each. Their names are in
 * corpus/mapping/format.h. */
#ifndef LB_CORPUS_READ_CONTAINERS_H
#define LB_CORPUS_READ_CONTAINERS_H

#include "corpus/read/reader.h"

typedef struct lb_container_kind {
    lb_cut cut;          /* where a record ends; a JSON array is LB_CUT_ELEMENTS instead */
    bool uncut;          /* the bytes come as they are: no end of a record can be seen */
    bool many_in_a_line; /* several records may begin in one line */
    /* Lists the fields of the head's records in source->catalogue. A head that is cut off within a
     * record is no error. */
    int (*note)(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error);
    /* Reads a block, on any thread; NULL: a reader does, in the order of the bytes. */
    int (*parse)(lb_block *block, lb_emitter *emitter, lb_error *error);
    int (*open)(lb_reader **out, lb_source_state *source, lb_error *error);
} lb_container_kind;

const lb_container_kind *lb_container_kind_of(const lb_source_state *source);

/* Of a source whose container is known; `first` is its first byte that is no blank. */
lb_cut lb_container_cut(const lb_source_state *source, char first);

#endif
