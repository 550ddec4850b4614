/* Where records end, found without parsing them, and what stands between them that is none.
 *
 * A slicer is fed with a buffer that grows at its end, and gives pieces: records in their order, and
 * faults, the runs of bytes that no record can be made of. It looks at one byte after the other,
 * whatever the buffer's pieces, so that what it finds depends on the text alone. One broken place
 * must not swallow the rest:
 *
 * - Lines: a record is a line; nothing goes beyond it.
 * - Rows of CSV: a quoted cell may hold line ends. It is broken when its row ends with another
 *   number of cells than the header, when there is text behind the closing quote, or at the end of
 *   the input, while most of the lines inside it read as rows of the right number of cells; when it
 *   is well-formed, but all the lines inside do, two or more, and have many cells; and when it is
 *   longer than 64 MB. Then its first line is a fault, and reading goes on in the next one.
 * - JSON: a value whose brackets, commas or quotes cannot be right is a fault up to where the next
 *   record begins: at a brace that stands in its line as those of the sound records did, with a
 *   first key that one of them had. A value longer than 64 MB is broken when such a record lies
 *   within it. Between two records a comma that is missing, or an array that ends and begins again,
 *   is a fault of no bytes.
 *
 * A record longer than 64 MB for which none of this speaks is held in memory whole.
 */
#ifndef LB_CORPUS_VALUE_SLICER_H
#define LB_CORPUS_VALUE_SLICER_H

#include "corpus/value/cutter.h"
#include "corpus/value/json_shape.h"

enum { LB_SLICER_DOUBTED = 64 << 20 }; /* bytes of a record from which on it may be broken */

typedef struct lb_piece {
    size_t at, size;
    const char *fault; /* why no record could be made of it, a constant; NULL: it is a record */
    bool goes_on;      /* it is the rest of the fault before it, which was not whole yet */
} lb_piece;

typedef struct lb_pieces {
    lb_piece *items;
    size_t count, capacity;
} lb_pieces;

/* How a record of JSON begins: the place of its brace in the line, and its first key. */
enum { LB_ANCHOR_KEY = 60, LB_ANCHORS = 8 };
typedef struct lb_anchor {
    bool begins_line; /* nothing but `indent` blanks before it */
    uint8_t size;     /* of the key with its quotes; 0: it is not known */
    uint16_t indent;
    char key[LB_ANCHOR_KEY];
} lb_anchor;

typedef struct lb_slicer_row {
    size_t columns; /* of the header; 0: not read yet */
    lb_row row;
    size_t second; /* the row has more lines than one: where the second begins; else 0 */
    lb_row line;   /* the line, read as if a row began with it */
    size_t lines, good;
} lb_slicer_row;

typedef enum lb_json_place {
    LB_JSON_BETWEEN, /* two values; of an array behind its bracket or a comma */
    LB_JSON_WITHIN,  /* a value */
    LB_JSON_BEHIND,  /* a value of an array: a comma is to come */
    LB_JSON_AHEAD,   /* of the array */
    LB_JSON_CLOSED,  /* behind the array */
    LB_JSON_LOST     /* in a fault, looking for a record */
} lb_json_place;

typedef struct lb_slicer_json {
    lb_json_place place;
    bool comma;       /* between elements: a comma was read */
    bool begins_line; /* nothing but `indent` blanks before it in its line */
    uint16_t indent;
    const char *fault; /* of LB_JSON_LOST: why */
    bool begun;        /* a part of the fault is in a piece already */
    lb_json_shape shape;
    lb_anchor anchor; /* of the record under way */
    lb_anchor anchors[LB_ANCHORS];
    size_t anchor_count;
} lb_slicer_json;

typedef struct lb_slicer {
    lb_cut cut;
    char delimiter; /* of LB_CUT_ROWS */
    size_t start;   /* everything before it is in pieces, or between them */
    size_t seen;
    lb_slicer_row row;
    lb_slicer_json json;
} lb_slicer;

lb_slicer lb_slicer_begin(lb_cut cut, char delimiter);

/* Appends the pieces that are whole in data[0 .. size), which begins with what was not forgotten.
 * `last`: nothing follows. Afterwards slicer->start is where the next piece will begin. */
int lb_slicer_next(lb_slicer *slicer, const char *data, size_t size, bool last, lb_pieces *pieces,
                   lb_error *error);

/* The first `size` bytes, slicer->start or fewer, leave the buffer. */
void lb_slicer_forget(lb_slicer *slicer, size_t size);

int lb_pieces_add(lb_pieces *pieces, lb_piece piece, lb_error *error);

/* For lb_slicer_next. */
int lb_slicer_next_rows(lb_slicer *slicer, const char *data, size_t size, bool last,
                        lb_pieces *pieces, lb_error *error);
int lb_slicer_next_json(lb_slicer *slicer, const char *data, size_t size, bool last,
                        lb_pieces *pieces, lb_error *error);

#endif
