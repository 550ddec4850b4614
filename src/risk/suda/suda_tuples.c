#include "risk/suda/suda_tuples.h"

#include <string.h>

#include "base/memory.h"

typedef struct tuple_scratch {
    uint64_t *keys;     /* [rows] */
    lb_key_cell *cells; /* owner: tuple number + 1 */
    uint32_t *last;     /* [tuples] last unit counted */
    uint32_t *units;    /* [tuples] units that have it */
    uint32_t *tuple;    /* [rows] */
    uint8_t *own;       /* [units] tuples that the unit has for itself, at most 2 */
} tuple_scratch;

static bool has_missing(const lb_table *table, size_t row) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++)
        if (table->quasi_identifiers[c].codes[row] == LB_CODE_MISSING)
            return true;
    return false;
}

static void number_tuples(lb_tuples *tuples, const lb_table *table, tuple_scratch *scratch) {
    uint64_t domain = 1;
    memset(scratch->keys, 0, table->rows * sizeof *scratch->keys);
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        const lb_column *column = &table->quasi_identifiers[c];
        uint64_t values = (uint64_t)column->distinct + 1;
        lb_keys_widen(scratch->cells, scratch->keys, table->rows, &domain, values);
        for (size_t r = 0; r < table->rows; r++)
            scratch->keys[r] = scratch->keys[r] * values + column->codes[r];
    }
    size_t size = lb_key_cells_for(table->rows);
    memset(scratch->cells, 0, size * sizeof *scratch->cells);
    for (size_t r = 0; r < table->rows; r++) {
        lb_key_cell_ahead(scratch->cells, size - 1, scratch->keys, r, table->rows);
        lb_key_cell *cell =
            &scratch->cells[lb_key_cell_of(scratch->cells, size - 1, scratch->keys[r])];
        if (cell->owner == 0) {
            tuples->row_of[tuples->count] = (uint32_t)r;
            tuples->owner[tuples->count] = 0;
            scratch->units[tuples->count] = 0;
            cell->owner = (uint32_t)++tuples->count;
        }
        size_t tuple = cell->owner - 1;
        uint32_t unit = table->unit[r];
        if (scratch->units[tuple] == 0 || scratch->last[tuple] != unit)
            scratch->units[tuple]++;
        scratch->last[tuple] = unit;
        tuples->owner[tuple] = lb_owner_join(tuples->owner[tuple], unit + 1);
        scratch->tuple[r] = (uint32_t)tuple;
    }
}

static void measure_classes(lb_tuples *tuples, const lb_table *table,
                            const tuple_scratch *scratch) {
    memset(tuples->class_sizes, 0, table->units * sizeof *tuples->class_sizes);
    for (size_t r = 0; r < table->rows; r++) {
        uint32_t size = scratch->units[scratch->tuple[r]];
        uint32_t *smallest = &tuples->class_sizes[table->unit[r]];
        if ((*smallest == 0 || size < *smallest) && !has_missing(table, r))
            *smallest = size;
    }
}

static void find_travellers(lb_tuples *tuples, const lb_table *table, uint8_t *own) {
    memset(own, 0, table->units * sizeof *own);
    for (size_t t = 0; t < tuples->count; t++)
        if (tuples->owner[t] != LB_OWNER_MANY && own[tuples->owner[t] - 1] < 2)
            own[tuples->owner[t] - 1]++;
    for (size_t t = 0; t < tuples->count; t++)
        tuples->kind[t] = tuples->owner[t] == LB_OWNER_MANY ? LB_TUPLE_SHARED
                          : own[tuples->owner[t] - 1] > 1   ? LB_TUPLE_TRAVELS
                                                            : LB_TUPLE_STAYS;
}

int lb_tuples_merge(lb_tuples *out, const lb_table *table, lb_error *error) {
    size_t rows = table->rows;
    *out = (lb_tuples){0};
    tuple_scratch scratch = {
        .keys = lb_alloc(rows, sizeof *scratch.keys),
        .cells = lb_alloc(lb_key_cells_for(rows), sizeof *scratch.cells),
        .last = lb_alloc(rows, sizeof *scratch.last),
        .units = lb_alloc(rows, sizeof *scratch.units),
        .tuple = lb_alloc(rows, sizeof *scratch.tuple),
        .own = lb_alloc(table->units, sizeof *scratch.own),
    };
    out->row_of = lb_alloc(rows, sizeof *out->row_of);
    out->owner = lb_alloc(rows, sizeof *out->owner);
    out->kind = lb_alloc(rows, sizeof *out->kind);
    out->class_sizes = lb_alloc(table->units, sizeof *out->class_sizes);
    int status = LB_OK;
    if (scratch.keys && scratch.cells && scratch.last && scratch.units && scratch.tuple &&
        scratch.own && out->row_of && out->owner && out->kind && out->class_sizes) {
        number_tuples(out, table, &scratch);
        find_travellers(out, table, scratch.own);
        measure_classes(out, table, &scratch);
    } else {
        status = lb_fail_memory(error, "merging rows for SUDA");
    }
    lb_free(scratch.keys);
    lb_free(scratch.cells);
    lb_free(scratch.last);
    lb_free(scratch.units);
    lb_free(scratch.tuple);
    lb_free(scratch.own);
    return status;
}

void lb_tuples_free(lb_tuples *tuples) {
    lb_free(tuples->row_of);
    lb_free(tuples->owner);
    lb_free(tuples->kind);
    lb_free(tuples->class_sizes);
}
