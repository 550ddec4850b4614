#include "link/link.h"

#include "link/attack.h"
#include "link/suppress.h"

int lb_link_self(const lb_texts *texts, const lb_link_options *options, lb_link_result *result,
                 lb_error *error) {
    *result = (lb_link_result){.arena = lb_arena_new()};
    lb_rare_words rare = {0};
    lb_split split = {0};
    lb_split_options cut = lb_attack_split_options(options);
    lb_attack run = {.result = result};
    int status = result->arena ? LB_OK : lb_fail_memory(error, "the attack");
    if (status == LB_OK && options->suppress_below > 1)
        status = lb_rare_words_find(texts, options->suppress_below, options->threads, &rare, error);
    if (status == LB_OK)
        status = lb_split_make(texts, &cut, &split, error);
    if (status == LB_OK) {
        result->words_suppressed = rare.set.count;
        result->suppressed_share = rare.share;
        run.suppressed = rare.set.count ? &rare.set : NULL;
        status = lb_attack_split(&run, &split, options, error);
    }
    lb_attack_clear(&run);
    lb_split_free(&split);
    lb_rare_words_free(&rare);
    if (status < 0)
        lb_link_free(result);
    return status;
}

void lb_link_free(lb_link_result *result) {
    lb_arena_free(result->arena);
    *result = (lb_link_result){0};
}
