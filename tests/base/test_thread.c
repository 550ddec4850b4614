#include "test.h"

#include <stdatomic.h>

#include "base/thread.h"

typedef struct job {
    atomic_int done[1000];
    size_t fails_at;
} job;

static int work(void *context, size_t piece, unsigned worker, lb_error *error) {
    job *all = context;
    atomic_fetch_add(&all->done[piece], 1);
    if (piece >= all->fails_at)
        return lb_fail(error, LB_E_INPUT, "piece", "mend it", "piece %zu by worker below %d", piece,
                       worker < 4);
    return LB_OK;
}

static void every_piece_is_done_once_for_any_number_of_threads(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 6; threads++) {
        static job all;
        all = (job){.fails_at = SIZE_MAX};
        assert_int_equal(lb_parallel(threads, 1000, work, &all, NULL), 0);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(all.done[i], 1);
        assert_int_equal(lb_parallel(threads, 0, work, &all, NULL), 0);
        for (size_t size = 1; size < 1200; size = 3 * size + 1) {
            all = (job){.fails_at = 997};
            assert_int_equal(lb_parallel_small(threads, 997, size, work, &all, NULL), 0);
            for (size_t i = 0; i < 1000; i++)
                assert_int_equal(all.done[i], i < 997);
        }
    }
}

static void a_failure_is_passed_up_and_ends_the_job(void **state) {
    (void)state;
    static job all;
    all = (job){.fails_at = 10};
    lb_error error = {0};
    assert_int_equal(lb_parallel(4, 1000, work, &all, &error), LB_E_INPUT);
    assert_int_equal(error.code, LB_E_INPUT);
    int begun = 0;
    for (size_t i = 0; i < 1000; i++)
        begun += all.done[i];
    assert_true(begun < 1000);
    all = (job){.fails_at = 10};
    assert_int_equal(lb_parallel_small(1, 1000, 64, work, &all, NULL), LB_E_INPUT);
    assert_int_equal(all.done[10], 1);
    assert_int_equal(all.done[11], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_is_done_once_for_any_number_of_threads),
        cmocka_unit_test(a_failure_is_passed_up_and_ends_the_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
