/* Where records end, found without parsing them: in lines at a newline, in CSV at a newline outside
 * quotes, in JSON at the comma (or bracket) that ends an array's element, or at the end of a
 * top-level object. A cutter is a small state machine fed with the stream piece by piece; each byte
 * is looked at once, so a record of any size costs linear time. Its state between two records can
 * be copied: a worker cuts its block again from there and finds the same records.
 */
#ifndef LB_CORPUS_VALUE_CUTTER_H
#define LB_CORPUS_VALUE_CUTTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum lb_cut {
    LB_CUT_LINES,
    LB_CUT_ROWS,     /* CSV: a quoted field begins with " directly after a delimiter or row end */
    LB_CUT_ELEMENTS, /* of one JSON array */
    LB_CUT_VALUES    /* JSON objects one after another */
} lb_cut;

typedef struct lb_cutter {
    lb_cut cut;
    char delimiter;    /* of LB_CUT_ROWS */
    uint8_t state;     /* see cutter.c */
    bool escaped;      /* JSON: an odd number of backslashes was just read */
    uint8_t separator; /* bytes at the end of the last record cut off that do not belong to it */
    uint64_t depth;    /* JSON: open brackets */
} lb_cutter;

lb_cutter lb_cutter_begin(lb_cut cut, char delimiter);

/* Goes on until the next record end. Returns the bytes consumed; *complete says whether they end in
 * a record end (else all of `size` is consumed and the record goes on). */
size_t lb_cutter_next(lb_cutter *cutter, const char *data, size_t size, bool *complete);

/* Consumes all of `data`. Returns the offset behind the last record end in it (0: none), and in
 * *after the state there (untouched if there is none). */
size_t lb_cutter_last(lb_cutter *cutter, const char *data, size_t size, lb_cutter *after);

/* LB_CUT_ELEMENTS: has the array not been opened yet, has it been closed? */
bool lb_cutter_is_before_array(const lb_cutter *cutter);
bool lb_cutter_is_after_array(const lb_cutter *cutter);

#endif
