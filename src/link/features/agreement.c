#include "link/features/agreement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"
#include "link/features/pattern.h"

enum { ROUNDS = 100, PAIRS = 1000000 };
static const double M_FIRST = 0.9, M_WEIGHT = 10, LEAST = 1e-6;

/* How many gallery profiles have a value. */
typedef struct frequency {
    uint32_t value, count;
} frequency;

typedef struct field_facts {
    frequency *values;      /* ascending */
    size_t distinct, known; /* known: profiles that have a value */
    double m, u;
    double chance; /* that two values drawn at random are equal */
} field_facts;

struct lb_agreement {
    size_t fields, profiles;
    uint32_t *values; /* [fields][profiles] */
    field_facts *of;  /* [fields] */
};

bool lb_agreement_possible(const lb_side *gallery, const lb_side *queries) {
    const lb_texts *a = gallery->texts, *b = queries->texts;
    bool any = false;
    for (size_t k = 0; k < a->fields; k++)
        any = any || a->field_hashes[k] != 0;
    return any && a->fields == b->fields &&
           memcmp(a->field_hashes, b->field_hashes, a->fields * sizeof *a->field_hashes) == 0;
}

/* The value that most messages of a profile have, 0 for a hidden field; `scratch` [its messages].
 */
static uint32_t usual_value(const lb_side *side, size_t profile, size_t which, uint32_t *scratch) {
    const lb_profile *of = &side->profiles[profile];
    size_t count = 0, most = 0;
    uint32_t usual = 0;
    for (size_t i = 0; side->texts->field_hashes[which] != 0 && i < of->count; i++) {
        const uint32_t *values = lb_side_message(side, of->first + i)->values;
        if (values && values[which])
            scratch[count++] = values[which];
    }
    if (count)
        qsort(scratch, count, sizeof *scratch, lb_order_u32);
    for (size_t i = 0, run = 0; i < count; i++) {
        run = i > 0 && scratch[i] == scratch[i - 1] ? run + 1 : 1;
        if (run > most) {
            most = run;
            usual = scratch[i];
        }
    }
    return usual;
}

/* The values of all profiles of a side, [fields][profiles]. */
static int read_values(const lb_side *side, size_t fields, uint32_t **values, lb_error *error) {
    size_t longest = 0;
    for (size_t p = 0; p < side->count; p++)
        longest = side->profiles[p].count > longest ? side->profiles[p].count : longest;
    uint32_t *scratch = lb_alloc(longest + 1, sizeof *scratch);
    *values = lb_alloc(side->count + 1, fields * sizeof **values);
    bool ok = scratch && *values;
    for (size_t k = 0; ok && k < fields; k++)
        for (size_t p = 0; p < side->count; p++)
            (*values)[k * side->count + p] = usual_value(side, p, k, scratch);
    lb_free(scratch);
    return ok ? LB_OK : lb_fail_memory(error, "comparing quasi-identifiers");
}

/* Counts the gallery's values of a field. */
static int count_values(const uint32_t *values, size_t profiles, field_facts *of, lb_error *error) {
    uint32_t *sorted = lb_alloc(profiles + 1, sizeof *sorted);
    of->values = lb_alloc(profiles + 1, sizeof *of->values);
    if (!sorted || !of->values) {
        lb_free(sorted);
        return lb_fail_memory(error, "comparing quasi-identifiers");
    }
    memcpy(sorted, values, profiles * sizeof *sorted);
    qsort(sorted, profiles, sizeof *sorted, lb_order_u32);
    for (size_t p = 0; p < profiles; p++) {
        if (sorted[p] == 0)
            continue;
        of->known++;
        if (of->distinct == 0 || of->values[of->distinct - 1].value != sorted[p])
            of->values[of->distinct++] = (frequency){sorted[p], 0};
        of->values[of->distinct - 1].count++;
    }
    for (size_t v = 0; v < of->distinct; v++) {
        double share = of->values[v].count / (double)of->known;
        of->chance += share * share;
    }
    of->m = M_FIRST;
    of->u = fmax(of->chance, LEAST);
    lb_free(sorted);
    return LB_OK;
}

/* The log-likelihood ratio of a pattern, every agreement counting the same. */
static double ratio_of(const lb_agreement *agreement, uint64_t pattern) {
    double sum = 0;
    for (size_t k = 0; k < agreement->fields; k++) {
        const field_facts *of = &agreement->of[k];
        lb_verdict verdict = lb_pattern_verdict(pattern, k);
        if (verdict == LB_VERDICT_AGREE)
            sum += log(of->m / of->u);
        else if (verdict == LB_VERDICT_DISAGREE)
            sum += log((1 - of->m) / (1 - of->u));
    }
    return sum;
}

/* One round of expectation-maximisation; returns how far m moved. A few made-up matches keep m from
 * running away where the pairs say nothing of it. */
static double improve(lb_agreement *agreement, const lb_patterns *patterns, double matches) {
    double agree_m[LB_AGREEMENT_FIELDS] = {0}, all_m[LB_AGREEMENT_FIELDS] = {0};
    double agree_u[LB_AGREEMENT_FIELDS] = {0}, all_u[LB_AGREEMENT_FIELDS] = {0}, moved = 0;
    for (size_t i = 0; i < patterns->count; i++) {
        const lb_pattern *of = &patterns->list[i];
        double odds = exp(ratio_of(agreement, of->code)) * matches / (1 - matches);
        double yes = of->pairs * odds / (1 + odds), no = of->pairs - yes;
        for (size_t k = 0; k < agreement->fields; k++) {
            lb_verdict verdict = lb_pattern_verdict(of->code, k);
            if (verdict == LB_VERDICT_UNKNOWN)
                continue;
            all_m[k] += yes;
            all_u[k] += no;
            agree_m[k] += verdict == LB_VERDICT_AGREE ? yes : 0;
            agree_u[k] += verdict == LB_VERDICT_AGREE ? no : 0;
        }
    }
    for (size_t k = 0; k < agreement->fields; k++) {
        field_facts *of = &agreement->of[k];
        double m = (agree_m[k] + M_FIRST * M_WEIGHT) / (all_m[k] + M_WEIGHT);
        double u = all_u[k] > 0 ? agree_u[k] / all_u[k] : of->u;
        moved = fmax(moved, fabs(m - of->m));
        of->m = fmin(fmax(m, LEAST), 1 - LEAST);
        of->u = fmin(fmax(u, LEAST), 1 - LEAST);
    }
    return moved;
}

static int estimate(lb_agreement *agreement, const uint32_t *queries, size_t query_count,
                    lb_error *error) {
    lb_patterns patterns;
    const lb_combinations gallery = {agreement->values, agreement->fields, agreement->profiles};
    const lb_combinations asked = {queries, agreement->fields, query_count};
    int status = lb_patterns_count(&patterns, &asked, &gallery, PAIRS, error);
    double larger = (double)(query_count > agreement->profiles ? query_count : agreement->profiles);
    double matches = larger > 2 ? 1 / larger : 0.5;
    for (int round = 0; status == LB_OK && round < ROUNDS; round++)
        if (improve(agreement, &patterns, matches) < 1e-7)
            break;
    lb_patterns_free(&patterns);
    return status;
}

int lb_agreement_new(lb_agreement **out, const lb_side *gallery, const lb_side *queries,
                     lb_error *error) {
    *out = NULL;
    uint32_t *asked = NULL;
    lb_agreement *agreement = lb_alloc_zero(1, sizeof *agreement);
    if (!agreement)
        return lb_fail_memory(error, "comparing quasi-identifiers");
    size_t fields = gallery->texts->fields;
    agreement->fields = fields < LB_AGREEMENT_FIELDS ? fields : LB_AGREEMENT_FIELDS;
    agreement->profiles = gallery->count;
    agreement->of = lb_alloc_zero(agreement->fields + 1, sizeof *agreement->of);
    int status = agreement->of ? LB_OK : lb_fail_memory(error, "comparing quasi-identifiers");
    if (status == LB_OK)
        status = read_values(gallery, agreement->fields, &agreement->values, error);
    for (size_t k = 0; status == LB_OK && k < agreement->fields; k++)
        status = count_values(agreement->values + k * gallery->count, gallery->count,
                              &agreement->of[k], error);
    if (status == LB_OK)
        status = read_values(queries, agreement->fields, &asked, error);
    if (status == LB_OK)
        status = estimate(agreement, asked, queries->count, error);
    lb_free(asked);
    if (status < 0)
        lb_agreement_free(agreement);
    else
        *out = agreement;
    return status;
}

void lb_agreement_free(lb_agreement *agreement) {
    if (!agreement)
        return;
    for (size_t k = 0; agreement->of && k < agreement->fields; k++)
        lb_free(agreement->of[k].values);
    lb_free(agreement->of);
    lb_free(agreement->values);
    lb_free(agreement);
}

double lb_agreement_m(const lb_agreement *agreement, size_t field) {
    return agreement->of[field].m;
}

double lb_agreement_u(const lb_agreement *agreement, size_t field) {
    return agreement->of[field].u;
}

/* What agreeing in this value is worth. */
static double worth_of(const field_facts *of, uint32_t value) {
    const frequency *found = /* whose first member is the value */
        of->distinct ? bsearch(&value, of->values, of->distinct, sizeof *found, lb_order_u32)
                     : NULL;
    if (!found)
        return 0; /* nobody can agree */
    double usual = of->chance > 0 ? found->count / (double)of->known / of->chance : 1;
    return log(of->m / fmin(of->u * usual, 1 - LEAST));
}

int lb_agreement_claim(const lb_agreement *agreement, const lb_side *side, size_t profile,
                       lb_field_claim *claims, lb_error *error) {
    uint32_t *scratch = lb_alloc(side->profiles[profile].count + 1, sizeof *scratch);
    if (!scratch)
        return lb_fail_memory(error, "comparing quasi-identifiers");
    for (size_t k = 0; k < agreement->fields; k++) {
        const field_facts *of = &agreement->of[k];
        uint32_t value = usual_value(side, profile, k, scratch);
        claims[k] = (lb_field_claim){value, (float)worth_of(of, value),
                                     (float)log((1 - of->m) / (1 - of->u))};
    }
    lb_free(scratch);
    return LB_OK;
}

static inline float verdict_worth(const lb_field_claim *claim, uint32_t value) {
    return value == 0 ? 0 : value == claim->value ? claim->agree : claim->disagree;
}

void lb_agreement_add(const lb_agreement *agreement, const lb_field_claim *claims, float factor,
                      float *row) {
    for (size_t k = 0; k < agreement->fields; k++) {
        const uint32_t *values = agreement->values + k * agreement->profiles;
        if (claims[k].value == 0)
            continue;
        for (size_t p = 0; p < agreement->profiles; p++)
            row[p] += factor * verdict_worth(&claims[k], values[p]);
    }
}

float lb_agreement_one(const lb_agreement *agreement, const lb_field_claim *claims,
                       size_t profile) {
    float sum = 0;
    for (size_t k = 0; k < agreement->fields; k++)
        if (claims[k].value != 0)
            sum += verdict_worth(&claims[k], agreement->values[k * agreement->profiles + profile]);
    return sum;
}
