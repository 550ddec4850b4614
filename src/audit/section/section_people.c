#include "audit/section/numbers.h"
#include "audit/section/section.h"
#include "audit/section/section_people_tokens.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

#include <stdlib.h>

#include "results/json_value.h"

enum { PEOPLE_SHOWN = 100 };

/* What everyone is ranked by. */
typedef struct standing {
    uint32_t unit, set, unique; /* as in lb_person */
    uint32_t needed; /* tokens that reach the set; 1 also where the quasi-identifiers do */
    uint32_t number; /* breaks ties (numbers.h) */
} standing;

static int by_exposure(const void *a, const void *b) {
    const standing *x = a, *y = b;
    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    if (x->needed != y->needed)
        return x->needed < y->needed ? -1 : 1;
    if (x->unique != y->unique)
        return x->unique > y->unique ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static uint32_t class_of(const lb_audit_run_state *audit, uint32_t unit) {
    return audit->anonymity.units > 0 ? audit->anonymity.sets[unit] : 0;
}

static const lb_token_exposure *exposure_of(const lb_audit_run_state *audit, uint32_t unit) {
    return audit->tokens[0].exposure ? &audit->tokens[0].exposure[unit] : NULL;
}

static void reach(standing *person, uint32_t set, uint32_t needed) {
    if (set == 0 || (person->set != 0 && set > person->set))
        return;
    person->needed = set == person->set && person->needed < needed ? person->needed : needed;
    person->set = set;
}

/* The smallest anonymity set that the quasi-identifiers or up to three tokens lead to. */
static standing standing_of(const lb_audit_run_state *audit, uint32_t unit) {
    const lb_token_exposure *exposure = exposure_of(audit, unit);
    standing person = {.unit = unit, .unique = exposure ? exposure->unique : 0};
    reach(&person, class_of(audit, unit), 1);
    if (exposure)
        reach(&person, exposure->smallest, 1);
    if (audit->worst_case.unit)
        reach(&person, audit->worst_case.unit[unit].smallest,
              audit->worst_case.unit[unit].witnesses);
    return person;
}

/* Takes the text that is in `reason`, and empties it. */
static int add_reason(json_t *reasons, lb_buffer *reason, lb_error *error) {
    int status = json_array_append_new(reasons, lb_json_text(lb_buffer_str(reason))) == 0
                     ? LB_OK
                     : lb_fail_memory(error, "listing the most exposed");
    reason->size = 0;
    return status;
}

static int describe_tokens(const lb_audit_run_state *audit, const lb_token_quest *tokens,
                           lb_buffer *into, lb_error *error) {
    int status = LB_OK;
    for (unsigned i = 0; status == LB_OK && i < tokens->count; i++) {
        status = lb_buffer_printf(into, error, "%s", i == 0 ? ": " : "; ");
        if (status == LB_OK)
            status = lb_people_describe_token(audit, tokens->token[i], into, error);
    }
    return status;
}

static int token_reason(const lb_audit_run_state *audit, const lb_person *person, lb_buffer *reason,
                        lb_error *error) {
    lb_unit kind = lb_index_unit(audit->index);
    const char *one = lb_unit_noun(kind, false), *many = lb_unit_noun(kind, true);
    int status;
    if (person->together > 1 && person->token_set == 1)
        status = lb_buffer_printf(reason, error, "%u words together that no other %s has",
                                  person->together, one);
    else if (person->together > 1)
        status = lb_buffer_printf(reason, error, "%u words together that only %u %s have",
                                  person->together, person->token_set, many);
    else if (person->token_set > 1)
        status =
            lb_buffer_printf(reason, error, "words that only %u %s use", person->token_set, many);
    else if (person->unique > person->tokens.count)
        status = lb_buffer_printf(reason, error, "%u words that no other %s uses, among them",
                                  person->unique, one);
    else
        status = lb_buffer_printf(reason, error, "%s that no other %s uses",
                                  person->tokens.count == 1 ? "a word" : "words", one);
    return status < 0 ? status : describe_tokens(audit, &person->tokens, reason, error);
}

static int fill_reasons(const lb_audit_run_state *audit, const lb_person *person, json_t *reasons,
                        lb_buffer *reason, lb_error *error) {
    const char *many = lb_unit_noun(lb_index_unit(audit->index), true);
    const lb_token_exposure *exposure = exposure_of(audit, person->unit);
    uint32_t set = class_of(audit, person->unit);
    int status = LB_OK;
    if (set == 1)
        status = lb_buffer_printf(reason, error, "unique by the quasi-identifiers");
    else if (set > 0 && set < audit->settings->k)
        status =
            lb_buffer_printf(reason, error, "only %u %s share the quasi-identifiers", set, many);
    if (status == LB_OK && reason->size > 0)
        status = add_reason(reasons, reason, error);
    if (status == LB_OK && person->together > 0) {
        status = token_reason(audit, person, reason, error);
        if (status == LB_OK)
            status = add_reason(reasons, reason, error);
    }
    if (status < 0 || !exposure || exposure->signatures == 0)
        return status;
    status = exposure->signatures == 1
                 ? lb_buffer_printf(reason, error, "a rare word in two conversations or more")
                 : lb_buffer_printf(reason, error, "%u rare words in two conversations or more",
                                    exposure->signatures);
    return status < 0 ? status : add_reason(reasons, reason, error);
}

static json_t *class_name(const lb_audit_run_state *audit, uint32_t token) {
    const uint8_t *classes = audit->token_classes.class_of;
    return classes && classes[token] != LB_TOKEN_NOT_RARE
               ? json_string(lb_token_class_name((lb_token_class)classes[token]))
               : json_null();
}

/* The tokens behind the reason: what, of which class, how many use it, and where. */
static int fill_tokens(const lb_audit_run_state *audit, const lb_person *person, json_t *list,
                       lb_error *error) {
    for (unsigned i = 0; i < person->tokens.count; i++) {
        uint32_t token = person->tokens.token[i];
        lb_token_place place = person->tokens.place[i];
        const uint64_t *offsets = lb_index_incidence(audit->index, 1)->offsets;
        lb_buffer text = {0};
        int status = lb_section_token(audit, token, &text, error);
        json_t *line = json_object();
        bool ok = lb_json_set(line, "token", lb_json_text(lb_buffer_str(&text))) &&
                  lb_json_set(line, "class", class_name(audit, token)) &&
                  lb_json_set(line, "units", lb_json_count(offsets[token + 1] - offsets[token])) &&
                  lb_json_set(line, "place", lb_section_place(audit, place.source, place.line)) &&
                  json_array_append(list, line) == 0;
        json_decref(line);
        lb_buffer_free(&text);
        if (status < 0 || !ok)
            return status < 0 ? status : lb_fail_memory(error, "listing the most exposed");
    }
    return LB_OK;
}

static int add_person(lb_audit_run_state *audit, const lb_person *person, json_t *list,
                      lb_error *error) {
    lb_buffer key = {0}, reason = {0};
    int status = lb_section_key(audit, person->unit, &key, error);
    json_t *entry = json_object(), *reasons = json_array(), *tokens = json_array();
    if (status == LB_OK && reasons)
        status = fill_reasons(audit, person, reasons, &reason, error);
    if (status == LB_OK && tokens)
        status = fill_tokens(audit, person, tokens, error);
    const lb_unit_facts *facts = &lb_index_facts(audit->index)[person->unit];
    bool ok = lb_json_set(entry, "user", lb_json_text(lb_buffer_str(&key))) &&
              lb_json_set(entry, "risk", lb_json_number(1.0 / person->set)) &&
              lb_json_set(entry, "messages", lb_json_count(facts->messages)) &&
              lb_json_set(entry, "own_words", lb_json_count(person->unique)) &&
              lb_json_set(entry, "reasons", json_incref(reasons)) &&
              lb_json_set(entry, "together", lb_json_count(person->together)) &&
              lb_json_set(entry, "tokens", json_incref(tokens)) &&
              json_array_append(list, entry) == 0;
    json_decref(entry);
    json_decref(reasons);
    json_decref(tokens);
    lb_buffer_free(&key);
    lb_buffer_free(&reason);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, "listing the most exposed");
}

/* Those of whom something is known, the most exposed first. */
static int rank_people(lb_audit_run_state *audit, standing **ranked, size_t *count,
                       lb_error *error) {
    size_t units = lb_index_units(audit->index);
    bool tabular =
        lb_index_unit(audit->index) == LB_UNIT_RECORD; /* tokens and table number them apart */
    const uint32_t *numbers = NULL;
    *count = 0;
    int status = tabular ? LB_OK : lb_section_numbers(audit, &numbers, error);
    if (status < 0)
        return status;
    *ranked = lb_alloc(units, sizeof **ranked);
    if (!*ranked)
        return lb_fail_memory(error, "listing the most exposed");
    for (size_t i = 0; !tabular && i < units; i++) {
        (*ranked)[*count] = standing_of(audit, (uint32_t)i);
        (*ranked)[*count].number = numbers[i];
        *count += (*ranked)[*count].set > 0;
    }
    if (*count > 0)
        qsort(*ranked, *count, sizeof **ranked, by_exposure);
    return LB_OK;
}

/* How many people have a smallest anonymity set of each size; ranked by it. */
static int put_distribution(lb_audit_run_state *audit, const standing *ranked, size_t count,
                            lb_error *error) {
    json_t *object = json_object(), *list = json_array();
    bool ok = list != NULL;
    size_t alone = 0;
    for (size_t i = 0, next; ok && i < count; i = next) {
        for (next = i; next < count && ranked[next].set == ranked[i].set;)
            next++;
        alone += ranked[i].set == 1 ? next - i : 0;
        ok = json_array_append_new(list, lb_json_pair(ranked[i].set, next - i)) == 0;
    }
    ok = ok && lb_json_set(object, "units", lb_json_count(count)) &&
         lb_json_set(object, "alone", lb_json_count(alone)) &&
         lb_json_set(object, "histogram", json_incref(list));
    json_decref(list);
    if (ok)
        return lb_results_put(audit->results, "singling_out.people", object, error);
    json_decref(object);
    return lb_fail_memory(error, "describing the risk of people");
}

int lb_section_people(lb_audit_run_state *audit, lb_error *error) {
    standing *ranked;
    size_t count;
    int status = rank_people(audit, &ranked, &count, error);
    if (status < 0)
        return status;
    if (count > 0)
        status = put_distribution(audit, ranked, count, error);
    count = count < PEOPLE_SHOWN ? count : PEOPLE_SHOWN;
    lb_person *people = lb_alloc_zero(count, sizeof *people);
    json_t *list = json_array();
    if (status == LB_OK && (!people || !list))
        status = lb_fail_memory(error, "listing the most exposed");
    for (size_t i = 0; status == LB_OK && i < count; i++)
        people[i] =
            (lb_person){.unit = ranked[i].unit, .set = ranked[i].set, .unique = ranked[i].unique};
    lb_free(ranked);
    if (status == LB_OK)
        status = lb_people_find_tokens(audit, people, count, error);
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = add_person(audit, &people[i], list, error);
    lb_free(people);
    if (status < 0) {
        json_decref(list);
        return status;
    }
    return lb_results_put(audit->results, "users", list, error);
}
