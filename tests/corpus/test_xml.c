#include <stdio.h>
#include <stdlib.h>

#include "reading.h"

static void attributes_and_elements_are_fields_of_the_record(void **state) {
    (void)state;
    reading r = read_text(
        "a.xml", "<?xml version='1.0'?>\n<log lang='de'>\n"
                 "<message id='1'><user>ann</user><body>a &amp; <b>bold</b> end</body>"
                 "<date>2020-01-02</date></message>\n"
                 "<message id='2'><user>bo</user><body><![CDATA[<raw>]]></body></message>\n"
                 "</log>\n");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.count, 2);
    assert_str(r.messages[0].user, "ann");
    assert_str(r.messages[0].text, "a & bold end");
    assert_str(r.messages[1].text, "<raw>");
    assert_int_equal(r.messages[1].line, 4);
    assert_true(r.messages[0].has_time && !r.messages[1].has_time);
    reading_free(&r);
}

static void attributes_of_the_elements_around_are_inherited(void **state) {
    (void)state;
    const char *path = put_text("o.xml", "<all><room lang='de'><m user='a'>x</m><m user='b'>y</m>"
                                         "</room><room><m user='c'>z</m></room></all>");
    const char *maps[] = {"record=m", "user=@user", "text=text()", "conversation=@lang"};
    lb_corpus_options o = {.inputs = &path, .input_count = 1, .maps = maps, .map_count = 4};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.count, 3);
    assert_str(r.messages[0].conversation, "de");
    assert_str(r.messages[1].conversation, "de");
    assert_null(memchr(r.messages[2].conversation.data, 'd', 2));
    reading_free(&r);
}

static void broken_xml_is_an_error_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *what;
    } bad[] = {
        {"<l>\n<m user='a' text='x'/>\n<m user='b'", "XML"},
        {"<l>\n<m user='a' text='x'/>\n<m user='b' text='y'></l>\n", "malformed"},
        {"<l>\n<m user='a' text='x'/>\n<m user='b' text='&nix;'/></l>\n", "malformed"},
        {"<!DOCTYPE l [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]>\n<l><m user='a' text='&b;'/>"
         "<m user='b' text='y'/></l>",
         "entities"},
        {"<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n<l><m user='a'>&a;</m></l>",
         "entities"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading r = read_text("b.xml", bad[i].text);
        assert_int_equal(r.status, LB_E_INPUT);
        assert_non_null(strstr(r.error.where, "b.xml"));
        if (!strstr(r.error.what, bad[i].what))
            fail_msg("case %zu: %s", i, r.error.what);
        reading_free(&r);
    }
}

/* Longer than several blocks, with characters of several bytes at every border, and one bad byte.
 */
static void chunks_do_not_show(void **state) {
    (void)state;
    size_t posts = 60000, size = 0;
    char *text = malloc(posts * 100 + 100);
    size += (size_t)sprintf(text, "<log>\n");
    for (size_t i = 0; i < posts; i++)
        size += (size_t)sprintf(text + size,
                                "<p u='u%zu'>h\xC3\xA4llo \xE4\xB8\x96 \xF0\x9F\x98\x80 %zu</p>\n",
                                i % 9, i);
    strstr(text, "llo")[0] = '\xff'; /* in the first */
    size += (size_t)sprintf(text + size, "</log>");
    const char *path = put("big.xml", text, size);
    const char *maps[] = {"record=p", "user=@u", "text=text()"};
    lb_corpus_options o = {.inputs = &path, .input_count = 1, .maps = maps, .map_count = 3};
    reading r = read_corpus(&o, 2);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, posts);
    assert_true(r.counts.replaced_bytes == 1);
    for (size_t i = 0; i < r.count; i++) {
        char expected[64];
        size_t number = r.messages[i].line - 2;
        sprintf(expected, "h\xC3\xA4llo \xE4\xB8\x96 \xF0\x9F\x98\x80 %zu", number);
        if (number > 0)
            assert_str(r.messages[i].text, expected);
    }
    reading_free(&r);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_and_elements_are_fields_of_the_record),
        cmocka_unit_test(attributes_of_the_elements_around_are_inherited),
        cmocka_unit_test(broken_xml_is_an_error_with_its_line),
        cmocka_unit_test(chunks_do_not_show)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
