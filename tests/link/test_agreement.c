#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "link/features/agreement.h"
#include "link/split.h"
#include "link/texts_fixture.h"

enum { FIELDS = 4, PEOPLE = 1200 };
static const double TRUE_M[FIELDS] = {0.95, 0.9, 0.8, 0.98};
static const unsigned VALUES[FIELDS] = {40, 12, 60, 300};

/* A value of a field; small numbers are frequent. */
static uint32_t draw(lb_random *random, size_t field) {
    double u = lb_random_unit(random);
    return 1 + (uint32_t)(VALUES[field] * u * u);
}

/* One corpus of people with a conversation each; person p of both has the same truth, of which a
 * field is drawn anew so often that it agrees with probability m. */
static texts_fixture *corpus(bool second) {
    texts_fixture *fixture = texts_fixture_new();
    fixture->fields = FIELDS;
    for (unsigned p = 0; p < PEOPLE; p++) {
        lb_random truth = lb_random_keyed(3, "truth", p), noise = lb_random_keyed(3, "noise", p);
        uint32_t values[FIELDS];
        char user[32];
        for (size_t k = 0; k < FIELDS; k++) {
            values[k] = draw(&truth, k);
            bool wrong = lb_random_unit(&noise) >= TRUE_M[k];
            if (second && wrong)
                values[k] = 100000 + p; /* never agrees by accident */
        }
        snprintf(user, sizeof user, "p%u", p);
        texts_fixture_add_values(fixture, user, user, INT64_MAX, "x", values);
    }
    texts_fixture_arrange(fixture);
    return fixture;
}

typedef struct two_sides {
    texts_fixture *a, *b;
    lb_arena *arena;
    lb_side gallery, queries;
    lb_agreement *agreement;
} two_sides;

static two_sides compared(texts_fixture *a, texts_fixture *b) {
    two_sides s = {.a = a, .b = b, .arena = lb_arena_new()};
    assert_int_equal(lb_side_whole(&a->texts, s.arena, &s.gallery, NULL), 0);
    assert_int_equal(lb_side_whole(&b->texts, s.arena, &s.queries, NULL), 0);
    assert_true(lb_agreement_possible(&s.gallery, &s.queries));
    assert_int_equal(lb_agreement_new(&s.agreement, &s.gallery, &s.queries, NULL), 0);
    return s;
}

static void clear(two_sides *s) {
    lb_agreement_free(s->agreement);
    lb_arena_free(s->arena);
    texts_fixture_free(s->a);
    texts_fixture_free(s->b);
}

static uint32_t value_of(const lb_side *side, size_t profile, size_t field) {
    return lb_side_message(side, side->profiles[profile].first)->values[field];
}

static void what_fields_are_worth_is_found_without_knowing_a_match(void **state) {
    (void)state;
    two_sides s = compared(corpus(false), corpus(true));
    for (size_t k = 0; k < FIELDS; k++) {
        double agree = 0;
        for (size_t q = 0; q < PEOPLE; q++)
            for (size_t g = 0; g < PEOPLE; g++)
                agree += q != g && value_of(&s.queries, q, k) == value_of(&s.gallery, g, k);
        double u = agree / ((double)PEOPLE * (PEOPLE - 1));
        assert_true(fabs(lb_agreement_m(s.agreement, k) - TRUE_M[k]) < 0.04);
        assert_true(fabs(lb_agreement_u(s.agreement, k) - u) < 0.05 * u);
    }
    clear(&s);
}

/* The share of the gallery that has a value; value 0: the chance that two of it are equal. */
static double share_of(const lb_side *gallery, size_t field, uint32_t value) {
    double same = 0;
    for (size_t p = 0; p < PEOPLE; p++)
        same += value ? value_of(gallery, p, field) == value
                      : share_of(gallery, field, value_of(gallery, p, field));
    return same / PEOPLE;
}

/* Scores against the formula, from frequencies counted anew. */
static void a_score_is_the_log_likelihood_ratio_of_the_values(void **state) {
    (void)state;
    two_sides s = compared(corpus(false), corpus(true));
    lb_field_claim claims[FIELDS];
    float *row = calloc(PEOPLE, sizeof *row);
    double chance[FIELDS];
    for (size_t k = 0; k < FIELDS; k++)
        chance[k] = share_of(&s.gallery, k, 0);
    for (size_t q = 0; q < PEOPLE; q += 97) {
        for (size_t g = 0; g < PEOPLE; g++)
            row[g] = 1;
        assert_int_equal(lb_agreement_claim(s.agreement, &s.queries, q, claims, NULL), 0);
        lb_agreement_add(s.agreement, claims, 2, row);
        for (size_t g = 0; g < PEOPLE; g += 31) {
            double truth = 0;
            for (size_t k = 0; k < FIELDS; k++) {
                double m = lb_agreement_m(s.agreement, k), u = lb_agreement_u(s.agreement, k);
                uint32_t value = value_of(&s.queries, q, k);
                double of_value = u * share_of(&s.gallery, k, value) / chance[k];
                truth += value_of(&s.gallery, g, k) == value ? log(m / of_value)
                                                             : log((1 - m) / (1 - u));
            }
            assert_true(fabs((double)lb_agreement_one(s.agreement, claims, g) - truth) < 1e-4);
            assert_true(fabs((double)row[g] - (1 + 2 * truth)) < 1e-3);
        }
    }
    free(row);
    clear(&s);
}

static void a_missing_value_says_nothing(void **state) {
    (void)state;
    texts_fixture *a = texts_fixture_new(), *b = texts_fixture_new();
    const uint32_t full[2] = {5, 6}, half[2] = {5, 0}, none[2] = {0, 0};
    a->fields = b->fields = 2;
    for (unsigned p = 0; p < 30; p++) {
        char user[16];
        snprintf(user, sizeof user, "p%u", p);
        texts_fixture_add_values(a, user, user, 1, "x", p % 3 == 0 ? none : full);
        texts_fixture_add_values(b, user, user, 1, "x", half);
    }
    texts_fixture_arrange(a);
    texts_fixture_arrange(b);
    two_sides s = compared(a, b);
    lb_field_claim claims[2];
    assert_int_equal(lb_agreement_claim(s.agreement, &s.queries, 0, claims, NULL), 0);
    assert_int_equal(claims[1].value, 0);
    for (size_t g = 0; g < s.gallery.count; g++) {
        float score = lb_agreement_one(s.agreement, claims, g);
        bool known = value_of(&s.gallery, g, 0) != 0;
        assert_true(known ? score == claims[0].agree : score == 0);
    }
    clear(&s);
}

/* The usual value of a side is that of its own messages alone. */
static void a_side_knows_only_the_values_of_its_own_messages(void **state) {
    (void)state;
    texts_fixture *fixture = texts_fixture_new();
    fixture->fields = 1;
    for (uint32_t p = 0; p < 20; p++)
        for (uint32_t c = 0; c < 2; c++)
            for (uint32_t m = 0; m < 5; m++) {
                char user[16], conversation[16];
                /* Most of the later conversation's messages say 200 + p, of the earlier 100 + p. */
                uint32_t value = (m < 3 ? 100 * (c + 1) : 900) + p;
                snprintf(user, sizeof user, "p%u", p);
                snprintf(conversation, sizeof conversation, "c%u-%u", p, c);
                texts_fixture_add_values(fixture, user, conversation, c * 1000 + m, "x", &value);
            }
    texts_fixture_arrange(fixture);
    lb_split split;
    lb_agreement *agreement;
    lb_field_claim claim;
    assert_int_equal(
        lb_split_make(&fixture->texts, &(lb_split_options){.min_messages = 5}, &split, NULL), 0);
    assert_int_equal(split.eligible, 20);
    assert_int_equal(lb_agreement_new(&agreement, &split.gallery, &split.queries, NULL), 0);
    for (size_t q = 0; q < 20; q++) {
        assert_int_equal(lb_agreement_claim(agreement, &split.queries, q, &claim, NULL), 0);
        assert_int_equal(claim.value / 100, 2);
        assert_int_equal(lb_agreement_claim(agreement, &split.gallery, q, &claim, NULL), 0);
        assert_int_equal(claim.value / 100, 1);
    }
    lb_agreement_free(agreement);
    lb_split_free(&split);
    texts_fixture_free(fixture);
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    two_sides s = compared(corpus(false), corpus(true));
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n += 1 + n / 4) {
        lb_agreement *agreement;
        lb_memory_fail_after(n);
        status = lb_agreement_new(&agreement, &s.gallery, &s.queries, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        lb_agreement_free(agreement);
    }
    clear(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fields_are_worth_is_found_without_knowing_a_match),
        cmocka_unit_test(a_score_is_the_log_likelihood_ratio_of_the_values),
        cmocka_unit_test(a_missing_value_says_nothing),
        cmocka_unit_test(a_side_knows_only_the_values_of_its_own_messages),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
