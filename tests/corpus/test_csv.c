#include "corpus/value/csv.h"

#include <csv.h>
#include <stdlib.h>

#include "base/random.h"
#include "reading.h"

static reading read_table(const char *name, const char *text, const char *const *qi, size_t count) {
    const char *path = put_text(name, text);
    lb_corpus_options o = {.inputs = &path,
                           .input_count = 1,
                           .quasi_identifiers = qi,
                           .quasi_identifier_count = count,
                           .tolerance = {100, 1}};
    return read_corpus(&o, 1);
}

static void quotes_hold_delimiters_newlines_and_quotes(void **state) {
    (void)state;
    reading r = read_text("q.csv",
                          "user,text\r\nann,\"a, \"\"b\"\"\nc\"\r\n\r\nbo,5\" disk\r\ncy,\"\"\r\n");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 3);
    assert_str(r.messages[0].text, "a, \"b\"\nc");
    assert_str(r.messages[1].text, "5\" disk");
    assert_int_equal(r.messages[1].line, 5);
    assert_int_equal(r.messages[1].byte, 31);
    assert_int_equal(r.messages[2].text.size, 0); /* quoted: there, and empty */
    assert_non_null(r.messages[2].text.data);
    reading_free(&r);
}

static void ragged_rows_are_malformed_with_their_place(void **state) {
    (void)state;
    reading r = read_text("r.csv", "user,text\nann,x\nbo\ncy,y,z\ndi,\"q\"x\ned,w\nfi,\"open\n");
    size_t count;
    const lb_rejection *bad = lb_corpus_rejections(r.corpus, &count);
    assert_int_equal(r.counts.messages, 2);
    assert_int_equal(count, 4);
    static const uint64_t lines[] = {3, 4, 5, 7}, bytes[] = {16, 19, 26, 39};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(bad[i].line, lines[i]);
        assert_int_equal(bad[i].byte, bytes[i]);
    }
    reading_free(&r);
}

static void each_delimiter_is_recognised(void **state) {
    (void)state;
    static const char *const texts[] = {"user,text\na,x;y\nb,z\n", "user;text\na;x,y\nb;z\n",
                                        "user\ttext\na\tx,y\nb\tz\n", "user|text\na|x,y\nb|z\n"};
    for (size_t i = 0; i < 4; i++) {
        reading r = read_text("d.csv", texts[i]);
        assert_int_equal(r.counts.messages, 2);
        assert_str(r.messages[0].user, "a");
        assert_int_equal(r.messages[0].text.size, 3);
        size_t count;
        assert_string_equal(lb_corpus_sources(r.corpus, &count)[0].container,
                            i == 2 ? "tsv" : "csv");
        reading_free(&r);
    }
}

static void an_empty_cell_is_missing_and_na_is_a_value(void **state) {
    (void)state;
    const char *qi[] = {"native-country", "Marital Status", "a.b", "4"};
    reading r = read_table(
        "m.csv", "native-country,Marital Status,a.b,x\nNA, spaced ,?,1\n,\"\",y,2\n", qi, 4);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(lb_corpus_unit(r.corpus), LB_UNIT_RECORD);
    assert_false(lb_corpus_has_text(r.corpus));
    assert_int_equal(r.count, 2);
    assert_str(r.messages[0].values[0], "NA");
    assert_str(r.messages[0].values[1], " spaced ");
    assert_str(r.messages[0].values[2], "?");
    assert_str(r.messages[1].values[3], "2");
    assert_null(r.messages[1].values[0].data);
    assert_str(r.messages[1].values[1], "");
    assert_true(r.messages[0].starts_row);
    assert_null(r.messages[0].text.data);
    reading_free(&r);
}

static void a_field_that_is_not_there_is_an_error_with_the_nearest_name(void **state) {
    (void)state;
    const char *qi[] = {"contry"};
    reading r = read_table("n.csv", "user,country,text\na,Norway,x\n", qi, 1);
    assert_int_equal(r.status, LB_E_USAGE);
    assert_string_equal(r.error.where, "--qi");
    assert_non_null(strstr(r.error.mend, "country"));
    reading_free(&r);
}

static void invalid_utf8_in_a_cell_is_repaired_and_counted(void **state) {
    (void)state;
    reading r = read_text("u.csv", "user,text\na,x\xffy\nb,\xe4\xb8\n");
    assert_int_equal(r.counts.replaced_bytes, 2);
    assert_str(r.messages[0].text, "x\xEF\xBF\xBDy");
    assert_str(r.messages[1].text, "\xEF\xBF\xBD");
    reading_free(&r);
}

typedef struct witness {
    char cells[64][256];
    size_t sizes[64], count;
} witness;

static void on_cell(void *cell, size_t size, void *context) {
    witness *w = context;
    if (w->count < 64 && size < 256) {
        memcpy(w->cells[w->count], cell, size);
        w->sizes[w->count] = size;
    }
    w->count++;
}

static void on_row(int end, void *context) {
    (void)end, (void)context;
}

static int never(unsigned char c) {
    (void)c;
    return 0;
}

/* Rows of well-formed CSV, made from random cells: libcsv, an independent parser, must see the
 * same. */
static void cells_are_those_that_libcsv_finds(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(3, "csv", 0);
    lb_arena *arena = lb_arena_new();
    lb_str *cells = NULL;
    size_t capacity = 0;
    for (unsigned round = 0; round < 2000; round++) {
        char row[1024];
        size_t size = 0, wanted = 2 + lb_random_below(&random, 6);
        for (size_t i = 0; i < wanted; i++) {
            bool quoted = lb_random_below(&random, 2);
            if (i > 0)
                row[size++] = ',';
            if (quoted)
                row[size++] = '"';
            for (size_t n = 1 + lb_random_below(&random, 6); n > 0; n--) {
                char c = (quoted ? "a \"\n,\r" : "ab cd\xc3")[lb_random_below(&random, 6)];
                row[size++] = c;
                if (c == '"')
                    row[size++] = c;
            }
            if (quoted)
                row[size++] = '"';
        }
        witness w = {.count = 0};
        struct csv_parser parser;
        csv_init(&parser, CSV_STRICT);
        csv_set_space_func(&parser, never);
        assert_int_equal(csv_parse(&parser, row, size, on_cell, on_row, &w), size);
        csv_fini(&parser, on_cell, on_row, &w);
        csv_free(&parser);
        size_t count;
        const char *what;
        lb_error error;
        assert_int_equal(lb_csv_cut((lb_str){row, size}, ',', LB_QUOTES, &cells, &capacity, &count,
                                    arena, &what, &error),
                         0);
        assert_int_equal(count, w.count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(cells[i].size, w.sizes[i]);
            assert_memory_equal(cells[i].data, w.cells[i], w.sizes[i]);
        }
        lb_arena_reset(arena);
    }
    lb_free(cells);
    lb_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_hold_delimiters_newlines_and_quotes),
        cmocka_unit_test(ragged_rows_are_malformed_with_their_place),
        cmocka_unit_test(each_delimiter_is_recognised),
        cmocka_unit_test(an_empty_cell_is_missing_and_na_is_a_value),
        cmocka_unit_test(a_field_that_is_not_there_is_an_error_with_the_nearest_name),
        cmocka_unit_test(invalid_utf8_in_a_cell_is_repaired_and_counted),
        cmocka_unit_test(cells_are_those_that_libcsv_finds)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
