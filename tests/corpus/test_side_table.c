#include "corpus/read/side_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"

static const lb_side_form TABLE = {.delimiters = ",;\t"};
static const lb_side_form TRIMMED = {.delimiters = ",;\t", .trimmed = true};
static const lb_side_form LIST = {.delimiters = ""};
static const lb_side_form GUESSES = {.delimiters = "", .guesses = true};

/* Rows as "line:cell|cell/", and behind them the error. */
static int read_all(const char *path, lb_side_form form, lb_buffer *shown, lb_error *error) {
    lb_side_table *table;
    lb_side_row row;
    int status = lb_side_table_open(&table, path, form, error);
    while (status >= 0 && (status = lb_side_table_next(table, &row, error)) == 1) {
        status = lb_buffer_printf(shown, error, "%u:", (unsigned)lb_side_table_line(table));
        for (size_t i = 0; status == LB_OK && i < row.count; i++) {
            status = lb_buffer_append(shown, row.cells[i].data, row.cells[i].size, error);
            if (status == LB_OK)
                status = lb_buffer_append(shown, i + 1 < row.count ? "|" : "/", 1, error);
        }
    }
    lb_side_table_close(table);
    return status;
}

static void check_bytes(const void *data, size_t size, lb_side_form form, const char *expected) {
    lb_buffer shown = {0};
    lb_error error = {0};
    int status = read_all(put("side.csv", data, size), form, &shown, &error);
    if (status < 0)
        fail_msg("%s: %s", error.where, error.what);
    assert_str(shown.data ? lb_buffer_str(&shown) : LB_STR(""), expected);
    lb_buffer_free(&shown);
}

static void check(const char *text, lb_side_form form, const char *expected) {
    check_bytes(text, strlen(text), form, expected);
}

static void check_fails(const void *data, size_t size, lb_side_form form, const char *where,
                        const char *what) {
    lb_buffer shown = {0};
    lb_error error = {0};
    assert_int_equal(read_all(put("side.csv", data, size), form, &shown, &error), LB_E_INPUT);
    if (!strstr(error.where, where) || !strstr(error.what, what) || error.mend[0] == '\0')
        fail_msg("%s: %s (%s)", error.where, error.what, error.mend);
    lb_buffer_free(&shown);
}

static void the_delimiter_is_what_makes_the_rows_agree(void **state) {
    (void)state;
    check("a,b\nx,y\n", TABLE, "1:a|b/2:x|y/");
    check("a;b\n1,5;y\n2,5;z\n", TABLE, "1:a|b/2:1,5|y/3:2,5|z/");
    check("a\tb\nx,;\ty\n", TABLE, "1:a|b/2:x,;|y/");
    check("a,b\nx,y,z;\nw\n", TABLE, "1:a|b/2:x|y|z;/3:w/"); /* ragged: the first row decides */
    check("a\nx\n", TABLE, "1:a/2:x/");
    check("a,b;c\nd,e;f\n", (lb_side_form){.delimiters = ";,"}, "1:a,b|c/2:d,e|f/");
}

static void quotes_line_ends_and_empty_lines_are_those_of_a_corpus(void **state) {
    (void)state;
    check("\xEF\xBB\xBF\"a\",\"b\"\r\n\r\n\"x, \"\"y\"\"\n\",z\r\n\r\n,w", TABLE,
          "1:a|b/3:x, \"y\"\n|z/6:|w/");
    check("a,b\rx,y\r\rz,w", TABLE, "1:a|b/2:x|y/4:z|w/");
    check("", TABLE, "");
    check("\xEF\xBB\xBF", TABLE, "");
    check("\n\n", TABLE, "");
}

static void blanks_around_cells_stay_or_go_as_asked(void **state) {
    (void)state;
    const char text[] = " a , \"b, c\" ,\"\"\"d \"\t\n  \n\tx y ,  , ' \n";
    check(text, TRIMMED, "1:a|b, c|\"d /3:x y||'/");
    check("a, b \n", TABLE, "1:a| b /");
    check("a\t \tb\n x\t\t\n", (lb_side_form){.delimiters = "\t", .trimmed = true},
          "1:a||b/2:x||/");
}

static void a_list_is_one_cell_a_line(void **state) {
    (void)state;
    check("a,b;c\n\n\"d, e\"\r\nf \"g\"\n", LIST, "1:a,b;c/3:d, e/4:f \"g\"/");
    check_fails("a\n\"b\n", 5, LIST, "side.csv:2", "never closed");
    check("a\n\n\"b\n\"c\"d\n\"e\"\n", GUESSES, "1:a/2:/3:\"b/4:\"c\"d/5:e/");
}

static size_t widen(const char *text, bool big, bool mark, char *into) {
    size_t size = 0;
    for (const char *c = mark ? "\x01" : text; *c; c = *c == '\x01' ? text : c + 1) {
        into[size++] = *c == '\x01' ? (big ? '\xFE' : '\xFF') : big ? '\0' : *c;
        into[size++] = *c == '\x01' ? (big ? '\xFF' : '\xFE') : big ? *c : '\0';
    }
    return size;
}

static void utf16_is_read_in_both_orders_with_a_mark_and_without(void **state) {
    (void)state;
    char wide[64];
    for (int i = 0; i < 4; i++) {
        size_t size = widen("a;b\r\n\"x;\";y\r\n", i & 1, i & 2, wide);
        check_bytes(wide, size, TABLE, "1:a|b/2:x;|y/");
        check_fails(wide, size - 1, TABLE, "side.csv:2", "breaks off");
    }
    static const char pair[] = "\xFF\xFE\xE4\x00\x0A\x00\x3D\xD8\x00\xDE"; /* U+00E4, U+1F600 */
    check_bytes(pair, 10, LIST, "1:\xC3\xA4/2:\xF0\x9F\x98\x80/");
    check_fails(pair, 8, LIST, "side.csv:2", "breaks off");
    check_fails("\xFE\xFF\xDE\x00\x00\x61\x00\x0A", 8, LIST, "side.csv:1", "breaks off");
}

/* Longer than a piece, with characters and rows across its ends. */
static void long_tables_are_read_piece_by_piece(void **state) {
    (void)state;
    enum { ROWS = 60000 };
    for (int wide = 0; wide < 2; wide++) {
        lb_buffer text = {0};
        for (int i = 0; i < ROWS; i++) {
            assert_int_equal(lb_buffer_printf(&text, NULL, "%d,\"%d\n%d\"\r\n", i, i, i), LB_OK);
        }
        lb_buffer bytes = {0};
        assert_int_equal(lb_buffer_reserve(&bytes, 2 * text.size + 3, NULL), LB_OK);
        assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
        bytes.size = wide ? widen(text.data, true, true, bytes.data) : text.size - 1;
        lb_side_table *table;
        lb_side_row row;
        assert_int_equal(
            lb_side_table_open(&table, put("long.csv", wide ? bytes.data : text.data, bytes.size),
                               TABLE, NULL),
            LB_OK);
        for (unsigned i = 0; i < ROWS; i++) {
            char expected[32];
            snprintf(expected, sizeof expected, "%u\n%u", i, i);
            assert_int_equal(lb_side_table_next(table, &row, NULL), 1);
            assert_int_equal(row.count, 2);
            assert_str(row.cells[1], expected);
            assert_int_equal(lb_side_table_line(table), 2 * i + 1);
        }
        assert_int_equal(lb_side_table_next(table, &row, NULL), 0);
        lb_side_table_close(table);
        lb_buffer_free(&text);
        lb_buffer_free(&bytes);
    }
}

static void what_is_no_table_is_told_with_its_line(void **state) {
    (void)state;
    check_fails("a,b\n\nx,\"y\nz\n", 12, TABLE, "side.csv:3", "never closed");
    check_fails("a,b\nx,\"y\"z\n", 11, TABLE, "side.csv:2", "behind a closing quote");
    check_fails("a,b\nx,\0\n", 8, TABLE, "side.csv:2", "zero byte");
    check_fails("aaaaaaaa\nb\0\n", 12, GUESSES, "side.csv:2", "zero byte");
    check_fails("SQLite format 3\0", 16, LIST, "side.csv", "");
    lb_side_table *table;
    lb_error error;
    assert_int_equal(lb_side_table_open(&table, "/nowhere/x.csv", TABLE, &error), LB_E_INPUT);
    assert_null(table);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    const char *path = put_text("memory.csv", "a;b\n\"x\"\"y\";z\n");
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_buffer shown = {0};
        lb_memory_fail_after(n);
        status = read_all(path, TABLE, &shown, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_buffer_free(&shown);
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_delimiter_is_what_makes_the_rows_agree),
        cmocka_unit_test(quotes_line_ends_and_empty_lines_are_those_of_a_corpus),
        cmocka_unit_test(blanks_around_cells_stay_or_go_as_asked),
        cmocka_unit_test(a_list_is_one_cell_a_line),
        cmocka_unit_test(utf16_is_read_in_both_orders_with_a_mark_and_without),
        cmocka_unit_test(long_tables_are_read_piece_by_piece),
        cmocka_unit_test(what_is_no_table_is_told_with_its_line),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
