/* What every container and format is turned into: messages, in batches.
 *
 * A *record* is one line, array element, row or XML element of an input; it holds one message (chat
 * logs, forum posts) or several turns (a conversation per line), or none (a row of a plain table).
 * A record becomes one lb_message per turn; the first carries starts_row, so that values that
 * belong to the record (quasi-identifiers, sensitive fields) are counted once. A record without any
 * turn becomes one lb_message with text.data == NULL. Where a turn has an author or values of its
 * own, it starts a row of its own.
 *
 * Everything a message points to lives in the batch's arena, until the batch is reset.
 */
#ifndef LB_CORPUS_READ_MESSAGE_H
#define LB_CORPUS_READ_MESSAGE_H

#include "base/memory.h"
#include "base/str.h"

typedef struct lb_message {
    lb_str user;          /* key of the person; data NULL or size 0: none was given */
    lb_str conversation;  /* key; never missing: formats without one use file and line */
    lb_str id, reply_to;  /* keys of the message and of the one it answers; often missing */
    lb_str role;          /* as the corpus says it; missing where the format has no roles */
    lb_str text;          /* valid UTF-8; data NULL: the record has no text */
    int64_t time;         /* microseconds since 1970-01-01T00:00Z; only if has_time */
    const lb_str *values; /* one per attribute of the corpus, in its order; data NULL: missing */
    /* place of the record in its (decompressed) source: first line 1, first byte 0 */
    uint64_t line, byte;
    uint32_t source; /* number of the input it came from */
    bool has_time;
    bool own;        /* the person's own words: the role is one of --roles, and it is no bot */
    bool starts_row; /* its user and values are to be counted: see above */
} lb_message;

typedef struct lb_batch {
    lb_arena *arena;
    lb_message *messages;
    size_t count, capacity;
} lb_batch;

void lb_batch_reset(lb_batch *batch); /* forgets the messages, keeps memory for the next ones */
void lb_batch_free(lb_batch *batch);

#endif
