#include "audit/side/hierarchy_file.h"

#include "base/buffer.h"
#include "base/hash.h"
#include "corpus/read/side_table.h"
#include "index/keyset.h"
#include "results/mask.h"

enum { LEVELS_MAX = 64 };
#define NO_GROUP UINT32_MAX

/* One column of the file: level 0 are the values, above are their groups. */
typedef struct level {
    lb_keyset *labels;
    uint32_t *parent; /* [labels] label of the level above */
    uint64_t *line;   /* [labels] where it stands first */
    size_t parents, lines;
    uint32_t *groups; /* [column->distinct + 1] label of each value of the column, or NO_GROUP */
} level;

typedef struct hierarchy_reader {
    const char *path;
    lb_side_table *file;
    const lb_column *column;
    lb_directory values; /* of the column */
    lb_listed *listed;   /* what was found of them */
    bool *exact;         /* [column->distinct + 1] the value stands in the file as it is */
    lb_arena *arena;
    level levels[LEVELS_MAX];
    size_t count; /* levels in use, values included; 0: no line was read */
    lb_error *error;
} hierarchy_reader;

static int start(hierarchy_reader *reader, size_t cells) {
    if (cells < 2 || cells > LEVELS_MAX)
        return lb_side_table_fail(
            reader->file, reader->error, "write value;group;wider group;... in each line",
            "a line of a hierarchy has 2 to %d cells, this one has %zu", LEVELS_MAX, cells);
    for (; reader->count < cells; reader->count++) {
        level *new = &reader->levels[reader->count];
        int status = lb_keyset_new(&new->labels, false, reader->error);
        if (status < 0)
            return status;
        new->groups =
            lb_arena_alloc(reader->arena, reader->column->distinct + 1u, sizeof *new->groups);
        if (!new->groups)
            return lb_fail_memory(reader->error, "reading a hierarchy");
        for (uint32_t code = 0; code <= reader->column->distinct; code++)
            new->groups[code] = NO_GROUP;
    }
    return LB_OK;
}

/* The code of a value, or NO_GROUP where the column has no such value. *weak: only folding found
 * it, and what is said of the value as it stands wins. */
static int code_of(hierarchy_reader *reader, lb_str value, uint32_t *code, bool *weak) {
    size_t found = LB_CODE_MISSING;
    int status = LB_OK;
    *weak = false;
    if (value.size > 0)
        status =
            lb_directory_code(&reader->values, value, reader->listed, &found, weak, reader->error);
    *code = found == SIZE_MAX ? NO_GROUP : (uint32_t)found;
    return status;
}

/* The number of a label; *known: it has stood before, in line level->line[number]. */
static int number_label(hierarchy_reader *reader, level *of, lb_str label, uint32_t *number,
                        bool *known) {
    uint32_t before = lb_keyset_count(of->labels);
    int status = lb_keyset_add(of->labels, label, lb_hash_str(label), number, reader->error);
    if (status < 0)
        return status;
    *known = *number < before;
    void *lines = lb_grow(of->line, &of->lines, *number + 1u, sizeof *of->line, reader->error);
    if (!lines)
        return LB_E_RESOURCE;
    of->line = lines;
    void *parents =
        lb_grow(of->parent, &of->parents, *number + 1u, sizeof *of->parent, reader->error);
    if (!parents)
        return LB_E_RESOURCE;
    of->parent = parents;
    if (!*known) {
        of->line[*number] = lb_side_table_line(reader->file);
        of->parent[*number] = NO_GROUP;
    }
    return LB_OK;
}

static int check_parent(hierarchy_reader *reader, size_t at, uint32_t label, uint32_t above) {
    level *of = &reader->levels[at];
    if (of->parent[label] == NO_GROUP)
        of->parent[label] = above;
    if (of->parent[label] == above)
        return LB_OK;
    return lb_side_table_fail(reader->file, reader->error,
                              "make each group a union of groups of the level below",
                              "the group in cell %zu lies in another group than in line %llu",
                              at + 1, (unsigned long long)of->line[label]);
}

static int take_line(hierarchy_reader *reader, lb_side_row row) {
    size_t count = row.count;
    int status = reader->count == 0 ? start(reader, count) : LB_OK;
    if (status == LB_OK && count != reader->count)
        return lb_side_table_fail(
            reader->file, reader->error, "give every line the same number of cells",
            "the line has %zu cells, the first has %zu", count, reader->count);
    uint32_t code = NO_GROUP, below = 0;
    bool weak = false;
    if (status == LB_OK)
        status = code_of(reader, row.cells[0], &code, &weak);
    if (code != NO_GROUP && weak && reader->exact[code])
        code = NO_GROUP;
    else if (code != NO_GROUP)
        reader->exact[code] = !weak;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        uint32_t label;
        bool known;
        lb_str cell = row.cells[i].data ? row.cells[i] : LB_STR("");
        status = number_label(reader, &reader->levels[i], cell, &label, &known);
        if (status == LB_OK && i == 0 && known)
            return lb_side_table_fail(reader->file, reader->error, "leave one of the two lines out",
                                      "the value stands in line %llu too",
                                      (unsigned long long)reader->levels[0].line[label]);
        if (status == LB_OK && i > 0)
            status = check_parent(reader, i - 1, below, label);
        if (status == LB_OK && code != NO_GROUP)
            reader->levels[i].groups[code] = label;
        below = label;
    }
    return status;
}

static int read_lines(hierarchy_reader *reader) {
    lb_side_row row;
    int status;
    while ((status = lb_side_table_next(reader->file, &row, reader->error)) == 1)
        if ((status = take_line(reader, row)) < 0)
            return status;
    if (status == LB_OK && reader->count == 0)
        status = lb_fail(reader->error, LB_E_INPUT, reader->path,
                         "write value;group;wider group;... for each value",
                         "the hierarchy has no line");
    return status;
}

/* Every value needs a line; a missing one goes below the root. */
static int check_values(const hierarchy_reader *reader, bool reveal) {
    const lb_column *column = reader->column;
    const uint32_t *known = reader->levels[0].groups;
    uint32_t without = 0, first = 0;
    for (uint32_t code = 1; code <= column->distinct; code++)
        if (known[code] == NO_GROUP && without++ == 0)
            first = code;
    if (without == 0)
        return LB_OK;
    lb_buffer shown = {0};
    lb_str value = column->values[first];
    int status = reveal ? lb_buffer_append(&shown, value.data, value.size, reader->error)
                        : lb_mask_token(value, &shown, reader->error);
    if (status == LB_OK)
        status = lb_fail(reader->error, LB_E_INPUT, reader->path, "give every value a line",
                         "%u of the %u values of \"%.*s\" have no line, the first is %.*s", without,
                         column->distinct, (int)column->name.size, column->name.data,
                         (int)shown.size, shown.data);
    lb_buffer_free(&shown);
    return status;
}

static int hand_over(const hierarchy_reader *reader, lb_value_hierarchy *out) {
    size_t levels = reader->count - 1;
    while (levels > 0 && lb_keyset_count(reader->levels[levels].labels) == 1)
        levels--; /* the root, however often it is repeated */
    const uint32_t **groups = lb_arena_alloc(reader->arena, levels, sizeof *groups);
    if (!groups)
        return lb_fail_memory(reader->error, "reading a hierarchy");
    for (size_t i = 0; i < levels; i++) {
        const level *of = &reader->levels[i + 1];
        if (of->groups[LB_CODE_MISSING] == NO_GROUP)
            of->groups[LB_CODE_MISSING] = lb_keyset_count(of->labels);
        groups[i] = of->groups;
    }
    *out = (lb_value_hierarchy){.levels = levels, .groups = groups};
    return LB_OK;
}

int lb_hierarchy_file_read(lb_value_hierarchy *out, const char *path, const lb_column *column,
                           bool reveal, lb_listed *listed, lb_arena *arena, lb_error *error) {
    hierarchy_reader reader = {
        .path = path, .column = column, .listed = listed, .arena = arena, .error = error};
    lb_side_form form = {.delimiters = ";\t,"};
    int status = lb_directory_of_column(&reader.values, column, error);
    reader.exact = lb_alloc_zero(column->distinct + 1u, sizeof *reader.exact);
    if (status == LB_OK && !reader.exact)
        status = lb_fail_memory(error, "reading a hierarchy");
    if (status == LB_OK)
        status = lb_side_table_open(&reader.file, path, form, error);
    if (status == LB_OK)
        status = read_lines(&reader);
    if (status == LB_OK)
        status = check_values(&reader, reveal);
    if (status == LB_OK)
        status = hand_over(&reader, out);
    for (size_t i = 0; i < LEVELS_MAX; i++) {
        lb_keyset_free(reader.levels[i].labels);
        lb_free(reader.levels[i].parent);
        lb_free(reader.levels[i].line);
    }
    lb_directory_free(&reader.values);
    lb_free(reader.exact);
    lb_side_table_close(reader.file);
    return status;
}
