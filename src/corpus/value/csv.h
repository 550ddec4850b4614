/* One row of CSV (RFC 4180), cut into cells. The rules are those of the cutter, so that the two
 * agree on every text: a cell is quoted when " is its first byte; inside, "" is a quote; in an
 * unquoted cell a quote is a character like others. Cells are the bytes as given, blanks included.
 */
#ifndef LB_CORPUS_VALUE_CSV_H
#define LB_CORPUS_VALUE_CSV_H

#include "base/memory.h"
#include "base/str.h"

typedef enum lb_quotes {
    LB_QUOTES,       /* as above */
    LB_QUOTES_NONE,  /* a quote is a character like others, everywhere */
    LB_QUOTES_ALWAYS /* all text is in quotes: in a cell that does not begin with one, it is a fault
                      */
} lb_quotes;

/* Cells in *cells (growable, *capacity), their number in *count; data NULL for an empty cell that
 * is not quoted. Quoted cells with doubled quotes are copied to the arena. The row is without its
 * line's end. 0, or 1 with the reason in *what, or LB_E_RESOURCE. */
int lb_csv_cut(lb_str row, char delimiter, lb_quotes quotes, lb_str **cells, size_t *capacity,
               size_t *count, lb_arena *arena, const char **what, lb_error *error);

/* Cells of the first 20 rows of `head` by a delimiter: their number if all rows have the same, else
 * 0. `whole`: the text ends with the head; else its last row may go on and is not looked at. */
size_t lb_csv_count(lb_str head, bool whole, char delimiter);

/* Tables of tabs are often written without quotes: a cell that begins with " is text that does. Is
 * it so here? Yes, if some cell begins with a quote and does not end with one, while all lines of
 * `head` have the same number of cells as they stand, no quotes hold anything that needs them, and
 * no column is all in quotes. `whole` as of lb_csv_count. */
bool lb_csv_has_no_quotes(lb_str head, bool whole, char delimiter);

#endif
