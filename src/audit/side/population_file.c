#include "audit/side/population_file.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"

/* The row that libcsv is handing over, cell by cell. */
typedef struct population_reader {
    lb_population_table *population;
    const lb_table *table;
    const char *path;
    size_t *column_of; /* [quasi-identifiers] cell of each, SIZE_MAX: not found yet */
    size_t count_cell; /* SIZE_MAX: there is no count */
    lb_str *values;
    lb_buffer text; /* the cells of the row, end to end */
    size_t *ends;   /* [cells] where each ends in text */
    size_t cells, cells_capacity;
    uint64_t line;
    int status;
    lb_error *error;
} population_reader;

static void fail_row(population_reader *reader, const char *what) {
    char where[LB_ERROR_WHERE_MAX];
    snprintf(where, sizeof where, "%s: row %llu", reader->path, (unsigned long long)reader->line);
    reader->status = lb_fail(reader->error, LB_E_INPUT, where, "mend the row", "%s", what);
}

static void take_cell(void *data, size_t size, void *context) {
    population_reader *reader = context;
    if (reader->status < 0)
        return;
    void *grown = lb_grow(reader->ends, &reader->cells_capacity, reader->cells + 1,
                          sizeof *reader->ends, reader->error);
    if (grown)
        reader->ends = grown;
    reader->status =
        grown ? lb_buffer_append(&reader->text, data, size, reader->error) : LB_E_RESOURCE;
    if (reader->status == LB_OK)
        reader->ends[reader->cells++] = reader->text.size;
}

static lb_str cell(const population_reader *reader, size_t i) {
    size_t begin = i > 0 ? reader->ends[i - 1] : 0;
    return (lb_str){reader->text.data + begin, reader->ends[i] - begin};
}

static void take_header(population_reader *reader) {
    for (size_t c = 0; c < reader->table->quasi_identifier_count; c++) {
        lb_str name = reader->table->quasi_identifiers[c].name;
        reader->column_of[c] = SIZE_MAX;
        for (size_t i = 0; i < reader->cells && reader->column_of[c] == SIZE_MAX; i++)
            if (lb_str_equal(cell(reader, i), name))
                reader->column_of[c] = i;
        if (reader->column_of[c] == SIZE_MAX) {
            reader->status = lb_fail(reader->error, LB_E_USAGE, reader->path,
                                     "give it every quasi-identifier as a column, and count",
                                     "there is no column \"%.*s\"", (int)name.size, name.data);
            return;
        }
    }
    for (size_t i = 0; i < reader->cells; i++)
        if (lb_str_equal(cell(reader, i), LB_STR("count")))
            reader->count_cell = i;
}

static void take_people(population_reader *reader) {
    uint64_t people = 1;
    size_t columns = reader->table->quasi_identifier_count;
    for (size_t c = 0; c < columns; c++) {
        if (reader->column_of[c] >= reader->cells) {
            fail_row(reader, "the row has too few cells");
            return;
        }
        lb_str value = cell(reader, reader->column_of[c]);
        reader->values[c] = value.size > 0 ? value : (lb_str){NULL, 0};
    }
    if (reader->count_cell != SIZE_MAX) {
        char digits[32] = "", *end;
        lb_str count =
            reader->count_cell < reader->cells ? cell(reader, reader->count_cell) : LB_STR("");
        if (count.size < sizeof digits)
            snprintf(digits, sizeof digits, "%.*s", (int)count.size, count.data);
        errno = 0;
        people = strtoull(digits, &end, 10);
        if (errno != 0 || end == digits || *end != '\0' || digits[0] == '-') {
            fail_row(reader, "the count is no whole number");
            return;
        }
    }
    reader->status =
        lb_population_table_add(reader->population, reader->values, people, reader->error);
}

static void take_row(int ending, void *context) {
    (void)ending;
    population_reader *reader = context;
    reader->line++;
    if (reader->status == LB_OK && reader->line == 1)
        take_header(reader);
    else if (reader->status == LB_OK)
        take_people(reader);
    reader->text.size = 0;
    reader->cells = 0;
}

static int read_all(population_reader *reader, FILE *file, struct csv_parser *parser) {
    char chunk[65536];
    size_t size;
    while (reader->status == LB_OK && (size = fread(chunk, 1, sizeof chunk, file)) > 0)
        if (csv_parse(parser, chunk, size, take_cell, take_row, reader) != size &&
            reader->status == LB_OK)
            fail_row(reader, csv_strerror(csv_error(parser)));
    if (reader->status == LB_OK && ferror(file))
        reader->status =
            lb_fail_errno(reader->error, LB_E_INPUT, reader->path, "cannot read the file", errno);
    if (reader->status == LB_OK && csv_fini(parser, take_cell, take_row, reader) != 0 &&
        reader->status == LB_OK)
        fail_row(reader, "a quoted cell is not closed");
    if (reader->status == LB_OK && reader->line < 2)
        reader->status = lb_fail(reader->error, LB_E_INPUT, reader->path,
                                 "give it one row for each combination of values",
                                 "the population table has no rows");
    return reader->status;
}

int lb_population_file_read(lb_population_table **out, const char *path, const lb_table *table,
                            lb_error *error) {
    size_t columns = table->quasi_identifier_count;
    population_reader reader = {
        .table = table, .path = path, .count_cell = SIZE_MAX, .error = error};
    FILE *file = fopen(path, "rbe");
    if (!file)
        return lb_fail_errno(error, LB_E_USAGE, path, "cannot open the population table", errno);
    struct csv_parser parser;
    reader.column_of = lb_alloc(columns, sizeof *reader.column_of);
    reader.values = lb_alloc(columns, sizeof *reader.values);
    bool ready = reader.column_of && reader.values && csv_init(&parser, CSV_APPEND_NULL) == 0;
    reader.status = ready ? lb_population_table_new(&reader.population, columns, error)
                          : lb_fail_memory(error, "reading the population table");
    if (reader.status == LB_OK)
        read_all(&reader, file, &parser);
    if (ready)
        csv_free(&parser);
    fclose(file);
    lb_free(reader.column_of);
    lb_free(reader.values);
    lb_free(reader.ends);
    lb_buffer_free(&reader.text);
    if (reader.status < 0)
        lb_population_table_free(reader.population);
    else
        *out = reader.population;
    return reader.status;
}
