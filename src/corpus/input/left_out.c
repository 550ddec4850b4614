#include "corpus/input/left_out.h"

#include <stdlib.h>
#include <string.h>

int lb_left_outs_add(lb_left_outs *list, lb_left_out item, lb_error *error) {
    uint64_t others = list->all - list->unread;
    bool listed = (item.unread ? list->unread : others) < LB_LEFT_OUT_MAX;
    if (listed) {
        void *grown = lb_grow(list->items, &list->capacity, list->count + 1, sizeof item, error);
        if (!grown)
            return LB_E_RESOURCE;
        list->items = grown;
        list->items[list->count++] = item;
    }
    list->all++;
    list->unread += item.unread;
    return LB_OK;
}

static int by_need(const void *left, const void *right) {
    const lb_left_out *a = left, *b = right;
    return a->unread != b->unread ? (int)b->unread - (int)a->unread : strcmp(a->path, b->path);
}

void lb_left_outs_sort(lb_left_outs *list) {
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, by_need);
}

void lb_left_outs_free(lb_left_outs *list) {
    lb_free(list->items);
    *list = (lb_left_outs){0};
}
