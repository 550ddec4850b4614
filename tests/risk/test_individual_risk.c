/* Individual risk against numerical integration, sdcMicro and exact values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "reference.h"
#include "risk/classes/individual_risk.h"

typedef struct rate {
    double f, p;
} rate;

/* p u^(f-1) / (p + (1-p) u), with u = exp(-x): smooth for every f and p. */
static double integrand(double x, void *parameters) {
    const rate *r = parameters;
    return r->p * exp(-r->f * x) / (r->p + (1 - r->p) * exp(-x));
}

static double integrated(double f, double p) {
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(2000);
    gsl_function function = {integrand, &(rate){f, p}};
    double turn = fmax(-log(p), 1 / f), sum = 0, from = 0;
    for (double to = turn / 64; from < 40 * turn + 800 / f; from = to, to *= 2) {
        double piece = 0, residue = 0;
        gsl_integration_qag(&function, from, to, 1e-300, 1e-13, 2000, GSL_INTEG_GAUSS61, work,
                            &piece, &residue);
        sum += piece;
    }
    gsl_integration_workspace_free(work);
    return sum;
}

static void the_closed_form_is_the_integral_for_all_sizes_and_rates(void **state) {
    (void)state;
    static const uint32_t sizes[] = {1,  2,  3,   5,   10,   20,    31,     32,
                                     33, 50, 100, 500, 1000, 10000, 100000, 1000000};
    static const double rates[] = {1e-12, 1e-6,  0.001, 0.01,  0.1,      0.3,         0.49,
                                   0.5,   0.501, 0.8,   0.999, 1 - 1e-9, 1 - 0x1p-53, 1};
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    for (size_t f = 0; f < sizeof sizes / sizeof *sizes; f++)
        for (size_t p = 0; p < sizeof rates / sizeof *rates; p++)
            assert_close(lb_individual_risk(sizes[f], rates[p]), integrated(sizes[f], rates[p]),
                         1e-11, "risk");
    gsl_set_error_handler(handler);
}

static void known_values_are_met(void **state) {
    (void)state;
    assert_close(lb_individual_risk(1, 0.01), 0.01 / 0.99 * log(100), 1e-14, "f = 1");
    assert_close(lb_individual_risk(7, 1), 1.0 / 7, 1e-15, "p = 1");
    /* where sdcMicro's alternating series gives -8e28 */
    assert_close(lb_individual_risk(50, 50 / 62.5), integrated(50, 0.8), 1e-12, "f = 50");
    assert_true(lb_individual_risk(UINT32_MAX, 1e-9) > 0);
}

static void risk_falls_with_the_class_and_rises_with_the_rate(void **state) {
    (void)state;
    for (double p = 0.001; p < 1; p += 0.0487)
        for (uint32_t f = 1; f < 100; f++) {
            double risk = lb_individual_risk(f, p);
            assert_true(risk > 0 && risk <= 1.0 / f);
            assert_true(lb_individual_risk(f + 1, p) < risk);
            assert_true(lb_individual_risk(f, p + 0.0001) > risk);
        }
}

static void sdcmicro_finds_the_same(void **state) {
    (void)state;
    json_t *entries = reference_load("sdcmicro.json"), *entry;
    size_t i;
    json_array_foreach(entries, i, entry) {
        if (strcmp(json_string_value(json_object_get(entry, "call")), "freqCalc") != 0)
            continue;
        table_fixture *f = reference_table(
            json_string_value(json_object_get(entry, "file")), json_object_get(entry, "qi"), NULL,
            json_string_value(json_object_get(entry, "weight")), NULL);
        assert_non_null(f);
        lb_individual got;
        assert_int_equal(lb_individual_measure(&got, &f->table, NULL), 0);
        /* it approximates classes above 2 units: 1 % there */
        const json_t *sizes = json_object_get(entry, "fk_head");
        const json_t *risks = json_object_get(entry, "indivRisk_head");
        for (size_t r = 0; r < f->records && r < json_array_size(risks); r++)
            if (json_is_number(json_array_get(risks, r)))
                assert_close(got.risks[f->units[r]], json_number_value(json_array_get(risks, r)),
                             json_number_value(json_array_get(sizes, r)) <= 2 ? 1e-9 : 1e-2,
                             "risk");
        assert_close(got.max, reference_number(entry, "indivRisk_max"), 1e-6, "highest");
        assert_close(got.mean * (double)got.units, reference_number(entry, "indivRisk_sum"), 1e-2,
                     "sum");
        lb_individual_free(&got);
        table_fixture_free(f);
    }
    json_decref(entries);
}

static void exact_values_of_testdata_are_met(void **state) {
    (void)state;
    json_t *book = reference_load("textbook.json");
    const json_t *want = json_object_get(book, "individual_risk_exact_own_testdata");
    json_t *names = json_pack("[s,s,s,s,s,s,s]", "urbrur", "roof", "walls", "water", "electcon",
                              "relat", "sex");
    table_fixture *f = reference_table("sdc_testdata.csv", names, NULL, "sampling_weight", NULL);
    assert_non_null(f);
    lb_individual got;
    assert_int_equal(lb_individual_measure(&got, &f->table, NULL), 0);
    double sum = 0, least = 1;
    for (size_t u = 0; u < got.units; u++) {
        sum += got.risks[u];
        least = fmin(least, got.risks[u]);
    }
    assert_close(sum, reference_number(want, "exact_sum"), 1e-11, "sum");
    assert_close(got.max, reference_number(want, "exact_max"), 1e-11, "highest");
    assert_close(least, reference_number(want, "exact_min"), 1e-11, "lowest");
    for (size_t r = 0; r < 10; r++)
        assert_close(got.risks[f->units[r]],
                     json_number_value(json_array_get(json_object_get(want, "first10"), r)), 1e-11,
                     "risk");
    lb_individual_free(&got);
    table_fixture_free(f);
    json_decref(names);
    json_decref(book);
}

static void a_traveller_has_one_weight_and_its_highest_risk(void **state) {
    (void)state;
    table_roles roles = {
        .quasi_identifiers = (const char *const[]){"city", NULL}, .unit = "user", .weight = "w"};
    table_fixture *f = table_fixture_text("user,city,w\nu,A,10\nu,A,10\nu,B,40\nv,A,30\n", &roles);
    lb_individual got;
    assert_int_equal(lb_individual_measure(&got, &f->table, NULL), 0);
    /* u weighs 20: A holds 50 people with two units, B 20 with one. */
    assert_close(got.risks[f->units[0]], lb_individual_risk(1, 1.0 / 20), 1e-12, "u");
    assert_close(got.risks[f->units[3]], lb_individual_risk(2, 2.0 / 50), 1e-12, "v");
    assert_int_equal(got.clamped, 0);
    lb_individual_free(&got);
    table_fixture_free(f);
}

static void weights_below_one_are_taken_as_a_full_count(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = (const char *const[]){"city", NULL}, .weight = "w"};
    table_fixture *f = table_fixture_text("city,w\nA,0.5\nA,0.5\n", &roles);
    lb_individual got;
    assert_int_equal(lb_individual_measure(&got, &f->table, NULL), 0);
    assert_int_equal(got.clamped, 1);
    assert_close(got.max, 0.5, 1e-15, "risk");
    lb_individual_free(&got);
    table_fixture_free(f);
}

static void weights_that_are_no_weights_are_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"city,w\nA,0\n", "city,w\nA,-1\n"};
    table_roles roles = {.quasi_identifiers = (const char *const[]){"city", NULL}, .weight = "w"};
    lb_individual got;
    lb_error error = {0};
    for (size_t i = 0; i < 2; i++) {
        table_fixture *f = table_fixture_text(texts[i], &roles);
        assert_int_equal(lb_individual_measure(&got, &f->table, &error), LB_E_INPUT);
        table_fixture_free(f);
    }
    assert_int_equal(lb_individual_measure(&got, &(lb_table){0}, &error), LB_E_USAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_closed_form_is_the_integral_for_all_sizes_and_rates),
        cmocka_unit_test(known_values_are_met),
        cmocka_unit_test(risk_falls_with_the_class_and_rises_with_the_rate),
        cmocka_unit_test(sdcmicro_finds_the_same),
        cmocka_unit_test(exact_values_of_testdata_are_met),
        cmocka_unit_test(a_traveller_has_one_weight_and_its_highest_risk),
        cmocka_unit_test(weights_below_one_are_taken_as_a_full_count),
        cmocka_unit_test(weights_that_are_no_weights_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
