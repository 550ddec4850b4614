#include "base/search.h"

#include "test.h"

static void the_first_that_is_not_below_the_key_is_found_in_any_range(void **state) {
    (void)state;
    static const uint32_t narrow[] = {2, 2, 5, 9};
    static const uint64_t wide[] = {2, 2, 5, UINT64_C(1) << 40};
    for (size_t low = 0; low <= 4; low++)
        for (size_t high = low; high <= 4; high++)
            for (uint32_t key = 0; key < 12; key++) {
                size_t in_narrow = low, in_wide = low;
                while (in_narrow < high && narrow[in_narrow] < key)
                    in_narrow++;
                while (in_wide < high && wide[in_wide] < key)
                    in_wide++;
                assert_int_equal(lb_search_u32(narrow, low, high, key), in_narrow);
                assert_int_equal(lb_search_u64(wide, low, high, key), in_wide);
            }
    assert_int_equal(lb_search_u64(NULL, 0, 0, 7), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_is_not_below_the_key_is_found_in_any_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
