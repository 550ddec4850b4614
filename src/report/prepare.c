#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "linkback/linkback.h"

/* The folders that were made, each behind the one it lies in. */
struct lb_report_folders {
    lb_arena *arena;
    char **made;
    size_t count, capacity;
};

/* Notes of a folder and those it lies in which are not there yet, outermost first. */
static int note_missing(lb_report_folders *folders, const char *path, size_t size,
                        lb_error *error) {
    struct stat facts;
    for (size_t at = 1; at <= size; at++) {
        if (at < size && path[at] != '/')
            continue;
        char *folder = lb_arena_copy(folders->arena, path, at);
        if (!folder)
            return lb_fail_memory(error, "preparing the reports");
        if (stat(folder, &facts) == 0)
            continue;
        char **grown =
            lb_grow(folders->made, &folders->capacity, folders->count + 1, sizeof *grown, error);
        if (!grown)
            return LB_E_RESOURCE;
        folders->made = grown;
        folders->made[folders->count++] = folder;
    }
    return LB_OK;
}

static int prepare(lb_report_folders *folders, const char *path, lb_error *error) {
    const char *slash = strrchr(path, '/');
    int status = LB_OK;
    if (slash && slash > path) {
        char *folder = lb_arena_copy(folders->arena, path, (size_t)(slash - path));
        status = folder ? note_missing(folders, folder, strlen(folder), error)
                        : lb_fail_memory(error, "preparing the reports");
        if (status == LB_OK)
            status = lb_folder_make(folder, error);
    }
    return status == LB_OK ? lb_output_try(path, error) : status;
}

int lb_report_prepare(lb_report_folders **out, const lb_report_target *targets, size_t count,
                      lb_error *error) {
    lb_report_folders *folders = lb_alloc_zero(1, sizeof *folders);
    if (!folders || !(folders->arena = lb_arena_new())) {
        lb_free(folders);
        return lb_fail_memory(error, "preparing the reports");
    }
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = prepare(folders, targets[i].path, error);
    if (status < 0)
        lb_report_folders_leave(folders);
    else
        *out = folders;
    return status;
}

void lb_report_folders_leave(lb_report_folders *folders) {
    if (!folders)
        return;
    while (folders->count > 0) /* one that holds something stays: it is not removed */
        rmdir(folders->made[--folders->count]);
    lb_free(folders->made);
    lb_arena_free(folders->arena);
    lb_free(folders);
}
