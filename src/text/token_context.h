/* In what surroundings the words of a message stand. UAX #29 cuts an e-mail address, a URL, an
 * @handle or a date into several words; seen alone, none of them tells what it was part of. The
 * index ORs the flags of all occurrences of a token, and token_class.h reads them.
 */
#ifndef LB_TEXT_TOKEN_CONTEXT_H
#define LB_TEXT_TOKEN_CONTEXT_H

#include "text/words.h"

enum {
    LB_TOKEN_URL = 1,    /* in a URL (RFC 3986, with "//"), or a host with a path */
    LB_TOKEN_EMAIL = 2,  /* in an e-mail address */
    LB_TOKEN_HANDLE = 4, /* in "@name", "<@123>" or "u/name" */
    LB_TOKEN_DATE = 8,   /* in a date of three numbers: 2004-11-23, 23/11/04 */
    LB_TOKEN_PLAIN = 16, /* in none of these */
    LB_TOKEN_CAPITALISED = 32 /* plain, inside a sentence: a capital, and small letters after it */,
    LB_TOKEN_LOWER = 64,     /* plain, begins with a small letter */
    LB_TOKEN_MISSPELT = 128, /* never set here: for a caller that knows the common tokens */
};

/* The flags of each of the `count` words (lb_splitter_words) of `text`, into flags[count]. Linear
 * in the size of the text; needs no memory. */
void lb_token_contexts(lb_str text, const lb_word *words, size_t count, uint8_t *flags);

/* Whether a folded token looks like the name of a host: "www." and more, or a last label that is
 * one of the first generic domains (RFC 1591, section 2) after another label. */
bool lb_token_is_host(lb_str folded);

#endif
