#define _GNU_SOURCE /* memfd_create */
/* A table beside the corpus from hostile bytes, in the form that the first byte chooses. What must
 * hold: no crash, every row has a cell and none a zero byte, lines go up, errors say what to do. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "corpus/read/side_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(lb_side_row row, bool list) {
    if (row.count == 0 || (list && row.count != 1))
        abort();
    for (size_t i = 0; i < row.count; i++)
        if (row.cells[i].size > 0 && memchr(row.cells[i].data, '\0', row.cells[i].size))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    int file = memfd_create("fuzz", 0);
    char path[64];
    if (file < 0 || write(file, data + 1, size - 1) != (ssize_t)(size - 1))
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool list = data[0] & 1;
    lb_side_form form = {list ? "" : ",;\t", data[0] & 2, data[0] & 4};
    lb_side_table *table;
    lb_side_row row;
    lb_error error = {0};
    uint64_t line = 0;
    int status = lb_side_table_open(&table, path, form, &error);
    while (status >= 0 && (status = lb_side_table_next(table, &row, &error)) == 1) {
        check(row, list);
        if (lb_side_table_line(table) <= line)
            abort();
        line = lb_side_table_line(table);
    }
    if (status < 0 && error.mend[0] == '\0')
        abort();
    lb_side_table_close(table);
    close(file);
    return 0;
}
