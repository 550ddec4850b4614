#include "risk/suda/suda_alone.h"

#include <string.h>

enum { BLOCK = 1024, WORD = 64, CELLS_A_TUPLE = 16, SMALL_DOMAIN = 1 << 16 };

/* Marks the owner of a group that was reported already. */
static const uint32_t SEEN = UINT32_C(1) << 31;

/* What is known of a place after some tuples. */
enum { NOBODY, ONE, TRAVELLERS, MANY, STATES };

/* The state after one more tuple of each kind (lb_tuple_kind). */
static const uint8_t next_state[STATES][STATES] = {
    [LB_TUPLE_STAYS] = {ONE, MANY, MANY, MANY},
    [LB_TUPLE_TRAVELS] = {TRAVELLERS, MANY, TRAVELLERS, MANY},
    [LB_TUPLE_SHARED] = {MANY, MANY, MANY, MANY},
};

int lb_alone_new(lb_alone *out, size_t tuples, lb_error *error) {
    *out = (lb_alone){0};
    out->state_cells = tuples < SIZE_MAX / CELLS_A_TUPLE ? CELLS_A_TUPLE * tuples : SIZE_MAX;
    if (out->state_cells < SMALL_DOMAIN)
        out->state_cells = SMALL_DOMAIN;
    if (out->state_cells > UINT32_MAX) /* places have 32 bits */
        out->state_cells = UINT32_MAX;
    out->first = lb_alloc(tuples, sizeof *out->first);
    out->others = lb_alloc(tuples, sizeof *out->others);
    out->places = lb_alloc(tuples, sizeof *out->places);
    out->states = lb_alloc(out->state_cells, sizeof *out->states);
    out->cells = lb_alloc(lb_key_cells_for(tuples), sizeof *out->cells);
    return out->first && out->others && out->places && out->states && out->cells
               ? LB_OK
               : lb_fail_memory(error, "SUDA's workers");
}

void lb_alone_free(lb_alone *alone) {
    lb_free(alone->first);
    lb_free(alone->others);
    lb_free(alone->places);
    lb_free(alone->states);
    lb_free(alone->cells);
    *alone = (lb_alone){0};
}

/* The bits of tuples in word `w` that are not left out. */
static uint64_t active_bits(const lb_tuples *tuples, const uint64_t *skip, size_t w) {
    size_t left = tuples->count - w * WORD;
    return left < WORD ? ~skip[w] & ((UINT64_C(1) << left) - 1) : ~skip[w];
}

static size_t count_active(const lb_tuples *tuples, const uint64_t *skip) {
    size_t count = 0;
    for (size_t w = 0; w * WORD < tuples->count; w++)
        count += (size_t)__builtin_popcountll(active_bits(tuples, skip, w));
    return count;
}

/* --- by owner --- */

/* Groups alone->places ([count] tuples) by alone->others (their keys), and adds to what was found.
 */
static void find_by_owner(lb_alone *alone, const lb_tuples *tuples, size_t count) {
    uint64_t *keys = alone->others;
    const uint32_t *list = alone->places;
    size_t mask = lb_key_cells_for(count) - 1;
    memset(alone->cells, 0, (mask + 1) * sizeof *alone->cells);
    for (size_t i = 0; i < count; i++) {
        lb_key_cell_ahead(alone->cells, mask, keys, i, count);
        size_t at = lb_key_cell_of(alone->cells, mask, keys[i]);
        alone->cells[at].owner = lb_owner_join(alone->cells[at].owner, tuples->owner[list[i]]);
        keys[i] = at;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t *owner = &alone->cells[keys[i]].owner;
        if (*owner == LB_OWNER_MANY)
            continue;
        if (*owner & SEEN) {
            alone->others[alone->others_count++] = list[i];
        } else {
            *owner |= SEEN;
            alone->first[alone->firsts++] = list[i];
        }
    }
}

static void find_in_hash(lb_alone *alone, const lb_tuples *tuples, const uint64_t *skip,
                         const lb_alone_column *columns, unsigned size) {
    uint64_t *keys = alone->others, domain = columns[0].domain;
    uint32_t *list = alone->places;
    size_t count = 0;
    for (size_t w = 0; w * WORD < tuples->count; w++)
        for (uint64_t left = active_bits(tuples, skip, w); left; left &= left - 1)
            list[count++] = (uint32_t)(w * WORD + (size_t)__builtin_ctzll(left));
    for (size_t i = 0; i < count; i++)
        keys[i] = columns[0].codes[list[i]];
    for (unsigned k = 1; k < size; k++) {
        lb_keys_widen(alone->cells, keys, count, &domain, columns[k].domain);
        for (size_t i = 0; i < count; i++)
            keys[i] = keys[i] * columns[k].domain + columns[k].codes[list[i]];
    }
    find_by_owner(alone, tuples, count);
}

/* --- by place --- */

/* Places of `count` tuples from `base`, in mixed radix. */
static void fill_places(uint32_t *restrict places, const lb_alone_column *columns, unsigned size,
                        size_t base, size_t count) {
    memcpy(places, columns[0].codes + base, count * sizeof *places);
    for (unsigned k = 1; k < size; k++) {
        const uint32_t *restrict codes = columns[k].codes + base;
        uint32_t by = (uint32_t)columns[k].domain;
        for (size_t i = 0; i < count; i++)
            places[i] = places[i] * by + codes[i];
    }
}

/* Visits the places of all active tuples, listed in alone->first and beside it alone->places. */
static size_t visit_places(lb_alone *alone, const lb_tuples *tuples, const uint64_t *skip,
                           const lb_alone_column *columns, unsigned size) {
    size_t count = 0;
    uint32_t places[BLOCK];
    for (size_t base = 0; base < tuples->count; base += BLOCK) {
        size_t here = tuples->count - base < BLOCK ? tuples->count - base : BLOCK;
        fill_places(places, columns, size, base, here);
        for (size_t at = 0; at < here; at += WORD)
            for (uint64_t left = active_bits(tuples, skip, (base + at) / WORD); left;
                 left &= left - 1) {
                size_t i = at + (size_t)__builtin_ctzll(left);
                uint8_t *state = &alone->states[places[i]];
                *state = next_state[tuples->kind[base + i]][*state];
                alone->first[count] = (uint32_t)(base + i);
                alone->places[count++] = places[i];
            }
    }
    return count;
}

static void find_in_places(lb_alone *alone, const lb_tuples *tuples, const uint64_t *skip,
                           const lb_alone_column *columns, unsigned size, size_t domain) {
    memset(alone->states, NOBODY, domain * sizeof *alone->states);
    size_t count = visit_places(alone, tuples, skip, columns, size), travellers = 0;
    for (size_t i = 0; i < count; i++) { /* without branches: who is alone is hard to foresee */
        uint32_t tuple = alone->first[i], place = alone->places[i];
        uint8_t state = alone->states[place];
        alone->first[alone->firsts] = tuple;
        alone->firsts += state == ONE;
        alone->places[travellers] = tuple;
        alone->others[travellers] = place;
        travellers += state == TRAVELLERS;
    }
    if (travellers)
        find_by_owner(alone, tuples, travellers);
}

/* How many places the values on the columns span; UINT64_MAX where too many for any table. */
static uint64_t span(const lb_alone_column *columns, unsigned size) {
    uint64_t domain = 1;
    for (unsigned k = 0; k < size; k++)
        if (__builtin_mul_overflow(domain, columns[k].domain, &domain))
            return UINT64_MAX;
    return domain;
}

void lb_alone_find(lb_alone *alone, const lb_tuples *tuples, const uint64_t *skip,
                   const lb_alone_column *columns, unsigned size) {
    alone->firsts = alone->others_count = 0;
    size_t count = count_active(tuples, skip);
    uint64_t domain = span(columns, size);
    if (domain <= alone->state_cells && (domain <= SMALL_DOMAIN || domain / CELLS_A_TUPLE <= count))
        find_in_places(alone, tuples, skip, columns, size, (size_t)domain);
    else
        find_in_hash(alone, tuples, skip, columns, size);
}
