/* What a token is, as far as its letters and its surroundings tell (methods, section 3, "Where it
 * comes from"). Pure functions: the facts come from the token's folded form and from the flags of
 * token_context.h, ORed over all its occurrences. */
#ifndef LB_TEXT_TOKEN_CLASS_H
#define LB_TEXT_TOKEN_CLASS_H

#include "text/token_context.h"
#include "text/unicode.h"

typedef enum lb_token_class {
    LB_TOKEN_CLASS_NUMBER,    /* digits, or digits and up to three letters: 1,000 3rd 512mb */
    LB_TOKEN_CLASS_DATE,      /* part of a date, or one: 23.11.2004 20041123 */
    LB_TOKEN_CLASS_URL,       /* in URLs only, or a host: example.com */
    LB_TOKEN_CLASS_EMAIL,     /* in an e-mail address, wherever else */
    LB_TOKEN_CLASS_HANDLE,    /* in a handle, wherever else */
    LB_TOKEN_CLASS_CODE,      /* letters and digits mixed, identifiers, keys */
    LB_TOKEN_CLASS_NAME,      /* capitalised inside a sentence, never seen in lower case */
    LB_TOKEN_CLASS_FOREIGN,   /* in a script that is not the corpus's */
    LB_TOKEN_CLASS_ELONGATED, /* a letter three times or more, or misspelt */
    LB_TOKEN_CLASS_OTHER,
    LB_TOKEN_CLASSES
} lb_token_class;

/* `folded` is valid UTF-8; `flags` as of lb_token_contexts; native[script] is true for the scripts
 * of the corpus (lb_token_script; NULL: all are). Linear in the size of the token. */
lb_token_class lb_token_classify(lb_str folded, unsigned flags,
                                 const bool native[LB_UNICODE_SCRIPTS]);

/* The script of the first character that has one, 0 where none has. */
uint8_t lb_token_script(lb_str folded);

/* "number", "date", "url", "email", "handle", "code", "name", "foreign", "elongated", "other". */
const char *lb_token_class_name(lb_token_class class_of_token);

/* Whether it is of a class that points at a person (tokens.identifying_below_k). */
bool lb_token_class_identifies(lb_token_class class_of_token);

#endif
