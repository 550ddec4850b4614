#include "report/sqlite.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/resource.h"
#include "report/json.h"
#include "report/kit/figure.h"

static const char schema_path[] = "reports/audit.sql";

/* One row of a table: a statement that is bound anew, column by column. */
typedef struct insert {
    sqlite3_stmt *statement;
    int column;
    int status;
} insert;

static int database_fail(sqlite3 *database, const char *where, lb_error *error) {
    int code = database ? sqlite3_errcode(database) : SQLITE_NOMEM;
    if (code == SQLITE_NOMEM)
        return lb_fail_memory(error, "writing the audit store");
    return lb_fail(error, LB_E_RESOURCE, where, "report this as a bug", "SQLite says: %s",
                   sqlite3_errmsg(database));
}

static void insert_open(insert *row, sqlite3 *database, const char *sql) {
    *row = (insert){0};
    row->status = sqlite3_prepare_v2(database, sql, -1, &row->statement, NULL);
}

static void note(insert *row, int status) {
    if (row->status == SQLITE_OK)
        row->status = status;
}

static void bind_count(insert *row, size_t value) {
    note(row, sqlite3_bind_int64(row->statement, ++row->column, (sqlite3_int64)value));
}

/* Integers, reals and text as they are, booleans as 0 and 1; what is missing or of another type
 * becomes NULL. */
static void bind(insert *row, const json_t *value) {
    int column = ++row->column;
    if (json_is_string(value))
        note(row, sqlite3_bind_text64(row->statement, column, json_string_value(value),
                                      json_string_length(value), SQLITE_TRANSIENT, SQLITE_UTF8));
    else if (json_is_integer(value))
        note(row, sqlite3_bind_int64(row->statement, column, json_integer_value(value)));
    else if (json_is_boolean(value))
        note(row, sqlite3_bind_int(row->statement, column, json_is_true(value)));
    else if (json_is_real(value))
        note(row, sqlite3_bind_double(row->statement, column, json_real_value(value)));
    else
        note(row, sqlite3_bind_null(row->statement, column));
}

static void bind_keys(insert *row, const json_t *object, const char *const *keys) {
    for (; *keys; keys++)
        bind(row, lb_lookup_key(object, *keys));
}

static void insert_step(insert *row) {
    if (row->status == SQLITE_OK) {
        int status = sqlite3_step(row->statement);
        note(row, status == SQLITE_DONE ? SQLITE_OK : status);
        note(row, sqlite3_reset(row->statement));
    }
    row->column = 0;
}

static int insert_close(insert *row) {
    sqlite3_finalize(row->statement);
    return row->status;
}

static int metrics(sqlite3 *database, const json_t *document) {
    static const char *const keys[] = {"value", "?low", "?high", "unit", "worse", "?why", NULL};
    insert row;
    const char *name;
    json_t *metric;
    insert_open(&row, database, "INSERT INTO metrics VALUES (?1,?2,?3,?4,?5,?6,?7)");
    json_object_foreach((json_t *)lb_lookup(document, "metrics"), name, metric) {
        note(&row, sqlite3_bind_text(row.statement, ++row.column, name, -1, SQLITE_TRANSIENT));
        bind_keys(&row, metric, keys);
        insert_step(&row);
    }
    return insert_close(&row);
}

/* A list of objects, numbered from 1. */
static int list(sqlite3 *database, const char *sql, const json_t *objects,
                const char *const *keys) {
    insert row;
    insert_open(&row, database, sql);
    for (size_t i = 0; i < json_array_size(objects); i++) {
        bind_count(&row, i + 1);
        bind_keys(&row, json_array_get(objects, i), keys);
        insert_step(&row);
    }
    return insert_close(&row);
}

static int checks(sqlite3 *database, const json_t *document) {
    static const char *const keys[] = {"policy", "metric",  "rule",  "value", "?low",     "?high",
                                       "bound",  "verdict", "must",  "why",   "severity", "reason",
                                       "source", "kind",    "place", NULL};
    return list(
        database,
        "INSERT INTO checks VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
        lb_lookup(document, "gate.checks"), keys);
}

static int neighbours(sqlite3 *database, const json_t *document) {
    static const char *const keys[] = {"threshold", "verdict", NULL};
    const json_t *judged = lb_lookup(document, "gate.checks");
    insert row;
    insert_open(&row, database, "INSERT OR REPLACE INTO neighbours VALUES (?1,?2,?3)");
    for (size_t i = 0; i < json_array_size(judged); i++) {
        const json_t *others = lb_lookup(json_array_get(judged, i), "neighbours");
        for (size_t j = 0; j < json_array_size(others); j++) {
            bind_count(&row, i + 1);
            bind_keys(&row, json_array_get(others, j), keys);
            insert_step(&row);
        }
    }
    return insert_close(&row);
}

static int waivers(sqlite3 *database, const json_t *document) {
    static const char *const keys[] = {"policy", "metric", "until", "state",
                                       "reason", "owner",  "place", NULL};
    return list(database, "INSERT INTO waivers VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
                lb_lookup(document, "gate.waivers"), keys);
}

static int sources(sqlite3 *database, const json_t *document) {
    static const char *const keys[] = {"path",   "container", "format",   "compression", "bytes",
                                       "sha256", "records",   "rejected", NULL};
    return list(database, "INSERT INTO sources VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)",
                lb_lookup(document, "corpus.inputs"), keys);
}

static int histogram(sqlite3 *database, const json_t *document) {
    const json_t *pairs = lb_lookup_if(document, "singling_out.quasi_identifiers.histogram");
    insert row;
    insert_open(&row, database, "INSERT INTO histogram VALUES (?1,?2)");
    for (size_t i = 0; i < json_array_size(pairs); i++) {
        bind(&row, json_array_get(json_array_get(pairs, i), 0));
        bind(&row, json_array_get(json_array_get(pairs, i), 1));
        insert_step(&row);
    }
    return insert_close(&row);
}

static int token_distribution(sqlite3 *database, const json_t *document) {
    const json_t *lengths = lb_lookup_if(document, "singling_out.tokens");
    insert row;
    insert_open(&row, database, "INSERT INTO token_distribution VALUES (?1,?2,?3,?4,?5)");
    for (size_t i = 0; i < json_array_size(lengths); i++) {
        const json_t *entry = json_array_get(lengths, i);
        const json_t *rows = lb_lookup(entry, "distribution");
        for (size_t j = 0; j < json_array_size(rows); j++) {
            bind(&row, lb_lookup(entry, "n"));
            for (size_t k = 0; k < 4; k++)
                bind(&row, json_array_get(json_array_get(rows, j), k));
            insert_step(&row);
        }
    }
    return insert_close(&row);
}

static int users(sqlite3 *database, const json_t *document) {
    static const char *const keys[] = {"user", "risk", NULL};
    const json_t *people = lb_lookup(document, "users");
    lb_buffer reasons = {0};
    insert row;
    insert_open(&row, database, "INSERT INTO users VALUES (?1,?2,?3,?4)");
    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *person = json_array_get(people, i);
        const json_t *texts = lb_lookup(person, "reasons");
        bind_count(&row, i + 1);
        bind_keys(&row, person, keys);
        reasons.size = 0;
        for (size_t j = 0; j < json_array_size(texts); j++) {
            const json_t *text = json_array_get(texts, j);
            if ((j > 0 && lb_buffer_append(&reasons, "\n", 1, NULL) < 0) ||
                lb_buffer_append(&reasons, json_string_value(text), json_string_length(text),
                                 NULL) < 0)
                note(&row, SQLITE_NOMEM);
        }
        note(&row,
             sqlite3_bind_text64(row.statement, ++row.column, reasons.data ? reasons.data : "",
                                 reasons.size, SQLITE_TRANSIENT, SQLITE_UTF8));
        insert_step(&row);
    }
    lb_buffer_free(&reasons);
    return insert_close(&row);
}

static int warnings(sqlite3 *database, const json_t *document) {
    const json_t *texts = lb_lookup(document, "warnings");
    insert row;
    insert_open(&row, database, "INSERT INTO warnings VALUES (?1,?2)");
    for (size_t i = 0; i < json_array_size(texts); i++) {
        bind_count(&row, i + 1);
        bind(&row, json_array_get(texts, i));
        insert_step(&row);
    }
    return insert_close(&row);
}

static int document_row(sqlite3 *database, const lb_buffer *text) {
    insert row;
    insert_open(&row, database, "INSERT INTO document VALUES (?1)");
    note(&row, sqlite3_bind_text64(row.statement, ++row.column, text->data, text->size,
                                   SQLITE_STATIC, SQLITE_UTF8));
    insert_step(&row);
    return insert_close(&row);
}

static int database_fill(sqlite3 *database, const json_t *document, const lb_buffer *text) {
    typedef int table(sqlite3 *, const json_t *);
    static table *const writers[] = {metrics, checks,    neighbours,         waivers,
                                     sources, histogram, token_distribution, users,
                                     warnings};
    const lb_resource *tables = lb_resource_find(schema_path);
    if (!tables)
        return SQLITE_NOTFOUND;
    int status =
        sqlite3_exec(database, "PRAGMA application_id = 0x6c627270; PRAGMA user_version = 1; BEGIN",
                     NULL, NULL, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_exec(database, tables->content.data, NULL, NULL, NULL);
    for (size_t i = 0; status == SQLITE_OK && i < sizeof writers / sizeof *writers; i++)
        status = writers[i](database, document);
    if (status == SQLITE_OK)
        status = document_row(database, text);
    return status == SQLITE_OK ? sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) : status;
}

static int database_serialize(sqlite3 *database, lb_buffer *into, lb_error *error) {
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(database, "main", &size, 0);
    if (!bytes)
        return lb_fail_memory(error, "writing the audit store");
    int status = lb_buffer_append(into, bytes, (size_t)size, error);
    sqlite3_free(bytes);
    return status;
}

int lb_report_sqlite(const json_t *document, lb_buffer *into, lb_error *error) {
    sqlite3 *database = NULL;
    lb_buffer text = {0};
    int status = lb_report_json(document, &text, error);
    if (status == LB_OK && sqlite3_open(":memory:", &database) != SQLITE_OK)
        status = database_fail(database, "audit store", error);
    if (status == LB_OK && database_fill(database, document, &text) != SQLITE_OK)
        status = database_fail(database, "audit store", error);
    if (status == LB_OK)
        status = database_serialize(database, into, error);
    sqlite3_close(database);
    lb_buffer_free(&text);
    return status;
}
