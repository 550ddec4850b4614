#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "report/fixture.h"
#include "report/report.h"
#include "results/stored.h"

static char path[] = "/tmp/linkback-store-XXXXXX";

static int path_make(void **state) {
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int path_remove(void **state) {
    (void)state;
    return unlink(path);
}

static void store_write(const json_t *document) {
    lb_results *results = NULL;
    assert_int_equal(lb_results_load(&results, document, NULL), LB_OK);
    assert_int_equal(lb_report_write(results, &(lb_report_target){LB_REPORT_SQLITE, path}, 1, NULL),
                     LB_OK);
    lb_results_free(results);
}

static void expect_answer(const char *sql, const char *wanted) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), wanted);
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void every_table_holds_its_part_of_the_document(void **state) {
    (void)state;
    json_t *document = fixture_load();
    struct stat facts;
    store_write(document);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    expect_answer("PRAGMA integrity_check", "ok");
    expect_answer("PRAGMA user_version", "1");
    expect_answer("SELECT value FROM metrics WHERE name = 'tokens.unicity_p1'", "0.0392");
    expect_answer("SELECT why FROM metrics WHERE name = 'tokens.unicity_p1'"
                  " UNION SELECT 'none' WHERE 1 LIMIT 1 OFFSET 1",
                  "none");
    expect_answer("SELECT count(*) FROM checks", "8");
    expect_answer("SELECT verdict FROM checks WHERE metric = 'qi.unique_share'", "waived");
    expect_answer("SELECT sum(records) FROM sources", "235028");
    expect_answer("SELECT sum(size * classes) FROM histogram", "4812");
    expect_answer("SELECT sum(tokens) FROM token_distribution WHERE n = 1", "31874");
    expect_answer("SELECT user FROM users WHERE rank = 3", "user #3");
    expect_answer("SELECT count(*) FROM warnings", "2");
    json_decref(document);
}

static void a_store_gives_its_document_back(void **state) {
    (void)state;
    json_t *document = fixture_load(), *again = NULL, *wanted = NULL;
    lb_results *results = NULL;
    store_write(document);
    assert_int_equal(lb_stored_load(&again, path, NULL), LB_OK);
    assert_int_equal(lb_results_load(&results, document, NULL), LB_OK);
    assert_int_equal(lb_results_document(results, &wanted, NULL), LB_OK);
    assert_true(json_equal(again, wanted));
    lb_results_free(results);
    json_decref(wanted);
    json_decref(again);
    json_decref(document);
}

static void hostile_text_is_stored_as_it_is(void **state) {
    (void)state;
    static const char TEXT[] = "'); DROP TABLE users; --\0\xE2\x80\xAE";
    json_t *document = fixture_hostile(TEXT, sizeof TEXT - 1);
    store_write(document);
    expect_answer("SELECT hex(user) FROM users WHERE rank = 1",
                  "27293B2044524F50205441424C452075736572733B202D2D00E280AE");
    json_decref(document);
}

static void a_damaged_store_is_refused(void **state) {
    (void)state;
    json_t *document = fixture_load(), *again = NULL;
    lb_buffer file = {0};
    store_write(document);
    assert_int_equal(lb_file_read(path, 1 << 24, &file, NULL), LB_OK);
    for (size_t size = 16; size < file.size; size += file.size / 7) {
        lb_error error = {0};
        assert_int_equal(lb_file_write(path, (lb_str){file.data, size}, NULL), LB_OK);
        assert_int_equal(lb_stored_load(&again, path, &error), LB_E_INPUT);
    }
    for (size_t at = 16; at + 64 < file.size; at += 997) { /* no crash, whatever it says */
        memset(file.data + at, 0xA5, 64);
        assert_int_equal(lb_file_write(path, lb_buffer_str(&file), NULL), LB_OK);
        again = NULL;
        if (lb_stored_load(&again, path, NULL) == LB_OK)
            json_decref(again);
    }
    lb_buffer_free(&file);
    json_decref(document);
}

static void a_database_of_someone_else_is_refused(void **state) {
    (void)state;
    sqlite3 *database = NULL;
    json_t *document = NULL;
    lb_error error = {0};
    unlink(path);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(lb_stored_load(&document, path, &error), LB_E_INPUT);
    assert_string_equal(error.where, path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_holds_its_part_of_the_document),
        cmocka_unit_test(a_store_gives_its_document_back),
        cmocka_unit_test(hostile_text_is_stored_as_it_is),
        cmocka_unit_test(a_damaged_store_is_refused),
        cmocka_unit_test(a_database_of_someone_else_is_refused),
    };
    return cmocka_run_group_tests(tests, path_make, path_remove);
}
