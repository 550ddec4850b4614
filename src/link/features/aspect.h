/* Aspects of text: what of a person's messages is looked at, as bags of features.
 *
 *   words       uni- and bigrams of folded words within a message
 *   tokens      folded words alone
 *   characters  n-grams of 2 to 5 code points within what white space parts, edges and case kept
 *   phrasing    n-grams of up to 3 symbols, where a frequent word stands for itself with its case,
 *               any other word for its shape only, and all that is not one space between words for
 *               itself (text distortion, Stamatatos 2017): how one writes, whatever about
 *   language    scripts of the words, and letters beyond ASCII
 *   period      when one is there at all: days, weeks, months, quarters, years
 *   clock       hour of day and week, and the gaps between one's messages in a conversation
 *
 * An extractor is scratch memory of one thread.
 */
#ifndef LB_LINK_FEATURES_ASPECT_H
#define LB_LINK_FEATURES_ASPECT_H

#include <stdbool.h>

#include "link/features/bag.h"
#include "link/features/side.h"

typedef enum lb_aspect {
    LB_ASPECT_WORDS,
    LB_ASPECT_TOKENS,
    LB_ASPECT_CHARACTERS,
    LB_ASPECT_PHRASING,
    LB_ASPECT_LANGUAGE,
    LB_ASPECT_PERIOD,
    LB_ASPECT_CLOCK,
    LB_ASPECTS
} lb_aspect;

/* Sorted feature hashes of words (as of the aspect `tokens`); not owned. */
typedef struct lb_word_set {
    const uint32_t *keys;
    size_t count;
} lb_word_set;

bool lb_word_set_has(const lb_word_set *set, uint32_t key);

typedef struct lb_extractor lb_extractor;

/* `suppressed`: words that are taken out of every message before anything else is looked at (NULL:
 * none). The sets must live as long as the extractor. */
int lb_extractor_new(lb_extractor **out, const lb_word_set *suppressed, lb_error *error);
void lb_extractor_free(lb_extractor *extractor); /* NULL is allowed */

/* The words that stand for themselves in `phrasing`. */
void lb_extractor_keep(lb_extractor *extractor, const lb_word_set *frequent);

/* Fills `bag` (cleared first, closed) with an aspect of a profile. Linear in the text. */
int lb_extract(lb_extractor *extractor, lb_aspect aspect, const lb_side *side, size_t profile,
               lb_bag *bag, lb_error *error);

/* A message as the other measures of text see it: its text without suppressed words, its words,
 * and their feature hashes; they live until the next call. */
typedef struct lb_reading {
    lb_str text;
    const struct lb_word *words;
    const uint32_t *keys; /* [count]; 0 for a word of nothing but ignorable characters */
    size_t count;
} lb_reading;

int lb_extractor_read(lb_extractor *extractor, const lb_own_message *message, lb_reading *reading,
                      lb_error *error);

#endif
