#include "risk/classes/individual_risk.h"

#include <math.h>
#include <string.h>

#include "risk/classes/traces.h"

enum { RECURRENCE_LARGEST = 32 };

/* Sum of n! / ((f + 1) ... (f + n)) z^n: all terms are positive, and each is below z and below
 * n / (f + n) times the one before. */
static double hypergeometric(double f, double z) {
    double sum = 0, term = 1;
    for (double n = 1; term > sum * 0x1p-54; n++) {
        sum += term;
        term *= n / (f + n) * z;
    }
    return sum;
}

/* r = p I_f with I_f the integral of u^(f-1) / (p + q u) over [0,1], q = 1 - p, and
 * I_(f+1) = (1/f - p I_f) / q: an error shrinks by p / q < 1 in each step. */
static double by_recurrence(uint32_t f, double p) {
    double q = 1 - p, integral = -log(p) / q;
    for (uint32_t i = 1; i < f; i++)
        integral = (1.0 / i - p * integral) / q;
    return p * integral;
}

double lb_individual_risk(uint32_t f, double p) {
    if (p < 0.5 && f <= RECURRENCE_LARGEST)
        return by_recurrence(f, p);
    return p / f * hypergeometric(f, 1 - p);
}

void lb_individual_free(lb_individual *individual) {
    lb_arena_free(individual->arena);
    *individual = (lb_individual){0};
}

/* Mean weight of the records of each unit, in weights[unit]. */
static int weigh_units(const lb_table *table, double *weights, lb_error *error) {
    for (size_t r = 0; r < table->rows;) {
        uint32_t unit = table->unit[r];
        double sum = 0, records = 0;
        for (; r < table->rows && table->unit[r] == unit; r++) {
            if (!(table->weights[r] > 0 && isfinite(table->weights[r])))
                return lb_fail(error, LB_E_INPUT, "--weight", "give every record a weight above 0",
                               "a sampling weight is %g", table->weights[r]);
            sum += table->weights[r];
            records += table->records[r];
        }
        weights[unit] = sum / records;
    }
    return LB_OK;
}

/* people[class]: sum of the weights of its units, each once. */
static void add_weights(const lb_table *table, const lb_traces *traces, const double *weights,
                        uint32_t *last_unit, double *people) {
    for (uint32_t c = 0; c < traces->classes; c++)
        people[c] = 0;
    for (size_t r = 0; r < table->rows; r++) {
        uint32_t class = traces->class_of_row[r], unit = table->unit[r];
        if (people[class] == 0 || last_unit[class] != unit)
            people[class] += weights[unit];
        last_unit[class] = unit;
    }
}

/* Turns people[class] into the risk of its units, and gives each unit its highest. */
static void spread_risks(lb_individual *out, const lb_table *table, const lb_traces *traces,
                         double *people, double *risks) {
    for (uint32_t c = 0; c < traces->classes; c++) {
        double p = traces->sizes[c] / people[c];
        out->clamped += p > 1;
        people[c] = lb_individual_risk(traces->sizes[c], fmin(p, 1));
    }
    memset(risks, 0, table->units * sizeof *risks);
    for (size_t r = 0; r < table->rows; r++)
        risks[table->unit[r]] = fmax(risks[table->unit[r]], people[traces->class_of_row[r]]);
    double sum = 0;
    for (size_t u = 0; u < table->units; u++) {
        sum += risks[u];
        out->max = fmax(out->max, risks[u]);
    }
    out->mean = table->units ? sum / (double)table->units : 0;
}

static int measure(lb_individual *out, const lb_table *table, const lb_traces *traces,
                   lb_error *error) {
    out->arena = lb_arena_new();
    double *risks = out->arena ? lb_arena_alloc(out->arena, table->units, sizeof *risks) : NULL;
    double *weights = lb_alloc(table->units, sizeof *weights);
    double *people = lb_alloc(traces->classes, sizeof *people);
    uint32_t *last_unit = lb_alloc(traces->classes, sizeof *last_unit);
    int status = LB_OK;
    if (!risks || !weights || !people || !last_unit)
        status = lb_fail_memory(error, "individual risk");
    else
        status = weigh_units(table, weights, error);
    if (status == LB_OK) {
        add_weights(table, traces, weights, last_unit, people);
        spread_risks(out, table, traces, people, risks);
        out->units = table->units;
        out->risks = risks;
    } else {
        lb_individual_free(out);
    }
    lb_free(last_unit);
    lb_free(people);
    lb_free(weights);
    return status;
}

int lb_individual_measure(lb_individual *out, const lb_table *table, lb_error *error) {
    *out = (lb_individual){0};
    if (!table->weights)
        return lb_fail(error, LB_E_USAGE, "individual risk", "name their field with --weight",
                       "the records have no sampling weights");
    lb_traces traces;
    int status = lb_traces_of_table(&traces, table, error);
    if (status < 0)
        return status;
    status = measure(out, table, &traces, error);
    lb_traces_free(&traces);
    return status;
}
