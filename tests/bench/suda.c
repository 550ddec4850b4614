/* How long SUDA2 takes: suda [UNITS...]
 *
 * Two kinds of tables of 8 columns, 30,000 to 1,000,000 units unless told otherwise: independent
 * columns, and columns that depend on a hidden type and on each other as those of people do.
 * Prints seconds (best of three) on all cores and on one, seconds of processor on all cores, and
 * the MSUs found. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "base/thread.h"
#include "risk/suda/suda.h"

enum { COLUMNS = 8 };

static const uint32_t cardinality[COLUMNS] = {2, 74, 5, 7, 16, 41, 8, 15};

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static uint32_t skewed(lb_random *random, uint32_t values, double power) {
    return 1 + (uint32_t)(pow(lb_random_unit(random), power) * values);
}

/* Codes of one unit. Dependent columns follow one of 40 types three times out of four. */
static void draw_unit(lb_random *random, int dependent, uint32_t *codes) {
    uint32_t type = skewed(random, 40, 2);
    for (uint32_t c = 0; c < COLUMNS; c++)
        if (dependent && lb_random_unit(random) < 0.75)
            codes[c] = 1 + (type * (c + 3) + (uint32_t)lb_random_below(random, 3)) % cardinality[c];
        else
            codes[c] = dependent ? skewed(random, cardinality[c], 2)
                                 : 1 + (uint32_t)lb_random_below(random, cardinality[c]);
}

static double best_time(const lb_table *table, unsigned threads, double *processor,
                        lb_suda_result *result) {
    double best = INFINITY;
    *processor = INFINITY;
    for (int run = 0; run < 3; run++) {
        lb_error error = {0};
        lb_suda_options options = {.sampling_fraction = 0.01, .specials = 20, .threads = threads};
        double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (lb_suda_run(table, &options, result, &error) < 0) {
            fprintf(stderr, "%s: %s\n", error.where, error.what);
            exit(1);
        }
        best = fmin(best, seconds(CLOCK_MONOTONIC) - start);
        *processor = fmin(*processor, seconds(CLOCK_PROCESS_CPUTIME_ID) - used);
        if (run < 2)
            lb_suda_free(result);
    }
    return best;
}

static void measure(size_t units, int dependent) {
    uint32_t *codes = malloc(COLUMNS * units * sizeof *codes);
    uint32_t *unit = malloc(units * sizeof *unit), *records = malloc(units * sizeof *records);
    if (!codes || !unit || !records)
        exit(1);
    lb_column columns[COLUMNS];
    for (size_t u = 0; u < units; u++) {
        lb_random random = lb_random_keyed(1, "bench.suda", u);
        uint32_t drawn[COLUMNS];
        draw_unit(&random, dependent, drawn);
        for (size_t c = 0; c < COLUMNS; c++)
            codes[c * units + u] = drawn[c];
        unit[u] = (uint32_t)u;
        records[u] = 1;
    }
    for (size_t c = 0; c < COLUMNS; c++)
        columns[c] = (lb_column){.distinct = cardinality[c], .codes = codes + c * units};
    lb_table table = {.rows = units,
                      .units = units,
                      .unit = unit,
                      .records = records,
                      .quasi_identifiers = columns,
                      .quasi_identifier_count = COLUMNS};
    lb_suda_result result;
    double processor, one = best_time(&table, 1, &processor, &result);
    lb_suda_free(&result);
    double all = best_time(&table, lb_thread_cores(), &processor, &result);
    uint64_t msus = 0;
    for (unsigned s = 0; s < result.max_size; s++)
        msus += result.sizes[s].msus;
    printf("%9zu %-11s %8.3f %8.3f %8.3f %10llu %8.4f\n", units,
           dependent ? "dependent" : "independent", all, one, processor, (unsigned long long)msus,
           result.msu_units_share);
    lb_suda_free(&result);
    free(codes);
    free(unit);
    free(records);
}

int main(int argc, char **argv) {
    static const size_t usual[] = {30000, 100000, 300000, 1000000};
    printf("    units kind        all [s]  one [s]  cpu [s]       MSUs  with MSU\n");
    for (int dependent = 0; dependent < 2; dependent++) {
        for (size_t i = 0; argc == 1 && i < sizeof usual / sizeof *usual; i++)
            measure(usual[i], dependent);
        for (int i = 1; i < argc; i++)
            measure(strtoull(argv[i], NULL, 10), dependent);
    }
    return 0;
}
