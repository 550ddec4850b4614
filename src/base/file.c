#define _GNU_SOURCE /* mkostemps */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct lb_output {
    FILE *stream;    /* NULL once finished */
    char *path;      /* of the file that is to be there; NULL: standard output, a device, a pipe */
    char *temporary; /* NULL as path is */
};

static void output_free(lb_output *output) {
    lb_free(output->path);
    lb_free(output->temporary);
    lb_free(output);
}

static char *text_join(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    char *joined = lb_alloc(n + m + 1, 1);
    if (joined) {
        memcpy(joined, a, n);
        memcpy(joined + n, b, m + 1);
    }
    return joined;
}

/* A device or a pipe is written to as it is: to rename a file to its name would replace it. */
static int open_special(lb_output *output, const char *path, lb_error *error) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file >= 0)
        output->stream = fdopen(file, "w");
    if (output->stream)
        return LB_OK;
    int saved = errno;
    if (file >= 0)
        close(file);
    return lb_fail_errno(error, LB_E_RESOURCE, path, "cannot write to it", saved);
}

/* A temporary file beside the target; what a symbolic link names is replaced, not the link. */
static int open_beside(lb_output *output, const char *path, lb_error *error) {
    char target[PATH_MAX];
    const char *resolved = realpath(path, target);
    output->path = text_join(resolved ? resolved : path, "");
    output->temporary = output->path ? text_join(output->path, ".XXXXXX.tmp") : NULL;
    if (!output->temporary)
        return lb_fail_memory(error, "opening an output");
    int file = mkostemps(output->temporary, 4, O_CLOEXEC); /* mode 0600 */
    if (file >= 0)
        output->stream = fdopen(file, "w");
    if (output->stream)
        return LB_OK;
    int saved = errno;
    if (file >= 0) {
        close(file);
        unlink(output->temporary);
    }
    return lb_fail_errno(error, LB_E_RESOURCE, path, "cannot create the file", saved);
}

int lb_output_open(lb_output **out, const char *path, lb_error *error) {
    lb_output *output = lb_alloc_zero(1, sizeof *output);
    if (!output)
        return lb_fail_memory(error, "opening an output");
    struct stat facts;
    int status = LB_OK;
    if (strcmp(path, "-") == 0)
        output->stream = stdout;
    else if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
        status = S_ISDIR(facts.st_mode)
                     ? lb_fail_errno(error, LB_E_RESOURCE, path, "cannot create the file", EISDIR)
                     : open_special(output, path, error);
    else
        status = open_beside(output, path, error);
    if (status < 0) {
        output_free(output);
        return status;
    }
    *out = output;
    return LB_OK;
}

FILE *lb_output_stream(lb_output *output) {
    return output->stream;
}

/* A rename is only safe against a crash once the folder that holds the name is on disk as well. */
static void sync_folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX] = ".";
    if (slash && (size_t)(slash - path) < sizeof folder) {
        size_t n = slash == path ? 1 : (size_t)(slash - path);
        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file);
        close(file);
    }
}

/* Whoever reads a pipe may leave before its end, as `head` does: that is their choice, and no
 * failure. */
static bool is_deserted(FILE *stream) {
    struct pollfd pipe = {.fd = fileno(stream), .events = POLLOUT};
    return poll(&pipe, 1, 0) == 1 && pipe.revents & (POLLERR | POLLHUP);
}

int lb_output_finish(lb_output *output, lb_error *error) {
    if (!output->stream)
        return LB_OK;
    const char *name = output->path ? output->path : "the output";
    errno = 0;
    bool bad = ferror(output->stream) != 0 || fflush(output->stream) != 0;
    bad = bad || (output->path && fsync(fileno(output->stream)) != 0);
    int saved = errno;
    bad = bad && !is_deserted(output->stream);
    if (output->stream != stdout && fclose(output->stream) != 0 && !bad) {
        bad = true;
        saved = errno;
    }
    output->stream = NULL;
    return bad ? lb_fail_errno(error, LB_E_RESOURCE, name, "cannot write", saved ? saved : EIO)
               : LB_OK;
}

int lb_output_commit(lb_output *output, lb_error *error) {
    int status = lb_output_finish(output, error);
    if (status == LB_OK && output->path && rename(output->temporary, output->path) != 0)
        status = lb_fail_errno(error, LB_E_RESOURCE, output->path, "cannot write", errno);
    if (status < 0) {
        lb_output_abandon(output);
        return status;
    }
    if (output->path)
        sync_folder_of(output->path);
    output_free(output);
    return LB_OK;
}

void lb_output_abandon(lb_output *output) {
    if (!output)
        return;
    if (output->stream && output->stream != stdout)
        fclose(output->stream);
    if (output->temporary)
        unlink(output->temporary);
    output_free(output);
}

int lb_output_try(const char *path, lb_error *error) {
    struct stat facts;
    lb_output *output = NULL;
    if (strcmp(path, "-") == 0)
        return LB_OK;
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))
        return access(path, W_OK) == 0 /* to open a pipe and leave it would end it */
                   ? LB_OK
                   : lb_fail_errno(error, LB_E_RESOURCE, path, "cannot write to it", errno);
    int status = lb_output_open(&output, path, error);
    lb_output_abandon(output);
    return status;
}

int lb_file_write(const char *path, lb_str text, lb_error *error) {
    lb_output *output = NULL;
    int status = lb_output_open(&output, path, error);
    if (status < 0)
        return status;
    fwrite(text.data, 1, text.size, lb_output_stream(output));
    return lb_output_commit(output, error);
}

int lb_file_read(const char *path, size_t limit, lb_buffer *into, lb_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return lb_fail_errno(error, LB_E_INPUT, path, "cannot open the file", errno);
    int status = LB_OK;
    for (;;) {
        status = lb_buffer_reserve(into, 65536, error);
        if (status < 0)
            break;
        ssize_t n = read(file, into->data + into->size, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = lb_fail_errno(error, LB_E_INPUT, path, "cannot read the file", errno);
        if (n <= 0)
            break;
        into->size += (size_t)n;
        if (into->size > limit) {
            status = lb_fail(error, LB_E_INPUT, path, "check that this is the file that was meant",
                             "the file is larger than %zu bytes", limit);
            break;
        }
    }
    close(file);
    return status;
}

int lb_folder_make(const char *path, lb_error *error) {
    char *copy = text_join(path, "");
    if (!copy)
        return lb_fail_memory(error, "making a folder");
    int status = LB_OK;
    for (char *end = copy + 1;; end++) {
        if (*end != '/' && *end != '\0')
            continue;
        char kept = *end;
        *end = '\0';
        struct stat facts;
        if (mkdir(copy, 0700) != 0 &&
            !(errno == EEXIST && stat(copy, &facts) == 0 && S_ISDIR(facts.st_mode))) {
            status = lb_fail_errno(error, LB_E_RESOURCE, copy, "cannot make the folder", errno);
            break;
        }
        *end = kept;
        if (kept == '\0')
            break;
    }
    lb_free(copy);
    return status;
}

const char *lb_file_base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
