/* Is a value an id, a number, a date, an address rather than what somebody wrote? A field of such
 * values is no text. Words are told from keys by their look alone, so that only the share among
 * many values says something: people write "10" and paste addresses too. */
#ifndef LB_CORPUS_VALUE_KEY_LIKE_H
#define LB_CORPUS_VALUE_KEY_LIKE_H

#include <stdbool.h>

#include "base/str.h"

/* Is each word of it a key: has it digits, is it longer than words are, or joined by marks as
 * file names, paths and addresses are? What has letters beyond ASCII is a word, and of several words
 * only addresses and numbers are a key. */
bool lb_value_is_key(lb_str value);

#endif
