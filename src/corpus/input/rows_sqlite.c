#include <sqlite3.h>
#include <stdio.h>

#include "corpus/input/rows.h"
#include "corpus/mapping/guess_names.h"

typedef struct sqlite_rows {
    lb_rows rows;
    const char *path;
    sqlite3 *database;
    sqlite3_stmt *statement;
    lb_arena *arena;
    lb_str *names; /* of the columns, as JSON with the colon behind */
    int columns;
    bool ended; /* another step would begin anew */
} sqlite_rows;

static int fail(const sqlite_rows *r, lb_error *error) {
    if (sqlite3_errcode(r->database) == SQLITE_NOMEM)
        return lb_fail_memory(error, "reading a database");
    return lb_fail(error, LB_E_INPUT, r->path,
                   "check that the copy is whole: sqlite3 FILE 'PRAGMA integrity_check'",
                   "the SQLite database cannot be read: %s", sqlite3_errmsg(r->database));
}

static void free_rows(lb_rows *rows) {
    sqlite_rows *r = (sqlite_rows *)rows;
    sqlite3_finalize(r->statement);
    sqlite3_close(r->database);
    lb_arena_free(r->arena);
    lb_free(r);
}

static int append_value(sqlite3_stmt *statement, int column, lb_buffer *into, lb_error *error) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return lb_buffer_printf(into, error, "%lld",
                                (long long)sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return lb_rows_append_number(into, sqlite3_column_double(statement, column), error);
    case SQLITE_NULL:
        return lb_buffer_append(into, "null", 4, error);
    default: {
        bool text = sqlite3_column_type(statement, column) == SQLITE_TEXT; /* may be UTF-16 */
        const void *data =
            text ? sqlite3_column_text(statement, column) : sqlite3_column_blob(statement, column);
        int size = sqlite3_column_bytes(statement, column);
        return lb_rows_append_string(into, (lb_str){data ? data : "", (size_t)size}, error);
    }
    }
}

static int next_rows(lb_rows *rows, lb_buffer *into, lb_error *error) {
    enum { PIECE = 1 << 16 };
    sqlite_rows *r = (sqlite_rows *)rows;
    size_t full = into->size + PIECE;
    int status = LB_OK, code = r->ended ? SQLITE_DONE : SQLITE_ROW;
    while (status == LB_OK && into->size < full && !r->ended &&
           (code = sqlite3_step(r->statement)) == SQLITE_ROW) {
        for (int i = 0; status == LB_OK && i < r->columns; i++) {
            status = lb_buffer_append(into, i ? "," : "{", 1, error);
            if (status == LB_OK)
                status = lb_buffer_append(into, r->names[i].data, r->names[i].size, error);
            if (status == LB_OK)
                status = append_value(r->statement, i, into, error);
        }
        if (status == LB_OK)
            status = lb_buffer_append(into, "}\n", 2, error);
    }
    if (status < 0)
        return status;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail(r, error);
    r->ended = code == SQLITE_DONE;
    return !r->ended;
}

static int prepare(const sqlite_rows *r, const char *table, sqlite3_stmt **statement,
                   lb_error *error) {
    char *query = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    if (!query)
        return lb_fail_memory(error, "reading a database");
    int code = sqlite3_prepare_v2(r->database, query, -1, statement, NULL);
    sqlite3_free(query);
    return code == SQLITE_OK ? LB_OK : fail(r, error);
}

static const char tables_query[] =
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE "
    "'sqlite\\_%' ESCAPE '\\' ORDER BY name";

/* How much the columns of a table look like those of messages. */
static int weigh_table(const sqlite_rows *r, const char *table, size_t *points, lb_error *error) {
    sqlite3_stmt *statement = NULL;
    *points = 0;
    int status = prepare(r, table, &statement, NULL);
    if (status == LB_E_RESOURCE)
        return lb_fail_memory(error, "reading a database");
    if (status < 0) /* a view of a table that is not there, or of a function we do not have */
        return LB_OK;
    int count = sqlite3_column_count(statement);
    lb_str *names = lb_alloc((size_t)count + 1, sizeof *names);
    if (!names)
        status = lb_fail_memory(error, "reading a database");
    for (int i = 0; names && i < count; i++)
        names[i] = lb_str_of(sqlite3_column_name(statement, i));
    if (names)
        *points = 1 + lb_name_points(names, (size_t)count);
    lb_free(names);
    sqlite3_finalize(statement);
    return status;
}

static int fail_table(const sqlite_rows *r, const char *wanted, const lb_buffer *tables,
                      lb_error *error) {
    char mend[LB_ERROR_MEND_MAX];
    if (!wanted)
        return lb_fail(error, LB_E_INPUT, r->path, "check that this is the file that was meant",
                       "the SQLite database has no table");
    snprintf(mend, sizeof mend, "name one of %.*s", (int)tables->size, tables->data);
    return lb_fail(error, LB_E_USAGE, "--map record", mend, "the database has no table \"%s\"",
                   wanted);
}

/* The wanted table, or of all tables and views the one that looks best; of two, the first by name.
 */
static int choose_table(sqlite_rows *r, const char *wanted, lb_error *error) {
    sqlite3_stmt *list = NULL;
    lb_buffer tables = {0};
    size_t most = 0;
    int code = sqlite3_prepare_v2(r->database, tables_query, -1, &list, NULL);
    int status = code == SQLITE_OK ? LB_OK : fail(r, error);
    while (status == LB_OK && (code = sqlite3_step(list)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(list, 0);
        size_t points = 0;
        status = lb_buffer_printf(&tables, error, "%s%s", tables.size ? ", " : "", name);
        if (status == LB_OK && wanted)
            points = strcmp(wanted, name) == 0;
        else if (status == LB_OK)
            status = weigh_table(r, name, &points, error);
        if (status == LB_OK && points > most) {
            most = points;
            r->rows.table = lb_arena_copy(r->arena, name, strlen(name));
            if (!r->rows.table)
                status = lb_fail_memory(error, "reading a database");
        }
    }
    if (status == LB_OK && code != SQLITE_DONE)
        status = fail(r, error);
    if (status == LB_OK && !r->rows.table)
        status = fail_table(r, wanted, &tables, error);
    sqlite3_finalize(list);
    lb_buffer_free(&tables);
    return status;
}

static int interrupt(void *context) {
    (void)context;
    return 1;
}

/* The rows of a table, or 1 where they cannot be counted (within a bound: a view may never end):
 * then there may be some. */
static int count_rows(const sqlite_rows *r, const char *table, uint64_t *rows, lb_error *error) {
    enum { MOST_STEPS = 20000000 };
    sqlite3_stmt *statement = NULL;
    char *query = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table);
    if (!query)
        return lb_fail_memory(error, "reading a database");
    *rows = 1;
    sqlite3_progress_handler(r->database, MOST_STEPS, interrupt, NULL);
    if (sqlite3_prepare_v2(r->database, query, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        *rows = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_progress_handler(r->database, 0, NULL, NULL);
    sqlite3_finalize(statement);
    sqlite3_free(query);
    return LB_OK;
}

static int list_columns(const sqlite_rows *r, lb_other_table *table, lb_arena *arena,
                        lb_error *error) {
    sqlite3_stmt *statement = NULL;
    int status = prepare(r, table->name, &statement, NULL);
    if (status < 0)
        return status == LB_E_RESOURCE ? lb_fail_memory(error, "reading a database") : LB_OK;
    size_t count = (size_t)sqlite3_column_count(statement);
    lb_str *names = lb_arena_alloc(arena, count, sizeof *names);
    for (size_t i = 0; names && i < count; i++) {
        lb_str name = lb_str_of(sqlite3_column_name(statement, (int)i));
        names[i] = (lb_str){lb_arena_copy(arena, name.data, name.size), name.size};
        if (!names[i].data)
            names = NULL;
    }
    sqlite3_finalize(statement);
    table->columns = names;
    table->column_count = names ? count : 0;
    return names ? LB_OK : lb_fail_memory(error, "reading a database");
}

static int add_other(const sqlite_rows *r, const char *name, lb_other_table *table, lb_arena *arena,
                     lb_error *error) {
    *table = (lb_other_table){.name = lb_arena_copy(arena, name, strlen(name))};
    if (!table->name)
        return lb_fail_memory(error, "reading a database");
    int status = count_rows(r, name, &table->rows, error);
    return status < 0 ? status : list_columns(r, table, arena, error);
}

static int list_others(lb_rows *rows, lb_other_table **tables, size_t *count, lb_arena *arena,
                       lb_error *error) {
    sqlite_rows *r = (sqlite_rows *)rows;
    sqlite3_stmt *list = NULL;
    size_t all = 0;
    int code = sqlite3_prepare_v2(r->database, tables_query, -1, &list, NULL);
    int status = code == SQLITE_OK ? LB_OK : fail(r, error);
    while (status == LB_OK && (code = sqlite3_step(list)) == SQLITE_ROW)
        all++;
    *tables = lb_arena_alloc(arena, all, sizeof **tables);
    if (status == LB_OK && !*tables)
        status = lb_fail_memory(error, "reading a database");
    if (status == LB_OK && code == SQLITE_DONE)
        sqlite3_reset(list);
    for (*count = 0;
         status == LB_OK && *count < all && (code = sqlite3_step(list)) == SQLITE_ROW;) {
        const char *name = (const char *)sqlite3_column_text(list, 0);
        lb_other_table *table = &(*tables)[*count];
        if (strcmp(name, r->rows.table) == 0)
            continue;
        status = add_other(r, name, table, arena, error);
        *count += status == LB_OK && table->rows > 0;
    }
    if (status == LB_OK && code != SQLITE_ROW && code != SQLITE_DONE)
        status = fail(r, error);
    sqlite3_finalize(list);
    return status;
}

static int name_columns(sqlite_rows *r, lb_error *error) {
    r->columns = sqlite3_column_count(r->statement);
    r->names = lb_arena_alloc(r->arena, (size_t)r->columns, sizeof *r->names);
    if (!r->names)
        return lb_fail_memory(error, "reading a database");
    lb_buffer name = {0};
    int status = LB_OK;
    for (int i = 0; status == LB_OK && i < r->columns; i++) {
        name.size = 0;
        status =
            lb_rows_append_string(&name, lb_str_of(sqlite3_column_name(r->statement, i)), error);
        if (status == LB_OK)
            status = lb_buffer_append(&name, ":", 1, error);
        if (status < 0)
            break;
        r->names[i] = (lb_str){lb_arena_copy(r->arena, name.data, name.size), name.size};
        if (!r->names[i].data)
            status = lb_fail_memory(error, "reading a database");
    }
    lb_buffer_free(&name);
    return status;
}

static int open_database(sqlite_rows *r, const lb_place *place, lb_error *error) {
    int code = sqlite3_open_v2(place->file, &r->database, SQLITE_OPEN_READONLY, NULL);
    if (!r->database)
        return lb_fail_memory(error, "reading a database");
    if (code != SQLITE_OK)
        return fail(r, error);
    /* A hostile schema must not call functions that do something. */
    sqlite3_db_config(r->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    sqlite3_db_config(r->database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    int status = choose_table(r, place->table, error);
    if (status == LB_OK)
        status = prepare(r, r->rows.table, &r->statement, error);
    return status < 0 ? status : name_columns(r, error);
}

int lb_rows_open_sqlite(lb_rows **out, const lb_place *place, lb_error *error) {
    *out = NULL;
    sqlite_rows *r = lb_alloc_zero(1, sizeof *r);
    if (!r)
        return lb_fail_memory(error, "reading a database");
    r->rows = (lb_rows){
        .next = next_rows, .free = free_rows, .kind = "sqlite", .list_others = list_others};
    r->path = place->path;
    r->arena = lb_arena_new();
    int status =
        r->arena ? open_database(r, place, error) : lb_fail_memory(error, "reading a database");
    if (status < 0)
        free_rows(&r->rows);
    else
        *out = &r->rows;
    return status;
}
