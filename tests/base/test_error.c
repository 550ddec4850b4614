#include "test.h"

#include <string.h>

#include "linkback/error.h"

static void an_error_names_place_fault_and_mend(void **state) {
    (void)state;
    lb_error error;
    assert_int_equal(lb_fail(&error, LB_E_INPUT, "a.jsonl:3", "mend it", "bad %s", "thing"),
                     LB_E_INPUT);
    assert_string_equal(error.where, "a.jsonl:3");
    assert_string_equal(error.what, "bad thing");
    assert_string_equal(error.mend, "mend it");
    assert_int_equal(lb_fail(NULL, LB_E_USAGE, "", "", "nobody asks"), LB_E_USAGE);
}

static void hostile_text_is_safe_on_a_terminal(void **state) {
    (void)state;
    lb_error error;
    lb_fail(&error, LB_E_INPUT, "a\x1B[31m\nb", "m", "%s", "\xFF\xFE");
    assert_string_equal(error.where, "a?[31m?b");
    assert_string_equal(error.what, "??");
    lb_fail(&error, LB_E_INPUT, "::error::a", "m", "%s",
            "b ##[set-output] ::x C::D \xC2\x9B\xE2\x80\xAE");
    assert_string_equal(error.where, "?:error::a"); /* no command to the runner of a pipeline */
    assert_string_equal(error.what, "b ?#[set-output] ?:x C::D ??");
    char longer[4000];
    memset(longer, 'x', sizeof longer);
    memcpy(longer + LB_ERROR_WHERE_MAX - 2, "\xC3\xA9", 2); /* a character right at the cut */
    longer[sizeof longer - 1] = '\0';
    lb_fail(&error, LB_E_INPUT, longer, "m", "w");
    assert_int_equal(strlen(error.where), LB_ERROR_WHERE_MAX - 2);
}

static void a_cut_or_a_broken_byte_costs_its_own_character_only(void **state) {
    (void)state;
    static const char *const characters[] = {"\xC3\xA9", "\xE6\xBC\xA2", "\xF0\x9F\x98\x80"};
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++)
        for (size_t before = 0; before < strlen(characters[c]); before++) {
            lb_error error;
            char text[LB_ERROR_WHAT_MAX + 100];
            size_t size = 0, length = strlen(characters[c]);
            memset(text, 'x', before);
            for (size = before; size + length < sizeof text; size += length)
                memcpy(text + size, characters[c], length);
            text[size] = '\0';
            size_t kept = before + (LB_ERROR_WHAT_MAX - 1 - before) / length * length;
            lb_fail(&error, LB_E_INPUT, "w", "m", "%s", text);
            assert_int_equal(strlen(error.what), kept);
            assert_memory_equal(error.what, text, kept);
        }
    lb_error error;
    lb_fail(&error, LB_E_INPUT, "caf\xC3\xA9/\xE6\xBC:3", "m", "na\xC3\xAFve \xFF word");
    assert_string_equal(error.where, "caf\xC3\xA9/?:3");
    assert_string_equal(error.what, "na\xC3\xAFve ? word");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_place_fault_and_mend),
        cmocka_unit_test(hostile_text_is_safe_on_a_terminal),
        cmocka_unit_test(a_cut_or_a_broken_byte_costs_its_own_character_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
