/* The bytes of one source in order, cut into blocks of whole records. Used by one thread at a time;
 * containers that cannot be cut without parsing (XML, logs) are parsed here as well. */
#ifndef LB_CORPUS_READ_STREAM_H
#define LB_CORPUS_READ_STREAM_H

#include "corpus/read/containers.h"

enum { LB_BLOCK_SIZE = 1 << 20 };

typedef struct lb_stream {
    lb_source_state *source; /* NULL: none is open */
    lb_input *input;
    size_t head_used;
    lb_buffer carry;     /* behind the last record end, already seen by the slicer */
    lb_slicer slicer;    /* of what will be the next block */
    uint64_t line, byte; /* of the next block */
    bool begun, ended, first;
    lb_reader *reader; /* NULL: blocks are parsed on other threads */
} lb_stream;

/* *reuse as of lb_input_open. */
int lb_stream_open(lb_stream *stream, lb_source_state *source, lb_input **reuse, lb_error *error);
/* 1: a block, 0: the source has ended; its size and hash are set then. The emitter is used by
 * containers that are parsed here. */
int lb_stream_next(lb_stream *stream, lb_block *block, lb_emitter *emitter, lb_error *error);
/* Gives back the input, which may serve the next source of an archive. */
lb_input *lb_stream_close(lb_stream *stream);

#endif
