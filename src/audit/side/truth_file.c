#include "audit/side/truth_file.h"

#include "base/utf8.h"
#include "corpus/read/side_table.h"
#include "text/id_fold.h"

typedef struct truth_reader {
    lb_truth *truth;
    const char *path;
    lb_side_table *file;
    lb_directory *a, *b;
    uint64_t *lines;  /* [units of a] where it was said; 0: not yet */
    bool *by_folding; /* [units of a] of an id that only folding found */
    size_t column_a, column_b;
    lb_error *error;
} truth_reader;

static int fail_line(const truth_reader *reader, const char *mend, const char *what) {
    return lb_side_table_fail(reader->file, reader->error, mend, "%s", what);
}

/* The unit of that key, LB_TRUTH_UNKNOWN for none. */
static int find_unit(const truth_reader *reader, lb_directory *people, lb_str key,
                     lb_listed *listed, uint32_t *unit, bool *folded) {
    lb_hits found;
    int status = lb_directory_find(people, key, &found, reader->error);
    if (status < 0)
        return status;
    if (found.count > 1)
        found.count = 0;
    *unit = found.count == 1 ? found.first->unit : LB_TRUTH_UNKNOWN;
    *folded = found.count == 1 && !found.exact;
    return lb_listed_add(listed, people, key, &found, reader->error);
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
    uint32_t unit, match = LB_TRUTH_ABSENT;
    bool folded, match_folded;
    int status = find_unit(reader, reader->a, a, &truth->a, &unit, &folded);
    if (status == LB_OK && b.size > 0)
        status = find_unit(reader, reader->b, b, &truth->b, &match, &match_folded);
    if (status < 0)
        return status;
    bool said = unit != LB_TRUTH_UNKNOWN && reader->lines[unit] != 0;
    if (said && folded && !reader->by_folding[unit])
        unit = LB_TRUTH_UNKNOWN; /* the id as it stands was said already */
    truth->a_not_there += unit == LB_TRUTH_UNKNOWN;
    truth->b_not_there += unit != LB_TRUTH_UNKNOWN && match == LB_TRUTH_UNKNOWN;
    if (unit == LB_TRUTH_UNKNOWN || match == LB_TRUTH_UNKNOWN)
        return LB_OK;
    if (said && !folded && reader->by_folding[unit]) {
        truth->known -= truth->of[unit] != LB_TRUTH_ABSENT;
        truth->absent -= truth->of[unit] == LB_TRUTH_ABSENT;
        said = false;
    }
    if (said && truth->of[unit] != match)
        return lb_side_table_fail(reader->file, reader->error, "leave one of the two lines out",
                                  "line %llu says of the same a that it is another b",
                                  (unsigned long long)reader->lines[unit]);
    truth->repeated += said;
    truth->known += !said && match != LB_TRUTH_ABSENT;
    truth->absent += !said && match == LB_TRUTH_ABSENT;
    truth->of[unit] = match;
    reader->by_folding[unit] = folded;
    reader->lines[unit] = lb_side_table_line(reader->file);
    return LB_OK;
}

/* Names the side that does not fit, by what its ids look like. */
static int fail_unmatched(const truth_reader *reader) {
    const lb_truth *truth = reader->truth;
    bool of_a = truth->a.unknown == truth->a.ids;
    const lb_directory *people = of_a ? reader->a : reader->b;
    lb_buffer ours = {0}, theirs = {0};
    int status = lb_id_shape(lb_buffer_str(of_a ? &truth->a.example : &truth->b.example), &theirs,
                             reader->error);
    if (status == LB_OK && people->units > 0)
        status = lb_id_shape(people->facts[0].key, &ours, reader->error);
    if (status == LB_OK)
        status =
            lb_fail(reader->error, LB_E_INPUT, reader->path,
                    "a is of the first corpus and b of the second: are they swapped?",
                    "none of its %llu rows names someone of both corpora; column %s has ids "
                    "such as %.*s, that corpus such as %.*s",
                    (unsigned long long)truth->rows, of_a ? "a" : "b", (int)theirs.size,
                    theirs.size ? theirs.data : "", (int)ours.size, ours.size ? ours.data : "");
    lb_buffer_free(&ours);
    lb_buffer_free(&theirs);
    return status;
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
        return fail_unmatched(reader);
    return LB_OK;
}

int lb_truth_read(lb_truth *truth, const char *path, lb_directory *a, lb_directory *b,
                  lb_error *error) {
    *truth = (lb_truth){.of = lb_alloc(a->units + 1, sizeof *truth->of)};
    truth_reader reader = {.truth = truth, .path = path, .a = a, .b = b, .error = error};
    reader.lines = lb_alloc_zero(a->units + 1, sizeof *reader.lines);
    reader.by_folding = lb_alloc_zero(a->units + 1, sizeof *reader.by_folding);
    lb_side_form form = {.delimiters = ",;\t"};
    int status = truth->of && reader.lines && reader.by_folding
                     ? lb_side_table_open(&reader.file, path, form, error)
                     : lb_fail_memory(error, "reading who is who");
    for (size_t unit = 0; status == LB_OK && unit < a->units; unit++)
        truth->of[unit] = LB_TRUTH_UNKNOWN;
    if (status == LB_OK)
        status = read_lines(&reader);
    lb_side_table_close(reader.file);
    lb_free(reader.lines);
    lb_free(reader.by_folding);
    if (status < 0)
        lb_truth_free(truth);
    return status;
}

void lb_truth_free(lb_truth *truth) {
    lb_free(truth->of);
    lb_listed_free(&truth->a);
    lb_listed_free(&truth->b);
    *truth = (lb_truth){0};
}
