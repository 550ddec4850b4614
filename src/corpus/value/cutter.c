#include "corpus/value/cutter.h"

#include <string.h>

lb_cutter lb_cutter_begin(lb_cut cut, char delimiter) {
    return (lb_cutter){.cut = cut, .delimiter = delimiter};
}

static size_t next_line(const char *data, size_t size, bool *complete) {
    const char *end = memchr(data, '\n', size);
    *complete = end != NULL;
    return end ? (size_t)(end - data) + 1 : size;
}

static size_t next_row(lb_cutter *cutter, const char *data, size_t size, bool *complete) {
    size_t at = 0;
    *complete = false;
    while (at < size && !*complete)
        *complete = lb_row_step(&cutter->row, data[at++], cutter->delimiter);
    if (*complete)
        cutter->row = (lb_row){0};
    return at;
}

size_t lb_cutter_next(lb_cutter *cutter, const char *data, size_t size, bool *complete) {
    return cutter->cut == LB_CUT_LINES ? next_line(data, size, complete)
                                       : next_row(cutter, data, size, complete);
}
