/* Misspellings: is a word one slip away from a word that many use? One slip is an insertion, a
 * deletion, a substitution, or the transposition of two neighbours (Damerau 1964: four in five
 * misspellings are of these).
 *
 * Each known word is put into one hash set as itself, with each of its characters left out, and
 * with each of them blanked; a word is one slip away from a known one just when one of its own such
 * forms is in the set (the symmetric deletion of Mor & Fraenkel 1982, with the place of a blank, so
 * that the answer is exact). All forms of a word are hashed in linear time, by one polynomial of
 * its characters. The set keeps hashes only: an answer is exact up to collisions of 61 bits.
 */
#ifndef LB_RISK_WORDS_MISSPELLING_H
#define LB_RISK_WORDS_MISSPELLING_H

#include <stdbool.h>

#include "base/str.h"
#include "linkback/error.h"

enum {
    LB_SPELLING_SHORTEST = 4, /* characters; shorter words are one slip from too many others */
    LB_SPELLING_LONGEST = 64  /* a longer run of letters is no word with a slip in it */
};

typedef struct lb_spellings lb_spellings;

int lb_spellings_new(lb_spellings **out, lb_error *error);
void lb_spellings_free(lb_spellings *spellings); /* NULL is allowed */

/* `word` is valid UTF-8, folded. Of other than LB_SPELLING_SHORTEST ... LB_SPELLING_LONGEST
 * characters it is not known afterwards. Memory: about 40 bytes a character. */
int lb_spellings_add(lb_spellings *spellings, lb_str word, lb_error *error);

/* Whether `word` is one slip away from a known word. Known words themselves are not asked for. Any
 * number of threads may ask. */
bool lb_spellings_misspelt(const lb_spellings *spellings, lb_str word);

#endif
