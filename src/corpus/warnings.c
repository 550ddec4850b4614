#include "corpus/warnings.h"

int lb_corpus_warn(lb_corpus *corpus, const char *text, size_t size, lb_error *error) {
    for (size_t i = 0; i < corpus->warning_count; i++)
        if (lb_str_equal(lb_str_of(corpus->warnings[i]), (lb_str){text, size}))
            return LB_OK;
    void *grown = lb_grow(corpus->warnings, &corpus->warning_capacity, corpus->warning_count + 1,
                          sizeof(char *), error);
    if (!grown)
        return LB_E_RESOURCE;
    corpus->warnings = grown;
    const char *copy = lb_arena_copy(corpus->arena, text, size);
    if (!copy)
        return lb_fail_memory(error, "opening a corpus");
    corpus->warnings[corpus->warning_count++] = copy;
    return LB_OK;
}
