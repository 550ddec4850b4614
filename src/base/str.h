/* A view of bytes that someone else owns: no terminator is promised, NUL bytes are allowed.
 * data == NULL means "missing"; data != NULL with size 0 is an empty value. */
#ifndef LB_BASE_STR_H
#define LB_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct lb_str {
    const char *data;
    size_t size;
} lb_str;

/* LB_STR is an expression; LB_STR_INIT initializes static objects. */
#define LB_STR_INIT(literal)                                                                       \
    { (literal), sizeof(literal) - 1 }
#define LB_STR(literal) ((lb_str)LB_STR_INIT(literal))

static inline lb_str lb_str_of(const char *text) {
    return (lb_str){text, text ? strlen(text) : 0};
}

static inline bool lb_str_equal(lb_str a, lb_str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline uint64_t lb_str_count_lines(lb_str text) { /* its line feeds */
    uint64_t lines = 0;
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    return lines;
}

/* Byte order, shorter first on a common prefix: the one order of all values in linkback. */
static inline int lb_str_compare(lb_str a, lb_str b) {
    size_t n = a.size < b.size ? a.size : b.size;
    int order = n ? memcmp(a.data, b.data, n) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

#endif
