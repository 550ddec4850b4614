/* How well population uniqueness is predicted from samples: population TABLE.csv
 *
 * The table (Adult: reference/data/adult_arx.csv or adult.csv) is taken as the population, whose
 * uniqueness is known. For several sets of columns and sampling fractions it prints the truth and
 * the mean estimate of each model over five samples, then each model's mean absolute error. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/thread.h"
#include "risk/population/copula.h"
#include "risk/population/population.h"
#include "risk/table_fixture.h"

enum { SAMPLES = 5, MODELS = 6, COLUMNS_MAX = 16, FRACTIONS = 4 };

static const char *const model_names[MODELS] = {"zayatz", "pitman", "snb",
                                                "dankar", "copula", "calibr."};
static const double fractions[FRACTIONS] = {0.01, 0.05, 0.10, 0.25};

static const char *const column_sets[][COLUMNS_MAX] = {
    {"age", "sex", "race"},
    {"age", "sex", "race", "marital-status", "occupation"},
    {"age", "sex", "education", "occupation", "native-country"},
    {"sex", "race", "marital-status", "education", "workclass", "occupation"},
    {"age", "sex", "race", "marital-status", "education", "native-country"},
    {"sex", "age", "race", "marital-status", "education", "native-country", "workclass",
     "occupation"},
    {"sex", "age", "race", "marital-status", "education", "native-country", "workclass",
     "occupation", "salary-class"},
};
enum { SETS = sizeof column_sets / sizeof *column_sets };

static void *must(void *memory) {
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

typedef struct keyed_row {
    uint64_t key;
    uint32_t row;
} keyed_row;

static int compare_keys(const void *left, const void *right) {
    const keyed_row *a = left, *b = right;
    return (a->key > b->key) - (a->key < b->key);
}

/* The `rows` rows of the table with the lowest draws, as a table of its own. */
static lb_table sample_of(const lb_table *table, size_t rows, uint64_t seed, lb_arena *arena) {
    keyed_row *order = must(lb_arena_alloc(arena, table->rows, sizeof *order));
    for (size_t r = 0; r < table->rows; r++) {
        lb_random random = lb_random_keyed(seed, "bench.population", r);
        order[r] = (keyed_row){lb_random_next(&random), (uint32_t)r};
    }
    qsort(order, table->rows, sizeof *order, compare_keys);
    lb_column *columns =
        must(lb_arena_alloc(arena, table->quasi_identifier_count, sizeof *columns));
    uint32_t *unit = must(lb_arena_alloc(arena, rows, sizeof *unit));
    uint32_t *records = must(lb_arena_alloc(arena, rows, sizeof *records));
    for (size_t r = 0; r < rows; r++) {
        unit[r] = (uint32_t)r;
        records[r] = 1;
    }
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        uint32_t *codes = must(lb_arena_alloc(arena, rows, sizeof *codes));
        for (size_t r = 0; r < rows; r++)
            codes[r] = table->quasi_identifiers[c].codes[order[r].row];
        columns[c] = table->quasi_identifiers[c];
        columns[c].codes = codes;
    }
    return (lb_table){.rows = rows,
                      .units = rows,
                      .unit = unit,
                      .records = records,
                      .quasi_identifiers = columns,
                      .quasi_identifier_count = table->quasi_identifier_count};
}

typedef struct wide_row {
    const uint32_t *codes;
    size_t width;
} wide_row;

static int compare_rows(const void *left, const void *right) {
    const wide_row *a = left, *b = right;
    for (size_t c = 0; c < a->width; c++)
        if (a->codes[c] != b->codes[c])
            return a->codes[c] < b->codes[c] ? -1 : 1;
    return 0;
}

static lb_class_count *class_counts(const lb_table *table, size_t *count, lb_arena *arena) {
    size_t width = table->quasi_identifier_count;
    uint32_t *codes = must(lb_arena_alloc(arena, table->rows * width, sizeof *codes));
    wide_row *rows = must(lb_arena_alloc(arena, table->rows, sizeof *rows));
    lb_class_count *counts = must(lb_arena_alloc(arena, table->rows + 1, sizeof *counts));
    for (size_t size = 0; size <= table->rows; size++)
        counts[size] = (lb_class_count){size, 0};
    for (size_t r = 0; r < table->rows; r++) {
        for (size_t c = 0; c < width; c++)
            codes[r * width + c] = table->quasi_identifiers[c].codes[r];
        rows[r] = (wide_row){codes + r * width, width};
    }
    qsort(rows, table->rows, sizeof *rows, compare_rows);
    for (size_t r = 0, first = 0; r < table->rows; r++)
        if (r + 1 == table->rows || compare_rows(&rows[r], &rows[r + 1]) != 0) {
            counts[r + 1 - first].classes++;
            first = r + 1;
        }
    *count = 0;
    for (size_t size = 1; size <= table->rows; size++)
        if (counts[size].classes > 0)
            counts[(*count)++] = counts[size];
    return counts;
}

/* Adds each model's estimate to sums, its absolute error to errors; a model without an answer
 * counts in neither. */
static void estimate(const lb_table *sample, uint64_t population, double truth, double *sums,
                     double *errors, unsigned *answers, double *numerical) {
    lb_arena *arena = must(lb_arena_new());
    size_t count;
    lb_class_count *counts = class_counts(sample, &count, arena);
    lb_population models;
    lb_copula_result copula;
    lb_copula_options options = {.population = population, .threads = lb_thread_cores()};
    if (lb_population_estimate(counts, count, population, &models, NULL) < 0 ||
        lb_copula_run(sample, &options, &copula, NULL) < 0)
        exit(1);
    *numerical = copula.relative_error;
    const double shares[MODELS] = {models.zayatz.share,       models.pitman.share,
                                   models.snb.share,          models.chosen.share,
                                   copula.plain.unique_share, copula.calibrated.unique_share};
    for (size_t m = 0; m < MODELS; m++)
        if (isfinite(shares[m])) {
            sums[m] += shares[m];
            errors[m] += fabs(shares[m] - truth);
            answers[m]++;
        }
    lb_copula_free(&copula);
    lb_arena_free(arena);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("usage: population TABLE.csv\n", stderr);
        return 2;
    }
    double all_errors[FRACTIONS][MODELS] = {0};
    unsigned all_answers[FRACTIONS][MODELS] = {0};
    printf("columns  sample   truth");
    for (size_t m = 0; m < MODELS; m++)
        printf("%9s", model_names[m]);
    printf("  xi error\n");
    for (size_t s = 0; s < SETS; s++) {
        table_fixture *f =
            table_fixture_file(argv[1], &(table_roles){.quasi_identifiers = column_sets[s]});
        lb_arena *arena = must(lb_arena_new());
        size_t count;
        lb_class_count *counts = class_counts(&f->table, &count, arena);
        double people = (double)f->table.rows;
        double truth = counts[0].size == 1 ? counts[0].classes / people : 0, numerical = 0;
        for (size_t i = 0; i < FRACTIONS; i++) {
            double sums[MODELS] = {0}, errors[MODELS] = {0};
            unsigned answers[MODELS] = {0};
            for (uint64_t seed = 1; seed <= SAMPLES; seed++) {
                lb_table sample =
                    sample_of(&f->table, (size_t)(people * fractions[i]), seed, arena);
                estimate(&sample, f->table.rows, truth, sums, errors, answers, &numerical);
            }
            printf("%7zu %6.0f%% %7.4f", f->table.quasi_identifier_count, 100 * fractions[i],
                   truth);
            for (size_t m = 0; m < MODELS; m++) {
                if (answers[m])
                    printf("%9.4f", sums[m] / answers[m]);
                else
                    printf("%9s", "-");
                all_errors[i][m] += errors[m];
                all_answers[i][m] += answers[m];
            }
            printf("%10.4f\n", numerical);
        }
        lb_arena_free(arena);
        table_fixture_free(f);
    }
    for (size_t i = 0; i < FRACTIONS; i++) {
        printf("mean absolute error %3.0f%%", 100 * fractions[i]);
        for (size_t m = 0; m < MODELS; m++)
            printf("%9.4f", all_answers[i][m] ? all_errors[i][m] / all_answers[i][m] : NAN);
        printf("\n");
    }
    return 0;
}
