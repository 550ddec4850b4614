#include "corpus/read/side_table.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "corpus/input/input.h"
#include "corpus/value/csv.h"
#include "corpus/value/cutter.h"
#include "corpus/value/utf16.h"

enum { PIECE = 1 << 16, LONGEST_ROW = 1 << 28 };

struct lb_side_table {
    lb_place place;
    lb_side_form form;
    lb_input *input;
    lb_utf16 encoding;
    bool cr_alone; /* ends the lines */
    bool ended;    /* nothing follows what is in text */
    bool broken;   /* because half a character does */
    lb_buffer raw; /* UTF-16 that is not in text yet */
    lb_buffer text;
    size_t at; /* in text: behind the row that was read last */
    lb_cutter cutter;
    uint64_t line, next_line;
    lb_str *cells;
    size_t capacity;
    lb_arena *arena;
};

static int read_piece(lb_side_table *table, lb_buffer *into, lb_error *error) {
    size_t got;
    int status = lb_buffer_reserve(into, PIECE, error);
    if (status == LB_OK)
        status = lb_input_read(table->input, into->data + into->size, PIECE, &got, error);
    if (status < 0)
        return status;
    into->size += got;
    table->ended = got == 0;
    return LB_OK;
}

static void forget(lb_buffer *buffer, size_t size) {
    if (size > 0)
        memmove(buffer->data, buffer->data + size, buffer->size - size);
    buffer->size -= size;
}

static int decode(lb_side_table *table, lb_error *error) {
    size_t taken;
    int status =
        lb_utf16_decode(table->encoding, lb_buffer_str(&table->raw), &table->text, &taken, error);
    if (status < 0)
        return status;
    forget(&table->raw, taken);
    table->broken = table->raw.size >= 4 || (table->ended && table->raw.size > 0);
    table->ended = table->ended || table->broken;
    return LB_OK;
}

static void end_lines(lb_side_table *table, size_t from) {
    for (size_t i = from; table->cr_alone && i < table->text.size; i++)
        if (table->text.data[i] == '\r')
            table->text.data[i] = '\n';
}

static int read_more(lb_side_table *table, lb_error *error) {
    forget(&table->text, table->at);
    table->at = 0;
    size_t before = table->text.size;
    int status =
        read_piece(table, table->encoding == LB_UTF16_NONE ? &table->text : &table->raw, error);
    if (status == LB_OK && table->encoding != LB_UTF16_NONE)
        status = decode(table, error);
    if (status == LB_OK)
        end_lines(table, before);
    return status;
}

static int read_head(lb_side_table *table, lb_error *error) {
    int status = LB_OK;
    while (status == LB_OK && !table->ended && table->text.size < PIECE)
        status = read_piece(table, &table->text, error);
    if (status < 0)
        return status;
    table->encoding = lb_utf16_find(lb_buffer_str(&table->text));
    if (table->encoding != LB_UTF16_NONE) {
        table->raw = table->text;
        table->text = (lb_buffer){0};
        status = decode(table, error);
    }
    lb_buffer *text = &table->text;
    table->cr_alone = text->size > 0 && memchr(text->data, '\r', text->size) &&
                      !memchr(text->data, '\n', text->size);
    end_lines(table, 0);
    table->at = lb_utf8_mark(lb_buffer_str(text));
    return status;
}

/* Where rows are ragged, the first row decides alone. */
static char choose_delimiter(const lb_side_table *table) {
    lb_str head = lb_side_table_head(table);
    const char *delimiters = table->form.delimiters;
    const char *end = head.size > 0 ? memchr(head.data, '\n', head.size) : NULL;
    for (const char *d = delimiters; *d; d++)
        if (lb_csv_count(head, table->ended, *d) >= 2)
            return *d;
    if (end)
        head.size = (size_t)(end - head.data);
    for (const char *d = delimiters; *d; d++)
        if (lb_csv_count(head, true, *d) >= 2)
            return *d;
    return *delimiters;
}

/* Of an archive, which may as well be a spreadsheet, there is no telling which part is the table. */
static int refuse_archive(const char *path, lb_error *error) {
    char head[4] = "";
    struct stat facts; /* what a pipe brings is read once */
    bool regular = stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
    FILE *file = regular ? fopen(path, "rb") : NULL;
    size_t size = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    return size == sizeof head && memcmp(head, "PK\3\4", sizeof head) == 0
               ? lb_fail(error, LB_E_INPUT, path,
                         "write the list or table out as plain text or CSV, and name that",
                         "is a zip archive or a spreadsheet, and no list or table as text")
               : LB_OK;
}

int lb_side_table_open(lb_side_table **out, const char *path, lb_side_form form, lb_error *error) {
    lb_side_table *table = lb_alloc_zero(1, sizeof *table);
    *out = NULL;
    if (!table)
        return lb_fail_memory(error, "reading a table");
    table->form = form;
    table->next_line = 1;
    table->place.path = path;
    table->place.file = strcmp(path, "-") == 0 ? "./-" : path; /* standard input is the corpus's */
    table->arena = lb_arena_new();
    int status =
        table->arena ? refuse_archive(path, error) : lb_fail_memory(error, "reading a table");
    if (status == LB_OK)
        status = lb_input_open(&table->input, &table->place, NULL, error);
    if (status == LB_OK && lb_input_database(table->input))
        status = lb_fail(error, LB_E_INPUT, path, "write the table out as CSV and name that",
                         "a table beside the corpus cannot be a database");
    if (status == LB_OK)
        status = read_head(table, error);
    if (status < 0) {
        lb_side_table_close(table);
        return status;
    }
    table->cutter = *form.delimiters ? lb_cutter_begin(LB_CUT_ROWS, choose_delimiter(table))
                                     : lb_cutter_begin(LB_CUT_LINES, '\0');
    *out = table;
    return LB_OK;
}

void lb_side_table_close(lb_side_table *table) {
    if (!table)
        return;
    lb_input_free(table->input);
    lb_buffer_free(&table->raw);
    lb_buffer_free(&table->text);
    lb_free(table->cells);
    lb_arena_free(table->arena);
    lb_free(table);
}

lb_str lb_side_table_head(const lb_side_table *table) {
    return table->text.size > table->at
               ? (lb_str){table->text.data + table->at, table->text.size - table->at}
               : LB_STR("");
}

uint64_t lb_side_table_line(const lb_side_table *table) {
    return table->line;
}

int lb_side_table_fail(const lb_side_table *table, lb_error *error, const char *mend,
                       const char *what, ...) {
    char where[LB_ERROR_WHERE_MAX], text[LB_ERROR_WHAT_MAX];
    va_list arguments;
    snprintf(where, sizeof where, "%s:%llu", table->place.path, (unsigned long long)table->line);
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    return lb_fail(error, LB_E_INPUT, where, mend, "%s", text);
}

/* The next row as it stands, without the end of its line; it begins in text at *begin. */
static int cut_row(lb_side_table *table, size_t *begin, size_t *size, lb_error *error) {
    bool complete = false;
    size_t seen = 0;
    table->line = table->next_line;
    for (;;) {
        lb_str rest = lb_side_table_head(table);
        if (rest.size > seen)
            seen += lb_cutter_next(&table->cutter, rest.data + seen, rest.size - seen, &complete);
        if (complete || table->ended)
            break;
        if (seen > LONGEST_ROW)
            return lb_side_table_fail(table, error, "check that this is the file that was meant",
                                      "the row has more than %d bytes", LONGEST_ROW);
        int status = read_more(table, error);
        if (status < 0)
            return status;
    }
    uint64_t lines = lb_str_count_lines((lb_str){lb_side_table_head(table).data, seen});
    if (!complete && table->broken) {
        table->line += lines;
        return lb_side_table_fail(table, error, "save the file anew, as UTF-8",
                                  "the UTF-16 breaks off within a character");
    }
    *begin = table->at;
    *size = seen;
    table->at += seen;
    table->next_line += lines;
    const char *row = table->text.data + *begin;
    while (*size > 0 && (row[*size - 1] == '\n' || row[*size - 1] == '\r'))
        --*size;
    return seen > 0;
}

/* Leaves out, in place, the blanks around cells and around the quotes of cells. */
static size_t trim_cells(char *row, size_t size, char delimiter) {
    enum { BEFORE, PLAIN, QUOTED, BEHIND } state = BEFORE;
    size_t kept = 0, solid = 0; /* solid: without the blanks at the end of a plain cell */
    for (size_t i = 0; i < size; i++) {
        char c = row[i];
        bool blank = (c == ' ' || c == '\t') && c != delimiter;
        if (blank && (state == BEFORE || state == BEHIND))
            continue;
        if (state == QUOTED)
            state = c == '"' ? BEHIND : QUOTED;
        else if (c == delimiter) {
            kept = solid;
            state = BEFORE;
        } else if (c == '"' && state != PLAIN)
            state = QUOTED; /* opens the cell, or is the second of two */
        else
            state = PLAIN;
        row[kept++] = c;
        solid = blank && state == PLAIN ? solid : kept;
    }
    return solid;
}

static int cut_cells(lb_side_table *table, lb_str text, lb_side_row *row, lb_error *error) {
    const char *what;
    lb_arena_reset(table->arena);
    int status = lb_csv_cut(text, table->cutter.delimiter, LB_QUOTES, &table->cells,
                            &table->capacity, &row->count, table->arena, &what, error);
    if (status == 1 && !table->form.guesses)
        return lb_side_table_fail(
            table, error, "mend the row: where \" begins a cell, \" ends it, and \"\" is a quote",
            "%s", what);
    if (status == 1) {
        lb_str *grown = lb_grow(table->cells, &table->capacity, 1, sizeof *grown, error);
        if (!grown)
            return LB_E_RESOURCE;
        table->cells = grown;
        table->cells[0] = text;
        row->count = 1;
    }
    row->cells = table->cells;
    return status < 0 ? status : 1;
}

int lb_side_table_next(lb_side_table *table, lb_side_row *row, lb_error *error) {
    size_t begin = 0, size = 0;
    int status = 1;
    while (status == 1 && size == 0) {
        status = cut_row(table, &begin, &size, error);
        if (status == 1 && table->form.trimmed)
            size = trim_cells(table->text.data + begin, size, table->cutter.delimiter);
        if (table->form.guesses)
            break;
    }
    if (status != 1)
        return status;
    lb_str text = {table->text.data + begin, size};
    if (memchr(text.data, '\0', text.size))
        return lb_side_table_fail(table, error, "save the file as UTF-8",
                                  "there is a zero byte: this is no text in UTF-8 or UTF-16");
    return cut_cells(table, text, row, error);
}
