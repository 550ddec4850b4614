/* A reader parses one source in the order of its bytes: for containers that cannot be cut without
 * parsing (XML, chat logs with a running date). Used by one thread at a time. */
#ifndef LB_CORPUS_READ_READER_H
#define LB_CORPUS_READ_READER_H

#include "corpus/read/block.h"

typedef struct lb_reader lb_reader;
struct lb_reader {
    /* Messages go to emitter->batch, the block counts. `last`: nothing follows. */
    int (*read)(lb_reader *reader, lb_block *block, lb_emitter *emitter, bool last,
                lb_error *error);
    bool (*is_pending)(const lb_reader *reader); /* has it kept something for the next block? */
    void (*free)(lb_reader *reader);
};

#endif
