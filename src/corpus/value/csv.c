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

int lb_csv_cut(const char *data, size_t size, char delimiter, lb_str **cells, size_t *capacity,
               size_t *count, lb_arena *arena, const char **what, lb_error *error) {
    const char *at = data, *end = data + size;
    *count = 0;
    for (;;) {
        lb_str cell = {0};
        if (at < end && *at == '"') {
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
    lb_cutter cutter = lb_cutter_begin(LB_CUT_ROWS, delimiter);
    size_t first = 0, rows = 0;
    for (size_t at = 0; at < head.size && rows < 20;) {
        bool complete, in_quotes = false;
        size_t cells = 1;
        size_t length = lb_cutter_next(&cutter, head.data + at, head.size - at, &complete);
        if (!complete && !whole)
            break;
        for (size_t i = at; i < at + length; i++) {
            in_quotes ^= head.data[i] == '"';
            cells += !in_quotes && head.data[i] == delimiter;
        }
        at += length;
        if (length <= 2 && cells == 1)
            continue;
        if (rows++ == 0)
            first = cells;
        else if (cells != first)
            return 0;
    }
    return first;
}
