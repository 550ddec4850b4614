#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/json_value.h"
#include "audit/section.h"

enum { PEOPLE_SHOWN = 100 };

/* Who is how exposed: the smallest anonymity set that the quasi-identifiers or one token leave. */
typedef struct person {
    uint32_t unit;
    uint32_t set;    /* smallest anonymity set; 0: nothing is known of the unit */
    uint32_t unique; /* tokens of its own */
    uint64_t hash;
} person;

static int by_exposure(const void *a, const void *b) {
    const person *x = a, *y = b;
    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    if (x->unique != y->unique)
        return x->unique > y->unique ? -1 : 1;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static uint32_t class_of(const lb_audit_run_state *audit, uint32_t unit) {
    return audit->anonymity.units > 0 ? audit->anonymity.sets[unit] : 0;
}

static const lb_token_exposure *exposure_of(const lb_audit_run_state *audit, uint32_t unit) {
    return audit->tokens[0].exposure ? &audit->tokens[0].exposure[unit] : NULL;
}

static person person_of(const lb_audit_run_state *audit, uint32_t unit) {
    const lb_token_exposure *exposure = exposure_of(audit, unit);
    person who = {unit, class_of(audit, unit), exposure ? exposure->unique : 0,
                  lb_index_facts(audit->index)[unit].hash};
    if (exposure && exposure->smallest > 0 && (who.set == 0 || exposure->smallest < who.set))
        who.set = exposure->smallest;
    return who;
}

__attribute__((format(printf, 3, 4))) static int add_reason(json_t *reasons, lb_error *error,
                                                            const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return json_array_append_new(reasons, json_string(text)) == 0
               ? LB_OK
               : lb_fail_memory(error, "listing the most exposed");
}

static int reasons_of(const lb_audit_run_state *audit, uint32_t unit, json_t *reasons,
                      lb_error *error) {
    lb_unit kind = lb_index_unit(audit->index);
    const lb_token_exposure *exposure = exposure_of(audit, unit);
    uint32_t set = class_of(audit, unit), k = audit->settings->k;
    int status = LB_OK;
    if (set == 1)
        status = add_reason(reasons, error, "unique by the quasi-identifiers");
    else if (set > 0 && set < k)
        status = add_reason(reasons, error, "only %u %s share the quasi-identifiers", set,
                            lb_unit_noun(kind, true));
    if (status < 0 || !exposure)
        return status;
    if (exposure->unique > 0)
        status = add_reason(reasons, error, "%u words that no other %s uses", exposure->unique,
                            lb_unit_noun(kind, false));
    else if (exposure->smallest > 0 && exposure->smallest < k)
        status = add_reason(reasons, error, "a word that only %u %s use", exposure->smallest,
                            lb_unit_noun(kind, true));
    if (status == LB_OK && exposure->signatures > 0)
        status = add_reason(reasons, error, "%u rare words in two conversations or more",
                            exposure->signatures);
    return status;
}

static int add_person(const lb_audit_run_state *audit, const person *who, size_t rank, json_t *list,
                      lb_error *error) {
    lb_buffer key = {0};
    int status = lb_section_key(audit, who->unit, rank, &key, error);
    json_t *entry = json_object(), *reasons = json_array();
    if (status == LB_OK && reasons)
        status = reasons_of(audit, who->unit, reasons, error);
    const lb_unit_facts *facts = &lb_index_facts(audit->index)[who->unit];
    bool ok = lb_json_set(entry, "user", lb_json_text(lb_buffer_str(&key))) &&
              lb_json_set(entry, "risk", lb_json_number(1.0 / who->set)) &&
              lb_json_set(entry, "messages", lb_json_count(facts->messages)) &&
              lb_json_set(entry, "own_words", lb_json_count(who->unique)) &&
              lb_json_set(entry, "reasons", json_incref(reasons)) &&
              json_array_append(list, entry) == 0;
    json_decref(entry);
    json_decref(reasons);
    lb_buffer_free(&key);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, "listing the most exposed");
}

int lb_section_people(lb_audit_run_state *audit, lb_error *error) {
    size_t units = lb_index_units(audit->index), known = 0;
    person *people = lb_alloc(units, sizeof *people);
    json_t *list = json_array();
    int status = people && list ? LB_OK : lb_fail_memory(error, "listing the most exposed");
    bool tabular =
        lb_index_unit(audit->index) == LB_UNIT_RECORD; /* tokens and table number them apart */
    for (size_t i = 0; status == LB_OK && !tabular && i < units; i++) {
        people[known] = person_of(audit, (uint32_t)i);
        known += people[known].set > 0;
    }
    if (status == LB_OK && known > 0)
        qsort(people, known, sizeof *people, by_exposure);
    for (size_t i = 0; status == LB_OK && i < known && i < PEOPLE_SHOWN; i++)
        status = add_person(audit, &people[i], i + 1, list, error);
    lb_free(people);
    if (status < 0) {
        json_decref(list);
        return status;
    }
    return lb_results_put(audit->results, "users", list, error);
}
