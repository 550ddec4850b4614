#include <math.h>

#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "risk/population/copula.h"
#include "risk/population/population.h"

static const lb_metric_id metrics[] = {
    LB_METRIC_POPULATION_UNIQUE_SHARE,
    LB_METRIC_POPULATION_PITMAN,
    LB_METRIC_POPULATION_ZAYATZ,
    LB_METRIC_POPULATION_SNB,
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static int set_share(lb_audit_run_state *audit, lb_metric_id id, const lb_population_share *share,
                     lb_error *error) {
    return share->why ? lb_results_set_unknown(audit->results, id, share->why, error)
                      : lb_results_set(audit->results, id, share->share, error);
}

static json_t *share_json(const lb_population_share *share) {
    return share->why ? json_null() : lb_json_number(share->share);
}

/* Sizes of the anonymity sets of the sample: a traveller is in the smallest of its classes. */
static int class_counts(const lb_audit_run_state *audit, lb_class_count **counts, size_t *count,
                        lb_error *error) {
    const lb_anonymity *anonymity = &audit->anonymity;
    *counts = lb_alloc(anonymity->histogram_count, sizeof **counts);
    if (!*counts)
        return lb_fail_memory(error, "estimating the population");
    *count = 0;
    for (size_t i = 0; i < anonymity->histogram_count; i++)
        if (anonymity->histogram[i].units > 0)
            (*counts)[(*count)++] = (lb_class_count){anonymity->histogram[i].size,
                                                     (double)anonymity->histogram[i].units /
                                                         anonymity->histogram[i].size};
    return LB_OK;
}

/* The smallest and the largest estimate of all models: how little is known. */
static json_t *spread(const lb_population *models, const lb_copula_result *copula) {
    double least = INFINITY, most = -INFINITY;
    const lb_population_share *shares[] = {&models->zayatz, &models->pitman, &models->snb};
    for (size_t i = 0; i < 3; i++)
        if (!shares[i]->why) {
            least = fmin(least, shares[i]->share);
            most = fmax(most, shares[i]->share);
        }
    if (copula && isfinite(copula->calibrated.unique_share)) {
        least = fmin(least, copula->calibrated.unique_share);
        most = fmax(most, copula->calibrated.unique_share);
    }
    return least <= most ? json_pack("[o,o]", lb_json_number(least), lb_json_number(most))
                         : json_null();
}

static int put(lb_audit_run_state *audit, const lb_population *models,
               const lb_copula_result *copula, const char *no_copula, lb_error *error) {
    json_t *section = lb_results_section(audit->results, "population");
    uint64_t size = audit->settings->population;
    json_t *generative = copula
                             ? json_pack("{s:o, s:o, s:o, s:I, s:o}", "unique_share",
                                         lb_json_number(copula->calibrated.unique_share),
                                         "uncalibrated", lb_json_number(copula->plain.unique_share),
                                         "correctness", lb_json_number(copula->calibrated.xi_mean),
                                         "evaluated", (json_int_t)copula->evaluated,
                                         "relative_error", lb_json_number(copula->relative_error))
                             : json_pack("{s:n, s:s}", "unique_share", "why", no_copula);
    bool ok =
        lb_json_set(section, "size", lb_json_count(size)) &&
        lb_json_set(section, "sample", lb_json_count(models->sample)) &&
        lb_json_set(section, "fraction", lb_json_number((double)models->sample / (double)size)) &&
        lb_json_set(section, "model", json_string(models->model)) &&
        lb_json_set(section, "unique_share", share_json(&models->chosen)) &&
        lb_json_set(section, "pitman", share_json(&models->pitman)) &&
        lb_json_set(section, "zayatz", share_json(&models->zayatz)) &&
        lb_json_set(section, "snb", share_json(&models->snb)) &&
        lb_json_set(section, "spread", spread(models, copula)) &&
        lb_json_set(section, "generative", generative);
    int status = ok ? LB_OK : lb_fail_memory(error, "describing the population");
    const lb_population_share *shares[METRICS] = {&models->chosen, &models->pitman, &models->zayatz,
                                                  &models->snb};
    for (size_t i = 0; status == LB_OK && i < METRICS; i++)
        status = set_share(audit, metrics[i], shares[i], error);
    return status;
}

int lb_section_population(lb_audit_run_state *audit, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    if (audit->settings->population == 0)
        return lb_section_absent(audit, metrics, METRICS, LB_ABSENT_NOT_GIVEN,
                                 "the size of the population is not known: use --population",
                                 error);
    const char *why = lb_section_no_table(audit, LB_MEASURE_POPULATION);
    if (!why && audit->anonymity.units == 0)
        why = "needs the anonymity sets, which --measures leaves out";
    if (why)
        return lb_section_unknown(audit, metrics, METRICS, why, error);
    lb_class_count *counts = NULL;
    size_t count = 0;
    lb_population models;
    int status = class_counts(audit, &counts, &count, error);
    if (status == LB_OK)
        status = lb_population_estimate(counts, count, audit->settings->population, &models, error);
    lb_free(counts);
    if (status < 0)
        return status;
    const char *no_copula =
        table->quasi_identifier_count > LB_COPULA_COLUMNS_MAX ? "too many quasi-identifiers" : NULL;
    lb_copula_result copula;
    lb_copula_options options = {.population = audit->settings->population,
                                 .seed = audit->settings->seed,
                                 .threads = audit->settings->threads};
    if (!no_copula)
        status = lb_copula_run(table, &options, &copula, error);
    if (status == LB_OK)
        status = put(audit, &models, no_copula ? NULL : &copula, no_copula, error);
    if (!no_copula)
        lb_copula_free(&copula);
    return status;
}

/* Before anything is measured: of a population smaller than its sample no model makes sense. */
int lb_section_check_population(lb_audit_run_state *audit, lb_error *error) {
    uint64_t population = audit->settings->population;
    size_t units = lb_index_units(audit->index);
    return population == 0 || population >= units
               ? LB_OK
               : lb_fail(error, LB_E_USAGE, "--population",
                         "give the size of the population the corpus was drawn from",
                         "%llu is fewer than the %zu in the corpus", (unsigned long long)population,
                         units);
}
