/* Languages by script and by letters; what cannot be told is not guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "text/language.h"

static const struct sample {
    const char *code, *text;
} samples[] = {
    {"en", "I have been looking for the keys all morning, have you seen where I put them?"},
    {"de", "Ich habe den ganzen Morgen nach den Schl\xc3\xbcsseln gesucht, hast du sie gesehen?"},
    {"fr", "J'ai cherch\xc3\xa9 les cl\xc3\xa9s toute la matin\xc3\xa9"
           "e, est-ce que tu sais o\xc3\xb9 elles sont pass\xc3\xa9"
           "es ?"},
    {"es", "He estado buscando las llaves toda la ma\xc3\xb1"
           "ana, \xc2\xbfsabes d\xc3\xb3nde las dej\xc3\xa9?"},
    {"ru", "\xd0\xa3\xd1\x82\xd1\x80\xd0\xbe\xd0\xbc\x20\xd1\x8f\x20\xd0\xb4\xd0\xbe\xd0\xbb"
           "\xd0\xb3\xd0\xbe\x20\xd0\xb8\xd1\x81\xd0\xba\xd0\xb0\xd0\xbb\x20\xd0\xba\xd0\xbb"
           "\xd1\x8e\xd1\x87\xd0\xb8\x20\xd0\xb8\x20\xd0\xbd\xd0\xb8\xd0\xb3\xd0\xb4\xd0\xb5"
           "\x20\xd0\xbd\xd0\xb5\x20\xd0\xbc\xd0\xbe\xd0\xb3\x20\xd0\xb8\xd1\x85\x20\xd0\xbd"
           "\xd0\xb0\xd0\xb9\xd1\x82\xd0\xb8\x2c\x20\xd0\xb0\x20\xd0\xbf\xd0\xbe\xd1\x82\xd0"
           "\xbe\xd0\xbc\x20\xd0\xb2\xd1\x81\xd0\xbf\xd0\xbe\xd0\xbc\xd0\xbd\xd0\xb8\xd0\xbb"
           "\x2c\x20\xd1\x87\xd1\x82\xd0\xbe\x20\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0"
           "\xb8\xd0\xbb\x20\xd0\xb8\xd1\x85\x20\xd0\xbd\xd0\xb0\x20\xd1\x81\xd1\x82\xd0\xbe"
           "\xd0\xbb\xd0\xb5\x2e"},
    {"ja", "\xe6\x9c\x9d\xe3\x81\x8b\xe3\x82\x89\xe9\x8d\xb5\xe3\x82\x92\xe6\x8e\xa2\xe3\x81\x97"
           "\xe3\x81\xa6\xe3\x81\x84\xe3\x81\xbe\xe3\x81\x99\xe3\x80\x82"},
    {"ko", "\xec\x95\x84\xec\xb9\xa8\xeb\x82\xb4\xeb\x82\xb4 \xec\x97\xb4\xec\x87\xa0\xeb\xa5\xbc "
           "\xec\xb0\xbe\xea\xb3\xa0 \xec\x9e\x88\xec\x97\x88\xec\x96\xb4\xec\x9a\x94."},
    {"th", "\xe0\xb8\x89\xe0\xb8\xb1\xe0\xb8\x99\xe0\xb8\xab\xe0\xb8\xb2\xe0\xb8\x81\xe0\xb8\xb8"
           "\xe0\xb8\x8d\xe0\xb9\x81\xe0\xb8\x88\xe0\xb8\x97\xe0\xb8\xb1\xe0\xb9\x89\xe0\xb8\x87"
           "\xe0\xb9\x80\xe0\xb8\x8a\xe0\xb9\x89\xe0\xb8\xb2"},
    {"el", "\xce\xad\xcf\x88\xce\xb1\xcf\x87\xce\xbd\xce\xb1 \xcf\x84\xce\xb1 "
           "\xce\xba\xce\xbb\xce\xb5\xce\xb9\xce\xb4\xce\xb9\xce\xac "
           "\xcf\x8c\xce\xbb\xce\xbf \xcf\x84\xce\xbf \xcf\x80\xcf\x81\xcf\x89\xce\xaf"},
    {"he", "\xd7\x97\xd7\x99\xd7\xa4\xd7\xa9\xd7\xaa\xd7\x99 \xd7\x90\xd7\xaa "
           "\xd7\x94\xd7\x9e\xd7\xa4\xd7\xaa\xd7\x97\xd7\x95\xd7\xaa \xd7\x9b\xd7\x9c "
           "\xd7\x94\xd7\x91\xd7\x95\xd7\xa7\xd7\xa8"},
    {"ar", "\xd9\x83\xd9\x86\xd8\xaa \xd8\xa3\xd8\xa8\xd8\xad\xd8\xab \xd8\xb9\xd9\x86 "
           "\xd8\xa7\xd9\x84\xd9\x85\xd9\x81\xd8\xa7\xd8\xaa\xd9\x8a\xd8\xad \xd8\xb7\xd9\x88\xd8"
           "\xa7\xd9\x84 \xd8\xa7\xd9\x84\xd8\xb5\xd8\xa8\xd8\xa7\xd8\xad"},
};

static void languages_are_told_by_their_letters(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        lb_language_share shares[LB_LANGUAGES_OF_TEXT];
        int count = lb_language_detect(samples[i].text, strlen(samples[i].text), shares, NULL);
        if (count < 1)
            print_message("%s\n", samples[i].code);
        assert_true(count >= 1);
        assert_string_equal(lb_language_code(shares[0].language), samples[i].code);
        assert_true(shares[0].percent > 80 && shares[0].percent <= 100);
    }
}

static void what_cannot_be_told_is_unknown(void **state) {
    (void)state;
    static const char *const texts[] = {"",   "17 42 99",     "\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
                                        "ok", "\x01\x02\x03", "\xff\xfe\xfd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        lb_language_share shares[LB_LANGUAGES_OF_TEXT];
        assert_int_equal(lb_language_detect(texts[i], strlen(texts[i]), shares, NULL), 0);
    }
    assert_string_equal(lb_language_code(LB_LANGUAGE_UNKNOWN), "und");
    assert_string_equal(lb_language_code(LB_LANGUAGES_MAX), "und");
}

static void a_long_text_is_cut_between_characters(void **state) {
    (void)state;
    enum { REPEATS = 400 };
    const char *unit = samples[5].text; /* three bytes a character: 4096 lies inside one */
    size_t size = strlen(unit);
    char *text = malloc(size * REPEATS);
    for (size_t i = 0; i < REPEATS; i++)
        memcpy(text + i * size, unit, size);
    lb_language_share shares[LB_LANGUAGES_OF_TEXT];
    assert_int_equal(lb_language_detect(text, size * REPEATS, shares, NULL), 1);
    assert_string_equal(lb_language_code(shares[0].language), "ja");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_are_told_by_their_letters),
        cmocka_unit_test(what_cannot_be_told_is_unknown),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
