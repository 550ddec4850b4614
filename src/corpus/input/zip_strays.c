#include "corpus/input/zip_strays.h"

#include <stdio.h>
#include <string.h>

enum {
    END_SIZE = 22,
    LOCATOR_SIZE = 20, /* of the 64-bit end */
    END_64_SIZE = 56,
    ENTRY_SIZE = 46,
    LOCAL_SIZE = 30,
    DESCRIPTOR_MOST = 24,
    COMMENT_MOST = 0xFFFF,
    HAS_DESCRIPTOR = 1 << 3,
    EXTRA_64 = 1
};

typedef struct zip {
    FILE *file; /* NULL: held */
    lb_str held;
    uint64_t size;
    uint64_t directory, directory_size; /* where it begins */
    uint64_t tail;                      /* from here to `end` the directory's end records */
    uint64_t end;                       /* of the archive */
} zip;

static uint64_t number(const char *at, size_t size) {
    uint64_t value = 0;
    while (size > 0)
        value = value << 8 | (unsigned char)at[--size];
    return value;
}

static bool get(const zip *z, uint64_t at, char *into, size_t size) {
    if (at > z->size || size > z->size - at)
        return false;
    if (!z->file) {
        memcpy(into, z->held.data + at, size);
        return true;
    }
    return fseeko(z->file, (off_t)at, SEEK_SET) == 0 && fread(into, 1, size, z->file) == size;
}

/* The end of the directory where the archive has more or larger members than 32 bits can count. */
static void find_end_64(zip *z, uint64_t end) {
    char locator[LOCATOR_SIZE], record[END_64_SIZE];
    if (end < LOCATOR_SIZE || !get(z, end - LOCATOR_SIZE, locator, sizeof locator) ||
        memcmp(locator, "PK\6\7", 4) != 0)
        return;
    uint64_t at = number(locator + 8, 8);
    if (!get(z, at, record, sizeof record) || memcmp(record, "PK\6\6", 4) != 0)
        return;
    z->directory_size = number(record + 40, 8);
    z->directory = number(record + 48, 8);
    z->tail = at;
}

static bool find_end(zip *z, char *last, size_t size) {
    if (!get(z, z->size - size, last, size))
        return false;
    for (size_t at = size - END_SIZE + 1; at-- > 0;) {
        const char *record = last + at;
        size_t comment = (size_t)number(record + 20, 2);
        if (memcmp(record, "PK\5\6", 4) != 0 || comment > size - at - END_SIZE)
            continue;
        z->directory_size = number(record + 12, 4);
        z->directory = number(record + 16, 4);
        z->tail = z->size - size + at;
        z->end = z->tail + END_SIZE + comment;
        find_end_64(z, z->tail);
        return true;
    }
    return false;
}

/* Of an entry of the directory: the bytes that its member has in the file, and whether there may be a
 * descriptor behind it. */
static uint64_t packed_size(const char *entry, size_t name, size_t extra) {
    uint64_t packed = number(entry + 20, 4);
    const char *field = entry + ENTRY_SIZE + name, *end = field + extra;
    while (packed == UINT32_MAX && end - field >= 4) {
        size_t size = (size_t)number(field + 2, 2),
               skip = number(entry + 24, 4) == UINT32_MAX ? 8 : 0;
        if (number(field, 2) == EXTRA_64 && size >= skip + 8 && (size_t)(end - field) >= skip + 12)
            return number(field + 4 + skip, 8);
        field += 4 + size;
    }
    return packed;
}

/* The bytes of all members, descriptors at their largest; false: the directory is damaged. */
static bool add_members(const zip *z, const char *directory, uint64_t shift, uint64_t *members) {
    *members = 0;
    for (uint64_t at = 0; at < z->directory_size;) {
        const char *entry = directory + at;
        char local[LOCAL_SIZE];
        if (z->directory_size - at < ENTRY_SIZE || memcmp(entry, "PK\1\2", 4) != 0)
            return false;
        size_t name = (size_t)number(entry + 28, 2), extra = (size_t)number(entry + 30, 2);
        size_t size = ENTRY_SIZE + name + extra + (size_t)number(entry + 32, 2);
        uint64_t offset = number(entry + 42, 4);
        if (z->directory_size - at < size)
            return false;
        *members += packed_size(entry, name, extra) + LOCAL_SIZE + name;
        if (number(entry + 8, 2) & HAS_DESCRIPTOR)
            *members += DESCRIPTOR_MOST;
        if (offset != UINT32_MAX && get(z, offset + shift, local, sizeof local))
            *members += number(local + 28, 2);
        else
            *members += extra;
        at += size;
    }
    return true;
}

static int count(const zip *z, uint64_t *bytes, lb_error *error) {
    *bytes = z->size; /* until its directory was understood */
    if (z->directory_size > z->tail || z->directory > z->tail - z->directory_size)
        return LB_OK;
    uint64_t start = z->tail - z->directory_size, members;
    char *directory = lb_alloc((size_t)z->directory_size + 1, 1);
    if (!directory)
        return lb_fail_memory(error, "looking through a zip archive");
    if (get(z, start, directory, (size_t)z->directory_size) &&
        add_members(z, directory, start - z->directory, &members))
        *bytes = z->size - z->end + (start > members ? start - members : 0);
    lb_free(directory);
    return LB_OK;
}

static int count_from_end(zip *z, uint64_t *bytes, lb_error *error) {
    size_t size = z->size < END_SIZE + COMMENT_MOST ? (size_t)z->size : END_SIZE + COMMENT_MOST;
    char *last = size < END_SIZE ? NULL : lb_alloc(size, 1);
    if (size >= END_SIZE && !last)
        return lb_fail_memory(error, "looking through a zip archive");
    int status = LB_OK;
    if (last && find_end(z, last, size))
        status = count(z, bytes, error);
    else
        *bytes = z->size; /* more stands behind the end than its comment could */
    lb_free(last);
    return status;
}

int lb_zip_strays(uint64_t *bytes, const char *file, lb_str held, lb_error *error) {
    zip z = {.held = held, .size = held.size};
    *bytes = 0;
    if (file) {
        z.file = fopen(file, "rb");
        off_t size = z.file && fseeko(z.file, 0, SEEK_END) == 0 ? ftello(z.file) : -1;
        z.size = size > 0 ? (uint64_t)size : 0;
    }
    int status = z.size > 0 ? count_from_end(&z, bytes, error) : LB_OK;
    if (z.file)
        fclose(z.file);
    return status;
}
