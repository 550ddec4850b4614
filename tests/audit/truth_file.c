#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/side/truth_file.h"
#include "base/hash.h"

enum { PEOPLE = 4 };

/* The units of two corpora, with the keys p0 ... p3 and q0 ... q3. */
typedef struct two_corpora {
    lb_directory a, b;
    lb_unit_facts a_facts[PEOPLE], b_facts[PEOPLE];
    char keys[2 * PEOPLE][8];
    uint64_t a_hashes[PEOPLE], b_hashes[PEOPLE];
} two_corpora;

static uint64_t hash_of(char letter, int number) {
    char key[8];
    return lb_hash(key, (size_t)snprintf(key, sizeof key, "%c%d", letter, number));
}

static int by_hash(const void *x, const void *y) {
    uint64_t a = ((const lb_unit_facts *)x)->hash, b = ((const lb_unit_facts *)y)->hash;
    return (a > b) - (a < b);
}

static void make_side(lb_directory *side, lb_unit_facts facts[PEOPLE], uint64_t hashes[PEOPLE],
                      char keys[PEOPLE][8], char letter) {
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(keys[i], sizeof keys[i], "%c%d", letter, i);
        facts[i] = (lb_unit_facts){.key = lb_str_of(keys[i]), .hash = hash_of(letter, i)};
    }
    qsort(facts, PEOPLE, sizeof *facts, by_hash);
    for (int i = 0; i < PEOPLE; i++)
        hashes[i] = facts[i].hash;
    assert_int_equal(lb_directory_make(side, facts, PEOPLE, NULL), LB_OK);
}

static void make(two_corpora *made) {
    make_side(&made->a, made->a_facts, made->a_hashes, made->keys, 'p');
    make_side(&made->b, made->b_facts, made->b_hashes, made->keys + PEOPLE, 'q');
}

static void drop(two_corpora *made) {
    lb_directory_free(&made->a);
    lb_directory_free(&made->b);
}

static uint32_t place(const uint64_t *hashes, char letter, int number) {
    for (uint32_t i = 0; i < PEOPLE; i++)
        if (hashes[i] == hash_of(letter, number))
            return i;
    fail();
    return 0;
}

static int read_text(two_corpora *of, const char *text, lb_truth *truth, lb_error *error) {
    char path[] = "/tmp/linkback-truth-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    int status = lb_truth_read(truth, path, &of->a, &of->b, error);
    unlink(path);
    return status;
}

static void what_the_file_says_is_known_and_all_else_is_not(void **state) {
    (void)state;
    two_corpora of;
    make(&of);
    lb_truth truth;
    assert_int_equal(read_text(&of, "a,b\np0,q2\np1,\n\np0,q2\nx,q1\np3,y\n", &truth, NULL), 0);
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 0)], place(of.b_hashes, 'q', 2));
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 1)], LB_TRUTH_ABSENT);
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 2)], LB_TRUTH_UNKNOWN);
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 3)], LB_TRUTH_UNKNOWN);
    assert_int_equal(truth.rows, 5);
    assert_int_equal(truth.known, 1);
    assert_int_equal(truth.absent, 1);
    assert_int_equal(truth.repeated, 1);
    assert_int_equal(truth.a_not_there, 1);
    assert_int_equal(truth.b_not_there, 1);
    lb_truth_free(&truth);
    drop(&of);
}

static void an_id_is_found_as_people_copy_it(void **state) {
    (void)state;
    two_corpora of;
    make(&of);
    lb_truth truth;
    lb_error error;
    assert_int_equal(read_text(&of, "a,b\n P0 ,'q2'\n@p1,\nP3,q1\np3,q0\nP3,q2\n", &truth, NULL),
                     0);
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 0)], place(of.b_hashes, 'q', 2));
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 1)], LB_TRUTH_ABSENT);
    assert_int_equal(truth.of[place(of.a_hashes, 'p', 3)], place(of.b_hashes, 'q', 0));
    assert_int_equal(truth.known, 2);
    assert_int_equal(truth.absent, 1);
    assert_int_equal(truth.a_not_there, 1); /* after p3 as it stands, P3 says nothing more */
    assert_int_equal(truth.a.folded, 4);
    assert_int_equal(truth.b.folded, 1);
    lb_truth_free(&truth);
    assert_int_equal(read_text(&of, "a,b\nq-0,p0\n", &truth, &error), LB_E_INPUT);
    assert_non_null(strstr(error.what, "column a has ids such as a-#, that corpus such as a#"));
    drop(&of);
}

static void two_accounts_of_one_person_are_no_contradiction(void **state) {
    (void)state;
    two_corpora of;
    make(&of);
    lb_truth truth;
    lb_error error;
    assert_int_equal(read_text(&of, "b\ta\nq0\tp0\nq0\tp1\n", &truth, NULL), 0);
    assert_int_equal(truth.known, 2);
    lb_truth_free(&truth);
    assert_int_equal(read_text(&of, "a,b\np0,q0\np0,q1\n", &truth, &error), LB_E_INPUT);
    assert_non_null(strstr(error.where, ":3"));
    assert_null(truth.of);
    assert_int_equal(read_text(&of, "a,b\np0,\np0,q1\n", &truth, &error), LB_E_INPUT);
    drop(&of);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    two_corpora of;
    make(&of);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_truth truth;
        lb_memory_fail_after(n);
        status = read_text(&of, "a,b\n\"p\"\"0\",q2\np1,q1\n", &truth, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_truth_free(&truth);
        assert_true(n < 1000);
    }
    drop(&of);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_file_says_is_known_and_all_else_is_not),
        cmocka_unit_test(an_id_is_found_as_people_copy_it),
        cmocka_unit_test(two_accounts_of_one_person_are_no_contradiction),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
