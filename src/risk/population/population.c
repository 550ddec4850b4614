#include "risk/population/population.h"

#include <math.h>
#include <stdbool.h>

static lb_population_share no_share(const char *why) {
    return (lb_population_share){NAN, why};
}

/* An estimated number of uniques as a share. */
static lb_population_share share_of(double uniques, uint64_t population) {
    if (!isfinite(uniques) || uniques < 0)
        return no_share("the estimate is not a number of people");
    if (uniques > (double)population)
        return no_share("the estimate exceeds the population");
    return (lb_population_share){uniques / (double)population, NULL};
}

static double classes_of_size(const lb_class_count *counts, size_t count, uint64_t size) {
    for (size_t i = 0; i < count && counts[i].size <= size; i++)
        if (counts[i].size == size)
            return counts[i].classes;
    return 0;
}

static double sample_size(const lb_class_count *counts, size_t count) {
    double units = 0;
    for (size_t i = 0; i < count; i++)
        units += (double)counts[i].size * counts[i].classes;
    return round(units);
}

lb_population_share lb_population_zayatz(const lb_class_count *counts, size_t count,
                                         uint64_t population) {
    double n = sample_size(counts, count), all = (double)population;
    double uniques = classes_of_size(counts, count, 1), sum = 0, product = 1;
    uint64_t factors = 0; /* product runs over j = 0 ... factors - 1 */
    if (uniques <= 0)
        return (lb_population_share){0, NULL};
    for (size_t i = 0; i < count; i++) {
        double size = (double)counts[i].size;
        for (; factors + 1 < counts[i].size && product > 0; factors++) {
            double left = all - n - (double)factors;
            product *= left > 0 ? left / (all - 1 - (double)factors) : 0;
        }
        sum += counts[i].classes * size * n / all * product;
    }
    return share_of(uniques * uniques / sum, population);
}

/* --- SNB --- */

/* Shlosser's estimator of the number of classes, f < 1. (1-f)^i ((1+f)^i - 1) is written so that
 * neither factor overflows or cancels. */
static double shlosser(const lb_class_count *counts, size_t count, double f) {
    double classes = 0, seen = 0, pairs = 0, unseen = 0, once = 0;
    for (size_t k = 0; k < count; k++) {
        double i = (double)counts[k].size, c = counts[k].classes;
        classes += c;
        seen += c * i * f * f * exp((i - 1) * log1p(-f * f));
        pairs += c * exp(i * log1p(-f * f)) * -expm1(-i * log1p(f));
        unseen += c * exp(i * log1p(-f));
        once += c * i * f * exp((i - 1) * log1p(-f));
    }
    return classes +
           classes_of_size(counts, count, 1) * seen / pairs * unseen / once * unseen / once;
}

typedef struct snb_equations {
    double f, classes, ones, twos;
} snb_equations;

/* b = 1 / (1 + exp(-logit)); `rest` is 1 - b without cancellation. */
typedef struct snb_point {
    double a, b, rest;
} snb_point;

/* For a given b the ratio of the equations E n_1 and E n_2 is a quadratic in a with one positive
 * root. */
static snb_point snb_point_at(const snb_equations *given, double logit) {
    snb_point at = {.b = 1 / (1 + exp(-logit)), .rest = 1 / (1 + exp(logit))};
    double f = given->f, s = (1 - f) * at.rest, ratio = given->twos / given->ones;
    double square = f * at.rest * s;
    double linear = f * at.rest * (2 - s) - 2 * ratio * (1 - s) * s;
    double constant = 2 * ratio * (1 - s) * (1 - s);
    double root = sqrt(linear * linear + 4 * square * constant);
    at.a = linear > 0 ? 2 * constant / (linear + root) : (root - linear) / (2 * square);
    return at;
}

/* ln (E n_1 / n_1). */
static double snb_excess(const snb_equations *given, double logit) {
    snb_point at = snb_point_at(given, logit);
    double f = given->f, s = (1 - f) * at.rest;
    return log(given->classes * f / given->ones) - at.a * log1p(f * at.rest / at.b) +
           log1p(at.a * s / (1 - s));
}

static double snb_root(const snb_equations *given, double low, double high) {
    bool rising = snb_excess(given, low) < 0;
    for (int i = 0; i < 200 && high - low > 1e-15 * (1 + fabs(low)); i++) {
        double middle = low + (high - low) / 2;
        if ((snb_excess(given, middle) < 0) == rising)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

lb_population_share lb_population_snb(const lb_class_count *counts, size_t count,
                                      uint64_t population, double *classes, double *a, double *b) {
    double f = sample_size(counts, count) / (double)population;
    snb_equations given = {.f = f,
                           .ones = classes_of_size(counts, count, 1),
                           .twos = classes_of_size(counts, count, 2)};
    *classes = *a = *b = NAN;
    if (given.ones <= 0)
        return no_share("no class of one in the sample");
    if (given.twos <= 0)
        return no_share("no class of two in the sample");
    if (f < 1)
        given.classes = shlosser(counts, count, f);
    else
        for (size_t i = 0; i < count; i++)
            given.classes += counts[i].classes;
    const double step = 0.25, end = 60;
    double nearest = INFINITY;
    for (double logit = -end; logit < end; logit += step) {
        double here = snb_excess(&given, logit), next = snb_excess(&given, logit + step);
        if (!isfinite(here) || !isfinite(next) || (here < 0) == (next < 0))
            continue;
        snb_point root = snb_point_at(&given, snb_root(&given, logit, logit + step));
        double size = given.classes * (1 + root.a * root.rest / root.b);
        double distance = fabs(log(size / (double)population));
        if (distance < nearest) {
            nearest = distance;
            *classes = given.classes;
            *a = root.a;
            *b = root.b;
        }
    }
    if (!isfinite(nearest))
        return no_share("its equations have no solution for this sample");
    return share_of(*classes * exp(*a * log(*b)), population);
}

/* --- the rule --- */

static void choose(lb_population *result, double ones, double fraction) {
    if (ones <= 0) {
        result->chosen = (lb_population_share){0, NULL};
        result->model = "none";
    } else if (fraction <= 0.1 && !result->pitman.why) {
        result->chosen = result->pitman;
        result->model = "pitman";
    } else if (fraction > 0.1 && !result->snb.why && result->snb.share < result->zayatz.share) {
        result->chosen = result->snb;
        result->model = "snb";
    } else {
        result->chosen = result->zayatz;
        result->model = "zayatz";
    }
}

static int check_counts(const lb_class_count *counts, size_t count, uint64_t population,
                        lb_error *error) {
    for (size_t i = 0; i < count; i++)
        if (counts[i].size == 0 || (i > 0 && counts[i].size <= counts[i - 1].size) ||
            !(counts[i].classes >= 0 && isfinite(counts[i].classes)))
            return lb_fail(error, LB_E_INPUT, "population uniqueness",
                           "give each class size once, ascending",
                           "the class sizes are not in order");
    double n = sample_size(counts, count);
    if (n > (double)population)
        return lb_fail(error, LB_E_USAGE, "--population",
                       "give the number of people that the corpus was drawn from",
                       "the population (%llu) is smaller than the corpus (%.0f)",
                       (unsigned long long)population, n);
    return LB_OK;
}

int lb_population_estimate(const lb_class_count *counts, size_t count, uint64_t population,
                           lb_population *result, lb_error *error) {
    *result = (lb_population){.model = "none",
                              .pitman_theta = NAN,
                              .pitman_alpha = NAN,
                              .snb_classes = NAN,
                              .snb_a = NAN,
                              .snb_b = NAN};
    result->zayatz = result->pitman = result->snb = result->chosen = no_share("there are no units");
    int status = check_counts(counts, count, population, error);
    if (status < 0)
        return status;
    double n = sample_size(counts, count);
    result->sample = (uint64_t)n;
    if (n < 1)
        return LB_OK;
    result->zayatz = lb_population_zayatz(counts, count, population);
    result->pitman = lb_population_pitman(counts, count, population, &result->pitman_theta,
                                          &result->pitman_alpha);
    result->snb = lb_population_snb(counts, count, population, &result->snb_classes, &result->snb_a,
                                    &result->snb_b);
    choose(result, classes_of_size(counts, count, 1), n / (double)population);
    return LB_OK;
}
