#include "base/nearest.h"

#include "test.h"

static void the_distance_of_names_counts_edits_and_swaps(void **state) {
    (void)state;
    assert_int_equal(lb_edit_distance(LB_STR("user"), LB_STR("USER")), 0);
    assert_int_equal(lb_edit_distance(LB_STR("user"), LB_STR("uesr")), 1);
    assert_int_equal(lb_edit_distance(LB_STR("age"), LB_STR("agee")), 1);
    assert_int_equal(lb_edit_distance(LB_STR(""), LB_STR("abc")), 3);
    assert_int_equal(lb_edit_distance(LB_STR("kitten"), LB_STR("sitting")), 3);
    assert_int_equal(lb_edit_distance(LB_STR("qi.k"), LB_STR("qi.kk")), 1);
    assert_int_equal(lb_edit_distance(LB_STR("ab"), LB_STR("ba")), 1);
    assert_int_equal(lb_edit_distance(LB_STR(""), LB_STR("")), 0);
}

static void the_nearest_name_is_the_first_of_equals(void **state) {
    (void)state;
    const char *const names[] = {"speaker", "user", "used"};
    assert_int_equal(lb_nearest("User", names, 3), 1);
    assert_int_equal(lb_nearest("use", names, 3), 1);
    assert_int_equal(lb_nearest("used", names, 3), 2);
}

static void what_was_meant_is_near_or_begins_so(void **state) {
    (void)state;
    static const char *const names[] = {"release-strict", "release", "qi", "conversation"};
    assert_string_equal(lb_name_meant("relase", names, 4), "release");
    assert_string_equal(lb_name_meant("releas", names, 4), "release");
    assert_string_equal(lb_name_meant("qii", names, 4), "qi");
    assert_string_equal(lb_name_meant("conv", names, 4), "conversation");
    assert_null(lb_name_meant("luck", names, 4));
    assert_null(lb_name_meant("q", names + 3, 1));
    assert_null(lb_name_meant("qi", names, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_of_names_counts_edits_and_swaps),
        cmocka_unit_test(the_nearest_name_is_the_first_of_equals),
        cmocka_unit_test(what_was_meant_is_near_or_begins_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
