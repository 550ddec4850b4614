#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/link.h"
#include "link/people_fixture.h"
#include "link/split.h"

static const lb_link_options OPTIONS = {.seed = 1, .threads = 2};

static texts_fixture *people(double character, uint64_t seed) {
    return people_fixture_new(&(people_options){.people = 150,
                                                .conversations = 4,
                                                .messages = 8,
                                                .words = 12,
                                                .character = character,
                                                .seed = seed});
}

/* Conversations as units, as a corpus without users has them; owners[unit]: whose it was. */
static texts_fixture *without_users(const texts_fixture *users, size_t **owners) {
    texts_fixture *made = texts_fixture_new();
    const lb_texts *texts = &users->texts;
    for (size_t u = 0; u < texts->units; u++)
        for (size_t m = texts->offsets[u]; m < texts->offsets[u + 1]; m++) {
            char key[64];
            snprintf(key, sizeof key, "%zu:%u", u, texts->messages[m].conversation);
            texts_fixture_add(made, key, key, texts->messages[m].time,
                              texts->messages[m].text.data);
        }
    texts_fixture_arrange(made);
    *owners = calloc(made->texts.units, sizeof **owners);
    for (size_t u = 0; u < made->texts.units; u++)
        (*owners)[u] = strtoull(made->keys[u], NULL, 10);
    return made;
}

static uint32_t conversation_of(const lb_side *side, size_t profile) {
    const lb_profile *of = &side->profiles[profile];
    uint32_t conversation = lb_side_message(side, of->first)->conversation;
    for (size_t i = 0; i < of->count; i++)
        assert_int_equal(lb_side_message(side, of->first + i)->conversation, conversation);
    return conversation;
}

static void each_side_is_one_whole_conversation(void **state) {
    (void)state;
    texts_fixture *users = people(0.4, 1);
    lb_split split;
    assert_int_equal(lb_split_conversations(&users->texts,
                                            &(lb_split_options){.min_messages = 8, .seed = 3},
                                            &split, NULL),
                     0);
    assert_int_equal(split.eligible, 150);
    assert_int_equal(split.gallery.count, 150);
    for (size_t q = 0; q < split.queries.count; q++) {
        size_t match = split.matches[q];
        assert_int_equal(split.queries.profiles[q].unit, split.gallery.profiles[match].unit);
        assert_int_equal(split.queries.profiles[q].count, 8);
        assert_int_equal(split.gallery.profiles[match].count, 8);
        assert_int_not_equal(conversation_of(&split.queries, q),
                             conversation_of(&split.gallery, match));
    }
    lb_split_free(&split);
    assert_int_equal(
        lb_split_conversations(&users->texts, &(lb_split_options){.min_messages = 9}, &split, NULL),
        0);
    assert_int_equal(split.gallery.count, 0);
    assert_int_equal(split.few, 150);
    lb_split_free(&split);
    texts_fixture_free(users);
}

/* Of what is said to be linked with a probability of 0.9 or more, nearly all is of one person. */
static void conversations_of_one_person_are_linked(void **state) {
    (void)state;
    texts_fixture *known = people(0.4, 2), *hidden = people(0.4, 3);
    size_t *owners, right = 0, said = 0;
    texts_fixture *made = without_users(hidden, &owners);
    lb_link_result result;
    assert_int_equal(lb_link_conversations(&made->texts, &known->texts, &OPTIONS, &result, NULL),
                     0);
    assert_true(result.trained);
    assert_int_equal(result.eligible, 150);
    assert_int_equal(result.figures.queries, 0);
    assert_true(result.queries > 250 && result.queries < 350);
    for (size_t q = 0; q < result.queries; q++) {
        assert_int_not_equal(result.people[q].guess, result.people[q].unit);
        assert_true(result.people[q].second <= result.people[q].probability);
        if (result.people[q].probability < 0.9)
            continue;
        said++;
        right += owners[result.people[q].guess] == owners[result.people[q].unit];
    }
    assert_int_equal(said, result.links[1]);
    assert_true(said > 20);
    assert_true(result.links[0] > 100);
    assert_true((double)right >= 0.85 * (double)said);
    lb_link_free(&result);
    free(owners);
    texts_fixture_free(made);
    texts_fixture_free(hidden);
    texts_fixture_free(known);
}

static void conversations_of_people_who_write_alike_are_not_linked(void **state) {
    (void)state;
    texts_fixture *known = people(0.4, 4), *hidden = people(0, 5);
    size_t *owners;
    texts_fixture *made = without_users(hidden, &owners);
    lb_link_result result;
    assert_int_equal(lb_link_conversations(&made->texts, &known->texts, &OPTIONS, &result, NULL),
                     0);
    assert_true((double)result.links[1] <= 0.05 * (double)result.queries);
    lb_link_free(&result);
    free(owners);
    texts_fixture_free(made);
    texts_fixture_free(hidden);
    texts_fixture_free(known);
}

static void a_corpus_that_cannot_teach_is_told(void **state) {
    (void)state;
    texts_fixture *known = people_fixture_new(&(people_options){
        .people = 150, .conversations = 1, .messages = 8, .words = 12, .seed = 6});
    lb_link_result result;
    assert_int_equal(lb_link_conversations(&known->texts, &known->texts, &OPTIONS, &result, NULL),
                     0);
    assert_false(result.trained);
    assert_int_equal(result.single, 150);
    lb_link_free(&result);
    texts_fixture_free(known);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    texts_fixture *known = people_fixture_new(&(people_options){
        .people = 12, .conversations = 3, .messages = 5, .words = 4, .character = 0.5});
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n += 1 + n / 8) {
        lb_link_result result;
        lb_memory_fail_after(n);
        status = lb_link_conversations(&known->texts, &known->texts, &(lb_link_options){.seed = 1},
                                       &result, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_link_free(&result);
    }
    texts_fixture_free(known);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_is_one_whole_conversation),
        cmocka_unit_test(conversations_of_one_person_are_linked),
        cmocka_unit_test(conversations_of_people_who_write_alike_are_not_linked),
        cmocka_unit_test(a_corpus_that_cannot_teach_is_told),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
