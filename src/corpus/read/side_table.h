/* A table beside the corpus that a person made: a list, a table with a header, a hierarchy. It is
 * read as a corpus in CSV is, whatever program wrote it: compressed or not, UTF-8 or UTF-16, with a
 * mark or without, cells with or without quotes, lines that end with LF, CR LF or CR. What the
 * columns mean is the caller's. One pass; no more is held than a piece and the row.
 */
#ifndef LB_CORPUS_READ_SIDE_TABLE_H
#define LB_CORPUS_READ_SIDE_TABLE_H

#include "base/buffer.h"

typedef struct lb_side_form {
    /* What may stand between cells. The first of them holds that cuts the first rows into the same
     * number of cells, two at least. "": the file is a list, one cell a line. */
    const char *delimiters;
    bool trimmed; /* blanks around a cell do not count; a cell in quotes keeps those within */
    /* A list of guesses: an empty line is an empty value, and a line whose quotes are none is taken
     * as it stands. Otherwise empty lines are skipped and such a line is an error. */
    bool guesses;
} lb_side_form;

typedef struct lb_side_row {
    const lb_str *cells; /* until the next row; data NULL: empty and without quotes */
    size_t count;        /* at least 1 */
} lb_side_row;

typedef struct lb_side_table lb_side_table;

/* LB_E_INPUT: the file cannot be read, or it is a database or a zip archive. */
int lb_side_table_open(lb_side_table **out, const char *path, lb_side_form form, lb_error *error);
void lb_side_table_close(lb_side_table *table); /* NULL is allowed */

/* How the text begins, as UTF-8: until the first row is read. */
lb_str lb_side_table_head(const lb_side_table *table);

/* 1: a row was read, 0: that was all. LB_E_INPUT, with file and line: a quote that is not closed, a
 * zero byte, UTF-16 that ends within a character. */
int lb_side_table_next(lb_side_table *table, lb_side_row *row, lb_error *error);

/* Where the row begins that was read last, from 1; the caller's own errors name it as well. */
uint64_t lb_side_table_line(const lb_side_table *table);
int lb_side_table_fail(const lb_side_table *table, lb_error *error, const char *mend,
                       const char *what, ...) __attribute__((format(printf, 4, 5)));

#endif
