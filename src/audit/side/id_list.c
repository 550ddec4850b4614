#include "audit/side/id_list.h"

#include <stdlib.h>

#include "base/hash.h"
#include "corpus/read/side_table.h"
#include "text/id_fold.h"

/* The rows of a file, held until it is known which cells are ids. */
typedef struct held_rows {
    lb_str *cells;
    size_t *starts; /* [rows + 1] of each row in cells */
    size_t rows, cell_count, cell_capacity, start_capacity;
    size_t width;    /* of the longest row */
    size_t *matches; /* [width] cells of each column that name somebody */
    bool *taken;     /* [width] the columns that hold ids */
    lb_arena *arena;
} held_rows;

static int hold_row(held_rows *held, lb_side_row row, lb_error *error) {
    size_t count = row.count;
    lb_str *cells =
        lb_grow(held->cells, &held->cell_capacity, held->cell_count + count, sizeof *cells, error);
    if (!cells)
        return LB_E_RESOURCE;
    held->cells = cells;
    size_t *starts =
        lb_grow(held->starts, &held->start_capacity, held->rows + 2, sizeof *starts, error);
    if (!starts)
        return LB_E_RESOURCE;
    held->starts = starts;
    for (size_t i = 0; i < count; i++) {
        char *copy = lb_arena_copy(held->arena, row.cells[i].data, row.cells[i].size);
        if (!copy)
            return lb_fail_memory(error, "reading a list of ids");
        held->cells[held->cell_count++] = (lb_str){copy, row.cells[i].size};
    }
    held->width = count > held->width ? count : held->width;
    held->starts[0] = 0;
    held->starts[++held->rows] = held->cell_count;
    return LB_OK;
}

static int hold(held_rows *held, const char *path, const char *delimiters, lb_error *error) {
    lb_side_table *file = NULL;
    lb_side_row row;
    lb_side_form form = {.delimiters = delimiters, .trimmed = true};
    int status = lb_side_table_open(&file, path, form, error);
    while (status == LB_OK && (status = lb_side_table_next(file, &row, error)) == 1)
        status = hold_row(held, row, error);
    lb_side_table_close(file);
    return status;
}

static void let_go(held_rows *held) {
    lb_free(held->cells);
    lb_free(held->starts);
    held->cells = NULL;
    held->starts = NULL;
    held->rows = held->cell_count = held->cell_capacity = held->start_capacity = held->width = 0;
}

static lb_str cell_at(const held_rows *held, size_t row, size_t column) {
    size_t width = held->starts[row + 1] - held->starts[row];
    return column < width ? held->cells[held->starts[row] + column] : (lb_str){0};
}

static int count_matches(held_rows *held, lb_id_known *known, void *context, lb_error *error) {
    held->matches = lb_arena_alloc(held->arena, held->width, sizeof *held->matches);
    held->taken = lb_arena_alloc(held->arena, held->width, sizeof *held->taken);
    if (!held->matches || !held->taken)
        return lb_fail_memory(error, "reading a list of ids");
    for (size_t column = 0; column < held->width; column++)
        held->matches[column] = 0;
    for (size_t row = 0; row < held->rows; row++)
        for (size_t column = 0; column < held->starts[row + 1] - held->starts[row]; column++) {
            lb_str cell = cell_at(held, row, column);
            int found = cell.size > 0 ? known(context, cell, error) : 0;
            if (found < 0)
                return found;
            held->matches[column] += (size_t)found;
        }
    return LB_OK;
}

/* What people call a column of ids. */
static bool is_heading(lb_str cell, lb_buffer *folded) {
    static const char *const names[] = {
        "id",       "ids",        "user",    "users",  "userid",   "username",    "uid",
        "name",     "names",      "nick",    "nicks",  "nickname", "author",      "authorid",
        "from",     "sender",     "member",  "handle", "email",    "mail",        "account",
        "login",    "key",        "person",  "people", "who",      "opted",       "optout",
        "optedout", "screenname", "channel", "thread", "convid",   "participant", "conversation"};
    if (lb_id_fold(cell, folded, NULL) < 0)
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < folded->size; i++)
        if (!strchr(" _-.", folded->data[i]))
            folded->data[kept++] = folded->data[i];
    lb_str name = {folded->data, kept};
    bool heading = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        heading = heading || lb_str_equal(name, lb_str_of(names[i]));
    bool ends_in_id = name.size > 4 && name.size < 24 &&
                      memcmp(name.data + name.size - 2, "id", 2) == 0 &&
                      memchr(cell.data, '_', cell.size);
    return heading || ends_in_id;
}

static bool is_comment(lb_str cell) {
    return cell.size > 1 && cell.data[0] == '#' && (cell.data[1] == ' ' || cell.data[1] == '\t');
}

/* The first row is a heading where a cell reads like one and none that was taken names somebody. */
static int skips_first(const held_rows *held, lb_id_known *known, void *context, lb_error *error) {
    lb_buffer folded = {0};
    bool heading = false;
    int found = 0;
    for (size_t column = 0; held->rows > 0 && column < held->starts[1]; column++) {
        heading = heading || is_heading(held->cells[column], &folded);
        if (held->taken[column] && found == 0)
            found = known(context, held->cells[column], error);
    }
    lb_buffer_free(&folded);
    return found < 0 ? found : heading && found == 0;
}

typedef struct hashed_id {
    uint64_t hash;
    lb_str id;
} hashed_id;

static int by_hash(const void *left, const void *right) {
    const hashed_id *a = left, *b = right;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

/* The cells of the columns that were taken, each once. */
static int take_ids(lb_id_list *out, const held_rows *held, size_t first_row, lb_id_known *known,
                    void *context, lb_error *error) {
    size_t count = 0;
    hashed_id *all = lb_alloc(held->cell_count, sizeof *all);
    out->ids = lb_arena_alloc(out->arena, held->cell_count, sizeof *out->ids);
    int status = all && out->ids ? LB_OK : lb_fail_memory(error, "reading a list of ids");
    for (size_t row = first_row; status >= 0 && row < held->rows; row++)
        for (size_t column = 0; status >= 0 && column < held->width; column++) {
            lb_str cell = held->taken[column] ? cell_at(held, row, column) : (lb_str){0};
            if (cell.size > 0 && is_comment(cell) && (status = known(context, cell, error)) == 0)
                continue;
            if (status >= 0 && cell.size > 0)
                all[count++] = (hashed_id){lb_hash_str(cell), cell};
        }
    if (status >= 0 && count > 1)
        qsort(all, count, sizeof *all, by_hash);
    for (size_t i = 0; status >= 0 && i < count; i++)
        if (i == 0 || all[i].hash != all[i - 1].hash)
            out->ids[out->count++] = all[i].id;
    lb_free(all);
    return status < 0 ? status : LB_OK;
}

/* Which columns hold ids; where nothing matches, the one whose heading says so, or the first. */
static void choose(held_rows *held) {
    size_t most = 0, named = 0;
    lb_buffer folded = {0};
    for (size_t column = 0; column < held->width; column++)
        most = held->matches[column] > most ? held->matches[column] : most;
    for (size_t column = held->starts[1]; column-- > 0;)
        if (is_heading(held->cells[column], &folded))
            named = column;
    lb_buffer_free(&folded);
    for (size_t column = 0; column < held->width; column++)
        held->taken[column] =
            held->rows == 1 ||
            (most == 0 ? column == named
                       : held->matches[column] > 0 && 2 * held->matches[column] >= most);
}

static int take(lb_id_list *out, held_rows *held, bool table, lb_id_known *known, void *context,
                lb_error *error) {
    lb_buffer folded = {0};
    choose(held);
    int heading = skips_first(held, known, context, error);
    for (size_t column = held->starts[1]; table && column-- > 0;)
        if (held->taken[column]) {
            out->column = (unsigned)column + 1;
            out->columns++;
            bool named = heading == 1 && is_heading(held->cells[column], &folded);
            out->heading = named ? held->cells[column] : (lb_str){0};
        }
    lb_buffer_free(&folded);
    return heading < 0 ? heading : take_ids(out, held, (size_t)heading, known, context, error);
}

/* Could the rows, read as whole lines, be those of a table? */
static bool has_cells(const held_rows *held) {
    for (size_t i = 0; i < held->rows; i++)
        for (const char *d = ",;\t|"; *d; d++)
            if (held->cells[i].size > 0 && memchr(held->cells[i].data, *d, held->cells[i].size))
                return true;
    return false;
}

/* Whole lines are ids unless only cells of them are. Lines of several cells in quotes are no ids,
 * and cannot be read as such. */
static int read_rows(lb_id_list *out, const char *path, lb_id_known *known, void *context,
                     lb_error *error) {
    held_rows held = {.arena = out->arena};
    int status = hold(&held, path, "", error);
    bool table = status == LB_E_INPUT;
    if (status == LB_OK)
        status = count_matches(&held, known, context, error);
    table = table || (status == LB_OK && held.rows > 0 && held.matches[0] == 0 && has_cells(&held));
    if (table) {
        let_go(&held);
        status = hold(&held, path, ",;\t|", error);
        if (status == LB_OK)
            status = count_matches(&held, known, context, error);
    }
    if (status == LB_OK && held.rows > 0)
        status = take(out, &held, table, known, context, error);
    for (size_t i = 0; status == LB_OK && i < held.width; i++)
        out->matching += held.matches[i];
    let_go(&held);
    return status;
}

int lb_id_list_read(lb_id_list *out, const char *path, lb_id_known *known, void *context,
                    lb_error *error) {
    *out = (lb_id_list){.arena = lb_arena_new()};
    int status = out->arena ? read_rows(out, path, known, context, error)
                            : lb_fail_memory(error, "reading a list of ids");
    if (status == LB_OK && out->count == 0)
        status = lb_fail(error, LB_E_INPUT, path, "write one id a line, or leave the option out",
                         "the list is empty");
    if (status < 0)
        lb_id_list_free(out);
    return status;
}

void lb_id_list_free(lb_id_list *list) {
    lb_arena_free(list->arena);
    *list = (lb_id_list){0};
}
