/* How exposed each conversation is by the rare tokens in it: the fewest units that use one of its
 * tokens, and how many of its tokens nobody else uses at all (methods, section 3).
 *
 * The index knows who used a token, not where; so the units' own messages are read a second time,
 * unit by unit. A unique token belongs to one unit, so distinct ones can be counted within a unit
 * and added up over the units of a conversation.
 */
#ifndef LB_RISK_WORDS_CONVERSATION_EXPOSURE_H
#define LB_RISK_WORDS_CONVERSATION_EXPOSURE_H

#include "base/progress.h"
#include "index/index.h"

typedef struct lb_conversation_options {
    uint32_t k; /* a token of fewer than k units is rare; at least 1 */
    const uint32_t
        *order; /* [conversations] the lower first among the equally exposed; NULL: as numbered */
    unsigned threads;
    const lb_progress *progress;
} lb_conversation_options;

typedef struct lb_conversation_exposure {
    uint32_t conversation; /* number, of lb_texts */
    uint32_t order;        /* as in the options */
    uint32_t smallest;     /* fewest units that use one of its tokens; 0: none of them is rare */
    uint32_t unique;       /* distinct tokens in it that one unit only uses */
    uint32_t messages;     /* own messages in it */
    uint32_t source;       /* place of the first of them, by source and line */
    uint64_t line;
} lb_conversation_exposure;

typedef struct lb_conversations {
    uint64_t exposed;               /* conversations with a rare token */
    lb_conversation_exposure *most; /* [count] the most exposed first: by smallest, then by more
                                       unique tokens, then by the order */
    size_t count;
} lb_conversations;

/* The `limit` most exposed conversations. Reads all kept texts; 40 bytes a conversation, and
 * 16 for each running unique token of one unit. LB_E_USAGE: the index kept no texts, or has no
 * tokens. On failure nothing is left. */
int lb_conversations_run(lb_conversations *result, const lb_index *index, size_t limit,
                         const lb_conversation_options *options, lb_error *error);
void lb_conversations_free(lb_conversations *result); /* leaves {0} */

#endif
