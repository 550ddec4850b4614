#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/side/directory.h"
#include "base/hash.h"
#include "text/id_fold.h"

enum { PEOPLE = 4 };

static const char *const keys[PEOPLE] = {"Anna", "anna", "bert", "7"};

static void make(lb_directory *directory, lb_unit_facts facts[PEOPLE]) {
    for (int i = 0; i < PEOPLE; i++)
        facts[i] =
            (lb_unit_facts){.key = lb_str_of(keys[i]), .hash = lb_hash_str(lb_str_of(keys[i]))};
    assert_int_equal(lb_directory_make(directory, facts, PEOPLE, NULL), LB_OK);
}

static void an_id_is_found_exactly_or_else_folded(void **state) {
    (void)state;
    lb_unit_facts facts[PEOPLE];
    lb_directory directory;
    lb_listed listed = {0};
    make(&directory, facts);
    static const struct {
        const char *id;
        bool exact;
        size_t count;
    } cases[] = {{"Anna", true, 1}, {"anna", true, 1},  {"ANNA", false, 2}, {"@bert", false, 1},
                 {"07", false, 1},  {"carl", false, 0}, {"", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lb_hits found;
        lb_str id = lb_str_of(cases[i].id);
        assert_int_equal(lb_directory_find(&directory, id, &found, NULL), LB_OK);
        assert_int_equal(found.exact, cases[i].exact);
        assert_int_equal(found.count, cases[i].count);
        assert_int_equal(lb_listed_add(&listed, &directory, id, &found, NULL), LB_OK);
        if (found.exact)
            assert_string_equal(facts[found.first->unit].key.data, cases[i].id);
    }
    assert_int_equal(listed.ids, 7);
    assert_int_equal(listed.unknown, 2);
    assert_int_equal(listed.folded, 3);
    assert_int_equal(listed.several, 1);
    assert_int_equal(listed.differences, LB_ID_CASE | LB_ID_SIGNS | LB_ID_NUMBER);
    assert_memory_equal(listed.example.data, "carl", 4);
    lb_listed_free(&listed);
    lb_directory_free(&directory);
}

static void records_have_no_ids(void **state) {
    (void)state;
    lb_unit_facts facts[2] = {{.hash = 1}, {.hash = 2}};
    lb_directory directory;
    lb_hits found;
    for (int with = 0; with < 2; with++) {
        assert_int_equal(lb_directory_make(&directory, with ? facts : NULL, 2, NULL), LB_OK);
        assert_int_equal(lb_directory_find(&directory, LB_STR("anna"), &found, NULL), LB_OK);
        assert_int_equal(found.count, 0);
        lb_directory_free(&directory);
    }
}

static void lack_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status == LB_E_RESOURCE; n++) {
        lb_unit_facts facts[1] = {{.key = LB_STR("Zo\xC3\xAB"), .hash = 1}};
        lb_directory directory = {0};
        lb_hits found;
        lb_memory_fail_after(n);
        status = lb_directory_make(&directory, facts, 1, NULL);
        if (status == LB_OK)
            status = lb_directory_find(&directory, LB_STR("zoe\xCC\x88"), &found, NULL);
        lb_memory_fail_after(0);
        lb_directory_free(&directory);
        assert_true(status == LB_OK ? n > 1 : status == LB_E_RESOURCE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_found_exactly_or_else_folded),
        cmocka_unit_test(records_have_no_ids),
        cmocka_unit_test(lack_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
