/* Style as numbers: how often one uses the most frequent words and each sign, how one capitalises,
 * spaces, elongates, ends a message, and how long messages and words are. Every measure is taken as
 * its z-score over the gallery, and two profiles are compared by the cosine of their z-scores
 * (Burrows 2002; Smith & Aldridge 2011, "cosine delta").
 */
#ifndef LB_LINK_FEATURES_STYLE_H
#define LB_LINK_FEATURES_STYLE_H

#include "link/features/aspect.h"

typedef struct lb_style lb_style;

/* Measures every profile of the gallery. `frequent`: the words that are counted; it must live as
 * long as the style. Linear in the text. Fails only for lack of memory. */
int lb_style_new(lb_style **out, const lb_side *gallery, const lb_word_set *frequent,
                 const lb_word_set *suppressed, unsigned threads, lb_error *error);
void lb_style_free(lb_style *style); /* NULL is allowed */

size_t lb_style_measures(const lb_style *style);

/* Normalised z-scores of one profile of any side into vector[lb_style_measures]. */
int lb_style_measure(const lb_style *style, lb_extractor *extractor, const lb_side *side,
                     size_t profile, float *vector, lb_error *error);

/* Cosines with every profile of the gallery, into row. */
void lb_style_score(const lb_style *style, const float *vector, float *row);

float lb_style_score_one(const lb_style *style, const float *vector, size_t profile);

#endif
