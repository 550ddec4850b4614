#include "corpus/input/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/input/archive.h"
#include "corpus/input/file_kind.h"
#include "corpus/input/place_private.h"

enum { DEEPEST_FOLDER = 64 };

bool lb_place_is_query(const char *input) {
    return strncmp(input, "duckdb:", 7) == 0;
}

char *lb_finder_join(lb_finder *f, const char *a, char between, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    char *text = lb_arena_alloc(f->arena, n + m + 2, 1);
    if (text) {
        memcpy(text, a, n);
        text[n] = between;
        memcpy(text + n + 1, b, m + 1);
    }
    return text;
}

int lb_finder_fail_memory(lb_finder *f) {
    return lb_fail_memory(f->error, "listing the inputs");
}

int lb_finder_add(lb_finder *f, lb_place place) {
    void *grown = lb_grow(f->places->items, &f->places->capacity, f->places->count + 1,
                          sizeof place, f->error);
    if (!grown)
        return LB_E_RESOURCE;
    f->places->items = grown;
    f->places->items[f->places->count++] = place;
    return LB_OK;
}

int lb_finder_leave_out(lb_finder *f, const char *path, const char *why, bool unread) {
    const char *copy = lb_arena_copy(f->arena, why, strlen(why));
    if (!copy)
        return lb_finder_fail_memory(f);
    return lb_left_outs_add(&f->places->left_out, (lb_left_out){path, copy, unread}, f->error);
}

static int leave_out_of_reach(lb_finder *f, const char *path, const char *what, int errnum) {
    char why[128];
    snprintf(why, sizeof why, "%s: %s", what, strerror(errnum));
    return lb_finder_leave_out(f, path, why, true);
}

/* An input of which nothing can be read is an error; what it holds instead is said. */
static int fail_empty(lb_finder *f, const char *path, const char *what, size_t left_out_before) {
    const lb_left_outs *left = &f->places->left_out;
    const char *mend =
        strcmp(what, "archive") == 0
            ? "unpack it and name the files that hold the conversations"
            : "name the files, or give them an ending such as .jsonl, .csv, .xml, .txt or .gz";
    if (left->count == left_out_before)
        return lb_fail(f->error, LB_E_INPUT, path, mend, "the %s holds no file", what);
    const lb_left_out *first = &left->items[left_out_before];
    return lb_fail(f->error, LB_E_INPUT, path, mend,
                   "the %s holds no file that can be read; %s was left out: %s", what, first->path,
                   first->why);
}

/* The first bytes of a file, as stored; -1 with errno. */
static ssize_t read_head(const char *file, char head[LB_FILE_HEAD]) {
    size_t size = 0;
    int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t n = descriptor < 0 ? -1 : 1;
    while (n > 0 && size < LB_FILE_HEAD) {
        n = read(descriptor, head + size, LB_FILE_HEAD - size);
        if (n < 0 && errno == EINTR)
            n = 1;
        else
            size += n > 0 ? (size_t)n : 0;
    }
    int errnum = errno;
    if (descriptor >= 0)
        close(descriptor);
    errno = errnum;
    return n < 0 ? -1 : (ssize_t)size;
}

static bool is_archive(const char *file, lb_str head) {
    return lb_archive_is_zip(head) || lb_archive_is_tar(head) ||
           (lb_file_compression(head) ? lb_archive_is_packed_tar(file) : lb_file_is_tar(file));
}

/* The path by which a file is opened: who opens it must not take the name for standard input, a query
 * or a URI. NULL: out of memory. */
static const char *path_to_open(lb_finder *f, const char *path) {
    bool mistaken = strcmp(path, "-") == 0 || (path[0] != '/' && strchr(path, ':'));
    return mistaken ? lb_finder_join(f, ".", '/', path) : path;
}

/* A file that the user named. */
static int take_file(lb_finder *f, const char *file, const char *label, const struct stat *facts) {
    lb_place place = {.path = file, .file = path_to_open(f, file), .label = label};
    if (!place.file)
        return lb_finder_fail_memory(f);
    char bytes[LB_FILE_HEAD];
    if (!S_ISREG(facts->st_mode)) {
        place.once = true;
        return lb_finder_add(f, place);
    }
    ssize_t size = read_head(file, bytes);
    if (size < 0)
        return lb_fail_errno(f->error, LB_E_INPUT, file, "cannot open the input", errno);
    lb_str head = {bytes, (size_t)size};
    const lb_file_kind *kind = lb_file_kind_of(file, head);
    if (kind && !kind->markup)
        return lb_fail(f->error, LB_E_INPUT, file, kind->mend, "this is %s", kind->what);
    if (!is_archive(file, head))
        return lb_finder_add(f, place);
    size_t before = f->places->count, left_out = f->places->left_out.count;
    int status = lb_finder_archive(f, file, label);
    return status == LB_OK && f->places->count == before ? fail_empty(f, file, "archive", left_out)
                                                         : status;
}

static const lb_named_file *named_otherwise(const lb_finder *f, const struct stat *facts) {
    for (size_t i = 0; i < f->named_count; i++)
        if (f->named_ids[i].device == facts->st_dev && f->named_ids[i].number == facts->st_ino)
            return &f->named[i];
    return NULL;
}

/* A file that was found: read by its ending, which a pattern makes up for. */
static int judge_file(lb_finder *f, const char *file, const char *label, const struct stat *facts,
                      bool by_pattern) {
    const char *name = lb_file_base_name(file);
    const lb_named_file *named = named_otherwise(f, facts);
    char bytes[LB_FILE_HEAD];
    if (named)
        return lb_finder_leave_out(f, file, named->why, named->unread);
    ssize_t size = read_head(file, bytes);
    if (size < 0)
        return leave_out_of_reach(f, file, "it cannot be opened", errno);
    if (size == 0)
        return lb_finder_leave_out(f, file, "it is empty", false);
    lb_str head = {bytes, (size_t)size};
    const lb_file_kind *kind = lb_file_kind_of(name, head);
    if (kind)
        return lb_finder_leave_out(f, file, kind->what, !kind->wordless);
    if (name[0] == '.')
        return lb_finder_leave_out(f, file, "it is hidden", true);
    if (is_archive(file, head))
        return lb_finder_archive(f, file, label);
    if (!by_pattern && !lb_file_is_read(name, true))
        return lb_finder_leave_out(f, file, "its ending is none that is read", true);
    const char *opened = path_to_open(f, file);
    return opened ? lb_finder_add(
                        f, (lb_place){.path = file, .file = opened, .label = label, .found = true})
                  : lb_finder_fail_memory(f);
}

static const char *kind_of_node(mode_t mode) {
    return S_ISFIFO(mode)   ? "it is a pipe, and no file"
           : S_ISSOCK(mode) ? "it is a socket, and no file"
                            : "it is a device, and no file";
}

/* Is it within the folder that was given, and so read there? */
static bool is_below_root(const lb_finder *f, const char *path) {
    char *target = f->root ? realpath(path, NULL) : NULL;
    size_t size = f->root ? strlen(f->root) : 0;
    bool below = target && strncmp(target, f->root, size) == 0 &&
                 (target[size] == '/' || target[size] == '\0' || size == 1) &&
                 !strstr(target + size, "/."); /* git-annex keeps files in hidden folders */
    free(target);
    return below;
}

/* Links to files are read as the files are, once; folders are not entered through links. */
static int judge_link(lb_finder *f, const char *path, const char *label) {
    struct stat facts;
    if (stat(path, &facts) != 0)
        return leave_out_of_reach(f, path, "it is a link that leads nowhere", errno);
    bool below = is_below_root(f, path);
    if (S_ISDIR(facts.st_mode))
        return lb_finder_leave_out(f, path,
                                   below ? "it is a link to a folder that is looked through"
                                         : "it is a link to a folder elsewhere",
                                   !below);
    if (!S_ISREG(facts.st_mode))
        return lb_finder_leave_out(f, path, kind_of_node(facts.st_mode), true);
    if (below)
        return lb_finder_leave_out(f, path, "it is a link to a file that is looked at", false);
    return judge_file(f, path, label, &facts, false);
}

typedef struct name_list {
    char **items;
    size_t count, capacity;
} name_list;

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_name(lb_finder *f, name_list *names, const char *name) {
    char **grown =
        lb_grow(names->items, &names->capacity, names->count + 1, sizeof *grown, f->error);
    if (!grown)
        return LB_E_RESOURCE;
    names->items = grown;
    char *copy = lb_arena_copy(f->arena, name, strlen(name));
    if (!copy)
        return lb_finder_fail_memory(f);
    names->items[names->count++] = copy;
    return LB_OK;
}

static int read_names(lb_finder *f, const char *folder, DIR *stream, name_list *names) {
    int status = LB_OK;
    for (struct dirent *entry; status == LB_OK;) {
        errno = 0;
        entry = readdir(stream);
        if (!entry)
            break;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = add_name(f, names, entry->d_name);
    }
    if (status == LB_OK && errno != 0)
        return lb_fail_errno(f->error, LB_E_INPUT, folder, "cannot list the folder", errno);
    if (status == LB_OK && names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
    return status;
}

/* Git's folder holds what the files were before: it is no part of them, but of the repository. */
static bool is_of_git(lb_finder *f, const char *path, const char *name) {
    const char *head = strcmp(name, ".git") == 0 ? lb_finder_join(f, path, '/', "HEAD") : NULL;
    return head && access(head, F_OK) == 0;
}

static int find_folder(lb_finder *f, const char *folder, const char *below, unsigned depth);

static int judge_entry(lb_finder *f, const char *path, const char *label, const char *name,
                       unsigned depth) {
    struct stat facts;
    if (lstat(path, &facts) != 0)
        return leave_out_of_reach(f, path, "it cannot be looked at", errno);
    if (S_ISLNK(facts.st_mode))
        return judge_link(f, path, label);
    const lb_named_file *named = S_ISDIR(facts.st_mode) ? named_otherwise(f, &facts) : NULL;
    if (named)
        return lb_finder_leave_out(f, path, named->why, named->unread);
    if (S_ISDIR(facts.st_mode) && is_of_git(f, path, name))
        return lb_finder_leave_out(f, path, "it is the folder of Git", false);
    if (S_ISDIR(facts.st_mode) && name[0] == '.')
        return lb_finder_leave_out(f, path, "it is a hidden folder", true);
    if (S_ISDIR(facts.st_mode))
        return find_folder(f, path, label, depth + 1);
    if (!S_ISREG(facts.st_mode))
        return lb_finder_leave_out(f, path, kind_of_node(facts.st_mode), true);
    return judge_file(f, path, label, &facts, false);
}

/* `below` is the path under the folder that was given, "" at its top. */
static int find_folder(lb_finder *f, const char *folder, const char *below, unsigned depth) {
    if (depth > DEEPEST_FOLDER)
        return lb_fail(f->error, LB_E_INPUT, folder, "name the folder that holds the files",
                       "folders are nested deeper than %d", DEEPEST_FOLDER);
    DIR *stream = opendir(folder);
    if (!stream && depth > 0)
        return leave_out_of_reach(f, folder, "the folder cannot be opened", errno);
    if (!stream)
        return lb_fail_errno(f->error, LB_E_INPUT, folder, "cannot open the folder", errno);
    name_list names = {0};
    int status = read_names(f, folder, stream, &names);
    closedir(stream);
    for (size_t i = 0; status == LB_OK && i < names.count; i++) {
        const char *path = lb_finder_join(f, folder, '/', names.items[i]);
        const char *label =
            below[0] ? lb_finder_join(f, below, '/', names.items[i]) : names.items[i];
        status = path && label ? judge_entry(f, path, label, names.items[i], depth)
                               : lb_finder_fail_memory(f);
    }
    lb_free(names.items);
    return status;
}

static const char *without_slashes(lb_finder *f, const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return lb_arena_copy(f->arena, path, n);
}

static int find_below(lb_finder *f, const char *folder) {
    char *root = realpath(folder, NULL);
    f->root = root;
    int status = find_folder(f, folder, "", 0);
    f->root = NULL;
    free(root);
    return status;
}

static int find_path(lb_finder *f, const char *path) {
    struct stat facts;
    if (stat(path, &facts) != 0)
        return lb_fail_errno(f->error, LB_E_INPUT, path, "cannot open the input", errno);
    const char *kept = without_slashes(f, path);
    if (!kept)
        return lb_finder_fail_memory(f);
    if (!S_ISDIR(facts.st_mode))
        return take_file(f, kept, lb_file_base_name(kept), &facts);
    size_t before = f->places->count, left_out = f->places->left_out.count;
    int status = find_below(f, kept);
    return status == LB_OK && f->places->count == before ? fail_empty(f, path, "folder", left_out)
                                                         : status;
}

static int find_match(lb_finder *f, const char *path) {
    struct stat facts;
    const char *kept = without_slashes(f, path);
    if (!kept)
        return lb_finder_fail_memory(f);
    if (stat(kept, &facts) != 0)
        return leave_out_of_reach(f, kept, "it cannot be looked at", errno);
    if (S_ISDIR(facts.st_mode))
        return find_below(f, kept);
    if (!S_ISREG(facts.st_mode))
        return lb_finder_leave_out(f, kept, kind_of_node(facts.st_mode), true);
    return judge_file(f, kept, lb_file_base_name(kept), &facts, true);
}

static int find_glob(lb_finder *f, const char *pattern) {
    glob_t matches = {0};
    size_t before = f->places->count, left_out = f->places->left_out.count;
    int code = glob(pattern, 0, NULL, &matches);
    int status = LB_OK;
    if (code == GLOB_NOSPACE)
        status = lb_finder_fail_memory(f);
    else if (code != 0)
        status = lb_fail(f->error, LB_E_INPUT, pattern, "check the pattern and the folder",
                         "no file matches");
    for (size_t i = 0; status == LB_OK && i < matches.gl_pathc; i++)
        status = find_match(f, matches.gl_pathv[i]);
    globfree(&matches);
    return status == LB_OK && f->places->count == before
               ? fail_empty(f, pattern, "pattern", left_out)
               : status;
}

/* A file that is called like a pattern is that file, and no pattern. What it matches as one was perhaps
 * meant: who may add a file must not hide others by its name. */
static int leave_out_matches(lb_finder *f, const char *name, const char *const *sorted_inputs,
                             size_t count) {
    glob_t matches = {0};
    int status = glob(name, 0, NULL, &matches) == GLOB_NOSPACE ? lb_finder_fail_memory(f) : LB_OK;
    for (size_t i = 0; status == LB_OK && i < matches.gl_pathc; i++) {
        const char *match = matches.gl_pathv[i];
        if (strcmp(match, name) == 0 ||
            bsearch(&match, sorted_inputs, count, sizeof *sorted_inputs, compare_names))
            continue;
        const char *path = lb_arena_copy(f->arena, match, strlen(match));
        status = path ? lb_finder_leave_out(
                            f, path,
                            "it matches a pattern that is the name of a file, which was read alone",
                            true)
                      : lb_finder_fail_memory(f);
    }
    globfree(&matches);
    return status;
}

static int find_input(lb_finder *f, const char *input, const char *const *sorted_inputs,
                      size_t count) {
    struct stat facts;
    bool pipe = strcmp(input, "-") == 0, query = lb_place_is_query(input);
    bool pattern = strpbrk(input, "*?["), exists = lstat(input, &facts) == 0;
    if (query && exists)
        return lb_fail(f->error, LB_E_USAGE, input,
                       "write ./ before it for the file; for the query, add a space",
                       "this is a query, and the name of a file");
    if (pipe || query)
        return lb_finder_add(
            f,
            (lb_place){.path = input, .file = input, .label = pipe ? "-" : "duckdb", .once = pipe});
    if (pattern && !exists)
        return find_glob(f, input);
    int status = find_path(f, input);
    return status == LB_OK && pattern ? leave_out_matches(f, input, sorted_inputs, count) : status;
}

static int compare_labels(const void *a, const void *b) {
    const lb_place *const *x = a, *const *y = b;
    return strcmp((*x)->label, (*y)->label);
}

/* Two inputs of one name must not give their records the same keys. */
static int separate_labels(lb_finder *f) {
    size_t count = f->places->count;
    lb_place **sorted = lb_alloc(count, sizeof *sorted);
    if (!sorted)
        return lb_finder_fail_memory(f);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &f->places->items[i];
    qsort(sorted, count, sizeof *sorted, compare_labels);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && strcmp(sorted[i]->label, sorted[end]->label) == 0; end++)
            ;
        for (size_t j = i; end - i > 1 && j < end; j++)
            sorted[j]->label = sorted[j]->path;
    }
    lb_free(sorted);
    return LB_OK;
}

static int know_named(lb_finder *f, const lb_named_file *named, size_t count) {
    lb_named_file *files = lb_arena_alloc(f->arena, count, sizeof *files);
    lb_file_id *ids = lb_arena_alloc(f->arena, count, sizeof *ids);
    if (!files || !ids)
        return lb_finder_fail_memory(f);
    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        if (stat(named[i].path, &facts) != 0)
            continue;
        files[f->named_count] = named[i];
        ids[f->named_count++] = (lb_file_id){facts.st_dev, facts.st_ino};
    }
    f->named = files;
    f->named_ids = ids;
    return LB_OK;
}

int lb_places_find(lb_places *places, const char *const *inputs, size_t count,
                   const lb_named_file *named, size_t named_count, lb_arena *arena,
                   lb_error *error) {
    lb_finder f = {.places = places, .arena = arena, .error = error};
    if (count == 0)
        return lb_fail(error, LB_E_USAGE, "inputs",
                       "name a file, a folder, or - for standard input", "no input was given");
    const char **sorted = lb_arena_alloc(arena, count, sizeof *sorted);
    if (!sorted)
        return lb_finder_fail_memory(&f);
    memcpy(sorted, inputs, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_names);
    int status = know_named(&f, named, named_count);
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = find_input(&f, inputs[i], sorted, count);
    return status < 0 ? status : separate_labels(&f);
}

void lb_places_free(lb_places *places) {
    lb_free(places->items);
    lb_left_outs_free(&places->left_out);
    *places = (lb_places){0};
}
