/* Where records of text that is not JSON end, found without parsing them: lines at a newline, rows
 * of CSV at a newline outside quotes. A cutter is a small state machine fed with the stream piece
 * by piece; each byte is looked at once, so a record of any size costs linear time.
 */
#ifndef LB_CORPUS_VALUE_CUTTER_H
#define LB_CORPUS_VALUE_CUTTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum lb_cut {
    LB_CUT_LINES,
    LB_CUT_ROWS,     /* CSV: a quoted field begins with " directly after a delimiter or row end */
    LB_CUT_ELEMENTS, /* of one JSON array; only by lb_slicer (slicer.h), as the next one */
    LB_CUT_VALUES    /* JSON objects one after another */
} lb_cut;

enum { LB_ROW_FIELD, LB_ROW_PLAIN, LB_ROW_QUOTED, LB_ROW_QUOTE_IN_QUOTED };

typedef struct lb_row { /* {0} at the beginning of a row */
    uint8_t state;      /* LB_ROW_FIELD: a cell begins here */
    bool odd;           /* there was text behind a closing quote */
    size_t delimiters;
} lb_row;

/* The next byte of a row; true: it ends the row. */
static inline bool lb_row_step(lb_row *row, char c, char delimiter) {
    if (row->state == LB_ROW_QUOTED) {
        row->state = c == '"' ? LB_ROW_QUOTE_IN_QUOTED : LB_ROW_QUOTED;
        return false;
    }
    if (c == '\n') {
        row->state = LB_ROW_FIELD;
        return true;
    }
    if (c == delimiter) {
        row->delimiters++;
        row->state = LB_ROW_FIELD;
    } else if (c == '"' && row->state != LB_ROW_PLAIN)
        row->state = LB_ROW_QUOTED; /* opens the field, or the second of a doubled quote */
    else {
        row->odd = row->odd || (row->state == LB_ROW_QUOTE_IN_QUOTED && c != '\r');
        row->state = LB_ROW_PLAIN;
    }
    return false;
}

typedef struct lb_cutter {
    lb_cut cut;
    char delimiter; /* of LB_CUT_ROWS */
    lb_row row;
} lb_cutter;

lb_cutter lb_cutter_begin(lb_cut cut, char delimiter);

/* Goes on until the next record end. Returns the bytes consumed; *complete says whether they end in
 * a record end (else all of `size` is consumed and the record goes on). */
size_t lb_cutter_next(lb_cutter *cutter, const char *data, size_t size, bool *complete);

#endif
