#include "corpus/mapping/format.h"

#include <regex.h>
#include <stdio.h>
#include <yaml.h>

typedef struct reader {
    yaml_document_t document;
    const char *where;
    lb_arena *arena;
    lb_format *format;
    lb_error *error;
} reader;

typedef int read_value(reader *r, const yaml_node_t *value, void *target);

typedef struct entry { /* one key of a mapping, and how its value is read */
    const char *key;
    read_value *read;
    void *target;
} entry;

static int fail_at(reader *r, yaml_mark_t mark, const char *mend, const char *what,
                   const char *detail) {
    char where[256];
    snprintf(where, sizeof where, "%s:%zu:%zu", r->where, mark.line + 1, mark.column + 1);
    return lb_fail(r->error, LB_E_USAGE, where, mend, what, detail);
}
#define GRAMMAR "see docs/configuration.md, section 6"

static int fail_memory(reader *r) {
    return lb_fail_memory(r->error, "reading a format");
}

static const char *scalar(const yaml_node_t *node) {
    return (const char *)node->data.scalar.value;
}

static int read_string(reader *r, const yaml_node_t *value, void *target) {
    const char **text = target;
    if (value->type != YAML_SCALAR_NODE)
        return fail_at(r, value->start_mark, GRAMMAR, "a string is wanted here%s", "");
    *text = lb_arena_copy(r->arena, scalar(value), value->data.scalar.length);
    return *text ? LB_OK : fail_memory(r);
}

static int read_list(reader *r, const yaml_node_t *value, void *target) {
    lb_strings *list = target;
    size_t count = 1;
    if (value->type == YAML_SEQUENCE_NODE)
        count = (size_t)(value->data.sequence.items.top - value->data.sequence.items.start);
    const char **items = lb_arena_alloc(r->arena, count, sizeof *items);
    if (!items)
        return fail_memory(r);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *item = value;
        if (value->type == YAML_SEQUENCE_NODE)
            item = yaml_document_get_node(&r->document, value->data.sequence.items.start[i]);
        int status = read_string(r, item, &items[i]);
        if (status < 0)
            return status;
    }
    *list = (lb_strings){items, count};
    return LB_OK;
}

/* A list as one comma-separated string. */
static int read_comma_list(reader *r, const yaml_node_t *value, void *target) {
    lb_strings list = {0};
    int status = read_list(r, value, &list);
    if (status < 0)
        return status;
    size_t size = 1;
    for (size_t i = 0; i < list.count; i++)
        size += strlen(list.items[i]) + 1;
    char *text = lb_arena_alloc(r->arena, size, 1);
    if (!text)
        return fail_memory(r);
    char *end = text;
    for (size_t i = 0; i < list.count; i++) {
        size_t n = strlen(list.items[i]);
        if (i > 0)
            *end++ = ',';
        memcpy(end, list.items[i], n);
        end += n;
    }
    *end = '\0';
    *(const char **)target = text;
    return LB_OK;
}

static int read_regex(reader *r, const yaml_node_t *value, void *target) {
    int status = read_string(r, value, target);
    if (status < 0)
        return status;
    regex_t regex;
    if (regcomp(&regex, *(const char **)target, REG_EXTENDED) != 0)
        return fail_at(r, value->start_mark, "write a POSIX extended regular expression",
                       "\"%s\" is no regular expression", *(const char **)target);
    regfree(&regex);
    return LB_OK;
}

static int check_path(reader *r, const yaml_node_t *value, const char *path) {
    lb_path parsed;
    char where[256];
    snprintf(where, sizeof where, "%s:%zu:%zu", r->where, value->start_mark.line + 1,
             value->start_mark.column + 1);
    return lb_path_parse(&parsed, path, where, r->arena, r->error);
}

static int read_paths(reader *r, const yaml_node_t *value, void *target) {
    lb_strings list = {0};
    int status = read_list(r, value, &list);
    for (size_t i = 0; status == LB_OK && i < list.count; i++)
        status = check_path(r, value, list.items[i]);
    if (status == LB_OK)
        *(lb_strings *)target = list;
    return status;
}

static int read_key(reader *r, const yaml_node_t *value, void *target) {
    lb_mapping_key *key = target;
    lb_strings list = {0};
    int status = read_paths(r, value, &list);
    if (status < 0)
        return status;
    if (list.count > LB_PATHS_MAX)
        return fail_at(r, value->start_mark, GRAMMAR, "there are too many alternatives%s", "");
    for (size_t i = 0; i < list.count; i++)
        key->paths[i] = list.items[i];
    key->count = list.count;
    key->origin = LB_ORIGIN_FORMAT;
    return LB_OK;
}

static int read_containers(reader *r, const yaml_node_t *value, void *target) {
    bool *containers = target;
    lb_strings list = {0};
    int status = read_list(r, value, &list);
    for (size_t i = 0; status == LB_OK && i < list.count; i++) {
        size_t c = 0;
        while (c < LB_CONTAINERS && strcmp(lb_container_names[c], list.items[i]) != 0)
            c++;
        if (c == LB_CONTAINERS)
            return fail_at(r, value->start_mark,
                           "use jsonl, json, csv, tsv, xml, sqlite, parquet, duckdb or log",
                           "there is no container \"%s\"", list.items[i]);
        containers[c] = true;
    }
    return status;
}

static int read_entries(reader *r, const yaml_node_t *node, const entry *entries, size_t count) {
    if (node->type != YAML_MAPPING_NODE)
        return fail_at(r, node->start_mark, GRAMMAR, "a mapping is wanted here%s", "");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(&r->document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(&r->document, pair->value);
        size_t i = 0;
        if (key->type == YAML_SCALAR_NODE)
            while (i < count && strcmp(entries[i].key, scalar(key)) != 0)
                i++;
        else
            i = count;
        if (i == count)
            return fail_at(r, key->start_mark, GRAMMAR, "the key \"%s\" is not known here",
                           key->type == YAML_SCALAR_NODE ? scalar(key) : "(not a string)");
        int status = entries[i].read(r, value, entries[i].target);
        if (status < 0)
            return status;
    }
    return LB_OK;
}
#define COUNT(entries) (sizeof(entries) / sizeof *(entries))

static int read_true(reader *r, const yaml_node_t *value, void *target) {
    if (value->type != YAML_SCALAR_NODE || strcmp(scalar(value), "true") != 0)
        return fail_at(r, value->start_mark, GRAMMAR, "true is the only value here%s", "");
    *(bool *)target = true;
    return LB_OK;
}

static int read_signature(reader *r, const yaml_node_t *value) {
    lb_format *f = r->format;
    if (f->signature_count == LB_SIGNATURES_MAX)
        return fail_at(r, value->start_mark, GRAMMAR, "there are too many alternatives%s", "");
    lb_signature *by = &f->signatures[f->signature_count++];
    const entry entries[] = {{"keys", read_paths, &by->keys},
                             {"any", read_paths, &by->any},
                             {"exact", read_true, &by->exact},
                             {"file", read_regex, &by->file_name}};
    int status = read_entries(r, value, entries, COUNT(entries));
    if (status == LB_OK && by->keys.count == 0 && by->any.count == 0 && !by->file_name)
        return fail_at(r, value->start_mark, GRAMMAR, "keys, any or file is wanted here%s", "");
    return status;
}

static int read_detect(reader *r, const yaml_node_t *value, void *target) {
    (void)target;
    if (value->type != YAML_SEQUENCE_NODE)
        return read_signature(r, value);
    int status = LB_OK;
    const yaml_node_item_t *item = value->data.sequence.items.start;
    for (; status == LB_OK && item < value->data.sequence.items.top; item++)
        status = read_signature(r, yaml_document_get_node(&r->document, *item));
    return status;
}

static int read_map(reader *r, const yaml_node_t *value, void *target) {
    lb_format *f = target;
    entry entries[LB_KEYS];
    size_t count = 0;
    for (size_t i = 0; i < LB_KEYS; i++)
        if (lb_key_is_public(i) || i == LB_SLOT_CHANNEL)
            entries[count++] = (entry){lb_key_names[i], read_key, &f->mapping.keys[i]};
    return read_entries(r, value, entries, count);
}

static int read_service(reader *r, const yaml_node_t *value, void *target) {
    lb_mapping *m = target;
    const entry entries[] = {{"path", read_key, &m->keys[LB_SLOT_SERVICE]},
                             {"values", read_comma_list, &m->service_values}};
    return read_entries(r, value, entries, COUNT(entries));
}

static int read_bot(reader *r, const yaml_node_t *value, void *target) {
    lb_mapping *m = target;
    const entry entries[] = {{"path", read_key, &m->keys[LB_SLOT_BOT]},
                             {"values", read_comma_list, &m->bot_values}};
    return read_entries(r, value, entries, COUNT(entries));
}

static int read_file(reader *r, const yaml_node_t *value, void *target) {
    lb_format *f = target;
    lb_strings fields = {0};
    const entry entries[] = {{"pattern", read_regex, &f->file_pattern},
                             {"fields", read_list, &fields}};
    int status = read_entries(r, value, entries, COUNT(entries));
    if (status < 0)
        return status;
    if (fields.count > LB_FILE_FIELDS_MAX)
        return fail_at(r, value->start_mark, GRAMMAR, "there are too many fields%s", "");
    for (size_t i = 0; i < fields.count; i++)
        f->mapping.file_fields[i] = fields.items[i];
    f->mapping.file_field_count = fields.count;
    return LB_OK;
}

static int read_path(reader *r, const yaml_node_t *value, void *target) {
    int status = read_string(r, value, target);
    return status < 0 ? status : check_path(r, value, *(const char **)target);
}

static int read_join(reader *r, const yaml_node_t *value, void *target) {
    lb_format_join *j = target;
    const entry entries[] = {{"file", read_regex, &j->file},
                             {"key", read_path, &j->key},
                             {"record", read_path, &j->record},
                             {"separator", read_string, &j->separator},
                             {"columns", read_list, &j->columns}};
    int status = read_entries(r, value, entries, COUNT(entries));
    if (status == LB_OK && (!j->file || !j->key))
        return fail_at(r, value->start_mark, GRAMMAR, "a join has a file and a key%s", "");
    if (status == LB_OK &&
        (!j->separator != (j->columns.count == 0) || (j->separator && !*j->separator)))
        return fail_at(r, value->start_mark, GRAMMAR, "separator and columns go together%s", "");
    return status;
}

static int read_marks(reader *r, const yaml_node_t *value, void *target) {
    lb_mapping *m = target;
    if (value->type != YAML_MAPPING_NODE)
        return fail_at(r, value->start_mark, GRAMMAR, "a mapping is wanted here%s", "");
    for (const yaml_node_pair_t *pair = value->data.mapping.pairs.start;
         pair < value->data.mapping.pairs.top; pair++) {
        const char *mark, *role;
        int status = read_string(r, yaml_document_get_node(&r->document, pair->key), &mark);
        if (status == LB_OK)
            status = read_string(r, yaml_document_get_node(&r->document, pair->value), &role);
        if (status < 0)
            return status;
        if (!*mark || m->mark_count == LB_MARKS_MAX)
            return fail_at(r, value->start_mark, GRAMMAR, "there are too many or empty marks%s",
                           "");
        m->marks[m->mark_count++] = (lb_mark){lb_str_of(mark), lb_str_of(role)};
    }
    return LB_OK;
}

static int read_markup(reader *r, const yaml_node_t *value, void *target) {
    static const char *const names[] = {"none", "entities", "html"};
    lb_markup *markup = target;
    for (size_t i = 0; value->type == YAML_SCALAR_NODE && i < COUNT(names); i++)
        if (strcmp(scalar(value), names[i]) == 0) {
            *markup = (lb_markup)i;
            return LB_OK;
        }
    return fail_at(r, value->start_mark, GRAMMAR, "markup is html or entities%s", "");
}

static int read_structural(reader *r, const yaml_node_t *value, void *target) {
    lb_mapping *m = target;
    lb_strings list = {0};
    int status = read_paths(r, value, &list);
    m->structural = list.items;
    m->structural_count = list.count;
    return status;
}

static int read_lines(reader *r, const yaml_node_t *value, void *target) {
    lb_format *f = target;
    const entry entries[] = {
        {"prefix", read_list, &f->line_prefixes},  {"message", read_list, &f->message_lines},
        {"service", read_list, &f->service_lines}, {"notice", read_list, &f->notice_lines},
        {"day", read_list, &f->day_lines},         {"continued", read_true, &f->continued}};
    return read_entries(r, value, entries, COUNT(entries));
}

static int read_format(reader *r, const yaml_node_t *root) {
    lb_format *f = r->format;
    const entry entries[] = {{"name", read_string, &f->name},
                             {"title", read_string, &f->title},
                             {"containers", read_containers, f->containers},
                             {"detect", read_detect, f},
                             {"map", read_map, f},
                             {"roles", read_comma_list, &f->roles},
                             {"service", read_service, &f->mapping},
                             {"bot", read_bot, &f->mapping},
                             {"file", read_file, f},
                             {"children", read_path, &f->mapping.children},
                             {"alternate", read_comma_list, &f->mapping.alternate},
                             {"marks", read_marks, &f->mapping},
                             {"pieces", read_string, &f->mapping.pieces},
                             {"markup", read_markup, &f->mapping.markup},
                             {"join", read_join, &f->join},
                             {"ignore", read_regex, &f->ignore},
                             {"unread", read_regex, &f->unread},
                             {"structural", read_structural, &f->mapping},
                             {"text_join", read_string, &f->mapping.text_join},
                             {"quasi_identifiers", read_paths, &f->quasi_identifiers},
                             {"sensitive", read_paths, &f->sensitive},
                             {"skip", read_comma_list, &f->skip},
                             {"lines", read_lines, f},
                             {"notes", read_list, &f->notes}};
    int status = read_entries(r, root, entries, COUNT(entries));
    if (status < 0)
        return status;
    bool any = false;
    for (size_t i = 0; i < LB_CONTAINERS; i++)
        any = any || f->containers[i];
    if (!f->name || !any)
        return fail_at(r, root->start_mark, GRAMMAR, "a format has a name and containers%s", "");
    return LB_OK;
}

int lb_format_read(lb_format *out, lb_str yaml, const char *where, lb_arena *arena,
                   lb_error *error) {
    *out = (lb_format){.title = "",
                       .roles = "user,human,prompter",
                       .skip = "none",
                       .mapping = {.text_join = "\n"}};
    reader r = {.where = where, .arena = arena, .format = out, .error = error};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return fail_memory(&r);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml.data, yaml.size);
    int status;
    if (!yaml_parser_load(&parser, &r.document)) {
        status =
            parser.error == YAML_MEMORY_ERROR
                ? fail_memory(&r)
                : fail_at(&r, parser.problem_mark, "check the YAML", "the YAML is malformed: %s",
                          parser.problem ? parser.problem : "unknown error");
    } else {
        const yaml_node_t *root = yaml_document_get_root_node(&r.document);
        status = root ? read_format(&r, root)
                      : fail_at(&r, (yaml_mark_t){0}, GRAMMAR, "the file is empty%s", "");
        yaml_document_delete(&r.document);
    }
    yaml_parser_delete(&parser);
    return status;
}
