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

static ends brute(lb_cut cut, const char *text, size_t size) {
    if (cut == LB_CUT_ROWS)
        return brute_rows(text, size, ',');
    ends found = {0};
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n')
            found.at[found.count++] = i + 1;
    return found;
}

/* A quote at the very end of a row may open or double: the twin sees the next byte, so that texts
 * end in a byte that is none. */
static size_t make_text(lb_random *random, lb_cut cut, char *text) {
    static const char *const alphabets[] = {"ab\n\r", "a\",\n\r"};
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

static void every_cut_agrees_with_a_brute_force_twin(void **state) {
    (void)state;
    for (lb_cut cut = LB_CUT_LINES; cut <= LB_CUT_ROWS; cut++) {
        lb_random random = lb_random_keyed(7, "cutter", cut);
        for (unsigned round = 0; round < 3000; round++) {
            char text[SIZE_MOST + 1];
            size_t size = make_text(&random, cut, text);
            ends expected = brute(cut, text, size);
            check_next(cut, text, size, &expected);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_cut_agrees_with_a_brute_force_twin)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
