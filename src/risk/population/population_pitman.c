#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <stdbool.h>

#include "risk/population/population.h"

/* The likelihood of (theta, alpha). The domain is alpha < 1 and theta + i alpha > 0 for i = 1 and
 * for i = u - 1. */
typedef struct pitman_sample {
    const lb_class_count *counts;
    size_t count;
    double n;     /* units */
    size_t links; /* u - 1 */
} pitman_sample;

typedef struct pitman_point {
    double theta, alpha, value;
} pitman_point;

typedef struct pitman_slope {
    double theta, alpha;                /* gradient */
    double theta2, theta_alpha, alpha2; /* second derivatives */
} pitman_slope;

static double theta_floor(const pitman_sample *sample, double alpha) {
    return alpha >= 0 ? -alpha : -alpha * (double)sample->links;
}

/* The bound on theta also keeps GSL's functions where they raise no error. */
static bool in_domain(const pitman_sample *sample, double theta, double alpha) {
    return isfinite(theta) && isfinite(alpha) && alpha < 1 && theta > theta_floor(sample, alpha) &&
           theta > -1 && theta < 1e16;
}

static double log_likelihood(const pitman_sample *sample, double theta, double alpha) {
    double sum = 0;
    for (size_t i = 1; i <= sample->links; i++)
        sum += log(theta + (double)i * alpha);
    sum -= gsl_sf_lnpoch(theta + 1, sample->n - 1);
    for (size_t k = 0; k < sample->count; k++)
        if (sample->counts[k].size > 1)
            sum += sample->counts[k].classes *
                   gsl_sf_lnpoch(1 - alpha, (double)sample->counts[k].size - 1);
    return sum;
}

static pitman_slope slope_at(const pitman_sample *sample, double theta, double alpha) {
    pitman_slope slope = {0};
    for (size_t i = 1; i <= sample->links; i++) {
        double inverse = 1 / (theta + (double)i * alpha), times = (double)i * inverse;
        slope.theta += inverse;
        slope.alpha += times;
        slope.theta2 -= inverse * inverse;
        slope.theta_alpha -= inverse * times;
        slope.alpha2 -= times * times;
    }
    slope.theta -= gsl_sf_psi(theta + sample->n) - gsl_sf_psi(theta + 1);
    slope.theta2 -= gsl_sf_psi_1(theta + sample->n) - gsl_sf_psi_1(theta + 1);
    double psi = gsl_sf_psi(1 - alpha), psi_1 = gsl_sf_psi_1(1 - alpha);
    for (size_t k = 0; k < sample->count; k++) {
        double size = (double)sample->counts[k].size, classes = sample->counts[k].classes;
        if (size > 1) {
            slope.alpha -= classes * (gsl_sf_psi(size - alpha) - psi);
            slope.alpha2 += classes * (gsl_sf_psi_1(size - alpha) - psi_1);
        }
    }
    return slope;
}

/* The theta of the highest likelihood at a given alpha, roughly: bisection of the distance from the
 * floor on a logarithmic scale. */
static double theta_for(const pitman_sample *sample, double alpha) {
    double floor = theta_floor(sample, alpha), low = -30, high = 40;
    for (int i = 0; i < 12; i++) {
        double middle = (low + high) / 2, theta = floor + exp(middle), sum = 0;
        for (size_t k = 1; k <= sample->links; k++)
            sum += 1 / (theta + (double)k * alpha);
        if (sum > gsl_sf_psi(theta + sample->n) - gsl_sf_psi(theta + 1))
            low = middle;
        else
            high = middle;
    }
    return floor + exp((low + high) / 2);
}

/* Newton's step, or where the likelihood is not concave, the gradient scaled by the curvature. */
static void step_from(const pitman_slope *slope, double *theta, double *alpha) {
    double determinant = slope->theta2 * slope->alpha2 - slope->theta_alpha * slope->theta_alpha;
    if (slope->theta2 < 0 && determinant > 0) {
        *theta = -(slope->alpha2 * slope->theta - slope->theta_alpha * slope->alpha) / determinant;
        *alpha = -(slope->theta2 * slope->alpha - slope->theta_alpha * slope->theta) / determinant;
    } else {
        *theta = slope->theta / (fabs(slope->theta2) + 1e-300);
        *alpha = slope->alpha / (fabs(slope->alpha2) + 1e-300);
    }
}

/* Climbs inside the domain. Near the top rounding hides any gain in the likelihood, hence the
 * slack; what ends the climb is a step that changes nothing. */
static bool climb(const pitman_sample *sample, pitman_point *at) {
    for (int round = 0; round < 200; round++) {
        pitman_slope slope = slope_at(sample, at->theta, at->alpha);
        double theta, alpha;
        step_from(&slope, &theta, &alpha);
        double slack = 1e-12 * fabs(at->value), size = 1;
        pitman_point next = *at;
        for (; size > 1e-12; size /= 2) {
            next.theta = at->theta + size * theta;
            next.alpha = at->alpha + size * alpha;
            if (!in_domain(sample, next.theta, next.alpha))
                continue;
            next.value = log_likelihood(sample, next.theta, next.alpha);
            if (next.value >= at->value - slack)
                break;
        }
        if (size <= 1e-12)
            return false;
        *at = next;
        if (fabs(theta) <= 1e-11 * (1 + fabs(at->theta)) && fabs(alpha) <= 1e-11)
            return true;
        if (at->alpha > 1 - 1e-9 || at->alpha < -1e6 || at->theta > 1e15)
            return false;
    }
    return false;
}

static pitman_point starting_point(const pitman_sample *sample) {
    static const double alphas[] = {-1, -0.3, -0.1, -0.01, 0, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95};
    pitman_point best = {.value = -INFINITY};
    for (size_t i = 0; i < sizeof alphas / sizeof *alphas; i++) {
        double theta = theta_for(sample, alphas[i]);
        if (!in_domain(sample, theta, alphas[i]))
            continue;
        double value = log_likelihood(sample, theta, alphas[i]);
        if (value > best.value)
            best = (pitman_point){theta, alphas[i], value};
    }
    return best;
}

/* With alpha < 0 the model says that there is a last class, theta / -alpha of them. That is taken
 * only where the sample insists (likelihood ratio, 95 % of chi square with one degree of freedom);
 * else alpha = 0, the formula of Ewens 1972. */
static void prefer_ewens(const pitman_sample *sample, pitman_point *top) {
    pitman_point ewens = {.theta = theta_for(sample, 0)};
    for (int round = 0; round < 100; round++) {
        pitman_slope slope = slope_at(sample, ewens.theta, 0);
        double next = ewens.theta - slope.theta / slope.theta2;
        next = fmin(fmax(next, ewens.theta / 2), ewens.theta * 2);
        bool same = fabs(next - ewens.theta) <= 1e-14 * next;
        ewens.theta = next;
        if (same)
            break;
    }
    if (!in_domain(sample, ewens.theta, 0))
        return;
    ewens.value = log_likelihood(sample, ewens.theta, 0);
    if (2 * (top->value - ewens.value) < 3.841458820694124)
        *top = ewens;
}

lb_population_share lb_population_pitman(const lb_class_count *counts, size_t count,
                                         uint64_t population, double *theta, double *alpha) {
    double classes = 0, units = 0;
    for (size_t i = 0; i < count; i++) {
        classes += counts[i].classes;
        units += counts[i].classes * (double)counts[i].size;
    }
    *theta = *alpha = NAN;
    pitman_sample sample = {counts, count, round(units), (size_t)fmax(round(classes), 1) - 1};
    if (sample.links + 1 >= (size_t)sample.n)
        return (lb_population_share){NAN, "every unit of the sample is unique"};
    if (sample.links == 0)
        return (lb_population_share){NAN, "all units of the sample are in one class"};
    pitman_point top = starting_point(&sample);
    if (!isfinite(top.value) || !climb(&sample, &top))
        return (lb_population_share){NAN, "its likelihood has no maximum for this sample"};
    if (top.alpha < 0)
        prefer_ewens(&sample, &top);
    *theta = top.theta;
    *alpha = top.alpha;
    double uniques = exp(gsl_sf_lnpoch(top.theta + top.alpha, 1 - top.alpha) +
                         top.alpha * log((double)population));
    if (!(uniques <= (double)population))
        return (lb_population_share){NAN, "the estimate exceeds the population"};
    return (lb_population_share){uniques / (double)population, NULL};
}
