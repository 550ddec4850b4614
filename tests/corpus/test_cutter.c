#include "corpus/value/cutter.h"

#include "base/random.h"
#include "reading.h"

enum { SIZE_MOST = 200, ENDS_MOST = 256 };

typedef struct ends {
    size_t at[ENDS_MOST];
    size_t count;
} ends;

/* The twin looks at one byte at a time and keeps the whole history. */
static ends brute_rows(const char *text, size_t size, char delimiter) {
    ends found = {0};
    bool quoted = false, start = true;
    for (size_t i = 0; i < size; i++) {
        if (quoted) {
            if (text[i] == '"') {
                if (i + 1 < size && text[i + 1] == '"')
                    i++;
                else
                    quoted = false;
            }
            start = false;
        } else if (text[i] == '"' && start)
            quoted = true;
        else {
            if (text[i] == '\n')
                found.at[found.count++] = i + 1;
            start = text[i] == '\n' || text[i] == delimiter;
        }
    }
    return found;
}

static ends brute_json(const char *text, size_t size, bool array) {
    ends found = {0};
    size_t depth = 0, i = 0;
    if (array) {
        while (i < size && text[i] != '[')
            i++;
        depth = i < size;
        i++;
    }
    for (; i < size; i++) {
        char c = text[i];
        if (c == '"') {
            for (i++; i < size && text[i] != '"'; i++)
                if (text[i] == '\\')
                    i++;
        } else if (c == '{' || c == '[')
            depth++;
        else if (array && depth == 1 && c == '}')
            continue;
        else if (c == '}' || c == ']') {
            if (array && depth == 1) {
                found.at[found.count++] = i + 1;
                return found;
            }
            depth -= depth > 0;
            if (!array && depth == 0)
                found.at[found.count++] = i + 1;
        } else if (array && depth == 1 && c == ',')
            found.at[found.count++] = i + 1;
    }
    return found;
}

static ends brute(lb_cut cut, const char *text, size_t size) {
    if (cut == LB_CUT_ROWS)
        return brute_rows(text, size, ',');
    if (cut != LB_CUT_LINES)
        return brute_json(text, size, cut == LB_CUT_ELEMENTS);
    ends found = {0};
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n')
            found.at[found.count++] = i + 1;
    return found;
}

/* A quote at the very end of a row may open or double: the twin sees the next byte, so that texts
 * end in a byte that is none. */
static size_t make_text(lb_random *random, lb_cut cut, char *text) {
    static const char *const alphabets[] = {"ab\n\r", "a\",\n\r", "{}[]\",\\a ", "{}[]\"\\a ,"};
    const char *alphabet = alphabets[cut];
    size_t size = lb_random_below(random, SIZE_MOST);
    for (size_t i = 0; i < size; i++)
        text[i] = alphabet[lb_random_below(random, strlen(alphabet))];
    text[size] = 'z';
    return size + 1;
}

static void check_next(lb_cut cut, const char *text, size_t size, const ends *expected) {
    lb_cutter cutter = lb_cutter_begin(cut, ',');
    size_t count = 0;
    for (size_t at = 0; at < size;) {
        bool complete;
        at += lb_cutter_next(&cutter, text + at, size - at, &complete);
        if (complete) {
            assert_true(count < expected->count);
            assert_int_equal(at, expected->at[count]);
            count++;
        }
    }
    assert_int_equal(count, expected->count);
}

/* Blocks of random size: the last end in each must be the twin's, and the state kept at it must
 * find the same ends in what follows. */
static void check_blocks(lb_random *random, lb_cut cut, const char *text, size_t size,
                         const ends *expected) {
    lb_cutter cutter = lb_cutter_begin(cut, ','), after = cutter;
    for (size_t at = 0; at < size;) {
        size_t block = 1 + lb_random_below(random, 20);
        block = block < size - at ? block : size - at;
        size_t last = lb_cutter_last(&cutter, text + at, block, &after), wanted = 0, next = 0;
        for (size_t i = 0; i < expected->count; i++)
            if (expected->at[i] > at && expected->at[i] <= at + block) {
                wanted = expected->at[i] - at;
                next = i + 1;
            }
        assert_int_equal(last, wanted);
        if (last > 0 && next < expected->count) {
            bool complete;
            lb_cutter copy = after;
            size_t length = lb_cutter_next(&copy, text + at + last, size - at - last, &complete);
            assert_true(complete);
            assert_int_equal(at + last + length, expected->at[next]);
        }
        at += block;
    }
}

static void every_cut_agrees_with_a_brute_force_twin(void **state) {
    (void)state;
    for (lb_cut cut = LB_CUT_LINES; cut <= LB_CUT_VALUES; cut++) {
        lb_random random = lb_random_keyed(7, "cutter", cut);
        for (unsigned round = 0; round < 3000; round++) {
            char text[SIZE_MOST + 1];
            size_t size = make_text(&random, cut, text);
            ends expected = brute(cut, text, size);
            check_next(cut, text, size, &expected);
            check_blocks(&random, cut, text, size, &expected);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_cut_agrees_with_a_brute_force_twin)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
