#include "base/ascii.h"

#include <ctype.h>

#include "test.h"

static void the_tests_agree_with_the_c_library_and_know_no_byte_beyond_ascii(void **state) {
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte; /* the tests run in the locale "C" */
        assert_int_equal(lb_is_digit(c), isdigit(byte) != 0);
        assert_int_equal(lb_is_upper(c), isupper(byte) != 0);
        assert_int_equal(lb_is_lower(c), islower(byte) != 0);
        assert_int_equal(lb_is_letter(c), isalpha(byte) != 0);
        assert_int_equal(lb_is_alnum(c), isalnum(byte) != 0);
        assert_int_equal(lb_to_lower(c), (char)tolower(byte));
        assert_int_equal(lb_hex_value(c) >= 0, isxdigit(byte) != 0);
    }
    assert_int_equal(lb_hex_value('9'), 9);
    assert_int_equal(lb_hex_value('a'), 10);
    assert_int_equal(lb_hex_value('F'), 15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tests_agree_with_the_c_library_and_know_no_byte_beyond_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
