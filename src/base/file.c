#define _GNU_SOURCE /* mkostemps, O_TMPFILE */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"

struct lb_output {
    FILE *stream;    /* NULL once finished */
    char *path;      /* of the file that is to be there; NULL: standard output, a device, a pipe */
    char *temporary; /* NULL as path is, and while the file has no name */
    int nameless;    /* the file while it has no name; else -1 */
};

static void output_free(lb_output *output) {
    if (output->nameless >= 0)
        close(output->nameless);
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

/* The folder of a path: "." where none is named. */
static void folder_of(const char *path, char folder[PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    size_t size = !slash ? 0 : slash == path ? 1 : (size_t)(slash - path);
    snprintf(folder, PATH_MAX, "%.*s", (int)size, path);
    if (size == 0)
        snprintf(folder, PATH_MAX, ".");
}

/* A file that has no name until it is committed, so that nothing is left of it however the program
 * ends. False where the file system, or the system, has no such files. */
static bool open_nameless(lb_output *output) {
    char folder[PATH_MAX];
    folder_of(output->path, folder);
    if (access("/proc/self/fd", X_OK) != 0) /* by which it is named later */
        return false;
    output->nameless = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    int file = output->nameless < 0 ? -1 : fcntl(output->nameless, F_DUPFD_CLOEXEC, 3);
    output->stream = file < 0 ? NULL : fdopen(file, "w");
    if (output->stream)
        return true;
    if (file >= 0)
        close(file);
    if (output->nameless >= 0)
        close(output->nameless);
    output->nameless = -1;
    return false;
}

/* A temporary file beside the target. */
static int open_named(lb_output *output, lb_error *error) {
    output->temporary = text_join(output->path, ".XXXXXX.tmp");
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
    return lb_fail_errno(error, LB_E_RESOURCE, output->path, "cannot create the file", saved);
}

/* What a symbolic link names is replaced, not the link. */
static int open_beside(lb_output *output, const char *path, lb_error *error) {
    char target[PATH_MAX];
    const char *resolved = realpath(path, target);
    output->path = text_join(resolved ? resolved : path, "");
    if (!output->path)
        return lb_fail_memory(error, "opening an output");
    return open_nameless(output) ? LB_OK : open_named(output, error);
}

/* The process whose temporary name of the file called `base` this is; 0: it is none. */
static pid_t owner_of(const char *name, const char *base) {
    char *end;
    size_t size = strlen(base);
    if (strncmp(name, base, size) != 0 || name[size] != '.' || !lb_is_digit(name[size + 1]))
        return 0;
    long owner = strtol(name + size + 1, &end, 10);
    return strcmp(end, ".tmp") == 0 && owner > 0 && owner <= INT_MAX ? (pid_t)owner : 0;
}

/* Removes the temporary names of the file that processes left which were killed while they had
 * them. */
static void remove_left_over(const char *path) {
    char folder[PATH_MAX];
    folder_of(path, folder);
    DIR *names = opendir(folder);
    for (struct dirent *entry; names && (entry = readdir(names));) {
        pid_t owner = owner_of(entry->d_name, lb_file_base_name(path));
        if (owner == getpid() || (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH))
            unlinkat(dirfd(names), entry->d_name, 0);
    }
    if (names)
        closedir(names);
}

/* Gives a file without a name a temporary one, as only a file with a name can replace another. */
static int name_file(lb_output *output, lb_error *error) {
    char self[64], end[64];
    if (output->nameless < 0)
        return LB_OK;
    snprintf(self, sizeof self, "/proc/self/fd/%d", output->nameless);
    snprintf(end, sizeof end, ".%ld.tmp", (long)getpid());
    char *name = text_join(output->path, end);
    if (!name)
        return lb_fail_memory(error, "naming an output");
    remove_left_over(output->path);
    if (linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
        output->temporary = name;
        return LB_OK;
    }
    int saved = errno;
    lb_free(name);
    return lb_fail_errno(error, LB_E_RESOURCE, output->path, "cannot write", saved);
}

int lb_output_open(lb_output **out, const char *path, lb_error *error) {
    lb_output *output = lb_alloc_zero(1, sizeof *output);
    if (!output)
        return lb_fail_memory(error, "opening an output");
    output->nameless = -1;
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
    char folder[PATH_MAX];
    folder_of(path, folder);
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

static int take_place(lb_output *output, lb_error *error) {
    if (!output->path)
        return LB_OK;
    if (rename(output->temporary, output->path) != 0)
        return lb_fail_errno(error, LB_E_RESOURCE, output->path, "cannot write", errno);
    lb_free(output->temporary);
    output->temporary = NULL;
    return LB_OK;
}

/* Between the first name and the last, what asks the program to end has to wait: else a part of the
 * outputs would be there. */
static int commit_all(lb_output **outputs, size_t count, lb_error *error) {
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigaddset(&ends, SIGQUIT);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = name_file(outputs[i], error);
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = take_place(outputs[i], error);
    for (size_t i = 0; status < 0 && i < count; i++)
        if (outputs[i]->temporary) {
            unlink(outputs[i]->temporary);
            lb_free(outputs[i]->temporary);
            outputs[i]->temporary = NULL;
        }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

int lb_outputs_commit(lb_output **outputs, size_t count, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_output_finish(outputs[i], error);
    if (status == LB_OK)
        status = commit_all(outputs, count, error);
    for (size_t i = 0; i < count; i++) {
        if (status == LB_OK && outputs[i]->path)
            sync_folder_of(outputs[i]->path);
        lb_output_abandon(outputs[i]);
        outputs[i] = NULL;
    }
    return status;
}

int lb_output_commit(lb_output *output, lb_error *error) {
    return lb_outputs_commit(&output, 1, error);
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
