/* The one door to the heap: every allocation of liblinkback goes through it, so that the tests can
 * make the n-th one fail and see that nothing leaks, crashes or is half-written.
 *
 * Sizes are given as count and size of an element and multiplied with an overflow check.
 * Memory from here is freed with lb_free (NULL is allowed).
 */
#ifndef LB_BASE_MEMORY_H
#define LB_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "linkback/error.h"

void *lb_alloc(size_t count, size_t size);      /* not cleared; NULL on failure or overflow */
void *lb_alloc_zero(size_t count, size_t size); /* cleared */
void *lb_resize(void *block, size_t count, size_t size); /* the old block stays valid on failure */
void lb_free(void *block);

/* Makes room for at least `need` elements in a growable array: `items` (element size `size`; NULL
 * at first) with capacity `*capacity` (elements) grows geometrically. Returns where the array now
 * stands; NULL when memory is short (LB_E_RESOURCE), and then the array is as it was. */
void *lb_grow(void *items, size_t *capacity, size_t need, size_t size, lb_error *error);

/* Gives memory that was freed back to the system, as far as the allocator can: for those who have
 * just freed much of it in many pieces and must stay within a budget. */
void lb_memory_trim(void);

/* Bytes of mapped files that are in memory now; 0 where the system does not say. A few
 * microseconds. */
uint64_t lb_memory_of_files(void);

/* Tests only: the allocation number `n` from now (1 = the next) and all later ones fail; 0 turns it
 * off. */
void lb_memory_fail_after(uint64_t n);

/* An arena hands out memory that is freed all at once. Not thread-safe: one owner. */
typedef struct lb_arena lb_arena;
lb_arena *lb_arena_new(void);         /* NULL: out of memory */
void lb_arena_free(lb_arena *arena);  /* NULL is allowed */
void lb_arena_reset(lb_arena *arena); /* frees what was handed out, keeps the largest block */
void *lb_arena_alloc(lb_arena *arena, size_t count,
                     size_t size); /* aligned to 16; NULL: out of memory */
char *lb_arena_copy(lb_arena *arena, const char *data,
                    size_t size);             /* adds a NUL; NULL: out of memory */
size_t lb_arena_bytes(const lb_arena *arena); /* what it holds from the heap */

#endif
