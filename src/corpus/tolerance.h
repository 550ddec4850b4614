/* How much of a corpus may be malformed before it is refused: a pass says nothing about what was
 * not read. Two bounds hold at once: records by number, and the share of the records and of the
 * bytes. {0} tolerates nothing. */
#ifndef LB_CORPUS_TOLERANCE_H
#define LB_CORPUS_TOLERANCE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct lb_tolerance {
    uint64_t records; /* malformed ones; UINT64_MAX: any number */
    double share;     /* of all records, and of all bytes, those not understood; 1: any */
} lb_tolerance;

static const lb_tolerance lb_default_tolerance = {100, 0.01};

/* "20" is a number of records, "5%", "5 %" and "0.05" are a share of them; what has a point or a
 * percent sign is a share, so that "1" is one record and "1.0" all of them. Either stands in place
 * of both defaults. False where it is neither. */
bool lb_tolerance_parse(const char *text, lb_tolerance *out);
#define LB_TOLERANCE_MEND "give a number such as 20, or a share such as 5% or 0.05"

#endif
