/* An index of made-up messages, built as the audit builds it: for the tests of measures that look
 * at the text. */
#ifndef LB_TESTS_RISK_TEXT_INDEX_H
#define LB_TESTS_RISK_TEXT_INDEX_H

#include "index/index.h"

typedef struct text_index {
    lb_corpus *corpus;
    lb_index *index; /* NULL: it could not be built */
} text_index;

/* `lines`: JSON objects with user, conversation and text, one a line, NUL-terminated; `memory`
 * is the budget in bytes. Texts are kept. */
text_index text_index_make(const char *lines, unsigned threads, uint64_t memory);
void text_index_free(text_index *made);

/* The number of a 1-gram by its folded form; UINT32_MAX: it is not there. */
uint32_t text_index_token(const text_index *made, const char *folded);
/* The number of a user by name. */
uint32_t text_index_user(const text_index *made, const char *name);

#endif
