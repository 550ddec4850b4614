/* The languages of a corpus. Of each unit the beginning of all it wrote is looked at (a fixed
 * sample, in the order of the texts); a unit's shares and its unknown rest add up to 1, and those
 * of the corpus are the mean over the units, so that nobody counts more for writing more. */
#ifndef LB_RISK_RELEASE_LANGUAGES_H
#define LB_RISK_RELEASE_LANGUAGES_H

#include "index/texts.h"
#include "text/language.h"

typedef struct lb_language_line {
    unsigned language; /* LB_LANGUAGE_UNKNOWN: what could not be told */
    double share;
    uint64_t units; /* whose largest share it is */
} lb_language_line;

typedef struct lb_language_result {
    lb_language_line lines[LB_LANGUAGES_MAX]; /* by share, the largest first */
    size_t count;
    uint64_t units; /* with a message */
} lb_language_result;

/* The result does not depend on the number of threads. */
int lb_languages_run(const lb_texts *texts, unsigned threads, lb_language_result *result,
                     lb_error *error);

#endif
