#include <stdlib.h>

#include "corpus/value/markup.h"
#include "reading.h"

static void check(const char *html, bool tags, const char *expected) {
    lb_arena *arena = lb_arena_new();
    lb_str plain;
    lb_error error;
    assert_int_equal(lb_markup_text(lb_str_of(html), tags, &plain, arena, &error), LB_OK);
    assert_str(plain, expected);
    lb_arena_free(arena);
}

static void tags_go_and_paragraphs_are_lines(void **state) {
    (void)state;
    check("<p>one</p><p>two<br/>three</p>", true, "one\ntwo\nthree");
    check("a <b class=\"x>y\">bold</b> word", true, "a bold word");
    check("<ul><li>x</li><li>y</li></ul>", true, "x\ny");
    check("<script>if (a < b) alert()</script>rest<!-- no --> end", true, "rest end");
}

static void code_is_fenced_and_quotes_are_marked(void **state) {
    (void)state;
    check("<p>see <code>x = 1</code>:</p><pre><code>y\nz</code></pre>", true,
          "see `x = 1`:\n```\ny\nz\n```");
    check("<blockquote><p>said\nbefore</p></blockquote><p>mine</p>", true,
          "> said\n> before\nmine");
}

static void what_is_no_markup_stays(void **state) {
    (void)state;
    check("1 < 2 && x<y", true, "1 < 2 && x<y");
    check("&amp;lt; &#233; &#x1F600; &nosuch; &", true,
          "&lt; \xC3\xA9 \xF0\x9F\x98\x80 &nosuch; &");
    check("&lt;@U1&gt; <http://x>", false, "<@U1> <http://x>");
    check("<<<a", true, "<<<a");
    check("", true, "");
}

static void an_entity_is_the_letter_that_it_names(void **state) {
    (void)state;
    check("est&aacute; ma&ntilde;ana, na&iuml;ve, &Alpha;&thetasym;", true,
          "est\u00E1 ma\u00F1ana, na\u00EFve, \u0391\u03D1");
    check("&frac12; &iquest;qu&eacute;? &spades;&zwnj;&apos;", false,
          "\u00BD \u00BFqu\u00E9? \u2660\u200C'");
    check("est&#225; est&#xE1; est&#XE1; est&#0225;", true,
          "est\u00E1 est\u00E1 est\u00E1 est\u00E1");
}

/* The HTML standard, "numeric character reference end state". */
static void a_number_of_the_c1_controls_means_windows_1252(void **state) {
    (void)state;
    check("don&#146;t &#x80;5 &#150; &#x97;", true, "don\u2019t \u20AC5 \u2013 \u2014");
}

static void a_no_break_space_parts_words_as_a_blank(void **state) {
    (void)state;
    check("a&nbsp;b&#160;c&#xA0;d", true, "a b c d");
}

static void what_is_no_character_is_replaced_and_what_is_no_number_stays(void **state) {
    (void)state;
    check("&#0;&#xD800;&#x110000;&#99999999;", true, "\uFFFD\uFFFD\uFFFD\uFFFD");
    check("&#-5; &# 65; &#+65; &#x 41; &#x-1; &#; &#x; &#6a; &#xG;", true,
          "&#-5; &# 65; &#+65; &#x 41; &#x-1; &#; &#x; &#6a; &#xG;");
    check("AT&T; &eacute &;", true, "AT&T; &eacute &;");
}

static void unclosed_tags_cost_linear_time(void **state) {
    (void)state;
    size_t size = 4 << 20;
    char *text = malloc(size + 1);
    for (size_t i = 0; i < size; i += 2)
        memcpy(text + i, "<a", 2);
    text[size] = '\0';
    check(text, true, text);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_go_and_paragraphs_are_lines),
        cmocka_unit_test(code_is_fenced_and_quotes_are_marked),
        cmocka_unit_test(what_is_no_markup_stays),
        cmocka_unit_test(an_entity_is_the_letter_that_it_names),
        cmocka_unit_test(a_number_of_the_c1_controls_means_windows_1252),
        cmocka_unit_test(a_no_break_space_parts_words_as_a_blank),
        cmocka_unit_test(what_is_no_character_is_replaced_and_what_is_no_number_stays),
        cmocka_unit_test(unclosed_tags_cost_linear_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
