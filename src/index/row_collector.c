#include "index/row_collector.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "index/row_set.h"

enum { RECENT_VALUES = 256 };

struct lb_row_columns {
    const lb_attribute *attributes;
    size_t attribute_count;
    size_t *source; /* [columns]: the attribute a column is made of; quasi-identifiers first */
    size_t columns, quasi_identifiers;
    size_t weight;      /* the attribute of the weight, or attribute_count */
    lb_keyset **values; /* [columns] */
};

/* A value this thread has looked up before: saves the lock of the shared dictionary. */
typedef struct recent_value {
    uint64_t hash;
    uint32_t code; /* 0: empty */
} recent_value;

struct lb_row_collector {
    lb_row_columns *columns;
    bool keep_all;
    uint32_t *rows; /* [count][1 + columns]: unit, then codes in arrival order, 0 = missing */
    uint32_t *records;
    lb_fixed_weight *weights; /* NULL where the corpus has no weight */
    size_t count, capacity;
    uint32_t *slots; /* 1 + row, by hash of the row; unused with keep_all */
    size_t mask;
    recent_value *recent; /* [columns][RECENT_VALUES] */
    uint32_t *row;        /* scratch */
};

int lb_row_columns_new(lb_row_columns **out, const lb_attribute *attributes, size_t attribute_count,
                       lb_error *error) {
    lb_row_columns *columns = lb_alloc_zero(1, sizeof *columns);
    if (!columns)
        return lb_fail_memory(error, "starting the table");
    *columns = (lb_row_columns){.attributes = attributes,
                                .attribute_count = attribute_count,
                                .weight = attribute_count,
                                .source = lb_alloc(attribute_count, sizeof(size_t)),
                                .values = lb_alloc_zero(attribute_count, sizeof(lb_keyset *))};
    if (!columns->source || !columns->values) {
        lb_row_columns_free(columns);
        return lb_fail_memory(error, "starting the table");
    }
    for (size_t i = 0; i < attribute_count; i++)
        if (attributes[i].use == LB_ATTRIBUTE_QUASI_IDENTIFIER)
            columns->source[columns->columns++] = i;
    columns->quasi_identifiers = columns->columns;
    for (size_t i = 0; i < attribute_count; i++) {
        if (attributes[i].use == LB_ATTRIBUTE_SENSITIVE)
            columns->source[columns->columns++] = i;
        if (attributes[i].use == LB_ATTRIBUTE_WEIGHT)
            columns->weight = i;
    }
    for (size_t i = 0; i < columns->columns; i++) {
        int status = lb_keyset_new(&columns->values[i], true, error);
        if (status < 0) {
            lb_row_columns_free(columns);
            return status;
        }
    }
    *out = columns;
    return LB_OK;
}

void lb_row_columns_free(lb_row_columns *columns) {
    if (!columns)
        return;
    for (size_t i = 0; columns->values && i < columns->columns; i++)
        lb_keyset_free(columns->values[i]);
    lb_free(columns->values);
    lb_free(columns->source);
    lb_free(columns);
}

int lb_row_collector_new(lb_row_collector **out, lb_row_columns *columns, bool keep_all,
                         lb_error *error) {
    lb_row_collector *collector = lb_alloc_zero(1, sizeof *collector);
    if (!collector)
        return lb_fail_memory(error, "starting the table");
    collector->columns = columns;
    collector->keep_all = keep_all;
    collector->recent = lb_alloc_zero(columns->columns * RECENT_VALUES, sizeof(recent_value));
    collector->row = lb_alloc_zero(1 + columns->columns, sizeof(uint32_t));
    if (!collector->recent || !collector->row) {
        lb_row_collector_free(collector);
        return lb_fail_memory(error, "starting the table");
    }
    *out = collector;
    return LB_OK;
}

void lb_row_collector_free(lb_row_collector *collector) {
    if (!collector)
        return;
    lb_free(collector->rows);
    lb_free(collector->records);
    lb_free(collector->weights);
    lb_free(collector->slots);
    lb_free(collector->recent);
    lb_free(collector->row);
    lb_free(collector);
}

static int code_of(lb_row_collector *collector, size_t column, lb_str value, uint32_t *code,
                   lb_error *error) {
    *code = LB_CODE_MISSING;
    if (!value.data)
        return LB_OK;
    uint64_t hash = lb_hash_str(value);
    recent_value *recent = &collector->recent[column * RECENT_VALUES + hash % RECENT_VALUES];
    if (recent->code != 0 && recent->hash == hash) {
        *code = recent->code;
        return LB_OK;
    }
    uint32_t number;
    int status = lb_keyset_add(collector->columns->values[column], value, hash, &number, error);
    if (status < 0)
        return status;
    *recent = (recent_value){hash, number + 1};
    *code = number + 1;
    return LB_OK;
}

static bool is_weighted(const lb_row_columns *columns) {
    return columns->weight < columns->attribute_count;
}

static size_t row_width(const lb_row_collector *collector) {
    return 1 + collector->columns->columns;
}

static uint64_t row_hash(const uint32_t *row, size_t width) {
    return lb_hash(row, width * sizeof(uint32_t));
}

static int enlarge_slots(lb_row_collector *collector, lb_error *error) {
    size_t slots = collector->slots ? (collector->mask + 1) * 2 : 1024,
           width = row_width(collector);
    uint32_t *fresh = lb_alloc_zero(slots, sizeof *fresh);
    if (!fresh)
        return lb_fail_memory(error, "growing the table");
    for (size_t i = 0; i < collector->count; i++) {
        size_t at = (size_t)row_hash(collector->rows + i * width, width) & (slots - 1);
        while (fresh[at] != 0)
            at = (at + 1) & (slots - 1);
        fresh[at] = (uint32_t)i + 1;
    }
    lb_free(collector->slots);
    collector->slots = fresh;
    collector->mask = slots - 1;
    return LB_OK;
}

/* Grows the arrays of a full collector. Their one capacity changes when all have grown. */
static int grow_rows(lb_row_collector *collector, lb_error *error) {
    size_t now = collector->capacity, rows = now, records = now, weights = now;
    void *grown =
        lb_grow(collector->rows, &rows, now + 1, row_width(collector) * sizeof(uint32_t), error);
    if (!grown)
        return LB_E_RESOURCE;
    collector->rows = grown;
    grown = lb_grow(collector->records, &records, rows, sizeof(uint32_t), error);
    if (!grown)
        return LB_E_RESOURCE;
    collector->records = grown;
    if (is_weighted(collector->columns)) {
        grown = lb_grow(collector->weights, &weights, rows, sizeof(lb_fixed_weight), error);
        if (!grown)
            return LB_E_RESOURCE;
        collector->weights = grown;
    }
    collector->capacity = rows;
    return LB_OK;
}

/* Appends the scratch row, without records yet. */
static int append_row(lb_row_collector *collector, lb_error *error) {
    size_t width = row_width(collector);
    if (collector->count >= UINT32_MAX - 1)
        return lb_fail(error, LB_E_RESOURCE, "table", "audit the corpus in parts",
                       "more than four thousand million rows");
    int status = collector->count == collector->capacity ? grow_rows(collector, error) : LB_OK;
    if (status < 0)
        return status;
    memcpy(collector->rows + collector->count * width, collector->row, width * sizeof(uint32_t));
    if (collector->weights)
        collector->weights[collector->count] = 0;
    collector->records[collector->count++] = 0;
    return LB_OK;
}

/* The place of the scratch row, old or new. */
static int place_row(lb_row_collector *collector, size_t *place, lb_error *error) {
    size_t width = row_width(collector);
    if (collector->keep_all) {
        *place = collector->count;
        return append_row(collector, error);
    }
    int status = LB_OK;
    if (!collector->slots || collector->count * 2 >= collector->mask)
        status = enlarge_slots(collector, error);
    if (status < 0)
        return status;
    size_t at = (size_t)row_hash(collector->row, width) & collector->mask;
    for (; collector->slots[at] != 0; at = (at + 1) & collector->mask) {
        *place = collector->slots[at] - 1;
        if (memcmp(collector->rows + *place * width, collector->row, width * sizeof(uint32_t)) == 0)
            return LB_OK;
    }
    *place = collector->count;
    status = append_row(collector, error);
    if (status == LB_OK)
        collector->slots[at] = (uint32_t)collector->count;
    return status;
}

/* A weight as the corpus writes it; what is no number above 0 (or beyond 1e18) counts as 1. */
static double weight_of(lb_str text) {
    char copy[64];
    if (!text.data || text.size == 0 || text.size >= sizeof copy)
        return 1;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    char *end;
    double weight = strtod(copy, &end);
    return *end == '\0' && weight > 0 && weight <= 1e18 ? weight : 1;
}

int lb_row_collector_add(lb_row_collector *collector, uint32_t unit, const lb_str *values,
                         lb_error *error) {
    const lb_row_columns *columns = collector->columns;
    collector->row[0] = unit;
    for (size_t i = 0; i < columns->columns; i++) {
        int status =
            code_of(collector, i, values[columns->source[i]], &collector->row[1 + i], error);
        if (status < 0)
            return status;
    }
    size_t place;
    int status = place_row(collector, &place, error);
    if (status < 0)
        return status;
    collector->records[place]++;
    if (collector->weights)
        collector->weights[place] += lb_fixed_of(weight_of(values[columns->weight]));
    return LB_OK;
}

typedef struct owned_table {
    lb_table table;
    lb_arena *arena;
} owned_table;

void lb_table_free(lb_table *table) {
    if (table)
        lb_arena_free(((owned_table *)table)->arena);
}

/* Whether all values are finite numbers, and which. */
static const double *numbers_of(lb_arena *arena, const lb_str *values, uint32_t distinct) {
    double *numbers = lb_arena_alloc(arena, distinct + 1u, sizeof *numbers);
    if (!numbers || distinct == 0)
        return NULL;
    numbers[0] = NAN;
    for (uint32_t i = 1; i <= distinct; i++) {
        char copy[64], *end;
        if (values[i].size == 0 || values[i].size >= sizeof copy)
            return NULL;
        memcpy(copy, values[i].data, values[i].size);
        copy[values[i].size] = '\0';
        if (strspn(copy, "+-.0123456789eE") != values[i].size)
            return NULL;
        numbers[i] = strtod(copy, &end);
        if (*end != '\0' || !isfinite(numbers[i]))
            return NULL;
    }
    return numbers;
}

/* Dictionary of one column, and codes[arrival code] -> final code in *recode (lb_free). */
static int finish_column(lb_arena *arena, const lb_row_columns *columns, size_t column,
                         lb_column *out, uint32_t **recode, lb_error *error) {
    lb_ranked_key *keys = NULL;
    uint32_t *ranks = NULL;
    int status = lb_keyset_ranks(columns->values[column], LB_KEY_ORDER_BYTES, &keys, &ranks, error);
    if (status < 0)
        return status;
    uint32_t distinct = lb_keyset_count(columns->values[column]);
    lb_str *values = lb_arena_alloc(arena, distinct + 1u, sizeof *values);
    const char *name = columns->attributes[columns->source[column]].name;
    const char *name_copy = lb_arena_copy(arena, name, strlen(name));
    *recode = lb_alloc(distinct + 1u, sizeof **recode);
    bool failed = !values || !name_copy || !*recode;
    for (uint32_t i = 0; !failed && i < distinct; i++) {
        values[i + 1] =
            (lb_str){lb_arena_copy(arena, keys[i].key.data, keys[i].key.size), keys[i].key.size};
        failed = !values[i + 1].data;
        (*recode)[i + 1] = ranks[i] + 1;
    }
    lb_free(keys);
    lb_free(ranks);
    if (failed)
        return lb_fail_memory(error, "finishing the table");
    values[0] = (lb_str){NULL, 0};
    (*recode)[0] = LB_CODE_MISSING;
    *out = (lb_column){.name = lb_str_of(name_copy),
                       .distinct = distinct,
                       .values = values,
                       .numbers = numbers_of(arena, values, distinct)};
    return LB_OK;
}

/* All rows of all collectors: the unit's final number, then final codes. */
static void fill(lb_row_set *set, lb_row_collector *const *collectors, size_t collector_count,
                 const uint32_t *ranks, uint32_t *const *recode, uint32_t *row) {
    size_t columns = set->columns - 1;
    for (size_t c = 0; c < collector_count; c++) {
        const lb_row_collector *collector = collectors[c];
        for (size_t i = 0; i < collector->count; i++) {
            const uint32_t *from = collector->rows + i * set->columns;
            row[0] = ranks ? ranks[from[0]] : 0;
            for (size_t k = 0; k < columns; k++)
                row[k + 1] = recode[k][from[k + 1]];
            lb_row_set_add(set, row, collector->records[i],
                           collector->weights ? collector->weights[i] : 0);
        }
    }
}

/* Writes the sorted rows into the table. */
static int write_rows(const lb_row_set *set, bool by_unit, owned_table *owned, lb_column *columns,
                      lb_error *error) {
    size_t rows = set->count;
    lb_arena *arena = owned->arena;
    uint32_t *unit = lb_arena_alloc(arena, rows, sizeof *unit);
    uint32_t *records = lb_arena_alloc(arena, rows, sizeof *records);
    double *weights = set->weights ? lb_arena_alloc(arena, rows, sizeof *weights) : NULL;
    if (!unit || !records || (set->weights && !weights))
        return lb_fail_memory(error, "finishing the table");
    for (size_t k = 0; k + 1 < set->columns; k++) {
        uint32_t *codes = lb_arena_alloc(arena, rows, sizeof *codes);
        if (!codes)
            return lb_fail_memory(error, "finishing the table");
        lb_row_set_unpack(set, k + 1, codes);
        columns[k].codes = codes;
    }
    if (by_unit)
        lb_row_set_unpack(set, 0, unit);
    for (size_t i = 0; !by_unit && i < rows; i++)
        unit[i] = (uint32_t)i;
    memcpy(records, set->records, rows * sizeof *records);
    for (size_t i = 0; weights && i < rows; i++)
        weights[i] = lb_weight_of_fixed(set->weights[i]);
    owned->table.rows = rows;
    owned->table.unit = unit;
    owned->table.records = records;
    owned->table.weights = weights;
    return LB_OK;
}

static int order_rows(const lb_row_columns *columns, lb_row_collector *const *collectors,
                      size_t count, const uint32_t *ranks, uint32_t *const *recode,
                      owned_table *owned, lb_column *out, lb_error *error) {
    size_t rows = 0, width = 1 + columns->columns;
    for (size_t c = 0; c < count; c++)
        rows += collectors[c]->count;
    if (rows >= UINT32_MAX)
        return lb_fail(error, LB_E_RESOURCE, "table", "audit the corpus in parts",
                       "more than four thousand million rows");
    uint32_t *maximum = lb_alloc(width, sizeof *maximum), *row = lb_alloc(width, sizeof *row);
    lb_row_set set = {0};
    int status = maximum && row ? LB_OK : lb_fail_memory(error, "finishing the table");
    if (status == LB_OK) {
        maximum[0] = ranks && owned->table.units > 0 ? (uint32_t)(owned->table.units - 1) : 0;
        for (size_t k = 0; k < columns->columns; k++)
            maximum[k + 1] = out[k].distinct;
        status = lb_row_set_open(&set, rows, maximum, width, is_weighted(columns), error);
    }
    if (status == LB_OK) {
        fill(&set, collectors, count, ranks, recode, row);
        status = lb_row_set_sort(&set, ranks != NULL, error);
    }
    if (status == LB_OK) {
        if (!ranks)
            owned->table.units = rows;
        status = write_rows(&set, ranks != NULL, owned, out, error);
    }
    lb_row_set_close(&set);
    lb_free(maximum);
    lb_free(row);
    return status;
}

int lb_row_collector_finish(lb_row_columns *columns, lb_row_collector *const *collectors,
                            size_t count, const uint32_t *ranks, size_t units, lb_table **table,
                            lb_error *error) {
    lb_arena *arena = lb_arena_new();
    owned_table *owned = arena ? lb_arena_alloc(arena, 1, sizeof *owned) : NULL;
    lb_column *out = owned ? lb_arena_alloc(arena, columns->columns, sizeof *out) : NULL;
    uint32_t **recode = lb_alloc_zero(columns->columns, sizeof *recode);
    int status = out && recode ? LB_OK : lb_fail_memory(error, "finishing the table");
    for (size_t k = 0; status == LB_OK && k < columns->columns; k++)
        status = finish_column(arena, columns, k, &out[k], &recode[k], error);
    if (status == LB_OK) {
        size_t quasi = columns->quasi_identifiers;
        *owned = (owned_table){.arena = arena,
                               .table = {.units = units,
                                         .quasi_identifiers = out,
                                         .quasi_identifier_count = quasi,
                                         .sensitive = out + quasi,
                                         .sensitive_count = columns->columns - quasi}};
        status = order_rows(columns, collectors, count, ranks, recode, owned, out, error);
    }
    for (size_t k = 0; recode && k < columns->columns; k++)
        lb_free(recode[k]);
    lb_free(recode);
    if (status < 0) {
        lb_arena_free(arena);
        return status;
    }
    *table = &owned->table;
    return LB_OK;
}
