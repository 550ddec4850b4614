#include "risk/suda_search.h"

#include <string.h>

#include "base/thread.h"

/* The owner of a tuple or a group: a unit + 1, or MANY. SEEN marks a group already counted. */
static const uint32_t MANY = UINT32_MAX, SEEN = UINT32_C(1) << 31;
static const size_t SMALL_DOMAIN = 1 << 16;
static const uint64_t SET_COST = 1024;

/* rows[0 ... msus-1] as in lb_msu_list; the following rows, up to `excluded`, are those that no
 * superset need look at besides: further tuples of the same unit and values, or missing values. All
 * are tuple numbers until the search is over. */
typedef struct found_list {
    uint32_t *rows;
    uint32_t msus, excluded;
} found_list;

typedef struct group_cell {
    uint64_t key;
    uint32_t owner; /* 0: empty */
} group_cell;

/* Scratch of one worker. */
typedef struct search_worker {
    uint64_t *skip;    /* bit per tuple */
    uint32_t *active;  /* [tuples] */
    uint64_t *keys;    /* [tuples], beside active */
    uint32_t *direct;  /* [direct_cells] owners where the domain is small */
    group_cell *cells; /* [cell_count], a power of two: open addressing */
} search_worker;

struct lb_msu_search {
    const lb_table *table;
    size_t tuples;
    uint32_t *row_of; /* [tuples] a row of the table */
    uint32_t *owner;  /* [tuples] */
    uint32_t *class_sizes;
    size_t columns;
    size_t *order;      /* [columns] quasi-identifiers by falling `domain` */
    uint64_t *domain;   /* [columns] in that order: values that several units share */
    uint32_t **codes;   /* [columns] in that order: [tuples], below domain */
    uint64_t *binomial; /* [columns + 1][max_size + 1] */
    unsigned max_size;
    lb_msu_size *sizes; /* [max_size] */
    found_list **found; /* [max_size][sets] */
    size_t direct_cells, cell_count;
    unsigned threads;
    search_worker *workers;
    unsigned running; /* the size being searched */
};

static uint64_t binomial(const lb_msu_search *search, size_t n, unsigned k) {
    return k > n ? 0 : search->binomial[n * (search->max_size + 1) + k];
}

static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93u;
    return x ^ (x >> 32);
}

/* The cell of `key`; sets *fresh where it was empty. There is always an empty cell. */
static inline size_t cell_of(group_cell *cells, size_t mask, uint64_t key) {
    size_t at = (size_t)mix(key) & mask;
    while (cells[at].owner && cells[at].key != key)
        at = (at + 1) & mask;
    cells[at].key = key;
    return at;
}

static inline uint32_t joined(uint32_t owner, uint32_t other) {
    return owner == 0 || owner == other ? other : MANY;
}

static size_t cells_for(size_t items) {
    size_t count = 64;
    while (count < 2 * items)
        count *= 2;
    return count;
}

/* Replaces keys by the numbers of their cells: exact ranks below the number of cells. */
static uint64_t compress_keys(group_cell *cells, uint64_t *keys, size_t count) {
    size_t size = cells_for(count);
    memset(cells, 0, size * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        size_t at = cell_of(cells, size - 1, keys[i]);
        cells[at].owner = MANY;
        keys[i] = at;
    }
    return size;
}

/* Widens *domain to hold one more column; compresses the keys first where that would overflow. */
static void widen(group_cell *cells, uint64_t *keys, size_t count, uint64_t *domain, uint64_t by) {
    if (by != 0 && *domain > UINT64_MAX / 2 / by)
        *domain = compress_keys(cells, keys, count);
    *domain *= by;
}

/* --- tuples --- */

typedef struct tuple_scratch {
    uint64_t *keys;    /* [rows] */
    group_cell *cells; /* owner: tuple number + 1 */
    uint32_t *last;    /* [tuples] last unit counted */
    uint32_t *units;   /* [tuples] units that have it */
    uint32_t *tuple;   /* [rows] */
} tuple_scratch;

static bool has_missing(const lb_table *table, size_t row) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++)
        if (table->quasi_identifiers[c].codes[row] == LB_CODE_MISSING)
            return true;
    return false;
}

static void number_tuples(lb_msu_search *search, tuple_scratch *scratch) {
    const lb_table *table = search->table;
    uint64_t domain = 1;
    memset(scratch->keys, 0, table->rows * sizeof *scratch->keys);
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        const lb_column *column = &table->quasi_identifiers[c];
        uint64_t values = (uint64_t)column->distinct + 1;
        widen(scratch->cells, scratch->keys, table->rows, &domain, values);
        for (size_t r = 0; r < table->rows; r++)
            scratch->keys[r] = scratch->keys[r] * values + column->codes[r];
    }
    size_t size = cells_for(table->rows);
    memset(scratch->cells, 0, size * sizeof *scratch->cells);
    for (size_t r = 0; r < table->rows; r++) {
        group_cell *cell = &scratch->cells[cell_of(scratch->cells, size - 1, scratch->keys[r])];
        if (cell->owner == 0) {
            search->row_of[search->tuples] = (uint32_t)r;
            search->owner[search->tuples] = 0;
            scratch->units[search->tuples] = 0;
            cell->owner = (uint32_t)++search->tuples;
        }
        size_t tuple = cell->owner - 1;
        uint32_t unit = table->unit[r];
        if (scratch->units[tuple] == 0 || scratch->last[tuple] != unit)
            scratch->units[tuple]++;
        scratch->last[tuple] = unit;
        search->owner[tuple] = joined(search->owner[tuple], unit + 1);
        scratch->tuple[r] = (uint32_t)tuple;
    }
}

static void measure_classes(lb_msu_search *search, const tuple_scratch *scratch) {
    const lb_table *table = search->table;
    memset(search->class_sizes, 0, table->units * sizeof *search->class_sizes);
    for (size_t r = 0; r < table->rows; r++) {
        uint32_t size = scratch->units[scratch->tuple[r]];
        uint32_t *smallest = &search->class_sizes[table->unit[r]];
        if ((*smallest == 0 || size < *smallest) && !has_missing(table, r))
            *smallest = size;
    }
}

static int merge_rows(lb_msu_search *search, lb_error *error) {
    size_t rows = search->table->rows;
    tuple_scratch scratch = {
        .keys = lb_alloc(rows, sizeof *scratch.keys),
        .cells = lb_alloc(cells_for(rows), sizeof *scratch.cells),
        .last = lb_alloc(rows, sizeof *scratch.last),
        .units = lb_alloc(rows, sizeof *scratch.units),
        .tuple = lb_alloc(rows, sizeof *scratch.tuple),
    };
    search->row_of = lb_alloc(rows, sizeof *search->row_of);
    search->owner = lb_alloc(rows, sizeof *search->owner);
    search->class_sizes = lb_alloc(search->table->units, sizeof *search->class_sizes);
    int status = LB_OK;
    if (scratch.keys && scratch.cells && scratch.last && scratch.units && scratch.tuple &&
        search->row_of && search->owner && search->class_sizes) {
        number_tuples(search, &scratch);
        measure_classes(search, &scratch);
    } else {
        status = lb_fail_memory(error, "merging rows for SUDA");
    }
    lb_free(scratch.keys);
    lb_free(scratch.cells);
    lb_free(scratch.last);
    lb_free(scratch.units);
    lb_free(scratch.tuple);
    return status;
}

/* --- one set of columns --- */

/* Keeps the groups with one owner of worker->active, whose owners stand at cells[slot of i]. */
static int keep_found(search_worker *worker, size_t msus, size_t more, const uint32_t *missing,
                      size_t missing_count, found_list *found, lb_error *error) {
    size_t total = msus + more + missing_count;
    *found = (found_list){.msus = (uint32_t)msus, .excluded = (uint32_t)total};
    if (total == 0)
        return LB_OK;
    found->rows = lb_alloc(total, sizeof *found->rows);
    if (!found->rows)
        return lb_fail_memory(error, "keeping minimal sample uniques");
    memcpy(found->rows, worker->active, msus * sizeof *found->rows);
    for (size_t i = 0; i < more; i++)
        found->rows[msus + i] = (uint32_t)worker->keys[i];
    if (missing_count)
        memcpy(found->rows + msus + more, missing, missing_count * sizeof *missing);
    return LB_OK;
}

/* Groups the active tuples by key. The first of each group with one owner moves to the front of
 * active, the others of such a group to the front of keys. */
static void single_out(const lb_msu_search *search, search_worker *worker, size_t count,
                       uint64_t domain, size_t *msus, size_t *more) {
    bool direct = domain <= search->direct_cells && (domain <= SMALL_DOMAIN || domain / 4 <= count);
    size_t mask = cells_for(count) - 1;
    if (direct) {
        memset(worker->direct, 0, (size_t)domain * sizeof *worker->direct);
        for (size_t i = 0; i < count; i++) {
            uint32_t *owner = &worker->direct[worker->keys[i]];
            *owner = joined(*owner, search->owner[worker->active[i]]);
        }
    } else {
        memset(worker->cells, 0, (mask + 1) * sizeof *worker->cells);
        for (size_t i = 0; i < count; i++) {
            size_t at = cell_of(worker->cells, mask, worker->keys[i]);
            worker->cells[at].owner =
                joined(worker->cells[at].owner, search->owner[worker->active[i]]);
            worker->keys[i] = at;
        }
    }
    *msus = *more = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t *owner =
            direct ? &worker->direct[worker->keys[i]] : &worker->cells[worker->keys[i]].owner;
        if (*owner == MANY)
            continue;
        if (*owner & SEEN) {
            worker->keys[(*more)++] = worker->active[i];
        } else {
            *owner |= SEEN;
            worker->active[(*msus)++] = worker->active[i];
        }
    }
}

static int search_column(void *context, size_t piece, unsigned number, lb_error *error) {
    lb_msu_search *search = context;
    search_worker *worker = &search->workers[number];
    const lb_column *column = &search->table->quasi_identifiers[piece];
    size_t count = 0, missing = 0, msus, more;
    uint32_t *absent = (uint32_t *)worker->skip; /* the bits are not used for single columns */
    for (size_t t = 0; t < search->tuples; t++) {
        uint32_t code = column->codes[search->row_of[t]];
        if (code == LB_CODE_MISSING) {
            absent[missing++] = (uint32_t)t;
        } else {
            worker->keys[count] = code;
            worker->active[count++] = (uint32_t)t;
        }
    }
    single_out(search, worker, count, (uint64_t)column->distinct + 1, &msus, &more);
    return keep_found(worker, msus, more, absent, missing, &search->found[0][piece], error);
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

/* Marks in worker->skip what the proper subsets of `columns` exclude. */
static void mark_excluded(const lb_msu_search *search, search_worker *worker, unsigned size,
                          const size_t *columns) {
    memset(worker->skip, 0, (search->tuples / 64 + 1) * sizeof *worker->skip);
    for (uint32_t subset = 1; subset + 1 < UINT32_C(1) << size; subset++) {
        uint64_t set = 0;
        unsigned members = 0;
        for (unsigned k = 0; k < size; k++)
            if (subset >> k & 1)
                set += binomial(search, columns[k], ++members);
        const found_list *found = &search->found[members - 1][set];
        for (size_t i = 0; i < found->excluded; i++)
            worker->skip[found->rows[i] / 64] |= UINT64_C(1) << (found->rows[i] % 64);
    }
}

static size_t list_active(const lb_msu_search *search, search_worker *worker) {
    size_t count = 0;
    for (size_t base = 0; base < search->tuples; base += 64) {
        uint64_t left = ~worker->skip[base / 64];
        if (search->tuples - base < 64)
            left &= (UINT64_C(1) << (search->tuples - base)) - 1;
        for (; left; left &= left - 1)
            worker->active[count++] = (uint32_t)(base + (size_t)__builtin_ctzll(left));
    }
    return count;
}

static int search_set(void *context, size_t piece, unsigned number, lb_error *error) {
    lb_msu_search *search = context;
    search_worker *worker = &search->workers[number];
    unsigned size = search->running;
    size_t columns[LB_MSU_SIZE_MAX] = {0}, msus, more;
    columns_of(search, size, piece, columns);
    mark_excluded(search, worker, size, columns);
    size_t count = list_active(search, worker);
    uint64_t domain = search->domain[columns[0]];
    const uint32_t *codes = search->codes[columns[0]];
    for (size_t i = 0; i < count; i++)
        worker->keys[i] = codes[worker->active[i]];
    for (unsigned k = 1; k < size; k++) {
        uint64_t by = search->domain[columns[k]];
        widen(worker->cells, worker->keys, count, &domain, by);
        codes = search->codes[columns[k]];
        for (size_t i = 0; i < count; i++)
            worker->keys[i] = worker->keys[i] * by + codes[worker->active[i]];
    }
    single_out(search, worker, count, domain, &msus, &more);
    return keep_found(worker, msus, more, NULL, 0, &search->found[size - 1][piece], error);
}

/* --- all sizes --- */

static int prepare_workers(lb_msu_search *search, lb_error *error) {
    size_t tuples = search->tuples;
    search->direct_cells = 4 * tuples > SMALL_DOMAIN ? 4 * tuples : SMALL_DOMAIN;
    search->cell_count = cells_for(tuples);
    search->workers = lb_alloc_zero(search->threads, sizeof *search->workers);
    if (!search->workers)
        return lb_fail_memory(error, "SUDA's workers");
    for (unsigned w = 0; w < search->threads; w++) {
        search_worker *worker = &search->workers[w];
        worker->skip = lb_alloc(tuples / 2 + 1, sizeof *worker->skip);
        worker->active = lb_alloc(tuples, sizeof *worker->active);
        worker->keys = lb_alloc(tuples, sizeof *worker->keys);
        worker->direct = lb_alloc(search->direct_cells, sizeof *worker->direct);
        worker->cells = lb_alloc(search->cell_count, sizeof *worker->cells);
        if (!worker->skip || !worker->active || !worker->keys || !worker->direct || !worker->cells)
            return lb_fail_memory(error, "SUDA's workers");
    }
    return LB_OK;
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

/* Over how many of the first columns the size can be searched with what is left of the budget. */
static void plan_size(lb_msu_search *search, unsigned size, uint64_t *budget) {
    lb_msu_size *plan = &search->sizes[size - 1];
    uint64_t cost = search->tuples + SET_COST + (UINT64_C(1) << size), affordable = *budget / cost;
    size_t columns = size == 1 ? search->columns : search->sizes[size - 2].columns;
    while (columns >= size && binomial(search, columns, size) > affordable && size > 1)
        columns--;
    plan->columns = columns < size ? 0 : columns;
    plan->sets = binomial(search, plan->columns, size);
    plan->sets_all = binomial(search, search->columns, size);
    uint64_t spent = plan->sets > *budget / cost ? *budget : plan->sets * cost;
    *budget -= spent;
}

static int run_size(lb_msu_search *search, unsigned size, uint64_t *budget, lb_error *error) {
    plan_size(search, size, budget);
    lb_msu_size *plan = &search->sizes[size - 1];
    search->running = size;
    search->found[size - 1] = lb_alloc_zero((size_t)plan->sets, sizeof *search->found[0]);
    if (!search->found[size - 1]) {
        plan->sets = 0;
        return lb_fail_memory(error, "listing sets of columns");
    }
    int status = lb_parallel(search->threads, (size_t)plan->sets,
                             size == 1 ? search_column : search_set, search, error);
    for (uint64_t i = 0; status == LB_OK && i < plan->sets; i++)
        plan->msus += search->found[size - 1][i].msus;
    return status;
}

/* Codes of a column after the single columns were searched: only values that several units share
 * can be in a larger MSU, so they alone are numbered. */
static int recode_column(lb_msu_search *search, size_t from, uint64_t *domain, uint32_t **codes,
                         lb_error *error) {
    const lb_column *column = &search->table->quasi_identifiers[from];
    const found_list *found = &search->found[0][from];
    uint32_t *number = lb_alloc_zero((size_t)column->distinct + 1, sizeof *number);
    *codes = lb_alloc(search->tuples, sizeof **codes);
    if (!number || !*codes) {
        lb_free(number);
        return lb_fail_memory(error, "numbering values for SUDA");
    }
    for (size_t t = 0; t < search->tuples; t++)
        number[column->codes[search->row_of[t]]] = 1;
    number[LB_CODE_MISSING] = 0;
    for (uint32_t i = 0; i < found->excluded; i++)
        number[column->codes[search->row_of[found->rows[i]]]] = 0;
    uint32_t next = 0;
    for (size_t code = 0; code <= column->distinct; code++)
        number[code] = number[code] ? next++ : 0;
    for (size_t t = 0; t < search->tuples; t++)
        (*codes)[t] = number[column->codes[search->row_of[t]]];
    *domain = next ? next : 1;
    lb_free(number);
    return LB_OK;
}

/* Insertion by falling domain, equal ones in the table's order; carries `found` along. */
static int order_columns(lb_msu_search *search, lb_error *error) {
    for (size_t c = 0; c < search->columns; c++) {
        uint64_t domain = 1;
        uint32_t *codes = NULL;
        int status = recode_column(search, c, &domain, &codes, error);
        if (status < 0) {
            lb_free(codes);
            return status;
        }
        found_list found = search->found[0][c];
        size_t at = c;
        for (; at > 0 && search->domain[at - 1] < domain; at--) {
            search->order[at] = search->order[at - 1];
            search->domain[at] = search->domain[at - 1];
            search->codes[at] = search->codes[at - 1];
            search->found[0][at] = search->found[0][at - 1];
        }
        search->order[at] = c;
        search->domain[at] = domain;
        search->codes[at] = codes;
        search->found[0][at] = found;
    }
    return LB_OK;
}

/* Hands the lists out as rows of the table. */
static int publish(lb_msu_search *search, lb_error *error) {
    for (unsigned s = 0; s < search->max_size; s++) {
        lb_msu_size *size = &search->sizes[s];
        size->lists = lb_alloc((size_t)size->sets, sizeof *size->lists);
        if (!size->lists)
            return lb_fail_memory(error, "listing minimal sample uniques");
        for (uint64_t i = 0; i < size->sets; i++) {
            found_list *found = &search->found[s][i];
            for (uint32_t k = 0; k < found->msus; k++)
                found->rows[k] = search->row_of[found->rows[k]];
            size->lists[i] = (lb_msu_list){found->rows, found->msus};
        }
    }
    return LB_OK;
}

static int search_all(lb_msu_search *search, uint64_t budget, lb_error *error) {
    int status = merge_rows(search, error);
    if (status == LB_OK)
        status = fill_binomials(search, error);
    if (status == LB_OK)
        status = prepare_workers(search, error);
    for (unsigned size = 1; status == LB_OK && size <= search->max_size; size++) {
        status = run_size(search, size, &budget, error);
        if (status == LB_OK && size == 1)
            status = order_columns(search, error);
    }
    return status == LB_OK ? publish(search, error) : status;
}

static void free_workers(lb_msu_search *search) {
    for (unsigned w = 0; search->workers && w < search->threads; w++) {
        lb_free(search->workers[w].skip);
        lb_free(search->workers[w].active);
        lb_free(search->workers[w].keys);
        lb_free(search->workers[w].direct);
        lb_free(search->workers[w].cells);
    }
    lb_free(search->workers);
    search->workers = NULL;
}

int lb_msu_search_run(lb_msu_search **out, const lb_table *table, unsigned max_size,
                      uint64_t budget, unsigned threads, lb_error *error) {
    *out = NULL;
    size_t columns = table->quasi_identifier_count;
    if (table->rows >= SEEN - 1 || table->units >= SEEN - 1)
        return lb_fail(error, LB_E_RESOURCE, "SUDA", "audit a sample of the table",
                       "the table has more than 2^31 rows");
    lb_msu_search *search = lb_alloc_zero(1, sizeof *search);
    if (!search)
        return lb_fail_memory(error, "SUDA");
    search->table = table;
    search->columns = columns;
    search->max_size = max_size < columns ? max_size : (unsigned)columns;
    if (search->max_size > LB_MSU_SIZE_MAX)
        search->max_size = LB_MSU_SIZE_MAX;
    search->threads = threads ? threads : 1;
    search->order = lb_alloc_zero(columns, sizeof *search->order);
    search->domain = lb_alloc_zero(columns, sizeof *search->domain);
    search->codes = lb_alloc_zero(columns, sizeof *search->codes);
    search->sizes = lb_alloc_zero(search->max_size, sizeof *search->sizes);
    search->found = lb_alloc_zero(search->max_size, sizeof *search->found);
    int status = LB_OK;
    if (!search->order || !search->domain || !search->codes || !search->sizes || !search->found)
        status = lb_fail_memory(error, "SUDA");
    if (status == LB_OK)
        status = search_all(search, budget, error);
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
    for (unsigned s = 0; search->sizes && search->found && s < search->max_size; s++) {
        for (uint64_t i = 0; search->found[s] && i < search->sizes[s].sets; i++)
            lb_free(search->found[s][i].rows);
        lb_free(search->found[s]);
        lb_free(search->sizes[s].lists);
    }
    lb_free(search->row_of);
    lb_free(search->owner);
    lb_free(search->class_sizes);
    lb_free(search->order);
    lb_free(search->domain);
    lb_free(search->codes);
    lb_free(search->binomial);
    lb_free(search->sizes);
    lb_free(search->found);
    lb_free(search);
}

const lb_msu_size *lb_msu_search_size(const lb_msu_search *search, unsigned size) {
    return &search->sizes[size - 1];
}

void lb_msu_search_columns(const lb_msu_search *search, unsigned size, uint64_t set,
                           size_t columns[LB_MSU_SIZE_MAX]) {
    columns_of(search, size, set, columns);
    for (unsigned k = 0; k < size; k++) {
        size_t column = search->order[columns[k]];
        unsigned at = k;
        for (; at > 0 && columns[at - 1] > column; at--)
            columns[at] = columns[at - 1];
        columns[at] = column;
    }
}

const uint32_t *lb_msu_search_class_sizes(const lb_msu_search *search) {
    return search->class_sizes;
}
