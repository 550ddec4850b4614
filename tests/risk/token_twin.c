#include "token_twin.h"

#include <stdlib.h>

#include "base/hash.h"
#include "token_corpus.h"

static bool uses(const lb_token_view *view, size_t unit, uint64_t gram) {
    uint64_t low = view->incidence->offsets[gram], end = view->incidence->offsets[gram + 1];
    for (uint64_t high = end; low < high;) {
        uint64_t middle = low + (high - low) / 2;
        if (lb_pair_unit(view->incidence->units[middle]) < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && lb_pair_unit(view->incidence->units[low]) == unit;
}

uint32_t twin_grams(const lb_token_view *view, size_t unit, uint32_t *grams) {
    uint32_t count = 0;
    for (uint64_t gram = 0; gram < view->incidence->grams; gram++)
        if (uses(view, unit, gram))
            grams[count++] = (uint32_t)gram;
    return count;
}

uint32_t twin_users(const lb_token_view *view, const uint32_t *set, unsigned count) {
    uint32_t users = 0;
    for (uint64_t i = view->incidence->offsets[set[0]]; i < view->incidence->offsets[set[0] + 1];
         i++) {
        bool all = true;
        for (unsigned j = 1; all && j < count; j++)
            all = uses(view, lb_pair_unit(view->incidence->units[i]), set[j]);
        users += all;
    }
    return users;
}

typedef struct set_walk {
    const uint32_t *grams;
    uint32_t size;
    unsigned count;
    uint32_t set[5];
    set_visitor *visit;
    void *context;
} set_walk;

static void walk(set_walk *sets, unsigned chosen, uint32_t from) {
    if (chosen == sets->count || chosen == 5) {
        sets->visit(sets->context, sets->set, sets->count);
        return;
    }
    for (uint32_t i = from; i < sets->size; i++) {
        sets->set[chosen] = sets->grams[i];
        walk(sets, chosen + 1, i + 1);
    }
}

void twin_sets(const lb_token_view *view, size_t unit, unsigned count, set_visitor *visit,
               void *context) {
    uint32_t *grams = malloc(((size_t)view->incidence->grams + 1) * sizeof *grams);
    if (!grams)
        return;
    set_walk sets = {grams, twin_grams(view, unit, grams), count, {0}, visit, context};
    walk(&sets, 0, 0);
    free(grams);
}

typedef struct smallest_set {
    const lb_token_view *view;
    uint32_t users;
} smallest_set;

static void find_smallest(void *context, const uint32_t *set, unsigned count) {
    smallest_set *best = context;
    uint32_t users = twin_users(best->view, set, count);
    best->users = users < best->users ? users : best->users;
}

uint32_t twin_smallest(const lb_token_view *view, size_t unit, unsigned count, uint32_t most) {
    smallest_set best = {view, most};
    twin_sets(view, unit, count, find_smallest, &best);
    return best.users;
}

token_corpus *twin_doubled(const lb_token_view *view) {
    size_t pairs = 0;
    token_pair *list = malloc((2 * (size_t)view->incidence->pairs + 1) * sizeof *list);
    uint64_t *users = malloc((2 * view->units + 1) * sizeof *users);
    if (!list || !users)
        return NULL;
    for (size_t u = 0; u < view->units; u++) {
        users[2 * u] = view->facts[u].hash;
        users[2 * u + 1] = lb_hash_mix(view->facts[u].hash, 1);
    }
    for (uint64_t gram = 0; gram < view->incidence->grams; gram++)
        for (uint64_t i = view->incidence->offsets[gram]; i < view->incidence->offsets[gram + 1];
             i++) {
            size_t unit = lb_pair_unit(view->incidence->units[i]);
            list[pairs++] = (token_pair){view->facts[unit].hash, view->incidence->hashes[gram]};
            list[pairs++] =
                (token_pair){lb_hash_mix(view->facts[unit].hash, 1), view->incidence->hashes[gram]};
        }
    token_corpus *corpus = token_corpus_make(list, pairs, users, 2 * view->units);
    free(list);
    free(users);
    return corpus;
}
