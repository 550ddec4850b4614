#include "test.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/thread.h"
#include "index/keyset.h"

enum { KEYS = 20000, PIECES = 8 };

static lb_str key_of(size_t i, char text[32]) {
    snprintf(text, 32, "key %zu", i * 37 % KEYS);
    return lb_str_of(text);
}

typedef struct job {
    lb_keyset *set;
    uint32_t numbers[PIECES][KEYS];
} job;

static int add_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    job *work = context;
    for (size_t i = 0; i < KEYS; i++) {
        char text[32];
        lb_str key = key_of(i + piece * 11, text);
        size_t which = (i + piece * 11) * 37 % KEYS;
        int status =
            lb_keyset_add(work->set, key, lb_hash_str(key), &work->numbers[piece][which], error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static void threads_agree_on_the_number_of_a_key(void **state) {
    (void)state;
    static job work;
    assert_int_equal(lb_keyset_new(&work.set, true, NULL), 0);
    assert_int_equal(lb_parallel(4, PIECES, add_piece, &work, NULL), 0);
    assert_int_equal(lb_keyset_count(work.set), KEYS);
    for (size_t p = 1; p < PIECES; p++)
        assert_memory_equal(work.numbers[0], work.numbers[p], sizeof work.numbers[0]);
    lb_keyset_free(work.set);
}

static void ranks_depend_on_the_keys_only(void **state) {
    (void)state;
    lb_str words[] = {LB_STR("b"), LB_STR(""), LB_STR("a\0c"), LB_STR("a"), LB_STR("\xC3\xA9")};
    lb_str sorted[] = {LB_STR(""), LB_STR("a"), LB_STR("a\0c"), LB_STR("b"), LB_STR("\xC3\xA9")};
    for (int backwards = 0; backwards < 2; backwards++) {
        lb_keyset *set;
        lb_ranked_key *keys;
        uint32_t *ranks, number;
        assert_int_equal(lb_keyset_new(&set, true, NULL), 0);
        for (size_t i = 0; i < 10; i++) {
            lb_str word = words[backwards ? 4 - i % 5 : i % 5];
            assert_int_equal(lb_keyset_add(set, word, lb_hash_str(word), &number, NULL), 0);
            assert_int_equal(number, i % 5);
        }
        assert_int_equal(lb_keyset_ranks(set, LB_KEY_ORDER_BYTES, &keys, &ranks, NULL), 0);
        for (size_t i = 0; i < 5; i++) {
            assert_true(lb_str_equal(keys[i].key, sorted[i]));
            assert_int_equal(ranks[keys[i].number], i);
        }
        lb_free(keys);
        lb_free(ranks);
        assert_int_equal(lb_keyset_ranks(set, LB_KEY_ORDER_HASH, &keys, NULL, NULL), 0);
        for (size_t i = 1; i < 5; i++)
            assert_true(keys[i - 1].hash < keys[i].hash);
        lb_free(keys);
        lb_keyset_free(set);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_agree_on_the_number_of_a_key),
        cmocka_unit_test(ranks_depend_on_the_keys_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
