#include <stdlib.h>
#include <string.h>

#include "corpus/input/duckdb_json.h"
#include "corpus/input/rows.h"

typedef struct duckdb_rows {
    lb_rows rows;
    const char *path;
    lb_duckdb_api api;
    lb_arena *arena;
    lb_duckdb_database database;
    lb_duckdb_connection connection;
    lb_duckdb_statement statement;
    lb_duckdb_pending pending;
    lb_duckdb_result result;
    bool has_result;
    lb_duckdb_column *columns;
    size_t column_count;
} duckdb_rows;

static int fail(const duckdb_rows *r, const char *why, lb_error *error) {
    bool query = strcmp(r->rows.kind, "duckdb") == 0;
    const char *mend =
        query ? "check the query with DuckDB itself" : "check that the download is complete";
    size_t first_line = why ? strcspn(why, "\n") : 0;
    return lb_fail(error, LB_E_INPUT, query ? "duckdb" : r->path, mend, "DuckDB says: %.*s",
                   (int)(first_line < 500 ? first_line : 500), why ? why : "");
}

static void free_rows(lb_rows *rows) {
    duckdb_rows *r = (duckdb_rows *)rows;
    if (r->has_result)
        r->api.destroy_result(&r->result);
    if (r->pending)
        r->api.destroy_pending(&r->pending);
    if (r->statement)
        r->api.destroy_prepare(&r->statement);
    if (r->connection)
        r->api.disconnect(&r->connection);
    if (r->database)
        r->api.close(&r->database);
    lb_arena_free(r->arena);
    lb_free(r);
}

static int next_rows(lb_rows *rows, lb_buffer *into, lb_error *error) {
    duckdb_rows *r = (duckdb_rows *)rows;
    lb_duckdb_chunk chunk = r->api.fetch_chunk(r->result);
    if (!chunk) {
        const char *why = r->api.result_error(&r->result);
        return why && *why ? fail(r, why, error) : 0;
    }
    int status = LB_OK;
    bool empty = r->api.data_chunk_get_size(chunk) == 0;
    if (!empty)
        status = lb_duckdb_write_chunk(&r->api, r->columns, r->column_count, chunk, into, error);
    r->api.destroy_data_chunk(&chunk);
    return status < 0 ? status : !empty;
}

/* In memory, and alone: nothing is loaded from the network. */
static int open_database(duckdb_rows *r, lb_error *error) {
    static const char *const options[][2] = {{"autoinstall_known_extensions", "false"},
                                             {"threads", "2"}};
    lb_duckdb_config config = NULL;
    char *message = NULL;
    if (r->api.create_config(&config) != 0)
        return lb_fail_memory(error, "opening DuckDB");
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        r->api.set_config(config, options[i][0], options[i][1]);
    int status = LB_OK;
    if (r->api.open_ext(NULL, &r->database, config, &message) != 0) {
        status = fail(r, message, error);
        r->api.free(message);
    } else if (r->api.connect(r->database, &r->connection) != 0)
        status = lb_fail_memory(error, "opening DuckDB");
    r->api.destroy_config(&config);
    return status;
}

/* The rows of a query are computed as they are fetched, in the order of the file. */
static int run(duckdb_rows *r, const char *query, lb_error *error) {
    const lb_duckdb_api *api = &r->api;
    if (api->prepare(r->connection, query, &r->statement) != 0)
        return fail(r, api->prepare_error(r->statement), error);
    if (api->prepared_statement_type(r->statement) != LB_DUCKDB_STATEMENT_SELECT)
        return lb_fail(error, LB_E_USAGE, "duckdb", "write duckdb:SELECT ... or duckdb:FROM ...",
                       "the statement is no query");
    int code = api->pending_prepared_streaming
                   ? api->pending_prepared_streaming(r->statement, &r->pending)
                   : api->pending_prepared(r->statement, &r->pending);
    if (code != 0)
        return fail(r, api->pending_error(r->pending), error);
    code = api->execute_pending(r->pending, &r->result);
    r->has_result = true;
    if (code != 0)
        return fail(r, api->result_error(&r->result), error);
    return lb_duckdb_read_columns(api, &r->result, &r->columns, &r->column_count, r->arena, error);
}

/* SELECT over the file, its name quoted. DuckDB takes a pattern for one, even where a file has that
 * name, and would read others. */
static int query_of_file(const char *file, lb_buffer *query, lb_error *error) {
    if (strpbrk(file, "*?["))
        return lb_fail(error, LB_E_INPUT, file, "rename it",
                       "DuckDB would take the name for a pattern, for its *, ? or [");
    int status = lb_buffer_printf(query, error, "SELECT * FROM read_parquet(['");
    for (const char *c = file; status == LB_OK && *c; c++)
        status = lb_buffer_append(query, *c == '\'' ? "''" : c, *c == '\'' ? 2 : 1, error);
    return status < 0 ? status : lb_buffer_append(query, "'])", sizeof "'])", error);
}

static int open_rows(duckdb_rows *r, const lb_place *place, lb_error *error) {
    lb_buffer query = {0};
    int status = open_database(r, error);
    if (status == LB_OK && lb_place_is_query(place->file))
        return run(r, place->file + strlen("duckdb:"), error);
    if (status == LB_OK)
        status = query_of_file(place->file, &query, error);
    if (status == LB_OK)
        status = run(r, query.data, error);
    lb_buffer_free(&query);
    return status;
}

int lb_rows_open_duckdb(lb_rows **out, const lb_place *place, lb_error *error) {
    *out = NULL;
    bool query = lb_place_is_query(place->file);
    lb_duckdb_api api;
    int status = lb_duckdb_load(&api, query ? "duckdb" : place->path, error);
    if (status < 0)
        return status;
    duckdb_rows *r = lb_alloc_zero(1, sizeof *r);
    if (!r)
        return lb_fail_memory(error, "opening DuckDB");
    r->rows = (lb_rows){.next = next_rows, .free = free_rows, .kind = query ? "duckdb" : "parquet"};
    r->path = place->path;
    r->api = api;
    r->arena = lb_arena_new();
    status = r->arena ? open_rows(r, place, error) : lb_fail_memory(error, "opening DuckDB");
    if (status < 0)
        free_rows(&r->rows);
    else
        *out = &r->rows;
    return status;
}
