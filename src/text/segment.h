/* The rules of UAX #29 (Unicode 15.0, section 4.1.1) for one segment at a time.
 *
 * Every boundary is a place where the rules can start anew: no rule looks to the left past a
 * boundary. So a segment is found from its start alone, whatever found the start. */
#ifndef LB_TEXT_SEGMENT_H
#define LB_TEXT_SEGMENT_H

#include "base/str.h"

typedef struct lb_segment {
    size_t end;         /* bytes, exclusive */
    uint8_t properties; /* LB_UNICODE_WORD, LB_UNICODE_DICTIONARY of any of its code points */
    bool ascii;
} lb_segment;

/* The segment of `text` (valid UTF-8) that starts at the boundary `start` < text.size. Linear in
 * the size of this segment and of the next. */
lb_segment lb_segment_at(lb_str text, size_t start);

#endif
