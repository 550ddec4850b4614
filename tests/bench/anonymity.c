/* Seconds for the anonymity sets of made-up tables of 30 thousand to 10 million rows and six
 * columns: run it with no argument, or with the largest number of rows. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "risk/classes/anonymity.h"

enum { COLUMNS = 6 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Skewed values, as people's are: the product of two draws. */
static void draw_codes(uint32_t *codes, size_t rows, uint32_t values, unsigned column) {
    lb_random random = lb_random_keyed(1, "bench", column);
    for (size_t r = 0; r < rows; r++)
        codes[r] = 1 + (uint32_t)(values * lb_random_unit(&random) * lb_random_unit(&random));
}

static void measure(const lb_table *table, const char *kind) {
    lb_anonymity result;
    lb_error error = {0};
    double begin = now();
    if (lb_anonymity_measure(&result, table, &(lb_anonymity_options){.k = 10}, &error) < 0) {
        fprintf(stderr, "%s: %s\n", error.where, error.what);
        exit(1);
    }
    printf("%-10s %9zu rows %8zu units: k = %u, %8u classes, %7.3f s\n", kind, table->rows,
           table->units, result.k, result.classes, now() - begin);
    lb_anonymity_free(&result);
}

int main(int argc, char **argv) {
    /* age, country, state, sex, language, occupation; then columns of many values */
    static const uint32_t usual[COLUMNS] = {90, 200, 50, 3, 40, 300},
                          many[COLUMNS] = {5000, 20000, 100000, 3000, 400, 300000};
    size_t largest = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
    uint32_t *codes = lb_alloc(largest, COLUMNS * sizeof *codes);
    uint32_t *unit = lb_alloc(largest, sizeof *unit), *pairs = lb_alloc(largest, sizeof *pairs);
    if (!codes || !unit || !pairs)
        return 1;
    for (size_t r = 0; r < largest; r++) {
        unit[r] = (uint32_t)r;
        pairs[r] = (uint32_t)(r / 2);
    }
    static const size_t steps[] = {30000, 100000, 300000, 1000000, 3000000, 10000000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps && steps[i] <= largest; i++)
        for (int kind = 0; kind < 2; kind++) {
            size_t rows = steps[i];
            lb_column columns[COLUMNS];
            for (unsigned c = 0; c < COLUMNS; c++) {
                uint32_t values = (kind ? many : usual)[c];
                draw_codes(codes + c * rows, rows, values, c);
                columns[c] = (lb_column){.distinct = values, .codes = codes + c * rows};
            }
            lb_table table = {.rows = rows,
                              .units = rows,
                              .unit = unit,
                              .records = unit,
                              .quasi_identifiers = columns,
                              .quasi_identifier_count = COLUMNS};
            measure(&table, kind ? "many" : "usual");
            table.unit = pairs;
            table.units = rows / 2;
            measure(&table, kind ? "many, two" : "usual, two");
        }
    lb_free(pairs);
    lb_free(unit);
    lb_free(codes);
    return 0;
}
