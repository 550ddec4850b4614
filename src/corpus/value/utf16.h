/* UTF-16, which spreadsheets write: known by its mark or, without one, by the zeros beside its
 * letters, and made UTF-8 piece by piece. */
#ifndef LB_CORPUS_VALUE_UTF16_H
#define LB_CORPUS_VALUE_UTF16_H

#include "base/buffer.h"

typedef enum lb_utf16 { LB_UTF16_NONE, LB_UTF16_LE, LB_UTF16_BE } lb_utf16;

/* `head`: how the text begins. Without a mark its first 128 bytes decide. */
lb_utf16 lb_utf16_find(lb_str head);
bool lb_utf16_has_mark(lb_str head);

/* Appends to `into` what `text` holds, a mark as a mark. Stops in front of half a character; *taken
 * are the bytes before it. Fewer than four bytes behind them may be the beginning of a character
 * that goes on, more are none. */
int lb_utf16_decode(lb_utf16 order, lb_str text, lb_buffer *into, size_t *taken, lb_error *error);

#endif
