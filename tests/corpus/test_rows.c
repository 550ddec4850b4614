#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "corpus/input/duckdb_api.h"
#include "corpus/input/rows.h"
#include "corpus/inspect.h"
#include "reading.h"

static const char *make_database(const char *name, const char *script) {
    const char *path = in_folder(name);
    sqlite3 *database;
    char *message = NULL;
    remove(path);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(database);
    return path;
}

static const char chat[] =
    "CREATE TABLE people(id, name, country); INSERT INTO people VALUES(1, 'ann', 'no');"
    "CREATE TABLE msgs(id INTEGER, author TEXT, body TEXT, sent_at TEXT, mood REAL);"
    "INSERT INTO msgs VALUES(1, 'ann', 'a \"quoted\" line\nand a next', '2024-01-01 10:00', 0.5),"
    "(2, 'bo', NULL, NULL, NULL), (3, 'bo', CAST(x'c3a9ff' AS TEXT), '2024-01-01 10:01', 1e300);"
    "CREATE VIEW broken AS SELECT * FROM nowhere;";

static reading read_table(const char *path, const char *map) {
    lb_corpus_options o = {.inputs = &path, .input_count = 1, .tolerance = {10, 1}};
    o.maps = &map;
    o.map_count = map != NULL;
    return read_corpus(&o, 2);
}

static void the_table_that_looks_like_messages_is_read(void **state) {
    (void)state;
    reading r = read_table(make_database("chat.db", chat), NULL);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.records, 3);
    assert_int_equal(r.counts.messages, 2);
    assert_str(r.messages[0].user, "ann");
    assert_str(r.messages[0].text, "a \"quoted\" line\nand a next");
    assert_int_equal(r.messages[0].time / 1000000, 1704103200);
    assert_str(r.messages[2].text, "\xC3\xA9\xEF\xBF\xBD");
    assert_int_equal(r.counts.replaced_bytes, 1);
    assert_string_equal(lb_corpus_sources(r.corpus, &(size_t){0})->container, "sqlite");
    reading_free(&r);
}

static void a_named_table_is_read_and_an_unknown_one_is_refused(void **state) {
    (void)state;
    const char *path = make_database("named.db", chat);
    reading r = read_table(path, "record=people");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.records, 1);
    reading_free(&r);
    r = read_table(path, "record=peple");
    assert_int_equal(r.status, LB_E_USAGE);
    assert_non_null(strstr(r.error.mend, "people"));
    reading_free(&r);
}

static void databases_without_rows_or_of_garbage_are_clear_errors(void **state) {
    (void)state;
    reading r = read_table(make_database("empty.db", "CREATE TABLE t(a); DROP TABLE t;"), NULL);
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
    r = read_table(make_database("none.db", "CREATE TABLE t(user, text);"), NULL);
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
    size_t size;
    char *whole = read_source_file(make_database("cut.db", chat), &size);
    for (size_t keep = 6; keep < size; keep += 501) {
        r = read_file(put("cut.db", whole, keep));
        assert_int_equal(r.status < 0 ? LB_E_INPUT : r.status, r.status);
        reading_free(&r);
    }
    free(whole);
}

static void many_rows_are_read_once_each(void **state) {
    (void)state;
    const char *path = make_database(
        "many.sqlite", "CREATE TABLE log(user, text); WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL "
                       "SELECT i + 1 FROM n WHERE i < 49999) INSERT INTO log SELECT 'u' || i % 7, "
                       "'text number ' || i FROM n;");
    reading r = read_table(path, NULL);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 50000);
    reading_free(&r);
}

static bool duckdb_is_here(void) {
    const char *library = getenv("LINKBACK_DUCKDB");
    if (library && access(library, R_OK) == 0)
        return true;
    print_message("skipped: libduckdb is not here\n");
    return false;
}

/* Any statement, by the same part of the API that the reader uses. */
static void run_statement(const char *statement) {
    lb_duckdb_api api;
    lb_error error;
    lb_duckdb_database database = NULL;
    lb_duckdb_connection connection = NULL;
    lb_duckdb_statement prepared = NULL;
    lb_duckdb_pending pending = NULL;
    lb_duckdb_result result = {0};
    assert_int_equal(lb_duckdb_load(&api, "test", &error), LB_OK);
    assert_int_equal(api.open_ext(NULL, &database, NULL, NULL), 0);
    assert_int_equal(api.connect(database, &connection), 0);
    if (api.prepare(connection, statement, &prepared) != 0)
        fail_msg("%s", api.prepare_error(prepared));
    assert_int_equal(api.pending_prepared(prepared, &pending), 0);
    if (api.execute_pending(pending, &result) != 0)
        fail_msg("%s", api.result_error(&result));
    api.destroy_result(&result);
    api.destroy_pending(&pending);
    api.destroy_prepare(&prepared);
    api.disconnect(&connection);
    api.close(&database);
}

static void check_rows(const char *query, const char *expected) {
    lb_place place = {.path = query, .file = query};
    lb_rows *rows;
    lb_error error = {0};
    lb_buffer text = {0};
    int status = lb_rows_open_duckdb(&rows, &place, &error);
    while (status >= 0 && (status = rows->next(rows, &text, &error)) == 1)
        ;
    if (status < 0)
        fail_msg("%s: %s", query, error.what);
    assert_str(lb_buffer_str(&text), expected);
    rows->free(rows);
    lb_buffer_free(&text);
}

static void every_type_is_written_as_json(void **state) {
    (void)state;
    if (!duckdb_is_here())
        return;
    check_rows("duckdb:SELECT 1.25::DECIMAL(9,3) a, -0.05::DECIMAL(4,2) b, "
               "12345678901234567890.5::DECIMAL(38,1) c, "
               "(-170141183460469231731687303715884105727)::HUGEINT d, "
               "18446744073709551615::UBIGINT e, (-128)::TINYINT f, 0.1 + 0.2::DOUBLE g",
               "{\"a\":1.250,\"b\":-0.05,\"c\":12345678901234567890.5,"
               "\"d\":-170141183460469231731687303715884105727,\"e\":18446744073709551615,"
               "\"f\":-128,\"g\":0.30000000000000004}\n");
    check_rows("duckdb:SELECT DATE '2024-02-29' a, TIMESTAMP '2024-01-01 10:00:00.25' b, "
               "'infinity'::TIMESTAMP c, TIMESTAMP '0001-01-01' d, "
               "TIMESTAMP '1969-12-31 23:59:59.5' e",
               "{\"a\":\"2024-02-29\",\"b\":\"2024-01-01T10:00:00.250000\",\"c\":null,"
               "\"d\":\"0001-01-01T00:00:00.000000\",\"e\":\"1969-12-31T23:59:59.500000\"}\n");
    check_rows("duckdb:SELECT MAP {1: 'x', 2: NULL} a, [1, NULL] b, {'p': {'q': [[], [true]]}} c, "
               "union_value(num := 2) d, 'glad'::ENUM('sad', 'glad') e, array_value(1, 2) f, "
               "'a \"b\" longer than twelve' g, 'inf'::DOUBLE h",
               "{\"a\":{\"1\":\"x\",\"2\":null},\"b\":[1,null],\"c\":{\"p\":{\"q\":[[],[true]]}},"
               "\"d\":2,\"e\":\"glad\",\"f\":[1,2],\"g\":\"a \\\"b\\\" longer than twelve\","
               "\"h\":null}\n");
    check_rows("duckdb:SELECT 'eeccb8c5-9943-b2bb-bb5e-222f4e14b687'::UUID u FROM range(2)",
               "{\"u\":\"eeccb8c5-9943-b2bb-bb5e-222f4e14b687\"}\n"
               "{\"u\":\"eeccb8c5-9943-b2bb-bb5e-222f4e14b687\"}\n");
}

static void nested_parquet_gives_the_records_of_its_jsonl_twin(void **state) {
    (void)state;
    if (!duckdb_is_here())
        return;
    static const char *const samples[] = {"wildchat/sample.jsonl", "lmsys-chat/sample.jsonl",
                                          "chatbot-arena/sample.jsonl", "oasst/sample.jsonl"};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char sample[600], statement[2000];
        const char *parquet = in_folder("twin.parquet");
        snprintf(sample, sizeof sample, "%s/datasets/%s", LINKBACK_SOURCE_DIR, samples[i]);
        snprintf(statement, sizeof statement,
                 "COPY (SELECT * FROM read_json('%s', maximum_depth=-1, sample_size=-1)) TO '%s'",
                 sample, parquet);
        run_statement(statement);
        reading a = read_file(sample), b = read_file(parquet);
        assert_int_equal(a.status, LB_OK);
        if (b.status != LB_OK)
            fail_msg("%s: %s", samples[i], b.error.what);
        assert_int_equal(a.count, b.count);
        for (size_t j = 0; j < a.count; j++) {
            const lb_message *x = &a.messages[j], *y = &b.messages[j];
            assert_true(lb_str_equal(x->user, y->user) && lb_str_equal(x->role, y->role) &&
                        lb_str_equal(x->text, y->text) && x->has_time == y->has_time &&
                        x->time == y->time && x->own == y->own && x->starts_row == y->starts_row);
        }
        const lb_source *x = lb_corpus_sources(a.corpus, &(size_t){0});
        const lb_source *y = lb_corpus_sources(b.corpus, &(size_t){0});
        assert_string_equal(x->format, y->format);
        assert_string_equal(y->container, "parquet");
        reading_free(&a);
        reading_free(&b);
    }
}

static void queries_are_inputs_and_other_statements_are_not(void **state) {
    (void)state;
    if (!duckdb_is_here())
        return;
    reading r = read_file("duckdb:SELECT 'u' || i % 5 AS \"user\", 'text ' || i AS \"text\" FROM "
                          "range(5000) t(i)");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 5000);
    reading_free(&r);
    r = read_file("duckdb:CREATE TABLE t(a INT)");
    assert_int_equal(r.status, LB_E_USAGE);
    reading_free(&r);
    r = read_file("duckdb:SELEC 1");
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
    r = read_text("cut.parquet", "PAR1 and no more");
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
}

static void without_the_library_the_error_says_what_to_do(void **state) {
    (void)state;
    const char *kept = getenv("LINKBACK_DUCKDB");
    char *copy = kept ? strdup(kept) : NULL;
    setenv("LINKBACK_DUCKDB", "/nowhere/libduckdb.so", 1);
    reading r = read_text("x.parquet", "PAR1....");
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.mend, "LINKBACK_DUCKDB="));
    reading_free(&r);
    if (copy)
        setenv("LINKBACK_DUCKDB", copy, 1);
    free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_that_looks_like_messages_is_read),
        cmocka_unit_test(a_named_table_is_read_and_an_unknown_one_is_refused),
        cmocka_unit_test(databases_without_rows_or_of_garbage_are_clear_errors),
        cmocka_unit_test(many_rows_are_read_once_each),
        cmocka_unit_test(every_type_is_written_as_json),
        cmocka_unit_test(nested_parquet_gives_the_records_of_its_jsonl_twin),
        cmocka_unit_test(queries_are_inputs_and_other_statements_are_not),
        cmocka_unit_test(without_the_library_the_error_says_what_to_do)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
