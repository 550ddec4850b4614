/* Tables of text: CSV and TSV; and rows of cells, as those of chat logs are too. */
#ifndef LB_CORPUS_READ_READ_CSV_H
#define LB_CORPUS_READ_READ_CSV_H

#include "corpus/read/block.h"

/* As lb_json_note and lb_json_read. */
int lb_csv_note(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error);
int lb_csv_read(lb_block *block, lb_emitter *emitter, lb_error *error);

int lb_cells_note(lb_source_state *source, const lb_str *cells, lb_error *error); /* one row */
/* Fills frame 0 from block->cells, by the source's columns. `valid`: all of them are UTF-8. */
int lb_block_fill_cells(lb_block *block, const lb_plan *plan, size_t count, bool valid,
                        lb_error *error);

#endif
