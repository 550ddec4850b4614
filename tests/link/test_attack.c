#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/interval.h"
#include "link/fusion/fusion.h"
#include "link/link.h"
#include "link/people_fixture.h"

static lb_link_result attack(const texts_fixture *people, const lb_link_options *options) {
    lb_link_result result;
    lb_error error = {0};
    if (lb_link_self(&people->texts, options, &result, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    return result;
}

enum { PEOPLE = 60 }; /* few, as the sanitizers run this too */

static texts_fixture *characters(double character, uint64_t seed) {
    return people_fixture_new(&(people_options){.people = PEOPLE,
                                                .conversations = 6,
                                                .messages = 4,
                                                .words = 10,
                                                .character = character,
                                                .times = true,
                                                .seed = seed});
}

/* Top-1 within the interval that chance gives, and nothing recalled at high precision. */
static void assert_chance(uint64_t right, uint64_t queries, double chance) {
    lb_interval interval = lb_interval_clopper_pearson(right, queries, 0.999);
    assert_true(interval.low <= chance);
}

static void people_of_character_are_found(void **state) {
    (void)state;
    texts_fixture *people = characters(0.4, 1);
    lb_link_result result = attack(people, &(lb_link_options){.seed = 1, .threads = 2});
    assert_int_equal(result.figures.queries, PEOPLE);
    assert_true(result.figures.top1.value > 0.9);
    assert_true(result.figures.recall_p90.value > 0.8);
    assert_true(result.figures.auc.value > 0.95);
    assert_true(result.assigned.top1.value >= result.figures.top1.value);
    assert_true(result.figures.advantage.value > 0.5);
    for (size_t p = 0; p < result.figures.queries; p++) {
        assert_true(result.people[p].right == (result.people[p].guess == result.people[p].unit));
        assert_true(result.people[p].reason_count > 0);
    }
    lb_link_free(&result);
    texts_fixture_free(people);
}

static void people_who_all_write_alike_are_not_found(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        texts_fixture *people = people_fixture_new(&(people_options){
            .people = PEOPLE, .conversations = 6, .messages = 4, .words = 10, .seed = seed});
        lb_link_result result = attack(people, &(lb_link_options){.seed = seed, .threads = 2});
        assert_chance((uint64_t)lround(result.figures.top1.value * PEOPLE), PEOPLE, 1.0 / PEOPLE);
        assert_true(result.figures.recall_p90.value < 0.05);
        /* The mean of uniform numbers: four standard errors. */
        assert_true(fabs(result.figures.auc.value - 0.5) < 4 * sqrt(1 / 12.0 / PEOPLE));
        lb_link_free(&result);
        texts_fixture_free(people);
    }
}

static void people_of_one_conversation_cannot_be_attacked(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){
        .people = 20, .conversations = 1, .messages = 20, .words = 5, .character = 1});
    lb_link_result result = attack(people, &(lb_link_options){.seed = 1});
    assert_int_equal(result.eligible, 0);
    assert_int_equal(result.single, 20);
    assert_int_equal(result.figures.queries, 0);
    lb_link_free(&result);
    texts_fixture_free(people);
}

static void the_result_is_the_same_for_any_number_of_threads(void **state) {
    (void)state;
    texts_fixture *people = characters(0.15, 2);
    const unsigned threads[] = {1, 3};
    for (unsigned pruned = 0; pruned < 2; pruned++) {
        lb_link_result results[2];
        for (size_t t = 0; t < 2; t++) {
            results[t] = attack(people, &(lb_link_options){.seed = 7,
                                                           .threads = threads[t],
                                                           .all_pairs_below = pruned ? 1 : 0});
            assert_int_equal(results[t].all_pairs, !pruned);
        }
        for (size_t t = 1; t < 2; t++) {
            assert_memory_equal(&results[0].figures, &results[t].figures,
                                sizeof results[0].figures);
            for (size_t p = 0; p < results[0].figures.queries; p++) {
                assert_int_equal(results[0].people[p].rank, results[t].people[p].rank);
                assert_true(results[0].people[p].probability == results[t].people[p].probability);
                assert_true(results[0].people[p].control == results[t].people[p].control);
            }
        }
        for (size_t t = 0; t < 2; t++)
            lb_link_free(&results[t]);
    }
    texts_fixture_free(people);
}

static void pruning_finds_nearly_whom_all_pairs_find(void **state) {
    (void)state;
    texts_fixture *people = characters(0.4, 3);
    lb_link_result all = attack(people, &(lb_link_options){.seed = 1, .threads = 2});
    lb_link_result pruned =
        attack(people, &(lb_link_options){.seed = 1, .threads = 2, .all_pairs_below = 1});
    assert_false(pruned.all_pairs);
    assert_true(pruned.pruning_loss < 0.05);
    assert_true(pruned.figures.top1.value > all.figures.top1.value - 0.1);
    lb_link_free(&all);
    lb_link_free(&pruned);
    texts_fixture_free(people);
}

/* The figures when every query is said to belong to someone else. */
static lb_evaluation attack_permuted(const texts_fixture *people, bool leak, uint64_t seed) {
    lb_split split;
    lb_signals *signals;
    lb_scores scores;
    lb_fusion fusion;
    lb_split_options cut = {.min_messages = 5, .seed = seed};
    assert_int_equal(lb_split_make(&people->texts, &cut, &split, NULL), 0);
    size_t n = split.queries.count;
    uint32_t *matches = calloc(n, sizeof *matches);
    uint64_t *keys = calloc(n, sizeof *keys);
    lb_outcome *outcomes = calloc(n, sizeof *outcomes);
    for (size_t q = 0; q < n; q++) {
        matches[q] = split.matches[(q + 7 * seed) % n];
        keys[q] = lb_side_unit_hash(&split.queries, q);
    }
    assert_int_equal(
        lb_signals_new(&signals, &split.gallery, &(lb_signals_options){.threads = 2}, NULL), 0);
    assert_int_equal(lb_scores_make(signals, &split.gallery, &split.queries, matches,
                                    &(lb_scores_options){.each = 60, .threads = 2}, &scores, NULL),
                     0);
    lb_fusion_options options = {
        .seed = seed, .trees = lb_trees_defaults(), .threads = 2, .leak = leak};
    if (leak) {
        options.trees.trees = 150;
        options.trees.depth = 5;
        options.trees.rate = 0.2;
        options.trees.leaf_curvature = 0.01;
        options.trees.ridge = 0.1;
    }
    assert_int_equal(lb_fusion_run(&scores, keys, &options, &fusion, NULL), 0);
    for (size_t q = 0; q < n; q++) {
        const lb_candidates *of = &scores.candidates[q];
        outcomes[q] = (lb_outcome){.key = keys[q], .rank = (uint32_t)of->count + of->behind};
        if (of->match == LB_NOT_FOUND)
            continue;
        outcomes[q].rank = 0;
        for (size_t i = 0; i < of->count; i++)
            outcomes[q].rank += fusion.fused[q].main[i] >= fusion.fused[q].main[of->match];
    }
    lb_evaluation figures;
    assert_int_equal(lb_evaluation_run(outcomes, n, scores.gallery, seed, &figures, NULL), 0);
    lb_fusion_free(&fusion);
    lb_scores_free(&scores);
    lb_signals_free(signals);
    lb_split_free(&split);
    free(matches);
    free(keys);
    free(outcomes);
    return figures;
}

static void permuted_identities_are_found_by_chance_only(void **state) {
    (void)state;
    texts_fixture *people = characters(0.4, 4);
    uint64_t right = 0, queries = 0;
    double auc = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        lb_evaluation figures = attack_permuted(people, false, seed);
        right += (uint64_t)lround(figures.top1.value * (double)figures.queries);
        queries += figures.queries;
        auc += figures.auc.value / 3;
    }
    assert_chance(right, queries, 1.0 / PEOPLE);
    /* The mean of uniform numbers: three standard errors. */
    assert_true(fabs(auc - 0.5) < 3 * sqrt(1 / 12.0 / (double)queries));
    texts_fixture_free(people);
}

/* The control above can fail: a fusion that has seen the people it is judged on is found out. */
static void a_leaked_fold_assignment_is_found_out(void **state) {
    (void)state;
    texts_fixture *people = characters(0.4, 4);
    lb_evaluation figures = attack_permuted(people, true, 1);
    uint64_t right = (uint64_t)lround(figures.top1.value * (double)figures.queries);
    lb_interval interval = lb_interval_clopper_pearson(right, figures.queries, 0.999);
    assert_true(interval.low > 1.0 / PEOPLE);
    texts_fixture_free(people);
}

static void probabilities_are_as_right_as_they_say(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){.people = 240,
                                                                 .conversations = 6,
                                                                 .messages = 4,
                                                                 .words = 10,
                                                                 .character = 0.12,
                                                                 .seed = 5});
    lb_link_result result = attack(people, &(lb_link_options){.seed = 1, .threads = 2});
    for (size_t t = 0; t < LB_LINK_TENTHS; t++) {
        const lb_reliability *r = &result.reliability[t];
        if (r->pairs < 50)
            continue;
        double share = (double)r->right / (double)r->pairs;
        assert_true(fabs(share - r->said) < 0.05 || (r->low <= r->said && r->said <= r->high));
    }
    lb_link_free(&result);
    texts_fixture_free(people);
}

static void suppressing_rare_words_makes_people_harder_to_find(void **state) {
    (void)state;
    texts_fixture *people = characters(0.15, 6);
    lb_link_result before = attack(people, &(lb_link_options){.seed = 1, .threads = 2});
    lb_link_result after =
        attack(people, &(lb_link_options){.seed = 1, .threads = 2, .suppress_below = 60});
    assert_true(after.words_suppressed > 0 && after.suppressed_share > 0.05);
    assert_true(after.figures.mrr.value < before.figures.mrr.value);
    lb_link_free(&before);
    lb_link_free(&after);
    texts_fixture_free(people);
}

static void leaving_out_the_signals_that_matter_is_seen_in_the_ablation(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){
        .people = 25, .conversations = 6, .messages = 4, .words = 10, .character = 0.4, .seed = 7});
    lb_link_result result =
        attack(people, &(lb_link_options){.seed = 1, .threads = 2, .ablation = true});
    for (size_t s = 0; s < result.signal_count; s++) {
        assert_true(isfinite(result.signals[s].top1_without));
        assert_true(result.signals[s].top1_without <= 1);
        assert_true(result.signals[s].mrr > 0);
    }
    lb_link_free(&result);
    texts_fixture_free(people);
}

/* People who all write alike, each in a place and of a kind of their own that never changes. */
static texts_fixture *people_of_records(unsigned places, unsigned kinds) {
    texts_fixture *people = texts_fixture_new(),
                  *alike = people_fixture_new(&(people_options){
                      .people = PEOPLE, .conversations = 6, .messages = 4, .words = 6, .seed = 21});
    people->fields = 2;
    for (uint32_t u = 0; u < alike->texts.units; u++)
        for (size_t m = alike->texts.offsets[u]; m < alike->texts.offsets[u + 1]; m++) {
            const lb_own_message *message = &alike->texts.messages[m];
            const uint32_t values[2] = {1 + u % places, 1 + u / places % kinds};
            char conversation[16];
            snprintf(conversation, sizeof conversation, "c%u", message->conversation);
            texts_fixture_add_values(people, alike->keys[u], conversation, INT64_MAX,
                                     message->text.data, values);
        }
    texts_fixture_arrange(people);
    texts_fixture_free(alike);
    return people;
}

static const lb_link_signal *signal_of(const lb_link_result *result, lb_signal signal) {
    for (size_t s = 0; s < result->signal_count; s++)
        if (result->signals[s].signal == signal)
            return &result->signals[s];
    return NULL;
}

static void quasi_identifiers_that_tell_everyone_apart_link_everyone(void **state) {
    (void)state;
    texts_fixture *unique = people_of_records(8, 8), *shared = people_of_records(2, 1);
    for (unsigned pruned = 0; pruned < 2; pruned++) {
        lb_link_options options = {.seed = 1, .threads = 2, .all_pairs_below = pruned};
        lb_link_result result = attack(unique, &options);
        const lb_link_signal *signal = signal_of(&result, LB_SIGNAL_QUASI_IDENTIFIERS);
        assert_non_null(signal);
        assert_true(signal->top1 == 1 && result.figures.top1.value > 0.95);
        lb_link_free(&result);
    }
    lb_link_options without = {
        .seed = 1, .threads = 2, .without = 1u << LB_SIGNAL_QUASI_IDENTIFIERS};
    lb_link_result result = attack(unique, &without);
    assert_null(signal_of(&result, LB_SIGNAL_QUASI_IDENTIFIERS));
    assert_true(result.figures.top1.value < 0.2);
    lb_link_free(&result);
    /* Half of all share a value: among them it is chance. */
    result = attack(shared, &(lb_link_options){.seed = 1, .threads = 2});
    assert_true(result.figures.top1.value < 0.2);
    assert_true(result.figures.auc.value > 0.6);
    lb_link_free(&result);
    texts_fixture_free(unique);
    texts_fixture_free(shared);
}

/* Every other conversation of each person, under another name. */
static texts_fixture *part_of(const texts_fixture *people, size_t rest, const char *prefix) {
    texts_fixture *part = texts_fixture_new();
    const lb_texts *texts = &people->texts;
    for (size_t u = 0; u < texts->units; u++)
        for (size_t m = texts->offsets[u]; m < texts->offsets[u + 1]; m++) {
            const lb_own_message *message = &texts->messages[m];
            char user[64], conversation[64];
            if (message->conversation % 2 != rest)
                continue;
            snprintf(user, sizeof user, "%s%s", prefix, people->keys[u]);
            snprintf(conversation, sizeof conversation, "%s%u", prefix, message->conversation);
            texts_fixture_add(part, user, conversation, message->time, message->text.data);
        }
    texts_fixture_arrange(part);
    return part;
}

static void people_are_linked_between_two_corpora(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){.people = PEOPLE,
                                                                 .conversations = 16,
                                                                 .messages = 3,
                                                                 .words = 10,
                                                                 .character = 0.4,
                                                                 .seed = 11});
    texts_fixture *known = part_of(people, 0, "k-"), *unknown = part_of(people, 1, "u-");
    uint32_t *truth = calloc(unknown->texts.units, sizeof *truth);
    for (size_t u = 0; u < unknown->texts.units; u++) {
        truth[u] = LB_LINK_NO_ONE;
        for (uint32_t k = 0; k < known->texts.units; k++)
            if (strcmp(unknown->keys[u] + 2, known->keys[k] + 2) == 0)
                truth[u] = k;
    }
    lb_link_options options = {.seed = 1, .threads = 2};
    lb_link_result scored, blind;
    assert_int_equal(
        lb_link_external(&known->texts, &unknown->texts, truth, &options, &scored, NULL), 0);
    assert_int_equal(lb_link_external(&known->texts, &unknown->texts, NULL, &options, &blind, NULL),
                     0);
    assert_true(scored.trained);
    assert_true(scored.figures.queries >= PEOPLE - 2);
    assert_true(scored.figures.top1.value > 0.9);
    assert_int_equal(blind.figures.queries, 0);
    assert_int_equal(blind.queries, unknown->texts.units);
    assert_true(blind.links[0] > PEOPLE / 2 && blind.links[2] <= blind.links[0]);
    for (size_t q = 0; q < blind.queries; q++)
        assert_true(blind.people[q].guess == scored.people[q].guess);
    lb_link_free(&scored);
    options.min_messages = 1000;
    assert_int_equal(
        lb_link_external(&known->texts, &unknown->texts, truth, &options, &scored, NULL), 0);
    assert_int_equal(scored.queries, 0);
    assert_int_equal(scored.too_short, unknown->texts.units);
    lb_link_free(&scored);
    lb_link_free(&blind);
    free(truth);
    texts_fixture_free(known);
    texts_fixture_free(unknown);
    texts_fixture_free(people);
}

static void strangers_of_another_corpus_are_hardly_ever_linked(void **state) {
    (void)state;
    texts_fixture *known = characters(0.4, 12), *unknown = characters(0.4, 13);
    lb_link_result result;
    lb_link_options options = {.seed = 1, .threads = 2};
    assert_int_equal(
        lb_link_external(&known->texts, &unknown->texts, NULL, &options, &result, NULL), 0);
    assert_true(result.links[1] <= PEOPLE / 20);
    lb_link_free(&result);
    texts_fixture_free(known);
    texts_fixture_free(unknown);
}

static void a_handful_of_people_is_enough_not_to_crash(void **state) {
    (void)state;
    for (unsigned n = 1; n < 6; n++) {
        texts_fixture *people = people_fixture_new(&(people_options){.people = n,
                                                                     .conversations = 6,
                                                                     .messages = 4,
                                                                     .words = 6,
                                                                     .character = 0.9,
                                                                     .seed = 8});
        lb_link_result result = attack(people, &(lb_link_options){.seed = 1, .threads = 2});
        assert_int_equal(result.figures.queries, n);
        /* Of two people, each is the only one that the other can be compared to. */
        assert_true(n == 2 || result.figures.top1.value > 0.3);
        lb_link_free(&result);
        texts_fixture_free(people);
    }
}

static void odd_texts_are_no_trouble(void **state) {
    (void)state;
    const char *odd[] = {
        "",  " ",        "\t\n",        "!!!", "\xF0\x9F\x98\x80", "\xE0\xB8\xAA\xE0\xB8\xA7",
        "a", "\xCC\x81", "\xE2\x80\x8B"};
    texts_fixture *people = texts_fixture_new();
    char user[16], conversation[32];
    for (int u = 0; u < 12; u++)
        for (int c = 0; c < 4; c++)
            for (int m = 0; m < 4; m++) {
                snprintf(user, sizeof user, "u%d", u);
                snprintf(conversation, sizeof conversation, "c%d-%d", u, c);
                texts_fixture_add(people, user, conversation,
                                  m == 0   ? INT64_MAX
                                  : m == 1 ? INT64_MIN
                                           : -m * 1000000,
                                  odd[(size_t)(u + c * m) % (sizeof odd / sizeof *odd)]);
            }
    texts_fixture_arrange(people);
    lb_link_result result = attack(people, &(lb_link_options){.seed = 1, .threads = 2});
    assert_int_equal(result.figures.queries, 12);
    lb_link_free(&result);
    texts_fixture_free(people);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    texts_fixture *people = people_fixture_new(&(people_options){
        .people = 8, .conversations = 4, .messages = 4, .words = 4, .character = 0.5});
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n += 1 + n / 6) {
        lb_link_result result;
        lb_memory_fail_after(n);
        status = lb_link_self(&people->texts, &(lb_link_options){.seed = 1, .suppress_below = 2},
                              &result, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_link_free(&result);
    }
    texts_fixture_free(people);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_of_character_are_found),
        cmocka_unit_test(people_who_all_write_alike_are_not_found),
        cmocka_unit_test(people_of_one_conversation_cannot_be_attacked),
        cmocka_unit_test(the_result_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(pruning_finds_nearly_whom_all_pairs_find),
        cmocka_unit_test(permuted_identities_are_found_by_chance_only),
        cmocka_unit_test(a_leaked_fold_assignment_is_found_out),
        cmocka_unit_test(probabilities_are_as_right_as_they_say),
        cmocka_unit_test(suppressing_rare_words_makes_people_harder_to_find),
        cmocka_unit_test(leaving_out_the_signals_that_matter_is_seen_in_the_ablation),
        cmocka_unit_test(quasi_identifiers_that_tell_everyone_apart_link_everyone),
        cmocka_unit_test(people_are_linked_between_two_corpora),
        cmocka_unit_test(strangers_of_another_corpus_are_hardly_ever_linked),
        cmocka_unit_test(a_handful_of_people_is_enough_not_to_crash),
        cmocka_unit_test(odd_texts_are_no_trouble),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
