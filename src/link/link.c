#include "link/link.h"

#include "link/attack.h"
#include "link/suppress.h"

enum { MIN_MESSAGES = 5, ENOUGH_TO_LEARN = 20 };

/* Cuts a corpus in two sides and attacks it. */
static int attack_split(const lb_texts *texts, const lb_link_options *options, lb_split *split,
                        lb_attack *run, lb_error *error) {
    lb_split_options cut = {.rule = options->split,
                            .min_messages =
                                options->min_messages ? options->min_messages : MIN_MESSAGES,
                            .seed = options->seed};
    int status = lb_split_make(texts, &cut, split, error);
    if (status < 0 || split->queries.count == 0)
        return status;
    run->gallery = &split->gallery;
    run->queries = &split->queries;
    run->matches = split->matches;
    run->options = options;
    run->without |= options->without;
    return lb_attack_run(run, error);
}

static void describe_split(const lb_split *split, lb_link_result *result) {
    result->shared = split->shared;
    result->split = split->used;
    result->eligible = split->eligible;
    result->distractors = split->distractors;
    result->silent = split->silent;
    result->single = split->single;
    result->few = split->few;
    result->one_side = split->one_side;
    result->trained = split->eligible >= ENOUGH_TO_LEARN;
}

int lb_link_self(const lb_texts *texts, const lb_link_options *options, lb_link_result *result,
                 lb_error *error) {
    *result = (lb_link_result){.arena = lb_arena_new()};
    lb_rare_words rare = {0};
    lb_split split = {0};
    lb_attack run = {.result = result};
    int status = result->arena ? LB_OK : lb_fail_memory(error, "the attack");
    if (status == LB_OK && options->suppress_below > 1)
        status = lb_rare_words_find(texts, options->suppress_below, options->threads, &rare, error);
    if (status == LB_OK) {
        result->words_suppressed = rare.set.count;
        result->suppressed_share = rare.share;
        run.suppressed = rare.set.count ? &rare.set : NULL;
        status = attack_split(texts, options, &split, &run, error);
    }
    if (status == LB_OK)
        describe_split(&split, result);
    lb_attack_clear(&run);
    lb_split_free(&split);
    lb_rare_words_free(&rare);
    if (status < 0)
        lb_link_free(result);
    return status;
}

static bool has_times(const lb_texts *texts) {
    for (size_t m = 0; m < texts->offsets[texts->units]; m++)
        if (texts->messages[m].time != INT64_MAX)
            return true;
    return false;
}

/* Learns on one corpus; the fusion stays in *learn. */
static int learn_on(const lb_texts *texts, const lb_link_options *options, unsigned without,
                    lb_attack *learn, lb_link_result *result, lb_error *error) {
    lb_split split = {0};
    lb_link_result own = {.arena = lb_arena_new()};
    *learn = (lb_attack){.without = without, .result = &own};
    lb_link_options quick = *options;
    quick.ablation = false;
    int status = own.arena ? attack_split(texts, &quick, &split, learn, error)
                           : lb_fail_memory(error, "the attack");
    if (status == LB_OK)
        describe_split(&split, result);
    lb_split_free(&split);
    lb_link_free(&own);
    return status;
}

/* How many people of a corpus self-linkage could learn from. */
static int count_eligible(const lb_texts *texts, const lb_link_options *options, size_t *eligible,
                          lb_error *error) {
    lb_split split;
    lb_split_options cut = {.rule = options->split,
                            .min_messages =
                                options->min_messages ? options->min_messages : MIN_MESSAGES,
                            .seed = options->seed};
    int status = lb_split_make(texts, &cut, &split, error);
    *eligible = status == LB_OK ? split.eligible : 0;
    lb_split_free(&split);
    return status;
}

/* The true places of the queries in the gallery. */
static int place_truth(const lb_side *gallery, const lb_side *queries, const lb_texts *known,
                       const uint32_t *truth, lb_arena *arena, uint32_t **matches,
                       lb_error *error) {
    uint32_t *places = lb_arena_alloc(arena, known->units + 1, sizeof *places);
    *matches = lb_arena_alloc(arena, queries->count + 1, sizeof **matches);
    if (!places || !*matches)
        return lb_fail_memory(error, "the truth of the links");
    for (size_t u = 0; u < known->units; u++)
        places[u] = LB_NOT_FOUND;
    for (size_t g = 0; g < gallery->count; g++)
        places[gallery->profiles[g].unit] = (uint32_t)g;
    for (size_t q = 0; q < queries->count; q++) {
        uint32_t unit = truth ? truth[queries->profiles[q].unit] : LB_LINK_NO_ONE;
        (*matches)[q] = unit < known->units ? places[unit] : LB_NOT_FOUND;
    }
    return LB_OK;
}

static int attack_other(const lb_texts *known, const lb_texts *unknown, const uint32_t *truth,
                        const lb_link_options *options, unsigned without, const lb_fusion *learnt,
                        lb_link_result *result, lb_error *error) {
    lb_side gallery, queries;
    uint32_t *matches = NULL;
    int status = lb_side_whole(known, result->arena, &gallery, error);
    if (status == LB_OK)
        status = lb_side_whole(unknown, result->arena, &queries, error);
    if (status == LB_OK)
        status = place_truth(&gallery, &queries, known, truth, result->arena, &matches, error);
    if (status < 0 || gallery.count == 0 || queries.count == 0)
        return status;
    lb_attack run = {.gallery = &gallery,
                     .queries = &queries,
                     .matches = matches,
                     .options = options,
                     .without = without,
                     .learnt = learnt,
                     .result = result};
    status = lb_attack_run(&run, error);
    lb_attack_clear(&run);
    return status;
}

int lb_link_external(const lb_texts *known, const lb_texts *unknown, const uint32_t *truth,
                     const lb_link_options *options, lb_link_result *result, lb_error *error) {
    *result = (lb_link_result){.arena = lb_arena_new()};
    lb_attack learn = {0};
    size_t in_known = 0, in_unknown = 0;
    unsigned without = options->without;
    if (!has_times(known) || !has_times(unknown))
        without |= 1u << LB_SIGNAL_PERIOD | 1u << LB_SIGNAL_CLOCK;
    int status = result->arena ? count_eligible(known, options, &in_known, error)
                               : lb_fail_memory(error, "the attack");
    if (status == LB_OK)
        status = count_eligible(unknown, options, &in_unknown, error);
    if (status == LB_OK)
        status = learn_on(in_unknown > in_known ? unknown : known, options, without, &learn, result,
                          error);
    if (status == LB_OK)
        status =
            attack_other(known, unknown, truth, options, without, &learn.fusion, result, error);
    lb_attack_clear(&learn);
    if (status < 0)
        lb_link_free(result);
    return status;
}

void lb_link_free(lb_link_result *result) {
    lb_arena_free(result->arena);
    *result = (lb_link_result){0};
}
