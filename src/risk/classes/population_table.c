#include "risk/classes/population_table.h"

#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "risk/classes/traces.h"

typedef struct population_class {
    uint64_t hash;
    /* the values: of each its size + 1 in eight bytes (0: missing), then its bytes */
    const char *key;
    size_t key_size;
    uint64_t people;
} population_class;

struct lb_population_table {
    size_t columns;
    population_class *classes; /* in order of their coming */
    size_t count, capacity;
    uint32_t *slots; /* class + 1; 0: empty */
    size_t mask;     /* slots - 1; at most half of them are taken */
    uint64_t people;
    lb_arena *keys;
    lb_buffer key; /* of what is looked up */
};

int lb_population_table_new(lb_population_table **out, size_t columns, lb_error *error) {
    lb_population_table *population = lb_alloc_zero(1, sizeof *population);
    *out = population;
    if (population) {
        population->columns = columns;
        population->keys = lb_arena_new();
        population->mask = 1023;
        population->slots = lb_alloc_zero(population->mask + 1, sizeof *population->slots);
        if (population->keys && population->slots)
            return LB_OK;
    }
    lb_population_table_free(population);
    *out = NULL;
    return lb_fail_memory(error, "population table");
}

void lb_population_table_free(lb_population_table *population) {
    if (!population)
        return;
    lb_arena_free(population->keys);
    lb_buffer_free(&population->key);
    lb_free(population->classes);
    lb_free(population->slots);
    lb_free(population);
}

size_t lb_population_table_classes(const lb_population_table *population) {
    return population->count;
}

uint64_t lb_population_table_people(const lb_population_table *population) {
    return population->people;
}

static int write_key(lb_buffer *key, const lb_str *values, size_t columns, lb_error *error) {
    key->size = 0;
    for (size_t c = 0; c < columns; c++) {
        uint64_t size = values[c].data ? values[c].size + 1 : 0;
        int status = lb_buffer_append(key, &size, sizeof size, error);
        if (status == LB_OK && values[c].size)
            status = lb_buffer_append(key, values[c].data, values[c].size, error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static uint32_t *find_slot(const lb_population_table *population, uint64_t hash, const char *key,
                           size_t size) {
    size_t at = hash & population->mask;
    for (; population->slots[at]; at = (at + 1) & population->mask) {
        const population_class *class = &population->classes[population->slots[at] - 1];
        if (class->hash == hash && class->key_size == size &&
            (size == 0 || memcmp(class->key, key, size) == 0))
            break;
    }
    return &population->slots[at];
}

static int double_slots(lb_population_table *population, lb_error *error) {
    size_t wider = 2 * population->mask + 1;
    uint32_t *slots = lb_alloc_zero(wider + 1, sizeof *slots);
    if (!slots)
        return lb_fail_memory(error, "population table");
    lb_free(population->slots);
    population->slots = slots;
    population->mask = wider;
    for (size_t i = 0; i < population->count; i++) {
        const population_class *class = &population->classes[i];
        *find_slot(population, class->hash, class->key, class->key_size) = (uint32_t)(i + 1);
    }
    return LB_OK;
}

/* A new class with the key that was written last. */
static int add_class(lb_population_table *population, uint64_t hash, uint64_t people,
                     lb_error *error) {
    if (population->count >= INT32_MAX)
        return lb_fail(error, LB_E_RESOURCE, "population table", "use fewer or coarser columns",
                       "more than %d combinations of values", INT32_MAX);
    population_class *grown = lb_grow(population->classes, &population->capacity,
                                      population->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    population->classes = grown;
    if (2 * (population->count + 1) > population->mask && double_slots(population, error) < 0)
        return LB_E_RESOURCE;
    size_t size = population->key.size;
    const char *key = lb_arena_copy(population->keys, population->key.data, size);
    if (!key)
        return lb_fail_memory(error, "population table");
    uint32_t *slot = find_slot(population, hash, key, size);
    population->classes[population->count++] = (population_class){hash, key, size, people};
    *slot = (uint32_t)population->count;
    return LB_OK;
}

int lb_population_table_add(lb_population_table *population, const lb_str *values, uint64_t people,
                            lb_error *error) {
    uint64_t total;
    if (__builtin_add_overflow(population->people, people, &total))
        return lb_fail(error, LB_E_INPUT, "population table", "check its column of counts",
                       "more people than fit 64 bits");
    int status = people ? write_key(&population->key, values, population->columns, error) : LB_OK;
    if (status < 0 || people == 0)
        return status;
    uint64_t hash = lb_hash_str(lb_buffer_str(&population->key));
    uint32_t slot = *find_slot(population, hash, population->key.data, population->key.size);
    if (slot)
        population->classes[slot - 1].people += people;
    else
        status = add_class(population, hash, people, error);
    if (status == LB_OK)
        population->people = total;
    return status;
}

int lb_population_table_find(const lb_population_table *population, const lb_str *values,
                             uint64_t *people, lb_error *error) {
    lb_buffer key = {0};
    int status = write_key(&key, values, population->columns, error);
    if (status == LB_OK) {
        uint32_t slot =
            *find_slot(population, lb_hash_str(lb_buffer_str(&key)), key.data, key.size);
        *people = slot ? population->classes[slot - 1].people : 0;
    }
    lb_buffer_free(&key);
    return status;
}

static int check_columns(const lb_population_table *population, const lb_table *table,
                         lb_error *error) {
    if (population->columns == table->quasi_identifier_count)
        return LB_OK;
    return lb_fail(error, LB_E_USAGE, "population table",
                   "give it one column for each quasi-identifier, and a count",
                   "%zu columns for %zu quasi-identifiers", population->columns,
                   table->quasi_identifier_count);
}

static void read_values(const lb_table *table, uint32_t row, lb_str *values) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        const lb_column *column = &table->quasi_identifiers[c];
        values[c] = column->values[column->codes[row]];
    }
}

int lb_population_table_add_table(lb_population_table *population, const lb_table *table,
                                  lb_error *error) {
    int status = check_columns(population, table, error);
    if (status < 0)
        return status;
    lb_traces traces;
    lb_str *values = lb_alloc(population->columns, sizeof *values);
    status = values ? lb_traces_of_table(&traces, table, error)
                    : lb_fail_memory(error, "population table");
    if (status == LB_OK) {
        for (uint32_t c = 0; status == LB_OK && c < traces.classes; c++) {
            read_values(table, traces.first_row[c], values);
            status = lb_population_table_add(population, values, traces.sizes[c], error);
        }
        lb_traces_free(&traces);
    }
    lb_free(values);
    return status;
}

/* people[class]: F of each class of the corpus. */
static int match_classes(lb_journalist *out, const lb_population_table *population,
                         const lb_table *table, const lb_traces *traces, lb_str *values,
                         uint64_t *people, lb_error *error) {
    out->delta_min = INFINITY;
    out->k_map = UINT64_MAX;
    for (uint32_t c = 0; c < traces->classes; c++) {
        uint64_t units = traces->sizes[c], known;
        read_values(table, traces->first_row[c], values);
        int status = lb_population_table_find(population, values, &known, error);
        if (status < 0)
            return status;
        out->absent_classes += known == 0;
        out->outgrown_classes += known < units;
        people[c] = known < units ? units : known;
        double share = (double)units / (double)people[c];
        out->delta_min = fmin(out->delta_min, share);
        out->delta_max = fmax(out->delta_max, share);
        out->k_map = people[c] < out->k_map ? people[c] : out->k_map;
    }
    return LB_OK;
}

static void measure_units(lb_journalist *out, const lb_traces *traces, const uint64_t *people) {
    uint64_t above_020 = 0, above_009 = 0, above_005 = 0;
    double units = (double)traces->units;
    for (uint32_t t = 0; t < traces->traces; t++) {
        uint32_t begin = traces->offsets[t], end = traces->offsets[t + 1], members;
        double worst = 0, sum = 0;
        members = traces->members[t];
        for (uint32_t i = begin; i < end; i++) {
            double risk = 1.0 / (double)people[traces->class_of[i]];
            worst = fmax(worst, risk);
            sum += risk;
        }
        above_020 += worst > 0.2 ? members : 0;
        above_009 += worst > 0.09 ? members : 0;
        above_005 += worst > 0.05 ? members : 0;
        out->journalist_max = fmax(out->journalist_max, worst);
        out->journalist_mean += worst * members / units;
        out->marketer += end > begin ? sum / (end - begin) * members / units : 0;
    }
    out->above_020 = (double)above_020 / units;
    out->above_009 = (double)above_009 / units;
    out->above_005 = (double)above_005 / units;
}

int lb_journalist_measure(lb_journalist *out, const lb_population_table *population,
                          const lb_table *table, lb_error *error) {
    *out = (lb_journalist){0};
    int status = check_columns(population, table, error);
    if (status < 0 || table->rows == 0)
        return status;
    lb_traces traces;
    if ((status = lb_traces_of_table(&traces, table, error)) < 0)
        return status;
    uint64_t *people = lb_alloc(traces.classes, sizeof *people);
    lb_str *values = lb_alloc(population->columns, sizeof *values);
    if (!people || !values)
        status = lb_fail_memory(error, "population table");
    else
        status = match_classes(out, population, table, &traces, values, people, error);
    if (status == LB_OK) {
        measure_units(out, &traces, people);
        out->units = traces.units;
        out->classes = traces.classes;
    }
    lb_free(values);
    lb_free(people);
    lb_traces_free(&traces);
    return status;
}
