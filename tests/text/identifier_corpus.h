/* True identifiers, each with its type and place, and what looks like them. All are made up. */
#ifndef LB_TESTS_TEXT_IDENTIFIER_CORPUS_H
#define LB_TESTS_TEXT_IDENTIFIER_CORPUS_H

#include "text/identifier.h"

typedef struct lb_identifier_sample {
    const char *text;
    lb_identifier_type type;
    const char *found; /* the part that is the identifier */
} lb_identifier_sample;

extern const lb_identifier_sample lb_identifier_truths[];
extern const size_t lb_identifier_truth_count;
extern const char *const lb_identifier_look_alikes[];
extern const size_t lb_identifier_look_alike_count;

#endif
