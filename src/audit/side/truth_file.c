#include "audit/side/truth_file.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "corpus/value/csv.h"

enum { LARGEST = 1 << 30 };

typedef struct truth_reader {
    lb_truth *truth;
    const char *path;
    const lb_texts *a, *b;
    uint64_t line;
    uint64_t *lines; /* [units of a] where it was said; 0: not yet */
    char delimiter;
    size_t column_a, column_b;
    lb_str *cells;
    size_t capacity, count;
    lb_arena *arena;
    lb_error *error;
} truth_reader;

static int fail_line(const truth_reader *reader, const char *mend, const char *what) {
    char where[LB_ERROR_WHERE_MAX];
    snprintf(where, sizeof where, "%s:%llu", reader->path, (unsigned long long)reader->line);
    return lb_fail(reader->error, LB_E_INPUT, where, mend, "%s", what);
}

/* The unit of that key, LB_TRUTH_UNKNOWN for none. */
static uint32_t find_unit(const lb_texts *texts, lb_str key) {
    uint64_t hash = lb_hash(key.data, key.size);
    size_t low = 0, high = texts->units;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (texts->unit_hashes[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < texts->units && texts->unit_hashes[low] == hash ? (uint32_t)low : LB_TRUTH_UNKNOWN;
}

static int cut(truth_reader *reader, lb_str line) {
    const char *what = "";
    int status = lb_csv_cut(line.data, line.size, reader->delimiter, &reader->cells,
                            &reader->capacity, &reader->count, reader->arena, &what, reader->error);
    return status == 1 ? fail_line(reader, "mend the row", what) : status;
}

static size_t find_column(const truth_reader *reader, char name) {
    for (size_t i = 0; i < reader->count; i++) {
        lb_str cell = reader->cells[i];
        while (cell.size > 0 && cell.data[0] == ' ')
            cell = (lb_str){cell.data + 1, cell.size - 1};
        while (cell.size > 0 && cell.data[cell.size - 1] == ' ')
            cell.size--;
        if (cell.size == 1 && (cell.data[0] | 32) == name)
            return i;
    }
    return SIZE_MAX;
}

static int take_header(truth_reader *reader, lb_str line) {
    static const char DELIMITERS[] = ",;\t";
    for (const char *d = DELIMITERS; *d; d++) {
        reader->delimiter = *d;
        int status = cut(reader, line);
        if (status < 0)
            return status;
        reader->column_a = find_column(reader, 'a');
        reader->column_b = find_column(reader, 'b');
        if (reader->column_a != SIZE_MAX && reader->column_b != SIZE_MAX)
            return LB_OK;
    }
    return fail_line(reader, "begin the file with the line a,b",
                     "the first line does not name the columns a and b");
}

static int contradict(const truth_reader *reader, uint64_t earlier) {
    char what[128];
    snprintf(what, sizeof what, "line %llu says of the same a that it is another b",
             (unsigned long long)earlier);
    return fail_line(reader, "leave one of the two lines out", what);
}

static int take_row(truth_reader *reader, lb_str line) {
    lb_truth *truth = reader->truth;
    int status = cut(reader, line);
    if (status < 0)
        return status;
    if (reader->column_a >= reader->count || reader->column_b >= reader->count)
        return fail_line(reader, "mend the row", "the row has too few cells");
    lb_str a = reader->cells[reader->column_a], b = reader->cells[reader->column_b];
    if (a.size == 0)
        return fail_line(reader, "mend the row", "the cell of column a is empty");
    truth->rows++;
    uint32_t unit = find_unit(reader->a, a);
    uint32_t match = b.size == 0 ? LB_TRUTH_ABSENT : find_unit(reader->b, b);
    truth->a_not_there += unit == LB_TRUTH_UNKNOWN;
    truth->b_not_there += unit != LB_TRUTH_UNKNOWN && match == LB_TRUTH_UNKNOWN;
    if (unit == LB_TRUTH_UNKNOWN || match == LB_TRUTH_UNKNOWN)
        return LB_OK;
    if (reader->lines[unit] != 0 && truth->of[unit] != match)
        return contradict(reader, reader->lines[unit]);
    truth->repeated += reader->lines[unit] != 0;
    truth->known += reader->lines[unit] == 0 && match != LB_TRUTH_ABSENT;
    truth->absent += reader->lines[unit] == 0 && match == LB_TRUTH_ABSENT;
    truth->of[unit] = match;
    reader->lines[unit] = reader->line;
    return LB_OK;
}

static int take_line(truth_reader *reader, lb_str line) {
    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    if (line.size == 0)
        return LB_OK;
    if (memchr(line.data, '\0', line.size) || !lb_utf8_valid(line.data, line.size))
        return fail_line(reader, "save the file as UTF-8", "this is not UTF-8");
    lb_arena_reset(reader->arena);
    return reader->delimiter ? take_row(reader, line) : take_header(reader, line);
}

static int read_lines(truth_reader *reader, lb_str text) {
    int status = LB_OK;
    if (text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        text = (lb_str){text.data + 3, text.size - 3};
    for (size_t at = 0; status == LB_OK && at < text.size;) {
        const char *newline = memchr(text.data + at, '\n', text.size - at);
        size_t end = newline ? (size_t)(newline - text.data) : text.size;
        reader->line++;
        status = take_line(reader, (lb_str){text.data + at, end - at});
        at = end + 1;
    }
    if (status < 0)
        return status;
    if (!reader->delimiter || reader->truth->rows == 0)
        return lb_fail(reader->error, LB_E_INPUT, reader->path,
                       "give it the line a,b and a line for each person",
                       "it says of nobody who "
                       "they are");
    if (reader->truth->known == 0 && reader->truth->absent == 0)
        return lb_fail(reader->error, LB_E_INPUT, reader->path,
                       "a is of the first corpus and b of the second: are they swapped?",
                       "none of its %llu rows names someone of both corpora",
                       (unsigned long long)reader->truth->rows);
    return LB_OK;
}

int lb_truth_read(lb_truth *truth, const char *path, const lb_texts *a, const lb_texts *b,
                  lb_error *error) {
    *truth = (lb_truth){.of = lb_alloc(a->units + 1, sizeof *truth->of)};
    truth_reader reader = {.truth = truth, .path = path, .a = a, .b = b, .error = error};
    lb_buffer text = {0};
    reader.lines = lb_alloc_zero(a->units + 1, sizeof *reader.lines);
    reader.arena = lb_arena_new();
    int status = truth->of && reader.lines && reader.arena
                     ? lb_file_read(path, LARGEST, &text, error)
                     : lb_fail_memory(error, "reading who is who");
    for (size_t unit = 0; status == LB_OK && unit < a->units; unit++)
        truth->of[unit] = LB_TRUTH_UNKNOWN;
    if (status == LB_OK)
        status = read_lines(&reader, lb_buffer_str(&text));
    lb_buffer_free(&text);
    lb_free(reader.lines);
    lb_free(reader.cells);
    lb_arena_free(reader.arena);
    if (status < 0)
        lb_truth_free(truth);
    return status;
}

void lb_truth_free(lb_truth *truth) {
    lb_free(truth->of);
    *truth = (lb_truth){0};
}
