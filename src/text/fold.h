/* NFKC_Casefold (Unicode 15, section 3.13; utf8proc): the form in which tokens are compared. */
#ifndef LB_TEXT_FOLD_H
#define LB_TEXT_FOLD_H

#include "base/buffer.h"

/* Appends the folded form of `word` (valid UTF-8) to `into`. ASCII has a fast path. May append
 * nothing (a word of default-ignorable code points only). */
int lb_fold(lb_str word, lb_buffer *into, lb_error *error);

#endif
