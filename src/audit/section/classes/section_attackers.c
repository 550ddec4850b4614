#include <stdio.h>

#include "audit/section/listed.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "audit/side/population_file.h"
#include "results/json_value.h"
#include "risk/classes/individual_risk.h"

static const lb_metric_id population_metrics[] = {
    LB_METRIC_QI_JOURNALIST_MAX, LB_METRIC_QI_JOURNALIST_MEAN,    LB_METRIC_QI_MARKETER,
    LB_METRIC_QI_K_MAP,          LB_METRIC_QI_DELTA_PRESENCE_MIN, LB_METRIC_QI_DELTA_PRESENCE_MAX,
};
enum { POPULATION_METRICS = sizeof population_metrics / sizeof *population_metrics };
static const lb_metric_id individual_metrics[] = {LB_METRIC_QI_INDIVIDUAL_MAX,
                                                  LB_METRIC_QI_INDIVIDUAL_MEAN};

static int put_journalist(lb_audit_run_state *audit, const lb_population_table *population,
                          const lb_journalist *journalist, lb_error *error) {
    const double values[POPULATION_METRICS] = {
        journalist->journalist_max, journalist->journalist_mean, journalist->marketer,
        (double)journalist->k_map,  journalist->delta_min,       journalist->delta_max};
    int status = lb_section_set(audit, population_metrics, values, POPULATION_METRICS, error);
    json_t *section =
        lb_results_section(audit->results, "singling_out.quasi_identifiers.population_table");
    bool ok =
        lb_json_set(section, "people", lb_json_count(lb_population_table_people(population))) &&
        lb_json_set(section, "classes", lb_json_count(lb_population_table_classes(population))) &&
        lb_json_set(section, "absent_classes", lb_json_count(journalist->absent_classes)) &&
        lb_json_set(section, "outgrown_classes", lb_json_count(journalist->outgrown_classes)) &&
        lb_json_set(section, "above_0.2", lb_json_number(journalist->above_020)) &&
        lb_json_set(section, "above_0.09", lb_json_number(journalist->above_009)) &&
        lb_json_set(section, "above_0.05", lb_json_number(journalist->above_005));
    if (status == LB_OK && !ok)
        status = lb_fail_memory(error, "describing the attackers");
    if (status == LB_OK && journalist->outgrown_classes > 0)
        status = lb_results_warn(
            audit->results, error,
            "%zu classes of the corpus have more units than the population table has people (%zu "
            "are not "
            "in it at all): the table is no population of this corpus; their own size was taken",
            journalist->outgrown_classes, journalist->absent_classes);
    return status;
}

/* A column that has no value of the corpus speaks of another one, or writes it differently. */
static int warn_of_values(lb_audit_run_state *audit, const lb_column *column,
                          const lb_listed *listed, lb_error *error) {
    char what[160];
    snprintf(what, sizeof what, "cells of the column %.*s of --population-table",
             (int)(column->name.size < 64 ? column->name.size : 64), column->name.data);
    int status = lb_section_warn_of_folding(audit, what, listed, error);
    if (status < 0 || listed->ids == 0 || listed->unknown < listed->ids || column->distinct == 0)
        return status;
    lb_buffer theirs = {0}, ours = {0};
    status = lb_section_id_example(audit, lb_buffer_str(&listed->example), &theirs, error);
    if (status == LB_OK)
        status = lb_section_id_example(audit, column->values[1], &ours, error);
    if (status == LB_OK)
        status = lb_results_warn(audit->results, error,
                                 "Not one of the %llu %s is a value of the corpus: they are such "
                                 "as %.*s, those of the corpus such as %.*s. The table says "
                                 "nothing of these people",
                                 (unsigned long long)listed->ids, what, (int)theirs.size,
                                 theirs.size ? theirs.data : "", (int)ours.size,
                                 ours.size ? ours.data : "");
    lb_buffer_free(&theirs);
    lb_buffer_free(&ours);
    return status;
}

static int read_population(lb_audit_run_state *audit, const lb_table *table,
                           lb_population_table **population, lb_error *error) {
    size_t columns = table->quasi_identifier_count;
    lb_listed *listed = lb_alloc_zero(columns, sizeof *listed);
    if (!listed)
        return lb_fail_memory(error, "reading the population table");
    int status = lb_population_file_read(population, audit->settings->population_table, table,
                                         listed, error);
    bool read = status == LB_OK;
    for (size_t c = 0; status == LB_OK && c < columns; c++)
        status = warn_of_values(audit, &table->quasi_identifiers[c], &listed[c], error);
    for (size_t c = 0; c < columns; c++)
        lb_listed_free(&listed[c]);
    lb_free(listed);
    if (read && status < 0)
        lb_population_table_free(*population);
    return status;
}

static int run_journalist(lb_audit_run_state *audit, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    const char *why = lb_section_no_table(audit, LB_MEASURE_QI);
    if (!why && !audit->settings->population_table)
        why = "there is no population table: use --population-table";
    if (why)
        return lb_section_unknown(audit, population_metrics, POPULATION_METRICS, why, error);
    lb_population_table *population;
    int status = read_population(audit, table, &population, error);
    if (status < 0)
        return status;
    lb_journalist journalist;
    status = lb_journalist_measure(&journalist, population, table, error);
    if (status == LB_OK)
        status = put_journalist(audit, population, &journalist, error);
    lb_population_table_free(population);
    return status;
}

static int run_individual(lb_audit_run_state *audit, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    const char *why = lb_section_no_table(audit, LB_MEASURE_QI);
    if (!why && !table->weights)
        why = "there is no sampling weight: use --weight";
    if (why)
        return lb_section_unknown(audit, individual_metrics, 2, why, error);
    lb_individual individual;
    int status = lb_individual_measure(&individual, table, error);
    if (status < 0)
        return status;
    status = lb_results_set(audit->results, LB_METRIC_QI_INDIVIDUAL_MAX, individual.max, error);
    if (status == LB_OK)
        status =
            lb_results_set(audit->results, LB_METRIC_QI_INDIVIDUAL_MEAN, individual.mean, error);
    if (status == LB_OK && individual.clamped > 0)
        status = lb_results_warn(audit->results, error,
                                 "in %zu classes the sampling weights add up to less than their "
                                 "units: they are taken as the "
                                 "whole population",
                                 individual.clamped);
    lb_individual_free(&individual);
    return status;
}

int lb_section_attackers(lb_audit_run_state *audit, lb_error *error) {
    int status = run_journalist(audit, error);
    return status == LB_OK ? run_individual(audit, error) : status;
}
