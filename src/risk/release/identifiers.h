/* Direct identifiers in the units' own messages: how many of each type, whom they concern, and the
 * first examples with their places (methods, section 5). Placeholders are tallied like a type, but
 * are in no total: they are what an anonymizer left. */
#ifndef LB_RISK_RELEASE_IDENTIFIERS_H
#define LB_RISK_RELEASE_IDENTIFIERS_H

#include "base/progress.h"
#include "index/texts.h"
#include "text/identifier.h"

enum { LB_IDENTIFIER_EXAMPLES = 5 };

typedef struct lb_identifier_example {
    size_t message; /* number in texts->messages */
    lb_identifier identifier;
} lb_identifier_example;

typedef struct lb_identifier_tally {
    uint64_t hits;
    uint64_t units, conversations;                          /* with at least one hit */
    lb_identifier_example examples[LB_IDENTIFIER_EXAMPLES]; /* the first ones, in texts' order */
    size_t example_count;
} lb_identifier_tally;

typedef struct lb_identifier_result {
    uint64_t total;                /* hits of all types but placeholders */
    uint64_t units, conversations; /* with at least one of them */
    lb_identifier_tally types[LB_IDENTIFIER_TYPES];
} lb_identifier_result;

/* One pass over all messages, on up to `threads` threads; the result does not depend on their
 * number. `progress` may be NULL. */
int lb_identifiers_run(const lb_texts *texts, unsigned threads, const lb_progress *progress,
                       lb_identifier_result *result, lb_error *error);

#endif
