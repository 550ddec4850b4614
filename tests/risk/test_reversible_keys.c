/* Digests against the vectors of their standards; keys that are bare hashes fall, others do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "base/memory.h"
#include "risk/release/reversible_keys.h"

static void hex_of(lb_digest_kind kind, const uint32_t words[LB_DIGEST_WORDS_MAX], char hex[65]) {
    for (size_t i = 0; i < lb_digest_size(kind); i++) {
        unsigned shift = (unsigned)(8 * (kind == LB_DIGEST_MD5 ? i % 4 : 3 - i % 4));
        sprintf(hex + 2 * i, "%02x", (unsigned)(words[i / 4] >> shift & 255));
    }
}

static const struct vector {
    const char *message;
    const char *digests[LB_DIGESTS];
} vectors[] = {
    /* RFC 1321, appendix A.5; FIPS 180-4 examples */
    {"",
     {"d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
    {"abc",
     {"900150983cd24fb0d6963f7d28e17f72", "a9993e364706816aba3e25717850c26c9cd0d89d",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     {"8215ef0796a20bcaaae116d3876c664a", "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}},
    {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     {"57edf4a22be3c955ac49da2e2107b67a", "50abf5706a150990a08b2c5ea40fa0e585554732",
      "f371bc4a311f2b009eef952dd83ca80e2b60026c8e935592d0f9c308453c813e"}},
};

static void digests_agree_with_the_vectors_of_their_standards(void **state) {
    (void)state;
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++)
        for (int k = 0; k < LB_DIGESTS; k++) {
            lb_digest_kind kind = (lb_digest_kind)k;
            uint32_t words[LB_DIGEST_WORDS_MAX];
            char hex[65];
            lb_str message = lb_str_of(vectors[v].message);
            lb_digest_one(kind, message, words);
            hex_of(kind, words, hex);
            assert_string_equal(hex, vectors[v].digests[k]);
            if (message.size > LB_DIGEST_SHORT)
                continue;
            lb_str eight[LB_DIGEST_LANES];
            lb_digest_lanes lanes;
            for (size_t i = 0; i < LB_DIGEST_LANES; i++)
                eight[i] = i % 2 ? message : LB_STR("something else");
            lb_digest_short(kind, eight, &lanes);
            for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
                words[i] = lanes.words[i][5];
            hex_of(kind, words, hex);
            assert_string_equal(hex, vectors[v].digests[k]);
        }
}

static void one_message_at_a_time_says_the_same_as_eight(void **state) {
    (void)state;
    char bytes[LB_DIGEST_SHORT];
    for (size_t size = 0; size <= LB_DIGEST_SHORT; size++) {
        lb_str eight[LB_DIGEST_LANES];
        lb_digest_lanes lanes;
        uint32_t words[LB_DIGEST_WORDS_MAX];
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)(i * 37 + size);
        for (size_t i = 0; i < LB_DIGEST_LANES; i++)
            eight[i] = (lb_str){bytes, size};
        for (int k = 0; k < LB_DIGESTS; k++) {
            lb_digest_short((lb_digest_kind)k, eight, &lanes);
            lb_digest_one((lb_digest_kind)k, eight[0], words);
            for (size_t i = 0; i < lb_digest_size((lb_digest_kind)k) / 4; i++)
                assert_int_equal(words[i], lanes.words[i][7]);
        }
    }
}

static void the_form_of_a_digest_is_its_length_and_alphabet(void **state) {
    (void)state;
    lb_digest_kind kind;
    uint32_t words[LB_DIGEST_WORDS_MAX];
    assert_true(lb_key_is_digest(LB_STR("900150983CD24FB0D6963F7D28E17F72"), &kind, words));
    assert_int_equal(kind, LB_DIGEST_MD5);
    assert_true(lb_key_is_digest(LB_STR("kAFQmDzST7DWlj99KOF/cg=="), &kind, words));
    assert_int_equal(kind, LB_DIGEST_MD5);
    assert_true(lb_key_is_digest(LB_STR("qZk-NkcGgWq6PiVxeFDCbJzQ2J0"), &kind, words));
    assert_int_equal(kind, LB_DIGEST_SHA1);
    assert_true(lb_key_is_digest(lb_str_of(vectors[1].digests[2]), &kind, words));
    assert_int_equal(kind, LB_DIGEST_SHA256);
    assert_false(lb_key_is_digest(LB_STR("alice"), &kind, words));
    assert_false(lb_key_is_digest(LB_STR("900150983cd24fb0d6963f7d28e17f7"), &kind, words));
    assert_false(lb_key_is_digest(LB_STR("900150983cd24fb0d6963f7d28e17f7g"), &kind, words));
    assert_false(lb_key_is_digest((lb_str){NULL, 0}, &kind, words));
}

static void keys_of_values_in_the_space_fall_and_no_others(void **state) {
    (void)state;
    const lb_str keys[] = {
        LB_STR("7215ee9c7d9dc229d2921a40e899ec5f"),         /* MD5 of one blank */
        LB_STR("kAFQmDzST7DWlj99KOF/cg=="),                 /* MD5 of abc */
        LB_STR("a9993e364706816aba3e25717850c26c9cd0d89d"), /* SHA-1 of abc */
        LB_STR("50abf5706a150990a08b2c5ea40fa0e585554732"), /* SHA-1 of 80 digits */
        LB_STR("a9993e364706816aba3e25717850c26c9cd0d89e"), /* of nothing */
        LB_STR("d41d8cd98f00b204e9800998ecf8427e"), /* MD5 of nothing, which is not in the space */
        LB_STR("abc"),
    };
    const lb_str values[] = {LB_STR("x"), LB_STR("abc"), lb_str_of(vectors[3].message)};
    lb_key_space space = {.kind = LB_KEY_SPACE_VALUES, .count = 3, .values = values};
    for (unsigned threads = 1; threads <= 3; threads++) {
        lb_key_trial trial;
        assert_int_equal(lb_reversible_keys_try(keys, 7, &space, threads, NULL, &trial, NULL),
                         LB_OK);
        assert_int_equal(trial.keys[LB_DIGEST_MD5], 3);
        assert_int_equal(trial.keys[LB_DIGEST_SHA1], 3);
        assert_int_equal(trial.keys[LB_DIGEST_SHA256], 0);
        assert_int_equal(trial.tried, 6);
        assert_int_equal(trial.fallen, 3);
    }
}

/* The keys are made here with the scalar code, of values at the edges of the range. */
static void addresses_and_numbers_are_written_as_people_write_them(void **state) {
    (void)state;
    static const struct {
        lb_key_space_kind kind;
        uint64_t number;
        const char *text;
    } samples[] = {{LB_KEY_SPACE_IPV4, 0, "0.0.0.0"},
                   {LB_KEY_SPACE_IPV4, 0xC0000201, "192.0.2.1"},
                   {LB_KEY_SPACE_IPV4, 0xFFFFFFFF, "255.255.255.255"},
                   {LB_KEY_SPACE_NUMBERS, 0, "0"},
                   {LB_KEY_SPACE_NUMBERS, 40317, "40317"},
                   {LB_KEY_SPACE_NUMBERS, 999999999, "999999999"}};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        uint32_t words[LB_DIGEST_WORDS_MAX];
        char hex[65];
        lb_digest_one(LB_DIGEST_SHA256, lb_str_of(samples[i].text), words);
        hex_of(LB_DIGEST_SHA256, words, hex);
        lb_str key = lb_str_of(hex);
        uint64_t first = samples[i].number > 1000 ? samples[i].number - 1000 : 0;
        lb_key_space space = {samples[i].kind, first, samples[i].number - first + 1, NULL};
        lb_key_trial trial;
        assert_int_equal(lb_reversible_keys_try(&key, 1, &space, 1, NULL, &trial, NULL), LB_OK);
        assert_int_equal(trial.fallen, 1);
        space.count--; /* now without it */
        assert_int_equal(lb_reversible_keys_try(&key, 1, &space, 1, NULL, &trial, NULL), LB_OK);
        assert_int_equal(trial.fallen, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_agree_with_the_vectors_of_their_standards),
        cmocka_unit_test(one_message_at_a_time_says_the_same_as_eight),
        cmocka_unit_test(the_form_of_a_digest_is_its_length_and_alphabet),
        cmocka_unit_test(keys_of_values_in_the_space_fall_and_no_others),
        cmocka_unit_test(addresses_and_numbers_are_written_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
