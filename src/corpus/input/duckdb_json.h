/* Chunks of a DuckDB result as JSON lines. The types of the columns are read once; each chunk then
 * is bound to them and written row by row, lists and structs in their depth. */
#ifndef LB_CORPUS_INPUT_DUCKDB_JSON_H
#define LB_CORPUS_INPUT_DUCKDB_JSON_H

#include "base/buffer.h"
#include "corpus/input/duckdb_api.h"

typedef struct lb_duckdb_column { /* a column, or what nests in one */
    lb_str name;                  /* as JSON, with the colon behind */
    lb_duckdb_type_id type;
    int internal;        /* type that decimals and enums are stored as */
    unsigned scale;      /* of a decimal */
    uint64_t array_size; /* of an array */
    bool raw;            /* it is JSON itself */
    lb_str *dictionary;  /* of an enum, as JSON */
    size_t dictionary_size;
    struct lb_duckdb_column *children;
    size_t child_count;
    /* Of the chunk under way. */
    const void *data;
    const uint64_t *validity; /* a bit per row; NULL: all are there */
} lb_duckdb_column;

/* Everything lives in the arena. */
int lb_duckdb_read_columns(const lb_duckdb_api *api, lb_duckdb_result *result,
                           lb_duckdb_column **columns, size_t *count, lb_arena *arena,
                           lb_error *error);

/* Appends the rows of a chunk, one object per line. */
int lb_duckdb_write_chunk(const lb_duckdb_api *api, lb_duckdb_column *columns, size_t count,
                          lb_duckdb_chunk chunk, lb_buffer *into, lb_error *error);

#endif
