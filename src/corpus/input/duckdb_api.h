/* The part of DuckDB's C API that is used here, declared by us: the library is looked up at run
 * time, so that neither its headers nor the library are needed to build and to run without it. The
 * names, types and layouts are those of duckdb.h since version 1.0 (duckdb.org, "C API").
 *
 * Handles are opaque pointers; what a function creates, the matching close or destroy frees. */
#ifndef LB_CORPUS_INPUT_DUCKDB_API_H
#define LB_CORPUS_INPUT_DUCKDB_API_H

#include <stdbool.h>
#include <stdint.h>

#include "linkback/error.h"

typedef struct lb_duckdb_database_ *lb_duckdb_database;
typedef struct lb_duckdb_connection_ *lb_duckdb_connection;
typedef struct lb_duckdb_config_ *lb_duckdb_config;
typedef struct lb_duckdb_statement_ *lb_duckdb_statement;
typedef struct lb_duckdb_pending_ *lb_duckdb_pending;
typedef struct lb_duckdb_chunk_ *lb_duckdb_chunk;
typedef struct lb_duckdb_vector_ *lb_duckdb_vector;
typedef struct lb_duckdb_type_ *lb_duckdb_type;

typedef struct lb_duckdb_result { /* passed by value */
    uint64_t columns, rows, changed;
    void *column_data;
    char *message;
    void *internal;
} lb_duckdb_result;

typedef enum lb_duckdb_type_id {
    LB_DUCKDB_BOOLEAN = 1,
    LB_DUCKDB_TINYINT = 2,
    LB_DUCKDB_SMALLINT = 3,
    LB_DUCKDB_INTEGER = 4,
    LB_DUCKDB_BIGINT = 5,
    LB_DUCKDB_UTINYINT = 6,
    LB_DUCKDB_USMALLINT = 7,
    LB_DUCKDB_UINTEGER = 8,
    LB_DUCKDB_UBIGINT = 9,
    LB_DUCKDB_FLOAT = 10,
    LB_DUCKDB_DOUBLE = 11,
    LB_DUCKDB_TIMESTAMP = 12, /* int64, microseconds since 1970 */
    LB_DUCKDB_DATE = 13,      /* int32, days since 1970 */
    LB_DUCKDB_TIME = 14,      /* int64, microseconds since midnight */
    LB_DUCKDB_HUGEINT = 16,
    LB_DUCKDB_VARCHAR = 17,
    LB_DUCKDB_BLOB = 18,
    LB_DUCKDB_DECIMAL = 19, /* an integer of its internal type, scaled */
    LB_DUCKDB_TIMESTAMP_S = 20,
    LB_DUCKDB_TIMESTAMP_MS = 21,
    LB_DUCKDB_TIMESTAMP_NS = 22,
    LB_DUCKDB_ENUM = 23, /* a number of its internal type, into a dictionary */
    LB_DUCKDB_LIST = 24,
    LB_DUCKDB_STRUCT = 25,
    LB_DUCKDB_MAP = 26,
    LB_DUCKDB_UUID = 27, /* a hugeint with its top bit turned */
    LB_DUCKDB_UNION = 28,
    LB_DUCKDB_TIMESTAMP_TZ = 31,
    LB_DUCKDB_UHUGEINT = 32,
    LB_DUCKDB_ARRAY = 33
} lb_duckdb_type_id;

enum { LB_DUCKDB_STATEMENT_SELECT = 1, LB_DUCKDB_STRING_INLINE = 12 };

typedef struct lb_duckdb_hugeint {
    uint64_t lower;
    int64_t upper;
} lb_duckdb_hugeint;

typedef struct lb_duckdb_list_entry {
    uint64_t offset, length;
} lb_duckdb_list_entry;

typedef union lb_duckdb_string { /* up to 12 bytes stand in the value itself */
    struct {
        uint32_t length;
        char text[LB_DUCKDB_STRING_INLINE];
    } inside;
    struct {
        uint32_t length;
        char prefix[4];
        const char *text;
    } outside;
} lb_duckdb_string;

/* RESULT, NAME, ARGUMENTS; states are 0 for success. */
#define LB_DUCKDB_FUNCTIONS(F)                                                                     \
    F(int, create_config, (lb_duckdb_config * config))                                             \
    F(int, set_config, (lb_duckdb_config config, const char *name, const char *option))            \
    F(void, destroy_config, (lb_duckdb_config * config))                                           \
    F(int, open_ext,                                                                               \
      (const char *path, lb_duckdb_database *database, lb_duckdb_config config, char **message))   \
    F(void, close, (lb_duckdb_database * database))                                                \
    F(int, connect, (lb_duckdb_database database, lb_duckdb_connection * connection))              \
    F(void, disconnect, (lb_duckdb_connection * connection))                                       \
    F(void, free, (void *memory))                                                                  \
    F(int, prepare,                                                                                \
      (lb_duckdb_connection connection, const char *query, lb_duckdb_statement *statement))        \
    F(const char *, prepare_error, (lb_duckdb_statement statement))                                \
    F(int, prepared_statement_type, (lb_duckdb_statement statement))                               \
    F(void, destroy_prepare, (lb_duckdb_statement * statement))                                    \
    F(int, pending_prepared, (lb_duckdb_statement statement, lb_duckdb_pending * pending))         \
    F(const char *, pending_error, (lb_duckdb_pending pending))                                    \
    F(int, execute_pending, (lb_duckdb_pending pending, lb_duckdb_result * result))                \
    F(void, destroy_pending, (lb_duckdb_pending * pending))                                        \
    F(lb_duckdb_chunk, fetch_chunk, (lb_duckdb_result result))                                     \
    F(const char *, result_error, (lb_duckdb_result * result))                                     \
    F(void, destroy_result, (lb_duckdb_result * result))                                           \
    F(uint64_t, column_count, (lb_duckdb_result * result))                                         \
    F(const char *, column_name, (lb_duckdb_result * result, uint64_t column))                     \
    F(lb_duckdb_type, column_logical_type, (lb_duckdb_result * result, uint64_t column))           \
    F(uint64_t, data_chunk_get_size, (lb_duckdb_chunk chunk))                                      \
    F(lb_duckdb_vector, data_chunk_get_vector, (lb_duckdb_chunk chunk, uint64_t column))           \
    F(void, destroy_data_chunk, (lb_duckdb_chunk * chunk))                                         \
    F(void *, vector_get_data, (lb_duckdb_vector vector))                                          \
    F(uint64_t *, vector_get_validity, (lb_duckdb_vector vector))                                  \
    F(lb_duckdb_vector, list_vector_get_child, (lb_duckdb_vector vector))                          \
    F(lb_duckdb_vector, struct_vector_get_child, (lb_duckdb_vector vector, uint64_t child))        \
    F(lb_duckdb_vector, array_vector_get_child, (lb_duckdb_vector vector))                         \
    F(int, get_type_id, (lb_duckdb_type type))                                                     \
    F(char *, logical_type_get_alias, (lb_duckdb_type type))                                       \
    F(void, destroy_logical_type, (lb_duckdb_type * type))                                         \
    F(uint8_t, decimal_scale, (lb_duckdb_type type))                                               \
    F(int, decimal_internal_type, (lb_duckdb_type type))                                           \
    F(int, enum_internal_type, (lb_duckdb_type type))                                              \
    F(uint32_t, enum_dictionary_size, (lb_duckdb_type type))                                       \
    F(char *, enum_dictionary_value, (lb_duckdb_type type, uint64_t index))                        \
    F(lb_duckdb_type, list_type_child_type, (lb_duckdb_type type))                                 \
    F(lb_duckdb_type, array_type_child_type, (lb_duckdb_type type))                                \
    F(uint64_t, array_type_array_size, (lb_duckdb_type type))                                      \
    F(lb_duckdb_type, map_type_key_type, (lb_duckdb_type type))                                    \
    F(lb_duckdb_type, map_type_value_type, (lb_duckdb_type type))                                  \
    F(uint64_t, struct_type_child_count, (lb_duckdb_type type))                                    \
    F(char *, struct_type_child_name, (lb_duckdb_type type, uint64_t child))                       \
    F(lb_duckdb_type, struct_type_child_type, (lb_duckdb_type type, uint64_t child))               \
    F(uint64_t, union_type_member_count, (lb_duckdb_type type))                                    \
    F(lb_duckdb_type, union_type_member_type, (lb_duckdb_type type, uint64_t member))

#define LB_DUCKDB_POINTER(result, name, arguments) result(*name) arguments;
typedef struct lb_duckdb_api {
    LB_DUCKDB_FUNCTIONS(LB_DUCKDB_POINTER)
    /* Makes a result that is computed while it is fetched. NULL where the library has it no more:
     * then a result is held in memory. */
    int (*pending_prepared_streaming)(lb_duckdb_statement statement, lb_duckdb_pending *pending);
} lb_duckdb_api;
#undef LB_DUCKDB_POINTER

/* Finds the library: the file that LINKBACK_DUCKDB names, else libduckdb.so, once per process
 * image; it stays loaded. LB_E_INPUT, at `where`, with the mend if it is not there or too old. */
int lb_duckdb_load(lb_duckdb_api *api, const char *where, lb_error *error);

#endif
