/* The distinct tokens one thread has met: hash of the folded form -> its bytes, and in
 * what surroundings it stood. Also remembers
 * which folded form a spelling outside ASCII has, so that each spelling is folded once. At the end
 * the lexicons of all threads are put together, in the order of the hashes.
 */
#ifndef LB_INDEX_LEXICON_H
#define LB_INDEX_LEXICON_H

#include "text/words.h"

typedef struct lb_lexicon lb_lexicon;

int lb_lexicon_new(lb_lexicon **out, lb_error *error);
void lb_lexicon_free(lb_lexicon *lexicon); /* NULL is allowed */

/* The tokens of a message. words[i] of `text` with the surroundings flags[i] (token_context.h;
 * those of all occurrences of a token are ORed) becomes the hash of its folded form in hashes[], a
 * word of which nothing is left after folding none: *hash_count <= count. `lower` is the text with
 * its ASCII letters in lower case. */
int lb_lexicon_add(lb_lexicon *lexicon, lb_str text, const char *lower, const lb_word *words,
                   const uint8_t *flags, size_t count, uint64_t *hashes, size_t *hash_count,
                   lb_error *error);

/* tokens[i] is the folded form whose hash is hashes[i] (count of them, ascending; each is in one of
 * the lexicons), flags[i] its flags. The bytes are copied into *bytes, which the caller owns, as
 * tokens and flags (lb_free, lb_arena_free). */
int lb_lexicons_join(lb_lexicon *const *lexicons, size_t lexicon_count, const uint64_t *hashes,
                     size_t count, lb_str **tokens, uint8_t **flags, lb_arena **bytes,
                     lb_error *error);

#endif
