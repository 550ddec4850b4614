#include "risk/population/copula_normal.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
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

typedef struct pair_limits {
    double h, k;
} pair_limits;

static double density_at_angle(double angle, void *context) {
    const pair_limits *at = context;
    double sine = sin(angle), cosine2 = 1 - sine * sine;
    return exp(-(at->h * at->h + at->k * at->k - 2 * at->h * at->k * sine) / (2 * cosine2));
}

double lb_normal_pair_below(double h, double k, double rho,
                            const gsl_integration_glfixed_table *rule) {
    if (h == -INFINITY || k == -INFINITY)
        return 0;
    if (h == INFINITY)
        return below(k);
    if (k == INFINITY)
        return below(h);
    pair_limits limits = {h, k};
    gsl_function density = {density_at_angle, &limits};
    return below(h) * below(k) + gsl_integration_glfixed(&density, 0, asin(rho), rule) / (2 * PI);
}

/* --- nearest correlation matrix --- */

/* Raises the eigenvalues to `least`; false: none was lower, and the matrix stays. */
static bool raise_eigenvalues(gsl_matrix *matrix, gsl_vector *values, gsl_matrix *vectors,
                              double least) {
    if (gsl_vector_min(values) >= least)
        return false;
    for (size_t i = 0; i < values->size; i++) {
        gsl_vector_view vector = gsl_matrix_column(vectors, i);
        gsl_vector_scale(&vector.vector, sqrt(fmax(gsl_vector_get(values, i), least)));
    }
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1, vectors, vectors, 0, matrix);
    return true;
}

int lb_normal_nearest_correlation(double *matrix, size_t n, double least, double *work,
                                  lb_error *error) {
    if (n == 0)
        return LB_OK;
    gsl_eigen_symmv_workspace *space = gsl_eigen_symmv_alloc(n);
    if (!space)
        return lb_fail_memory(error, "fitting the copula");
    gsl_matrix_view given = gsl_matrix_view_array(matrix, n, n);
    gsl_matrix_view copy = gsl_matrix_view_array(work, n, n);
    gsl_matrix_view vectors = gsl_matrix_view_array(work + n * n, n, n);
    gsl_vector_view values = gsl_vector_view_array(work + 2 * n * n, n);
    gsl_matrix_memcpy(&copy.matrix, &given.matrix);
    gsl_eigen_symmv(&copy.matrix, &values.vector, &vectors.matrix, space);
    gsl_eigen_symmv_free(space);
    if (!raise_eigenvalues(&given.matrix, &values.vector, &vectors.matrix, least))
        return LB_OK;
    double *scale = work;
    for (size_t i = 0; i < n; i++)
        scale[i] = 1 / sqrt(matrix[i * n + i]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            matrix[i * n + j] = i == j ? 1 : matrix[i * n + j] * scale[i] * scale[j];
    return LB_OK;
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
