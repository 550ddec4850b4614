#include "audit/side/population_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "corpus/read/side_table.h"

typedef struct population_reader {
    lb_population_table *population;
    const lb_table *table;
    const char *path;
    lb_side_table *file;
    size_t *column_of;   /* [quasi-identifiers] cell of each */
    size_t count_cell;   /* SIZE_MAX: there is no count */
    lb_directory *known; /* [quasi-identifiers] the corpus's values */
    lb_listed *listed;   /* [quasi-identifiers] */
    lb_str *values;
    lb_error *error;
} population_reader;

static int fail_row(const population_reader *reader, const char *what) {
    return lb_side_table_fail(reader->file, reader->error, "mend the row", "%s", what);
}

static size_t find_cell(lb_side_row header, lb_str name) {
    for (size_t i = 0; i < header.count; i++)
        if (lb_str_equal(header.cells[i], name))
            return i;
    return SIZE_MAX;
}

static int take_header(population_reader *reader, lb_side_row header) {
    for (size_t c = 0; c < reader->table->quasi_identifier_count; c++) {
        lb_str name = reader->table->quasi_identifiers[c].name;
        reader->column_of[c] = find_cell(header, name);
        if (reader->column_of[c] == SIZE_MAX)
            return lb_fail(reader->error, LB_E_USAGE, reader->path,
                           "give it every quasi-identifier as a column, and count",
                           "there is no column \"%.*s\"", (int)name.size, name.data);
    }
    reader->count_cell = find_cell(header, LB_STR("count"));
    return LB_OK;
}

static int read_count(const population_reader *reader, lb_side_row row, uint64_t *people) {
    char digits[32] = "", *end;
    lb_str count = reader->count_cell < row.count ? row.cells[reader->count_cell] : LB_STR("");
    if (count.size > 0 && count.size < sizeof digits)
        snprintf(digits, sizeof digits, "%.*s", (int)count.size, count.data);
    errno = 0;
    *people = strtoull(digits, &end, 10);
    if (errno != 0 || end == digits || *end != '\0' || digits[0] == '-')
        return fail_row(reader, "the count is no whole number");
    return LB_OK;
}

/* A value that the corpus has in another dress is that value. */
static int take_value(population_reader *reader, size_t column, lb_str value) {
    size_t code = SIZE_MAX;
    bool folded;
    int status = LB_OK;
    if (value.size > 0)
        status = lb_directory_code(&reader->known[column], value, &reader->listed[column], &code,
                                   &folded, reader->error);
    reader->values[column] = value.size == 0 ? (lb_str){NULL, 0}
                             : code == SIZE_MAX
                                 ? value
                                 : reader->table->quasi_identifiers[column].values[code];
    return status;
}

static int take_people(population_reader *reader, lb_side_row row) {
    uint64_t people = 1;
    for (size_t c = 0; c < reader->table->quasi_identifier_count; c++) {
        if (reader->column_of[c] >= row.count)
            return fail_row(reader, "the row has too few cells");
        lb_str value = row.cells[reader->column_of[c]];
        int status = take_value(reader, c, value);
        if (status < 0)
            return status;
    }
    int status = reader->count_cell == SIZE_MAX ? LB_OK : read_count(reader, row, &people);
    return status < 0
               ? status
               : lb_population_table_add(reader->population, reader->values, people, reader->error);
}

static int read_rows(population_reader *reader) {
    lb_side_row row;
    bool empty = true;
    int status = lb_side_table_next(reader->file, &row, reader->error);
    if (status == 1)
        status = take_header(reader, row);
    while (status == LB_OK &&
           (status = lb_side_table_next(reader->file, &row, reader->error)) == 1) {
        status = take_people(reader, row);
        empty = false;
    }
    if (status == LB_OK && empty)
        status = lb_fail(reader->error, LB_E_INPUT, reader->path,
                         "give it one row for each combination of values",
                         "the population table has no rows");
    return status;
}

/* What the reader looks things up in. */
static int prepare(population_reader *reader, size_t columns, lb_error *error) {
    reader->column_of = lb_alloc(columns, sizeof *reader->column_of);
    reader->values = lb_alloc(columns, sizeof *reader->values);
    reader->known = lb_alloc_zero(columns, sizeof *reader->known);
    int status = reader->column_of && reader->values && reader->known
                     ? lb_population_table_new(&reader->population, columns, error)
                     : lb_fail_memory(error, "reading the population table");
    for (size_t c = 0; status == LB_OK && c < columns; c++)
        status =
            lb_directory_of_column(&reader->known[c], &reader->table->quasi_identifiers[c], error);
    return status;
}

int lb_population_file_read(lb_population_table **out, const char *path, const lb_table *table,
                            lb_listed *listed, lb_error *error) {
    size_t columns = table->quasi_identifier_count;
    population_reader reader = {.table = table, .path = path, .listed = listed, .error = error};
    if (access(path, R_OK) != 0)
        return lb_fail_errno(error, LB_E_USAGE, path, "cannot open the population table", errno);
    lb_side_form form = {.delimiters = ",;\t", .trimmed = true};
    int status = prepare(&reader, columns, error);
    if (status == LB_OK)
        status = lb_side_table_open(&reader.file, path, form, error);
    if (status == LB_OK)
        status = read_rows(&reader);
    lb_side_table_close(reader.file);
    lb_free(reader.column_of);
    lb_free(reader.values);
    for (size_t c = 0; reader.known && c < columns; c++)
        lb_directory_free(&reader.known[c]);
    lb_free(reader.known);
    if (status < 0)
        lb_population_table_free(reader.population);
    else
        *out = reader.population;
    return status;
}
