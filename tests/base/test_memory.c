#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"

static void an_arena_hands_out_aligned_memory_that_does_not_overlap(void **state) {
    (void)state;
    lb_arena *arena = lb_arena_new();
    char *last = NULL;
    for (size_t size = 0; size < 5000; size += 13) {
        char *block = lb_arena_alloc(arena, size, 1);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 16, 0);
        assert_ptr_not_equal(block, last);
        memset(block, (int)(size & 0x7F), size);
        last = block;
    }
    assert_string_equal(lb_arena_copy(arena, "abcdef", 3), "abc");
    assert_true(lb_arena_bytes(arena) > 0);
    lb_arena_reset(arena);
    assert_non_null(lb_arena_alloc(arena, 1, 1));
    assert_null(lb_arena_alloc(arena, SIZE_MAX / 2, 3)); /* the product overflows */
    assert_null(lb_arena_alloc(arena, SIZE_MAX - 8, 1));
    lb_arena_free(arena);
    lb_arena_free(NULL);
}

static void a_growing_array_keeps_its_content_and_survives_a_refusal(void **state) {
    (void)state;
    size_t capacity = 0, *items = lb_grow(NULL, &capacity, 0, sizeof *items, NULL);
    lb_error error = {0};
    assert_non_null(items); /* NULL says failure only, so even an array of none stands somewhere */
    for (size_t i = 0; i < 1000; i++) {
        items = lb_grow(items, &capacity, i + 1, sizeof *items, &error);
        assert_non_null(items);
        items[i] = i;
    }
    lb_memory_fail_after(1);
    size_t before = capacity;
    assert_null(lb_grow(items, &capacity, capacity + 1, sizeof *items, &error));
    assert_int_equal(error.code, LB_E_RESOURCE);
    lb_memory_fail_after(0);
    assert_int_equal(capacity, before);
    assert_null(lb_grow(items, &capacity, SIZE_MAX / 4, sizeof *items, NULL));
    assert_int_equal(capacity, before);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    lb_free(items);
}

static void a_buffer_appends_bytes_and_formatted_text(void **state) {
    (void)state;
    lb_buffer buffer = {0};
    assert_int_equal(lb_buffer_append(&buffer, "a\0b", 3, NULL), 0);
    assert_int_equal(lb_buffer_printf(&buffer, NULL, "-%d-%s", 42, "x"), 0);
    assert_int_equal(buffer.size, 8);
    assert_memory_equal(buffer.data, "a\0b-42-x", 8);
    assert_int_equal(lb_buffer_reserve(&buffer, SIZE_MAX - 2, NULL), LB_E_RESOURCE);
    lb_buffer_free(&buffer);
    assert_null(buffer.data);
}

/* The system counts in every thread for itself and adds up now and then: a page or two may lack. */
static void mapped_files_are_counted_while_their_pages_are_in_memory(void **state) {
    (void)state;
    enum { SIZE = 1 << 24, SLACK = 1 << 22 };
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), SIZE), 0);
    char *data = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    assert_ptr_not_equal(data, MAP_FAILED);
    uint64_t before = lb_memory_of_files();
    assert_true(before > 0);
    memset(data, 1, SIZE);
    assert_true(lb_memory_of_files() >= before + SIZE - SLACK);
    assert_int_equal(madvise(data, SIZE, MADV_DONTNEED), 0);
    assert_true(lb_memory_of_files() <= before + SLACK);
    assert_int_equal(data[SIZE / 2], 1);
    munmap(data, SIZE);
    fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_hands_out_aligned_memory_that_does_not_overlap),
        cmocka_unit_test(a_growing_array_keeps_its_content_and_survives_a_refusal),
        cmocka_unit_test(mapped_files_are_counted_while_their_pages_are_in_memory),
        cmocka_unit_test(a_buffer_appends_bytes_and_formatted_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
