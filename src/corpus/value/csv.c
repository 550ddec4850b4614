#include "corpus/value/csv.h"

#include "corpus/value/cutter.h"

/* A quoted cell from behind its first quote; returns the place behind its closing quote, or NULL.
 */
static const char *quoted(const char *at, const char *end, lb_str *cell, lb_arena *arena,
                          bool *out_of_memory) {
    const char *first = at;
    size_t doubled = 0;
    for (;;) {
        at = at < end ? memchr(at, '"', (size_t)(end - at)) : NULL;
        if (!at)
            return NULL;
        if (at + 1 == end || at[1] != '"')
            break;
        doubled++;
        at += 2;
    }
    *cell = (lb_str){first, (size_t)(at - first)};
    if (doubled == 0)
        return at + 1;
    char *copy = lb_arena_alloc(arena, cell->size, 1);
    *out_of_memory = copy == NULL;
    size_t size = 0;
    for (const char *c = first; copy && c < at; c++) {
        copy[size++] = *c;
        c += *c == '"';
    }
    *cell = (lb_str){copy, size};
    return at + 1;
}

int lb_csv_cut(lb_str row, char delimiter, lb_quotes quotes, lb_str **cells, size_t *capacity,
               size_t *count, lb_arena *arena, const char **what, lb_error *error) {
    const char *at = row.data, *end = row.data + row.size;
    *count = 0;
    for (;;) {
        lb_str cell = {0};
        if (quotes != LB_QUOTES_NONE && at < end && *at == '"') {
            bool out_of_memory = false;
            at = quoted(at + 1, end, &cell, arena, &out_of_memory);
            if (out_of_memory)
                return lb_fail_memory(error, "reading CSV");
            *what = "a quoted cell is never closed";
            if (!at)
                return 1;
            *what = "there is text behind a closing quote";
            if (at < end && *at != delimiter)
                return 1;
        } else {
            const char *stop = at < end ? memchr(at, delimiter, (size_t)(end - at)) : NULL;
            if (!stop)
                stop = end;
            *what = "a cell does not begin with a quote, and has one in it";
            if (quotes == LB_QUOTES_ALWAYS && stop > at && memchr(at, '"', (size_t)(stop - at)))
                return 1;
            if (stop > at)
                cell = (lb_str){at, (size_t)(stop - at)};
            at = stop;
        }
        void *grown = lb_grow(*cells, capacity, *count + 1, sizeof **cells, error);
        if (!grown)
            return LB_E_RESOURCE;
        *cells = grown;
        (*cells)[(*count)++] = cell;
        if (at == end)
            return LB_OK;
        at++; /* the delimiter */
    }
}

size_t lb_csv_count(lb_str head, bool whole, char delimiter) {
    size_t first = 0, rows = 0, start = 0;
    lb_row row = {0};
    for (size_t at = 0; at < head.size && rows < 20; at++) {
        bool ended = lb_row_step(&row, head.data[at], delimiter);
        size_t cells = row.delimiters + 1;
        if (!ended && !(whole && at + 1 == head.size))
            continue;
        bool blank = at + 1 - start <= 2 && cells == 1;
        start = at + 1;
        row = (lb_row){0};
        if (blank)
            continue;
        if (rows++ == 0)
            first = cells;
        else if (cells != first)
            return 0;
    }
    return first;
}

/* What the cells of lines say when they are cut at every delimiter. */
typedef struct quote_use {
    size_t lines, columns;
    size_t whole;  /* cells in quotes */
    size_t broken; /* cells that begin with a quote and do not end with one */
    bool needed;   /* quotes hold a delimiter or a line end, or double a quote */
} quote_use;

static void note_cell(quote_use *use, lb_str cell) {
    if (cell.size == 0 || cell.data[0] != '"')
        return;
    bool whole = cell.size > 1 && cell.data[cell.size - 1] == '"';
    for (size_t i = 1; whole && i + 1 < cell.size; i++)
        if (cell.data[i] == '"') {
            whole = i + 2 < cell.size && cell.data[i + 1] == '"';
            use->needed = use->needed || whole;
            i++;
        }
    use->whole += whole;
    use->broken += !whole;
}

static void note_line(quote_use *use, lb_str line, char delimiter) {
    size_t cells = 1, from = 0;
    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    if (line.size == 0)
        return;
    for (size_t at = 0; at <= line.size; at++)
        if (at == line.size || line.data[at] == delimiter) {
            note_cell(use, (lb_str){line.data + from, at - from});
            from = at + 1;
            cells += at < line.size;
        }
    use->columns = use->lines == 0 ? cells : use->columns;
    use->needed = use->needed || cells != use->columns;
    use->lines++;
}

bool lb_csv_has_no_quotes(lb_str head, bool whole, char delimiter) {
    quote_use use = {0};
    for (size_t at = 0; at < head.size;) {
        const char *end = memchr(head.data + at, '\n', head.size - at);
        size_t size = end ? (size_t)(end - head.data) - at : head.size - at;
        if (end || whole)
            note_line(&use, (lb_str){head.data + at, size}, delimiter);
        at += size + 1;
    }
    return use.broken > 0 && !use.needed && use.whole * 2 < use.lines;
}
