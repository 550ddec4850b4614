#include "risk/classes/earth_mover.h"

#include <math.h>
#include <stdlib.h>

#include "base/order.h"

/* A node below which the class has values. */
typedef struct lb_mover_node {
    uint32_t node;
    double mass; /* of q below it */
} lb_mover_node;

static int prepare_ordered(lb_earth_mover *out, lb_arena *arena, lb_error *error) {
    double *cumulated = lb_arena_alloc(arena, out->values, sizeof *cumulated);
    double *sums = lb_arena_alloc(arena, (size_t)out->values + 1, sizeof *sums);
    if (!cumulated || !sums)
        return lb_fail_memory(error, "t-closeness");
    double total = 0;
    sums[0] = 0;
    for (uint32_t v = 0; v < out->values; v++) {
        cumulated[v] = total += out->p[v];
        sums[v + 1] = sums[v] + total;
    }
    out->cumulated = cumulated;
    out->sums = sums;
    return LB_OK;
}

/* Numbers the groups of one level from 0, in node[value]; returns how many, or a negative status.
 */
static int64_t number_groups(const uint32_t *groups, const lb_cells *cells, uint32_t *node,
                             lb_error *error) {
    uint32_t *sorted = lb_alloc(cells->values, sizeof *sorted), distinct = 0;
    if (!sorted)
        return lb_fail_memory(error, "t-closeness");
    for (uint32_t v = 0; v < cells->values; v++)
        sorted[v] = groups[cells->code_of[v]];
    qsort(sorted, cells->values, sizeof *sorted, lb_order_u32);
    for (uint32_t v = 0; v < cells->values; v++)
        if (v == 0 || sorted[v] != sorted[distinct - 1])
            sorted[distinct++] = sorted[v];
    for (uint32_t v = 0; v < cells->values; v++)
        node[v] = (uint32_t)((uint32_t *)bsearch(&groups[cells->code_of[v]], sorted, distinct,
                                                 sizeof *sorted, lb_order_u32) -
                             sorted);
    lb_free(sorted);
    return distinct;
}

/* Links the nodes of a level to those above, given the node of each value at both. */
static int link_level(uint32_t *parent, uint32_t nodes, const uint32_t *below,
                      const uint32_t *above, uint32_t values, size_t level, lb_error *error) {
    for (uint32_t n = 0; n < nodes; n++)
        parent[n] = UINT32_MAX;
    for (uint32_t v = 0; v < values; v++) {
        if (parent[below[v]] != UINT32_MAX && parent[below[v]] != above[v])
            return lb_fail(error, LB_E_INPUT, "value hierarchy",
                           "make each group a union of groups of the level below",
                           "level %zu cuts a group of level %zu", level + 1, level);
        parent[below[v]] = above[v];
    }
    return LB_OK;
}

static int prepare_hierarchy(lb_earth_mover *out, const lb_cells *cells,
                             const lb_value_hierarchy *hierarchy, lb_arena *arena,
                             lb_error *error) {
    uint32_t values = out->values, nodes = values;
    out->levels = hierarchy->levels + 1;
    out->parent = lb_arena_alloc(arena, out->levels, sizeof *out->parent);
    out->share = lb_arena_alloc(arena, out->levels + 1, sizeof *out->share);
    out->nodes = lb_arena_alloc(arena, values, sizeof *out->nodes);
    out->mass = lb_arena_alloc(arena, values, sizeof *out->mass);
    out->surplus = lb_arena_alloc(arena, values, sizeof *out->surplus);
    uint32_t *below = lb_arena_alloc(arena, values, sizeof *below);
    if (!out->parent || !out->share || !out->nodes || !out->mass || !out->surplus || !below)
        return lb_fail_memory(error, "t-closeness");
    for (uint32_t v = 0; v < values; v++) {
        below[v] = v;
        out->mass[v] = out->surplus[v] = 0;
    }
    for (size_t level = 0; level <= out->levels; level++) {
        uint32_t *above = lb_arena_alloc(arena, values, sizeof *above);
        uint32_t *parent = lb_arena_alloc(arena, nodes, sizeof *parent);
        double *share = out->share[level] = lb_arena_alloc(arena, nodes, sizeof *share);
        if (!above || !parent || !share)
            return lb_fail_memory(error, "t-closeness");
        for (uint32_t n = 0; n < nodes; n++)
            share[n] = 0;
        for (uint32_t v = 0; v < values; v++) {
            share[below[v]] += out->p[v];
            above[v] = 0;
        }
        if (level == out->levels)
            break;
        int64_t wider = level + 1 < out->levels
                            ? number_groups(hierarchy->groups[level], cells, above, error)
                            : 1;
        if (wider < 0)
            return (int)wider;
        int status = link_level(parent, nodes, below, above, values, level, error);
        if (status < 0)
            return status;
        out->parent[level] = parent;
        nodes = (uint32_t)wider;
        below = above;
    }
    return LB_OK;
}

int lb_earth_mover_prepare(lb_earth_mover *out, lb_distance distance, const double *p,
                           const lb_cells *cells, const lb_value_hierarchy *hierarchy,
                           lb_arena *arena, lb_error *error) {
    *out = (lb_earth_mover){.distance = distance, .values = cells->values, .p = p};
    if (distance == LB_DISTANCE_ORDERED)
        return prepare_ordered(out, arena, error);
    if (distance == LB_DISTANCE_HIERARCHICAL)
        return prepare_hierarchy(out, cells, hierarchy, arena, error);
    return LB_OK;
}

static double categorical(const lb_earth_mover *mover, const lb_cell *cells, const double *q,
                          uint32_t count) {
    double excess = 0;
    for (uint32_t i = 0; i < count; i++)
        excess += fmax(q[i] - mover->p[cells[i].value], 0);
    return excess;
}

/* Sum of |level - cumulated[i]| for i from begin up to end: cumulated ascends, so one cut separates
 * those below the level from those above. */
static double gap(const lb_earth_mover *mover, double level, uint32_t begin, uint32_t end) {
    uint32_t low = begin, high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (mover->cumulated[middle] > level)
            high = middle;
        else
            low = middle + 1;
    }
    return level * (low - begin) - (mover->sums[low] - mover->sums[begin]) +
           (mover->sums[end] - mover->sums[low]) - level * (end - low);
}

static double ordered(const lb_earth_mover *mover, const lb_cell *cells, const double *q,
                      uint32_t count) {
    uint32_t last = mover->values - 1;
    if (last == 0)
        return 0;
    double level = 0, sum = gap(mover, 0, 0, cells[0].value);
    for (uint32_t i = 0; i < count; i++) {
        level += q[i];
        sum += gap(mover, level, cells[i].value, i + 1 < count ? cells[i + 1].value : last);
    }
    return sum / last;
}

/* Moves the nodes of one level to the level above; returns what has to cross between the children
 * of each node there. A child without values of the class lacks all of its p, so only the others
 * can have a surplus. */
static double climb(const lb_earth_mover *mover, size_t level, uint32_t *count) {
    const uint32_t *parent = mover->parent[level];
    double crossing = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *count; i++) {
        lb_mover_node child = mover->nodes[i];
        uint32_t above = parent[child.node];
        if (mover->mass[above] == 0)
            mover->nodes[kept++].node = above;
        mover->mass[above] += child.mass;
        mover->surplus[above] += fmax(child.mass - mover->share[level][child.node], 0);
    }
    for (uint32_t i = 0; i < kept; i++) {
        lb_mover_node *node = &mover->nodes[i];
        double surplus = mover->surplus[node->node];
        node->mass = mover->mass[node->node];
        double deficit = surplus - (node->mass - mover->share[level + 1][node->node]);
        crossing += fmax(fmin(surplus, deficit), 0);
        mover->mass[node->node] = mover->surplus[node->node] = 0;
    }
    *count = kept;
    return crossing;
}

static double hierarchical(const lb_earth_mover *mover, const lb_cell *cells, const double *q,
                           uint32_t count) {
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        mover->nodes[i] = (lb_mover_node){cells[i].value, q[i]};
    for (size_t level = 0; level < mover->levels; level++)
        sum += (double)(level + 1) / (double)mover->levels * climb(mover, level, &count);
    return sum;
}

double lb_earth_mover_distance(const lb_earth_mover *mover, const lb_cell *cells, const double *q,
                               uint32_t count) {
    switch (mover->distance) {
    case LB_DISTANCE_ORDERED:
        return ordered(mover, cells, q, count);
    case LB_DISTANCE_HIERARCHICAL:
        return hierarchical(mover, cells, q, count);
    case LB_DISTANCE_CATEGORICAL:
        break;
    }
    return categorical(mover, cells, q, count);
}
