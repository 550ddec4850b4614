/* Masking: how a rare token or a key stands in a report that has not been told to reveal.
 *
 * A reader of the report must not learn the token; an auditor who holds the corpus must recognise
 * it.
 *
 * A token keeps its first letter, its length and its class: "j•••••• (7 letters)". The letter is
 * kept only where at least four characters stay hidden behind it and the token is a word of
 * letters: of a short word, a name of two ideographs or a number, the first character would be half
 * of the secret. Lengths are given exactly up to 15 characters and as "16 or more" beyond, since a
 * very long token is recognised by its length alone.
 *
 * A key is replaced by its rank in the list in which it stands: "user #17". It is no hash: keys
 * come from small spaces (nicks, numbers, addresses), so that anyone can hash them all and look the
 * value up; hashing with the seed does not help, as the seed is in the report; and a secret salt
 * would make two runs differ. The rank says nothing but what the list says anyway; who must find
 * the person runs the audit again with --reveal.
 */
#ifndef LB_RESULTS_MASK_H
#define LB_RESULTS_MASK_H

#include "base/buffer.h"

/* Appends the masked form of `token` (valid UTF-8). */
int lb_mask_token(lb_str token, lb_buffer *into, lb_error *error);

/* Appends "NOUN #RANK"; ranks start at 1. */
int lb_mask_key(const char *noun, size_t rank, lb_buffer *into, lb_error *error);

#endif
