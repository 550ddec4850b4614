/* From frames to messages: the one place where it is decided what a message is, whose own words it
 * holds, and when a row begins (message.h). Used by every container. */
#ifndef LB_CORPUS_READ_EMIT_H
#define LB_CORPUS_READ_EMIT_H

#include "corpus/mapping/plan.h"
#include "corpus/mapping/roles_seen.h"
#include "corpus/read/counts.h"
#include "corpus/read/gaps.h"
#include "corpus/read/message.h"
#include "corpus/read/user_table.h"

typedef struct lb_rules { /* of the whole corpus */
    const char *roles;    /* comma list: whose turns are a person's own words */
    unsigned skips;
    bool without_ids; /* lb_corpus_options */
    bool has_text;    /* some source has: a record without one is no row of a plain table */
    lb_unit unit;
} lb_rules;

typedef struct lb_emitter {
    const lb_plan *plan;
    lb_rules rules;
    bool month_first;           /* of dates that can be read both ways */
    const lb_user_table *users; /* what another file says of them, or NULL */
    uint32_t source;
    const char *label; /* names conversations that have no key: LABEL:LINE, or LABEL@BYTE in
                          JSON and XML, where a line can hold many */
    bool key_by_byte;
    bool cells; /* of a table as text, where a value that is not there is an empty cell */
    lb_batch *batch;
    lb_corpus_counts counts; /* of this block, as the next */
    lb_gaps gaps;
    lb_roles_seen roles;
} lb_emitter;

/* Turns the record (or document of records) in `frames` into messages of emitter->batch. Everything
 * is copied into its arena; the frames are used up. */
int lb_emit(lb_emitter *emitter, lb_frames *frames, uint64_t line, uint64_t byte, lb_error *error);

#endif
