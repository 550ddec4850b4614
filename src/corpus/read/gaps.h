/* Gaps: where messages lack what a message should have. They are counted in lb_corpus_counts; here
 * are the first places of each kind, whatever the order in which blocks are parsed. */
#ifndef LB_CORPUS_READ_GAPS_H
#define LB_CORPUS_READ_GAPS_H

#include <stddef.h>
#include <stdint.h>

typedef enum lb_gap {
    LB_GAP_TEXT, /* an own message of which no text was found */
    LB_GAP_TIME, /* a time that was not understood */
    LB_GAP_USER, /* an own message that names nobody, where the unit is the user */
    LB_GAPS
} lb_gap;

enum { LB_GAP_PLACES = 5 };

typedef struct lb_gap_place {
    uint32_t source;
    uint64_t line, byte;
} lb_gap_place;

typedef struct lb_gaps {                         /* {0} is empty */
    lb_gap_place places[LB_GAPS][LB_GAP_PLACES]; /* by source and byte */
    size_t counts[LB_GAPS];                      /* of those that are kept */
} lb_gaps;

void lb_gaps_add(lb_gaps *gaps, lb_gap kind, lb_gap_place place);
void lb_gaps_merge(lb_gaps *gaps, const lb_gaps *more);

#endif
