#include "audit/side/directory.h"

#include <stdlib.h>

#include "base/hash.h"
#include "text/id_fold.h"

static int by_folded(const void *left, const void *right) {
    const lb_directory_entry *a = left, *b = right;
    return a->folded != b->folded ? (a->folded > b->folded) - (a->folded < b->folded)
                                  : (a->unit > b->unit) - (a->unit < b->unit);
}

static int fold(lb_directory *directory, lb_str id, uint64_t *hash, lb_error *error) {
    int status = lb_id_fold(id, &directory->scratch, error);
    *hash = lb_hash_str(lb_buffer_str(&directory->scratch));
    return status;
}

int lb_directory_make(lb_directory *out, const lb_unit_facts *facts, size_t units,
                      lb_error *error) {
    *out = (lb_directory){.facts = facts};
    for (size_t i = 0; facts && i < units; i++)
        out->units += facts[i].key.data != NULL;
    out->units = out->units == units ? units : 0; /* records have no ids */
    out->entries = lb_alloc(out->units, sizeof *out->entries);
    int status = out->entries ? LB_OK : lb_fail_memory(error, "listing the people of the corpus");
    for (size_t i = 0; status == LB_OK && i < out->units; i++) {
        out->entries[i].unit = (uint32_t)i;
        status = fold(out, facts[i].key, &out->entries[i].folded, error);
    }
    if (status < 0) {
        lb_directory_free(out);
        return status;
    }
    if (out->units > 1)
        qsort(out->entries, out->units, sizeof *out->entries, by_folded);
    return LB_OK;
}

int lb_directory_of_column(lb_directory *out, const lb_column *column, lb_error *error) {
    lb_unit_facts *facts = lb_alloc_zero(column->distinct, sizeof *facts);
    *out = (lb_directory){0};
    if (!facts)
        return lb_fail_memory(error, "listing the values of a field");
    for (uint32_t i = 0; i < column->distinct; i++) {
        facts[i].key = column->values[i + 1];
        facts[i].hash = lb_hash_str(facts[i].key);
    }
    int status = lb_directory_make(out, facts, column->distinct, error);
    if (status < 0)
        lb_free(facts);
    else
        out->own = facts;
    return status;
}

void lb_directory_free(lb_directory *directory) {
    lb_free(directory->own);
    lb_free(directory->entries);
    lb_buffer_free(&directory->scratch);
    *directory = (lb_directory){0};
}

static size_t first_of(const lb_directory *directory, uint64_t folded) {
    size_t low = 0, high = directory->units;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (directory->entries[middle].folded < folded)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int lb_directory_find(lb_directory *directory, lb_str id, lb_hits *found, lb_error *error) {
    uint64_t folded, exact = lb_hash_str(id);
    *found = (lb_hits){0};
    int status = fold(directory, id, &folded, error);
    if (status < 0)
        return status;
    size_t first = first_of(directory, folded), end = first;
    for (; end < directory->units && directory->entries[end].folded == folded; end++)
        if (directory->facts[directory->entries[end].unit].hash == exact) {
            *found = (lb_hits){true, &directory->entries[end], 1};
            return LB_OK;
        }
    *found = (lb_hits){.first = directory->entries + first, .count = end - first};
    return LB_OK;
}

int lb_listed_add(lb_listed *listed, const lb_directory *directory, lb_str id, const lb_hits *found,
                  lb_error *error) {
    listed->ids++;
    if (found->exact)
        return LB_OK;
    if (found->count == 0)
        return listed->unknown++ > 0 ? LB_OK
                                     : lb_buffer_append(&listed->example, id.data, id.size, error);
    listed->folded++;
    listed->several += found->count > 1;
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < found->count; i++) {
        unsigned differences = 0;
        status =
            lb_id_differences(id, directory->facts[found->first[i].unit].key, &differences, error);
        listed->differences |= differences;
    }
    return status;
}

int lb_directory_code(lb_directory *directory, lb_str value, lb_listed *listed, size_t *code,
                      bool *folded, lb_error *error) {
    lb_hits found;
    int status = lb_directory_find(directory, value, &found, error);
    if (status < 0)
        return status;
    if (found.count > 1)
        found.count = 0;
    *code = found.count == 1 ? found.first->unit + (size_t)1 : SIZE_MAX;
    *folded = found.count == 1 && !found.exact;
    return lb_listed_add(listed, directory, value, &found, error);
}

void lb_listed_free(lb_listed *listed) {
    lb_buffer_free(&listed->example);
    *listed = (lb_listed){0};
}
