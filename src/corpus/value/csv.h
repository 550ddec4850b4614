/* One row of CSV (RFC 4180), cut into cells. The rules are those of the cutter, so that the two
 * agree on every text: a cell is quoted when " is its first byte; inside, "" is a quote; in an
 * unquoted cell a quote is a character like others. Cells are the bytes as given, blanks included.
 */
#ifndef LB_CORPUS_VALUE_CSV_H
#define LB_CORPUS_VALUE_CSV_H

#include "base/memory.h"
#include "base/str.h"

/* Cells in *cells (growable, *capacity), their number in *count; data NULL for an empty cell that
 * is not quoted. Quoted cells with doubled quotes are copied to the arena. `size` is without the
 * line's end. 0, or 1 with the reason in *what, or LB_E_RESOURCE. */
int lb_csv_cut(const char *data, size_t size, char delimiter, lb_str **cells, size_t *capacity,
               size_t *count, lb_arena *arena, const char **what, lb_error *error);

/* Cells of the first 20 rows of `head` by a delimiter: their number if all rows have the same, else
 * 0. `whole`: the text ends with the head; else its last row may go on and is not looked at. */
size_t lb_csv_count(lb_str head, bool whole, char delimiter);

#endif
