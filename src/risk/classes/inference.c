#include "risk/classes/inference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "risk/classes/cells.h"

/* One field while it is measured. */
typedef struct field_work {
    const lb_traces *traces;
    lb_cells cells;
    const double *p; /* [values] */
    lb_earth_mover mover;
    double *q;        /* [values] working memory */
    uint32_t *counts; /* [values] working memory */
    const lb_inference_options *options;
} field_work;

void lb_inference_free(lb_inference *inference) {
    lb_arena_free(inference->arena);
    *inference = (lb_inference){0};
}

static int compare_descending(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a < b) - (a > b);
}

/* Smallest c of recursive (c,l) of descending counts. */
static double recursive_c(const uint32_t *counts, uint32_t count, uint32_t l) {
    uint64_t tail = 0;
    for (uint32_t i = l - 1; i < count; i++)
        tail += counts[i];
    return tail ? (double)counts[0] / (double)tail : INFINITY;
}

/* Copies the counts of a class in descending order; returns how many. */
static uint32_t sorted_counts(const field_work *work, uint32_t class) {
    uint32_t begin = work->cells.starts[class], count = work->cells.starts[class + 1] - begin;
    for (uint32_t i = 0; i < count; i++)
        work->counts[i] = work->cells.cells[begin + i].units;
    qsort(work->counts, count, sizeof *work->counts, compare_descending);
    return count;
}

static void compare_distributions(const field_work *work, uint32_t begin, uint32_t count,
                                  uint64_t pairs, lb_class_inference *out) {
    for (uint32_t i = 0; i < count; i++) {
        const lb_cell *cell = &work->cells.cells[begin + i];
        double q = (double)cell->units / (double)pairs, p = work->p[cell->value];
        work->q[i] = q;
        out->entropy -= count > 1 ? q * log(q) : 0;
        out->beta = fmax(out->beta, (q - p) / p);
        out->delta = fmax(out->delta, fabs(log(q / p)));
    }
}

static void measure_class(const field_work *work, uint32_t class, lb_class_inference *out) {
    uint32_t begin = work->cells.starts[class], count = work->cells.starts[class + 1] - begin;
    const lb_cell *cells = work->cells.cells + begin, *top = cells;
    uint64_t pairs = 0;
    for (uint32_t i = 0; i < count; i++) {
        pairs += cells[i].units;
        top = cells[i].units > top->units ? &cells[i] : top;
    }
    *out = (lb_class_inference){.row = work->traces->first_row[class],
                                .units = work->traces->sizes[class],
                                .distinct = count,
                                .alpha = (double)top->units / work->traces->sizes[class]};
    compare_distributions(work, begin, count, pairs, out);
    out->t = lb_earth_mover_distance(&work->mover, cells, work->q, count);
    uint32_t sorted = sorted_counts(work, class);
    for (uint32_t l = 2; l <= LB_RECURSIVE_LARGEST; l++)
        out->recursive[l] = recursive_c(work->counts, sorted, l);
}

static uint64_t count_violations(const field_work *work, uint32_t class) {
    uint64_t pairs = 0, violations = 0;
    uint32_t begin = work->cells.starts[class], end = work->cells.starts[class + 1];
    double bound = work->options->beta > 0 ? work->options->beta : INFINITY;
    for (uint32_t i = begin; i < end; i++)
        pairs += work->cells.cells[i].units;
    for (uint32_t i = begin; i < end; i++) {
        double p = work->p[work->cells.cells[i].value];
        double q = (double)work->cells.cells[i].units / (double)pairs;
        violations += (q - p) / p > fmin(bound, -log(p));
    }
    return violations;
}

static bool is_worse(const lb_class_inference *a, const lb_class_inference *b) {
    if (a->alpha != b->alpha)
        return a->alpha > b->alpha;
    if (a->units != b->units)
        return a->units > b->units;
    return a->row < b->row;
}

/* Keeps the worst classes in a heap whose root is the least bad. */
static void keep_worst(lb_class_inference *heap, size_t *count, size_t most,
                       const lb_class_inference *class) {
    size_t at;
    if (*count < most) {
        for (at = (*count)++; at > 0 && is_worse(&heap[(at - 1) / 2], class); at = (at - 1) / 2)
            heap[at] = heap[(at - 1) / 2];
        heap[at] = *class;
        return;
    }
    if (most == 0 || !is_worse(class, &heap[0]))
        return;
    for (at = 0; 2 * at + 1 < most;) {
        size_t child = 2 * at + 1;
        child += child + 1 < most && is_worse(&heap[child], &heap[child + 1]);
        if (!is_worse(class, &heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = *class;
}

static int compare_badness(const void *left, const void *right) {
    const lb_class_inference *a = left, *b = right;
    return is_worse(a, b) ? -1 : is_worse(b, a);
}

static void take_worst(lb_field_inference *field, const lb_class_inference *class) {
    if (class->distinct < field->l_distinct)
        field->l_distinct = class->distinct;
    field->l_entropy = fmin(field->l_entropy, exp(class->entropy));
    for (uint32_t l = 2; l <= LB_RECURSIVE_LARGEST; l++)
        field->recursive[l] = fmax(field->recursive[l], class->recursive[l]);
    field->alpha = fmax(field->alpha, class->alpha);
    field->t = fmax(field->t, class->t);
    field->beta = fmax(field->beta, class->beta);
    field->delta = fmax(field->delta, class->delta);
}

static void measure_classes(const field_work *work, lb_field_inference *field,
                            lb_class_inference *worst) {
    field->l_distinct = UINT32_MAX;
    field->l_entropy = INFINITY;
    for (uint32_t class = 0; class < work->traces->classes; class ++) {
        lb_class_inference figures;
        measure_class(work, class, &figures);
        take_worst(field, &figures);
        keep_worst(worst, &field->worst_count, work->options->worst, &figures);
        field->enhanced_violations += count_violations(work, class);
    }
    for (uint32_t class = 0; class < work->traces->classes; class ++)
        field->c_recursive =
            fmax(field->c_recursive,
                 recursive_c(work->counts, sorted_counts(work, class), field->l_distinct));
    for (uint32_t v = 0; v < work->cells.values; v++)
        field->beta_enhanced = fmax(field->beta_enhanced, fmin(field->beta, -log(work->p[v])));
    qsort(worst, field->worst_count, sizeof *worst, compare_badness);
    field->worst = worst;
}

static int measure_field(lb_inference *out, const lb_table *table, uint32_t column,
                         const lb_traces *traces, const lb_inference_options *options,
                         lb_grouper *grouper, lb_arena *arena, lb_field_inference *field,
                         lb_error *error) {
    const lb_value_hierarchy *hierarchy =
        options->hierarchies ? options->hierarchies[column] : NULL;
    const lb_column *sensitive = &table->sensitive[column];
    field_work work = {.traces = traces, .options = options};
    int status = lb_cells_build(&work.cells, table, sensitive, traces, grouper, arena, error);
    if (status < 0)
        return status;
    uint32_t values = work.cells.values;
    double *p = lb_arena_alloc(arena, values, sizeof *p);
    size_t most = options->worst < traces->classes ? options->worst : traces->classes;
    lb_class_inference *worst = lb_arena_alloc(out->arena, most, sizeof *worst);
    work.q = lb_arena_alloc(arena, values, sizeof *work.q);
    work.counts = lb_arena_alloc(arena, values, sizeof *work.counts);
    if (!p || !worst || !work.q || !work.counts)
        return lb_fail_memory(error, "inference");
    uint64_t pairs = 0;
    for (uint32_t v = 0; v < values; v++)
        pairs += work.cells.units_with[v];
    for (uint32_t v = 0; v < values; v++)
        p[v] = (double)work.cells.units_with[v] / (double)pairs;
    work.p = p;
    *field = (lb_field_inference){.column = column,
                                  .values = values,
                                  .distance = hierarchy            ? LB_DISTANCE_HIERARCHICAL
                                              : sensitive->numbers ? LB_DISTANCE_ORDERED
                                                                   : LB_DISTANCE_CATEGORICAL};
    status = lb_earth_mover_prepare(&work.mover, field->distance, p, &work.cells, hierarchy, arena,
                                    error);
    if (status == LB_OK)
        measure_classes(&work, field, worst);
    return status;
}

static void take_worst_field(lb_field_inference *overall, const lb_field_inference *field) {
    if (field->t > overall->t || overall->l_distinct == UINT32_MAX) {
        overall->column = field->column;
        overall->distance = field->distance;
        overall->values = field->values;
    }
    if (field->l_distinct < overall->l_distinct)
        overall->l_distinct = field->l_distinct;
    overall->l_entropy = fmin(overall->l_entropy, field->l_entropy);
    for (uint32_t l = 2; l <= LB_RECURSIVE_LARGEST; l++)
        overall->recursive[l] = fmax(overall->recursive[l], field->recursive[l]);
    overall->c_recursive = fmax(overall->c_recursive, field->c_recursive);
    overall->alpha = fmax(overall->alpha, field->alpha);
    overall->t = fmax(overall->t, field->t);
    overall->beta = fmax(overall->beta, field->beta);
    overall->delta = fmax(overall->delta, field->delta);
    overall->beta_enhanced = fmax(overall->beta_enhanced, field->beta_enhanced);
    overall->enhanced_violations += field->enhanced_violations;
}

static int measure_fields(lb_inference *out, const lb_table *table, const lb_traces *traces,
                          const lb_inference_options *options, lb_grouper *grouper,
                          lb_error *error) {
    out->arena = lb_arena_new();
    lb_arena *work = lb_arena_new();
    lb_field_inference *fields =
        out->arena ? lb_arena_alloc(out->arena, table->sensitive_count, sizeof *fields) : NULL;
    int status = work && fields ? LB_OK : lb_fail_memory(error, "inference");
    out->overall.l_distinct = UINT32_MAX;
    out->overall.l_entropy = INFINITY;
    for (uint32_t s = 0; status == LB_OK && s < table->sensitive_count; s++) {
        lb_arena_reset(work);
        status = measure_field(out, table, s, traces, options, grouper, work, &fields[s], error);
        if (status == LB_OK)
            take_worst_field(&out->overall, &fields[s]);
    }
    lb_arena_free(work);
    out->fields = fields;
    out->field_count = table->sensitive_count;
    if (status < 0)
        lb_inference_free(out);
    return status;
}

int lb_inference_measure(lb_inference *out, const lb_table *table,
                         const lb_inference_options *options, lb_error *error) {
    *out = (lb_inference){0};
    if (table->sensitive_count == 0 || table->rows == 0)
        return LB_OK;
    lb_traces traces;
    lb_grouper *grouper;
    int status = lb_traces_of_table(&traces, table, error);
    if (status < 0)
        return status;
    status = lb_grouper_new(&grouper, error);
    if (status == LB_OK) {
        status = measure_fields(out, table, &traces, options, grouper, error);
        lb_grouper_free(grouper);
    }
    lb_traces_free(&traces);
    return status;
}
