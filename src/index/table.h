/* The table of quasi-identifiers and sensitive fields: what the tabular measures are functions of.
 *
 * Columns are dictionary-encoded. A row is one distinct (unit, values) combination and says how
 * many records had it: a user who travels has several rows, a plain table (unit record) has one row
 * per record. Units are numbered 0 ... units-1 in the order of their keys' hashes (records: of
 * their values, so that the table does not depend on the order of the input); rows are sorted by
 * unit, then by codes.
 */
#ifndef LB_INDEX_TABLE_H
#define LB_INDEX_TABLE_H

#include "base/str.h"
#include "linkback/error.h"

enum { LB_CODE_MISSING = 0 }; /* the code of a missing value in every column */

typedef struct lb_column {
    lb_str name;
    uint32_t distinct;     /* codes run from 0 to distinct; 0 is "missing", used or not */
    const lb_str *values;  /* [distinct + 1], sorted by bytes; values[0].data == NULL */
    const double *numbers; /* [distinct + 1] where every value is a finite number, else NULL;
                              numbers[0] is NaN */
    const uint32_t *codes; /* [rows] */
} lb_column;

typedef struct lb_table {
    size_t rows;
    size_t units;
    const uint32_t *unit;    /* [rows], ascending */
    const uint32_t *records; /* [rows] records that had this combination (at least 1) */
    const double *weights;   /* [rows] sum of the records' sampling weights, or NULL */
    const lb_column *quasi_identifiers;
    size_t quasi_identifier_count;
    const lb_column *sensitive;
    size_t sensitive_count;
} lb_table;

#endif
