#include "link/suppress.h"

#include "link/features/space.h"
#include "link/split.h"

typedef struct finder {
    size_t k;
    lb_rare_words *words;
    size_t capacity;
    double rare, all;
} finder;

static int visit(void *context, uint32_t key, size_t profiles, double occurrences,
                 lb_error *error) {
    finder *find = context;
    find->all += occurrences;
    if (profiles >= find->k)
        return LB_OK;
    void *grown = lb_grow(find->words->keys, &find->capacity, find->words->set.count + 1,
                          sizeof(uint32_t), error);
    if (!grown)
        return LB_E_RESOURCE;
    find->words->keys = grown;
    find->words->keys[find->words->set.count++] = key;
    find->rare += occurrences;
    return LB_OK;
}

int lb_rare_words_find(const lb_texts *texts, size_t k, unsigned threads, lb_rare_words *words,
                       lb_error *error) {
    *words = (lb_rare_words){0};
    lb_arena *arena = lb_arena_new();
    if (!arena)
        return lb_fail_memory(error, "the rare words");
    lb_side side;
    finder find = {.k = k, .words = words};
    int status = lb_side_whole(texts, arena, &side, error);
    if (status == LB_OK)
        status = lb_space_count(&side, LB_ASPECT_TOKENS, threads, visit, &find, error);
    lb_arena_free(arena);
    words->set.keys = words->keys;
    words->share = find.all > 0 ? find.rare / find.all : 0;
    if (status < 0)
        lb_rare_words_free(words);
    return status;
}

void lb_rare_words_free(lb_rare_words *words) {
    lb_free(words->keys);
    *words = (lb_rare_words){0};
}
