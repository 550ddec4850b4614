#include "link/assignment.h"

#include <math.h>
#include <stdbool.h>

#define NONE UINT32_MAX

typedef struct heap_item {
    double distance;
    uint32_t profile;
} heap_item;

/* The search for one augmenting path, from a query over profiles and the queries that hold them.
 * Costs are minus the worth, made non-negative by the potentials. */
typedef struct search {
    const lb_edge *edges;
    const size_t *offsets;
    uint32_t *partners;      /* [queries] */
    uint32_t *owners;        /* [profiles] */
    double *query_potential; /* [queries] */
    double *price;           /* [profiles] */
    double *distance;        /* [profiles] INFINITY: not reached */
    uint32_t *from;          /* [profiles] the query that reached it */
    bool *settled;           /* [profiles] */
    uint32_t *reached;       /* [profiles] */
    size_t reached_count;
    heap_item *heap; /* grows */
    size_t heap_count, heap_capacity;
} search;

static bool before(heap_item a, heap_item b) {
    return a.distance < b.distance || (a.distance == b.distance && a.profile < b.profile);
}

static int push(search *find, heap_item item, lb_error *error) {
    void *grown =
        lb_grow(find->heap, &find->heap_capacity, find->heap_count + 1, sizeof(heap_item), error);
    if (!grown)
        return LB_E_RESOURCE;
    find->heap = grown;
    size_t at = find->heap_count++;
    for (; at > 0 && before(item, find->heap[(at - 1) / 2]); at = (at - 1) / 2)
        find->heap[at] = find->heap[(at - 1) / 2];
    find->heap[at] = item;
    return LB_OK;
}

static heap_item pop(search *find) {
    heap_item top = find->heap[0], last = find->heap[--find->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= find->heap_count)
            break;
        if (child + 1 < find->heap_count && before(find->heap[child + 1], find->heap[child]))
            child++;
        if (!before(find->heap[child], last))
            break;
        find->heap[at] = find->heap[child];
        at = child;
    }
    if (find->heap_count)
        find->heap[at] = last;
    return top;
}

static int reach_from(search *find, uint32_t query, double base, lb_error *error) {
    int status = LB_OK;
    for (size_t e = find->offsets[query]; e < find->offsets[query + 1] && status == LB_OK; e++) {
        uint32_t profile = find->edges[e].profile;
        double reduced =
            -find->edges[e].worth - find->query_potential[query] + find->price[profile];
        double distance = base + fmax(0, reduced);
        if (find->settled[profile] || distance >= find->distance[profile])
            continue;
        if (find->distance[profile] == INFINITY)
            find->reached[find->reached_count++] = profile;
        find->distance[profile] = distance;
        find->from[profile] = query;
        status = push(find, (heap_item){distance, profile}, error);
    }
    return status;
}

/* Where the cheapest path from `query` ends: at a free profile, or at a query that is left alone
 * (its potential is what it costs to leave it). */
typedef struct path_end {
    double distance;
    uint32_t profile; /* the free one, or NONE */
    uint32_t query;   /* the one that is left alone, if profile is NONE */
} path_end;

static int find_path(search *find, uint32_t start, path_end *end, lb_error *error) {
    *end = (path_end){fmax(0, -find->query_potential[start]), NONE, start};
    int status = reach_from(find, start, 0, error);
    while (status == LB_OK && find->heap_count) {
        heap_item next = pop(find);
        if (find->settled[next.profile] || next.distance > find->distance[next.profile])
            continue;
        if (next.distance >= end->distance)
            break;
        find->settled[next.profile] = true;
        uint32_t owner = find->owners[next.profile];
        if (owner == NONE) {
            *end = (path_end){next.distance, next.profile, NONE};
            break;
        }
        double alone = next.distance + fmax(0, -find->query_potential[owner]);
        if (alone < end->distance)
            *end = (path_end){alone, NONE, owner};
        status = reach_from(find, owner, next.distance, error);
    }
    return status;
}

/* Turns the path around, and moves the potentials so that reduced costs stay non-negative. */
static void augment(search *find, uint32_t start, const path_end *end) {
    find->query_potential[start] += end->distance;
    for (size_t i = 0; i < find->reached_count; i++) {
        uint32_t profile = find->reached[i];
        double gain = end->distance - find->distance[profile];
        if (find->settled[profile] && gain > 0) {
            find->price[profile] += gain;
            if (find->owners[profile] != NONE)
                find->query_potential[find->owners[profile]] += gain;
        }
    }
    uint32_t profile = end->profile;
    if (profile == NONE) {
        if (end->query == start)
            return;
        profile = find->partners[end->query];
        find->partners[end->query] = NONE;
    }
    for (;;) {
        uint32_t query = find->from[profile], next = find->partners[query];
        find->owners[profile] = query;
        find->partners[query] = profile;
        if (query == start)
            return;
        profile = next;
    }
}

static void forget(search *find) {
    for (size_t i = 0; i < find->reached_count; i++) {
        find->distance[find->reached[i]] = INFINITY;
        find->settled[find->reached[i]] = false;
    }
    find->reached_count = find->heap_count = 0;
}

int lb_assignment_solve(const lb_edge *edges, const size_t *offsets, size_t queries,
                        size_t profiles, uint32_t *partners, lb_error *error) {
    search find = {.edges = edges, .offsets = offsets, .partners = partners};
    find.owners = lb_alloc(profiles + 1, sizeof *find.owners);
    find.query_potential = lb_alloc_zero(queries + 1, sizeof *find.query_potential);
    find.price = lb_alloc_zero(profiles + 1, sizeof *find.price);
    find.distance = lb_alloc(profiles + 1, sizeof *find.distance);
    find.from = lb_alloc(profiles + 1, sizeof *find.from);
    find.settled = lb_alloc_zero(profiles + 1, sizeof *find.settled);
    find.reached = lb_alloc(profiles + 1, sizeof *find.reached);
    int status = LB_OK;
    if (!find.owners || !find.query_potential || !find.price || !find.distance || !find.from ||
        !find.settled || !find.reached)
        status = lb_fail_memory(error, "the one-to-one assignment");
    for (size_t p = 0; p < profiles && status == LB_OK; p++) {
        find.owners[p] = NONE;
        find.distance[p] = INFINITY;
    }
    for (uint32_t q = 0; q < queries && status == LB_OK; q++) {
        partners[q] = NONE;
        /* The least reduced cost of the query's edges is made 0. */
        double least = 0;
        for (size_t e = offsets[q]; e < offsets[q + 1]; e++)
            least = fmin(least, find.price[edges[e].profile] - edges[e].worth);
        find.query_potential[q] = least;
        path_end end;
        status = find_path(&find, q, &end, error);
        if (status == LB_OK)
            augment(&find, q, &end);
        forget(&find);
    }
    lb_free(find.owners);
    lb_free(find.query_potential);
    lb_free(find.price);
    lb_free(find.distance);
    lb_free(find.from);
    lb_free(find.settled);
    lb_free(find.reached);
    lb_free(find.heap);
    return status;
}
