#include "risk/suda_search.h"

#include <string.h>

#include "base/thread.h"
#include "risk/suda_tuples.h"

/* Marks the owner of a group that was counted already. */
static const uint32_t SEEN = UINT32_C(1) << 31;
static const size_t SMALL_DOMAIN = 1 << 16;
static const uint64_t SET_COST = 1024, NO_SET = UINT64_MAX;

/* Scratch of one worker, and what it counted at the size being searched: whole numbers, so that the
 * sums do not depend on who searched which set. */
typedef struct search_worker {
    uint64_t *skip;         /* [words] bit per tuple */
    uint32_t *active;       /* [tuples] */
    uint64_t *keys;         /* [tuples], beside active */
    uint32_t *direct;       /* [direct_cells] owners where the domain is small */
    lb_key_cell *cells;     /* [lb_key_cells_for(tuples)]: open addressing */
    uint64_t *unit_counts;  /* [units] MSUs */
    uint64_t *value_counts; /* [values] MSUs with the value */
    uint64_t *first_set;    /* [units] the first set with an MSU, NO_SET */
    uint32_t *first_row;    /* [units] */
} search_worker;

struct lb_msu_search {
    const lb_table *table;
    lb_tuples tuples;
    size_t words; /* of 64 tuples */
    size_t columns;
    size_t *order;       /* [columns] quasi-identifiers by falling `domain` */
    uint64_t *domain;    /* [columns] in that order: values that several units share */
    uint32_t **codes;    /* [columns] in that order: [tuples], below domain */
    size_t *first_value; /* [columns + 1] of a quasi-identifier in value_scores */
    uint64_t *binomial;  /* [columns + 1][max_size + 1] */
    unsigned max_size;
    lb_msu_size *sizes; /* [max_size] */
    uint64_t *kept;     /* [sets of the size before][words]: what supersets need not look at */
    uint64_t *keeping;  /* the same of this size, for the first `keep` sets */
    uint64_t keep;
    size_t direct_cells;
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

/* Groups the active tuples by key. The first of each group with one owner moves to the front of
 * active, the others of such a group to the front of keys. */
static void single_out(const lb_msu_search *search, search_worker *worker, size_t count,
                       uint64_t domain, size_t *msus, size_t *more) {
    bool direct = domain <= search->direct_cells && (domain <= SMALL_DOMAIN || domain / 4 <= count);
    size_t mask = lb_key_cells_for(count) - 1;
    if (direct) {
        memset(worker->direct, 0, (size_t)domain * sizeof *worker->direct);
        for (size_t i = 0; i < count; i++) {
            uint32_t *owner = &worker->direct[worker->keys[i]];
            *owner = lb_owner_join(*owner, search->tuples.owner[worker->active[i]]);
        }
    } else {
        memset(worker->cells, 0, (mask + 1) * sizeof *worker->cells);
        for (size_t i = 0; i < count; i++) {
            lb_key_cell_ahead(worker->cells, mask, worker->keys, i, count);
            size_t at = lb_key_cell_of(worker->cells, mask, worker->keys[i]);
            worker->cells[at].owner =
                lb_owner_join(worker->cells[at].owner, search->tuples.owner[worker->active[i]]);
            worker->keys[i] = at;
        }
    }
    *msus = *more = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t *owner =
            direct ? &worker->direct[worker->keys[i]] : &worker->cells[worker->keys[i]].owner;
        if (*owner == LB_OWNER_MANY)
            continue;
        if (*owner & SEEN) {
            worker->keys[(*more)++] = worker->active[i];
        } else {
            *owner |= SEEN;
            worker->active[(*msus)++] = worker->active[i];
        }
    }
}

static void skip_tuple(search_worker *worker, size_t tuple) {
    worker->skip[tuple / 64] |= UINT64_C(1) << (tuple % 64);
}

/* Counts the MSUs that single_out left at the front of active, and keeps what supersets of the set
 * need not look at. `columns` are quasi-identifiers. */
static void record(const lb_msu_search *search, search_worker *worker, uint64_t set,
                   const size_t *columns, size_t msus, size_t more) {
    for (size_t i = 0; i < msus; i++) {
        uint32_t tuple = worker->active[i], row = search->tuples.row_of[tuple];
        uint32_t unit = search->tuples.owner[tuple] - 1;
        worker->unit_counts[unit]++;
        if (worker->first_set[unit] == NO_SET) { /* a worker's sets ascend */
            worker->first_set[unit] = set;
            worker->first_row[unit] = row;
        }
        for (unsigned k = 0; k < search->running; k++) {
            uint32_t code = search->table->quasi_identifiers[columns[k]].codes[row];
            worker->value_counts[search->first_value[columns[k]] + code]++;
        }
        skip_tuple(worker, tuple);
    }
    for (size_t i = 0; i < more; i++)
        skip_tuple(worker, worker->keys[i]);
    if (set < search->keep)
        memcpy(search->keeping + set * search->words, worker->skip,
               search->words * sizeof *worker->skip);
}

static int search_column(void *context, size_t piece, unsigned number, lb_error *error) {
    (void)error;
    lb_msu_search *search = context;
    search_worker *worker = &search->workers[number];
    const lb_column *column = &search->table->quasi_identifiers[piece];
    size_t count = 0, msus, more;
    memset(worker->skip, 0, search->words * sizeof *worker->skip);
    for (size_t t = 0; t < search->tuples.count; t++) {
        uint32_t code = column->codes[search->tuples.row_of[t]];
        if (code == LB_CODE_MISSING) {
            skip_tuple(worker, t);
        } else {
            worker->keys[count] = code;
            worker->active[count++] = (uint32_t)t;
        }
    }
    single_out(search, worker, count, (uint64_t)column->distinct + 1, &msus, &more);
    record(search, worker, piece, &piece, msus, more);
    return LB_OK;
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
            set = search->order[set];
        const uint64_t *kept = search->kept + set * search->words;
        for (size_t w = 0; w < search->words; w++)
            worker->skip[w] |= kept[w];
    }
}

static size_t list_active(const lb_msu_search *search, search_worker *worker) {
    size_t count = 0;
    for (size_t base = 0; base < search->tuples.count; base += 64) {
        uint64_t left = ~worker->skip[base / 64];
        if (search->tuples.count - base < 64)
            left &= (UINT64_C(1) << (search->tuples.count - base)) - 1;
        for (; left; left &= left - 1)
            worker->active[count++] = (uint32_t)(base + (size_t)__builtin_ctzll(left));
    }
    return count;
}

static int search_set(void *context, size_t piece, unsigned number, lb_error *error) {
    (void)error;
    lb_msu_search *search = context;
    search_worker *worker = &search->workers[number];
    unsigned size = search->running;
    size_t columns[LB_MSU_SIZE_MAX] = {0}, msus, more;
    columns_of(search, size, piece, columns);
    inherit(search, worker, size, columns);
    size_t count = list_active(search, worker);
    uint64_t domain = search->domain[columns[0]];
    const uint32_t *codes = search->codes[columns[0]];
    for (size_t i = 0; i < count; i++)
        worker->keys[i] = codes[worker->active[i]];
    for (unsigned k = 1; k < size; k++) {
        uint64_t by = search->domain[columns[k]];
        lb_keys_widen(worker->cells, worker->keys, count, &domain, by);
        codes = search->codes[columns[k]];
        for (size_t i = 0; i < count; i++)
            worker->keys[i] = worker->keys[i] * by + codes[worker->active[i]];
    }
    single_out(search, worker, count, domain, &msus, &more);
    for (unsigned k = 0; k < size; k++)
        columns[k] = search->order[columns[k]];
    record(search, worker, piece, columns, msus, more);
    return LB_OK;
}

/* --- all sizes --- */

static int prepare_worker(const lb_msu_search *search, search_worker *worker, lb_error *error) {
    size_t tuples = search->tuples.count, units = search->table->units;
    size_t values = search->first_value[search->columns];
    worker->skip = lb_alloc(search->words, sizeof *worker->skip);
    worker->active = lb_alloc(tuples, sizeof *worker->active);
    worker->keys = lb_alloc(tuples, sizeof *worker->keys);
    worker->direct = lb_alloc(search->direct_cells, sizeof *worker->direct);
    worker->cells = lb_alloc(lb_key_cells_for(tuples), sizeof *worker->cells);
    worker->unit_counts = lb_alloc(units, sizeof *worker->unit_counts);
    worker->value_counts = lb_alloc(values, sizeof *worker->value_counts);
    worker->first_set = lb_alloc(units, sizeof *worker->first_set);
    worker->first_row = lb_alloc(units, sizeof *worker->first_row);
    return worker->skip && worker->active && worker->keys && worker->direct && worker->cells &&
                   worker->unit_counts && worker->value_counts && worker->first_set &&
                   worker->first_row
               ? LB_OK
               : lb_fail_memory(error, "SUDA's workers");
}

static int prepare_workers(lb_msu_search *search, lb_error *error) {
    size_t tuples = search->tuples.count;
    search->words = (tuples + 63) / 64;
    search->direct_cells = 4 * tuples > SMALL_DOMAIN ? 4 * tuples : SMALL_DOMAIN;
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
    for (size_t v = 0; v < search->first_value[search->columns]; v++) {
        uint64_t count = 0;
        for (unsigned w = 0; w < search->threads; w++)
            count += search->workers[w].value_counts[v];
        search->value_scores[v] += weight * (double)count;
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
    int status = lb_parallel(search->threads, (size_t)plan->sets,
                             size == 1 ? search_column : search_set, search, error);
    lb_free(search->kept);
    search->kept = search->keeping;
    search->keeping = NULL;
    if (status == LB_OK)
        fold_counts(search, weight);
    return status;
}

/* Codes of a column after the single columns were searched: only values that several units share
 * can be in a larger MSU, so they alone are numbered. */
static int recode_column(lb_msu_search *search, size_t from, uint64_t *domain, uint32_t **codes,
                         lb_error *error) {
    const lb_column *column = &search->table->quasi_identifiers[from];
    const uint64_t *skip = search->kept + from * search->words;
    uint32_t *number = lb_alloc_zero((size_t)column->distinct + 1, sizeof *number);
    *codes = lb_alloc(search->tuples.count, sizeof **codes);
    if (!number || !*codes) {
        lb_free(number);
        return lb_fail_memory(error, "numbering values for SUDA");
    }
    for (size_t t = 0; t < search->tuples.count; t++)
        if (!(skip[t / 64] >> (t % 64) & 1))
            number[column->codes[search->tuples.row_of[t]]] = 1;
    uint32_t next = 0;
    for (size_t code = 0; code <= column->distinct; code++)
        number[code] = number[code] ? next++ : 0;
    for (size_t t = 0; t < search->tuples.count; t++)
        (*codes)[t] = number[column->codes[search->tuples.row_of[t]]];
    *domain = next ? next : 1;
    lb_free(number);
    return LB_OK;
}

/* Insertion by falling domain, equal ones in the table's order. */
static int order_columns(lb_msu_search *search, lb_error *error) {
    for (size_t c = 0; c < search->columns; c++) {
        uint64_t domain = 1;
        uint32_t *codes = NULL;
        int status = recode_column(search, c, &domain, &codes, error);
        if (status < 0) {
            lb_free(codes);
            return status;
        }
        size_t at = c;
        for (; at > 0 && search->domain[at - 1] < domain; at--) {
            search->order[at] = search->order[at - 1];
            search->domain[at] = search->domain[at - 1];
            search->codes[at] = search->codes[at - 1];
        }
        search->order[at] = c;
        search->domain[at] = domain;
        search->codes[at] = codes;
    }
    return LB_OK;
}

static int search_all(lb_msu_search *search, const lb_msu_options *options, lb_error *error) {
    int status = lb_tuples_merge(&search->tuples, search->table, error);
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
        lb_free(worker->active);
        lb_free(worker->keys);
        lb_free(worker->direct);
        lb_free(worker->cells);
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
    search->order = lb_alloc_zero(columns, sizeof *search->order);
    search->domain = lb_alloc_zero(columns, sizeof *search->domain);
    search->codes = lb_alloc_zero(columns, sizeof *search->codes);
    search->sizes = lb_alloc_zero(search->max_size, sizeof *search->sizes);
    search->first_value = lb_alloc_zero(columns + 1, sizeof *search->first_value);
    search->scores = lb_alloc_zero(units, sizeof *search->scores);
    search->firsts = lb_alloc_zero(units, sizeof *search->firsts);
    if (!search->order || !search->domain || !search->codes || !search->sizes ||
        !search->first_value || !search->scores || !search->firsts)
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
    if (table->rows >= SEEN - 1 || table->units >= SEEN - 1)
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
    for (size_t c = 0; search->codes && c < search->columns; c++)
        lb_free(search->codes[c]);
    lb_tuples_free(&search->tuples);
    lb_free(search->order);
    lb_free(search->domain);
    lb_free(search->codes);
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
        size_t column = search->order[columns[k]];
        unsigned at = k;
        for (; at > 0 && columns[at - 1] > column; at--)
            columns[at] = columns[at - 1];
        columns[at] = column;
    }
}

const uint32_t *lb_msu_search_class_sizes(const lb_msu_search *search) {
    return search->tuples.class_sizes;
}
