/* JSON: records as objects of an array, one after another, or one per line. */
#ifndef LB_CORPUS_READ_READ_JSON_H
#define LB_CORPUS_READ_READ_JSON_H

#include "corpus/read/block.h"

/* Lists the fields of the records in the head in source->catalogue. A head that is cut off within a
 * record is no error. */
int lb_json_note(lb_source_state *source, lb_head head, lb_error *error);
/* Reads block->data; a malformed record is rejected and the next one tried. */
int lb_json_read(lb_block *block, lb_emitter *emitter, lb_error *error);

#endif
