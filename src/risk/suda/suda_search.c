#include "risk/suda/suda_search.h"

#include <string.h>

#include "base/thread.h"
#include "risk/suda/suda_alone.h"
#include "risk/suda/suda_tuples.h"

static const uint32_t UNITS_MAX = UINT32_C(1) << 31;
static const uint64_t SET_COST = 1024, NO_SET = UINT64_MAX;

/* Scratch of one worker, and what it counted at the size being searched: whole numbers, so that the
 * sums do not depend on who searched which set. */
typedef struct search_worker {
    uint64_t *skip; /* [words] bit per tuple */
    lb_alone alone;
    uint64_t *unit_counts;  /* [units] MSUs */
    uint64_t *value_counts; /* [values] MSUs with the value */
    uint64_t *first_set;    /* [units] the first set with an MSU, NO_SET */
    uint32_t *first_row;    /* [units] */
} search_worker;

typedef struct search_column {
    size_t quasi_identifier;
    uint64_t domain;  /* values: at first all of the column, then those that several units share */
    uint32_t *codes;  /* [tuples] below domain */
    uint32_t *values; /* [domain] the table's code of each */
} search_column;

struct lb_msu_search {
    const lb_table *table;
    lb_tuples tuples;
    size_t words; /* of 64 tuples */
    size_t columns;
    search_column *ordered; /* [columns] by falling domain; at first in the table's order */
    size_t *first_value;    /* [columns + 1] of a quasi-identifier in value_scores */
    uint64_t *binomial;     /* [columns + 1][max_size + 1] */
    unsigned max_size;
    lb_msu_size *sizes; /* [max_size] */
    uint64_t *kept;     /* [sets of the size before][words]: what supersets need not look at */
    uint64_t *keeping;  /* the same of this size, for the first `keep` sets */
    uint64_t keep;
    unsigned threads;
    search_worker *workers;
    unsigned running; /* the size being searched */
    double *scores, *value_scores;
    lb_msu_first *firsts;
};

static uint64_t binomial(const lb_msu_search *search, size_t n, unsigned k) {
    return k > n ? 0 : search->binomial[n * (search->max_size + 1) + k];
}

/* --- one set of columns --- */

static void skip_tuple(search_worker *worker, size_t tuple) {
    worker->skip[tuple / 64] |= UINT64_C(1) << (tuple % 64);
}

/* Counts the MSUs of the set that lb_alone_find found, and keeps what supersets of it need not look
 * at. */
static void record(const lb_msu_search *search, search_worker *worker, uint64_t set,
                   const size_t *columns) {
    const lb_alone *alone = &worker->alone;
    for (size_t i = 0; i < alone->firsts; i++) {
        uint32_t tuple = alone->first[i], unit = search->tuples.owner[tuple] - 1;
        worker->unit_counts[unit]++;
        if (worker->first_set[unit] == NO_SET) { /* a worker's sets ascend */
            worker->first_set[unit] = set;
            worker->first_row[unit] = search->tuples.row_of[tuple];
        }
        skip_tuple(worker, tuple);
    }
    for (unsigned k = 0; k < search->running; k++) {
        const search_column *column = &search->ordered[columns[k]];
        uint64_t *counts = worker->value_counts + search->first_value[column->quasi_identifier];
        for (size_t i = 0; i < alone->firsts; i++)
            counts[column->codes[alone->first[i]]]++;
    }
    for (size_t i = 0; i < alone->others_count; i++)
        skip_tuple(worker, alone->others[i]);
    if (set < search->keep)
        memcpy(search->keeping + set * search->words, worker->skip,
               search->words * sizeof *worker->skip);
}

static void columns_of(const lb_msu_search *search, unsigned size, uint64_t set,
                       size_t columns[LB_MSU_SIZE_MAX]) {
    size_t below = search->columns;
    for (unsigned k = size; k-- > 0;) {
        do
            below--;
        while (binomial(search, below, k + 1) > set);
        columns[k] = below;
        set -= binomial(search, below, k + 1);
    }
}

/* What the sets of one column less exclude, into worker->skip; those hold what theirs exclude. */
static void inherit(const lb_msu_search *search, search_worker *worker, unsigned size,
                    const size_t *columns) {
    memset(worker->skip, 0, search->words * sizeof *worker->skip);
    for (unsigned without = 0; without < size; without++) {
        uint64_t set = 0;
        for (unsigned k = 0, member = 1; k < size; k++)
            if (k != without)
                set += binomial(search, columns[k], member++);
        if (size == 2) /* single columns were searched in the table's order */
            set = search->ordered[set].quasi_identifier;
        const uint64_t *kept = search->kept + set * search->words;
        for (size_t w = 0; w < search->words; w++)
            worker->skip[w] |= kept[w];
    }
}

/* A single column excludes what misses its value. */
static void exclude_missing(const lb_msu_search *search, search_worker *worker, size_t column) {
    const uint32_t *codes = search->ordered[column].codes;
    memset(worker->skip, 0, search->words * sizeof *worker->skip);
    for (size_t t = 0; t < search->tuples.count; t++)
        if (codes[t] == LB_CODE_MISSING)
            skip_tuple(worker, t);
}

static int search_set(void *context, size_t piece, unsigned number, lb_error *error) {
    (void)error;
    lb_msu_search *search = context;
    search_worker *worker = &search->workers[number];
    unsigned size = search->running;
    size_t columns[LB_MSU_SIZE_MAX] = {piece};
    lb_alone_column compared[LB_MSU_SIZE_MAX];
    if (size == 1) { /* in the table's order: ordered by what they find */
        exclude_missing(search, worker, piece);
    } else {
        columns_of(search, size, piece, columns);
        inherit(search, worker, size, columns);
    }
    for (unsigned k = 0; k < size; k++)
        compared[k] = (lb_alone_column){search->ordered[columns[k]].codes,
                                        search->ordered[columns[k]].domain};
    lb_alone_find(&worker->alone, &search->tuples, worker->skip, compared, size);
    record(search, worker, piece, columns);
    return LB_OK;
}

/* --- all sizes --- */

static int prepare_worker(const lb_msu_search *search, search_worker *worker, lb_error *error) {
    size_t units = search->table->units, values = search->first_value[search->columns];
    worker->skip = lb_alloc(search->words, sizeof *worker->skip);
    worker->unit_counts = lb_alloc(units, sizeof *worker->unit_counts);
    worker->value_counts = lb_alloc(values, sizeof *worker->value_counts);
    worker->first_set = lb_alloc(units, sizeof *worker->first_set);
    worker->first_row = lb_alloc(units, sizeof *worker->first_row);
    return worker->skip && worker->unit_counts && worker->value_counts && worker->first_set &&
                   worker->first_row
               ? lb_alone_new(&worker->alone, search->tuples.count, error)
               : lb_fail_memory(error, "SUDA's workers");
}

static int prepare_workers(lb_msu_search *search, lb_error *error) {
    search->words = (search->tuples.count + 63) / 64;
    search->workers = lb_alloc_zero(search->threads, sizeof *search->workers);
    if (!search->workers)
        return lb_fail_memory(error, "SUDA's workers");
    int status = LB_OK;
    for (unsigned w = 0; status == LB_OK && w < search->threads; w++)
        status = prepare_worker(search, &search->workers[w], error);
    return status;
}

static int fill_binomials(lb_msu_search *search, lb_error *error) {
    size_t width = search->max_size + 1;
    search->binomial = lb_alloc_zero(search->columns + 1, width * sizeof *search->binomial);
    if (!search->binomial)
        return lb_fail_memory(error, "numbering sets of columns");
    search->binomial[0] = 1;
    for (size_t n = 1; n <= search->columns; n++) {
        const uint64_t *above = search->binomial + (n - 1) * width;
        uint64_t *row = search->binomial + n * width;
        row[0] = 1;
        for (size_t k = 1; k < width; k++)
            if (__builtin_add_overflow(above[k - 1], above[k], &row[k]))
                row[k] = UINT64_MAX;
    }
    return LB_OK;
}

/* Over how many of the first columns each size can be searched with the budget, smallest first. */
static void plan_sizes(lb_msu_search *search, uint64_t budget) {
    for (unsigned size = 1; size <= search->max_size; size++) {
        lb_msu_size *plan = &search->sizes[size - 1];
        uint64_t cost = search->tuples.count + SET_COST;
        size_t columns = size == 1 ? search->columns : search->sizes[size - 2].columns;
        while (size > 1 && columns >= size && binomial(search, columns, size) > budget / cost)
            columns--;
        plan->columns = columns < size ? 0 : columns;
        plan->sets = binomial(search, plan->columns, size);
        plan->sets_all = binomial(search, search->columns, size);
        budget -= plan->sets > budget / cost ? budget : plan->sets * cost;
    }
}

static void clear_counts(const lb_msu_search *search) {
    size_t units = search->table->units;
    for (unsigned w = 0; w < search->threads; w++) {
        search_worker *worker = &search->workers[w];
        memset(worker->unit_counts, 0, units * sizeof *worker->unit_counts);
        memset(worker->value_counts, 0,
               search->first_value[search->columns] * sizeof *worker->value_counts);
        memset(worker->first_set, 0xFF, units * sizeof *worker->first_set);
    }
}

/* Adds what the workers counted to the scores. */
static void fold_counts(lb_msu_search *search, double weight) {
    lb_msu_size *size = &search->sizes[search->running - 1];
    for (size_t u = 0; u < search->table->units; u++) {
        uint64_t count = 0, set = NO_SET;
        uint32_t row = 0;
        for (unsigned w = 0; w < search->threads; w++) {
            const search_worker *worker = &search->workers[w];
            count += worker->unit_counts[u];
            if (worker->first_set[u] < set) {
                set = worker->first_set[u];
                row = worker->first_row[u];
            }
        }
        size->msus += count;
        search->scores[u] += weight * (double)count;
        if (count && search->firsts[u].size == 0)
            search->firsts[u] = (lb_msu_first){set, row, search->running};
    }
    for (size_t c = 0; c < search->columns; c++) {
        const search_column *column = &search->ordered[c];
        size_t first = search->first_value[column->quasi_identifier];
        for (size_t v = 0; v < column->domain; v++) {
            uint64_t count = 0;
            for (unsigned w = 0; w < search->threads; w++)
                count += search->workers[w].value_counts[first + v];
            search->value_scores[first + column->values[v]] += weight * (double)count;
        }
    }
}

static int run_size(lb_msu_search *search, unsigned size, double weight, lb_error *error) {
    const lb_msu_size *plan = &search->sizes[size - 1];
    search->running = size;
    search->keep = 0;
    if (size < search->max_size)
        search->keep = size == 1 ? plan->sets : binomial(search, plan[1].columns, size);
    search->keeping = search->keep > SIZE_MAX / sizeof(uint64_t)
                          ? NULL
                          : lb_alloc((size_t)search->keep * sizeof(uint64_t), search->words);
    if (!search->keeping)
        return lb_fail_memory(error, "what SUDA need not look at");
    clear_counts(search);
    int status = lb_parallel(search->threads, (size_t)plan->sets, search_set, search, error);
    lb_free(search->kept);
    search->kept = search->keeping;
    search->keeping = NULL;
    if (status == LB_OK)
        fold_counts(search, weight);
    return status;
}

/* The table's columns as they are, by tuple. */
static int take_columns(lb_msu_search *search, lb_error *error) {
    for (size_t c = 0; c < search->columns; c++) {
        const lb_column *from = &search->table->quasi_identifiers[c];
        search_column *column = &search->ordered[c];
        *column = (search_column){
            .quasi_identifier = c,
            .domain = (uint64_t)from->distinct + 1,
            .codes = lb_alloc(search->tuples.count, sizeof *column->codes),
            .values = lb_alloc((size_t)from->distinct + 1, sizeof *column->values),
        };
        if (!column->codes || !column->values)
            return lb_fail_memory(error, "SUDA");
        for (size_t t = 0; t < search->tuples.count; t++)
            column->codes[t] = from->codes[search->tuples.row_of[t]];
        for (uint32_t v = 0; v <= from->distinct; v++)
            column->values[v] = v;
    }
    return LB_OK;
}

/* After the single columns were searched: only values that several units share can be in a larger
 * MSU, so they alone are numbered. */
static int recode_column(const lb_msu_search *search, search_column *column, lb_error *error) {
    const uint64_t *skip = search->kept + column->quasi_identifier * search->words;
    uint32_t *number = lb_alloc_zero((size_t)column->domain, sizeof *number), next = 0;
    if (!number)
        return lb_fail_memory(error, "numbering values for SUDA");
    for (size_t t = 0; t < search->tuples.count; t++)
        if (!(skip[t / 64] >> (t % 64) & 1))
            number[column->codes[t]] = 1;
    for (size_t code = 0; code < column->domain; code++) {
        bool shared = number[code];
        number[code] = next;
        column->values[next] = (uint32_t)code;
        next += shared;
    }
    for (size_t t = 0; t < search->tuples.count; t++) /* others are never looked at */
        column->codes[t] = skip[t / 64] >> (t % 64) & 1 ? 0 : number[column->codes[t]];
    column->domain = next ? next : 1;
    lb_free(number);
    return LB_OK;
}

/* Insertion by falling domain, equal ones in the table's order. */
static int order_columns(lb_msu_search *search, lb_error *error) {
    for (size_t c = 0; c < search->columns; c++) {
        search_column column = search->ordered[c];
        int status = recode_column(search, &column, error);
        if (status < 0)
            return status;
        size_t at = c;
        for (; at > 0 && search->ordered[at - 1].domain < column.domain; at--)
            search->ordered[at] = search->ordered[at - 1];
        search->ordered[at] = column;
    }
    return LB_OK;
}

static int search_all(lb_msu_search *search, const lb_msu_options *options, lb_error *error) {
    int status = lb_tuples_merge(&search->tuples, search->table, error);
    if (status == LB_OK)
        status = take_columns(search, error);
    if (status == LB_OK)
        status = fill_binomials(search, error);
    if (status == LB_OK)
        status = prepare_workers(search, error);
    if (status == LB_OK)
        plan_sizes(search, options->budget);
    for (unsigned size = 1; status == LB_OK && size <= search->max_size; size++) {
        status = run_size(search, size, options->weights[size - 1], error);
        if (status == LB_OK && size == 1 && search->max_size > 1)
            status = order_columns(search, error);
    }
    return status;
}

static void free_workers(lb_msu_search *search) {
    for (unsigned w = 0; search->workers && w < search->threads; w++) {
        search_worker *worker = &search->workers[w];
        lb_free(worker->skip);
        lb_alone_free(&worker->alone);
        lb_free(worker->unit_counts);
        lb_free(worker->value_counts);
        lb_free(worker->first_set);
        lb_free(worker->first_row);
    }
    lb_free(search->workers);
    lb_free(search->kept);
    search->workers = NULL;
    search->kept = NULL;
}

static int make_room(lb_msu_search *search, lb_error *error) {
    size_t columns = search->columns, units = search->table->units;
    search->ordered = lb_alloc_zero(columns, sizeof *search->ordered);
    search->sizes = lb_alloc_zero(search->max_size, sizeof *search->sizes);
    search->first_value = lb_alloc_zero(columns + 1, sizeof *search->first_value);
    search->scores = lb_alloc_zero(units, sizeof *search->scores);
    search->firsts = lb_alloc_zero(units, sizeof *search->firsts);
    if (!search->ordered || !search->sizes || !search->first_value || !search->scores ||
        !search->firsts)
        return lb_fail_memory(error, "SUDA");
    for (size_t c = 0; c < columns; c++)
        search->first_value[c + 1] =
            search->first_value[c] + search->table->quasi_identifiers[c].distinct + 1;
    search->value_scores =
        lb_alloc_zero(search->first_value[columns], sizeof *search->value_scores);
    return search->value_scores ? LB_OK : lb_fail_memory(error, "SUDA");
}

int lb_msu_search_run(lb_msu_search **out, const lb_table *table, const lb_msu_options *options,
                      lb_error *error) {
    *out = NULL;
    if (table->rows >= UNITS_MAX - 1 || table->units >= UNITS_MAX - 1)
        return lb_fail(error, LB_E_RESOURCE, "SUDA", "audit a sample of the table",
                       "the table has more than 2^31 rows");
    lb_msu_search *search = lb_alloc_zero(1, sizeof *search);
    if (!search)
        return lb_fail_memory(error, "SUDA");
    search->table = table;
    search->columns = table->quasi_identifier_count;
    search->max_size = options->max_size;
    search->threads = options->threads ? options->threads : 1;
    int status = make_room(search, error);
    if (status == LB_OK)
        status = search_all(search, options, error);
    free_workers(search);
    if (status < 0) {
        lb_msu_search_free(search);
        return status;
    }
    *out = search;
    return LB_OK;
}

void lb_msu_search_free(lb_msu_search *search) {
    if (!search)
        return;
    for (size_t c = 0; search->ordered && c < search->columns; c++) {
        lb_free(search->ordered[c].codes);
        lb_free(search->ordered[c].values);
    }
    lb_tuples_free(&search->tuples);
    lb_free(search->ordered);
    lb_free(search->first_value);
    lb_free(search->binomial);
    lb_free(search->sizes);
    lb_free(search->scores);
    lb_free(search->value_scores);
    lb_free(search->firsts);
    lb_free(search);
}

const lb_msu_size *lb_msu_search_size(const lb_msu_search *search, unsigned size) {
    return &search->sizes[size - 1];
}

const double *lb_msu_search_scores(const lb_msu_search *search) {
    return search->scores;
}

const double *lb_msu_search_value_scores(const lb_msu_search *search, size_t column) {
    return search->value_scores + search->first_value[column];
}

const lb_msu_first *lb_msu_search_firsts(const lb_msu_search *search) {
    return search->firsts;
}

void lb_msu_search_columns(const lb_msu_search *search, unsigned size, uint64_t set,
                           size_t columns[LB_MSU_SIZE_MAX]) {
    columns_of(search, size, set, columns);
    if (size == 1) { /* searched in the table's order */
        columns[0] = (size_t)set;
        return;
    }
    for (unsigned k = 0; k < size; k++) {
        size_t column = search->ordered[columns[k]].quasi_identifier;
        unsigned at = k;
        for (; at > 0 && columns[at - 1] > column; at--)
            columns[at] = columns[at - 1];
        columns[at] = column;
    }
}

const uint32_t *lb_msu_search_class_sizes(const lb_msu_search *search) {
    return search->tuples.class_sizes;
}
