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
 * A key is replaced by a number, "user #17": its place among all units in the order of a keyed
 * hash (HMAC-SHA-256). Keys come from small spaces (nicks, numbers, addresses), so that anyone can
 * hash them all and look a bare hash up; the seed is in the report and no secret; and a random
 * secret would make two runs differ. So the hash is keyed by what only those have who hold the
 * corpus: the digest of its content. The number of a unit is the same in every list and every
 * report of a run, and in every run on the same corpus, whatever its order and cutting; who has
 * candidates but not the corpus learns nothing from it. Who must find the person runs the audit
 * again with --reveal.
 */
#ifndef LB_RESULTS_MASK_H
#define LB_RESULTS_MASK_H

#include "base/buffer.h"

/* Appends the masked form of `token` (valid UTF-8). */
int lb_mask_token(lb_str token, lb_buffer *into, lb_error *error);

enum { LB_MASK_KEY_SIZE = 16 /* bytes */ };

/* Gives each of `count` ids its number, 1 ... count, in the order of their HMAC-SHA-256. Equal ids
 * are numbered in the order they have. */
int lb_mask_number(const unsigned char key[LB_MASK_KEY_SIZE], const lb_str *ids, size_t count,
                   uint32_t *numbers, lb_error *error);

/* Appends "NOUN #NUMBER". */
int lb_mask_key(const char *noun, size_t number, lb_buffer *into, lb_error *error);

#endif
