/* Collects the rows of an lb_table: the distinct (unit, values) combinations, with the number of
 * records and the sum of weights of each. Each thread has a collector of its own; the dictionaries
 * of the columns are shared. With `keep_all` every record stays a row of its own (unit record).
 */
#ifndef LB_INDEX_ROW_COLLECTOR_H
#define LB_INDEX_ROW_COLLECTOR_H

#include "corpus/corpus.h"
#include "index/keyset.h"
#include "index/table.h"

typedef struct lb_row_columns lb_row_columns; /* the shared dictionaries */
typedef struct lb_row_collector lb_row_collector;

/* The attributes are those of the corpus: quasi-identifiers and sensitive fields become columns, a
 * weight is added up, consent is left out. */
int lb_row_columns_new(lb_row_columns **out, const lb_attribute *attributes, size_t attribute_count,
                       lb_error *error);
void lb_row_columns_free(lb_row_columns *columns); /* NULL is allowed */

int lb_row_collector_new(lb_row_collector **out, lb_row_columns *columns, bool keep_all,
                         lb_error *error);
void lb_row_collector_free(lb_row_collector *collector); /* NULL is allowed */

/* One record of `unit` (arrival number). `values` are the attributes' (message.h). */
int lb_row_collector_add(lb_row_collector *collector, uint32_t unit, const lb_str *values,
                         lb_error *error);

/* Puts the collectors' rows together into *table (freed with lb_table_free), with `units` units.
 * ranks[arrival number] numbers the units; NULL (unit record): by the order of their values. */
int lb_row_collector_finish(lb_row_columns *columns, lb_row_collector *const *collectors,
                            size_t count, const uint32_t *ranks, size_t units, lb_table **table,
                            lb_error *error);
void lb_table_free(lb_table *table); /* NULL is allowed */

#endif
