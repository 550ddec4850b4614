#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "audit/section/linkage/link_json.h"

/* Allocations that jansson holds. */
static size_t held;

static void *counted_alloc(size_t size) {
    void *block = lb_alloc(1, size);
    held += block != NULL;
    return block;
}

static void counted_free(void *block) {
    held -= block != NULL;
    lb_free(block);
}

static lb_link_result some_attack(lb_link_person people[2]) {
    lb_link_result link = {.queries = 2, .people = people, .trained = true, .signal_count = 2};
    people[0] = (lb_link_person){.rank = 1,
                                 .right = true,
                                 .probability = 0.95,
                                 .second = 0.5,
                                 .reasons = {LB_SIGNAL_WORDS, LB_SIGNAL_STYLE},
                                 .reason_count = 2};
    people[1] = (lb_link_person){.guess = 7, .rank = 3, .probability = 0.6};
    link.links[0] = 2;
    link.links[1] = 1;
    link.figures.queries = 2;
    link.figures.point_count = 3;
    for (size_t i = 0; i < 3; i++)
        link.figures.points[i] = (lb_curve_point){1 - (double)i / 4, 0.5, (double)i / 4};
    link.reliability[9] = (lb_reliability){.pairs = 4, .right = 3, .said = 0.9};
    link.signals[1] = (lb_link_signal){.signal = LB_SIGNAL_CLOCK, .top1 = 0.25, .reasons = 1};
    link.sizes[0] = (lb_link_size){.least = 3, .most = 9, .queries = 2, .right = 1};
    return link;
}

static bool describe(json_t *section, const lb_link_result *link, lb_link_person *person) {
    return lb_link_put_split(section, link, 5) && lb_link_put_figures(section, link) &&
           json_object_set_new(section, "pairs", lb_link_pairs_json(link, true)) == 0 &&
           json_object_set_new(section, "reasons", lb_link_reasons_json(person)) == 0;
}

static void what_was_found_is_said(void **state) {
    (void)state;
    lb_link_person people[2];
    lb_link_result link = some_attack(people);
    json_t *section = json_object();
    assert_true(describe(section, &link, people));
    const json_t *pairs = json_object_get(section, "pairs");
    assert_int_equal(json_array_size(pairs), 3);
    const json_t *half = json_array_get(pairs, 0), *nine = json_array_get(pairs, 1);
    assert_int_equal(json_integer_value(json_object_get(half, "judged")), 2);
    assert_int_equal(json_integer_value(json_object_get(half, "right")), 1);
    assert_int_equal(json_integer_value(json_object_get(nine, "judged")), 1);
    assert_int_equal(json_integer_value(json_object_get(nine, "right")), 1);
    assert_int_equal(json_array_size(json_object_get(section, "precision_recall")), 3);
    assert_int_equal(json_array_size(json_object_get(section, "reliability")), 1);
    assert_int_equal(json_array_size(json_object_get(section, "by_profile_size")), 1);
    const json_t *clock = json_array_get(json_object_get(section, "signals"), 1);
    assert_string_equal(json_string_value(json_object_get(clock, "signal")), "clock");
    const json_t *reasons = json_object_get(section, "reasons");
    assert_string_equal(json_string_value(json_array_get(reasons, 1)), "style");
    json_decref(section);
}

static void a_lack_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    lb_link_person people[2];
    lb_link_result link = some_attack(people);
    bool done = false;
    json_set_alloc_funcs(counted_alloc, counted_free);
    for (uint64_t n = 1; !done; n++) {
        held = 0;
        lb_memory_fail_after(0);
        json_t *section = json_object();
        assert_non_null(section);
        lb_memory_fail_after(n);
        done = describe(section, &link, people);
        lb_memory_fail_after(0);
        json_decref(section);
        assert_int_equal(held, 0);
        assert_true(n < 10000);
    }
    json_set_alloc_funcs(malloc, free);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_found_is_said),
        cmocka_unit_test(a_lack_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
