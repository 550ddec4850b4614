/* The cutter and the parser of CSV must agree: a row that the cutter found and that is well-formed
 * holds no line end outside quotes. */
#include <stdlib.h>

#include "corpus/value/csv.h"
#include "corpus/value/cutter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lb_arena *arena = lb_arena_new();
    lb_cutter cutter = lb_cutter_begin(LB_CUT_ROWS, ',');
    lb_str *cells = NULL;
    size_t capacity = 0;
    for (size_t at = 0; at < size;) {
        bool complete;
        const char *row = (const char *)data + at, *what;
        size_t length = lb_cutter_next(&cutter, row, size - at, &complete), count;
        at += length;
        if (!complete)
            break;
        if (lb_csv_cut((lb_str){row, length - 1}, ',', LB_QUOTES, &cells, &capacity, &count, arena,
                       &what, NULL) != 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            bool in_row = cells[i].data > row && cells[i].data < row + length;
            bool quoted = !in_row || cells[i].data[-1] == '"';
            if (!quoted && memchr(cells[i].data, '\n', cells[i].size))
                abort();
        }
    }
    lb_free(cells);
    lb_arena_free(arena);
    return 0;
}
