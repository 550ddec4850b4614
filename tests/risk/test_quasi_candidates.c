/* Which fields look like quasi-identifiers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/buffer.h"
#include "risk/classes/quasi_candidates.h"
#include "table_fixture.h"

static const char *const fields[] = {"id", "country", "message", "version", "rare", NULL};

/* 100 users with two messages each. */
static table_fixture *chats(void) {
    lb_buffer text = {0};
    assert_int_equal(lb_buffer_printf(&text, NULL, "user,id,country,message,version,rare\n"), 0);
    for (int m = 0; m < 200; m++)
        assert_int_equal(lb_buffer_printf(&text, NULL, "%d,u%d,%s,m%d,1,%s\n", m / 2, m / 2,
                                          (const char *const[]){"DE", "FR", "JP"}[m / 2 % 3], m,
                                          m < 4 ? "yes" : ""),
                         0);
    assert_int_equal(lb_buffer_append(&text, "", 1, NULL), 0);
    table_fixture *f =
        table_fixture_text(text.data, &(table_roles){.quasi_identifiers = fields, .unit = "user"});
    lb_buffer_free(&text);
    return f;
}

static void fields_are_told_apart(void **state) {
    (void)state;
    static const lb_quasi_candidate_kind kinds[] = {LB_CANDIDATE_KEY, LB_CANDIDATE_QUASI,
                                                    LB_CANDIDATE_PASSING, LB_CANDIDATE_WEAK,
                                                    LB_CANDIDATE_WEAK};
    table_fixture *f = chats();
    lb_quasi_candidates got;
    assert_int_equal(lb_quasi_candidates_rank(&got, &f->table, &lb_quasi_candidate_defaults, NULL),
                     0);
    assert_int_equal(got.count, 5);
    for (size_t i = 0; i < got.count; i++) {
        assert_int_equal(got.items[i].kind, kinds[got.items[i].column]);
        assert_true(i == 0 || got.items[i - 1].kind <= got.items[i].kind);
    }
    const lb_quasi_candidate *country = &got.items[0];
    assert_int_equal(country->column, 1);
    assert_int_equal(country->values, 3);
    assert_true(country->steadiness == 1 && country->missing == 0 && country->unique_share == 0);
    assert_true(country->distinction == 0.03);
    assert_true(country->separation > 0.66 && country->separation < 0.68);
    const lb_quasi_candidate *rare = &got.items[got.count - 1];
    assert_true(rare->column == 3 || rare->missing == 0.98);
    lb_quasi_candidates_free(&got);
    table_fixture_free(f);
}

static void an_empty_table_has_no_candidates(void **state) {
    (void)state;
    lb_quasi_candidates got;
    assert_int_equal(
        lb_quasi_candidates_rank(&got, &(lb_table){0}, &lb_quasi_candidate_defaults, NULL), 0);
    assert_int_equal(got.count, 0);
    lb_quasi_candidates_free(&got);
}

static void lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    table_fixture *f = chats();
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_quasi_candidates got;
        lb_memory_fail_after(n);
        status = lb_quasi_candidates_rank(&got, &f->table, &lb_quasi_candidate_defaults, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !got.arena));
        lb_quasi_candidates_free(&got);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_told_apart),
        cmocka_unit_test(an_empty_table_has_no_candidates),
        cmocka_unit_test(lack_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
