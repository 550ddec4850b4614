#include "corpus/mapping/guess_table.h"

#include "base/ascii.h"
#include "corpus/mapping/guess_names.h"
#include "corpus/value/csv.h"
#include "corpus/value/cutter.h"

enum { ROWS = 1000, COLUMNS = 64, LONGEST_NAME = 64 };

typedef struct table_column {
    lb_str name;
    size_t filled, figures; /* cells; those that are numbers or times */
    bool again;             /* its name stands in a cell below */
} table_column;

typedef struct shape {
    table_column columns[COLUMNS];
    size_t count;        /* of columns; more than are looked at closely may be there */
    size_t rows, agreed; /* below the first */
} shape;

/* A number, a date, a time: figures and what stands between them. */
static bool is_figure(lb_str cell) {
    bool digits = false;
    for (size_t i = 0; i < cell.size; i++) {
        digits = digits || lb_is_digit(cell.data[i]);
        if (!lb_is_digit(cell.data[i]) && !strchr("+-.,:/ TZ%", cell.data[i]))
            return false;
    }
    return digits;
}

/* Commas within sentences have a blank behind them, and sentences end in a mark. */
static bool is_name(lb_str cell) {
    if (cell.size == 0 || cell.size > LONGEST_NAME || lb_is_digit(cell.data[0]) ||
        cell.data[0] == ' ' || cell.data[0] == '[' || cell.data[0] == '<' || cell.data[0] == '>')
        return false;
    for (size_t i = 0; i + 1 < cell.size; i++)
        if (strchr(":.!?,;", cell.data[i]) && cell.data[i + 1] == ' ')
            return false;
    return !strchr(":.!,;", cell.data[cell.size - 1]);
}

static void take_row(shape *table, const lb_str *cells, size_t count) {
    if (table->count == 0) {
        table->count = count;
        for (size_t i = 0; i < count && i < COLUMNS; i++)
            table->columns[i].name = cells[i];
        return;
    }
    table->rows++;
    if (count != table->count)
        return;
    table->agreed++;
    for (size_t i = 0; i < count && i < COLUMNS; i++) {
        table_column *column = &table->columns[i];
        column->filled += cells[i].size > 0;
        column->figures += is_figure(cells[i]);
        column->again = column->again || lb_str_equal(cells[i], column->name);
    }
}

/* Names of columns do not stand in the column, and tell: by a word that is known, or since the
 * column below holds figures. */
static bool has_names(const shape *table) {
    bool telling = false;
    for (size_t i = 0; i < table->count && i < COLUMNS; i++) {
        const table_column *column = &table->columns[i];
        if (!is_name(column->name) || column->again)
            return false;
        for (size_t j = 0; j < i; j++)
            if (lb_str_equal(table->columns[j].name, column->name))
                return false;
        telling = telling || (column->filled > 0 && column->figures * 10 >= column->filled * 9);
        for (lb_slot slot = 0; !telling && slot <= LB_SLOT_TEXT; slot++)
            telling = lb_name_fits_alone(column->name, slot);
    }
    return telling;
}

/* The cells of the first row stay: they lie in the text, or in the arena. */
static int measure(lb_str text, bool whole, char delimiter, shape *table, lb_arena *arena,
                   lb_error *error) {
    bool plain = delimiter == '\t' && lb_csv_has_no_quotes(text, whole, delimiter);
    lb_quotes quotes = plain ? LB_QUOTES_NONE : LB_QUOTES;
    lb_cutter cutter = lb_cutter_begin(plain ? LB_CUT_LINES : LB_CUT_ROWS, delimiter);
    lb_str *cells = NULL;
    size_t capacity = 0, count;
    int status = LB_OK;
    for (size_t at = 0; status >= 0 && at < text.size && table->rows < ROWS;) {
        bool complete;
        const char *what, *row = text.data + at;
        size_t length = lb_cutter_next(&cutter, row, text.size - at, &complete), size = length;
        at += length;
        while (size > 0 && (row[size - 1] == '\n' || row[size - 1] == '\r'))
            size--;
        if (size == 0 || (!complete && !whole))
            continue;
        status = lb_csv_cut((lb_str){row, size}, delimiter, quotes, &cells, &capacity, &count,
                            arena, &what, error);
        if (status == 1 && table->count == 0) /* no first row to go by */
            break;
        if (status >= 0)
            take_row(table, cells, status == 0 ? count : 0);
    }
    lb_free(cells);
    return status < 0 ? status : LB_OK;
}

int lb_table_guess(lb_str text, bool whole, char *delimiter, lb_error *error) {
    static const char delimiters[] = {',', '\t', ';', '|'};
    lb_arena *arena = lb_arena_new();
    int status = arena ? LB_OK : lb_fail_memory(error, "looking at an input");
    size_t most = 1;
    *delimiter = '\0';
    for (size_t i = 0; status == LB_OK && i < sizeof delimiters; i++) {
        shape table = {.count = 0};
        status = measure(text, whole, delimiters[i], &table, arena, error);
        if (status == LB_OK && table.count > most && table.rows > 0 &&
            table.agreed * 10 >= table.rows * 9 && has_names(&table)) {
            most = table.count;
            *delimiter = delimiters[i];
        }
    }
    lb_arena_free(arena);
    return status;
}
