#include "audit/side/truth_file.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "corpus/read/side_table.h"

typedef struct truth_reader {
    lb_truth *truth;
    const char *path;
    lb_side_table *file;
    const lb_texts *a, *b;
    uint64_t *lines; /* [units of a] where it was said; 0: not yet */
    size_t column_a, column_b;
    lb_error *error;
} truth_reader;

static int fail_line(const truth_reader *reader, const char *mend, const char *what) {
    return lb_side_table_fail(reader->file, reader->error, mend, "%s", what);
}

/* The unit of that key, LB_TRUTH_UNKNOWN for none. */
static uint32_t find_unit(const lb_texts *texts, lb_str key) {
    size_t unit = lb_texts_find_unit(texts, lb_hash(key.data, key.size));
    return unit < texts->units ? (uint32_t)unit : LB_TRUTH_UNKNOWN;
}

static size_t find_column(lb_side_row header, char name) {
    for (size_t i = 0; i < header.count; i++) {
        lb_str cell = header.cells[i];
        while (cell.size > 0 && cell.data[0] == ' ')
            cell = (lb_str){cell.data + 1, cell.size - 1};
        while (cell.size > 0 && cell.data[cell.size - 1] == ' ')
            cell.size--;
        if (cell.size == 1 && (cell.data[0] | 32) == name)
            return i;
    }
    return SIZE_MAX;
}

static int take_header(truth_reader *reader, lb_side_row header) {
    reader->column_a = find_column(header, 'a');
    reader->column_b = find_column(header, 'b');
    if (reader->column_a != SIZE_MAX && reader->column_b != SIZE_MAX)
        return LB_OK;
    return fail_line(reader, "begin the file with the line a,b",
                     "the first line does not name the columns a and b");
}

static int take_row(truth_reader *reader, lb_side_row row) {
    lb_truth *truth = reader->truth;
    if (reader->column_a >= row.count || reader->column_b >= row.count)
        return fail_line(reader, "mend the row", "the row has too few cells");
    lb_str a = row.cells[reader->column_a], b = row.cells[reader->column_b];
    if (!lb_utf8_valid(a.data, a.size) || !lb_utf8_valid(b.data, b.size))
        return fail_line(reader, "save the file as UTF-8", "this is not UTF-8");
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
        return lb_side_table_fail(reader->file, reader->error, "leave one of the two lines out",
                                  "line %llu says of the same a that it is another b",
                                  (unsigned long long)reader->lines[unit]);
    truth->repeated += reader->lines[unit] != 0;
    truth->known += reader->lines[unit] == 0 && match != LB_TRUTH_ABSENT;
    truth->absent += reader->lines[unit] == 0 && match == LB_TRUTH_ABSENT;
    truth->of[unit] = match;
    reader->lines[unit] = lb_side_table_line(reader->file);
    return LB_OK;
}

static int read_lines(truth_reader *reader) {
    lb_side_row row;
    int status = lb_side_table_next(reader->file, &row, reader->error);
    if (status == 1)
        status = take_header(reader, row);
    while (status == LB_OK && (status = lb_side_table_next(reader->file, &row, reader->error)) == 1)
        status = take_row(reader, row);
    if (status < 0)
        return status;
    if (reader->truth->rows == 0)
        return lb_fail(reader->error, LB_E_INPUT, reader->path,
                       "give it the line a,b and a line for each person",
                       "it says of nobody who they are");
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
    reader.lines = lb_alloc_zero(a->units + 1, sizeof *reader.lines);
    lb_side_form form = {.delimiters = ",;\t"};
    int status = truth->of && reader.lines ? lb_side_table_open(&reader.file, path, form, error)
                                           : lb_fail_memory(error, "reading who is who");
    for (size_t unit = 0; status == LB_OK && unit < a->units; unit++)
        truth->of[unit] = LB_TRUTH_UNKNOWN;
    if (status == LB_OK)
        status = read_lines(&reader);
    lb_side_table_close(reader.file);
    lb_free(reader.lines);
    if (status < 0)
        lb_truth_free(truth);
    return status;
}

void lb_truth_free(lb_truth *truth) {
    lb_free(truth->of);
    *truth = (lb_truth){0};
}
