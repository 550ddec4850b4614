#include "link/fusion/logistic.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdbool.h>

enum { TERMS = LB_LOGISTIC_MAX + 1, STEPS = 50 };

double lb_logistic_log_odds(const lb_logistic *model, const float *features) {
    double sum = model->weights[model->width];
    for (size_t f = 0; f < model->width; f++)
        sum += model->weights[f] * (double)features[f];
    return sum;
}

typedef struct fit {
    const lb_examples *examples;
    const double *prior;
    double ridge;
} fit;

static double pull(const fit *of, const lb_logistic *model, size_t term) {
    return term < model->width ? of->ridge * (model->weights[term] - of->prior[term]) : 0;
}

/* Penalised negative log-likelihood. */
static double loss(const fit *of, const lb_logistic *model) {
    double sum = 0;
    for (size_t f = 0; f < model->width; f++)
        sum += pull(of, model, f) * (model->weights[f] - of->prior[f]) / 2;
    for (size_t r = 0; r < of->examples->rows; r++) {
        double odds = lb_logistic_log_odds(model, of->examples->features + r * of->examples->width);
        double sign = of->examples->labels[r] > 0 ? -odds : odds;
        sum += (double)of->examples->weights[r] *
               (sign > 0 ? sign + log1p(exp(-sign)) : log1p(exp(sign)));
    }
    return sum;
}

/* Newton's step at the model; false where the curvature is not positive. */
static bool newton_step(const fit *of, const lb_logistic *model, double *step) {
    size_t terms = model->width + 1;
    double curvature[TERMS * TERMS] = {0};
    for (size_t i = 0; i < terms; i++) {
        step[i] = -pull(of, model, i);
        curvature[i * terms + i] = i < model->width ? of->ridge : 1e-9;
    }
    for (size_t r = 0; r < of->examples->rows; r++) {
        const float *x = of->examples->features + r * of->examples->width;
        double p = 1 / (1 + exp(-lb_logistic_log_odds(model, x)));
        double w = (double)of->examples->weights[r];
        double slope = w * ((double)of->examples->labels[r] - p), bend = w * p * (1 - p);
        for (size_t i = 0; i < terms; i++) {
            double xi = i < model->width ? (double)x[i] : 1;
            step[i] += slope * xi;
            for (size_t j = 0; j <= i; j++)
                curvature[i * terms + j] += bend * xi * (j < model->width ? (double)x[j] : 1);
        }
    }
    for (size_t i = 0; i < terms; i++)
        for (size_t j = 0; j < i; j++)
            curvature[j * terms + i] = curvature[i * terms + j];
    for (size_t i = 0; i < terms; i++)
        if (!isfinite(step[i]) || !(curvature[i * terms + i] > 0))
            return false;
    gsl_matrix_view matrix = gsl_matrix_view_array(curvature, terms, terms);
    gsl_vector_view vector = gsl_vector_view_array(step, terms);
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    bool solved = gsl_linalg_cholesky_decomp1(&matrix.matrix) == GSL_SUCCESS &&
                  gsl_linalg_cholesky_svx(&matrix.matrix, &vector.vector) == GSL_SUCCESS;
    gsl_set_error_handler(handler);
    return solved;
}

lb_logistic lb_logistic_fit(const lb_examples *examples, const double *prior, double ridge) {
    lb_logistic model = {.width = examples->width};
    fit of = {examples, prior, ridge};
    for (size_t f = 0; f < model.width; f++)
        model.weights[f] = prior[f];
    double now = loss(&of, &model);
    for (int i = 0; i < STEPS && examples->rows; i++) {
        double step[TERMS];
        if (!newton_step(&of, &model, step))
            break;
        double before = now, share = 1;
        for (int halving = 0; halving < 30; halving++, share /= 2) {
            lb_logistic next = model;
            for (size_t t = 0; t <= model.width; t++)
                next.weights[t] += share * step[t];
            double there = loss(&of, &next);
            if (there < now) {
                model = next;
                now = there;
                break;
            }
        }
        if (before - now <= 1e-9 * (1 + fabs(now)))
            break;
    }
    return model;
}
