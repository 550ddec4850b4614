/* What the rare tokens are, and which classes of them carry the risk (methods, section 3, "Where it
 * comes from"). Every 1-gram of fewer than k units gets a class (text/token_class.h); a token one
 * slip away from a common one (risk/misspelling.h) counts as misspelt, and a script as the corpus's
 * own where at least one in twenty units writes it.
 */
#ifndef LB_RISK_WORDS_TOKEN_CLASSES_H
#define LB_RISK_WORDS_TOKEN_CLASSES_H

#include "index/index.h"
#include "text/token_class.h"

enum { LB_TOKEN_NOT_RARE = 255 };

typedef struct lb_token_class_options {
    uint32_t k; /* a token of fewer than k units is rare; at least 1 */
    unsigned threads;
} lb_token_class_options;

typedef struct lb_token_class_share {
    uint64_t tokens, unique; /* rare tokens of the class; of them, used by one unit only */
    uint64_t units;          /* who use one of these tokens */
    uint64_t only;           /* who have unique tokens, all of this class: its share of the risk */
} lb_token_class_share;

typedef struct lb_token_classes {
    uint64_t units; /* with a token: the denominator */
    lb_token_class_share of[LB_TOKEN_CLASSES];
    uint64_t identifying_below_k;   /* rare tokens of a class that identifies */
    uint64_t identifying_units;     /* who use one */
    double identifying_units_share; /* NaN where units == 0 */
    uint8_t *class_of;              /* [1-grams] lb_token_class, or LB_TOKEN_NOT_RARE */
} lb_token_classes;

/* Linear in pairs and in the bytes of the tokens; memory 36 bytes a unit, 1 a token, and 40 for
 * each character of the common tokens. LB_E_USAGE: the index has no tokens. On failure nothing is
 * left. */
int lb_token_classes_run(lb_token_classes *result, const lb_index *index,
                         const lb_token_class_options *options, lb_error *error);
void lb_token_classes_free(lb_token_classes *result); /* leaves {0} */

#endif
