#include "risk/population/copula_normal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

#include "base/random.h"

static const double PI = 3.14159265358979323846;

static double below(double z) {
    return 0.5 * erfc(-z * 0.70710678118654752440);
}

double lb_normal_quantile(double share_below, double share_above) {
    if (share_below <= 0)
        return -INFINITY;
    if (share_above <= 0)
        return INFINITY;
    return share_below < share_above ? gsl_cdf_ugaussian_Pinv(share_below)
                                     : gsl_cdf_ugaussian_Qinv(share_above);
}

/* --- pairs --- */

enum { GAUSS_HALF = 16 };

/* The positive nodes of the Gauss-Legendre rule of 32 points on [-1, 1], and their weights. */
static const double gauss_nodes[GAUSS_HALF][2] = {
    {0.04830766568773832, 0.09654008851472780}, {0.14447196158279649, 0.09563872007927486},
    {0.23928736225213706, 0.09384439908080457}, {0.33186860228212767, 0.09117387869576389},
    {0.42135127613063533, 0.08765209300440381}, {0.50689990893222936, 0.08331192422694675},
    {0.58771575724076230, 0.07819389578707031}, {0.66304426693021523, 0.07234579410884850},
    {0.73218211874028971, 0.06582222277636185}, {0.79448379596794239, 0.05868409347853554},
    {0.84936761373256997, 0.05099805926237617}, {0.89632115576605209, 0.04283589802222668},
    {0.93490607593773967, 0.03427386291302143}, {0.96476225558750639, 0.02539206530926206},
    {0.98561151154526838, 0.01627439473090567}, {0.99726386184948157, 0.00701861000947010}};

double lb_normal_pair_below(double h, double k, double rho) {
    if (h == -INFINITY || k == -INFINITY)
        return 0;
    if (h == INFINITY)
        return below(k);
    if (k == INFINITY)
        return below(h);
    double end = asin(rho), sum = 0;
    for (size_t i = 0; i < GAUSS_HALF; i++)
        for (int side = -1; side <= 1; side += 2) {
            double angle = end / 2 * (1 + side * gauss_nodes[i][0]);
            double sine = sin(angle), cosine2 = 1 - sine * sine;
            sum += gauss_nodes[i][1] * exp(-(h * h + k * k - 2 * h * k * sine) / (2 * cosine2));
        }
    return below(h) * below(k) + sum * end / (4 * PI);
}

/* --- nearest correlation matrix --- */

/* One rotation of Jacobi's method that makes matrix[p][q] vanish. */
static void rotate(double *matrix, double *vectors, size_t n, size_t p, size_t q) {
    double off = matrix[p * n + q];
    if (off == 0)
        return;
    double ratio = (matrix[q * n + q] - matrix[p * n + p]) / (2 * off);
    double t = (ratio >= 0 ? 1 : -1) / (fabs(ratio) + sqrt(ratio * ratio + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t i = 0; i < n; i++) {
        double ip = matrix[i * n + p], iq = matrix[i * n + q];
        matrix[i * n + p] = c * ip - s * iq;
        matrix[i * n + q] = s * ip + c * iq;
    }
    for (size_t i = 0; i < n; i++) {
        double pi = matrix[p * n + i], qi = matrix[q * n + i];
        matrix[p * n + i] = c * pi - s * qi;
        matrix[q * n + i] = s * pi + c * qi;
        double ip = vectors[i * n + p], iq = vectors[i * n + q];
        vectors[i * n + p] = c * ip - s * iq;
        vectors[i * n + q] = s * ip + c * iq;
    }
}

static double off_diagonal(const double *matrix, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            sum += matrix[i * n + j] * matrix[i * n + j];
    return sum;
}

void lb_normal_nearest_correlation(double *matrix, size_t n, double least, double *work) {
    double *values = work, *vectors = work + n * n;
    bool raised = false;
    for (size_t i = 0; i < n * n; i++) {
        values[i] = matrix[i];
        vectors[i] = i % (n + 1) == 0;
    }
    for (int sweep = 0; sweep < 60 && off_diagonal(values, n) > 1e-24; sweep++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                rotate(values, vectors, n, p, q);
    for (size_t i = 0; i < n; i++)
        if (values[i * n + i] < least) {
            values[i * n + i] = least;
            raised = true;
        }
    if (!raised)
        return;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            matrix[i * n + j] = 0;
            for (size_t k = 0; k < n; k++)
                matrix[i * n + j] += vectors[i * n + k] * values[k * n + k] * vectors[j * n + k];
        }
    for (size_t i = 0; i < n; i++)
        values[i] = 1 / sqrt(matrix[i * n + i]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            matrix[i * n + j] = i == j ? 1 : matrix[i * n + j] * values[i] * values[j];
}

/* --- boxes --- */

/* P(low < Z < high), and the z that cuts off the share u of it; on the side of zero where digits
 * are kept. */
static double interval(double low, double high, double u, double *z) {
    double sign = low > 0 ? -1 : 1;
    double from = below(sign > 0 ? low : -high), to = below(sign > 0 ? high : -low);
    if (z) {
        double at = from + (sign > 0 ? u : 1 - u) * (to - from);
        *z = at > 0 && at < 1 ? sign * gsl_cdf_ugaussian_Pinv(at) : 0;
    }
    return to - from;
}

static void sort_sides(const lb_normal_box *box, double *masses, double *order) {
    for (size_t i = 0; i < box->dimensions; i++) {
        double mass = interval(box->low[i], box->high[i], 0, NULL);
        size_t at = i;
        for (; at > 0 && masses[at - 1] > mass; at--) {
            masses[at] = masses[at - 1];
            order[at] = order[at - 1];
        }
        masses[at] = mass;
        order[at] = (double)i;
    }
}

/* Cholesky factor of the correlations in the order of the sides. */
static void factorise(const lb_normal_box *box, const double *order, double *factor) {
    size_t n = box->dimensions;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = box->correlation[(size_t)order[i] * n + (size_t)order[j]];
            for (size_t k = 0; k < j; k++)
                sum -= factor[i * n + k] * factor[j * n + k];
            factor[i * n + j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / factor[j * n + j];
        }
}

/* One point: the product of the conditional probabilities of the sides, `at` in the unit cube. */
static double box_at(size_t n, const double *factor, const double *low, const double *high,
                     const double *at, double *z) {
    double product = 1;
    for (size_t i = 0; i < n && product > 0; i++) {
        double mean = 0, scale = 1 / factor[i * n + i];
        for (size_t k = 0; k < i; k++)
            mean += factor[i * n + k] * z[k];
        product *= interval((low[i] - mean) * scale, (high[i] - mean) * scale, at[i],
                            i + 1 < n ? &z[i] : NULL);
    }
    return product;
}

/* The generator of the lattice with the lowest discrepancy known for `n` dimensions: the powers of
 * the root of x^(n+1) = x + 1 (Roberts 2018; n = 1 is the golden ratio). */
static double lattice_root(size_t n) {
    double x = 1.5;
    for (int i = 0; i < 40; i++)
        x = pow(1 + x, 1 / ((double)n + 1));
    return x;
}

double lb_normal_box_probability(const lb_normal_box *box, unsigned points, unsigned shifts,
                                 uint64_t key, double *error, double *work) {
    size_t n = box->dimensions;
    double *factor = work, *low = work + n * n, *high = low + n, *z = high + n, *shift = z + n;
    double *at = shift + n;
    sort_sides(box, z, at);
    factorise(box, at, factor);
    for (size_t i = 0; i < n; i++) {
        low[i] = box->low[(size_t)at[i]];
        high[i] = box->high[(size_t)at[i]];
    }
    lb_random random = lb_random_keyed(key, "copula.box", 0);
    double sum = 0, squares = 0, root = lattice_root(n);
    for (unsigned copy = 0; copy < shifts; copy++) {
        double copy_sum = 0;
        for (size_t i = 0; i < n; i++)
            shift[i] = lb_random_unit(&random);
        for (unsigned point = 0; point < points; point++) {
            double power = 1;
            for (size_t i = 0; i < n; i++) {
                power /= root;
                double x = shift[i] + (point + 1.0) * power;
                at[i] = fabs(2 * (x - floor(x)) - 1);
            }
            copy_sum += box_at(n, factor, low, high, at, z);
        }
        copy_sum /= points;
        sum += copy_sum;
        squares += copy_sum * copy_sum;
    }
    double mean = sum / shifts;
    if (error)
        *error = shifts > 1 ? sqrt(fmax(squares / shifts - mean * mean, 0) / (shifts - 1)) : NAN;
    return mean;
}
