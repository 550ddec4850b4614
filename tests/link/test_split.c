#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "link/people_fixture.h"
#include "link/split.h"

/* 1: of the gallery's eligible; 2: of a query; per message. Distractors stay 0. */
static unsigned char *sides_of(const lb_texts *texts, const lb_split *split) {
    unsigned char *sides = calloc(texts->offsets[texts->units] + 1, 1);
    for (size_t q = 0; q < split->queries.count; q++) {
        const lb_profile *query = &split->queries.profiles[q];
        const lb_profile *match = &split->gallery.profiles[split->matches[q]];
        assert_int_equal(query->unit, match->unit);
        for (size_t i = 0; i < query->count; i++)
            sides[split->queries.order[query->first + i]] |= 2;
        for (size_t i = 0; i < match->count; i++)
            sides[split->gallery.order[match->first + i]] |= 1;
    }
    return sides;
}

/* No conversation may have messages on both sides, whoever wrote them (shared), or of one person.
 */
static void check_sides(const lb_texts *texts, const lb_split *split, bool shared) {
    unsigned char *sides = sides_of(texts, split);
    for (size_t a = 0; a < texts->units; a++)
        for (size_t m = texts->offsets[a]; m < texts->offsets[a + 1]; m++)
            for (size_t b = shared ? 0 : a; b < (shared ? texts->units : a + 1); b++)
                for (size_t n = texts->offsets[b]; n < texts->offsets[b + 1]; n++)
                    if (texts->messages[m].conversation == texts->messages[n].conversation &&
                        sides[m] && sides[n])
                        assert_int_equal(sides[m], sides[n]);
    free(sides);
}

static void a_shared_conversation_lies_on_one_side_for_everyone(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){
        .people = 24, .conversations = 8, .messages = 3, .words = 4, .shared = true});
    lb_split split;
    lb_split_options options = {.min_messages = 4, .seed = 3};
    assert_int_equal(lb_split_make(&people->texts, &options, &split, NULL), 0);
    assert_true(split.shared);
    assert_int_equal(split.used, LB_SPLIT_CONVERSATION);
    assert_int_equal(split.gallery.count, 24);
    assert_int_equal(split.eligible + split.distractors, 24);
    assert_true(split.eligible > 10);
    check_sides(&people->texts, &split, true);
    lb_split_free(&split);
    texts_fixture_free(people);
}

static void conversations_of_one_person_are_cut_in_time_where_half_is_reached(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){
        .people = 10, .conversations = 7, .messages = 2, .words = 4, .times = true});
    lb_split split;
    lb_split_options options = {.min_messages = 5, .seed = 3};
    assert_int_equal(lb_split_make(&people->texts, &options, &split, NULL), 0);
    assert_false(split.shared);
    assert_int_equal(split.used, LB_SPLIT_TIME);
    assert_int_equal(split.eligible, 10);
    check_sides(&people->texts, &split, false);
    for (size_t q = 0; q < split.queries.count; q++) {
        const lb_profile *query = &split.queries.profiles[q];
        const lb_profile *match = &split.gallery.profiles[split.matches[q]];
        assert_int_equal(match->count, 8);
        assert_int_equal(query->count, 6);
        for (size_t i = 0; i < match->count; i++)
            assert_true(lb_side_message(&split.gallery, match->first + i)->time <
                        lb_side_message(&split.queries, query->first)->time);
    }
    lb_split_free(&split);
    texts_fixture_free(people);
}

static void one_global_instant_cuts_a_shared_corpus_by_time(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){.people = 24,
                                                                 .conversations = 8,
                                                                 .messages = 3,
                                                                 .words = 4,
                                                                 .shared = true,
                                                                 .times = true});
    lb_split split;
    lb_split_options options = {.rule = LB_SPLIT_TIME, .min_messages = 3, .seed = 3};
    assert_int_equal(lb_split_make(&people->texts, &options, &split, NULL), 0);
    assert_true(split.eligible > 10);
    int64_t last = INT64_MIN, first = INT64_MAX;
    for (size_t q = 0; q < split.queries.count; q++) {
        const lb_profile *query = &split.queries.profiles[q];
        const lb_profile *match = &split.gallery.profiles[split.matches[q]];
        int64_t a = lb_side_message(&split.gallery, match->first + match->count - 1)->time;
        int64_t b = lb_side_message(&split.queries, query->first)->time;
        last = a > last ? a : last;
        first = b < first ? b : first;
    }
    assert_true(last < first);
    lb_split_free(&split);
    texts_fixture_free(people);
}

static void who_has_one_conversation_or_too_few_messages_is_a_distractor(void **state) {
    (void)state;
    texts_fixture *people = texts_fixture_new();
    for (int m = 0; m < 10; m++)
        texts_fixture_add(people, "single", "s", m, "text");
    texts_fixture_add(people, "few", "f1", 0, "text");
    texts_fixture_add(people, "few", "f2", 1, "text");
    for (int m = 0; m < 9; m++)
        texts_fixture_add(people, "lopsided", m < 8 ? "l1" : "l2", m, "text");
    texts_fixture_arrange(people);
    lb_split split;
    lb_split_options options = {.min_messages = 2, .seed = 1};
    assert_int_equal(lb_split_make(&people->texts, &options, &split, NULL), 0);
    assert_int_equal(split.eligible, 0);
    assert_int_equal(split.distractors, 3);
    assert_int_equal(split.single, 1);
    assert_int_equal(split.few, 1);
    assert_int_equal(split.one_side, 1);
    lb_split_free(&split);
    texts_fixture_free(people);
}

static void an_empty_corpus_splits_into_nothing(void **state) {
    (void)state;
    texts_fixture *people = texts_fixture_new();
    texts_fixture_arrange(people);
    lb_split split;
    assert_int_equal(lb_split_make(&people->texts, &(lb_split_options){0}, &split, NULL), 0);
    assert_int_equal(split.gallery.count, 0);
    lb_split_free(&split);
    texts_fixture_free(people);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){
        .people = 5, .conversations = 4, .messages = 2, .words = 2, .shared = true});
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_split split;
        lb_memory_fail_after(n);
        status =
            lb_split_make(&people->texts, &(lb_split_options){.rule = LB_SPLIT_TIME}, &split, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_split_free(&split);
    }
    texts_fixture_free(people);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_conversation_lies_on_one_side_for_everyone),
        cmocka_unit_test(conversations_of_one_person_are_cut_in_time_where_half_is_reached),
        cmocka_unit_test(one_global_instant_cuts_a_shared_corpus_by_time),
        cmocka_unit_test(who_has_one_conversation_or_too_few_messages_is_a_distractor),
        cmocka_unit_test(an_empty_corpus_splits_into_nothing),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
