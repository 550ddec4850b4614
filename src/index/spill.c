#define _GNU_SOURCE /* O_TMPFILE, mkostemp */
#include "index/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

int lb_spill_open(const char *folder, lb_error *error) {
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) { /* not every file system can do that */
        char name[4096];
        int length = snprintf(name, sizeof name, "%s/linkback.XXXXXX", folder);
        file = length > 0 && (size_t)length < sizeof name ? mkostemp(name, O_CLOEXEC) : -1;
        if (file >= 0)
            unlink(name);
    }
    if (file < 0)
        lb_fail_errno(error, LB_E_RESOURCE, folder, "cannot make a temporary file", errno);
    return file;
}

int lb_spill_write(int file, const void *data, size_t size, uint64_t at, const char *folder,
                   lb_error *error) {
    for (const char *from = data; size > 0;) {
        ssize_t written = pwrite(file, from, size, (off_t)at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return lb_fail_errno(error, LB_E_RESOURCE, folder, "cannot write a temporary file",
                                 written < 0 ? errno : ENOSPC);
        from += written;
        size -= (size_t)written;
        at += (uint64_t)written;
    }
    return LB_OK;
}

int lb_spill_read(int file, void *data, size_t size, uint64_t at, const char *folder,
                  lb_error *error) {
    for (char *to = data; size > 0;) {
        ssize_t got = pread(file, to, size, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return lb_fail_errno(error, LB_E_RESOURCE, folder, "cannot read a temporary file",
                                 got < 0 ? errno : EIO);
        to += got;
        size -= (size_t)got;
        at += (uint64_t)got;
    }
    return LB_OK;
}

int lb_bulk_make(lb_bulk *bulk, size_t size, bool in_file, const char *folder, lb_error *error) {
    *bulk = (lb_bulk){.size = size};
    if (!in_file || size == 0) {
        bulk->data = lb_alloc(size, 1);
        return bulk->data ? LB_OK : lb_fail_memory(error, "making room for the index");
    }
    int file = lb_spill_open(folder, error);
    if (file < 0)
        return LB_E_RESOURCE;
    int failed = posix_fallocate(file, 0, (off_t)size);
    void *data = MAP_FAILED;
    if (failed == 0) {
        data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        failed = data == MAP_FAILED ? errno : 0;
    }
    close(file); /* the mapping keeps it */
    if (failed != 0)
        return lb_fail_errno(error, LB_E_RESOURCE, folder, "cannot make room in a temporary file",
                             failed);
    bulk->data = data;
    bulk->mapped = true;
    return LB_OK;
}

void lb_bulk_free(lb_bulk *bulk) {
    if (bulk->mapped)
        munmap(bulk->data, bulk->size);
    else
        lb_free(bulk->data);
    *bulk = (lb_bulk){0};
}

void lb_bulk_forget(const void *data, size_t size) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)data + page - 1) / page * page,
              to = ((uintptr_t)data + size) / page * page;
    if (from < to)
        madvise((void *)from, to - from, MADV_DONTNEED);
}
