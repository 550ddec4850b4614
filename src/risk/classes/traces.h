/* Classes and traces: what each unit shows of some quasi-identifiers (methods, section 1).
 *
 * A *class* is one distinct combination of values; its size is the number of distinct units that
 * have it, however many of their rows do. A unit's *trace* is the set of its classes: a unit of a
 * plain table has one, a traveller several. Units with equal traces cannot be told apart, so every
 * measure is a function of the distinct traces and of how many units have each; the measures of
 * column subsets work on the distinct traces of all columns instead of on the units.
 *
 * A unit without rows shows nothing: its trace is empty.
 */
#ifndef LB_RISK_CLASSES_TRACES_H
#define LB_RISK_CLASSES_TRACES_H

#include "base/memory.h"
#include "index/table.h"
#include "risk/classes/group.h"

/* Rows to be grouped: those of a table, or of the distinct traces of one. */
typedef struct lb_trace_rows {
    size_t rows, units;
    const uint32_t *unit;    /* [rows], ascending, below units */
    const uint32_t *members; /* [units] units of the table that each stands for; NULL: 1 */
    const lb_group_column *columns;
    size_t column_count;
} lb_trace_rows;

typedef struct lb_traces {
    size_t units;             /* of the table: the sum of members */
    uint32_t classes, traces; /* distinct */
                              /* [rows]; classes are numbered in the order of their first rows */
    const uint32_t *class_of_row;
    const uint32_t *first_row; /* [classes] a row that shows the class's values */
    const uint32_t *sizes;     /* [classes] units that have the class */
                               /* [units of the rows]; traces in the order of their first units */
    const uint32_t *trace_of_unit;
    const uint32_t *members;  /* [traces] units of the table with that trace */
    const uint32_t *offsets;  /* [traces + 1] into class_of */
    const uint32_t *class_of; /* [offsets[traces]] the classes of each trace, ascending */
    lb_arena *arena;          /* owns the above */
} lb_traces;

/* The quasi-identifiers of a table as rows to be grouped; `columns` has room for all of them. */
lb_trace_rows lb_trace_rows_of(const lb_table *table, lb_group_column *columns);

/* `chosen` are indices into rows->columns. O(rows * columns), about 30 bytes a row. On failure
 * nothing is left. */
int lb_traces_build(lb_traces *out, const lb_trace_rows *rows, const uint32_t *chosen,
                    size_t chosen_count, lb_grouper *grouper, lb_error *error);
int lb_traces_of_table(lb_traces *out, const lb_table *table,
                       lb_error *error); /* of all quasi-identifiers */
void lb_traces_free(lb_traces *traces);  /* leaves {0} */

/* The distinct traces as rows of their own, one for each (trace, class), with the columns that
 * `traces` was built from, in the order chosen; allocated in `arena`. */
int lb_traces_condense(lb_trace_rows *out, const lb_traces *traces, const lb_trace_rows *rows,
                       const uint32_t *chosen, size_t chosen_count, lb_arena *arena,
                       lb_error *error);

/* Share of pairs of units whose traces differ (separation; Motwani & Xu 2007, with traces for
 * tuples); 0 below two units. */
double lb_traces_separation(const lb_traces *traces);

#endif
