/* Words: Unicode text segmentation (UAX #29, Unicode 15.0, default word boundaries), of which the
 * segments with at least one letter or digit are tokens (methods, section 3). Runs of scripts
 * without spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer, Burmese) are cut by ICU's
 * dictionaries.
 *
 * A splitter is scratch memory of one thread.
 */
#ifndef LB_TEXT_WORDS_H
#define LB_TEXT_WORDS_H

#include "base/buffer.h"

typedef struct lb_word {
    uint32_t start, size; /* bytes, in the text */
    bool ascii;           /* all bytes below 0x80 */
} lb_word;

typedef struct lb_splitter lb_splitter;
int lb_splitter_new(lb_splitter **out, lb_error *error);
void lb_splitter_free(lb_splitter *splitter);

/* The tokens of `text` (valid UTF-8, below 4 GB), in order. The array belongs to the splitter and
 * lives until the next call. Returns the number of words in *count. */
int lb_splitter_words(lb_splitter *splitter, lb_str text, const lb_word **words, size_t *count,
                      lb_error *error);

/* All boundaries of the default segmentation, without dictionaries, as WordBreakTest.txt has them:
 * byte offsets, the first 0 and the last text.size (none for an empty text). For tests and for
 * style features. */
int lb_splitter_boundaries(lb_splitter *splitter, lb_str text, const uint32_t **offsets,
                           size_t *count, lb_error *error);

#endif
