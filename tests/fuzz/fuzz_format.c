/* A format file made of hostile bytes is read, or refused with a place and a remedy. */
#include <stdlib.h>

#include "corpus/mapping/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lb_arena *arena = lb_arena_new();
    lb_format format;
    lb_error error = {0};
    int status =
        lb_format_read(&format, (lb_str){(const char *)data, size}, "f.yaml", arena, &error);
    if (status < 0 && (error.where[0] == '\0' || error.mend[0] == '\0'))
        abort();
    if (status == LB_OK && !format.name)
        abort();
    lb_arena_free(arena);
    return 0;
}
