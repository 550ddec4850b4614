#include "base/sha256.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "test.h"

static void hash(const char *data, size_t size, size_t piece, char hex[65]) {
    lb_sha256 h;
    lb_sha256_begin(&h);
    for (size_t at = 0; at < size; at += piece)
        lb_sha256_add(&h, data + at, size - at < piece ? size - at : piece);
    lb_sha256_end(&h, hex);
}

static void the_vectors_of_fips_180_hold(void **state) {
    (void)state;
    static const struct {
        const char *text, *hex;
    } vectors[] = {{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                   {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                   {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
                   {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmno"
                    "pqklmnopqrlm"
                    "nopqrsmnopqrstnopqrstu",
                    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"}};
    for (size_t i = 0; i < 4; i++) {
        char hex[65];
        hash(vectors[i].text, strlen(vectors[i].text), 1000, hex);
        assert_string_equal(hex, vectors[i].hex);
    }
}

static void a_million_letters_a_hash_as_the_standard_says(void **state) {
    (void)state;
    char *letters = malloc(1000000), hex[65];
    memset(letters, 'a', 1000000);
    hash(letters, 1000000, 4097, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

static void the_cut_into_pieces_does_not_matter(void **state) {
    (void)state;
    char data[300], whole[65], cut[65];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7);
    for (size_t size = 0; size <= sizeof data; size += 11) {
        hash(data, size, sizeof data, whole);
        for (size_t piece = 1; piece < 130; piece += 9) {
            hash(data, size, piece, cut);
            assert_string_equal(cut, whole);
        }
    }
}

static void eight_at_a_time_and_one_alone_agree(void **state) {
    (void)state;
    char data[200], hex[65], other[65];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 11 + 3);
    for (size_t size = 0; size < sizeof data; size++) {
        uint32_t words[LB_DIGEST_WORDS_MAX];
        lb_digest_one(LB_DIGEST_SHA256, (lb_str){data, size}, words);
        for (size_t i = 0; i < 8; i++)
            sprintf(other + 8 * i, "%08x", words[i]);
        hash(data, size, 64, hex);
        assert_string_equal(hex, other);
        if (size + 8 > LB_DIGEST_SHORT)
            continue;
        lb_str messages[LB_DIGEST_LANES];
        lb_digest_lanes lanes;
        for (size_t lane = 0; lane < LB_DIGEST_LANES; lane++)
            messages[lane] = (lb_str){data, size + lane};
        lb_digest_short(LB_DIGEST_SHA256, messages, &lanes);
        for (size_t lane = 0; lane < LB_DIGEST_LANES; lane++) {
            for (size_t i = 0; i < 8; i++)
                sprintf(other + 8 * i, "%08x", lanes.words[i][lane]);
            hash(data, size + lane, 64, hex);
            assert_string_equal(hex, other);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_fips_180_hold),
        cmocka_unit_test(a_million_letters_a_hash_as_the_standard_says),
        cmocka_unit_test(eight_at_a_time_and_one_alone_agree),
        cmocka_unit_test(the_cut_into_pieces_does_not_matter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
