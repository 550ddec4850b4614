/* Linkage of a corpus to another by what a third attack, self-linkage, has taught. */
#include "base/hash.h"
#include "base/random.h"
#include "link/attack.h"
#include "link/link.h"

typedef int cut_function(const lb_texts *texts, const lb_split_options *options, lb_split *split,
                         lb_error *error);

static bool has_times(const lb_texts *texts) {
    for (size_t m = 0; m < texts->offsets[texts->units]; m++)
        if (texts->messages[m].time != INT64_MAX)
            return true;
    return false;
}

/* Signals that not both corpora have. */
static unsigned not_shared(const lb_texts *one, const lb_texts *other,
                           const lb_link_options *options) {
    const lb_side a = {.texts = one}, b = {.texts = other};
    unsigned without = options->without;
    if (!has_times(one) || !has_times(other))
        without |= 1u << LB_SIGNAL_PERIOD | 1u << LB_SIGNAL_CLOCK;
    if (!lb_agreement_possible(&a, &b))
        without |= 1u << LB_SIGNAL_QUASI_IDENTIFIERS;
    return without;
}

/* Learns on one corpus; the fusion stays in *learn, and *result knows of the split alone. */
static int learn_on(const lb_texts *texts, const lb_link_options *options, cut_function *cut,
                    lb_attack *learn, lb_link_result *result, lb_error *error) {
    lb_split split = {0};
    lb_link_result own = {.arena = lb_arena_new()};
    lb_link_options quick = *options;
    lb_split_options rule = lb_attack_split_options(options);
    quick.ablation = false;
    learn->result = &own;
    int status = own.arena ? cut(texts, &rule, &split, error) : lb_fail_memory(error, "the attack");
    if (status == LB_OK)
        status = lb_attack_split(learn, &split, &quick, error);
    result->shared = own.shared;
    result->split = own.split;
    result->eligible = own.eligible;
    result->distractors = own.distractors;
    result->silent = own.silent;
    result->single = own.single;
    result->few = own.few;
    result->one_side = own.one_side;
    result->trained = own.trained;
    learn->result = NULL; /* as `own` ends here */
    lb_split_free(&split);
    lb_link_free(&own);
    return status;
}

/* How many people of a corpus self-linkage could learn from. */
static int count_eligible(const lb_texts *texts, const lb_link_options *options, size_t *eligible,
                          lb_error *error) {
    lb_split split;
    lb_split_options cut = lb_attack_split_options(options);
    int status = lb_split_make(texts, &cut, &split, error);
    *eligible = status == LB_OK ? split.eligible : 0;
    lb_split_free(&split);
    return status;
}

/* Keeps the profiles of enough messages. */
static size_t drop_short(lb_side *side, const lb_link_options *options) {
    size_t least = lb_attack_split_options(options).min_messages, kept = 0, all = side->count;
    for (size_t p = 0; p < all; p++)
        if (side->profiles[p].count >= least)
            side->profiles[kept++] = side->profiles[p];
    side->count = kept;
    return all - kept;
}

/* The true places of the queries in the gallery. */
static int place_truth(const lb_side *gallery, const lb_side *queries, const uint32_t *truth,
                       const lb_link_options *options, lb_link_result *result, uint32_t **matches,
                       lb_error *error) {
    size_t units = gallery->texts->units, least = lb_attack_split_options(options).min_messages;
    uint32_t *places = lb_arena_alloc(result->arena, units + 1, sizeof *places);
    *matches = lb_arena_alloc(result->arena, queries->count + 1, sizeof **matches);
    if (!places || !*matches)
        return lb_fail_memory(error, "the truth of the links");
    for (size_t u = 0; u < units; u++)
        places[u] = LB_NOT_FOUND;
    for (size_t g = 0; g < gallery->count; g++)
        places[gallery->profiles[g].unit] = (uint32_t)g;
    for (size_t q = 0; q < queries->count; q++) {
        uint32_t unit = truth ? truth[queries->profiles[q].unit] : LB_LINK_NO_ONE;
        uint32_t place = unit < units ? places[unit] : LB_NOT_FOUND;
        bool brief = place != LB_NOT_FOUND && gallery->profiles[place].count < least;
        result->matches_short += brief;
        (*matches)[q] = brief ? LB_NOT_FOUND : place;
    }
    return LB_OK;
}

static int attack_sides(const lb_side *gallery, const lb_side *queries, const uint32_t *matches,
                        const lb_link_options *options, const lb_attack *learn,
                        lb_link_result *result, lb_error *error) {
    if (gallery->count == 0 || queries->count == 0)
        return LB_OK;
    lb_attack run = {.gallery = gallery,
                     .queries = queries,
                     .matches = matches,
                     .options = options,
                     .without = learn->without,
                     .learnt = &learn->fusion,
                     .result = result};
    int status = lb_attack_run(&run, error);
    lb_attack_clear(&run);
    return status;
}

static int link_other(const lb_texts *known, const lb_texts *unknown, const uint32_t *truth,
                      const lb_link_options *options, const lb_attack *learn,
                      lb_link_result *result, lb_error *error) {
    lb_side gallery, queries;
    uint32_t *matches = NULL;
    int status = lb_side_whole(known, result->arena, &gallery, error);
    if (status == LB_OK)
        status = lb_side_whole(unknown, result->arena, &queries, error);
    if (status < 0)
        return status;
    result->too_short = drop_short(&queries, options);
    status = place_truth(&gallery, &queries, truth, options, result, &matches, error);
    return status == LB_OK
               ? attack_sides(&gallery, &queries, matches, options, learn, result, error)
               : status;
}

int lb_link_external(const lb_texts *known, const lb_texts *unknown, const uint32_t *truth,
                     const lb_link_options *options, lb_link_result *result, lb_error *error) {
    *result = (lb_link_result){.arena = lb_arena_new()};
    lb_attack learn = {.without = not_shared(known, unknown, options)};
    size_t in_known = 0, in_unknown = 0;
    int status = result->arena ? count_eligible(known, options, &in_known, error)
                               : lb_fail_memory(error, "the attack");
    if (status == LB_OK)
        status = count_eligible(unknown, options, &in_unknown, error);
    result->learnt_on_unknown = in_unknown > in_known;
    if (status == LB_OK)
        status = learn_on(result->learnt_on_unknown ? unknown : known, options, lb_split_make,
                          &learn, result, error);
    if (status == LB_OK)
        status = link_other(known, unknown, truth, options, &learn, result, error);
    lb_attack_clear(&learn);
    if (status < 0)
        lb_link_free(result);
    return status;
}

/* Cuts the units in two sides by a keyed hash. */
static int halve(const lb_texts *texts, const lb_link_options *options, lb_arena *arena,
                 lb_side *gallery, lb_side *queries, size_t *too_short, lb_error *error) {
    uint64_t key = lb_random_keyed(options->seed, "link.halves", 0).state[0];
    int status = lb_side_whole(texts, arena, gallery, error);
    if (status < 0)
        return status;
    *too_short = drop_short(gallery, options);
    *queries = *gallery;
    queries->profiles = lb_arena_alloc(arena, gallery->count + 1, sizeof *queries->profiles);
    if (!queries->profiles)
        return lb_fail_memory(error, "the halves of a corpus");
    size_t all = gallery->count;
    gallery->count = queries->count = 0;
    for (size_t p = 0; p < all; p++) {
        lb_side *into = lb_hash_mix(key, lb_side_unit_hash(gallery, p)) & 1 ? queries : gallery;
        into->profiles[into->count++] = gallery->profiles[p];
    }
    return LB_OK;
}

int lb_link_conversations(const lb_texts *texts, const lb_texts *users,
                          const lb_link_options *options, lb_link_result *result, lb_error *error) {
    *result = (lb_link_result){.arena = lb_arena_new()};
    lb_attack learn = {.without = not_shared(texts, users, options)};
    lb_side gallery = {0}, queries = {0};
    uint32_t *matches = NULL;
    int status = result->arena
                     ? learn_on(users, options, lb_split_conversations, &learn, result, error)
                     : lb_fail_memory(error, "the attack");
    if (status == LB_OK)
        status =
            halve(texts, options, result->arena, &gallery, &queries, &result->too_short, error);
    if (status == LB_OK)
        status = place_truth(&gallery, &queries, NULL, options, result, &matches, error);
    if (status == LB_OK)
        status = attack_sides(&gallery, &queries, matches, options, &learn, result, error);
    lb_attack_clear(&learn);
    if (status < 0)
        lb_link_free(result);
    return status;
}
