/* Keeps the units' own messages while a corpus is read, and puts them in order (texts.h). Each
 * thread has a keeper of its own. The bytes of the texts, and what else is known of the messages,
 * lie in large segments: of memory up to a share of the budget, beyond it of an unlinked file in
 * the folder for temporary files, so that a crash leaves nothing behind.
 */
#ifndef LB_INDEX_TEXT_KEEPER_H
#define LB_INDEX_TEXT_KEEPER_H

#include "corpus/corpus.h"
#include "corpus/read/message.h"
#include "index/spill.h"
#include "index/texts.h"

typedef struct lb_text_keeper lb_text_keeper;

/* `memory`: bytes of text to hold before segments go to a file in `tmpdir`. The attributes are the
 * corpus's; of their values those of the quasi-identifiers are kept, as hashes. */
int lb_text_keeper_new(lb_text_keeper **out, const lb_attribute *attributes, size_t attribute_count,
                       uint64_t memory, const char *tmpdir, lb_error *error);
void lb_text_keeper_free(lb_text_keeper *keeper); /* NULL is allowed */

/* `unit` and `conversation` are arrival numbers. */
int lb_text_keeper_add(lb_text_keeper *keeper, const lb_message *message, uint32_t unit,
                       uint32_t conversation, lb_error *error);

/* Segments that lie in the file will not be looked at again soon: their pages may go. */
void lb_text_keeper_forget(const lb_text_keeper *keeper);

typedef struct lb_texts_order {
    const uint32_t *unit_ranks, *conversation_ranks; /* final numbers, by arrival number */
    size_t units;
    uint64_t memory; /* messages that take more lie in a file in `tmpdir` */
    const char *tmpdir;
} lb_texts_order;

/* The arrays of *texts but the hashes, which are the caller's to fill; freed with lb_texts_free,
 * with *layout, where the messages lie. The bytes stay with the keepers, which must live as long
 * and take no more messages. */
int lb_texts_arrange(lb_texts *texts, lb_bulk *layout, lb_text_keeper *const *keepers,
                     size_t keeper_count, const lb_texts_order *order, lb_error *error);
void lb_texts_free(lb_texts *texts, lb_bulk *layout);

#endif
