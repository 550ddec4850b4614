#include "table_fixture.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/hash.h"

/* The input: records x columns of cells, and the role of each column. */
typedef struct cell_grid {
    size_t records, columns;
    lb_str *cells; /* [records][columns]; data == NULL: missing */
    lb_str *names; /* [columns] */
} cell_grid;

typedef struct sorted_record {
    uint64_t hash;         /* of the unit */
    lb_str key;            /* of the unit; data NULL: the record is the unit */
    const uint32_t *codes; /* [width] */
    size_t width, input;
} sorted_record;

static void *take(lb_arena *arena, size_t count, size_t size) {
    void *memory = lb_arena_alloc(arena, count ? count : 1, size);
    assert_non_null(memory);
    return memory;
}

static int compare_values(const void *a, const void *b) {
    return lb_str_compare(*(const lb_str *)a, *(const lb_str *)b);
}

static bool number_of(lb_str value, double *number) {
    char text[64], *end;
    if (value.size == 0 || value.size >= sizeof text)
        return false;
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

static void encode_numbers(lb_arena *arena, lb_column *column) {
    double *numbers = take(arena, column->distinct + 1, sizeof *numbers);
    numbers[0] = NAN;
    for (uint32_t code = 1; code <= column->distinct; code++)
        if (!number_of(column->values[code], &numbers[code]))
            return;
    column->numbers = column->distinct ? numbers : NULL;
}

/* Dictionary-encodes column `from` of the grid; codes of record r go to codes[r * width + at]. */
static void encode_column(lb_arena *arena, const cell_grid *grid, size_t from, lb_column *column,
                          uint32_t *codes, size_t width, size_t at) {
    lb_str *values = take(arena, grid->records + 1, sizeof *values);
    size_t count = 0;
    for (size_t r = 0; r < grid->records; r++)
        if (grid->cells[r * grid->columns + from].data)
            values[++count] = grid->cells[r * grid->columns + from];
    values[0] = (lb_str){NULL, 0};
    qsort(values + 1, count, sizeof *values, compare_values);
    uint32_t distinct = 0;
    for (size_t i = 1; i <= count; i++)
        if (distinct == 0 || !lb_str_equal(values[distinct], values[i]))
            values[++distinct] = values[i];
    *column = (lb_column){.name = grid->names[from], .distinct = distinct, .values = values};
    for (size_t r = 0; r < grid->records; r++) {
        const lb_str *cell = &grid->cells[r * grid->columns + from];
        const lb_str *found =
            cell->data ? bsearch(cell, values + 1, distinct, sizeof *values, compare_values)
                       : values;
        codes[r * width + at] = (uint32_t)(found - values);
    }
    encode_numbers(arena, column);
}

static int compare_unit(const sorted_record *a, const sorted_record *b) {
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->key.data ? lb_str_compare(a->key, b->key) : 0;
}

static int compare_records(const void *left, const void *right) {
    const sorted_record *a = left, *b = right;
    int order = compare_unit(a, b);
    for (size_t i = 0; order == 0 && i < a->width; i++)
        order = (a->codes[i] > b->codes[i]) - (a->codes[i] < b->codes[i]);
    return order ? order : (a->input > b->input) - (a->input < b->input);
}

static size_t column_named(const cell_grid *grid, const char *name) {
    for (size_t c = 0; c < grid->columns; c++)
        if (lb_str_equal(grid->names[c], lb_str_of(name)))
            return c;
    fail_msg("the table has no column %s", name);
    return 0;
}

static size_t list_length(const char *const *list) {
    size_t count = 0;
    while (list && list[count])
        count++;
    return count;
}

static double weight_of(const cell_grid *grid, size_t record, size_t column) {
    double weight = 0;
    assert_true(number_of(grid->cells[record * grid->columns + column], &weight));
    return weight;
}

static sorted_record *sort_records(lb_arena *arena, const cell_grid *grid, const uint32_t *codes,
                                   size_t width, const char *unit) {
    sorted_record *sorted = take(arena, grid->records, sizeof *sorted);
    size_t unit_column = unit ? column_named(grid, unit) : 0;
    for (size_t r = 0; r < grid->records; r++) {
        sorted[r] = (sorted_record){.codes = codes + r * width, .width = width, .input = r};
        if (unit) {
            sorted[r].key = grid->cells[r * grid->columns + unit_column];
            sorted[r].hash = lb_hash_str(sorted[r].key);
        } else {
            sorted[r].hash = lb_hash(sorted[r].codes, width * sizeof *codes);
        }
    }
    qsort(sorted, grid->records, sizeof *sorted, compare_records);
    return sorted;
}

/* Sorts the records, merges the equal ones of a unit, and fills the table's rows. */
static void lay_rows(table_fixture *fixture, const cell_grid *grid, const uint32_t *codes,
                     size_t width, const table_roles *roles) {
    lb_arena *arena = fixture->arena;
    size_t records = grid->records;
    sorted_record *sorted = sort_records(arena, grid, codes, width, roles->unit);
    uint32_t *unit = take(arena, records, sizeof *unit),
             *count = take(arena, records, sizeof *count);
    uint32_t *unit_of = take(arena, records, sizeof *unit_of);
    uint32_t *row_of = take(arena, records, sizeof *row_of);
    double *weights = roles->weight ? take(arena, records, sizeof *weights) : NULL;
    size_t weight_column = roles->weight ? column_named(grid, roles->weight) : 0;
    uint32_t *laid = take(arena, records * width, sizeof *laid);
    size_t rows = 0, units = 0;
    for (size_t i = 0; i < records; i++) {
        const sorted_record *record = &sorted[i];
        bool same_unit = roles->unit && i > 0 && compare_unit(&sorted[i - 1], record) == 0;
        bool same_row =
            same_unit && memcmp(sorted[i - 1].codes, record->codes, width * sizeof *codes) == 0;
        units += !same_unit;
        if (!same_row) {
            unit[rows] = (uint32_t)(units - 1);
            count[rows] = 0;
            for (size_t c = 0; c < width; c++)
                laid[c * records + rows] = record->codes[c];
            if (weights)
                weights[rows] = 0;
            rows++;
        }
        count[rows - 1]++;
        if (weights)
            weights[rows - 1] += weight_of(grid, record->input, weight_column);
        unit_of[record->input] = (uint32_t)(units - 1);
        row_of[record->input] = (uint32_t)(rows - 1);
    }
    fixture->table.rows = rows;
    fixture->table.units = units;
    fixture->table.unit = unit;
    fixture->table.records = count;
    fixture->table.weights = weights;
    fixture->units = unit_of;
    fixture->rows = row_of;
    for (size_t c = 0; c < width; c++) {
        size_t quasi = fixture->table.quasi_identifier_count;
        lb_column *column = (lb_column *)(c < quasi ? &fixture->table.quasi_identifiers[c]
                                                    : &fixture->table.sensitive[c - quasi]);
        column->codes = laid + c * records;
    }
}

static void build(table_fixture *fixture, const cell_grid *grid, const table_roles *roles) {
    lb_arena *arena = fixture->arena;
    size_t quasi = list_length(roles->quasi_identifiers), sensitive = list_length(roles->sensitive);
    size_t width = quasi + sensitive;
    lb_column *columns = take(arena, width, sizeof *columns);
    uint32_t *codes = take(arena, grid->records * width, sizeof *codes);
    for (size_t c = 0; c < width; c++) {
        const char *name = c < quasi ? roles->quasi_identifiers[c] : roles->sensitive[c - quasi];
        encode_column(arena, grid, column_named(grid, name), &columns[c], codes, width, c);
    }
    fixture->records = grid->records;
    fixture->table.quasi_identifiers = columns;
    fixture->table.quasi_identifier_count = quasi;
    fixture->table.sensitive = columns + quasi;
    fixture->table.sensitive_count = sensitive;
    lay_rows(fixture, grid, codes, width, roles);
}

/* Reads one cell; moves *at behind it. The cell may be rewritten in place (doubled quotes). */
static lb_str read_cell(char **at) {
    char *from = *at, *to = from;
    lb_str cell = {from, 0};
    if (*from != '"') {
        while (*from && *from != ',' && *from != '\n' && *from != '\r')
            from++;
        to = from;
    } else {
        for (from++; *from && !(*from == '"' && from[1] != '"'); from++) {
            from += *from == '"';
            *to++ = *from;
        }
        assert_int_equal(*from, '"');
        from++;
    }
    cell.size = (size_t)(to - cell.data);
    *at = from;
    return cell;
}

static void parse(lb_arena *arena, const char *text, const char *missing, cell_grid *grid) {
    char *at = lb_arena_copy(arena, text, strlen(text));
    assert_non_null(at);
    size_t cells = 0, capacity = 0, lines = 0, columns = 0;
    lb_str *grown = NULL;
    while (*at) {
        size_t before = cells;
        for (;;) {
            grown = lb_grow(grown, &capacity, cells + 1, sizeof *grown, NULL);
            assert_non_null(grown);
            grown[cells++] = read_cell(&at);
            if (*at != ',')
                break;
            at++;
        }
        at += *at == '\r';
        assert_true(*at == '\n' || *at == '\0');
        at += *at == '\n';
        columns = lines++ ? columns : cells;
        assert_int_equal(cells - before, columns);
    }
    assert_true(lines > 0);
    lb_str *kept = take(arena, cells, sizeof *kept);
    memcpy(kept, grown, cells * sizeof *kept);
    lb_free(grown);
    for (size_t i = columns; i < cells; i++)
        if (kept[i].size == 0 || (missing && lb_str_equal(kept[i], lb_str_of(missing))))
            kept[i] = (lb_str){NULL, 0};
    *grid = (cell_grid){lines - 1, columns, kept + columns, kept};
}

static table_fixture *fixture_new(void) {
    lb_arena *arena = lb_arena_new();
    assert_non_null(arena);
    table_fixture *fixture = take(arena, 1, sizeof *fixture);
    *fixture = (table_fixture){.arena = arena};
    return fixture;
}

table_fixture *table_fixture_text(const char *csv, const table_roles *roles) {
    table_fixture *fixture = fixture_new();
    cell_grid grid;
    parse(fixture->arena, csv, roles->missing, &grid);
    build(fixture, &grid, roles);
    return fixture;
}

table_fixture *table_fixture_file(const char *path, const table_roles *roles) {
    lb_buffer text = {0};
    lb_error error = {0};
    if (lb_file_read(path, SIZE_MAX / 2, &text, &error) < 0 ||
        lb_buffer_append(&text, "", 1, &error) < 0)
        fail_msg("%s: %s", error.where, error.what);
    table_fixture *fixture = table_fixture_text(text.data, roles);
    lb_buffer_free(&text);
    return fixture;
}

static lb_str printed(lb_arena *arena, const char *prefix, size_t number) {
    char text[32];
    int size = snprintf(text, sizeof text, "%s%zu", prefix, number);
    char *copy = lb_arena_copy(arena, text, (size_t)size);
    assert_non_null(copy);
    return (lb_str){copy, (size_t)size};
}

table_fixture *table_fixture_codes(const uint32_t *codes, size_t records, size_t quasi_identifiers,
                                   size_t sensitive, const uint32_t *keys) {
    table_fixture *fixture = fixture_new();
    lb_arena *arena = fixture->arena;
    size_t width = quasi_identifiers + sensitive;
    cell_grid grid = {records, width + 1, take(arena, records * (width + 1), sizeof(lb_str)),
                      take(arena, width + 1, sizeof(lb_str))};
    const char **names = take(arena, width + 2, sizeof *names);
    for (size_t c = 0; c < width; c++) {
        bool quasi = c < quasi_identifiers;
        grid.names[c] = printed(arena, quasi ? "q" : "s", quasi ? c : c - quasi_identifiers);
        names[quasi ? c : c + 1] = grid.names[c].data;
    }
    names[quasi_identifiers] = names[width + 1] = NULL;
    grid.names[width] = LB_STR("unit");
    for (size_t r = 0; r < records; r++) {
        for (size_t c = 0; c < width; c++) {
            uint32_t code = codes[r * width + c];
            grid.cells[r * grid.columns + c] = code ? printed(arena, "", code) : (lb_str){NULL, 0};
        }
        grid.cells[r * grid.columns + width] = printed(arena, "", keys ? keys[r] : r);
    }
    build(fixture, &grid,
          &(table_roles){.quasi_identifiers = names,
                         .sensitive = names + quasi_identifiers + 1,
                         .unit = keys ? "unit" : NULL});
    return fixture;
}

void table_fixture_free(table_fixture *fixture) {
    if (fixture)
        lb_arena_free(fixture->arena);
}

const char *shared_path(const char *file) {
    static char path[4096];
    const char *shared = getenv("LINKBACK_SHARED");
    if (shared && *shared)
        snprintf(path, sizeof path, "%s/%s", shared, file);
    else
        snprintf(path, sizeof path, "%s/../shared/%s", LINKBACK_SOURCE_DIR, file);
    if (access(path, R_OK) == 0)
        return path;
    print_message("%s is not there: skipped\n", path);
    return NULL;
}
