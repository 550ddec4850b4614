/* report.csv: every figure and every list of the document as one tidy table (RFC 4180, UTF-8, CRLF)
 * with the columns
 *
 *     table,row,field,value
 *
 * `table` is the place in report.json ("metrics", "users", "singling_out.tokens.distribution"),
 * `row` the number in the list from 1 (of a list in a list, "2.17") or the metric's name, `field`
 * the key. A new section of the document appears here of itself. One file, so that it can go to a
 * pipe; a spreadsheet filters by `table`, a program pivots by it.
 *
 * A text that a spreadsheet would take for a formula (= + - @, tab, carriage return) gets a ' in
 * front. */
#ifndef LB_REPORT_CSV_H
#define LB_REPORT_CSV_H

#include <jansson.h>

#include "base/buffer.h"

/* Appends one value as a cell, quoted and guarded as above. */
int lb_csv_put_value(const json_t *value, lb_buffer *into, lb_error *error);

int lb_report_csv(const json_t *document, lb_buffer *into, lb_error *error);

#endif
