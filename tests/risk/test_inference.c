/* Inference about sensitive fields against a brute-force twin, pycanon and the textbook values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "reference.h"
#include "risk/classes/inference.h"

enum { VALUES = 8 }; /* codes of the twin's tables stay below */

/* The twin: every figure from its definition, over all values, for one class. */
typedef struct twin {
    double p[VALUES], q[VALUES];
    unsigned units, counts[VALUES], used; /* used: values of the table */
} twin;

static bool same_class(const lb_table *t, size_t a, size_t b) {
    for (size_t c = 0; c < t->quasi_identifier_count; c++)
        if (t->quasi_identifiers[c].codes[a] != t->quasi_identifiers[c].codes[b])
            return false;
    return true;
}

static twin twin_of(const lb_table *t, size_t row) {
    twin result = {0};
    unsigned all[VALUES] = {0}, pairs = 0, all_pairs = 0;
    const uint32_t *codes = t->sensitive[0].codes;
    for (uint32_t u = 0; u < t->units; u++) {
        bool in = false, shows[VALUES] = {false}, here[VALUES] = {false};
        for (size_t r = 0; r < t->rows; r++) {
            if (t->unit[r] != u)
                continue;
            shows[codes[r]] = true;
            if (same_class(t, r, row))
                in = here[codes[r]] = true;
        }
        result.units += in;
        for (unsigned v = 0; v < VALUES; v++) {
            all[v] += shows[v];
            result.counts[v] += here[v];
        }
    }
    for (unsigned v = 0; v < VALUES; v++) {
        pairs += result.counts[v];
        all_pairs += all[v];
        result.used += all[v] > 0;
    }
    for (unsigned v = 0; v < VALUES; v++) {
        result.q[v] = (double)result.counts[v] / pairs;
        result.p[v] = (double)all[v] / all_pairs;
    }
    return result;
}

static double twin_ordered(const twin *w) {
    double sum = 0, difference = 0;
    for (unsigned v = 0; v < VALUES; v++) {
        difference += w->q[v] - w->p[v];
        sum += w->p[v] > 0 ? fabs(difference) : 0;
    }
    return w->used > 1 ? sum / (w->used - 1) : 0;
}

static double twin_categorical(const twin *w) {
    double sum = 0;
    for (unsigned v = 0; v < VALUES; v++)
        sum += fabs(w->q[v] - w->p[v]);
    return sum / 2;
}

static double twin_recursive(const twin *w, unsigned l) {
    unsigned sorted[VALUES], tail = 0;
    memcpy(sorted, w->counts, sizeof sorted);
    for (unsigned i = 0; i < VALUES; i++)
        for (unsigned j = i + 1; j < VALUES; j++)
            if (sorted[j] > sorted[i]) {
                unsigned swap = sorted[i];
                sorted[i] = sorted[j];
                sorted[j] = swap;
            }
    for (unsigned i = l - 1; i < VALUES; i++)
        tail += sorted[i];
    return tail ? (double)sorted[0] / tail : INFINITY;
}

static void assert_same(double got, double want, const char *what) {
    if (isinf(want))
        assert_true(got == want);
    else
        assert_close(got, want, 1e-12, what);
}

static void compare_class(const twin *w, const lb_class_inference *got, bool ordered) {
    double entropy = 0, beta = 0, delta = 0, alpha = 0;
    unsigned distinct = 0;
    for (unsigned v = 0; v < VALUES; v++) {
        if (w->counts[v] == 0)
            continue;
        distinct++;
        entropy -= w->q[v] * log(w->q[v]);
        beta = fmax(beta, (w->q[v] - w->p[v]) / w->p[v]);
        delta = fmax(delta, fabs(log(w->q[v] / w->p[v])));
        alpha = fmax(alpha, (double)w->counts[v] / w->units);
    }
    assert_int_equal(got->units, w->units);
    assert_int_equal(got->distinct, distinct);
    assert_same(got->entropy, entropy, "entropy");
    assert_same(got->beta, beta, "beta");
    assert_same(got->delta, delta, "delta");
    assert_same(got->alpha, alpha, "alpha");
    assert_same(got->t, ordered ? twin_ordered(w) : twin_categorical(w), "t");
    for (unsigned l = 2; l <= LB_RECURSIVE_LARGEST; l++)
        assert_same(got->recursive[l], twin_recursive(w, l), "recursive c");
}

static lb_inference measured(const lb_table *table, const lb_inference_options *options) {
    lb_inference result;
    lb_error error = {0};
    if (lb_inference_measure(&result, table, options, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    return result;
}

static void compare_with_twin(const lb_table *t, bool ordered) {
    lb_inference got = measured(t, &(lb_inference_options){.worst = 1000});
    const lb_field_inference *field = &got.fields[0];
    unsigned l = VALUES;
    double c = 0, t_worst = 0;
    for (size_t i = 0; i < field->worst_count; i++) {
        twin w = twin_of(t, field->worst[i].row);
        compare_class(&w, &field->worst[i], ordered);
        assert_true(i == 0 || field->worst[i - 1].alpha >= field->worst[i].alpha);
        l = field->worst[i].distinct < l ? field->worst[i].distinct : l;
        t_worst = fmax(t_worst, field->worst[i].t);
    }
    for (size_t i = 0; i < field->worst_count; i++) {
        twin w = twin_of(t, field->worst[i].row);
        c = fmax(c, twin_recursive(&w, l));
    }
    assert_int_equal(field->l_distinct, l);
    assert_same(field->c_recursive, c, "recursive c at l");
    assert_same(field->t, t_worst, "t");
    assert_same(got.overall.t, t_worst, "overall t");
    lb_inference few = measured(t, &(lb_inference_options){.worst = 3});
    assert_memory_equal(few.fields[0].worst, field->worst,
                        few.fields[0].worst_count * sizeof *field->worst);
    lb_inference_free(&few);
    lb_inference_free(&got);
}

static table_fixture *random_table(lb_random *random, bool travellers) {
    uint32_t codes[40 * 3], keys[40];
    size_t records = 1 + lb_random_below(random, 40);
    uint64_t units = 1 + lb_random_below(random, 15);
    for (size_t r = 0; r < records; r++) {
        codes[3 * r] = (uint32_t)lb_random_below(random, 3);
        codes[3 * r + 1] = (uint32_t)lb_random_below(random, 2);
        codes[3 * r + 2] = (uint32_t)lb_random_below(random, VALUES);
        keys[r] = (uint32_t)lb_random_below(random, units);
    }
    return table_fixture_codes(codes, records, 2, 1, travellers ? keys : NULL);
}

/* The twin knows values by code; the fixture's codes have no gaps and are in the same order. */
static void random_tables_agree_with_the_twin(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(1, "test_inference", 0);
    for (int i = 0; i < 500; i++) {
        table_fixture *f = random_table(&random, i % 2);
        lb_column *column = (lb_column *)&f->table.sensitive[0];
        compare_with_twin(&f->table, column->numbers != NULL);
        column->numbers = NULL;
        compare_with_twin(&f->table, false);
        table_fixture_free(f);
    }
}

/* Hierarchical distance, from its definition over all nodes: at each level the extra of a node is
 * what flows through it, and what its children exchange costs level / height. */
static double twin_hierarchical(const twin *w, const uint32_t groups[2][VALUES], unsigned levels) {
    double total = 0, height = levels + 1;
    uint32_t below[VALUES], above[VALUES];
    for (uint32_t v = 0; v < VALUES; v++)
        below[v] = v;
    for (unsigned level = 0; level <= levels; level++) {
        double surplus[VALUES] = {0}, deficit[VALUES] = {0}, extra[VALUES] = {0};
        for (uint32_t v = 0; v < VALUES; v++) {
            above[v] = level < levels ? groups[level][v] : 0;
            extra[below[v]] += w->q[v] - w->p[v];
        }
        for (uint32_t n = 0; n < VALUES; n++)
            for (uint32_t v = 0; v < VALUES; v++)
                if (below[v] == n) {
                    surplus[above[v]] += fmax(extra[n], 0);
                    deficit[above[v]] += fmax(-extra[n], 0);
                    break;
                }
        for (uint32_t n = 0; n < VALUES; n++)
            total += (level + 1) / height * fmin(surplus[n], deficit[n]);
        memcpy(below, above, sizeof below);
    }
    return total;
}

static void hierarchies_agree_with_the_twin(void **state) {
    (void)state;
    static const uint32_t groups[2][VALUES] = {{0, 1, 1, 2, 2, 3, 3, 3}, {0, 0, 0, 1, 1, 1, 1, 1}};
    lb_random random = lb_random_keyed(2, "test_inference", 0);
    for (int i = 0; i < 300; i++) {
        table_fixture *f = random_table(&random, i % 2);
        if (f->table.sensitive[0].distinct == VALUES - 1) /* the codes are those of the groups */
            for (size_t levels = 0; levels <= 2; levels++) {
                const uint32_t *of_levels[] = {groups[0], groups[1]};
                lb_value_hierarchy hierarchy = {levels, of_levels};
                lb_inference got = measured(
                    &f->table, &(lb_inference_options){
                                   .hierarchies = (const lb_value_hierarchy *const[]){&hierarchy},
                                   .worst = 1000});
                for (size_t c = 0; c < got.fields[0].worst_count; c++) {
                    const lb_class_inference *class = &got.fields[0].worst[c];
                    twin w = twin_of(&f->table, class->row);
                    assert_same(class->t, twin_hierarchical(&w, groups, (unsigned)levels), "t");
                    if (levels == 0)
                        assert_same(class->t, twin_categorical(&w), "t without levels");
                }
                lb_inference_free(&got);
            }
        table_fixture_free(f);
    }
}

static void a_hierarchy_that_cuts_groups_is_refused(void **state) {
    (void)state;
    uint32_t codes[] = {1, 1, 1, 2, 1, 3};
    static const uint32_t lower[] = {0, 1, 1, 2}, upper[] = {0, 1, 2, 2};
    const uint32_t *levels[] = {lower, upper};
    lb_value_hierarchy hierarchy = {2, levels};
    table_fixture *f = table_fixture_codes(codes, 3, 1, 1, NULL);
    lb_inference result;
    lb_error error = {0};
    lb_inference_options options = {.hierarchies = (const lb_value_hierarchy *const[]){&hierarchy}};
    assert_int_equal(lb_inference_measure(&result, &f->table, &options, &error), LB_E_INPUT);
    assert_null(result.arena);
    table_fixture_free(f);
}

static void equal_numbers_are_one_value(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = (const char *const[]){"a", NULL},
                         .sensitive = (const char *const[]){"s", NULL}};
    table_fixture *f = table_fixture_text("a,s\nx,1\nx,1.0\ny,2\ny,10\n", &roles);
    lb_inference got = measured(&f->table, &(lb_inference_options){0});
    assert_int_equal(got.fields[0].values, 3);
    assert_int_equal(got.fields[0].l_distinct, 1);
    assert_close(got.fields[0].t, 0.375, 1e-12, "t"); /* cumulated p: 0.5, 0.75, 1 */
    lb_inference_free(&got);
    table_fixture_free(f);
}

static void a_traveller_shows_each_class_what_it_showed_there(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = (const char *const[]){"city", NULL},
                         .sensitive = (const char *const[]){"s", NULL},
                         .unit = "user"};
    table_fixture *f = table_fixture_text(
        "user,city,s\nu,A,flu\nu,A,flu\nu,A,flu\nu,B,hiv\nv,A,flu\nv,A,hiv\nw,B,hiv\n", &roles);
    lb_inference got = measured(&f->table, &(lb_inference_options){.worst = 10});
    const lb_field_inference *field = &got.fields[0];
    assert_int_equal(field->worst_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(field->worst[i].units, 2);
        assert_true(field->worst[i].alpha == 1); /* A: both show flu, one hiv too; B: both hiv */
        assert_int_equal(
            field->worst[i].distinct,
            field->worst[i].row == f->rows[3] || field->worst[i].row == f->rows[6] ? 1 : 2);
    }
    /* p: flu by u, v; hiv by u, v, w. */
    assert_close(field->t, 0.4, 1e-12, "t"); /* in B, where hiv is 1 instead of 0.6 */
    lb_inference_free(&got);
    table_fixture_free(f);
}

static void without_sensitive_fields_there_is_nothing(void **state) {
    (void)state;
    uint32_t codes[] = {1};
    table_fixture *f = table_fixture_codes(codes, 1, 1, 0, NULL);
    lb_inference got = measured(&f->table, &(lb_inference_options){0});
    assert_int_equal(got.field_count, 0);
    lb_inference_free(&got);
    table_fixture_free(f);
}

static void lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    uint32_t codes[] = {1, 0, 2, 1, 0, 3, 1, 1}, keys[] = {1, 1, 2, 3};
    table_fixture *f = table_fixture_codes(codes, 4, 1, 1, keys);
    lb_inference_options options = {.worst = 2};
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_inference result;
        lb_memory_fail_after(n);
        status = lb_inference_measure(&result, &f->table, &options, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || (status == LB_E_RESOURCE && !result.arena));
        lb_inference_free(&result);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

static json_t *list_of(const json_t *name) {
    json_t *list = json_array();
    json_array_append_new(list, json_string(json_string_value(name)));
    return list;
}

static void pycanon_finds_the_same(void **state) {
    (void)state;
    json_t *entries = reference_load("pycanon.json"), *entry;
    size_t i;
    json_array_foreach(entries, i, entry) {
        json_t *sensitive = list_of(json_object_get(entry, "sensitive"));
        table_fixture *f = reference_table(json_string_value(json_object_get(entry, "file")),
                                           json_object_get(entry, "qi"), sensitive, NULL, NULL);
        assert_non_null(f);
        lb_inference got = measured(&f->table, &(lb_inference_options){0});
        const lb_field_inference *field = &got.fields[0];
        const json_t *want = json_object_get(entry, "pycanon");
        bool numeric =
            strcmp(json_string_value(json_object_get(entry, "sensitive_type")), "numeric") == 0;
        assert_int_equal(field->distance, numeric ? LB_DISTANCE_ORDERED : LB_DISTANCE_CATEGORICAL);
        assert_int_equal(field->l_distinct, (int)reference_number(want, "l_diversity"));
        /* truncated after rounding error: either side of a whole number will do */
        double entropy = reference_number(want, "entropy_l_diversity");
        assert_true(floor(field->l_entropy - 1e-9) == entropy ||
                    floor(field->l_entropy + 1e-9) == entropy);
        assert_close(
            field->alpha,
            json_number_value(json_array_get(json_object_get(want, "alpha_k_anonymity"), 0)), 1e-9,
            "alpha");
        assert_close(field->beta, reference_number(want, "basic_beta_likeness"), 1e-9, "beta");
        assert_close(field->beta_enhanced, reference_number(want, "enhanced_beta_likeness"), 1e-9,
                     "enhanced beta");
        assert_close(field->t, reference_number(want, "t_closeness"), 1e-9, "t");
        assert_close(field->delta, reference_number(want, "delta_disclosure"), 1e-9, "delta");
        lb_inference_free(&got);
        table_fixture_free(f);
        json_decref(sensitive);
    }
    json_decref(entries);
}

static void compare_recursive(const lb_field_inference *field, const json_t *want) {
    const json_t *ratios = json_object_get(want, "recursive_max_ratio_r1_over_tail");
    static const char *const names[] = {"", "", "2", "3", "4"};
    for (unsigned l = 2; l <= LB_RECURSIVE_LARGEST; l++) {
        const json_t *ratio = json_object_get(ratios, names[l]);
        assert_same(field->recursive[l],
                    json_is_number(ratio) ? json_number_value(ratio) : INFINITY, "recursive c");
    }
    size_t l2 = 0, l3 = 0;
    for (size_t i = 0; i < field->worst_count; i++) {
        l2 += field->worst[i].recursive[2] >= 3;
        l3 += field->worst[i].recursive[3] >= 3;
    }
    assert_int_equal(l2, (size_t)reference_number(want, "recursive_classes_violating_c3_l2"));
    assert_int_equal(l3, (size_t)reference_number(want, "recursive_classes_violating_c3_l3"));
}

static void compare_textbook(const lb_field_inference *field, const json_t *want) {
    assert_int_equal(field->values, (int)reference_number(want, "distinct_values"));
    assert_int_equal(field->l_distinct, (int)reference_number(want, "distinct_l"));
    assert_close(field->alpha, reference_number(want, "alpha"), 1e-9, "alpha");
    assert_close(field->l_entropy, reference_number(want, "entropy_l_exact"), 1e-9, "entropy l");
    assert_close(field->beta, reference_number(want, "basic_beta"), 1e-9, "beta");
    assert_close(field->beta_enhanced, reference_number(want, "enhanced_beta_pycanon"), 1e-9,
                 "enhanced beta");
    assert_close(field->delta, reference_number(want, "delta_disclosure"), 1e-9, "delta");
    bool numeric = json_is_true(json_object_get(want, "numeric"));
    assert_int_equal(field->distance, numeric ? LB_DISTANCE_ORDERED : LB_DISTANCE_CATEGORICAL);
    assert_close(field->t, reference_number(want, numeric ? "t_ordered" : "t_equal"), 1e-9, "t");
    assert_int_equal(field->enhanced_violations,
                     (uint64_t)reference_number(want, "enhanced_pairs_violating_lnp"));
    compare_recursive(field, want);
}

static void the_textbook_finds_the_same(void **state) {
    (void)state;
    json_t *book = reference_load("textbook.json"), *entry;
    const char *name;
    size_t checked = 0;
    json_object_foreach(json_object_get(book, "privacy_models"), name, entry) {
        json_t *sensitive = json_object_get(entry, "sa");
        table_fixture *f = reference_table(textbook_file(entry), json_object_get(entry, "qi"),
                                           sensitive, NULL, NULL);
        if (!f)
            continue;
        lb_inference got = measured(&f->table, &(lb_inference_options){.worst = 100000});
        for (size_t s = 0; s < got.field_count; s++)
            compare_textbook(&got.fields[s],
                             json_object_get(json_object_get(entry, "textbook"),
                                             json_string_value(json_array_get(sensitive, s))));
        lb_inference_free(&got);
        table_fixture_free(f);
        checked++;
    }
    assert_true(checked >= 10);
    json_decref(book);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_agree_with_the_twin),
        cmocka_unit_test(hierarchies_agree_with_the_twin),
        cmocka_unit_test(a_hierarchy_that_cuts_groups_is_refused),
        cmocka_unit_test(equal_numbers_are_one_value),
        cmocka_unit_test(a_traveller_shows_each_class_what_it_showed_there),
        cmocka_unit_test(without_sensitive_fields_there_is_nothing),
        cmocka_unit_test(lack_of_memory_leaves_nothing_behind),
        cmocka_unit_test(pycanon_finds_the_same),
        cmocka_unit_test(the_textbook_finds_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
