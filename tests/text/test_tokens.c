/* What surrounds a token, and what class it is of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "text/fold.h"
#include "text/random_text.h"
#include "text/token_class.h"

static lb_splitter *splitter;

static int open_splitter(void **state) {
    (void)state;
    return lb_splitter_new(&splitter, NULL);
}

static int close_splitter(void **state) {
    (void)state;
    lb_splitter_free(splitter);
    return 0;
}

/* The words of a text that have one of the flags, separated by spaces. */
static const char *flagged(const char *text, unsigned flags) {
    static char out[1024];
    uint8_t found[256];
    const lb_word *words;
    size_t count, size = 0;
    assert_int_equal(lb_splitter_words(splitter, lb_str_of(text), &words, &count, NULL), LB_OK);
    assert_true(count <= sizeof found);
    lb_token_contexts(lb_str_of(text), words, count, found);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (found[i] & flags)
            size += (size_t)snprintf(out + size, sizeof out - size, "%s%.*s", size ? " " : "",
                                     (int)words[i].size, text + words[i].start);
    return out;
}

static void words_of_a_url_are_flagged(void **state) {
    (void)state;
    assert_string_equal(flagged("see http://paste.ubuntu.com/123/x-y?q=a%20b#top.", LB_TOKEN_URL),
                        "http paste.ubuntu.com 123 x y q a 20b top");
    assert_string_equal(flagged("see http://paste.ubuntu.com/123 now", LB_TOKEN_PLAIN), "see now");
    assert_string_equal(flagged("(https://a.b/c), <ftp://d.e/f>", LB_TOKEN_PLAIN), "");
    assert_string_equal(flagged("www.example.org/a_b/c or example.com/d", LB_TOKEN_URL),
                        "www.example.org a_b c example.com d");
    assert_string_equal(flagged("and/or, 1/2, x: //y, ://z, http:// w, e.g./f", LB_TOKEN_URL), "");
    assert_string_equal(flagged("http://例え.jp/x", LB_TOKEN_URL), "");
}

static void words_of_an_address_are_flagged(void **state) {
    (void)state;
    assert_string_equal(flagged("mail john.doe-x+tag@mail.example.org.", LB_TOKEN_EMAIL),
                        "john.doe x tag mail.example.org");
    assert_string_equal(flagged("<bob@example.com>,(eve@x.de)", LB_TOKEN_PLAIN), "");
    assert_string_equal(flagged("root@localhost a@b @c.d@ x@y.z e@ @", LB_TOKEN_EMAIL), "");
    assert_string_equal(flagged("jörg@exämple.de jörg@example.de", LB_TOKEN_EMAIL),
                        "jörg example.de");
    assert_string_equal(flagged("http://bob@example.com/ a", LB_TOKEN_EMAIL), "");
}

static void words_of_a_handle_are_flagged(void **state) {
    (void)state;
    assert_string_equal(flagged("hi @bob_1, @eve! (@jo-ann) .@x", LB_TOKEN_HANDLE),
                        "bob_1 eve jo ann x");
    assert_string_equal(flagged("<@123> <@!456> <@U024BE7LH>", LB_TOKEN_HANDLE),
                        "123 456 U024BE7LH");
    assert_string_equal(flagged("u/some-one and /u/other, not menu/item", LB_TOKEN_HANDLE),
                        "some one other");
    assert_string_equal(flagged("a@b 3@home @ all @@", LB_TOKEN_HANDLE), "");
    assert_string_equal(flagged("@太郎 さん", LB_TOKEN_HANDLE), "太郎");
}

static void numbers_of_a_date_are_flagged(void **state) {
    (void)state;
    assert_string_equal(flagged("on 2004-11-23, 23/11/04 or 11/23/2004", LB_TOKEN_DATE),
                        "2004 11 23 23 11 04 11 23 2004");
    assert_string_equal(
        flagged("1-2 2004-13-40 1/2/3 10-11/12 555-12-3456 99/99/99", LB_TOKEN_DATE), "");
}

static void capitals_inside_a_sentence_are_flagged_and_those_that_begin_one_are_not(void **state) {
    (void)state;
    const char *text = "Yesterday I met Anna in Łódź. Then NASA called McX: \"Hello\"\nYes";
    assert_string_equal(flagged(text, LB_TOKEN_CAPITALISED), "Anna Łódź McX");
    assert_string_equal(flagged(text, LB_TOKEN_LOWER), "met in called");
    assert_string_equal(flagged("go to http://Example.com/Main by Bob", LB_TOKEN_CAPITALISED),
                        "Bob");
}

/* Every text is scanned in linear time, and no flag is both plain and in something. */
static void hostile_texts_are_flagged_in_linear_time(void **state) {
    (void)state;
    static const char *const pieces[] = {"@",  "a@",     "a:",        "a://", "://", "u/",
                                         "a/", "a.com/", "@a.",       "a@b.", "1-",  "1/",
                                         "a",  "!",      "\xC3\xA9@", " ",    "a.a"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        lb_buffer text = {0};
        const lb_word *words;
        size_t count;
        while (text.size < 1 << 20)
            assert_int_equal(lb_buffer_append(&text, pieces[i], strlen(pieces[i]), NULL), LB_OK);
        assert_int_equal(lb_splitter_words(splitter, lb_buffer_str(&text), &words, &count, NULL),
                         LB_OK);
        uint8_t *flags = malloc(count + 1);
        assert_non_null(flags);
        lb_token_contexts(lb_buffer_str(&text), words, count, flags);
        for (size_t w = 0; w < count; w++)
            assert_true((flags[w] & 15) == 0 ? flags[w] & LB_TOKEN_PLAIN : !(flags[w] & ~15u));
        free(flags);
        lb_buffer_free(&text);
    }
}

static const char *class_with(const char *token, unsigned flags) {
    return lb_token_class_name(lb_token_classify(lb_str_of(token), flags, NULL));
}

static const char *class_of(const char *token) {
    return class_with(token, LB_TOKEN_PLAIN | LB_TOKEN_LOWER);
}

static void classes_follow_from_the_letters(void **state) {
    (void)state;
    static const struct {
        const char *token, *expected;
    } cases[] = {
        {"1", "number"},
        {"3.14", "number"},
        {"1,000", "number"},
        {"3rd", "number"},
        {"512mb", "number"},
        {"٣٤", "number"},
        {"23.11.2004", "date"},
        {"01.02.99", "date"},
        {"2.6.23", "number"},
        {"1.2.1999", "date"},
        {"20041123", "date"},
        {"20041323", "number"},
        {"99.99.2004", "number"},
        {"1.2.3.4", "number"},
        {"a1b2", "code"},
        {"0x1f", "code"},
        {"b4", "code"},
        {"snake_case", "code"},
        {"deadbeef01", "code"},
        {"xkcdqwrtp", "code"},
        {"qwjzxkvbpmflgdhcytrsnaeio", "code"},
        {"example.com", "url"},
        {"www.x.de", "url"},
        {"sooo", "elongated"},
        {"ааа", "elongated"},
        {"hmmmmmmmmm", "elongated"},
        {"hello", "other"},
        {"don't", "other"},
        {"donaudampfschiffahrtsgesellschaft", "other"},
        {"angstschweiss", "other"},
        {"привет", "other"},
        {"日本", "other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(class_of(cases[i].token), cases[i].expected);
}

static void classes_follow_from_the_surroundings(void **state) {
    (void)state;
    assert_string_equal(class_with("bob", LB_TOKEN_EMAIL | LB_TOKEN_PLAIN), "email");
    assert_string_equal(class_with("bob", LB_TOKEN_HANDLE | LB_TOKEN_PLAIN), "handle");
    assert_string_equal(class_with("paste", LB_TOKEN_URL), "url");
    assert_string_equal(class_with("paste", LB_TOKEN_URL | LB_TOKEN_PLAIN), "other");
    assert_string_equal(class_with("11", LB_TOKEN_DATE | LB_TOKEN_PLAIN), "date");
    assert_string_equal(class_with("anna", LB_TOKEN_PLAIN | LB_TOKEN_CAPITALISED), "name");
    assert_string_equal(class_with("anna", LB_TOKEN_PLAIN | LB_TOKEN_CAPITALISED | LB_TOKEN_LOWER),
                        "other");
    assert_string_equal(class_with("anna", LB_TOKEN_PLAIN), "other");
    assert_string_equal(class_with("teh", LB_TOKEN_PLAIN | LB_TOKEN_MISSPELT), "elongated");
}

static void a_script_is_foreign_when_the_corpus_does_not_write_it(void **state) {
    (void)state;
    bool native[LB_UNICODE_SCRIPTS] = {false};
    native[lb_token_script(LB_STR("a"))] = true;
    assert_int_equal(lb_token_script(LB_STR("12")), 0);
    assert_int_equal(lb_token_script(LB_STR("1a")), lb_token_script(LB_STR("z")));
    assert_int_equal(lb_token_classify(lb_str_of("привет"), LB_TOKEN_PLAIN, native),
                     LB_TOKEN_CLASS_FOREIGN);
    assert_int_equal(lb_token_classify(lb_str_of("hello"), LB_TOKEN_PLAIN, native),
                     LB_TOKEN_CLASS_OTHER);
}

static void identifying_classes_are_those_of_the_contract(void **state) {
    (void)state;
    for (lb_token_class c = 0; c < LB_TOKEN_CLASSES; c++) {
        bool identifying = c == LB_TOKEN_CLASS_NAME || c == LB_TOKEN_CLASS_HANDLE ||
                           c == LB_TOKEN_CLASS_NUMBER || c == LB_TOKEN_CLASS_CODE ||
                           c == LB_TOKEN_CLASS_URL || c == LB_TOKEN_CLASS_EMAIL;
        assert_int_equal(lb_token_class_identifies(c), identifying);
    }
}

static void any_token_has_a_class(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(6, "tokens", 0);
    lb_buffer token = {0};
    for (int round = 0; round < 20000; round++) {
        token.size = 0;
        for (size_t n = lb_random_below(&random, 12); n > 0; n--)
            append_code_point(&token, random_code_point(&random));
        lb_token_class c =
            lb_token_classify(lb_buffer_str(&token), (unsigned)lb_random_below(&random, 256), NULL);
        assert_true(c < LB_TOKEN_CLASSES);
    }
    lb_buffer_free(&token);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_url_are_flagged),
        cmocka_unit_test(words_of_an_address_are_flagged),
        cmocka_unit_test(words_of_a_handle_are_flagged),
        cmocka_unit_test(numbers_of_a_date_are_flagged),
        cmocka_unit_test(capitals_inside_a_sentence_are_flagged_and_those_that_begin_one_are_not),
        cmocka_unit_test(hostile_texts_are_flagged_in_linear_time),
        cmocka_unit_test(classes_follow_from_the_letters),
        cmocka_unit_test(classes_follow_from_the_surroundings),
        cmocka_unit_test(a_script_is_foreign_when_the_corpus_does_not_write_it),
        cmocka_unit_test(identifying_classes_are_those_of_the_contract),
        cmocka_unit_test(any_token_has_a_class),
    };
    return cmocka_run_group_tests(tests, open_splitter, close_splitter);
}
