#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>

#include "test.h"

static void hex_of(const uint32_t words[LB_DIGEST_WORDS_MAX], char hex[65]) {
    for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        sprintf(hex + 8 * i, "%08x", words[i]);
}

static void a_million_letters_a_hash_as_the_standard_says(void **state) {
    (void)state;
    char *letters = malloc(1000000), hex[65];
    uint32_t words[LB_DIGEST_WORDS_MAX];
    memset(letters, 'a', 1000000);
    lb_digest_one(LB_DIGEST_SHA256, (lb_str){letters, 1000000}, words);
    hex_of(words, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

static void four_lines_of_letters_hash_as_the_standard_says(void **state) {
    (void)state;
    char hex[65];
    uint32_t words[LB_DIGEST_WORDS_MAX];
    lb_digest_one(LB_DIGEST_SHA256,
                  LB_STR("abcdefghbcdefghicdefghijdefghijkefghijklfghijklm"
                         "ghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
                  words);
    hex_of(words, hex);
    assert_string_equal(hex, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

static void eight_at_a_time_and_one_alone_agree(void **state) {
    (void)state;
    char data[200];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 11 + 3);
    for (int kind = 0; kind < LB_DIGESTS; kind++)
        for (size_t size = 0; size + LB_DIGEST_LANES <= LB_DIGEST_SHORT + 1; size++) {
            lb_str messages[LB_DIGEST_LANES];
            lb_digest_lanes lanes;
            for (size_t lane = 0; lane < LB_DIGEST_LANES; lane++)
                messages[lane] = (lb_str){data + size, size + lane};
            lb_digest_short((lb_digest_kind)kind, messages, &lanes);
            for (size_t lane = 0; lane < LB_DIGEST_LANES; lane++) {
                uint32_t alone[LB_DIGEST_WORDS_MAX];
                lb_digest_one((lb_digest_kind)kind, messages[lane], alone);
                for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
                    assert_int_equal(lanes.words[i][lane], alone[i]);
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_letters_a_hash_as_the_standard_says),
        cmocka_unit_test(four_lines_of_letters_hash_as_the_standard_says),
        cmocka_unit_test(eight_at_a_time_and_one_alone_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
