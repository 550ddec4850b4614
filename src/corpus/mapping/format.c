#include "corpus/mapping/format.h"

#include <regex.h>
#include <stdio.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/resource.h"
#include "corpus/mapping/role.h"

const char *const lb_container_names[LB_CONTAINERS] = {"jsonl",  "json",    "csv",    "tsv", "xml",
                                                       "sqlite", "parquet", "duckdb", "log"};

struct lb_formats {
    lb_arena *arena;
    lb_format *items;
    size_t count;
};

static bool is_format_file(const lb_resource *resource) {
    size_t size = strlen(resource->path);
    return strncmp(resource->path, "datasets/", 9) == 0 && size > 12 &&
           strcmp(resource->path + size - 12, "/format.yaml") == 0;
}

/* Logs have no generic format: what makes a line a message must be known. */
static void add_generic(lb_formats *formats) {
    static const char *const titles[] = {"JSON, one object per line",
                                         "one JSON array, or objects one after another",
                                         "comma-separated values (RFC 4180)",
                                         "tab-separated values",
                                         "XML",
                                         "a table of an SQLite database",
                                         "Parquet, read by libduckdb",
                                         "duckdb:SELECT ..., any SQL that libduckdb runs"};
    for (size_t i = 0; i < LB_CONTAINER_LOG; i++) {
        lb_format *format = &formats->items[formats->count++];
        *format = (lb_format){.name = lb_container_names[i],
                              .title = titles[i],
                              .generic = true,
                              .roles = LB_ROLES_OF_PEOPLE,
                              .skip = "none",
                              .mapping = {.text_join = "\n"}};
        format->containers[i] = true;
    }
}

int lb_formats_load(lb_formats **out, lb_error *error) {
    size_t resources, files = 0;
    const lb_resource *resource = lb_resource_all(&resources);
    for (size_t i = 0; i < resources; i++)
        files += is_format_file(&resource[i]);
    lb_formats *formats = lb_alloc_zero(1, sizeof *formats);
    *out = NULL;
    if (!formats || !(formats->arena = lb_arena_new()) ||
        !(formats->items = lb_alloc_zero(files + LB_CONTAINERS, sizeof *formats->items))) {
        lb_formats_free(formats);
        return lb_fail_memory(error, "reading the formats");
    }
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < resources; i++)
        if (is_format_file(&resource[i]))
            status = lb_format_read(&formats->items[formats->count++], resource[i].content,
                                    resource[i].path, formats->arena, error);
    if (status < 0) {
        lb_formats_free(formats);
        return status;
    }
    add_generic(formats);
    *out = formats;
    return LB_OK;
}

void lb_formats_free(lb_formats *formats) {
    if (!formats)
        return;
    lb_arena_free(formats->arena);
    lb_free(formats->items);
    lb_free(formats);
}

const lb_format *lb_formats_all(const lb_formats *formats, size_t *count) {
    *count = formats->count;
    return formats->items;
}

const lb_format *lb_formats_find(const lb_formats *formats, const char *name) {
    for (size_t i = 0; i < formats->count; i++)
        if (strcmp(formats->items[i].name, name) == 0)
            return &formats->items[i];
    return NULL;
}

int lb_formats_unknown(const lb_formats *formats, const char *name, lb_error *error) {
    const char *nearest = formats->items[0].name;
    unsigned least = UINT32_MAX;
    for (size_t i = 0; i < formats->count; i++) {
        unsigned distance = lb_edit_distance(lb_str_of(formats->items[i].name), lb_str_of(name));
        if (distance < least) {
            least = distance;
            nearest = formats->items[i].name;
        }
    }
    char mend[LB_ERROR_MEND_MAX];
    snprintf(mend, sizeof mend, "did you mean %s? `linkback formats` lists all", nearest);
    return lb_fail(error, LB_E_USAGE, "--format", mend, "there is no format \"%s\"", name);
}

static bool has_key(const lb_catalogue *catalogue, const char *key, lb_arena *arena) {
    lb_path path;
    return lb_path_parse(&path, key, "detect", arena, NULL) == LB_OK &&
           lb_catalogue_find(catalogue, key, path) != NULL;
}

bool lb_format_name_matches(const char *pattern, const char *path) {
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool matches = regexec(&regex, lb_file_base_name(path), 0, NULL, 0) == 0;
    regfree(&regex);
    return matches;
}

bool lb_format_fits(const lb_format *format, lb_container container) {
    bool rows = container >= LB_CONTAINER_SQLITE && container <= LB_CONTAINER_DUCKDB;
    return format->containers[container] ||
           (rows && !format->generic && format->containers[LB_CONTAINER_JSONL]);
}

static size_t top_fields(const lb_catalogue *catalogue) {
    size_t count, top = 0;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count);
    for (size_t i = 0; i < count; i++)
        top += fields[i].path.count == 1;
    return top;
}

static bool matches(const lb_signature *by, const lb_catalogue *catalogue, const char *path,
                    lb_arena *arena) {
    for (size_t i = 0; i < by->keys.count; i++)
        if (!has_key(catalogue, by->keys.items[i], arena))
            return false;
    bool any = by->any.count == 0;
    for (size_t i = 0; !any && i < by->any.count; i++)
        any = has_key(catalogue, by->any.items[i], arena);
    return any && (!by->exact || top_fields(catalogue) == by->keys.count) &&
           (!by->file_name || lb_format_name_matches(by->file_name, path));
}

const lb_format *lb_formats_detect(const lb_formats *formats, lb_container container,
                                   const lb_catalogue *catalogue, const char *path,
                                   const lb_signature **by) {
    const lb_format *best = NULL;
    lb_arena *scratch = lb_arena_new();
    *by = NULL;
    for (size_t i = 0; scratch && i < formats->count; i++) {
        const lb_format *format = &formats->items[i];
        for (size_t j = 0; j < format->signature_count; j++) {
            const lb_signature *signature = &format->signatures[j];
            if (lb_format_fits(format, container) && matches(signature, catalogue, path, scratch) &&
                (!best || signature->keys.count > (*by)->keys.count)) {
                best = format;
                *by = signature;
            }
        }
    }
    lb_arena_free(scratch);
    return best;
}

int lb_format_file_values(const lb_format *format, const char *path,
                          lb_str values[LB_FILE_FIELDS_MAX], lb_arena *arena, lb_error *error) {
    memset(values, 0, LB_FILE_FIELDS_MAX * sizeof *values);
    if (!format->file_pattern)
        return LB_OK;
    regex_t regex;
    if (regcomp(&regex, format->file_pattern, REG_EXTENDED) != 0)
        return lb_fail_memory(error, "compiling a file pattern");
    const char *name = lb_file_base_name(path);
    regmatch_t groups[LB_FILE_FIELDS_MAX + 1];
    int status = LB_OK;
    if (regexec(&regex, name, LB_FILE_FIELDS_MAX + 1, groups, 0) == 0)
        for (size_t i = 0; status == LB_OK && i < format->mapping.file_field_count; i++) {
            regmatch_t group = groups[i + 1];
            if (group.rm_so < 0)
                continue;
            size_t size = (size_t)(group.rm_eo - group.rm_so);
            values[i] = (lb_str){lb_arena_copy(arena, name + group.rm_so, size), size};
            if (!values[i].data)
                status = lb_fail_memory(error, "reading a file's name");
        }
    regfree(&regex);
    return status;
}
