#include "risk/classes/cells.h"

#include <stdlib.h>
#include <string.h>

typedef struct ranked_code {
    double number; /* 0 in a column that has none */
    uint32_t code;
} ranked_code;

static int compare_codes(const void *left, const void *right) {
    const ranked_code *a = left, *b = right;
    bool a_missing = a->code == LB_CODE_MISSING, b_missing = b->code == LB_CODE_MISSING;
    if (a_missing != b_missing)
        return a_missing ? -1 : 1;
    if (!a_missing && a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->code > b->code) - (a->code < b->code);
}

/* Numbers the values that occur. */
static int rank_values(lb_cells *out, const lb_table *table, const lb_column *column,
                       lb_arena *arena, lb_error *error) {
    size_t codes = (size_t)column->distinct + 1;
    uint32_t *rank_of = lb_arena_alloc(arena, codes, sizeof *rank_of);
    uint32_t *code_of = lb_arena_alloc(arena, codes, sizeof *code_of);
    ranked_code *ranked = lb_alloc(codes, sizeof *ranked);
    if (!rank_of || !code_of || !ranked) {
        lb_free(ranked);
        return lb_fail_memory(error, "sensitive values");
    }
    memset(rank_of, 0, codes * sizeof *rank_of);
    for (size_t r = 0; r < table->rows; r++)
        rank_of[column->codes[r]] = 1;
    size_t used = 0;
    for (size_t c = 0; c < codes; c++)
        if (rank_of[c])
            ranked[used++] =
                (ranked_code){column->numbers && c ? column->numbers[c] : 0, (uint32_t)c};
    qsort(ranked, used, sizeof *ranked, compare_codes);
    uint32_t values = 0;
    for (size_t i = 0; i < used; i++) {
        bool same = i > 0 && column->numbers && ranked[i - 1].code != LB_CODE_MISSING &&
                    ranked[i].number == ranked[i - 1].number;
        if (!same)
            code_of[values++] = ranked[i].code;
        rank_of[ranked[i].code] = values - 1;
    }
    lb_free(ranked);
    out->values = values;
    out->rank_of = rank_of;
    out->code_of = code_of;
    return LB_OK;
}

/* For each group of rows, the distinct units in it. */
static void count_units(const uint32_t *group, const lb_table *table, uint32_t groups,
                        uint32_t *last_unit, uint32_t *units) {
    memset(units, 0, groups * sizeof *units);
    for (size_t r = 0; r < table->rows; r++) {
        uint32_t g = group[r];
        if (units[g] == 0 || last_unit[g] != table->unit[r])
            units[g]++;
        last_unit[g] = table->unit[r];
    }
}

/* Lays the cells out by class; within a class they ascend by value because they are visited so. */
static int lay_cells(lb_cells *out, uint32_t classes, uint32_t cells, const uint32_t *class_of,
                     const uint32_t *value_of, const uint32_t *units, lb_arena *arena,
                     lb_error *error) {
    uint32_t *starts = lb_arena_alloc(arena, (size_t)classes + 2, sizeof *starts);
    lb_cell *laid = lb_arena_alloc(arena, cells, sizeof *laid);
    uint32_t *by_value = lb_alloc(cells, sizeof *by_value);
    uint32_t *begin = lb_alloc_zero((size_t)out->values + 1, sizeof *begin);
    if (!starts || !laid || !by_value || !begin) {
        lb_free(by_value);
        lb_free(begin);
        return lb_fail_memory(error, "sensitive values");
    }
    memset(starts, 0, ((size_t)classes + 2) * sizeof *starts);
    for (uint32_t i = 0; i < cells; i++) {
        begin[value_of[i] + 1]++;
        starts[class_of[i] + 2]++;
    }
    for (uint32_t v = 1; v <= out->values; v++)
        begin[v] += begin[v - 1];
    for (uint32_t c = 2; c < classes + 2; c++)
        starts[c] += starts[c - 1];
    for (uint32_t i = 0; i < cells; i++)
        by_value[begin[value_of[i]]++] = i;
    for (uint32_t i = 0; i < cells; i++) {
        uint32_t cell = by_value[i];
        laid[starts[class_of[cell] + 1]++] = (lb_cell){value_of[cell], units[cell]};
    }
    lb_free(by_value);
    lb_free(begin);
    out->starts = starts;
    out->cells = laid;
    return LB_OK;
}

int lb_cells_build(lb_cells *out, const lb_table *table, const lb_column *column,
                   const lb_traces *traces, lb_grouper *grouper, lb_arena *arena, lb_error *error) {
    *out = (lb_cells){0};
    int status = rank_values(out, table, column, arena, error);
    if (status < 0)
        return status;
    size_t rows = table->rows, most = rows > out->values ? rows : out->values;
    uint32_t *units_with = lb_arena_alloc(arena, out->values, sizeof *units_with);
    lb_arena *work = lb_arena_new();
    uint32_t *value = work ? lb_arena_alloc(work, rows, sizeof *value) : NULL;
    uint32_t *cell = work ? lb_arena_alloc(work, rows, sizeof *cell) : NULL;
    uint32_t *units = work ? lb_arena_alloc(work, most, sizeof *units) : NULL;
    uint32_t *last_unit = work ? lb_arena_alloc(work, most, sizeof *last_unit) : NULL;
    uint32_t *class_of = work ? lb_arena_alloc(work, rows, sizeof *class_of) : NULL;
    uint32_t *value_of = work ? lb_arena_alloc(work, rows, sizeof *value_of) : NULL;
    uint32_t cells = 0;
    if (!units_with || !value || !cell || !units || !last_unit || !class_of || !value_of) {
        lb_arena_free(work);
        return lb_fail_memory(error, "sensitive values");
    }
    for (size_t r = 0; r < rows; r++)
        value[r] = out->rank_of[column->codes[r]];
    count_units(value, table, out->values, last_unit, units_with);
    out->units_with = units_with;
    status = lb_grouper_run(
        grouper, (lb_group_column[]){{traces->class_of_row, traces->classes}, {value, out->values}},
        2, rows, cell, &cells, error);
    if (status == LB_OK) {
        count_units(cell, table, cells, last_unit, units);
        for (size_t r = 0; r < rows; r++) {
            class_of[cell[r]] = traces->class_of_row[r];
            value_of[cell[r]] = value[r];
        }
        status = lay_cells(out, traces->classes, cells, class_of, value_of, units, arena, error);
    }
    lb_arena_free(work);
    return status;
}
