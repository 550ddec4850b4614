/* Seconds for the tabular measures other than k itself, on made-up tables of six columns and one
 * sensitive field, where half of the units have two rows: run it with the number of rows (default
 * 100,000), and the number of columns. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "risk/classes/attribute_attack.h"
#include "risk/classes/inference.h"
#include "risk/classes/subsets.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void check(int status, const lb_error *error) {
    if (status < 0) {
        fprintf(stderr, "%s: %s\n", error->where, error->what);
        exit(1);
    }
}

/* Skewed values; one in fifty is missing. */
static void draw_column(lb_column *column, uint32_t *codes, size_t rows, uint32_t values,
                        uint64_t number) {
    lb_random random = lb_random_keyed(1, "bench", number);
    for (size_t r = 0; r < rows; r++)
        codes[r] = lb_random_below(&random, 50) == 0
                       ? LB_CODE_MISSING
                       : 1 + (uint32_t)(values * lb_random_unit(&random) * lb_random_unit(&random));
    *column = (lb_column){.name = LB_STR("field"), .distinct = values, .codes = codes};
}

static void measure(const lb_table *table) {
    lb_error error = {0};
    lb_anonymity any;
    double begin = now();
    check(lb_anonymity_measure(&any, table,
                               &(lb_anonymity_options){.missing = LB_MISSING_ANY, .k = 10}, &error),
          &error);
    printf("missing as any: k = %u, %.3f s\n", any.k, now() - begin);
    lb_anonymity_free(&any);
    lb_subsets subsets;
    begin = now();
    check(lb_subsets_measure(&subsets, table,
                             &(lb_subsets_options){.largest = 3, .max_subsets = 5000, .threads = 1},
                             &error),
          &error);
    printf("%zu subsets (%llu left out): %.3f s\n", subsets.count,
           (unsigned long long)(subsets.left_out[2] + subsets.left_out[3]), now() - begin);
    lb_subsets_free(&subsets);
    lb_inference inference;
    begin = now();
    check(lb_inference_measure(&inference, table, &(lb_inference_options){.worst = 20}, &error),
          &error);
    printf("inference: t = %.3f, %.3f s\n", inference.overall.t, now() - begin);
    lb_inference_free(&inference);
    lb_attribute_attack attack;
    begin = now();
    check(lb_attribute_attack_run(
              &attack, table,
              &(lb_attribute_attack_options){.attacks = 2000, .seed = 1, .threads = 1}, &error),
          &error);
    printf("attack: risk %.3f, %.3f s\n", attack.fields[0].risk, now() - begin);
    lb_attribute_attack_free(&attack);
}

int main(int argc, char **argv) {
    static const uint32_t values[] = {90, 200, 50, 3, 40, 300};
    size_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    size_t columns = argc > 2 ? strtoull(argv[2], NULL, 10) : 6;
    uint32_t *codes = lb_alloc(rows, (columns + 1) * sizeof *codes);
    uint32_t *unit = lb_alloc(rows, sizeof *unit);
    lb_column *all = lb_alloc(columns + 1, sizeof *all);
    if (!codes || !unit || !all)
        return 1;
    uint32_t units = 0;
    for (size_t r = 0; r < rows; r++) {
        unit[r] = units;
        units += r % 3 != 0;
    }
    for (size_t c = 0; c <= columns; c++)
        draw_column(&all[c], codes + c * rows, rows, c < columns ? values[c % 6] : 20, c);
    measure(&(lb_table){.rows = rows,
                        .units = unit[rows - 1] + 1,
                        .unit = unit,
                        .records = unit,
                        .quasi_identifiers = all,
                        .quasi_identifier_count = columns,
                        .sensitive = all + columns,
                        .sensitive_count = 1});
    lb_free(all);
    lb_free(unit);
    lb_free(codes);
    return 0;
}
