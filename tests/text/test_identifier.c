/* True identifiers (made up, with valid check digits that other programs computed) are found, and
 * what looks like them is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "base/memory.h"
#include "identifier_corpus.h"
#include "text/check_digit.h"

typedef struct caught {
    lb_identifier items[16];
    size_t count, texts;
    size_t text;
} caught;

static int catch (void *context, size_t text, const lb_identifier *found, size_t count,
                  lb_error *error) {
    caught *all = context;
    (void)error;
    all->texts++;
    all->text = text;
    for (size_t i = 0; i < count && all->count < 16; i++)
        all->items[all->count++] = found[i];
    return LB_OK;
}

static int open_scanner(void **state) {
    static lb_identifier_patterns *patterns;
    lb_identifier_scanner *scanner = NULL;
    static void *both[2];
    assert_int_equal(lb_identifier_patterns_new(&patterns, NULL), LB_OK);
    assert_int_equal(lb_identifier_scanner_new(&scanner, patterns, NULL), LB_OK);
    both[0] = scanner;
    both[1] = patterns;
    *state = both;
    return 0;
}

static int close_scanner(void **state) {
    void **both = *state;
    lb_identifier_scanner_free(both[0]);
    lb_identifier_patterns_free(both[1]);
    return 0;
}

static lb_identifier_scanner *scanner_of(void **state) {
    return ((void **)*state)[0];
}

static caught look(lb_identifier_scanner *scanner, lb_str text) {
    caught all = {0};
    assert_int_equal(lb_identifiers_find(scanner, &text, 1, catch, &all, NULL), LB_OK);
    return all;
}

static void true_identifiers_are_found_with_their_type_and_place(void **state) {
    size_t wrong = 0;
    for (size_t i = 0; i < lb_identifier_truth_count; i++) {
        lb_str text = lb_str_of(lb_identifier_truths[i].text);
        caught all = look(scanner_of(state), text);
        lb_str found = all.count ? (lb_str){text.data + all.items[0].start, all.items[0].size}
                                 : (lb_str){"", 0};
        if (all.count != 1 || all.items[0].type != lb_identifier_truths[i].type ||
            !lb_str_equal(found, lb_str_of(lb_identifier_truths[i].found))) {
            print_message("%s: %zu found, first %s \"%.*s\"\n", lb_identifier_truths[i].text,
                          all.count, all.count ? lb_identifier_type_name(all.items[0].type) : "",
                          (int)found.size, found.data);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void look_alikes_stay_clean(void **state) {
    size_t wrong = 0;
    for (size_t i = 0; i < lb_identifier_look_alike_count; i++) {
        lb_str text = lb_str_of(lb_identifier_look_alikes[i]);
        caught all = look(scanner_of(state), text);
        if (all.count > 0) {
            print_message("%s: %s (%s) \"%.*s\"\n", lb_identifier_look_alikes[i],
                          lb_identifier_type_name(all.items[0].type), all.items[0].kind,
                          (int)all.items[0].size, text.data + all.items[0].start);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void every_type_has_a_true_sample(void **state) {
    (void)state;
    bool seen[LB_IDENTIFIER_TYPES] = {false};
    for (size_t i = 0; i < lb_identifier_truth_count; i++)
        seen[lb_identifier_truths[i].type] = true;
    for (int type = 0; type < LB_IDENTIFIER_TYPES; type++)
        assert_true(seen[type]);
}

static void of_findings_that_overlap_the_stronger_stays(void **state) {
    lb_str text = LB_STR("token: ghp_R7dK2mPq9XzT4vLw8BnYc3JhF6sGaE5uV1oi");
    caught all = look(scanner_of(state), text);
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].type, LB_IDENTIFIER_SECRET);
}

static void several_findings_come_in_order(void **state) {
    lb_str text = LB_STR("a.b@c.de or 84.113.27.201, [EMAIL], +49 171 5553278");
    static const lb_identifier_type types[] = {LB_IDENTIFIER_EMAIL, LB_IDENTIFIER_IP,
                                               LB_IDENTIFIER_PLACEHOLDER, LB_IDENTIFIER_PHONE};
    caught all = look(scanner_of(state), text);
    assert_int_equal(all.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(all.items[i].type, types[i]);
}

/* The same texts in one call and one by one. */
static void texts_that_share_a_pass_do_not_touch(void **state) {
    size_t count = 2 * lb_identifier_truth_count;
    lb_str *texts = malloc(count * sizeof *texts);
    for (size_t i = 0; i < lb_identifier_truth_count; i++) {
        texts[2 * i] = lb_str_of(lb_identifier_truths[i].text);
        texts[2 * i + 1] = i % 2 ? (lb_str){NULL, 0} : LB_STR("12");
    }
    caught all = {0};
    assert_int_equal(lb_identifiers_find(scanner_of(state), texts, count, catch, &all, NULL),
                     LB_OK);
    assert_int_equal(all.texts, lb_identifier_truth_count);
    assert_int_equal(all.text, count - 2);
    free(texts);
}

static void what_lies_across_the_windows_of_a_long_text_is_found_once(void **state) {
    enum { SIZE = 200000, WINDOW = 1 << 16 };
    static const char mail[] = "anna.lee@brightfox.io";
    char *text = malloc(SIZE);
    for (size_t shift = 0; shift < 90; shift++) {
        for (size_t i = 0; i < SIZE; i++)
            text[i] = i % 7 ? 'x' : ' ';
        memcpy(text + WINDOW - shift, mail, sizeof mail - 1);
        text[WINDOW - shift - 1] = text[WINDOW - shift + sizeof mail - 1] = ' ';
        memcpy(text + SIZE - (sizeof mail - 1), mail, sizeof mail - 1);
        text[SIZE - sizeof mail] = ' ';
        caught all = look(scanner_of(state), (lb_str){text, SIZE});
        assert_int_equal(all.count, 2);
        assert_int_equal(all.items[0].start, WINDOW - shift);
        assert_int_equal(all.items[0].size, sizeof mail - 1);
    }
    free(text);
}

/* A megabyte of nothing but triggers: quadratic rules would not come to an end. */
static void hostile_texts_take_linear_time(void **state) {
    static const char *const units[] = {"@",
                                        "1",
                                        "1.",
                                        "1 ",
                                        "a@",
                                        "1:",
                                        "::",
                                        "X",
                                        "://",
                                        "AB12",
                                        "eyJ",
                                        "eyJaaaaaaaa.",
                                        "0-",
                                        "+1",
                                        "(1)",
                                        "1.2.3.4",
                                        "[N",
                                        "A_1",
                                        "-----BEGIN PRIVATE KEY-----",
                                        " St",
                                        "password: ",
                                        "1.12345,",
                                        "1\xc2\xb0",
                                        "bc1",
                                        "3Pxt6q",
                                        "/~",
                                        "t.me/",
                                        "A12A12A",
                                        "ghp_",
                                        "\xff"};
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t unit = strlen(units[u]);
        for (size_t i = 0; i < SIZE; i++)
            text[i] = units[u][i % unit];
        look(scanner_of(state), (lb_str){text, SIZE});
    }
    free(text);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_identifier_patterns *patterns = NULL;
        lb_identifier_scanner *scanner = NULL;
        caught all = {0};
        lb_str text = LB_STR("a.b@c.de or 84.113.27.201, [EMAIL], +49 171 5553278");
        lb_memory_fail_after(n);
        status = lb_identifier_patterns_new(&patterns, NULL);
        if (status == LB_OK)
            status = lb_identifier_scanner_new(&scanner, patterns, NULL);
        if (status == LB_OK)
            status = lb_identifiers_find(scanner, &text, 1, catch, &all, NULL);
        lb_memory_fail_after(0);
        lb_identifier_scanner_free(scanner);
        lb_identifier_patterns_free(patterns);
        assert_true(n < 100);
    }
}

static void check_digits_agree_with_published_examples(void **state) {
    (void)state;
    static const unsigned char luhn[] = {7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3};
    static const unsigned char verhoeff[] = {2, 3, 6, 3};
    static const unsigned char mod_11_10[] = {7, 9, 4, 6, 2, 3};
    assert_true(lb_check_luhn(luhn, sizeof luhn));
    assert_true(lb_check_verhoeff(verhoeff, sizeof verhoeff));
    assert_true(lb_check_mod_11_10(mod_11_10, sizeof mod_11_10));
    assert_true(lb_check_iban(LB_STR("GB82WEST12345698765432")));
    assert_true(lb_check_base58(LB_STR("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")));
    assert_true(lb_check_bech32(LB_STR("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")));
    assert_false(lb_check_bech32(LB_STR("bc1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")));
    assert_true(lb_check_date(2000, 2, 29));
    assert_false(lb_check_date(1900, 2, 29));
}

/* Every single wrong digit and every swap of neighbours changes a Verhoeff number, and every single
 * wrong digit a Luhn number: what the codes promise. */
static void check_digits_catch_the_errors_they_promise_to(void **state) {
    (void)state;
    unsigned char card[] = {4, 5, 3, 2, 0, 1, 5, 1, 1, 2, 8, 3, 0, 3, 6, 6};
    unsigned char aadhaar[] = {2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 6};
    for (size_t i = 0; i < sizeof card; i++)
        for (unsigned digit = 0; digit < 10; digit++) {
            unsigned char kept = card[i];
            card[i] = (unsigned char)digit;
            assert_int_equal(lb_check_luhn(card, sizeof card), digit == kept);
            card[i] = kept;
        }
    for (size_t i = 0; i < sizeof aadhaar; i++)
        for (unsigned digit = 0; digit < 10; digit++) {
            unsigned char kept = aadhaar[i];
            aadhaar[i] = (unsigned char)digit;
            assert_int_equal(lb_check_verhoeff(aadhaar, sizeof aadhaar), digit == kept);
            aadhaar[i] = kept;
        }
    for (size_t i = 0; i + 1 < sizeof aadhaar; i++) {
        unsigned char a = aadhaar[i], b = aadhaar[i + 1];
        aadhaar[i] = b;
        aadhaar[i + 1] = a;
        assert_int_equal(lb_check_verhoeff(aadhaar, sizeof aadhaar), a == b);
        aadhaar[i] = a;
        aadhaar[i + 1] = b;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_identifiers_are_found_with_their_type_and_place),
        cmocka_unit_test(look_alikes_stay_clean),
        cmocka_unit_test(every_type_has_a_true_sample),
        cmocka_unit_test(of_findings_that_overlap_the_stronger_stays),
        cmocka_unit_test(several_findings_come_in_order),
        cmocka_unit_test(texts_that_share_a_pass_do_not_touch),
        cmocka_unit_test(what_lies_across_the_windows_of_a_long_text_is_found_once),
        cmocka_unit_test(hostile_texts_take_linear_time),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(check_digits_agree_with_published_examples),
        cmocka_unit_test(check_digits_catch_the_errors_they_promise_to),
    };
    return cmocka_run_group_tests(tests, open_scanner, close_scanner);
}
