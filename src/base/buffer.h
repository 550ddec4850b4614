/* A growable run of bytes. The struct may live on the stack: {0} is an empty buffer. */
#ifndef LB_BASE_BUFFER_H
#define LB_BASE_BUFFER_H

#include "base/memory.h"
#include "base/str.h"

typedef struct lb_buffer {
    char *data;
    size_t size, capacity;
} lb_buffer;

int lb_buffer_reserve(lb_buffer *buffer, size_t more,
                      lb_error *error); /* room for `more` bytes behind size */
int lb_buffer_append(lb_buffer *buffer, const void *data, size_t size, lb_error *error);
int lb_buffer_printf(lb_buffer *buffer, lb_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void lb_buffer_free(lb_buffer *buffer); /* leaves {0} */
static inline lb_str lb_buffer_str(const lb_buffer *buffer) {
    return (lb_str){buffer->data, buffer->size};
}

#endif
