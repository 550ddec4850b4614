#include "audit/policy/yaml_reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/nearest.h"
#include "results/number.h"

struct lb_yaml {
    const char *name;
    yaml_document_t document;
};

static int parser_fail(const yaml_parser_t *parser, const char *name, lb_error *error) {
    if (parser->error == YAML_MEMORY_ERROR)
        return lb_fail_memory(error, "reading YAML");
    char place[LB_ERROR_WHERE_MAX];
    if (parser->error == YAML_READER_ERROR)
        snprintf(place, sizeof place, "%.900s (byte %zu)", name, parser->problem_offset);
    else
        snprintf(place, sizeof place, "%.900s:%zu:%zu", name, parser->problem_mark.line + 1,
                 parser->problem_mark.column + 1);
    return lb_fail(error, LB_E_USAGE, place,
                   "write it as YAML 1.1: spaces (no tabs) for indentation, \"key: value\"",
                   "this is no YAML: %s", parser->problem ? parser->problem : "unreadable");
}

/* What stands behind the first document would do nothing, and nobody would see it. */
static int refuse_second(yaml_parser_t *parser, const char *name, lb_error *error) {
    yaml_document_t second;
    char place[LB_ERROR_WHERE_MAX];
    if (!yaml_parser_load(parser, &second))
        return parser_fail(parser, name, error);
    const yaml_node_t *root = yaml_document_get_root_node(&second);
    bool empty = !root || (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0);
    size_t line = empty ? 0 : root->start_mark.line + 1;
    yaml_document_delete(&second);
    snprintf(place, sizeof place, "%.900s:%zu", name, line);
    return empty ? LB_OK
                 : lb_fail(error, LB_E_USAGE, place, "put all of it into one document",
                           "a second YAML document begins here, and only the first is read");
}

int lb_yaml_parse(lb_yaml **out, const char *name, lb_str text, lb_error *error) {
    lb_yaml *yaml = lb_alloc_zero(1, sizeof *yaml);
    yaml_parser_t parser;
    if (!yaml)
        return lb_fail_memory(error, "reading YAML");
    if (!yaml_parser_initialize(&parser)) {
        lb_free(yaml);
        return lb_fail_memory(error, "reading YAML");
    }
    yaml->name = name;
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.data ? text.data : ""),
                                 text.size);
    int status = LB_OK;
    if (!yaml_parser_load(&parser, &yaml->document)) {
        status = parser_fail(&parser, name, error);
        lb_free(yaml);
    } else if ((status = refuse_second(&parser, name, error)) < 0)
        lb_yaml_free(yaml);
    else
        *out = yaml;
    yaml_parser_delete(&parser);
    return status;
}

void lb_yaml_free(lb_yaml *yaml) {
    if (!yaml)
        return;
    yaml_document_delete(&yaml->document);
    lb_free(yaml);
}

yaml_node_t *lb_yaml_root(lb_yaml *yaml) {
    yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
    bool empty = root && root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0;
    return empty ? NULL : root;
}

void lb_yaml_place(const lb_yaml *yaml, const yaml_node_t *node, char place[LB_ERROR_WHERE_MAX]) {
    if (node)
        snprintf(place, LB_ERROR_WHERE_MAX, "%.900s:%zu:%zu", yaml->name, node->start_mark.line + 1,
                 node->start_mark.column + 1);
    else
        snprintf(place, LB_ERROR_WHERE_MAX, "%.900s", yaml->name);
}

int lb_yaml_fail(const lb_yaml *yaml, const yaml_node_t *node, lb_error *error, const char *mend,
                 const char *what, ...) {
    char place[LB_ERROR_WHERE_MAX], text[LB_ERROR_WHAT_MAX];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    lb_yaml_place(yaml, node, place);
    return lb_fail(error, LB_E_USAGE, place, mend, "%s", text);
}

static const char *kind_of(const yaml_node_t *node) {
    switch (node->type) {
    case YAML_MAPPING_NODE:
        return "a mapping";
    case YAML_SEQUENCE_NODE:
        return "a list";
    case YAML_SCALAR_NODE:
        return node->data.scalar.length ? "a single value" : "empty";
    case YAML_NO_NODE:
        break;
    }
    return "nothing";
}

static const char *scalar_of(const yaml_node_t *node) {
    return (const char *)node->data.scalar.value;
}

static bool is_text(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length > 0 &&
           strlen(scalar_of(node)) == node->data.scalar.length;
}

bool lb_yaml_pair(lb_yaml *yaml, yaml_node_t *node, size_t index, yaml_node_t **key,
                  yaml_node_t **value) {
    yaml_node_pair_t *pair = node->data.mapping.pairs.start + index;
    if (pair >= node->data.mapping.pairs.top)
        return false;
    *key = yaml_document_get_node(&yaml->document, pair->key);
    *value = yaml_document_get_node(&yaml->document, pair->value);
    return true;
}

int lb_yaml_mapping(lb_yaml *yaml, yaml_node_t *node, const char *what, const char *const *keys,
                    size_t count, yaml_node_t **values, lb_error *error) {
    yaml_node_t *key, *value;
    memset(values, 0, count * sizeof *values);
    if (node->type != YAML_MAPPING_NODE)
        return lb_yaml_fail(yaml, node, error, "write \"key: value\" lines below it",
                            "%s must be a mapping, not %s", what, kind_of(node));
    for (size_t i = 0; lb_yaml_pair(yaml, node, i, &key, &value); i++) {
        if (!is_text(key))
            return lb_yaml_fail(yaml, key, error, "give each key as plain text",
                                "a key in %s is %s", what, kind_of(key));
        size_t which = 0;
        while (which < count && strcmp(keys[which], scalar_of(key)) != 0)
            which++;
        if (which == count) {
            char mend[LB_ERROR_MEND_MAX];
            snprintf(mend, sizeof mend, "the nearest known key is \"%s\"",
                     keys[lb_nearest(scalar_of(key), keys, count)]);
            return lb_yaml_fail(yaml, key, error, mend, "unknown key \"%s\" in %s", scalar_of(key),
                                what);
        }
        if (values[which])
            return lb_yaml_fail(yaml, key, error, "keep one of the two",
                                "the key \"%s\" stands twice in %s", keys[which], what);
        values[which] = value;
    }
    return LB_OK;
}

int lb_yaml_sequence(lb_yaml *yaml, yaml_node_t *node, const char *what, lb_error *error) {
    if (node->type == YAML_SEQUENCE_NODE)
        return LB_OK;
    return lb_yaml_fail(yaml, node, error, "write one \"- \" line per element",
                        "%s must be a list, not %s", what, kind_of(node));
}

size_t lb_yaml_length(const yaml_node_t *node) {
    return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

yaml_node_t *lb_yaml_element(lb_yaml *yaml, yaml_node_t *node, size_t index) {
    if (index >= lb_yaml_length(node))
        return NULL;
    return yaml_document_get_node(&yaml->document, node->data.sequence.items.start[index]);
}

int lb_yaml_text(lb_yaml *yaml, yaml_node_t *node, const char *what, lb_arena *arena,
                 const char **text, lb_error *error) {
    if (!node)
        return LB_OK;
    if (!is_text(node))
        return lb_yaml_fail(yaml, node, error, "give it as text", "%s must be text, not %s", what,
                            kind_of(node));
    *text = lb_arena_copy(arena, scalar_of(node), node->data.scalar.length);
    return *text ? LB_OK : lb_fail_memory(error, "reading YAML");
}

int lb_yaml_number(lb_yaml *yaml, yaml_node_t *node, const char *what, double least, double most,
                   double *value, lb_error *error) {
    char low[LB_NUMBER_MAX], high[LB_NUMBER_MAX], mend[LB_ERROR_MEND_MAX];
    if (!node)
        return LB_OK;
    lb_number_format(least, low);
    lb_number_format(most, high);
    snprintf(mend, sizeof mend, "give a number from %s to %s, with a point", low, high);
    double number;
    if (!is_text(node) || !lb_number_parse(scalar_of(node), &number))
        return lb_yaml_fail(yaml, node, error, mend, "%s must be a number, not %s%s%s", what,
                            is_text(node) ? "\"" : kind_of(node),
                            is_text(node) ? scalar_of(node) : "", is_text(node) ? "\"" : "");
    if (number < least || number > most)
        return lb_yaml_fail(yaml, node, error, mend, "%s is out of range: %s", what,
                            scalar_of(node));
    *value = number;
    return LB_OK;
}

int lb_yaml_count(lb_yaml *yaml, yaml_node_t *node, const char *what, uint64_t least, uint64_t most,
                  uint64_t *value, lb_error *error) {
    char mend[LB_ERROR_MEND_MAX];
    if (!node)
        return LB_OK;
    snprintf(mend, sizeof mend, "give a whole number from %" PRIu64 " to %" PRIu64, least, most);
    uint64_t number = 0;
    bool whole = is_text(node);
    for (const char *at = whole ? scalar_of(node) : ""; whole && *at; at++) {
        unsigned digit = (unsigned)(*at - '0');
        whole = digit < 10 && number <= (UINT64_MAX - digit) / 10;
        number = number * 10 + digit;
    }
    if (!whole || number < least || number > most)
        return lb_yaml_fail(yaml, node, error, mend, "%s is no whole number in range: %s", what,
                            is_text(node) ? scalar_of(node) : kind_of(node));
    *value = number;
    return LB_OK;
}

int lb_yaml_choice(lb_yaml *yaml, yaml_node_t *node, const char *what, const char *const *names,
                   size_t count, size_t *chosen, lb_error *error) {
    char mend[LB_ERROR_MEND_MAX];
    if (!node)
        return LB_OK;
    for (size_t i = 0; is_text(node) && i < count; i++)
        if (strcmp(names[i], scalar_of(node)) == 0) {
            *chosen = i;
            return LB_OK;
        }
    int used = snprintf(mend, sizeof mend, "give one of:");
    for (size_t i = 0; i < count && used > 0 && (size_t)used < sizeof mend; i++)
        used += snprintf(mend + used, sizeof mend - (size_t)used, "%s %s", i ? "," : "", names[i]);
    return lb_yaml_fail(yaml, node, error, mend, "%s cannot be %s%s%s", what,
                        is_text(node) ? "\"" : kind_of(node), is_text(node) ? scalar_of(node) : "",
                        is_text(node) ? "\"" : "");
}

/* Cuts at commas, drops the spaces around. */
static int texts_cut(lb_arena *arena, const char *list, const char ***texts, size_t *count,
                     lb_error *error) {
    size_t pieces = 1;
    for (const char *at = list; *at; at++)
        pieces += *at == ',';
    *texts = lb_arena_alloc(arena, pieces, sizeof **texts);
    if (!*texts)
        return lb_fail_memory(error, "reading YAML");
    *count = 0;
    while (true) {
        size_t length = strcspn(list, ",");
        const char *start = list, *end = list + length;
        while (start < end && *start == ' ')
            start++;
        while (end > start && end[-1] == ' ')
            end--;
        if (end > start) {
            const char *copy = lb_arena_copy(arena, start, (size_t)(end - start));
            if (!copy)
                return lb_fail_memory(error, "reading YAML");
            (*texts)[(*count)++] = copy;
        }
        if (!list[length])
            return LB_OK;
        list += length + 1;
    }
}

int lb_yaml_texts(lb_yaml *yaml, yaml_node_t *node, const char *what, lb_arena *arena,
                  const char *const **texts, size_t *count, lb_error *error) {
    const char **list;
    if (!node)
        return LB_OK;
    if (is_text(node)) {
        int status = texts_cut(arena, scalar_of(node), &list, count, error);
        *texts = list;
        return status;
    }
    int status = lb_yaml_sequence(yaml, node, what, error);
    if (status < 0)
        return status;
    *count = lb_yaml_length(node);
    list = lb_arena_alloc(arena, *count, sizeof *list);
    if (!list)
        return lb_fail_memory(error, "reading YAML");
    for (size_t i = 0; i < *count; i++) {
        yaml_node_t *element = lb_yaml_element(yaml, node, i);
        status = lb_yaml_text(yaml, element, what, arena, &list[i], error);
        if (status < 0)
            return status;
    }
    *texts = list;
    return LB_OK;
}
