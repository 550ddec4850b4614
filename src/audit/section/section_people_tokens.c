#include "audit/section/section_people_tokens.h"
#include "audit/section/section.h"

/* A token by which a person is known alone, and how much it says: less is more. */
typedef struct candidate {
    uint32_t token, order;
} candidate;

/* Which classes say most about who somebody is. */
static uint32_t order_of(const lb_audit_run_state *audit, uint64_t token, bool repeated) {
    static const uint8_t orders[LB_TOKEN_CLASSES] = {
        [LB_TOKEN_CLASS_EMAIL] = 0,   [LB_TOKEN_CLASS_HANDLE] = 1, [LB_TOKEN_CLASS_URL] = 3,
        [LB_TOKEN_CLASS_NAME] = 2,    [LB_TOKEN_CLASS_CODE] = 4,   [LB_TOKEN_CLASS_NUMBER] = 5,
        [LB_TOKEN_CLASS_FOREIGN] = 6, [LB_TOKEN_CLASS_OTHER] = 7,  [LB_TOKEN_CLASS_ELONGATED] = 8,
        [LB_TOKEN_CLASS_DATE] = 9};
    const uint8_t *class_of = audit->token_classes.class_of;
    bool classed = class_of && class_of[token] != LB_TOKEN_NOT_RARE;
    return (classed ? orders[class_of[token]] : LB_TOKEN_CLASSES) * 2u + !repeated;
}

/* Puts a token among the best so far, which stay in order. */
static void keep_best(candidate best[LB_PERSON_TOKENS], unsigned *count, candidate found) {
    unsigned at = *count;
    if (at == LB_PERSON_TOKENS && found.order >= best[at - 1].order)
        return;
    at -= at == LB_PERSON_TOKENS;
    for (; at > 0 && found.order < best[at - 1].order; at--)
        best[at] = best[at - 1];
    best[at] = found;
    *count += *count < LB_PERSON_TOKENS;
}

/* The tokens that lead alone to as few units as any token of the person does. One pass over the
 * rare tokens; rank[unit] is 1 + the place in `people` of those whose tokens are wanted. */
static int choose_alone(const lb_audit_run_state *audit, lb_person *people, size_t count,
                        lb_error *error) {
    const lb_incidence *incidence = lb_index_incidence(audit->index, 1);
    candidate(*best)[LB_PERSON_TOKENS] = lb_alloc(count, sizeof *best);
    uint8_t *rank = lb_alloc_zero(lb_index_units(audit->index), 1);
    if (!best || !rank) {
        lb_free(best);
        lb_free(rank);
        return lb_fail_memory(error, "choosing the tokens of the most exposed");
    }
    for (size_t i = 0; i < count; i++)
        rank[people[i].unit] = people[i].together == 1 ? (uint8_t)(i + 1) : 0;
    for (uint64_t gram = 0; gram < incidence->grams; gram++) {
        uint64_t from = incidence->offsets[gram], end = incidence->offsets[gram + 1];
        for (uint64_t j = from; end - from < audit->settings->k && j < end; j++) {
            uint32_t pair = incidence->units[j];
            uint8_t wanted = rank[lb_pair_unit(pair)];
            if (!wanted || people[wanted - 1].token_set != end - from)
                continue;
            candidate found = {(uint32_t)gram, order_of(audit, gram, lb_pair_repeated(pair))};
            keep_best(best[wanted - 1], &people[wanted - 1].tokens.count, found);
        }
    }
    for (size_t i = 0; i < count; i++)
        for (unsigned t = 0; people[i].together == 1 && t < people[i].tokens.count; t++)
            people[i].tokens.token[t] = best[i][t].token;
    lb_free(best);
    lb_free(rank);
    return LB_OK;
}

/* Whether one token of the person does as well as any set of them, or which set does better. */
static void choose_kind(const lb_audit_run_state *audit, lb_person *person) {
    const lb_worst_unit *worst =
        audit->worst_case.unit ? &audit->worst_case.unit[person->unit] : NULL;
    uint32_t alone = audit->tokens[0].exposure ? audit->tokens[0].exposure[person->unit].smallest
                     : worst && worst->witnesses == 1 ? worst->smallest
                                                      : 0;
    person->tokens = (lb_token_quest){.unit = person->unit};
    person->together = 0;
    if (worst && worst->smallest > 0 && (alone == 0 || worst->smallest < alone)) {
        person->together = person->tokens.count = worst->witnesses;
        person->token_set = worst->smallest;
        for (unsigned i = 0; i < worst->witnesses; i++)
            person->tokens.token[i] = worst->witness[i];
    } else if (alone > 0) {
        person->together = 1;
        person->token_set = alone;
    }
    if (person->token_set >= audit->settings->k)
        person->together = person->tokens.count = 0;
}

int lb_people_find_tokens(const lb_audit_run_state *audit, lb_person *people, size_t count,
                          lb_error *error) {
    if (lb_index_ngrams(audit->index) == 0)
        return LB_OK;
    for (size_t i = 0; i < count; i++)
        choose_kind(audit, &people[i]);
    int status = choose_alone(audit, people, count, error);
    if (status < 0 || !lb_index_texts(audit->index) ||
        !(audit->settings->measures & LB_MEASURE_UNICITY))
        return status;
    lb_token_quest *quests = lb_alloc(count, sizeof *quests);
    if (!quests)
        return lb_fail_memory(error, "looking for the places of tokens");
    for (size_t i = 0; i < count; i++)
        quests[i] = people[i].tokens;
    status = lb_token_places_find(quests, count, audit->index, audit->settings->threads, error);
    for (size_t i = 0; status == LB_OK && i < count; i++)
        people[i].tokens = quests[i];
    lb_free(quests);
    return status;
}

int lb_people_describe_token(const lb_audit_run_state *audit, uint32_t token, lb_buffer *into,
                             lb_error *error) {
    static const char *const phrases[LB_TOKEN_CLASSES] = {
        [LB_TOKEN_CLASS_NUMBER] = ", a number",
        [LB_TOKEN_CLASS_DATE] = ", a date",
        [LB_TOKEN_CLASS_URL] = ", of a URL",
        [LB_TOKEN_CLASS_EMAIL] = ", of an e-mail address",
        [LB_TOKEN_CLASS_HANDLE] = ", of a handle",
        [LB_TOKEN_CLASS_CODE] = ", a code",
        [LB_TOKEN_CLASS_NAME] = ", name-like",
        [LB_TOKEN_CLASS_FOREIGN] = ", in another script",
        [LB_TOKEN_CLASS_ELONGATED] = ", oddly spelt",
        [LB_TOKEN_CLASS_OTHER] = "",
    };
    const uint8_t *class_of = audit->token_classes.class_of;
    int status = lb_section_token(audit, token, into, error);
    if (status < 0 || !class_of || class_of[token] == LB_TOKEN_NOT_RARE)
        return status;
    const char *phrase = phrases[class_of[token]];
    return lb_buffer_append(into, phrase, strlen(phrase), error);
}
