/* The known name that someone probably meant: for "did you mean" in error messages. */
#ifndef LB_BASE_NEAREST_H
#define LB_BASE_NEAREST_H

#include "base/str.h"

/* Number of single-character insertions, deletions, substitutions and swaps of neighbours that turn
 * a into b (optimal string alignment; Damerau 1964), in bytes, whatever the case of ASCII letters.
 * Only the first 63 bytes count. O(|a| |b|). */
unsigned lb_edit_distance(lb_str a, lb_str b);

/* Index of the nearest of `names`, the first of equals; `count` must be at least 1. */
size_t lb_nearest(const char *word, const char *const *names, size_t count);

/* The same, where it is near enough to be what was meant: at most a third of the word's letters, or
 * one, are wrong, or the word is how the name begins. NULL: none is. lb_name_suggest of the public
 * header says it to the user. */
const char *lb_name_meant(const char *word, const char *const *names, size_t count);

#endif
