#include "corpus/read/user_table.h"

#include "base/hash.h"

static int fail_memory(lb_error *error) {
    return lb_fail_memory(error, "joining a file");
}

int lb_user_table_add(lb_user_table *table, lb_str user, const lb_str *values, lb_arena *arena,
                      lb_error *error) {
    void *grown =
        lb_grow(table->items, &table->capacity, table->count + 1, sizeof(lb_user_row), error);
    if (!grown)
        return LB_E_RESOURCE;
    table->items = grown;
    lb_str *copies = lb_arena_alloc(arena, table->value_count, sizeof *copies);
    char *key = lb_arena_copy(arena, user.data, user.size);
    if (!copies || !key)
        return fail_memory(error);
    for (size_t i = 0; i < table->value_count; i++) {
        copies[i] = values[i];
        if (values[i].data &&
            !(copies[i].data = lb_arena_copy(arena, values[i].data, values[i].size)))
            return fail_memory(error);
    }
    table->items[table->count++] = (lb_user_row){{key, user.size}, copies};
    return LB_OK;
}

/* Where the key is, or the free place where it belongs. */
static uint32_t *find(const lb_user_table *table, lb_str user) {
    size_t at = (size_t)lb_hash_str(user) & (table->slot_count - 1);
    while (table->slots[at] && !lb_str_equal(table->items[table->slots[at] - 1].user, user))
        at = (at + 1) & (table->slot_count - 1);
    return &table->slots[at];
}

int lb_user_table_finish(lb_user_table *table, const char *where, lb_error *error) {
    if (table->count >= UINT32_MAX / 4)
        return lb_fail(error, LB_E_INPUT, where, "join a smaller file",
                       "the joined file has too many users");
    table->slot_count = 16;
    while (table->slot_count < table->count * 2)
        table->slot_count *= 2;
    table->slots = lb_alloc_zero(table->slot_count, sizeof *table->slots);
    if (!table->slots)
        return fail_memory(error);
    for (size_t i = 0; i < table->count; i++) {
        uint32_t *place = find(table, table->items[i].user);
        if (!*place)
            *place = (uint32_t)i + 1;
    }
    return LB_OK;
}

void lb_user_table_free(lb_user_table *table) {
    lb_free(table->items);
    lb_free(table->slots);
    *table = (lb_user_table){0};
}

const lb_str *lb_user_table_find(const lb_user_table *table, lb_str user) {
    uint32_t number = user.size > 0 ? *find(table, user) : 0;
    return number ? table->items[number - 1].values : NULL;
}
