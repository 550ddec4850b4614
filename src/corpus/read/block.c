#include "corpus/read/block.h"

#include <stdlib.h>

void lb_batch_reset(lb_batch *batch) {
    batch->count = 0;
    if (batch->arena)
        lb_arena_reset(batch->arena);
}

void lb_batch_free(lb_batch *batch) {
    lb_arena_free(batch->arena);
    lb_free(batch->messages);
    *batch = (lb_batch){0};
}

lb_block *lb_block_new(void) {
    return lb_alloc_zero(1, sizeof(lb_block));
}

void lb_block_free(lb_block *block) {
    if (!block)
        return;
    lb_buffer_free(&block->data);
    lb_buffer_free(&block->mended);
    lb_batch_free(&block->batch);
    lb_free(block->rejections.items);
    lb_unsearched_free(&block->unsearched);
    lb_free(block->pieces.items);
    lb_json_parser_free(block->json);
    lb_frames_free(&block->frames);
    lb_arena_free(block->scratch);
    lb_free(block->cells);
    lb_free(block);
}

static int compare_rejections(const void *a, const void *b) {
    const lb_rejection *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->byte < y->byte ? -1 : x->byte > y->byte;
}

void lb_rejections_sort(lb_rejections *list) {
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_rejections);
    if (list->count > LB_REJECTIONS_KEPT)
        list->count = LB_REJECTIONS_KEPT;
}

/* Keeps the first by place, in whatever order blocks are parsed. */
int lb_rejections_add(lb_rejections *list, lb_rejection rejection, lb_error *error) {
    list->total++;
    if (list->count == 2 * LB_REJECTIONS_KEPT)
        lb_rejections_sort(list);
    void *grown = lb_grow(list->items, &list->capacity, list->count + 1, sizeof rejection, error);
    if (!grown)
        return LB_E_RESOURCE;
    list->items = grown;
    list->items[list->count++] = rejection;
    return LB_OK;
}

int lb_block_reject(lb_block *block, uint64_t line, uint64_t byte, size_t size, const char *what,
                    lb_error *error) {
    block->counts.rejected++;
    block->counts.unread_bytes += size;
    return lb_rejections_add(&block->rejections,
                             (lb_rejection){.line = line, .byte = byte, .what = what}, error);
}

int lb_block_reject_piece(lb_block *block, const lb_piece *piece, uint64_t line, lb_error *error) {
    if (!piece->goes_on)
        return lb_block_reject(block, line, block->byte + piece->at, piece->size, piece->fault,
                               error);
    block->counts.unread_bytes += piece->size;
    return LB_OK;
}
