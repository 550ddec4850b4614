/* Who must not be in the release (--opted-out): a list of ids (id_list.h), or a corpus of
 * conversations in any format that linkback reads. Which of the two it is shows in the file: plain
 * text whose first line is neither the beginning of a document nor a row is a list; anything else
 * is read as a corpus, and a table that is none, or whose people are nobody of this corpus while
 * cells of it are, is a list in columns.
 *
 * An id that folding alone finds counts as found, and one that then is several people counts for
 * all of them: who opted out is not overlooked for a quote or a capital letter. A list that names
 * no person but conversations stands for those who wrote in them. */
#ifndef LB_AUDIT_SIDE_OPTED_OUT_H
#define LB_AUDIT_SIDE_OPTED_OUT_H

#include "audit/side/directory.h"
#include "audit/side/other_corpus.h"

typedef struct lb_opted_out {
    uint64_t
        *users; /* [count] hashes of the corpus's units that are listed, ascending, each once */
    size_t count;
    uint64_t messages; /* own ones, of those units; of listed conversations: in them */
    lb_listed listed;
    bool conversations;       /* the list names conversations */
    unsigned column, columns; /* as of lb_id_list */
    char heading[64];         /* "": there is none */
    const lb_index *index;    /* of the corpus, with its texts; NULL: the file is a list */
    lb_other_corpus other;    /* what it belongs to */
} lb_opted_out;

/* settings->opted_out is the file, `index` that of the corpus. The other corpus is read with the
 * audit's own mapping where that fits, else with what is detected. LB_E_INPUT: the file is neither
 * list nor corpus, or is empty. */
int lb_opted_out_load(lb_opted_out *out, const lb_settings *settings, const lb_index *index,
                      lb_error *error);
void lb_opted_out_free(lb_opted_out *out);

bool lb_opted_out_has(const lb_opted_out *out, uint64_t user_hash);

#endif
