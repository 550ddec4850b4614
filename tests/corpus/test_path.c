#include "corpus/mapping/path.h"

#include "reading.h"

static lb_path parse(lb_arena *arena, const char *text) {
    lb_path path = {0};
    lb_error error;
    assert_int_equal(lb_path_parse(&path, text, "test", arena, &error), LB_OK);
    return path;
}

static void a_path_is_a_list_of_steps(void **state) {
    (void)state;
    lb_arena *arena = lb_arena_new();
    lb_path path = parse(arena, "a[].b{}.c-d.@e");
    static const lb_step_kind kinds[] = {LB_STEP_FIELD,  LB_STEP_ELEMENTS, LB_STEP_FIELD,
                                         LB_STEP_VALUES, LB_STEP_FIELD,    LB_STEP_FIELD};
    assert_int_equal(path.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(path.steps[i].kind, kinds[i]);
    assert_str(path.steps[4].name, "c-d");
    assert_str(path.steps[5].name, "@e");
    assert_str(parse(arena, "text()").steps[0].name, "text()");
    assert_int_equal(parse(arena, "[].a").count, 2);
    lb_arena_free(arena);
}

static void malformed_paths_are_errors_of_usage(void **state) {
    (void)state;
    static const char *const bad[] = {"", ".", "a.", "a..b", "a[", "a[0]", "a{b}", ".a", "file(x"};
    lb_arena *arena = lb_arena_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        lb_path path;
        lb_error error = {0};
        if (lb_path_parse(&path, bad[i], "test", arena, &error) != LB_E_USAGE)
            fail_msg("\"%s\" was taken", bad[i]);
        assert_true(error.mend[0] != '\0');
    }
    lb_arena_free(arena);
}

static void values_stand_for_any_field_and_elements_do_not(void **state) {
    (void)state;
    lb_arena *arena = lb_arena_new();
    assert_true(lb_path_matches(parse(arena, "m.x.y"), parse(arena, "m{}.y")));
    assert_false(lb_path_matches(parse(arena, "m[].y"), parse(arena, "m{}.y")));
    assert_true(lb_path_begins(parse(arena, "m[].y"), parse(arena, "m[]")));
    assert_false(lb_path_begins(parse(arena, "m"), parse(arena, "m[]")));
    lb_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_a_list_of_steps),
        cmocka_unit_test(malformed_paths_are_errors_of_usage),
        cmocka_unit_test(values_stand_for_any_field_and_elements_do_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
