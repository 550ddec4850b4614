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

/* A message whose words are to be added. */
typedef struct lb_lexicon_message {
    lb_str text;
    const char *lower;    /* the text with its ASCII letters in lower case */
    const lb_word *words; /* [count] of text */
    const uint8_t *flags; /* [count] their surroundings (token_context.h) */
    size_t count;
    uint32_t unit, conversation; /* arrival numbers below UINT32_MAX */
} lb_lexicon_message;

/* words[i] becomes the hash of its folded form in hashes[], a word of which nothing is left after
 * folding none: *hash_count <= count. The flags of all occurrences of a token are ORed. fresh[i] is
 * false where the same unit has lately been seen to use hashes[i] in the same conversation, or in
 * two others: then the occurrence says nothing new about who used what. */
int lb_lexicon_add(lb_lexicon *lexicon, const lb_lexicon_message *message, uint64_t *hashes,
                   bool *fresh, size_t *hash_count, lb_error *error);

/* tokens[i] is the folded form whose hash is hashes[i] (count of them, ascending; each is in one of
 * the lexicons), flags[i] its flags. The bytes are copied into *bytes, which the caller owns, as
 * tokens and flags (lb_free, lb_arena_free). */
int lb_lexicons_join(lb_lexicon *const *lexicons, size_t lexicon_count, const uint64_t *hashes,
                     size_t count, lb_str **tokens, uint8_t **flags, lb_arena **bytes,
                     lb_error *error);

#endif
