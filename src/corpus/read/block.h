/* A block: a run of whole records of one source on its way to a worker, with the worker's scratch
 * memory, which is kept from block to block. */
#ifndef LB_CORPUS_READ_BLOCK_H
#define LB_CORPUS_READ_BLOCK_H

#include "base/buffer.h"
#include "corpus/mapping/known_keys.h"
#include "corpus/read/emit.h"
#include "corpus/read/source.h"
#include "corpus/read/unsearched.h"
#include "corpus/value/slicer.h"

typedef struct lb_rejections {
    lb_rejection *items;
    size_t count, capacity;
    uint64_t total; /* also those that are not kept */
} lb_rejections;

enum { LB_REJECTIONS_KEPT = 1000 };

typedef struct lb_block {
    lb_buffer data; /* LB_JSON_PADDING readable bytes behind */
    lb_source_state *source;
    uint64_t line, byte; /* of its first byte in the source */
    lb_pieces pieces;    /* of its data */
    bool first;          /* of its source */
    bool parsed;         /* made by lb_corpus_next already: `batch` and `counts` hold the result */
    lb_batch batch;
    lb_corpus_counts counts;
    lb_rejections rejections;
    lb_unsearched unsearched;
    lb_json_parser *json;
    lb_known_keys keys;
    lb_frames frames;
    lb_arena *scratch;
    lb_buffer mended;
    lb_str *cells;
    size_t cell_capacity;
} lb_block;

lb_block *lb_block_new(void); /* NULL: out of memory */
void lb_block_free(lb_block *block);

/* Counts a malformed record of `size` bytes, and keeps its place among the first ones. `what` is a
 * constant. */
int lb_block_reject(lb_block *block, uint64_t line, uint64_t byte, size_t size, const char *what,
                    lb_error *error);
/* The same, of a piece that is a fault. */
int lb_block_reject_piece(lb_block *block, const lb_piece *piece, uint64_t line, lb_error *error);
int lb_rejections_add(lb_rejections *list, lb_rejection rejection, lb_error *error);
void lb_rejections_sort(lb_rejections *list); /* by source and byte; drops those beyond the limit */

#endif
