#include "base/resource_table.h"

const lb_resource *lb_resource_all(size_t *count) {
    *count = lb_resource_count;
    return lb_resources;
}

const lb_resource *lb_resource_find(const char *path) {
    for (size_t i = 0; i < lb_resource_count; i++)
        if (strcmp(lb_resources[i].path, path) == 0)
            return &lb_resources[i];
    return NULL;
}
