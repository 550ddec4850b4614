#include "corpus/read/read_csv.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "corpus/value/csv.h"
#include "corpus/value/structure.h"

/* Without what is left of the line's end, and without the byte order mark that joined files leave.
 */
static lb_str row_of(const char *data, const lb_piece *piece) {
    lb_str row = {data + piece->at, piece->size};
    if (row.size > 0 && row.data[row.size - 1] == '\r')
        row.size--;
    size_t mark = lb_utf8_mark(row);
    return (lb_str){row.data + mark, row.size - mark};
}

/* No measure looks at the column. */
static int pass_by(lb_block *block, const lb_plan *plan, size_t column, lb_error *error) {
    lb_str name = block->source->header[column];
    lb_known_key *known;
    uint32_t number;
    lb_known_child(&block->keys, plan, 0, column, name, &known);
    if (known && known->field)
        number = known->field - 1;
    else {
        int status = lb_unsearched_find(&block->unsearched, name, &number, error);
        if (status < 0)
            return status;
        if (known)
            known->field = number + 1;
    }
    lb_unsearched_count(&block->unsearched, number);
    return LB_OK;
}

/* An empty cell is a missing value; "NA" is a value (Namibia). */
int lb_block_fill_cells(lb_block *block, const lb_plan *plan, size_t count, bool valid,
                        lb_error *error) {
    bool table = block->source->container != LB_CONTAINER_LOG; /* whose columns are the format's */
    for (size_t i = 0; i < count; i++) {
        lb_str cell = block->cells[i];
        uint32_t node = block->source->columns[i];
        bool passed = !node || (plan->nodes[node].structural && !lb_structure_fits(cell));
        if (passed && cell.size > 0 && table) {
            int status = pass_by(block, plan, i, error);
            if (status < 0)
                return status;
        }
        if (!node || !cell.data)
            continue;
        if (!valid && !lb_utf8_valid(cell.data, cell.size)) {
            block->mended.size = 0;
            int status = lb_utf8_repair(cell, &block->mended, &block->counts.replaced_bytes, error);
            if (status < 0)
                return status;
            cell = lb_buffer_str(&block->mended);
            cell.data = lb_arena_copy(block->scratch, cell.data, cell.size);
            if (!cell.data)
                return lb_fail_memory(error, "reading CSV");
        }
        for (uint32_t f = plan->nodes[node].fills; f; f = plan->fills[f - 1].next) {
            int status = lb_frames_fill(&block->frames, 0, &plan->fills[f - 1], cell, ", ",
                                        block->scratch, error);
            if (status < 0)
                return status;
        }
    }
    return LB_OK;
}

static int read_row(lb_block *block, lb_emitter *emitter, lb_str row, uint64_t line, uint64_t byte,
                    bool valid, lb_error *error) {
    const char *what;
    size_t count;
    lb_arena_reset(block->scratch);
    block->unsearched.line = line;
    block->unsearched.byte = byte;
    int status = lb_csv_cut(row, block->source->delimiter, block->source->quotes, &block->cells,
                            &block->cell_capacity, &count, block->scratch, &what, error);
    if (status == LB_OK && count != block->source->column_count) {
        what = count < block->source->column_count ? "the row has fewer cells than the header"
                                                   : "the row has more cells than the header";
        status = 1;
    }
    if (status == 1)
        return lb_block_reject(block, line, byte, row.size, what, error);
    if (status == LB_OK)
        status = lb_frames_begin(&block->frames, emitter->plan, error);
    if (status == LB_OK)
        status = lb_block_fill_cells(block, emitter->plan, count, valid, error);
    if (status == LB_OK)
        status = lb_emit(emitter, &block->frames, line, byte, error);
    return status < 0 ? status
                      : lb_unsearched_note_lost(&block->unsearched, emitter->plan, &block->frames,
                                                LB_STR(""), error);
}

int lb_csv_read(lb_block *block, lb_emitter *emitter, lb_error *error) {
    const char *data = block->data.data;
    size_t size = block->data.size;
    if (!block->scratch && !(block->scratch = lb_arena_new()))
        return lb_fail_memory(error, "reading CSV");
    bool valid = lb_json_utf8_valid(data, size);
    uint64_t line = block->line;
    bool header = block->first; /* the first row that is not blank */
    int status = LB_OK;
    size_t counted = 0;
    for (size_t i = 0; status == LB_OK && i < block->pieces.count; i++) {
        const lb_piece *piece = &block->pieces.items[i];
        lb_str row = row_of(data, piece);
        line += lb_str_count_lines((lb_str){data + counted, piece->at - counted});
        counted = piece->at;
        if (piece->fault)
            status = lb_block_reject_piece(block, piece, line, error);
        else if (header && row.size > 0)
            header = false;
        else if (row.size > 0)
            status = read_row(block, emitter, row, line, block->byte + piece->at, valid, error);
    }
    return status;
}

/* Names of the columns, made unique: a column without a name, or with one that was there already,
 * gets "column 3". */
static int name_columns(lb_source_state *source, const lb_str *cells, size_t count, lb_arena *arena,
                        lb_error *error) {
    lb_str *names = lb_arena_alloc(arena, count, sizeof *names);
    if (!names)
        return lb_fail_memory(error, "reading the header of a table");
    for (size_t i = 0; i < count; i++) {
        bool taken = cells[i].size == 0;
        for (size_t j = 0; !taken && j < i; j++)
            taken = lb_str_equal(names[j], cells[i]);
        char number[32];
        lb_str name = cells[i];
        if (taken) {
            snprintf(number, sizeof number, "column %zu", i + 1);
            name = lb_str_of(number);
        }
        names[i] = (lb_str){lb_arena_copy(arena, name.data, name.size), name.size};
        if (!names[i].data)
            return lb_fail_memory(error, "reading the header of a table");
    }
    source->header = names;
    source->column_count = count;
    return LB_OK;
}

static bool is_number(lb_str text) {
    size_t digits = 0, points = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (lb_is_digit(c))
            digits++;
        else if (c == '.')
            points++;
        else if (c != '-' || i > 0)
            return false;
    }
    return digits > 0 && points <= 1;
}

int lb_cells_note(lb_source_state *source, const lb_str *cells, lb_error *error) {
    lb_catalogue_begin_record(source->catalogue);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < source->column_count; i++) {
        lb_step step = {LB_STEP_FIELD, source->header[i]};
        lb_kind kind = !cells[i].data        ? LB_KIND_NULL
                       : is_number(cells[i]) ? LB_KIND_NUMBER
                                             : LB_KIND_STRING;
        status = lb_catalogue_note(source->catalogue, (lb_path){&step, 1}, kind, cells[i], error);
    }
    return status;
}

typedef struct head_rows {
    lb_str *cells;
    size_t capacity, count;
    lb_arena *scratch;
} head_rows;

/* Does every cell of the row stand in quotes? A writer that quotes names quotes all text. */
static bool are_quoted(lb_str row, const head_rows *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        const char *cell = rows->cells[i].data;
        bool copied = cell && !(cell >= row.data && cell <= row.data + row.size);
        if (!cell || (!copied && (cell == row.data || cell[-1] != '"')))
            return false;
    }
    return true;
}

static int note_header(lb_source_state *source, lb_str row, const head_rows *rows, lb_arena *arena,
                       lb_error *error) {
    if (source->quotes == LB_QUOTES && are_quoted(row, rows))
        source->quotes = LB_QUOTES_ALWAYS;
    int status = name_columns(source, rows->cells, rows->count, arena, error);
    for (size_t i = 0; status == LB_OK && i < source->column_count; i++) {
        lb_step step = {LB_STEP_FIELD, source->header[i]};
        status = lb_catalogue_note(source->catalogue, (lb_path){&step, 1}, LB_KIND_NULL,
                                   (lb_str){0}, error);
    }
    return status;
}

static int note_row(lb_source_state *source, lb_str row, head_rows *rows, lb_arena *arena,
                    lb_error *error) {
    const char *what;
    lb_arena_reset(rows->scratch);
    int status = lb_csv_cut(row, source->delimiter, source->quotes, &rows->cells, &rows->capacity,
                            &rows->count, rows->scratch, &what, error);
    if (status == 1 && !source->header)
        return lb_fail(error, LB_E_INPUT, source->facts.path,
                       "check that the first row holds the names of the columns",
                       "the header of the table is malformed: %s", what);
    if (status != LB_OK)
        return status < 0 ? status : LB_OK;
    if (!source->header)
        return note_header(source, row, rows, arena, error);
    return rows->count == source->column_count ? lb_cells_note(source, rows->cells, error) : LB_OK;
}

int lb_csv_note(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error) {
    head_rows rows = {.scratch = lb_arena_new()};
    lb_slicer slicer = lb_slicer_begin(source->cut, source->delimiter);
    lb_pieces pieces = {0};
    int status = rows.scratch
                     ? lb_slicer_next(&slicer, head.data, head.size, head.whole, &pieces, error)
                     : lb_fail_memory(error, "reading the header of a table");
    for (size_t i = 0; status == LB_OK && i < pieces.count &&
                       lb_catalogue_records(source->catalogue) < LB_HEAD_RECORDS;
         i++) {
        lb_str row = row_of(head.data, &pieces.items[i]);
        if (row.size > 0 && !pieces.items[i].fault)
            status = note_row(source, row, &rows, arena, error);
    }
    lb_arena_free(rows.scratch);
    lb_free(rows.cells);
    lb_free(pieces.items);
    return status;
}
