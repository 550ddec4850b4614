#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>

int lb_buffer_reserve(lb_buffer *buffer, size_t more, lb_error *error) {
    if (more > SIZE_MAX / 2 - buffer->size)
        return lb_fail_memory(error, "growing a buffer");
    char *grown = lb_grow(buffer->data, &buffer->capacity, buffer->size + more, 1, error);
    if (!grown)
        return LB_E_RESOURCE;
    buffer->data = grown;
    return LB_OK;
}

int lb_buffer_append(lb_buffer *buffer, const void *data, size_t size, lb_error *error) {
    int status = lb_buffer_reserve(buffer, size, error);
    if (status < 0)
        return status;
    if (size)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return LB_OK;
}

int lb_buffer_printf(lb_buffer *buffer, lb_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return lb_fail(error, LB_E_RESOURCE, "text", "report this as a bug", "cannot format \"%s\"",
                       format);
    int status = lb_buffer_reserve(buffer, (size_t)length + 1, error);
    if (status < 0)
        return status;
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->size += (size_t)length;
    return LB_OK;
}

void lb_buffer_free(lb_buffer *buffer) {
    lb_free(buffer->data);
    *buffer = (lb_buffer){0};
}
