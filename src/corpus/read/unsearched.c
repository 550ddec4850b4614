#include "corpus/read/unsearched.h"

#include <stdlib.h>

#include "base/hash.h"

enum { TABLE_SIZE = 1 << 15 };

static int add(lb_unsearched *f, lb_str path, lb_error *error) {
    void *grown = lb_grow(f->items, &f->capacity, f->count + 1, sizeof *f->items, error);
    if (!grown)
        return LB_E_RESOURCE;
    f->items = grown;
    char *copy = lb_arena_copy(f->arena, path.data, path.size);
    if (!copy)
        return lb_fail_memory(error, "listing fields");
    f->items[f->count++] = (lb_unsearched_field){.path = {copy, path.size}};
    return LB_OK;
}

int lb_unsearched_find(lb_unsearched *f, lb_str path, uint32_t *number, lb_error *error) {
    if (!f->arena && !(f->arena = lb_arena_new()))
        return lb_fail_memory(error, "listing fields");
    if (!f->table && !(f->table = lb_alloc_zero(TABLE_SIZE, sizeof *f->table)))
        return lb_fail_memory(error, "listing fields");
    size_t slot = lb_hash_str(path) % TABLE_SIZE;
    while (f->table[slot] && !lb_str_equal(f->items[f->table[slot] - 1].path, path))
        slot = (slot + 1) % TABLE_SIZE;
    if (!f->table[slot]) {
        *number = UINT32_MAX;
        f->more = f->more || f->count == LB_UNSEARCHED_MAX;
        if (f->count == LB_UNSEARCHED_MAX)
            return LB_OK;
        int status = add(f, path, error);
        if (status < 0)
            return status;
        f->table[slot] = (uint32_t)f->count;
    }
    *number = f->table[slot] - 1;
    return LB_OK;
}

void lb_unsearched_count(lb_unsearched *f, uint32_t number) {
    if (number == UINT32_MAX)
        return;
    lb_unsearched_field *field = &f->items[number];
    if (field->values++ > 0)
        return;
    field->line = f->line;
    field->byte = f->byte;
}

int lb_unsearched_note(lb_unsearched *f, lb_str path, lb_error *error) {
    uint32_t number;
    int status = lb_unsearched_find(f, path, &number, error);
    if (status == LB_OK)
        lb_unsearched_count(f, number);
    return status;
}

static bool is_before(const lb_unsearched_field *a, const lb_unsearched_field *b) {
    return a->source != b->source ? a->source < b->source : a->byte < b->byte;
}

int lb_unsearched_take(lb_unsearched *f, lb_unsearched *block, uint32_t source, lb_error *error) {
    f->more = f->more || block->more;
    for (size_t i = 0; i < block->count; i++) {
        lb_unsearched_field *from = &block->items[i];
        uint32_t number;
        if (from->values == 0)
            continue;
        int status = lb_unsearched_find(f, from->path, &number, error);
        if (status < 0)
            return status;
        from->source = source;
        if (number != UINT32_MAX) {
            lb_unsearched_field *to = &f->items[number];
            lb_str path = to->path;
            uint64_t values = to->values + from->values;
            if (to->values == 0 || is_before(from, to))
                *to = *from;
            to->path = path;
            to->values = values;
        }
        from->values = 0;
    }
    return LB_OK;
}

static int compare_paths(const void *a, const void *b) {
    const lb_unsearched_field *x = a, *y = b;
    return lb_str_compare(x->path, y->path);
}

void lb_unsearched_sort(lb_unsearched *f) {
    if (f->count > 1)
        qsort(f->items, f->count, sizeof *f->items, compare_paths);
}

void lb_unsearched_free(lb_unsearched *f) {
    lb_arena_free(f->arena);
    lb_free(f->items);
    lb_free(f->table);
    *f = (lb_unsearched){0};
}
