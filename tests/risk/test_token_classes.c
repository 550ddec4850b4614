/* The classes of the rare tokens of made-up messages, counted again the plain way. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/utf8.h"
#include "risk/words/token_classes.h"
#include "text_index.h"

enum { USERS = 120, K = 6 };

static const char *const planted[][2] = {
    {"they moved in 90210 then", "90210"},
    {"write to jane.roe@mail.example now", "jane.roe"},
    {"see https://files.example/zqxbin today", "zqxbin"},
    {"thanks @kwijibo99 for it", "kwijibo99"},
    {"the key is x9f3b77c2 here", "x9f3b77c2"},
    {"yesterday Wilhelmina came along", "wilhelmina"},
    {"it was \xD0\xB6\xD1\x83\xD0\xBA\xD0\xB8 again", "\xD0\xB6\xD1\x83\xD0\xBA\xD0\xB8"},
    {"that is sooooo late", "sooooo"},
    {"we live toegther in town", "toegther"},
    {"an odd flibbertigibbet it was", "flibbertigibbet"},
    {"on 2004-11-23 it was", "11"},
};
static const lb_token_class planted_class[] = {
    LB_TOKEN_CLASS_NUMBER,  LB_TOKEN_CLASS_EMAIL,     LB_TOKEN_CLASS_URL,
    LB_TOKEN_CLASS_HANDLE,  LB_TOKEN_CLASS_CODE,      LB_TOKEN_CLASS_NAME,
    LB_TOKEN_CLASS_FOREIGN, LB_TOKEN_CLASS_ELONGATED, LB_TOKEN_CLASS_ELONGATED,
    LB_TOKEN_CLASS_OTHER,   LB_TOKEN_CLASS_DATE,
};
enum { PLANTED = sizeof planted / sizeof *planted };

/* Everyone says the common words; each planted sentence is said by one to K + 1 users. */
static lb_buffer messages(void) {
    lb_buffer lines = {0};
    for (unsigned u = 0; u < USERS; u++) {
        int status = lb_buffer_printf(
            &lines, NULL,
            "{\"user\": \"u%u\", \"conversation\": \"c%u\", \"text\": \"together they moved in "
            "again today, it was late\"}\n",
            u, u % 7);
        assert_int_equal(status, 0);
        for (unsigned p = 0; p < PLANTED; p++)
            if (u >= p * 9 && u < p * 9 + 1 + p % K)
                assert_int_equal(
                    lb_buffer_printf(
                        &lines, NULL,
                        "{\"user\": \"u%u\", \"conversation\": \"c%u\", \"text\": \"%s\"}\n", u,
                        u % 5, planted[p][0]),
                    0);
    }
    assert_int_equal(lb_buffer_append(&lines, "", 1, NULL), 0);
    return lines;
}

static lb_token_classes classes_of(const text_index *made, uint32_t k, unsigned threads) {
    lb_token_classes classes;
    lb_error error;
    lb_token_class_options options = {k, threads};
    assert_int_equal(lb_token_classes_run(&classes, made->index, &options, &error), 0);
    return classes;
}

static void planted_tokens_have_their_class(void **state) {
    (void)state;
    lb_buffer lines = messages();
    text_index made = text_index_make(lines.data, 1, 1 << 26);
    assert_non_null(made.index);
    lb_token_classes classes = classes_of(&made, K + 1, 1);
    assert_int_equal(classes.units, USERS);
    for (unsigned p = 0; p < PLANTED; p++) {
        uint32_t token = text_index_token(&made, planted[p][1]);
        assert_true(token != UINT32_MAX);
        if (classes.class_of[token] != planted_class[p])
            fail_msg("%s is %s, expected %s", planted[p][1],
                     lb_token_class_name((lb_token_class)classes.class_of[token]),
                     lb_token_class_name(planted_class[p]));
    }
    assert_int_equal(classes.class_of[text_index_token(&made, "together")], LB_TOKEN_NOT_RARE);
    lb_token_classes_free(&classes);
    assert_null(classes.class_of);
    text_index_free(&made);
    lb_buffer_free(&lines);
}

/* The counts, from class_of and the incidence alone. */
static void counts_add_up(void **state) {
    (void)state;
    lb_buffer lines = messages();
    text_index made = text_index_make(lines.data, 2, 1 << 26);
    const lb_incidence *incidence = lb_index_incidence(made.index, 1);
    for (uint32_t k = 1; k <= K + 2; k++) {
        lb_token_classes classes = classes_of(&made, k, 1 + k % 3);
        lb_token_class_share plain[LB_TOKEN_CLASSES] = {0};
        uint64_t identifying = 0, users_with = 0;
        static bool rare_of[USERS][LB_TOKEN_CLASSES], unique_of[USERS][LB_TOKEN_CLASSES];
        memset(rare_of, 0, sizeof rare_of);
        memset(unique_of, 0, sizeof unique_of);
        for (uint64_t t = 0; t < incidence->grams; t++) {
            uint64_t from = incidence->offsets[t], end = incidence->offsets[t + 1];
            assert_int_equal(classes.class_of[t] == LB_TOKEN_NOT_RARE, end - from >= k);
            if (end - from >= k)
                continue;
            unsigned c = classes.class_of[t];
            plain[c].tokens++;
            plain[c].unique += end - from == 1;
            identifying += lb_token_class_identifies((lb_token_class)c);
            for (uint64_t i = from; i < end; i++) {
                rare_of[lb_pair_unit(incidence->units[i])][c] = true;
                unique_of[lb_pair_unit(incidence->units[i])][c] |= end - from == 1;
            }
        }
        for (size_t u = 0; u < USERS; u++) {
            bool any = false;
            unsigned kinds = 0, last = 0;
            for (unsigned c = 0; c < LB_TOKEN_CLASSES; c++) {
                plain[c].units += rare_of[u][c];
                any = any || (rare_of[u][c] && lb_token_class_identifies((lb_token_class)c));
                kinds += unique_of[u][c];
                last = unique_of[u][c] ? c : last;
            }
            plain[last].only += kinds == 1;
            users_with += any;
        }
        for (unsigned c = 0; c < LB_TOKEN_CLASSES; c++)
            assert_memory_equal(&classes.of[c], &plain[c], sizeof plain[c]);
        assert_int_equal(classes.identifying_below_k, identifying);
        assert_int_equal(classes.identifying_units, users_with);
        assert_true(classes.identifying_units_share == (double)users_with / USERS);
        lb_token_classes_free(&classes);
    }
    text_index_free(&made);
    lb_buffer_free(&lines);
}

static void threads_change_nothing(void **state) {
    (void)state;
    lb_buffer lines = messages();
    text_index made = text_index_make(lines.data, 1, 1 << 26);
    lb_token_classes one = classes_of(&made, K, 1);
    for (unsigned threads = 2; threads < 6; threads++) {
        lb_token_classes many = classes_of(&made, K, threads);
        assert_memory_equal(one.of, many.of, sizeof one.of);
        assert_memory_equal(one.class_of, many.class_of,
                            (size_t)lb_index_incidence(made.index, 1)->grams);
        lb_token_classes_free(&many);
    }
    lb_token_classes_free(&one);
    text_index_free(&made);
    lb_buffer_free(&lines);
}

/* Half of the users write another script: then it is the corpus's own. */
static void a_script_of_many_is_not_foreign(void **state) {
    (void)state;
    lb_buffer lines = {0};
    for (unsigned u = 0; u < 40; u++)
        assert_int_equal(lb_buffer_printf(&lines, NULL,
                                          "{\"user\": \"u%u\", \"conversation\": \"c\", \"text\": "
                                          "\"%s \xCE\xB1%s\"}\n",
                                          u, u == 0 ? "\xD0\xB6\xD1\x83\xD0\xBA\xD0\xB8" : "word",
                                          u == 1   ? "\xCE\xB2"
                                          : u == 2 ? "\xCE\xB3\xCE\xB4\xCE\xB5"
                                                   : ""),
                         0);
    assert_int_equal(lb_buffer_append(&lines, "", 1, NULL), 0);
    text_index made = text_index_make(lines.data, 1, 1 << 26);
    lb_token_classes classes = classes_of(&made, 3, 1);
    assert_int_equal(classes.of[LB_TOKEN_CLASS_FOREIGN].tokens, 1);
    assert_int_equal(classes.class_of[text_index_token(&made, "\xD0\xB6\xD1\x83\xD0\xBA\xD0\xB8")],
                     LB_TOKEN_CLASS_FOREIGN);
    assert_int_equal(classes.class_of[text_index_token(&made, "\xCE\xB1\xCE\xB3\xCE\xB4\xCE\xB5")],
                     LB_TOKEN_CLASS_OTHER);
    lb_token_classes_free(&classes);
    text_index_free(&made);
    lb_buffer_free(&lines);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    lb_buffer lines = messages();
    text_index made = text_index_make(lines.data, 1, 1 << 26);
    lb_token_class_options options = {K, 1};
    lb_token_classes classes;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_error error;
        lb_memory_fail_after(n);
        status = lb_token_classes_run(&classes, made.index, &options, &error);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !classes.class_of));
        assert_true(n < 60);
    }
    lb_token_classes_free(&classes);
    text_index_free(&made);
    lb_buffer_free(&lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_tokens_have_their_class),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(a_script_of_many_is_not_foreign),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
