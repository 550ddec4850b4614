#include "corpus/input/place.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

enum { DEEPEST_FOLDER = 64 };

typedef struct finder {
    lb_places *places;
    lb_arena *arena;
    lb_error *error;
} finder;

bool lb_place_is_query(const char *input) {
    return strncmp(input, "duckdb:", 7) == 0;
}

static bool is_one_of(const char *text, size_t size, const char *const *list) {
    for (; *list; list++)
        if (strlen(*list) == size && strncasecmp(text, *list, size) == 0)
            return true;
    return false;
}

/* `stored`: on disk, where archives and databases can be opened. */
static bool is_known_kind(const char *name, bool stored) {
    static const char *const containers[] = {"jsonl", "ndjson", "json", "csv", "tsv",
                                             "tab",   "xml",    "txt",  "log", NULL};
    static const char *const compressions[] = {"gz", "zst", "xz", "bz2", NULL};
    static const char *const seekable[] = {"zip", "db", "sqlite", "sqlite3", "parquet", NULL};
    size_t end = strlen(name);
    const char *dot = strrchr(name, '.');
    if (!dot || name[0] == '.')
        return false;
    if (stored && is_one_of(dot + 1, end - (size_t)(dot + 1 - name), seekable))
        return true;
    if (is_one_of(dot + 1, end - (size_t)(dot + 1 - name), compressions)) {
        end = (size_t)(dot - name);
        for (dot--; dot >= name && *dot != '.'; dot--)
            ;
        if (dot < name)
            return false;
    }
    return is_one_of(dot + 1, end - (size_t)(dot + 1 - name), containers);
}

static char *joined(finder *f, const char *a, char between, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    char *text = lb_arena_alloc(f->arena, n + m + 2, 1);
    if (text) {
        memcpy(text, a, n);
        text[n] = between;
        memcpy(text + n + 1, b, m + 1);
    }
    return text;
}

static int add(finder *f, lb_place place) {
    if (!place.path || !place.file || !place.label)
        return lb_fail_memory(f->error, "listing the inputs");
    void *grown = lb_grow(f->places->items, &f->places->capacity, f->places->count + 1,
                          sizeof place, f->error);
    if (!grown)
        return LB_E_RESOURCE;
    f->places->items = grown;
    f->places->items[f->places->count++] = place;
    return LB_OK;
}

static int fail_empty(finder *f, const char *path, const char *what) {
    return lb_fail(f->error, LB_E_INPUT, path,
                   "name the files, or give them an ending such as .jsonl, .csv, .xml, .txt or .gz",
                   "the %s holds no file of a known kind", what);
}

static int add_member(finder *f, const char *file, const char *label, const char *member,
                      size_t ordinal) {
    char *name = lb_arena_copy(f->arena, member, strlen(member));
    if (!name)
        return lb_fail_memory(f->error, "listing an archive");
    return add(f, (lb_place){.path = joined(f, file, '!', name),
                             .file = file,
                             .member = name,
                             .ordinal = ordinal,
                             .label = joined(f, label, '!', name),
                             .found = true});
}

static int list_members(finder *f, const char *file, const char *label, struct archive *archive) {
    size_t before = f->places->count;
    struct archive_entry *entry;
    int code;
    for (size_t ordinal = 0;
         (code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN;
         ordinal++) {
        const char *member = archive_entry_pathname(entry);
        if (!member || archive_entry_filetype(entry) != AE_IFREG ||
            strncmp(member, "__MACOSX/", 9) == 0 ||
            !is_known_kind(lb_file_base_name(member), false))
            continue;
        int status = add_member(f, file, label, member, ordinal);
        if (status < 0)
            return status;
    }
    if (code != ARCHIVE_EOF)
        return lb_fail(f->error, LB_E_INPUT, file, "check that the download is complete",
                       "the archive cannot be read: %s", archive_error_string(archive));
    return f->places->count == before ? fail_empty(f, file, "archive") : LB_OK;
}

static int find_archive(finder *f, const char *file, const char *label) {
    struct archive *archive = archive_read_new();
    if (!archive)
        return lb_fail_memory(f->error, "opening an archive");
    int status;
    if (archive_read_support_format_zip(archive) != ARCHIVE_OK ||
        archive_read_open_filename(archive, file, 1 << 16) != ARCHIVE_OK)
        status = lb_fail(f->error, LB_E_INPUT, file, "check that the download is complete",
                         "the archive cannot be read: %s", archive_error_string(archive));
    else
        status = list_members(f, file, label, archive);
    archive_read_free(archive);
    return status;
}

/* Zip archives are known by their first bytes: a local header, or the end record of an empty one.
 */
static bool is_archive(const char *file) {
    char head[4] = {0};
    int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t n = read(descriptor, head, sizeof head);
    close(descriptor);
    return n == 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0);
}

static int find_file(finder *f, const char *file, const char *label, bool found) {
    struct stat facts;
    if (stat(file, &facts) == 0 && S_ISREG(facts.st_mode) && is_archive(file))
        return find_archive(f, file, label);
    return add(f, (lb_place){.path = file, .file = file, .label = label, .found = found});
}

typedef struct name_list {
    char **items;
    size_t count, capacity;
} name_list;

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_name(finder *f, name_list *names, const char *name) {
    char **grown =
        lb_grow(names->items, &names->capacity, names->count + 1, sizeof *grown, f->error);
    if (!grown)
        return LB_E_RESOURCE;
    names->items = grown;
    char *copy = lb_arena_copy(f->arena, name, strlen(name));
    if (!copy)
        return lb_fail_memory(f->error, "listing a folder");
    names->items[names->count++] = copy;
    return LB_OK;
}

static int read_names(finder *f, const char *folder, name_list *names) {
    DIR *stream = opendir(folder);
    if (!stream)
        return lb_fail_errno(f->error, LB_E_INPUT, folder, "cannot open the folder", errno);
    int status = LB_OK;
    for (struct dirent *entry; status == LB_OK && (entry = readdir(stream)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        status = add_name(f, names, entry->d_name);
    }
    closedir(stream);
    if (status == LB_OK && names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
    return status;
}

/* `below` is the path under the folder that was given, "" at its top. */
static int find_folder(finder *f, const char *folder, const char *below, unsigned depth) {
    if (depth > DEEPEST_FOLDER)
        return lb_fail(f->error, LB_E_INPUT, folder, "name the folder that holds the files",
                       "folders are nested deeper than %d", DEEPEST_FOLDER);
    name_list names = {0};
    int status = read_names(f, folder, &names);
    for (size_t i = 0; status == LB_OK && i < names.count; i++) {
        const char *name = names.items[i];
        const char *path = joined(f, folder, '/', name);
        const char *label = below[0] ? joined(f, below, '/', name) : name;
        struct stat facts;
        if (!path || !label)
            status = lb_fail_memory(f->error, "listing a folder");
        else if (lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
            status = find_folder(f, path, label, depth + 1);
        else if (is_known_kind(name, true) && stat(path, &facts) == 0 && S_ISREG(facts.st_mode))
            status = find_file(f, path, label, true);
    }
    lb_free(names.items);
    return status;
}

static const char *without_slashes(finder *f, const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return lb_arena_copy(f->arena, path, n);
}

static int find_path(finder *f, const char *path) {
    struct stat facts;
    if (stat(path, &facts) != 0)
        return lb_fail_errno(f->error, LB_E_INPUT, path, "cannot open the input", errno);
    const char *kept = without_slashes(f, path);
    if (!kept)
        return lb_fail_memory(f->error, "listing the inputs");
    if (!S_ISDIR(facts.st_mode))
        return find_file(f, kept, lb_file_base_name(kept), false);
    size_t before = f->places->count;
    int status = find_folder(f, kept, "", 0);
    return status == LB_OK && f->places->count == before ? fail_empty(f, path, "folder") : status;
}

static int find_glob(finder *f, const char *pattern) {
    glob_t matches = {0};
    int code = glob(pattern, 0, NULL, &matches);
    int status = LB_OK;
    if (code == GLOB_NOSPACE)
        status = lb_fail_memory(f->error, "listing the inputs");
    else if (code != 0)
        status = lb_fail(f->error, LB_E_INPUT, pattern, "check the pattern and the folder",
                         "no file matches");
    for (size_t i = 0; status == LB_OK && i < matches.gl_pathc; i++)
        status = find_path(f, matches.gl_pathv[i]);
    globfree(&matches);
    return status;
}

static int compare_labels(const void *a, const void *b) {
    const lb_place *const *x = a, *const *y = b;
    return strcmp((*x)->label, (*y)->label);
}

/* Two inputs of one name must not give their records the same keys. */
static int separate_labels(finder *f) {
    size_t count = f->places->count;
    lb_place **sorted = lb_alloc(count, sizeof *sorted);
    if (!sorted)
        return lb_fail_memory(f->error, "listing the inputs");
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

int lb_places_find(lb_places *places, const char *const *inputs, size_t count, lb_arena *arena,
                   lb_error *error) {
    finder f = {.places = places, .arena = arena, .error = error};
    if (count == 0)
        return lb_fail(error, LB_E_USAGE, "inputs",
                       "name a file, a folder, or - for standard input", "no input was given");
    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        int status;
        if (strcmp(inputs[i], "-") == 0 || lb_place_is_query(inputs[i]))
            status = add(&f, (lb_place){.path = inputs[i],
                                        .file = inputs[i],
                                        .label = inputs[i][0] == '-' ? "-" : "duckdb"});
        else if (stat(inputs[i], &facts) != 0 && strpbrk(inputs[i], "*?["))
            status = find_glob(&f, inputs[i]);
        else
            status = find_path(&f, inputs[i]);
        if (status < 0)
            return status;
    }
    return separate_labels(&f);
}

void lb_places_free(lb_places *places) {
    lb_free(places->items);
    *places = (lb_places){0};
}
