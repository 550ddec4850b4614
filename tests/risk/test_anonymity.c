/* Anonymity sets against a brute-force twin, against pycanon, ARX and sdcMicro, and against what
 * must hold of any table. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "reference.h"
#include "risk/classes/anonymity.h"

/* The twin: definitions, pair by pair. */

static uint32_t code(const lb_table *t, size_t row, size_t column) {
    return t->quasi_identifiers[column].codes[row];
}

static bool rows_match(const lb_table *t, size_t a, size_t b, bool any) {
    for (size_t c = 0; c < t->quasi_identifier_count; c++)
        if (code(t, a, c) != code(t, b, c) && !(any && (!code(t, a, c) || !code(t, b, c))))
            return false;
    return true;
}

static uint32_t twin_size(const lb_table *t, size_t row, bool any) {
    uint32_t size = 0;
    for (size_t u = 0, r = 0; u < t->units; u++) {
        bool has = false;
        for (; r < t->rows && t->unit[r] == u; r++)
            has |= rows_match(t, row, r, any);
        size += has;
    }
    return size;
}

static bool twin_shows(const lb_table *t, uint32_t unit, size_t row) {
    for (size_t r = 0; r < t->rows; r++)
        if (t->unit[r] == unit && rows_match(t, r, row, false))
            return true;
    return false;
}

static bool twin_traces_differ(const lb_table *t, uint32_t a, uint32_t b) {
    for (size_t r = 0; r < t->rows; r++)
        if ((t->unit[r] == a && !twin_shows(t, b, r)) || (t->unit[r] == b && !twin_shows(t, a, r)))
            return true;
    return false;
}

static double twin_separation(const lb_table *t) {
    size_t differ = 0, pairs = t->units * (t->units - 1) / 2;
    for (uint32_t a = 0; a < t->units; a++)
        for (uint32_t b = a + 1; b < t->units; b++)
            differ += twin_traces_differ(t, a, b);
    return pairs ? (double)differ / (double)pairs : 0;
}

static bool is_first_of_its_class(const lb_table *t, size_t row) {
    for (size_t r = 0; r < row; r++)
        if (rows_match(t, r, row, false))
            return false;
    return true;
}

static void compare_with_twin(const lb_table *t, lb_missing missing) {
    lb_anonymity got;
    lb_error error = {0};
    lb_anonymity_options options = {.missing = missing, .k = 3};
    assert_int_equal(lb_anonymity_measure(&got, t, &options, &error), 0);
    uint32_t classes = 0, *sets = malloc(t->units * sizeof *sets), *sizes;
    assert_non_null(sets);
    sizes = calloc(t->units + 1, sizeof *sizes);
    assert_non_null(sizes);
    for (size_t u = 0; u < t->units; u++)
        sets[u] = (uint32_t)t->units;
    for (size_t r = 0; r < t->rows; r++) {
        uint32_t size = twin_size(t, r, missing == LB_MISSING_ANY);
        assert_int_equal(got.class_sizes[got.traces.class_of_row[r]], size);
        if (size < sets[t->unit[r]])
            sets[t->unit[r]] = size;
        if (is_first_of_its_class(t, r)) {
            assert_int_equal(got.traces.class_of_row[r], classes);
            classes++;
            sizes[size]++;
        }
    }
    assert_int_equal(got.classes, classes);
    uint32_t unique = 0, below = 0, smallest = (uint32_t)t->units;
    double risk = 0;
    for (size_t u = 0; u < t->units; u++) {
        assert_int_equal(got.sets[u], sets[u]);
        unique += sets[u] == 1;
        below += sets[u] < 3;
        smallest = sets[u] < smallest ? sets[u] : smallest;
        risk += 1.0 / sets[u];
    }
    assert_int_equal(got.k, smallest);
    assert_int_equal(got.unique, unique);
    assert_int_equal(got.below_k, below);
    assert_close(got.prosecutor_mean, risk / (double)t->units, 1e-12, "prosecutor_mean");
    if (t->units <= 64) /* the twin is slow */
        assert_close(got.separation, twin_separation(t), 1e-12, "separation");
    uint32_t in_histogram = 0, units_in_histogram = 0;
    for (size_t i = 0; i < got.histogram_count; i++) {
        assert_int_equal(got.histogram[i].classes, sizes[got.histogram[i].size]);
        in_histogram += got.histogram[i].classes;
        units_in_histogram += got.histogram[i].units;
    }
    assert_int_equal(in_histogram, classes);
    assert_int_equal(units_in_histogram, t->units);
    free(sizes);
    free(sets);
    lb_anonymity_free(&got);
}

static table_fixture *random_table(lb_random *random, bool travellers) {
    uint32_t codes[60 * 5], keys[60];
    size_t records = 1 + lb_random_below(random, 40), columns = 1 + lb_random_below(random, 5);
    uint64_t values = 2 + lb_random_below(random, 3), units = 1 + lb_random_below(random, 20);
    for (size_t i = 0; i < records * columns; i++)
        codes[i] = (uint32_t)lb_random_below(random, values);
    for (size_t r = 0; r < records; r++)
        keys[r] = (uint32_t)lb_random_below(random, units);
    return table_fixture_codes(codes, records, columns, 0, travellers ? keys : NULL);
}

static void random_tables_agree_with_the_twin(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(1, "test_anonymity", 0);
    for (int i = 0; i < 600; i++) {
        table_fixture *f = random_table(&random, i % 3 > 0);
        compare_with_twin(&f->table, LB_MISSING_OWN);
        compare_with_twin(&f->table, LB_MISSING_ANY);
        table_fixture_free(f);
    }
}

/* Large enough for patterns of missing values to be joined by hashing. */
static void larger_tables_with_missing_values_agree_with_the_twin(void **state) {
    (void)state;
    enum { RECORDS = 400, COLUMNS = 3 };
    static uint32_t codes[RECORDS * COLUMNS], keys[RECORDS];
    lb_random random = lb_random_keyed(5, "test_anonymity", 0);
    for (int i = 0; i < 12; i++) {
        for (size_t c = 0; c < RECORDS * COLUMNS; c++)
            codes[c] = lb_random_below(&random, 6) ? 1 + (uint32_t)lb_random_below(&random, 6) : 0;
        for (size_t r = 0; r < RECORDS; r++)
            keys[r] = (uint32_t)lb_random_below(&random, 250);
        table_fixture *f = table_fixture_codes(codes, RECORDS, COLUMNS, 0, i % 2 ? keys : NULL);
        compare_with_twin(&f->table, LB_MISSING_ANY);
        table_fixture_free(f);
    }
}

static lb_anonymity measured(const lb_table *table, lb_missing missing) {
    lb_anonymity result;
    lb_error error = {0};
    lb_anonymity_options options = {.missing = missing, .k = 5};
    if (lb_anonymity_measure(&result, table, &options, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    return result;
}

static void more_units_never_make_a_class_smaller(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(2, "test_anonymity", 0);
    uint32_t codes[200 * 2], keys[200];
    for (size_t r = 0; r < 200; r++) {
        codes[2 * r] = (uint32_t)lb_random_below(&random, 4);
        codes[2 * r + 1] = (uint32_t)lb_random_below(&random, 4);
        keys[r] = (uint32_t)(r / 2);
    }
    for (size_t fewer = 20; fewer < 200; fewer += 20)
        for (lb_missing missing = LB_MISSING_OWN; missing <= LB_MISSING_ANY; missing++) {
            table_fixture *few = table_fixture_codes(codes, fewer, 2, 0, keys);
            table_fixture *many = table_fixture_codes(codes, 200, 2, 0, keys);
            lb_anonymity a = measured(&few->table, missing), b = measured(&many->table, missing);
            for (size_t r = 0; r < fewer; r++)
                assert_true(a.class_sizes[a.traces.class_of_row[few->rows[r]]] <=
                            b.class_sizes[b.traces.class_of_row[many->rows[r]]]);
            lb_anonymity_free(&a);
            lb_anonymity_free(&b);
            table_fixture_free(few);
            table_fixture_free(many);
        }
}

static void users_of_one_row_are_measured_like_records(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(3, "test_anonymity", 0);
    uint32_t codes[100 * 3], keys[100];
    for (size_t i = 0; i < 300; i++)
        codes[i] = (uint32_t)lb_random_below(&random, 4);
    for (uint32_t r = 0; r < 100; r++)
        keys[r] = 1000 - r;
    table_fixture *users = table_fixture_codes(codes, 100, 3, 0, keys);
    table_fixture *records = table_fixture_codes(codes, 100, 3, 0, NULL);
    for (lb_missing missing = LB_MISSING_OWN; missing <= LB_MISSING_ANY; missing++) {
        lb_anonymity a = measured(&users->table, missing), b = measured(&records->table, missing);
        assert_int_equal(a.k, b.k);
        assert_int_equal(a.classes, b.classes);
        assert_int_equal(a.unique, b.unique);
        assert_true(a.prosecutor_mean == b.prosecutor_mean);
        assert_true(a.distinction == b.distinction && a.separation == b.separation);
        assert_int_equal(a.histogram_count, b.histogram_count);
        assert_memory_equal(a.histogram, b.histogram, a.histogram_count * sizeof *a.histogram);
        lb_anonymity_free(&a);
        lb_anonymity_free(&b);
    }
    table_fixture_free(users);
    table_fixture_free(records);
}

static void a_traveller_counts_once_in_a_class_and_is_as_safe_as_in_the_smallest(void **state) {
    (void)state;
    table_roles roles = {.quasi_identifiers = (const char *const[]){"country", "age", NULL},
                         .unit = "user"};
    table_fixture *f = table_fixture_text("user,country,age\nu,DE,30\nu,DE,31\nu,FR,30\nv,DE,30\n"
                                          "w,DE,30\nw,DE,31\n",
                                          &roles);
    lb_anonymity all = measured(&f->table, LB_MISSING_OWN);
    assert_int_equal(all.classes, 3);
    assert_int_equal(all.k, 1);
    assert_int_equal(all.sets[f->units[0]], 1);
    assert_int_equal(all.sets[f->units[3]], 3);
    assert_int_equal(all.sets[f->units[4]], 2);
    assert_int_equal(all.traces.traces, 3);
    lb_anonymity_free(&all);
    lb_anonymity country;
    lb_anonymity_options options = {.columns = (uint32_t[]){0}, .column_count = 1};
    assert_int_equal(lb_anonymity_measure(&country, &f->table, &options, NULL), 0);
    assert_int_equal(country.class_sizes[country.traces.class_of_row[f->rows[0]]], 3);
    assert_int_equal(country.unique, 1);
    lb_anonymity_free(&country);
    table_fixture_free(f);
}

static void without_columns_everyone_is_in_one_class(void **state) {
    (void)state;
    uint32_t codes[] = {1, 2, 3, 4};
    table_fixture *f = table_fixture_codes(codes, 4, 1, 0, NULL);
    lb_anonymity result;
    lb_anonymity_options options = {.columns = codes, .column_count = 0};
    assert_int_equal(lb_anonymity_measure(&result, &f->table, &options, NULL), 0);
    assert_int_equal(result.k, 4);
    assert_int_equal(result.classes, 1);
    assert_true(result.separation == 0);
    lb_anonymity_free(&result);
    table_fixture_free(f);
}

static void an_empty_table_has_no_risk(void **state) {
    (void)state;
    for (lb_missing missing = LB_MISSING_OWN; missing <= LB_MISSING_ANY; missing++) {
        lb_anonymity result = measured(&(lb_table){0}, missing);
        assert_int_equal(result.k, 0);
        assert_int_equal(result.classes, 0);
        assert_true(result.prosecutor_max == 0 && result.unique_share == 0);
        lb_anonymity_free(&result);
    }
}

static void a_unit_without_rows_hides_among_all(void **state) {
    (void)state;
    uint32_t unit[] = {0, 2}, records[] = {1, 1}, codes[] = {1, 1};
    lb_column column = {.name = LB_STR("a"), .distinct = 1, .codes = codes};
    lb_table table = {.rows = 2,
                      .units = 3,
                      .unit = unit,
                      .records = records,
                      .quasi_identifiers = &column,
                      .quasi_identifier_count = 1};
    for (lb_missing missing = LB_MISSING_OWN; missing <= LB_MISSING_ANY; missing++) {
        lb_anonymity result = measured(&table, missing);
        assert_int_equal(result.sets[0], 2);
        assert_int_equal(result.sets[1], 3);
        assert_int_equal(result.k, 2);
        lb_anonymity_free(&result);
    }
}

static void a_column_that_is_not_there_is_an_error(void **state) {
    (void)state;
    lb_anonymity result;
    lb_error error = {0};
    lb_anonymity_options options = {.columns = (uint32_t[]){0}, .column_count = 1};
    assert_int_equal(lb_anonymity_measure(&result, &(lb_table){0}, &options, &error), LB_E_USAGE);
    assert_true(error.mend[0] != '\0');
}

static void more_columns_than_fit_one_key_are_grouped_exactly(void **state) {
    (void)state;
    enum { ROWS = 400, COLUMNS = 40 };
    static uint32_t codes[ROWS * COLUMNS];
    lb_random random = lb_random_keyed(4, "test_anonymity", 0);
    for (size_t r = 0; r < ROWS; r++) /* pairs of rows that differ in one column at most */
        for (size_t c = 0; c < COLUMNS; c++)
            codes[r * COLUMNS + c] = r % 2 ? codes[(r - 1) * COLUMNS + c]
                                           : (uint32_t)(1 + lb_random_below(&random, 300));
    for (size_t r = 1; r < ROWS; r += 4)
        codes[r * COLUMNS + r % COLUMNS] += 500;
    table_fixture *f = table_fixture_codes(codes, ROWS, COLUMNS, 0, NULL);
    lb_anonymity result = measured(&f->table, LB_MISSING_OWN);
    assert_int_equal(result.unique, ROWS / 2);
    assert_int_equal(result.classes, ROWS / 2 + ROWS / 4);
    lb_anonymity_free(&result);
    table_fixture_free(f);
}

/* Large enough for the radix partition, with one value that half of the rows share. */
static void large_tables_are_grouped_exactly(void **state) {
    (void)state;
    enum { ROWS = 300000, VALUES = 40000 };
    uint32_t *codes = malloc(2 * ROWS * sizeof *codes), *unit = malloc(2 * ROWS * sizeof *unit);
    uint32_t *count = calloc(VALUES + 1, sizeof *count);
    assert_true(codes && unit && count);
    for (uint32_t r = 0; r < ROWS; r++) {
        codes[r] = r % 2 ? 7 : 1 + (uint32_t)((uint64_t)r * 2654435761u % VALUES);
        codes[ROWS + r] = 1 + codes[r] / 2;
        unit[r] = r;
        unit[ROWS + r] = 1;
        count[codes[r]]++;
    }
    lb_column columns[] = {{.distinct = VALUES, .codes = codes},
                           {.distinct = VALUES, .codes = codes + ROWS}};
    lb_table table = {.rows = ROWS,
                      .units = ROWS,
                      .unit = unit,
                      .records = unit + ROWS,
                      .quasi_identifiers = columns,
                      .quasi_identifier_count = 2};
    lb_anonymity result = measured(&table, LB_MISSING_OWN);
    assert_int_equal(result.histogram[result.histogram_count - 1].size, count[7]);
    assert_int_equal(result.histogram[result.histogram_count - 1].classes, 1);
    assert_int_equal(result.histogram[result.histogram_count - 1].units, count[7]);
    uint32_t next = 0;
    for (size_t r = 0; r < ROWS; r++) {
        assert_int_equal(result.sets[r], count[codes[r]]);
        assert_true(result.traces.class_of_row[r] <= next);
        next += result.traces.class_of_row[r] == next;
    }
    lb_anonymity_free(&result);
    free(count);
    free(unit);
    free(codes);
}

static void lack_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    uint32_t codes[] = {1, 0, 2, 1, 0, 3, 1, 1}, keys[] = {1, 1, 2, 3};
    table_fixture *f = table_fixture_codes(codes, 4, 2, 0, keys);
    lb_anonymity_options options = {.missing = LB_MISSING_ANY};
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_anonymity result;
        lb_memory_fail_after(n);
        status = lb_anonymity_measure(&result, &f->table, &options, NULL);
        lb_memory_fail_after(0);
        assert_true(status == 0 || status == LB_E_RESOURCE);
        if (status < 0)
            assert_null(result.traces.arena);
        lb_anonymity_free(&result);
        assert_true(n < 1000);
    }
    table_fixture_free(f);
}

static void pycanon_finds_the_same_classes(void **state) {
    (void)state;
    json_t *entries = reference_load("pycanon.json"), *entry;
    size_t i;
    json_array_foreach(entries, i, entry) {
        table_fixture *f = reference_table(json_string_value(json_object_get(entry, "file")),
                                           json_object_get(entry, "qi"), NULL, NULL, NULL);
        assert_non_null(f);
        lb_anonymity got = measured(&f->table, LB_MISSING_OWN);
        const json_t *values = json_object_get(entry, "pycanon");
        assert_int_equal(got.k, (int)reference_number(values, "k_anonymity"));
        assert_int_equal(got.classes, (int)reference_number(entry, "classes"));
        assert_int_equal(got.unique, (int)reference_number(entry, "unique_records"));
        assert_int_equal(got.below_k, (int)reference_number(entry, "records_below_5"));
        assert_close(got.prosecutor_mean, reference_number(entry, "prosecutor_mean"), 1e-12,
                     "prosecutor_mean");
        lb_anonymity_free(&got);
        table_fixture_free(f);
    }
    json_decref(entries);
}

static void arx_finds_the_same_risks(void **state) {
    (void)state;
    json_t *entries = reference_load("arx.jsonl"), *entry;
    size_t i;
    json_array_foreach(entries, i, entry) {
        if (!json_object_get(entry, "classes"))
            continue;
        table_fixture *f =
            reference_table("adult_arx.csv", json_object_get(entry, "qi"), NULL, NULL, NULL);
        assert_non_null(f);
        lb_anonymity got = measured(&f->table, LB_MISSING_OWN);
        assert_int_equal(got.classes, (int)reference_number(entry, "classes"));
        assert_int_equal(got.k, (int)reference_number(entry, "min_class"));
        assert_int_equal(got.largest, (int)reference_number(entry, "max_class"));
        assert_close(got.unique_share, reference_number(entry, "sample_unique_share"), 1e-12,
                     "unique share");
        assert_close(got.prosecutor_max, reference_number(entry, "prosecutor_highest"), 1e-12,
                     "prosecutor_max");
        assert_close(got.prosecutor_mean, reference_number(entry, "prosecutor_success"), 1e-12,
                     "prosecutor_mean");
        assert_close(got.above_020, reference_number(entry, "prosecutor_records_at_risk_0.2"),
                     1e-12, "above 0.2");
        lb_anonymity_free(&got);
        table_fixture_free(f);
    }
    json_decref(entries);
}

/* "[a, b]" as an array of names. */
static json_t *attributes_of(const json_t *entry) {
    char text[512];
    json_t *names = json_array();
    const char *from = json_string_value(json_object_get(entry, "attributes"));
    size_t size = strcspn(from + 1, "]");
    assert_true(size < sizeof text);
    memcpy(text, from + 1, size);
    text[size] = '\0';
    for (char *at = text; at;) {
        char *end = strchr(at, ',');
        json_array_append_new(names, json_stringn(at, end ? (size_t)(end - at) : strlen(at)));
        at = end ? end + 1 + strspn(end + 1, " ") : NULL;
    }
    return names;
}

static void arx_finds_the_same_distinction_and_separation(void **state) {
    (void)state;
    static const char *const all[] = {
        "sex",       "age",        "race",        "marital-status", "education", "native-country",
        "workclass", "occupation", "salary-class"};
    json_t *entries = reference_load("arx.jsonl"), *entry, *names = json_array();
    size_t i, checked = 0;
    for (i = 0; i < sizeof all / sizeof *all; i++)
        json_array_append_new(names, json_string(all[i]));
    table_fixture *f = reference_table("adult_arx.csv", names, NULL, NULL, NULL);
    assert_non_null(f);
    json_array_foreach(entries, i, entry) {
        if (!json_object_get(entry, "attributes"))
            continue;
        json_t *attributes = attributes_of(entry);
        uint32_t columns[16];
        for (size_t a = 0; a < json_array_size(attributes); a++)
            for (uint32_t c = 0; c < sizeof all / sizeof *all; c++)
                if (strcmp(all[c], json_string_value(json_array_get(attributes, a))) == 0)
                    columns[a] = c;
        lb_anonymity_options options = {.columns = columns,
                                        .column_count = json_array_size(attributes)};
        lb_anonymity got;
        assert_int_equal(lb_anonymity_measure(&got, &f->table, &options, NULL), 0);
        assert_close(got.distinction, reference_number(entry, "distinction"), 1e-12, "distinction");
        assert_close(got.separation, reference_number(entry, "separation"), 1e-12, "separation");
        lb_anonymity_free(&got);
        json_decref(attributes);
        checked++;
    }
    assert_int_equal(checked, 328);
    table_fixture_free(f);
    json_decref(names);
    json_decref(entries);
}

static void textbook_classes_agree(void **state) {
    (void)state;
    json_t *book = reference_load("textbook.json");
    json_t *entry;
    const char *name;
    size_t checked = 0;
    json_object_foreach(json_object_get(book, "privacy_models"), name, entry) {
        table_fixture *f =
            reference_table(textbook_file(entry), json_object_get(entry, "qi"), NULL, NULL, NULL);
        if (!f)
            continue;
        const json_t *want = json_object_get(entry, "textbook");
        const json_t *below = json_object_get(want, "rows_k_lt");
        for (unsigned k = 2; k <= 20; k++) {
            char key[8];
            snprintf(key, sizeof key, "%u", k);
            if (!json_object_get(below, key))
                continue;
            lb_anonymity got;
            lb_anonymity_options options = {.k = k};
            assert_int_equal(lb_anonymity_measure(&got, &f->table, &options, NULL), 0);
            assert_int_equal(got.below_k, (int)reference_number(below, key));
            assert_int_equal(got.k, (int)reference_number(want, "k"));
            assert_int_equal(got.classes, (int)reference_number(want, "classes"));
            assert_int_equal(got.unique, (int)reference_number(want, "uniques"));
            assert_int_equal(got.largest, (int)reference_number(want, "max_class"));
            lb_anonymity_free(&got);
        }
        table_fixture_free(f);
        checked++;
    }
    assert_true(checked >= 10);
    json_decref(book);
}

static void sdcmicro_finds_the_same_class_sizes(void **state) {
    (void)state;
    json_t *entries = reference_load("sdcmicro.json"), *entry;
    size_t i, checked = 0;
    json_array_foreach(entries, i, entry) {
        if (strcmp(json_string_value(json_object_get(entry, "call")), "freqCalc") != 0)
            continue;
        const json_t *head = json_object_get(entry, "fk_head");
        table_fixture *f = reference_table(json_string_value(json_object_get(entry, "file")),
                                           json_object_get(entry, "qi"), NULL, NULL, "NA");
        assert_non_null(f);
        for (lb_missing missing = LB_MISSING_OWN; missing <= LB_MISSING_ANY; missing++) {
            lb_anonymity got = measured(&f->table, missing);
            uint64_t sum = 0;
            for (size_t r = 0; r < f->records; r++) {
                const json_t *fk = json_array_get(head, r);
                if (json_is_number(fk))
                    assert_int_equal(got.sets[f->units[r]], (int)json_number_value(fk));
                sum += got.sets[f->units[r]];
            }
            assert_int_equal(sum, (uint64_t)reference_number(entry, "fk_sum"));
            assert_int_equal(got.unique, (size_t)reference_number(entry, "n1"));
            lb_anonymity_free(&got);
        }
        table_fixture_free(f);
        checked++;
    }
    assert_true(checked > 0);
    json_decref(entries);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_agree_with_the_twin),
        cmocka_unit_test(larger_tables_with_missing_values_agree_with_the_twin),
        cmocka_unit_test(more_units_never_make_a_class_smaller),
        cmocka_unit_test(users_of_one_row_are_measured_like_records),
        cmocka_unit_test(a_traveller_counts_once_in_a_class_and_is_as_safe_as_in_the_smallest),
        cmocka_unit_test(without_columns_everyone_is_in_one_class),
        cmocka_unit_test(an_empty_table_has_no_risk),
        cmocka_unit_test(a_unit_without_rows_hides_among_all),
        cmocka_unit_test(a_column_that_is_not_there_is_an_error),
        cmocka_unit_test(more_columns_than_fit_one_key_are_grouped_exactly),
        cmocka_unit_test(large_tables_are_grouped_exactly),
        cmocka_unit_test(lack_of_memory_leaves_nothing_behind),
        cmocka_unit_test(pycanon_finds_the_same_classes),
        cmocka_unit_test(arx_finds_the_same_risks),
        cmocka_unit_test(arx_finds_the_same_distinction_and_separation),
        cmocka_unit_test(textbook_classes_agree),
        cmocka_unit_test(sdcmicro_finds_the_same_class_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
