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

/* The node that fills the slot from its place of this rank: of the record's nodes, which come first. */
static uint32_t node_of(const lb_plan *plan, uint32_t slot, uint32_t rank) {
    for (uint32_t node = 1; node < plan->node_count; node++)
        for (uint32_t i = plan->nodes[node].fills; i; i = plan->fills[i - 1].next)
            if (plan->fills[i - 1].slot == slot && plan->fills[i - 1].rank == rank)
                return node;
    return 0;
}

/* Does the node fill another slot too, which took its value? */
static bool is_taken(const lb_plan *plan, const lb_frames *frames, uint32_t node) {
    for (uint32_t i = plan->nodes[node].fills; i; i = plan->fills[i - 1].next) {
        const lb_plan_fill *fill = &plan->fills[i - 1];
        if (fill->slot >= LB_SLOTS || !(frames->lost_ranks[fill->slot] >> (fill->rank - 1) & 1))
            return true;
    }
    return false;
}

int lb_unsearched_note_lost(lb_unsearched *f, const lb_plan *plan, const lb_frames *frames,
                            lb_str record, lb_error *error) {
    enum { LONGEST = 512 };
    char text[LONGEST];
    if (!frames->lost)
        return LB_OK;
    int status = LB_OK;
    for (uint32_t slot = 0; slot < LB_SLOTS; slot++)
        for (uint32_t rank = 1; status == LB_OK && frames->lost_ranks[slot] >> (rank - 1); rank++) {
            uint32_t node = node_of(plan, slot, rank);
            if (!(frames->lost_ranks[slot] >> (rank - 1) & 1) || is_taken(plan, frames, node))
                continue;
            size_t at = record.size < LONGEST / 2 ? record.size : LONGEST / 2;
            memcpy(text, record.data, at);
            if (at > 0)
                text[at++] = '.';
            at += lb_plan_path(plan, node, text + at, sizeof text - at);
            status = lb_unsearched_note(f, (lb_str){text, at}, error);
        }
    return status;
}

int lb_unsearched_add(lb_unsearched *f, const lb_unsearched_field *field, lb_error *error) {
    uint32_t number;
    int status = lb_unsearched_find(f, field->path, &number, error);
    if (status < 0 || number == UINT32_MAX)
        return status;
    lb_str path = f->items[number].path;
    f->items[number] = *field;
    f->items[number].path = path;
    return LB_OK;
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
