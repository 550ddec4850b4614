/* Rows of a database as text: JSON, one object per line, so that a table is read as a file of JSON
 * lines is: one record model, one parser, whatever nests in the columns. Each back end makes its
 * rows a piece at a time; memory is bounded by the piece (and by what the database itself holds).
 *
 * NULL is null; numbers beyond 64 bits and decimals are strings of digits where JSON has none that
 * is exact; times are ISO 8601; bytes that are no UTF-8 go through as they are and are repaired by
 * the JSON reader. */
#ifndef LB_CORPUS_INPUT_ROWS_H
#define LB_CORPUS_INPUT_ROWS_H

#include "base/buffer.h"
#include "corpus/input/place.h"

typedef struct lb_other_table { /* a table or view beside the one that is read */
    const char *name;
    uint64_t rows;         /* at least one: an empty table is none of these */
    const lb_str *columns; /* none where the database cannot say */
    size_t column_count;
} lb_other_table;

typedef struct lb_rows lb_rows;
struct lb_rows {
    /* Appends some rows. 1: there may be more, 0: that was all, or an error. */
    int (*next)(lb_rows *rows, lb_buffer *into, lb_error *error);
    void (*free)(lb_rows *rows);
    /* Of a database with more than one table; NULL otherwise. Everything lies in the arena. */
    int (*list_others)(lb_rows *rows, lb_other_table **tables, size_t *count, lb_arena *arena,
                       lb_error *error);
    const char *kind;  /* "sqlite", "parquet", "duckdb": the container's name */
    const char *table; /* of SQLite: the one that is read; NULL otherwise */
};

/* An SQLite database, read by SQLite itself, without writing: the table or view place->table, else
 * the one whose columns look most like messages. LB_E_USAGE: there is no such table. */
int lb_rows_open_sqlite(lb_rows **out, const lb_place *place, lb_error *error);

/* A Parquet file, or the query behind "duckdb:" in place->file, run by libduckdb, which is looked
 * up at run time: LINKBACK_DUCKDB names it, else it has its usual name. LB_E_INPUT with the mend
 * where it is not there. Nested lists and structs become arrays and objects. */
int lb_rows_open_duckdb(lb_rows **out, const lb_place *place, lb_error *error);

/* Appends a JSON string. */
int lb_rows_append_string(lb_buffer *into, lb_str text, lb_error *error);
/* Appends a JSON number; null where it is not finite. */
int lb_rows_append_number(lb_buffer *into, double value, lb_error *error);

#endif
