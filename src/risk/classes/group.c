#include "risk/classes/group.h"

#include <string.h>

#include "base/memory.h"

enum {
    DENSE_DOMAIN = 1 << 20,   /* largest table indexed by key: 4 MB */
    PIECE_ROWS = 1 << 15,     /* rows of a piece whose hash table stays in the second-level cache */
    LARGEST_PIECES = 1 << 11, /* destinations of one partition pass that the processor can track */
};

typedef struct hash_slot {
    uint64_t key;
    uint32_t group; /* its number + 1; 0: empty */
} hash_slot;

struct lb_grouper {
    uint64_t *keys, *scattered_keys;
    uint32_t *scattered_rows, *table;
    hash_slot *slots;
    size_t key_capacity, scattered_key_capacity, scattered_row_capacity, table_capacity,
        slot_capacity;
};

int lb_grouper_new(lb_grouper **out, lb_error *error) {
    *out = lb_alloc_zero(1, sizeof **out);
    return *out ? LB_OK : lb_fail_memory(error, "grouping rows");
}

void lb_grouper_free(lb_grouper *grouper) {
    if (!grouper)
        return;
    lb_free(grouper->keys);
    lb_free(grouper->scattered_keys);
    lb_free(grouper->scattered_rows);
    lb_free(grouper->table);
    lb_free(grouper->slots);
    lb_free(grouper);
}

/* Room for `need` elements, NULL when memory is short; what was there is freed either way. */
static void *reserve(void *items, size_t *capacity, size_t need, size_t size, lb_error *error) {
    if (need <= *capacity)
        return items;
    lb_free(items);
    items = lb_alloc(need, size);
    *capacity = items ? need : 0;
    if (!items)
        lb_fail_memory(error, "grouping rows");
    return items;
}

static uint64_t mix(uint64_t key) {
    key ^= key >> 32;
    key *= 0x9E3779B97F4A7C15u;
    return key ^ (key >> 29);
}

static int group_dense(lb_grouper *g, uint64_t domain, size_t rows, uint32_t *group,
                       uint32_t *groups, lb_error *error) {
    g->table = reserve(g->table, &g->table_capacity, (size_t)domain, sizeof *g->table, error);
    if (!g->table)
        return LB_E_RESOURCE;
    memset(g->table, 0, (size_t)domain * sizeof *g->table);
    uint32_t count = 0;
    for (size_t r = 0; r < rows; r++) {
        uint32_t *slot = &g->table[g->keys[r]];
        if (*slot == 0)
            *slot = ++count;
        group[r] = *slot - 1;
    }
    *groups = count;
    return LB_OK;
}

static size_t mask_for(size_t groups) {
    size_t slots = 16;
    while (slots < 2 * groups)
        slots *= 2;
    return slots - 1;
}

static hash_slot *find_slot(hash_slot *slots, size_t mask, uint64_t key) {
    size_t at = (size_t)(mix(key) >> 20) & mask;
    while (slots[at].group != 0 && slots[at].key != key)
        at = (at + 1) & mask;
    return &slots[at];
}

/* Doubles the table of a piece that has more groups than was thought. */
static int grow_slots(lb_grouper *g, size_t *mask, lb_error *error) {
    size_t wider = 2 * *mask + 1;
    hash_slot *slots = lb_alloc_zero(wider + 1, sizeof *slots);
    if (!slots)
        return lb_fail_memory(error, "grouping rows");
    for (size_t i = 0; i <= *mask; i++)
        if (g->slots[i].group)
            *find_slot(slots, wider, g->slots[i].key) = g->slots[i];
    lb_free(g->slots);
    g->slots = slots;
    g->slot_capacity = wider + 1;
    *mask = wider;
    return LB_OK;
}

/* Groups one piece: keys[i] belongs to row rows[i] (to row i where rows is NULL). */
static int group_piece(lb_grouper *g, const uint64_t *keys, const uint32_t *rows, size_t count,
                       uint32_t *group, uint32_t *groups, lb_error *error) {
    size_t mask = mask_for(count < PIECE_ROWS ? count : PIECE_ROWS);
    g->slots = reserve(g->slots, &g->slot_capacity, mask + 1, sizeof *g->slots, error);
    if (!g->slots)
        return LB_E_RESOURCE;
    memset(g->slots, 0, (mask + 1) * sizeof *g->slots);
    uint32_t before = *groups, known = before;
    for (size_t i = 0; i < count; i++) {
        hash_slot *slot = find_slot(g->slots, mask, keys[i]);
        uint32_t number = slot->group;
        if (number == 0) {
            *slot = (hash_slot){keys[i], number = ++known};
            if (known - before > mask / 2 + mask / 4 && grow_slots(g, &mask, error) < 0)
                return LB_E_RESOURCE;
        }
        group[rows ? rows[i] : i] = number - 1;
    }
    *groups = known;
    return LB_OK;
}

/* Moves keys and row numbers to the pieces of their hash's low bits; ends[p] is where piece p ends.
 */
static void scatter(lb_grouper *g, size_t rows, size_t pieces, size_t *ends) {
    memset(ends, 0, pieces * sizeof *ends);
    for (size_t r = 0; r < rows; r++)
        ends[mix(g->keys[r]) & (pieces - 1)]++;
    size_t begin = 0;
    for (size_t p = 0; p < pieces; p++) {
        size_t count = ends[p];
        ends[p] = begin;
        begin += count;
    }
    for (size_t r = 0; r < rows; r++) {
        size_t to = ends[mix(g->keys[r]) & (pieces - 1)]++;
        g->scattered_keys[to] = g->keys[r];
        g->scattered_rows[to] = (uint32_t)r;
    }
}

/* Numbers the groups in the order of their first rows. */
static int renumber(lb_grouper *g, size_t rows, uint32_t *group, uint32_t groups, lb_error *error) {
    g->table = reserve(g->table, &g->table_capacity, groups, sizeof *g->table, error);
    if (!g->table)
        return LB_E_RESOURCE;
    memset(g->table, 0, groups * sizeof *g->table);
    uint32_t count = 0;
    for (size_t r = 0; r < rows; r++) {
        uint32_t *slot = &g->table[group[r]];
        if (*slot == 0)
            *slot = ++count;
        group[r] = *slot - 1;
    }
    return LB_OK;
}

static int group_partitioned(lb_grouper *g, size_t rows, uint32_t *group, uint32_t *groups,
                             lb_error *error) {
    size_t pieces = 2, ends[LARGEST_PIECES];
    while (pieces < LARGEST_PIECES && rows / pieces > PIECE_ROWS)
        pieces *= 2;
    g->scattered_keys = reserve(g->scattered_keys, &g->scattered_key_capacity, rows,
                                sizeof *g->scattered_keys, error);
    if (!g->scattered_keys)
        return LB_E_RESOURCE;
    g->scattered_rows = reserve(g->scattered_rows, &g->scattered_row_capacity, rows,
                                sizeof *g->scattered_rows, error);
    if (!g->scattered_rows)
        return LB_E_RESOURCE;
    scatter(g, rows, pieces, ends);
    *groups = 0;
    for (size_t p = 0; p < pieces; p++) {
        size_t begin = p ? ends[p - 1] : 0;
        int status = group_piece(g, g->scattered_keys + begin, g->scattered_rows + begin,
                                 ends[p] - begin, group, groups, error);
        if (status < 0)
            return status;
    }
    return renumber(g, rows, group, *groups, error);
}

/* Groups the rows by the keys, which are below `domain`. */
static int group_keys(lb_grouper *g, uint64_t domain, size_t rows, uint32_t *group,
                      uint32_t *groups, lb_error *error) {
    if (domain <= DENSE_DOMAIN && domain <= 4 * (uint64_t)rows + 64)
        return group_dense(g, domain, rows, group, groups, error);
    if (rows > 2 * PIECE_ROWS)
        return group_partitioned(g, rows, group, groups, error);
    *groups = 0;
    return group_piece(g, g->keys, NULL, rows, group, groups, error);
}

int lb_grouper_run(lb_grouper *g, const lb_group_column *columns, size_t column_count, size_t rows,
                   uint32_t *group, uint32_t *groups, lb_error *error) {
    if (rows > INT32_MAX)
        return lb_fail(error, LB_E_RESOURCE, "quasi-identifiers", "audit the corpus in parts",
                       "a table of %zu rows is too large", rows);
    *groups = 0;
    if (rows == 0)
        return LB_OK;
    g->keys = reserve(g->keys, &g->key_capacity, rows, sizeof *g->keys, error);
    if (!g->keys)
        return LB_E_RESOURCE;
    memset(g->keys, 0, rows * sizeof *g->keys);
    uint64_t domain = 1;
    for (size_t c = 0; c < column_count; c++) {
        uint64_t wider;
        if (__builtin_mul_overflow(domain, columns[c].domain, &wider)) {
            int status = group_keys(g, domain, rows, group, groups, error);
            if (status < 0)
                return status;
            for (size_t r = 0; r < rows; r++)
                g->keys[r] = group[r];
            wider = *groups * columns[c].domain; /* both at most 2^32 - 1 and 2^32 */
        }
        for (size_t r = 0; r < rows; r++)
            g->keys[r] = g->keys[r] * columns[c].domain + columns[c].codes[r];
        domain = wider;
    }
    return group_keys(g, domain, rows, group, groups, error);
}
