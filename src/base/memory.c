#include "base/memory.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic uint64_t fail_countdown; /* 0: off; 1: fail; n: n - 1 more succeed (tests only) */

void lb_memory_fail_after(uint64_t n) {
    atomic_store(&fail_countdown, n);
}

static int refused(void) {
    uint64_t left = atomic_load_explicit(&fail_countdown, memory_order_relaxed);
    while (left > 1)
        if (atomic_compare_exchange_weak(&fail_countdown, &left, left - 1))
            return 0;
    return left == 1;
}

static size_t product(size_t count, size_t size) {
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes ? bytes : 1;
}

void *lb_alloc(size_t count, size_t size) {
    size_t bytes = product(count, size);
    return bytes == SIZE_MAX || refused() ? NULL : malloc(bytes);
}

void *lb_alloc_zero(size_t count, size_t size) {
    return product(count, size) == SIZE_MAX || refused()
               ? NULL
               : calloc(count ? count : 1, size ? size : 1);
}

void *lb_resize(void *block, size_t count, size_t size) {
    size_t bytes = product(count, size);
    return bytes == SIZE_MAX || refused() ? NULL : realloc(block, bytes);
}

void lb_free(void *block) {
    free(block);
}

void lb_memory_trim(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

uint64_t lb_memory_of_files(void) {
    FILE *file = fopen("/proc/self/statm", "r"); /* pages: in all, in memory, of them of files */
    if (!file)
        return 0;
    unsigned long of_files = 0;
    int read = fscanf(file, "%*u %*u %lu", &of_files);
    fclose(file);
    return read == 1 ? (uint64_t)of_files * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

void *lb_grow(void *items, size_t *capacity, size_t need, size_t size, lb_error *error) {
    if (items && need <= *capacity)
        return items;
    size_t wanted = *capacity < 16 ? 16 : *capacity + *capacity / 2;
    if (wanted < need)
        wanted = need;
    void *grown = lb_resize(items, wanted, size);
    if (grown)
        *capacity = wanted;
    else
        lb_fail_memory(error, "growing an array");
    return grown;
}

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, ALIGNMENT = 16 };

typedef struct arena_block {
    struct arena_block *older;
    size_t used, size;
    _Alignas(ALIGNMENT) char bytes[];
} arena_block;

struct lb_arena {
    arena_block *newest;
    size_t bytes;
};

lb_arena *lb_arena_new(void) {
    return lb_alloc_zero(1, sizeof(lb_arena));
}

static void free_blocks(arena_block *block) {
    while (block) {
        arena_block *older = block->older;
        lb_free(block);
        block = older;
    }
}

void lb_arena_free(lb_arena *arena) {
    if (!arena)
        return;
    free_blocks(arena->newest);
    lb_free(arena);
}

void lb_arena_reset(lb_arena *arena) {
    arena_block *kept = NULL;
    for (arena_block *block = arena->newest; block; block = block->older)
        if (!kept || block->size > kept->size)
            kept = block;
    for (arena_block *block = arena->newest; block;) {
        arena_block *older = block->older;
        if (block != kept)
            lb_free(block);
        block = older;
    }
    arena->newest = kept;
    arena->bytes = 0;
    if (kept) {
        kept->older = NULL;
        kept->used = 0;
        arena->bytes = kept->size;
    }
}

void *lb_arena_alloc(lb_arena *arena, size_t count, size_t size) {
    size_t bytes = product(count, size);
    if (bytes > SIZE_MAX - 2 * ALIGNMENT - sizeof(arena_block))
        return NULL;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena_block *block = arena->newest;
    if (!block || block->size - block->used < bytes) {
        size_t wanted = block ? block->size * 2 : FIRST_BLOCK;
        if (wanted > LARGEST_BLOCK)
            wanted = LARGEST_BLOCK;
        if (wanted < bytes)
            wanted = bytes;
        arena_block *fresh = lb_alloc(1, sizeof(arena_block) + wanted);
        if (!fresh)
            return NULL;
        *fresh = (arena_block){.older = block, .size = wanted};
        arena->newest = block = fresh;
        arena->bytes += wanted;
    }
    void *result = block->bytes + block->used;
    block->used += bytes;
    return result;
}

char *lb_arena_copy(lb_arena *arena, const char *data, size_t size) {
    if (size == SIZE_MAX)
        return NULL;
    char *copy = lb_arena_alloc(arena, size + 1, 1);
    if (!copy)
        return NULL;
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

size_t lb_arena_bytes(const lb_arena *arena) {
    return arena->bytes;
}
