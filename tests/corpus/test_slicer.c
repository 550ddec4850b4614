#include "corpus/value/slicer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "reading.h"

enum { SIZE_MOST = 400 };

/* A fault that came in several pieces is one. */
static void add(lb_pieces *all, const lb_pieces *more, size_t dropped) {
    for (size_t i = 0; i < more->count; i++) {
        lb_piece piece = more->items[i];
        piece.at += dropped;
        lb_piece *before = all->count > 0 ? &all->items[all->count - 1] : NULL;
        if (piece.goes_on) {
            assert_non_null(before);
            assert_ptr_equal(before->fault, piece.fault);
            assert_int_equal(before->at + before->size, piece.at);
            before->size += piece.size;
        } else
            assert_int_equal(lb_pieces_add(all, piece, NULL), LB_OK);
    }
}

/* The text as a stream gives it: the buffer grows by up to `most` bytes at once, and what is in
 * pieces leaves it. */
static lb_pieces slice(lb_cut cut, const char *text, size_t size, size_t most, lb_random *random) {
    lb_slicer slicer = lb_slicer_begin(cut, ',');
    lb_pieces all = {0}, more = {0};
    size_t dropped = 0, known = 0;
    do {
        known += 1 + (random ? lb_random_below(random, most) : most);
        known = known < size ? known : size;
        more.count = 0;
        char *copy = malloc(known - dropped + 1); /* so that the sanitizer sees its end */
        memcpy(copy, text + dropped, known - dropped);
        assert_int_equal(lb_slicer_next(&slicer, copy, known - dropped, known == size, &more, NULL),
                         LB_OK);
        free(copy);
        add(&all, &more, dropped);
        size_t start = slicer.start;
        assert_true(start <= known - dropped);
        lb_slicer_forget(&slicer, start);
        dropped += start;
    } while (known < size);
    lb_free(more.items);
    return all;
}

static size_t make_text(lb_random *random, lb_cut cut, char *text) {
    static const char *const words[][16] = {
        {"ab", "\n", "\r", "c"},
        {"a", "\"", ",", "\n", "\r\n", "b,c\n", ",\"", "\"\n", "u,v\nw,x\n"},
        {"{\"a\":1}", ",", "\n", "{", "}", "[", "]", "\"", "a", " {\"a\":[", "{\"b\":\"c\"}", "\\",
         ",\n{\"a\":\"b\"}", ":", "\xEF\xBB\xBF"},
        {"{\"a\":1}", ",", "\n", "{", "}", "[", "]", "\"", "a", " {\"a\":[", "{\"b\":\"c\"}", "\\",
         "\n{\"a\":\"b\"}", ":", "\xEF\xBB\xBF"}};
    size_t count = 0, size = 0;
    while (count < 16 && words[cut][count])
        count++;
    size_t wanted = lb_random_below(random, SIZE_MOST - 20);
    if (cut == LB_CUT_ELEMENTS)
        text[size++] = '[';
    while (size < wanted) {
        const char *word = words[cut][lb_random_below(random, count)];
        memcpy(text + size, word, strlen(word));
        size += strlen(word);
    }
    return size;
}

/* What is in no piece is what may stand between records. */
static void check_between(lb_cut cut, const char *text, size_t from, size_t to) {
    static const char *const allowed[] = {"\n", "\n", " \n\r,[]\xEF\xBB\xBF", " \n\r,\xEF\xBB\xBF"};
    for (size_t i = from; i < to; i++)
        if (!strchr(allowed[cut], text[i]))
            fail_msg("byte %zu of %.*s is in no piece", i, (int)to, text);
}

static void check_pieces(lb_cut cut, const char *text, size_t size, const lb_pieces *pieces) {
    size_t at = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        const lb_piece *piece = &pieces->items[i];
        assert_true(piece->at >= at && piece->at + piece->size <= size);
        check_between(cut, text, at, piece->at);
        at = piece->at + piece->size;
    }
    check_between(cut, text, at, size);
}

static void pieces_hold_all_of_a_text_and_do_not_depend_on_how_it_comes(void **state) {
    (void)state;
    for (lb_cut cut = LB_CUT_LINES; cut <= LB_CUT_VALUES; cut++) {
        lb_random random = lb_random_keyed(7, "slicer", cut);
        for (unsigned round = 0; round < 4000; round++) {
            char text[SIZE_MOST];
            size_t size = make_text(&random, cut, text);
            lb_pieces whole = slice(cut, text, size, size, NULL);
            lb_pieces parts = slice(cut, text, size, 1 + lb_random_below(&random, 30), &random);
            check_pieces(cut, text, size, &whole);
            assert_int_equal(whole.count, parts.count);
            for (size_t i = 0; i < whole.count; i++) {
                assert_int_equal(whole.items[i].at, parts.items[i].at);
                assert_int_equal(whole.items[i].size, parts.items[i].size);
                assert_ptr_equal(whole.items[i].fault, parts.items[i].fault);
            }
            lb_free(whole.items);
            lb_free(parts.items);
        }
    }
}

/* A random value, appended to text; what layout it has does not matter. */
static size_t put_value(lb_random *random, char *text, size_t size, unsigned depth) {
    static const char *const scalars[] = {"-1.5e3",         "true",      "NaN",           "\"\"",
                                          "\"a\\\"b\\\\\"", "\"]},{[\"", "\"\\\\\\\"x\"", "null"};
    static const char *const blanks[] = {"", "", " ", "\n  ", "\r\n", "\t"};
    uint64_t kind = depth > 3 ? 3 : lb_random_below(random, 5);
    if (depth > 0 && kind > 1) {
        const char *scalar = scalars[lb_random_below(random, 8)];
        return size + (size_t)sprintf(text + size, "%s", scalar);
    }
    bool object = depth == 0 || kind == 0;
    text[size++] = object ? '{' : '[';
    for (uint64_t i = 0, count = lb_random_below(random, 4); i < count; i++) {
        size += (size_t)sprintf(text + size, "%s%s%s", i > 0 ? "," : "",
                                blanks[lb_random_below(random, 6)], object ? "\"k\" :" : "");
        size = put_value(random, text, size, depth + 1);
        size += (size_t)sprintf(text + size, "%s", blanks[lb_random_below(random, 6)]);
    }
    text[size++] = object ? '}' : ']';
    return size;
}

static void sound_json_of_any_layout_is_cut_at_its_records_alone(void **state) {
    (void)state;
    static const char *const joins[] = {",", ",\n", " ,\n ", ",\r\n\t"};
    lb_random random = lb_random_keyed(7, "layout", 0);
    for (unsigned round = 0; round < 2000; round++) {
        bool array = round % 2;
        char text[20000];
        size_t begins[20], ends[20], size = 0, count = lb_random_below(&random, 20);
        const char *join = joins[lb_random_below(&random, 4)];
        size += (size_t)sprintf(text, "%s", array ? " [ " : "");
        for (size_t i = 0; i < count; i++) {
            if (i > 0)
                size += (size_t)sprintf(text + size, "%s", array ? join : "\n");
            begins[i] = size;
            size = ends[i] = put_value(&random, text, size, 0);
        }
        size += (size_t)sprintf(text + size, "%s", array ? "\n]\n" : "\n");
        lb_pieces pieces = slice(array ? LB_CUT_ELEMENTS : LB_CUT_VALUES, text, size, 40, &random);
        assert_int_equal(pieces.count, count);
        for (size_t i = 0; i < count; i++) {
            assert_null(pieces.items[i].fault);
            assert_int_equal(pieces.items[i].at, begins[i]);
            assert_int_equal(pieces.items[i].at + pieces.items[i].size, ends[i]);
        }
        lb_free(pieces.items);
    }
}

static void cells_of_many_lines_stay_cells(void **state) {
    (void)state;
    static const char *const texts[] = {"u,t\na,\"one\ntwo\nthree\"\nb,x\n",
                                        "u,t\na,\"Dear all,\n\nthanks, and bye,\nBob\"\nb,x\n",
                                        "u,t\na,\"x=1\ny=2, z\n\"\"q\"\" r, s\"\nb,x\n",
                                        "u\n\"a\nb\nc\"\nd\n",
                                        "u,t,a,b,c,d\nu,\"one\ntwo,,\nc,c,c\",,,,\nu,t,a,b,c,d\n",
                                        "\"u\",\"t\"\n\"a\",\"p, q\nr, s\nt\"\n\"b\",\"x\"\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        lb_pieces pieces = slice(LB_CUT_ROWS, texts[i], strlen(texts[i]), 1, NULL);
        assert_int_equal(pieces.count, 3);
        for (size_t j = 0; j < 3; j++)
            assert_null(pieces.items[j].fault);
        lb_free(pieces.items);
    }
}

static size_t count_faults(const lb_pieces *pieces) {
    size_t faults = 0;
    for (size_t i = 0; i < pieces->count; i++)
        faults += pieces->items[i].fault != NULL;
    return faults;
}

/* Two quotes that are broken, far from each other: what is between them looks like a cell. */
static void a_cell_that_holds_nothing_but_rows_is_broken_at_its_quote(void **state) {
    (void)state;
    char text[4000], *end = text + sprintf(text, "u,t\n");
    for (unsigned i = 0; i < 60; i++)
        end += sprintf(end, "u%u,%st%u%s\n", i, i == 20 ? "\"" : "", i, i == 50 ? "\"" : "");
    lb_pieces pieces = slice(LB_CUT_ROWS, text, (size_t)(end - text), 7, NULL);
    assert_int_equal(pieces.count, 61);
    assert_int_equal(count_faults(&pieces), 1);
    assert_non_null(pieces.items[21].fault);
    lb_free(pieces.items);
}

/* Neither can be seen to be broken before all of it is read, which would not fit into memory. */
static void what_is_broken_far_behind_is_given_up_at_a_bound(void **state) {
    (void)state;
    size_t size = (size_t)LB_SLICER_DOUBTED + (8 << 20);
    char *text = malloc(size + 100);
    for (unsigned json = 0; json < 2; json++) {
        char *end = text + sprintf(text, json ? "[\n{\"u\":1},\n{\"u\":[2,\n" : "u\n\"a\n");
        while (end < text + size)
            end += sprintf(end, json ? "{\"u\":\"0123456789012345678901234567890123456789\"},\n"
                                     : "0123456789012345678901234567890123456789\n");
        lb_slicer slicer = lb_slicer_begin(json ? LB_CUT_ELEMENTS : LB_CUT_ROWS, ',');
        lb_pieces pieces = {0};
        assert_int_equal(lb_slicer_next(&slicer, text, (size_t)(end - text), false, &pieces, NULL),
                         LB_OK);
        assert_true(slicer.start > size - 200);
        assert_int_equal(count_faults(&pieces), 1);
        lb_free(pieces.items);
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_hold_all_of_a_text_and_do_not_depend_on_how_it_comes),
        cmocka_unit_test(sound_json_of_any_layout_is_cut_at_its_records_alone),
        cmocka_unit_test(cells_of_many_lines_stay_cells),
        cmocka_unit_test(a_cell_that_holds_nothing_but_rows_is_broken_at_its_quote),
        cmocka_unit_test(what_is_broken_far_behind_is_given_up_at_a_bound)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
