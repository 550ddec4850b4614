#include "risk/classes/gower.h"

#include <math.h>

static uint32_t pairs_with_value(const lb_cells *cells, uint32_t class) {
    uint32_t pairs = 0;
    for (uint32_t i = cells->starts[class]; i < cells->starts[class + 1]; i++)
        if (cells->code_of[cells->cells[i].value] != LB_CODE_MISSING)
            pairs += cells->cells[i].units;
    return pairs;
}

static float scaled(const lb_gower_column *column, double number) {
    return (float)((number - column->least) * column->scale);
}

static void find_range(lb_gower_column *out, const lb_column *column) {
    double most = -INFINITY;
    out->least = INFINITY;
    for (uint32_t code = 1; code <= column->distinct; code++) {
        out->least = fmin(out->least, column->numbers[code]);
        most = fmax(most, column->numbers[code]);
    }
    double range = most - out->least;
    out->scale = range > 0 && isfinite(range) ? 1 / range : 0;
}

static int prepare_column(lb_gower_column *out, const lb_column *column, const uint32_t *rows,
                          uint32_t count, lb_arena *arena, lb_error *error) {
    uint32_t *codes = lb_arena_alloc(arena, count, sizeof *codes);
    float *numbers = column->numbers ? lb_arena_alloc(arena, count, sizeof *numbers) : NULL;
    *out = (lb_gower_column){.codes = codes, .numbers = numbers};
    if (!codes || (column->numbers && !numbers))
        return lb_fail_memory(error, "nearest units");
    if (numbers)
        find_range(out, column);
    for (uint32_t i = 0; i < count; i++) {
        codes[i] = column->codes[rows[i]];
        if (numbers)
            numbers[i] = scaled(out, column->numbers[codes[i]]);
    }
    return LB_OK;
}

int lb_gower_prepare(lb_gower *out, const lb_table *table, const lb_traces *traces,
                     const lb_cells *cells, lb_arena *arena, lb_error *error) {
    uint32_t *classes = lb_arena_alloc(arena, traces->classes, sizeof *classes);
    uint32_t *weights = lb_arena_alloc(arena, traces->classes, sizeof *weights);
    uint32_t *rows = lb_arena_alloc(arena, traces->classes, sizeof *rows);
    lb_gower_column *columns =
        lb_arena_alloc(arena, table->quasi_identifier_count, sizeof *columns);
    if (!classes || !weights || !rows || !columns)
        return lb_fail_memory(error, "nearest units");
    uint32_t count = 0;
    for (uint32_t c = 0; c < traces->classes; c++) {
        uint32_t pairs = pairs_with_value(cells, c);
        if (pairs > 0) {
            classes[count] = c;
            weights[count] = pairs;
            rows[count++] = traces->first_row[c];
        }
    }
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        int status =
            prepare_column(&columns[c], &table->quasi_identifiers[c], rows, count, arena, error);
        if (status < 0)
            return status;
    }
    *out = (lb_gower){.count = count,
                      .classes = classes,
                      .weights = weights,
                      .columns = columns,
                      .column_count = table->quasi_identifier_count};
    return LB_OK;
}

static void add_differences(const uint32_t *codes, uint32_t count, uint32_t code,
                            float *distances) {
    for (uint32_t i = 0; i < count; i++)
        distances[i] += codes[i] != code ? 1.0F : 0.0F;
}

/* A missing number is a NaN: its difference is no number below 1. */
static void add_gaps(const float *numbers, uint32_t count, float number, float *distances) {
    for (uint32_t i = 0; i < count; i++) {
        float gap = fabsf(numbers[i] - number);
        distances[i] += gap < 1.0F ? gap : 1.0F;
    }
}

float lb_gower_measure(const lb_gower *gower, const lb_table *table, size_t row, float *distances) {
    for (uint32_t i = 0; i < gower->count; i++)
        distances[i] = 0;
    for (size_t c = 0; c < gower->column_count; c++) {
        const lb_gower_column *column = &gower->columns[c];
        uint32_t code = table->quasi_identifiers[c].codes[row];
        if (column->numbers && code != LB_CODE_MISSING)
            add_gaps(column->numbers, gower->count,
                     scaled(column, table->quasi_identifiers[c].numbers[code]), distances);
        else
            add_differences(column->codes, gower->count, code, distances);
    }
    float least = INFINITY;
    for (uint32_t i = 0; i < gower->count; i++)
        least = distances[i] < least ? distances[i] : least;
    return least;
}
