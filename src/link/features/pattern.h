/* Patterns of agreement: in which fields two combinations of values agree, and how many pairs show
 * each pattern. */
#ifndef LB_LINK_FEATURES_PATTERN_H
#define LB_LINK_FEATURES_PATTERN_H

#include <stdint.h>

#include "base/memory.h"

typedef enum lb_verdict { LB_VERDICT_UNKNOWN, LB_VERDICT_AGREE, LB_VERDICT_DISAGREE } lb_verdict;

/* Two bits a field. */
static inline lb_verdict lb_pattern_verdict(uint64_t pattern, size_t field) {
    return (lb_verdict)(pattern >> (2 * field) & 3);
}

typedef struct lb_pattern {
    uint64_t code;
    double pairs;
} lb_pattern;

typedef struct lb_patterns {
    lb_pattern *list; /* ascending codes */
    size_t count;
} lb_patterns;

/* Values of some profiles, [fields][count], at most 32 fields; 0: missing. */
typedef struct lb_combinations {
    const uint32_t *values;
    size_t fields, count;
} lb_combinations;

/* Counts the patterns of all pairs; equal combinations are compared once. Where the pairs of
 * distinct ones are more than `most`, of every few of `one`. Fails only for lack of memory. */
int lb_patterns_count(lb_patterns *patterns, const lb_combinations *one,
                      const lb_combinations *other, size_t most, lb_error *error);
void lb_patterns_free(lb_patterns *patterns);

#endif
