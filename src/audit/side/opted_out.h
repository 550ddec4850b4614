/* Who must not be in the release (--opted-out): a list of users, one id a line, or a corpus of
 * conversations in any format that linkback reads. Which of the two it is shows in the file: a list
 * is plain text in whose first line there is neither a bracket at the beginning nor a table's
 * separator; anything else has to be a corpus. */
#ifndef LB_AUDIT_SIDE_OPTED_OUT_H
#define LB_AUDIT_SIDE_OPTED_OUT_H

#include "audit/side/other_corpus.h"

typedef struct lb_opted_out {
    uint64_t *users; /* [count] hashes of the ids, ascending, each once */
    size_t count;
    const lb_index *index; /* of the corpus, with its texts; NULL: the file is a list */
    lb_other_corpus other; /* what it belongs to */
} lb_opted_out;

/* settings->opted_out is the file. The corpus is read with the audit's own mapping where that fits,
 * else with what is detected. */
int lb_opted_out_load(lb_opted_out *out, const lb_settings *settings, lb_error *error);
void lb_opted_out_free(lb_opted_out *out);

bool lb_opted_out_has(const lb_opted_out *out, uint64_t user_hash);

#endif
