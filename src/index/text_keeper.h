/* Keeps the units' own messages while a corpus is read, and puts them in order (texts.h). Each
 * thread has a keeper of its own. The bytes lie in large segments: of memory up to a share of the
 * budget, beyond it of an unlinked file in the folder for temporary files, so that a crash leaves
 * nothing behind.
 */
#ifndef LB_INDEX_TEXT_KEEPER_H
#define LB_INDEX_TEXT_KEEPER_H

#include "corpus/message.h"
#include "index/texts.h"

typedef struct lb_text_keeper lb_text_keeper;

/* `memory`: bytes of text to hold before segments go to a file in `tmpdir`. */
int lb_text_keeper_new(lb_text_keeper **out, uint64_t memory, const char *tmpdir, lb_error *error);
void lb_text_keeper_free(lb_text_keeper *keeper); /* NULL is allowed */

/* `unit` and `conversation` are arrival numbers. */
int lb_text_keeper_add(lb_text_keeper *keeper, const lb_message *message, uint32_t unit,
                       uint32_t conversation, lb_error *error);

/* Segments that lie in the file will not be looked at again soon: their pages may go. */
void lb_text_keeper_forget(const lb_text_keeper *keeper);

/* The arrays of *texts but the hashes, which are the caller's to fill; freed with lb_texts_free.
 * The bytes stay with the keepers, which must live as long and take no more messages. ranks[arrival
 * number] are final numbers. */
int lb_texts_arrange(lb_texts *texts, lb_text_keeper *const *keepers, size_t keeper_count,
                     const uint32_t *unit_ranks, size_t units, const uint32_t *conversation_ranks,
                     lb_error *error);
void lb_texts_free(lb_texts *texts);

#endif
