#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "link/features/best.h"
#include "link/features/space.h"
#include "link/people_fixture.h"
#include "link/split.h"

static void assert_near(double value, double expected, double tolerance) {
    assert_true(fabs(value - expected) <= tolerance);
}

enum { PEOPLE = 40 };

typedef struct scene {
    texts_fixture *people;
    lb_arena *arena;
    lb_side side;
    lb_extractor *extractor;
    lb_bag bags[PEOPLE];
} scene;

static void open_scene(scene *s, lb_aspect aspect) {
    s->people = people_fixture_new(&(people_options){.people = PEOPLE,
                                                     .conversations = 3,
                                                     .messages = 3,
                                                     .words = 8,
                                                     .character = 0.3,
                                                     .times = true,
                                                     .seed = 9});
    s->arena = lb_arena_new();
    assert_int_equal(lb_side_whole(&s->people->texts, s->arena, &s->side, NULL), 0);
    assert_int_equal(lb_extractor_new(&s->extractor, NULL, NULL), 0);
    for (size_t p = 0; p < PEOPLE; p++) {
        assert_int_equal(lb_bag_init(&s->bags[p], NULL), 0);
        assert_int_equal(lb_extract(s->extractor, aspect, &s->side, p, &s->bags[p], NULL), 0);
    }
}

static void close_scene(scene *s) {
    for (size_t p = 0; p < PEOPLE; p++)
        lb_bag_free(&s->bags[p]);
    lb_extractor_free(s->extractor);
    lb_arena_free(s->arena);
    texts_fixture_free(s->people);
}

static double count_in(const lb_bag *bag, uint32_t key) {
    for (size_t i = 0; i < bag->count; i++)
        if (bag->entries[i].key == key)
            return (double)bag->entries[i].count;
    return 0;
}

static size_t holders_of(const scene *s, uint32_t key) {
    size_t n = 0;
    for (size_t p = 0; p < PEOPLE; p++)
        n += count_in(&s->bags[p], key) > 0;
    return n;
}

/* The weightings of space.h, straight from their definitions. */
static double weigh(const scene *s, lb_weighting weighting, uint32_t key, double t) {
    double n = (double)holders_of(s, key);
    if (t <= 0)
        return 0;
    switch (weighting) {
    case LB_WEIGHT_TFIDF:
        return (1 + log(t)) * (1 + log((1 + PEOPLE) / (1 + n)));
    case LB_WEIGHT_HELLINGER:
        return sqrt(t);
    default:
        return t;
    }
}

static double score_by_force(const scene *s, lb_weighting weighting, size_t query, size_t profile) {
    const lb_bag *a = &s->bags[query], *b = &s->bags[profile];
    double dot = 0, aa = 0, bb = 0, sum = 0, all = 0, weights = 0;
    for (size_t p = 0; p < PEOPLE; p++)
        all += s->bags[p].total;
    for (size_t i = 0; i < a->count; i++) {
        uint32_t key = a->entries[i].key;
        double x = (double)a->entries[i].count, y = count_in(b, key), everywhere = 0;
        for (size_t p = 0; p < PEOPLE; p++)
            everywhere += count_in(&s->bags[p], key);
        dot += weigh(s, weighting, key, x) * weigh(s, weighting, key, y);
        aa += pow(weigh(s, weighting, key, x), 2);
        if (weighting == LB_WEIGHT_RARE && y > 0)
            sum += 1 / log(2 + (double)holders_of(s, key));
        if (weighting == LB_WEIGHT_LANGUAGE)
            sum += (1 + log(x)) * log((y + 2000 * everywhere / all) / (2000 * everywhere / all) *
                                      2000 / (b->total + 2000));
        weights += 1 + log(x);
    }
    for (size_t i = 0; i < b->count; i++)
        bb += pow(weigh(s, weighting, b->entries[i].key, (double)b->entries[i].count), 2);
    if (weighting == LB_WEIGHT_LANGUAGE)
        return sum / weights;
    return weighting == LB_WEIGHT_RARE ? sum : dot / sqrt(aa * bb);
}

static void check_scores(lb_aspect aspect, lb_weighting weighting) {
    scene s;
    open_scene(&s, aspect);
    lb_space *space;
    lb_space_options options = {.aspect = aspect,
                                .weighting = weighting,
                                .layout = LB_LAYOUT_INVERTED | LB_LAYOUT_FORWARD,
                                .threads = 2};
    assert_int_equal(lb_space_new(&space, &s.side, &options, NULL), 0);
    float rows[LB_SPACE_LANES][PEOPLE], *into[LB_SPACE_LANES], alone[PEOPLE], *one[] = {alone};
    float *sums = lb_alloc(PEOPLE, LB_SPACE_LANES * sizeof *sums);
    for (size_t q = 0; q < LB_SPACE_LANES; q++)
        into[q] = rows[q];
    lb_space_score(space, s.bags, LB_SPACE_LANES, sums, into);
    lb_probe probe = {0};
    lb_lookup lookup = {0};
    for (size_t q = 0; q < LB_SPACE_LANES; q++) {
        lb_space_score(space, &s.bags[q], 1, sums, one);
        assert_memory_equal(alone, rows[q], sizeof alone);
        assert_int_equal(lb_space_look_up(space, &s.bags[q], &lookup, NULL), 0);
        assert_int_equal(lb_probe_set(&probe, space, &lookup, NULL), 0);
        for (size_t p = 0; p < PEOPLE; p++) {
            double truth = score_by_force(&s, weighting, q, p);
            assert_true(fabs((double)rows[q][p] - truth) < 2e-5 * (1 + fabs(truth)));
            assert_true(fabs((double)lb_space_score_one(space, &probe, p) - truth) <
                        2e-5 * (1 + fabs(truth)));
        }
    }
    lb_probe_free(&probe);
    lb_lookup_free(&lookup);
    lb_free(sums);
    lb_space_free(space);
    close_scene(&s);
}

static void sparse_scores_are_those_of_the_definitions(void **state) {
    (void)state;
    check_scores(LB_ASPECT_WORDS, LB_WEIGHT_TFIDF);
    check_scores(LB_ASPECT_TOKENS, LB_WEIGHT_RARE);
    check_scores(LB_ASPECT_TOKENS, LB_WEIGHT_LANGUAGE);
    check_scores(LB_ASPECT_CLOCK, LB_WEIGHT_HELLINGER);
    check_scores(LB_ASPECT_PHRASING, LB_WEIGHT_TFIDF);
}

/* Far more features than are looked up one and all (LB_COMMON): the filter must let through what a
 * query and a profile share, and the impacts of all features add up to the same, but for the
 * rounding of some 80,000 summands. */
static void rare_features_are_scored_like_common_ones(void **state) {
    (void)state;
    enum { WRITERS = 8, WORDS = 3000 };
    texts_fixture *people = texts_fixture_new();
    for (uint64_t w = 0; w < WRITERS; w++) {
        static char text[WORDS * 7 + 1];
        char name[] = {(char)('a' + w), 0};
        for (size_t i = 0; i < WORDS; i++) {
            /* Every third word is the neighbour's, too. */
            lb_random random = lb_random_keyed(i % 3 ? w : w / 2, "test_space.words", i);
            for (size_t c = 0; c < 6; c++)
                text[7 * i + c] = (char)('a' + lb_random_below(&random, 26));
            text[7 * i + 6] = ' ';
        }
        texts_fixture_add(people, name, name, 0, text);
    }
    texts_fixture_arrange(people);
    lb_arena *arena = lb_arena_new();
    lb_side side;
    lb_space *space;
    lb_extractor *extractor;
    lb_bag bag;
    lb_space_options options = {.aspect = LB_ASPECT_CHARACTERS,
                                .weighting = LB_WEIGHT_TFIDF,
                                .layout = LB_LAYOUT_INVERTED | LB_LAYOUT_FORWARD,
                                .threads = 2};
    assert_int_equal(lb_side_whole(&people->texts, arena, &side, NULL), 0);
    assert_int_equal(lb_space_new(&space, &side, &options, NULL), 0);
    assert_true(lb_space_features(space) > 1 << 17);
    assert_int_equal(lb_extractor_new(&extractor, NULL, NULL), 0);
    assert_int_equal(lb_bag_init(&bag, NULL), 0);
    float row[WRITERS], *into[] = {row}, *sums = lb_alloc(WRITERS, LB_SPACE_LANES * sizeof *sums);
    lb_lookup lookup = {0};
    lb_probe probe = {0};
    lb_impacts impacts = {0};
    for (size_t q = 0; q < WRITERS; q++) {
        float added[WRITERS] = {0};
        assert_int_equal(lb_extract(extractor, LB_ASPECT_CHARACTERS, &side, q, &bag, NULL), 0);
        lb_space_score(space, &bag, 1, sums, into);
        assert_int_equal(lb_space_look_up(space, &bag, &lookup, NULL), 0);
        assert_int_equal(lb_probe_set(&probe, space, &lookup, NULL), 0);
        impacts.count = 0;
        assert_int_equal(lb_space_impacts(space, &lookup, 2, &impacts, NULL), 0);
        lb_impacts_add(&impacts, SIZE_MAX, added);
        assert_near((double)row[q], 1, 1e-3);
        /* People stand in the order of their hashes: the neighbour is the one who stands out. */
        float neighbour = 0, stranger = 0;
        for (size_t p = 0; p < WRITERS; p++) {
            if (p != q && row[p] > neighbour)
                stranger = neighbour, neighbour = row[p];
            else if (p != q && row[p] > stranger)
                stranger = row[p];
            assert_near((double)lb_space_score_one(space, &probe, p), (double)row[p], 3e-4);
            assert_near((double)added[p], 2 * (double)row[p], 1e-3);
        }
        assert_true((double)neighbour > (double)stranger + 0.1);
    }
    lb_impacts_free(&impacts);
    lb_probe_free(&probe);
    lb_lookup_free(&lookup);
    lb_free(sums);
    lb_bag_free(&bag);
    lb_extractor_free(extractor);
    lb_space_free(space);
    lb_arena_free(arena);
    texts_fixture_free(people);
}

static void spaces_are_the_same_for_any_number_of_threads(void **state) {
    (void)state;
    scene s;
    open_scene(&s, LB_ASPECT_CHARACTERS);
    float rows[3][PEOPLE], *sums = lb_alloc(PEOPLE, LB_SPACE_LANES * sizeof *sums);
    const unsigned threads[] = {1, 2, 5};
    for (size_t t = 0; t < 3; t++) {
        lb_space *space;
        lb_space_options options = {
            .aspect = LB_ASPECT_CHARACTERS, .weighting = LB_WEIGHT_TFIDF, .threads = threads[t]};
        float *into[] = {rows[t]};
        assert_int_equal(lb_space_new(&space, &s.side, &options, NULL), 0);
        lb_space_score(space, &s.bags[0], 1, sums, into);
        lb_space_free(space);
    }
    assert_memory_equal(rows[0], rows[1], sizeof rows[0]);
    assert_memory_equal(rows[0], rows[2], sizeof rows[0]);
    lb_free(sums);
    close_scene(&s);
}

static size_t bag_of(const char *text, lb_aspect aspect, const lb_word_set *suppressed,
                     lb_bag *bag) {
    texts_fixture *people = texts_fixture_new();
    texts_fixture_add(people, "u", "c", 0, text);
    texts_fixture_arrange(people);
    lb_arena *arena = lb_arena_new();
    lb_side side;
    lb_extractor *extractor;
    assert_int_equal(lb_side_whole(&people->texts, arena, &side, NULL), 0);
    assert_int_equal(lb_extractor_new(&extractor, suppressed, NULL), 0);
    assert_int_equal(lb_extract(extractor, aspect, &side, 0, bag, NULL), 0);
    lb_extractor_free(extractor);
    lb_arena_free(arena);
    texts_fixture_free(people);
    return bag->count;
}

static void features_are_counted_as_the_aspects_say(void **state) {
    (void)state;
    lb_bag bag;
    assert_int_equal(lb_bag_init(&bag, NULL), 0);
    assert_int_equal(bag_of("One two one", LB_ASPECT_TOKENS, NULL, &bag), 2);
    assert_near(bag.total, 3, 0);
    assert_int_equal(bag_of("One two one", LB_ASPECT_WORDS, NULL, &bag), 4);
    /* " ab ": 3 of two, 2 of three, 1 of four. */
    assert_int_equal(bag_of("ab", LB_ASPECT_CHARACTERS, NULL, &bag), 6);
    assert_int_equal(bag_of(" ab\t ab ", LB_ASPECT_CHARACTERS, NULL, &bag), 6);
    assert_near(bag.total, 12, 0);
    assert_int_equal(bag_of("", LB_ASPECT_CHARACTERS, NULL, &bag), 0);
    assert_int_equal(bag_of("\xE3\x81\x82", LB_ASPECT_LANGUAGE, NULL, &bag), 2);
    lb_bag_free(&bag);
}

static void suppressed_words_leave_no_trace_in_any_aspect(void **state) {
    (void)state;
    const lb_aspect aspects[] = {LB_ASPECT_WORDS, LB_ASPECT_TOKENS, LB_ASPECT_CHARACTERS};
    lb_bag secret, with, without;
    assert_int_equal(lb_bag_init(&secret, NULL), 0);
    assert_int_equal(lb_bag_init(&with, NULL), 0);
    assert_int_equal(lb_bag_init(&without, NULL), 0);
    bag_of("xyzzy", LB_ASPECT_TOKENS, NULL, &secret);
    const lb_word_set set = {&secret.entries[0].key, 1};
    for (size_t a = 0; a < sizeof aspects / sizeof *aspects; a++) {
        bag_of("say Xyzzy now", aspects[a], &set, &with);
        bag_of("say       now", aspects[a], NULL, &without);
        assert_int_equal(with.count, without.count);
        assert_memory_equal(with.entries, without.entries, with.count * sizeof *with.entries);
    }
    lb_bag_free(&secret);
    lb_bag_free(&with);
    lb_bag_free(&without);
}

static int ascending(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void a_bag_counts_more_keys_than_its_block_holds(void **state) {
    (void)state;
    enum { MANY = 3 * LB_BAG_BLOCK + 17 };
    uint32_t *keys = malloc(MANY * sizeof *keys);
    lb_bag bag;
    assert_int_equal(lb_bag_init(&bag, NULL), 0);
    for (uint32_t i = 0; i < MANY; i++) {
        keys[i] = i * UINT32_C(2654435761) % 100003 * 40503;
        assert_int_equal(lb_bag_add(&bag, keys[i], NULL), 0);
    }
    assert_int_equal(lb_bag_close(&bag, NULL), 0);
    qsort(keys, MANY, sizeof *keys, ascending);
    size_t entry = 0;
    for (size_t i = 0; i < MANY; entry++) {
        size_t end = i;
        while (end < MANY && keys[end] == keys[i])
            end++;
        assert_true(entry < bag.count && bag.entries[entry].key == keys[i]);
        assert_near((double)bag.entries[entry].count, (double)(end - i), 0);
        i = end;
    }
    assert_int_equal(entry, bag.count);
    lb_bag_free(&bag);
    free(keys);
}

static void the_best_are_chosen_with_ties_by_number(void **state) {
    (void)state;
    const float row[] = {1, 3, 2, 3, 0, 2, 2};
    uint32_t best[7];
    assert_int_equal(lb_best_choose(row, NULL, 7, 4, best), 4);
    assert_int_equal(lb_best_merge(best, 4), 4);
    assert_memory_equal(best, ((const uint32_t[]){1, 2, 3, 5}), 4 * sizeof *best);
    assert_int_equal(lb_best_choose(row, NULL, 2, 4, best), 2);
    assert_int_equal(lb_best_choose(row, NULL, 0, 4, best), 0);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    scene s;
    open_scene(&s, LB_ASPECT_TOKENS);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_space *space = NULL;
        lb_space_options options = {.aspect = LB_ASPECT_TOKENS, .weighting = LB_WEIGHT_TFIDF};
        lb_memory_fail_after(n);
        status = lb_space_new(&space, &s.side, &options, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !space));
        lb_space_free(space);
    }
    close_scene(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sparse_scores_are_those_of_the_definitions),
        cmocka_unit_test(rare_features_are_scored_like_common_ones),
        cmocka_unit_test(spaces_are_the_same_for_any_number_of_threads),
        cmocka_unit_test(features_are_counted_as_the_aspects_say),
        cmocka_unit_test(suppressed_words_leave_no_trace_in_any_aspect),
        cmocka_unit_test(a_bag_counts_more_keys_than_its_block_holds),
        cmocka_unit_test(the_best_are_chosen_with_ties_by_number),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
