/* What-if: the words that few people use, as a set that the extractors take out of the text. */
#ifndef LB_LINK_SUPPRESS_H
#define LB_LINK_SUPPRESS_H

#include "link/features/aspect.h"

typedef struct lb_rare_words {
    lb_word_set set;
    uint32_t *keys; /* what the set points to */
    double share;   /* of all words of the corpus that are in the set */
} lb_rare_words;

/* The words that fewer than k units use. Linear in the text. */
int lb_rare_words_find(const lb_texts *texts, size_t k, unsigned threads, lb_rare_words *words,
                       lb_error *error);
void lb_rare_words_free(lb_rare_words *words);

#endif
