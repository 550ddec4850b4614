/* True identifiers (made up, with valid check digits that other programs computed) are found, and
 * what looks like them is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "base/memory.h"
#include "text/check_digit.h"
#include "text/identifier.h"

typedef struct sample {
    const char *text;
    lb_identifier_type type;
    const char *found; /* the part that is the identifier */
} sample;

static const sample truths[] = {
    {"write to anna.lee+work@mail.brightfox.io please", LB_IDENTIFIER_EMAIL,
     "anna.lee+work@mail.brightfox.io"},
    {"(j_doe@uni-muenster.de)", LB_IDENTIFIER_EMAIL, "j_doe@uni-muenster.de"},
    {"mein Mail: KARL@EXAMPLE.COM.", LB_IDENTIFIER_EMAIL, "KARL@EXAMPLE.COM"},
    {"\xe6\x88\x91\xe7\x9a\x84\xe9\x82\xae\xe7\xae\xb1wang@sina.cn\xe8\xb0\xa2\xe8\xb0\xa2",
     LB_IDENTIFIER_EMAIL, "wang@sina.cn"},
    {"see https://bob:hunter22@intra.acme.de/x", LB_IDENTIFIER_URL_USER,
     "https://bob:hunter22@intra.acme.de"},
    {"ssh://carol@build.acme.de/", LB_IDENTIFIER_URL_USER, "ssh://carol@build.acme.de"},
    {"I am https://www.linkedin.com/in/maria-lopez-77/", LB_IDENTIFIER_URL_USER,
     "www.linkedin.com/in/maria-lopez-77"},
    {"follow twitter.com/old_fox.", LB_IDENTIFIER_URL_USER, "twitter.com/old_fox"},
    {"https://t.me/petrov1982", LB_IDENTIFIER_URL_USER, "t.me/petrov1982"},
    {"http://www.uni.edu/~hmueller/papers", LB_IDENTIFIER_URL_USER, "http://www.uni.edu/~hmueller"},
    {"my box is 84.113.27.201", LB_IDENTIFIER_IP, "84.113.27.201"},
    {"ping 5.9.77.12", LB_IDENTIFIER_IP, "5.9.77.12"},
    {"from 131.220.9.8:51413 again", LB_IDENTIFIER_IP, "131.220.9.8"},
    {"inet6 2a02:908:1c3:a40::17/64", LB_IDENTIFIER_IP, "2a02:908:1c3:a40::17"},
    {"HWaddr 00:16:3e:5a:1b:c9", LB_IDENTIFIER_MAC, "00:16:3e:5a:1b:c9"},
    {"my card 4532 0151 1283 0366 exp 12/27", LB_IDENTIFIER_CARD, "4532 0151 1283 0366"},
    {"2223000048410010", LB_IDENTIFIER_CARD, "2223000048410010"},
    {"3714-496353-98431", LB_IDENTIFIER_CARD, "3714-496353-98431"},
    {"3530111333300000,", LB_IDENTIFIER_CARD, "3530111333300000"},
    {"30569309025904", LB_IDENTIFIER_CARD, "30569309025904"},
    {"IBAN: DE44 5001 0517 5407 3249 31, danke", LB_IDENTIFIER_IBAN, "DE44 5001 0517 5407 3249 31"},
    {"GB82WEST12345698765432", LB_IDENTIFIER_IBAN, "GB82WEST12345698765432"},
    {"FR14 2004 1010 0505 0001 3M02 606", LB_IDENTIFIER_IBAN, "FR14 2004 1010 0505 0001 3M02 606"},
    {"konto NO9386011117947", LB_IDENTIFIER_IBAN, "NO9386011117947"},
    {"my social is 536-22-8726", LB_IDENTIFIER_NATIONAL_ID, "536-22-8726"},
    {"SSN 536228726", LB_IDENTIFIER_NATIONAL_ID, "536228726"},
    {"NI number AB 12 34 56 C", LB_IDENTIFIER_NATIONAL_ID, "AB 12 34 56 C"},
    {"JG103759A", LB_IDENTIFIER_NATIONAL_ID, "JG103759A"},
    {"Steuer-ID 86 574 932 607", LB_IDENTIFIER_NATIONAL_ID, "86 574 932 607"},
    {"86574932607", LB_IDENTIFIER_NATIONAL_ID, "86574932607"},
    {"NIR 2 55 08 14 168 025 38", LB_IDENTIFIER_NATIONAL_ID, "2 55 08 14 168 025 38"},
    {"184067512345641", LB_IDENTIFIER_NATIONAL_ID, "184067512345641"},
    {"DNI 45678912S", LB_IDENTIFIER_NATIONAL_ID, "45678912S"},
    {"NIE Y-7654321-G", LB_IDENTIFIER_NATIONAL_ID, "Y-7654321-G"},
    {"CF: RSSMRA85T10A562S", LB_IDENTIFIER_NATIONAL_ID, "RSSMRA85T10A562S"},
    {"BNCLNE90D55H50MH", LB_IDENTIFIER_NATIONAL_ID, "BNCLNE90D55H50MH"},
    {"PESEL 92031512342", LB_IDENTIFIER_NATIONAL_ID, "92031512342"},
    {"05260712346", LB_IDENTIFIER_NATIONAL_ID, "05260712346"},
    {"BSN: 123456782", LB_IDENTIFIER_NATIONAL_ID, "123456782"},
    {"CPF 529.982.247-25", LB_IDENTIFIER_NATIONAL_ID, "529.982.247-25"},
    {"meu cpf: 52998224725", LB_IDENTIFIER_NATIONAL_ID, "52998224725"},
    {"110105194912310046", LB_IDENTIFIER_NATIONAL_ID, "110105194912310046"},
    {"11010519491231002X", LB_IDENTIFIER_NATIONAL_ID, "11010519491231002X"},
    {"2341 2341 2346", LB_IDENTIFIER_NATIONAL_ID, "2341 2341 2346"},
    {"aadhaar 499118665246", LB_IDENTIFIER_NATIONAL_ID, "499118665246"},
    {"+49 171 5553278", LB_IDENTIFIER_PHONE, "+49 171 5553278"},
    {"tel:+33612345678", LB_IDENTIFIER_PHONE, "+33612345678"},
    {"(+44) 20 7183 8750", LB_IDENTIFIER_PHONE, "+44) 20 7183 8750"},
    {"+1 (415) 867-5309", LB_IDENTIFIER_PHONE, "+1 (415) 867-5309"},
    {"0048 601 234 567", LB_IDENTIFIER_PHONE, "0048 601 234 567"},
    {"call (415) 867-5309 now", LB_IDENTIFIER_PHONE, "415) 867-5309"},
    {"415-867-5309", LB_IDENTIFIER_PHONE, "415-867-5309"},
    {"1-415-867-5309", LB_IDENTIFIER_PHONE, "1-415-867-5309"},
    {"06 12 34 56 78", LB_IDENTIFIER_PHONE, "06 12 34 56 78"},
    {"030/12345678", LB_IDENTIFIER_PHONE, "030/12345678"},
    {"090-1234-5678", LB_IDENTIFIER_PHONE, "090-1234-5678"},
    {"020 7183 8750", LB_IDENTIFIER_PHONE, "020 7183 8750"},
    {"my mobile is 9876543210", LB_IDENTIFIER_PHONE, "9876543210"},
    {"\xe6\x88\x91\xe7\x9a\x84\xe6\x89\x8b\xe6\x9c\xba\xe6\x98\xaf"
     "13812345678",
     LB_IDENTIFIER_PHONE, "13812345678"},
    {"key AKIAIOSFODNN7QRSTUV2", LB_IDENTIFIER_SECRET, "AKIAIOSFODNN7QRSTUV2"},
    {"ghp_R7dK2mPq9XzT4vLw8BnYc3JhF6sGaE5uV1oi", LB_IDENTIFIER_SECRET,
     "ghp_R7dK2mPq9XzT4vLw8BnYc3JhF6sGaE5uV1oi"},
    {"sk-proj-a8Kd93jfLs02mQpZx7VbN4cT", LB_IDENTIFIER_SECRET, "sk-proj-a8Kd93jfLs02mQpZx7VbN4cT"},
    {"password: Tr0ub4dor&3", LB_IDENTIFIER_SECRET, "Tr0ub4dor"},
    {"api_key=\"9f8a7c6e5d4b3a2f1e0d\"", LB_IDENTIFIER_SECRET, "9f8a7c6e5d4b3a2f1e0d"},
    {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", LB_IDENTIFIER_SECRET,
     "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"},
    {"eyJhbGciOiAiSFMyNTYiLCAidHlwIjogIkpXVCJ9.eyJzdWIiOiAibWFkZS11cCIsICJuIjogN30."
     "BDpxh3TFcr2KJa2-sb_NXAJWrhHOz5-cP5JdDlK-r4k",
     LB_IDENTIFIER_SECRET,
     "eyJhbGciOiAiSFMyNTYiLCAidHlwIjogIkpXVCJ9.eyJzdWIiOiAibWFkZS11cCIsICJuIjogN30."
     "BDpxh3TFcr2KJa2-sb_NXAJWrhHOz5-cP5JdDlK-r4k"},
    {"pay 17aAgPdan9MSfmM2eq7Ln1pxXCSW1Dr5jU", LB_IDENTIFIER_CRYPTO,
     "17aAgPdan9MSfmM2eq7Ln1pxXCSW1Dr5jU"},
    {"3Pxt6qTryzcSWQLEE4MA1o4TftMnM2symH", LB_IDENTIFIER_CRYPTO,
     "3Pxt6qTryzcSWQLEE4MA1o4TftMnM2symH"},
    {"bc1qd3kzhxsypzufmvj4gn03suymz98hj6gp8ydhl4", LB_IDENTIFIER_CRYPTO,
     "bc1qd3kzhxsypzufmvj4gn03suymz98hj6gp8ydhl4"},
    {"bc1pd3kzhxsypzufmvj4gn03suymz98hj6gpex2shu", LB_IDENTIFIER_CRYPTO,
     "bc1pd3kzhxsypzufmvj4gn03suymz98hj6gpex2shu"},
    {"meet at 48.85837, 2.29448", LB_IDENTIFIER_COORDINATES, "48.85837, 2.29448"},
    {"-33.85678,151.21530", LB_IDENTIFIER_COORDINATES, "-33.85678,151.21530"},
    {"48\xc2\xb0"
     "51'24\"N 2\xc2\xb0"
     "17'40\"E",
     LB_IDENTIFIER_COORDINATES,
     "48\xc2\xb0"
     "51'24\"N 2\xc2\xb0"
     "17'40\"E"},
    {"I live at 221B Baker Street in London", LB_IDENTIFIER_STREET, "221B Baker Street"},
    {"1600 Pennsylvania Avenue", LB_IDENTIFIER_STREET, "1600 Pennsylvania Avenue"},
    {"12 Old Oak Rd, Leeds", LB_IDENTIFIER_STREET, "12 Old Oak Rd"},
    {"wohne Lindenstra\xc3\x9f"
     "e 12a in Ulm",
     LB_IDENTIFIER_STREET,
     "Lindenstra\xc3\x9f"
     "e 12a"},
    {"Birkenweg 5", LB_IDENTIFIER_STREET, "Birkenweg 5"},
    {"12 rue de la Paix", LB_IDENTIFIER_STREET, "12 rue de la Paix"},
    {"Calle Mayor 5, Madrid", LB_IDENTIFIER_STREET, "Calle Mayor 5"},
    {"thanks @grey_heron!", LB_IDENTIFIER_HANDLE, "@grey_heron"},
    {"mail [EMAIL] to me", LB_IDENTIFIER_PLACEHOLDER, "[EMAIL]"},
    {"<PHONE_NUMBER>", LB_IDENTIFIER_PLACEHOLDER, "<PHONE_NUMBER>"},
    {"<PRESIDIO_ANONYMIZED_PERSON>", LB_IDENTIFIER_PLACEHOLDER, "<PRESIDIO_ANONYMIZED_PERSON>"},
    {"hi NAME_1 there", LB_IDENTIFIER_PLACEHOLDER, "NAME_1"},
    {"[REDACTED]", LB_IDENTIFIER_PLACEHOLDER, "[REDACTED]"},
    {"I am XXXX from here", LB_IDENTIFIER_PLACEHOLDER, "XXXX"},
    {"XXX-XX-XXXX", LB_IDENTIFIER_PLACEHOLDER, "XXX-XX-XXXX"},
};

static const char *const look_alikes[] = {
    /* e-mail and handles */
    "foo@bar",
    "user@host:~$ ls",
    "icon@2x.png",
    "getty@tty1.service",
    "git@github.com:a/b.git",
    "@media screen",
    "@Override public",
    "use @param x",
    "@angular/core",
    "meet @ 5pm",
    "@here",
    "a@",
    "@",
    "@@@@",
    "1@2",
    /* URLs */
    "https://example.com/a@b/c",
    "http://localhost:8080/",
    "https://github.com/torvalds/linux",
    "https://twitter.com/search?q=x",
    "netflix.com/title",
    "https://www.facebook.com/groups/1",
    "git://anonymous@git.kernel.org/x",
    "std::vector",
    "/@",
    /* addresses of the network */
    "192.168.0.17",
    "10.1.2.3",
    "172.16.9.9",
    "127.0.0.1",
    "192.0.2.77",
    "198.51.100.4",
    "203.0.113.9",
    "255.255.255.0",
    "8.8.8.8",
    "version 131.2.3.4",
    "2.6.24.19",
    "v1.2.3.4",
    "libfoo-1.20.133.4",
    "1.2.3.4.5",
    "256.1.1.1",
    "12:34:56",
    "::1",
    "fe80::1ff:fe23:4567:890a",
    "2001:db8::7",
    "a::b::c",
    "ff:ff:ff:ff:ff:ff",
    "00:00:00:00:00:00",
    "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
    "00:00:5e:00:53:af",
    /* numbers */
    "4532015112830367",
    "1234 5678 9012 3456",
    "order #86574932607",
    "ISBN 978-3-16-148410-0",
    "1700000000000",
    "1700000000123456",
    "2023-11-23 12:30:00",
    "23.11.2004",
    "01.02.2003 10:00",
    "3.14159265358979",
    "1,000,000,000",
    "1/2/3/4/5/6/7/8",
    "1 2 3 4 5 6 7 8 9",
    "12345678901",
    "550e8400-e29b-41d4-a716-446655440000",
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "000-12-3456",
    "666-12-3456",
    "987-65-4321",
    "078-05-1120",
    "536-22-87261",
    "x536-22-8726",
    "invoice 123456782",
    "499118665246",
    "2341 2341 2347",
    "529.982.247-26",
    "52998224725",
    "110105194912310047",
    "45678912T",
    "Y7654321H",
    "RSSMRA85T10A562T",
    "QQ123456C",
    "GB123456A",
    "86574932608",
    "255081416802539",
    "DE45500105175407324931",
    "XX44500105175407324931",
    "20041123",
    "2004 11 23",
    "800x600",
    "+1",
    "+1234567",
    "C++11 2034567890",
    "$1234567890",
    "id=5551234567",
    "100 200 3000",
    "0x1234567890",
    "50-60-7000",
    "phone 192.168.0.1 22",
    "2019-2020-2021",
    "1.234.567.890",
    "0.1234567890",
    "page 1234567",
    "4111111111111112",
    "0123456789abcdef",
    /* secrets and addresses */
    "AKIA",
    "AKIAaaaaaaaaaaaaaaaa",
    "sk-learn",
    "task-force",
    "password: secret",
    "password is wrong",
    "token = get_token()",
    "password=$PASSWORD",
    "secret: none",
    "api_key = os.environ['KEY']",
    "password: <your-password-123>",
    "-----BEGIN PUBLIC KEY-----\nMIIB",
    "eyJ",
    "eyJhbGciOi.x.y",
    "hf_hub",
    "npm_config",
    "17aAgPdan9MSfmM2eq7Ln1pxXCSW1Dr5jV",
    "bc1qd3kzhxsypzufmvj4gn03suymz98hj6gp8ydhl5",
    "passwords: 12345",
    /* places */
    "0.1234, 0.5678",
    "1.2345, 2.3456, 3.4567",
    "[1.23456, 4.56789]",
    ("25\xc2\xb0"
     "C"),
    "turn 90\xc2\xb0",
    "the street",
    "5 street dogs",
    "2 USB Drive",
    "500 GB Hard Drive",
    "via email 5",
    "Via USB 2.0",
    "unterwegs 5 Tage",
    "Umweg 3",
    "the 2nd road",
    "Wall Street",
    "1 St",
    "rue the day",
    "in 2005 the Avenue",
    "10 years on the Road",
    /* placeholders */
    "<div>",
    "[x]",
    "<string>",
    "[INFO]",
    "max_1",
    "XXX",
    "MAXXXXXX",
    "{foo}",
    "arr[ID2]x",
    "[Name]",
    "A_1",
    "HTTP_200",
};

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
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        lb_str text = lb_str_of(truths[i].text);
        caught all = look(scanner_of(state), text);
        lb_str found = all.count ? (lb_str){text.data + all.items[0].start, all.items[0].size}
                                 : (lb_str){"", 0};
        if (all.count != 1 || all.items[0].type != truths[i].type ||
            !lb_str_equal(found, lb_str_of(truths[i].found))) {
            print_message("%s: %zu found, first %s \"%.*s\"\n", truths[i].text, all.count,
                          all.count ? lb_identifier_type_name(all.items[0].type) : "",
                          (int)found.size, found.data);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void look_alikes_stay_clean(void **state) {
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof look_alikes / sizeof *look_alikes; i++) {
        lb_str text = lb_str_of(look_alikes[i]);
        caught all = look(scanner_of(state), text);
        if (all.count > 0) {
            print_message("%s: %s (%s) \"%.*s\"\n", look_alikes[i],
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
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++)
        seen[truths[i].type] = true;
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
    enum { TEXTS = sizeof truths / sizeof *truths };
    lb_str texts[2 * TEXTS];
    for (size_t i = 0; i < TEXTS; i++) {
        texts[2 * i] = lb_str_of(truths[i].text);
        texts[2 * i + 1] = i % 2 ? (lb_str){NULL, 0} : LB_STR("12");
    }
    caught all = {0};
    assert_int_equal(lb_identifiers_find(scanner_of(state), texts, 2 * TEXTS, catch, &all, NULL),
                     LB_OK);
    assert_int_equal(all.texts, TEXTS);
    assert_int_equal(all.text, 2 * TEXTS - 2);
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
