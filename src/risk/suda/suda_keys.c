#include "risk/suda/suda_keys.h"

#include <string.h>

size_t lb_key_cells_for(size_t items) {
    size_t count = 64;
    while (count < 2 * items)
        count *= 2;
    return count;
}

/* Replaces keys by the numbers of their cells: exact ranks below the number of cells. */
static uint64_t compress_keys(lb_key_cell *cells, uint64_t *keys, size_t count) {
    size_t size = lb_key_cells_for(count);
    memset(cells, 0, size * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        lb_key_cell_ahead(cells, size - 1, keys, i, count);
        size_t at = lb_key_cell_of(cells, size - 1, keys[i]);
        cells[at].owner = LB_OWNER_MANY;
        keys[i] = at;
    }
    return size;
}

void lb_keys_widen(lb_key_cell *cells, uint64_t *keys, size_t count, uint64_t *domain,
                   uint64_t by) {
    if (by != 0 && *domain > UINT64_MAX / 2 / by)
        *domain = compress_keys(cells, keys, count);
    *domain *= by;
}
