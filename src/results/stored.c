#include "results/stored.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "linkback/linkback.h"
#include "results/results.h"

enum { REPORT_LIMIT = 1 << 30 };

static const char magic[] = "SQLite format 3"; /* with its NUL: the first 16 bytes of a database */

int lb_stored_json_parse(json_t **document, lb_str text, const char *where, lb_error *error) {
    json_error_t problem;
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
    *document = json_loadb(text.data ? text.data : "", text.size, flags, &problem);
    if (*document)
        return LB_OK;
    if (json_error_code(&problem) == json_error_out_of_memory)
        return lb_fail_memory(error, "reading a report");
    char place[LB_ERROR_WHERE_MAX];
    snprintf(place, sizeof place, "%.900s:%d:%d", where, problem.line, problem.column);
    return lb_fail(error, LB_E_INPUT, place, "give a report.json that linkback wrote",
                   "this is no JSON: %s", problem.text);
}

static bool is_sqlite(lb_str file) {
    return file.size >= sizeof magic && memcmp(file.data, magic, sizeof magic) == 0;
}

static int not_a_store(sqlite3 *database, const char *where, lb_error *error) {
    if (database && sqlite3_errcode(database) == SQLITE_NOMEM)
        return lb_fail_memory(error, "reading an audit store");
    return lb_fail(error, LB_E_INPUT, where, "give an audit.db that linkback audit wrote",
                   "this SQLite database is no audit store");
}

static int document_read(sqlite3 *database, json_t **document, const char *where, lb_error *error) {
    sqlite3_stmt *statement = NULL;
    int status;
    if (sqlite3_prepare_v2(database, "SELECT json FROM document LIMIT 1", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        status = not_a_store(database, where, error);
    else {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        size_t size = (size_t)sqlite3_column_bytes(statement, 0);
        status = lb_stored_json_parse(document, (lb_str){text, text ? size : 0}, where, error);
    }
    sqlite3_finalize(statement);
    return status;
}

static int sqlite_parse(json_t **document, lb_str file, const char *where, lb_error *error) {
    sqlite3 *database = NULL;
    unsigned char *bytes = sqlite3_malloc64(file.size);
    if (!bytes)
        return lb_fail_memory(error, "reading an audit store");
    memcpy(bytes, file.data, file.size);
    int status = LB_OK;
    if (sqlite3_open(":memory:", &database) != SQLITE_OK) {
        sqlite3_free(bytes);
        status = not_a_store(database, where, error);
    } else if (sqlite3_deserialize(
                   database, "main", bytes, (sqlite3_int64)file.size, (sqlite3_int64)file.size,
                   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) != SQLITE_OK ||
               sqlite3_exec(database, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
                            NULL, NULL, NULL) != SQLITE_OK)
        status = not_a_store(database, where, error);
    if (status == LB_OK)
        status = document_read(database, document, where, error);
    sqlite3_close(database);
    return status;
}

int lb_stored_load(json_t **document, const char *path, lb_error *error) {
    lb_buffer file = {0};
    int status = lb_file_read(path, REPORT_LIMIT, &file, error);
    if (status == LB_OK) {
        lb_str text = lb_buffer_str(&file);
        status = is_sqlite(text) ? sqlite_parse(document, text, path, error)
                                 : lb_stored_json_parse(document, text, path, error);
    }
    lb_buffer_free(&file);
    return status;
}

int lb_results_read(lb_results **out, const char *path, lb_error *error) {
    json_t *document = NULL;
    int status = lb_stored_load(&document, path, error);
    if (status == LB_OK && lb_results_load(out, document, error) < 0)
        status = lb_fail(error, LB_E_INPUT, path,
                         "give a report.json or audit.db that linkback audit wrote",
                         "this is no report of this version of linkback");
    json_decref(document);
    return status;
}
