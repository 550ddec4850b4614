#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "link/assignment.h"

static void assert_near(double value, double expected, double tolerance) {
    assert_true(fabs(value - expected) <= tolerance);
}

enum { SIDE = 6 };

/* The best sum by trying everything. */
static double best_by_force(double worth[SIDE][SIDE], unsigned query, unsigned taken) {
    if (query == SIDE)
        return 0;
    double best = best_by_force(worth, query + 1, taken);
    for (unsigned p = 0; p < SIDE; p++)
        if (!(taken >> p & 1) && worth[query][p] > 0) {
            double here = worth[query][p] + best_by_force(worth, query + 1, taken | 1u << p);
            best = here > best ? here : best;
        }
    return best;
}

static void the_assignment_is_as_good_as_the_best_of_all(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        lb_random random = lb_random_keyed(seed, "assignment", 0);
        double worth[SIDE][SIDE], sum = 0;
        lb_edge edges[SIDE * SIDE];
        size_t offsets[SIDE + 1], count = 0;
        uint32_t partners[SIDE];
        unsigned taken = 0;
        for (unsigned q = 0; q < SIDE; q++) {
            offsets[q] = count;
            for (uint32_t p = 0; p < SIDE; p++) {
                worth[q][p] = lb_random_unit(&random) < 0.5 ? 0.01 + lb_random_unit(&random) : 0;
                if (worth[q][p] > 0)
                    edges[count++] = (lb_edge){p, worth[q][p]};
            }
        }
        offsets[SIDE] = count;
        assert_int_equal(lb_assignment_solve(edges, offsets, SIDE, SIDE, partners, NULL), 0);
        for (unsigned q = 0; q < SIDE; q++) {
            if (partners[q] == UINT32_MAX)
                continue;
            assert_false(taken >> partners[q] & 1);
            taken |= 1u << partners[q];
            assert_true(worth[q][partners[q]] > 0);
            sum += worth[q][partners[q]];
        }
        assert_near(sum, best_by_force(worth, 0, 0), 1e-9);
    }
}

static void nobody_to_assign_is_no_error(void **state) {
    (void)state;
    size_t offsets[] = {0, 0};
    uint32_t partners[1];
    assert_int_equal(lb_assignment_solve(NULL, offsets, 1, 0, partners, NULL), 0);
    assert_int_equal(partners[0], UINT32_MAX);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    const lb_edge edges[] = {{0, 0.5}, {0, 0.7}, {1, 0.1}};
    const size_t offsets[] = {0, 1, 3};
    uint32_t partners[2];
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_memory_fail_after(n);
        status = lb_assignment_solve(edges, offsets, 2, 2, partners, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        assert_true(n < 100);
    }
    assert_int_equal(partners[1], 0);
    assert_int_equal(partners[0], UINT32_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_assignment_is_as_good_as_the_best_of_all),
        cmocka_unit_test(nobody_to_assign_is_no_error),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
