#include "corpus/read/source.h"

#include <stdio.h>

#include "corpus/read/log.h"

int lb_source_bind(lb_source_state *source, lb_arena *arena, lb_error *error) {
    if (source->container == LB_CONTAINER_XML)
        source->plan.has_records = true; /* frame 0 is what surrounds the record */
    if (!source->header)
        return LB_OK;
    source->columns = lb_arena_alloc(arena, source->column_count, sizeof *source->columns);
    if (!source->columns)
        return lb_fail_memory(error, "binding columns");
    for (size_t i = 0; i < source->column_count; i++)
        source->columns[i] = lb_plan_child(&source->plan, 0, source->header[i]);
    return LB_OK;
}

void lb_source_close(lb_source_state *source) {
    lb_catalogue_free(source->catalogue);
    lb_plan_free(&source->plan);
    lb_input_free(source->input);
    lb_buffer_free(&source->head);
    lb_log_templates_free(source->log);
    source->catalogue = NULL;
    source->input = NULL;
    source->log = NULL;
}

const char *lb_source_column(const lb_source_state *source, const char *path, lb_arena *arena) {
    size_t number = 0;
    if (!source->header || lb_catalogue_find(source->catalogue, path, (lb_path){0}))
        return path;
    for (const char *c = path; *c; c++) {
        if (*c < '0' || *c > '9' || number > source->column_count)
            return path;
        number = number * 10 + (size_t)(*c - '0');
    }
    if (number < 1 || number > source->column_count)
        return path;
    lb_str name = source->header[number - 1];
    return lb_arena_copy(arena, name.data, name.size);
}

const lb_field *lb_source_field(const lb_source_state *source, const char *name, lb_arena *arena) {
    lb_path path = {0};
    if (strncmp(name, "$.", 2) == 0)
        name += 2;
    name = lb_source_column(source, name, arena);
    if (!name)
        return NULL;
    const lb_field *field = lb_catalogue_find(source->catalogue, name, path);
    if (field || lb_path_parse(&path, name, "field", arena, NULL) < 0)
        return field;
    field = lb_catalogue_find(source->catalogue, name, path);
    const lb_mapping_key *record = &source->mapping.keys[LB_KEY_RECORD];
    static const char *const ends[] = {"[]", ""}; /* an array may be named without its brackets */
    char joined[512];                             /* relative to the record */
    for (size_t i = 0; !field && i < 2 * record->count; i++) {
        int n = snprintf(joined, sizeof joined, "%s%s.%s", record->paths[i / 2], ends[i % 2], name);
        if (n > 0 && (size_t)n < sizeof joined &&
            lb_path_parse(&path, joined, "field", arena, NULL) == LB_OK)
            field = lb_catalogue_find(source->catalogue, joined, path);
    }
    return field;
}
