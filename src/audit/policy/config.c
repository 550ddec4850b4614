#include "audit/policy/config.h"

#include <stdio.h>

#include "base/digest.h"
#include "base/file.h"
#include "corpus/tolerance.h"

enum { FILE_LIMIT = 1 << 20 };

static const char *const units[] = {"user", "conversation", "record"};
static const char *const missing_ways[] = {"own", "any"};
static const char *const splits[] = {"conversation", "time"};

static const char *const map_keys[] = {"record", "user", "conversation", "message", "reply_to",
                                       "role",   "time", "text",         "consent"};
enum { MAP_KEY_COUNT = sizeof map_keys / sizeof *map_keys };

/* What is being read, passed down. */
typedef struct reader {
    lb_yaml *yaml;
    lb_config *config;
    lb_error *error;
} reader;

static int text(const reader *r, yaml_node_t *node, const char *what, const char **into) {
    return lb_yaml_text(r->yaml, node, what, r->config->arena, into, r->error);
}

static int count(const reader *r, yaml_node_t *node, const char *what, uint64_t least,
                 lb_config_count *into) {
    into->given = node != NULL;
    return lb_yaml_count(r->yaml, node, what, least, INT64_MAX, &into->value, r->error);
}

static int choice(const reader *r, yaml_node_t *node, const char *what, const char *const *names,
                  size_t name_count, const char **into) {
    size_t chosen = 0;
    int status = lb_yaml_choice(r->yaml, node, what, names, name_count, &chosen, r->error);
    if (status == LB_OK && node)
        *into = names[chosen];
    return status;
}

static int list(const reader *r, yaml_node_t *node, const char *what, lb_config_list *into) {
    into->given = node != NULL;
    return lb_yaml_texts(r->yaml, node, what, r->config->arena, &into->items, &into->count,
                         r->error);
}

static int list_join(const reader *r, const lb_config_list *items, const char **into) {
    size_t size = 1;
    for (size_t i = 0; i < items->count; i++)
        size += strlen(items->items[i]) + 1;
    char *joined = lb_arena_alloc(r->config->arena, size, 1), *end = joined;
    if (!joined)
        return lb_fail_memory(r->error, "reading the configuration");
    for (size_t i = 0; i < items->count; i++) {
        size_t length = strlen(items->items[i]);
        if (i > 0)
            *end++ = ',';
        memcpy(end, items->items[i], length);
        end += length;
    }
    *end = '\0';
    *into = joined;
    return LB_OK;
}

static int tolerance(const reader *r, yaml_node_t *node, const char *what, const char **into) {
    lb_tolerance parsed;
    int status = text(r, node, what, into);
    if (status == LB_OK && *into && !lb_tolerance_parse(*into, &parsed))
        return lb_yaml_fail(r->yaml, node, r->error, LB_TOLERANCE_MEND,
                            "%s is no number of records, and no share of them", what);
    return status;
}

/* A comma list for an option: given as text or as a YAML list. */
static int joined(const reader *r, yaml_node_t *node, const char *what, const char **into) {
    lb_config_list items = {0};
    int status = list(r, node, what, &items);
    return status == LB_OK && node ? list_join(r, &items, into) : status;
}

static int maps(const reader *r, yaml_node_t *node, lb_config_list *into) {
    yaml_node_t *at[MAP_KEY_COUNT];
    if (!node)
        return LB_OK;
    int status =
        lb_yaml_mapping(r->yaml, node, "corpus.map", map_keys, MAP_KEY_COUNT, at, r->error);
    if (status < 0)
        return status;
    const char **pairs = lb_arena_alloc(r->config->arena, MAP_KEY_COUNT, sizeof *pairs);
    if (!pairs)
        return lb_fail_memory(r->error, "reading the configuration");
    *into = (lb_config_list){.given = true, .items = pairs};
    for (size_t i = 0; i < MAP_KEY_COUNT; i++) {
        const char *path = NULL;
        status = text(r, at[i], map_keys[i], &path);
        if (status < 0)
            return status;
        if (!path)
            continue;
        size_t size = strlen(map_keys[i]) + strlen(path) + 2;
        char *pair = lb_arena_alloc(r->config->arena, size, 1);
        if (!pair)
            return lb_fail_memory(r->error, "reading the configuration");
        snprintf(pair, size, "%s=%s", map_keys[i], path);
        pairs[into->count++] = pair;
    }
    return LB_OK;
}

enum {
    C_FORMAT,
    C_MAP,
    C_QI,
    C_SENSITIVE,
    C_CONSENT,
    C_WEIGHT,
    C_UNIT,
    C_ROLES,
    C_SKIP,
    C_POPULATION,
    C_MAX_ERRORS,
    CORPUS_KEYS
};
static const char *const corpus_key[CORPUS_KEYS] = {
    "format", "map",  "quasi_identifiers", "sensitive", "accepted_consent", "weight", "unit",
    "roles",  "skip", "population",        "max_errors"};

static int corpus_read(const reader *r, yaml_node_t *section) {
    yaml_node_t *at[CORPUS_KEYS];
    lb_config_corpus *corpus = &r->config->corpus;
    if (!section)
        return LB_OK;
    int status = lb_yaml_mapping(r->yaml, section, "corpus", corpus_key, CORPUS_KEYS, at, r->error);
    if (status == LB_OK)
        status = text(r, at[C_FORMAT], "format", &corpus->format);
    if (status == LB_OK)
        status = maps(r, at[C_MAP], &corpus->maps);
    if (status == LB_OK)
        status = list(r, at[C_QI], "quasi_identifiers", &corpus->quasi_identifiers);
    if (status == LB_OK)
        status = list(r, at[C_SENSITIVE], "sensitive", &corpus->sensitive);
    if (status == LB_OK)
        status = list(r, at[C_CONSENT], "accepted_consent", &corpus->accepted_consent);
    if (status == LB_OK)
        status = text(r, at[C_WEIGHT], "weight", &corpus->weight);
    if (status == LB_OK)
        status = choice(r, at[C_UNIT], "unit", units, 3, &corpus->unit);
    if (status == LB_OK)
        status = joined(r, at[C_ROLES], "roles", &corpus->roles);
    if (status == LB_OK)
        status = joined(r, at[C_SKIP], "skip", &corpus->skip);
    if (status == LB_OK)
        status = count(r, at[C_POPULATION], "population", 1, &corpus->population);
    if (status == LB_OK)
        status = tolerance(r, at[C_MAX_ERRORS], "max_errors", &corpus->max_errors);
    return status;
}

enum {
    M_K,
    M_NGRAMS,
    M_MEASURES,
    M_MISSING,
    M_FRACTION,
    M_TABLE,
    M_HIERARCHIES,
    M_SPLIT,
    M_MIN_MESSAGES,
    M_SEED,
    MEASURE_KEYS
};
static const char *const measure_key[MEASURE_KEYS] = {
    "k",           "ngrams", "measures",     "missing", "sampling_fraction", "population_table",
    "hierarchies", "split",  "min_messages", "seed"};

/* Free names: the fields; under each the file with its hierarchy. */
static int hierarchies(const reader *r, yaml_node_t *node, lb_config_measure *measure) {
    static const char key_path[] = "measure.hierarchies";
    yaml_node_t *field, *file;
    size_t count = 0;
    if (!node)
        return LB_OK;
    if (node->type != YAML_MAPPING_NODE)
        return lb_yaml_fail(r->yaml, node, r->error, "write FIELD: FILE", "%s is no mapping",
                            key_path);
    while (lb_yaml_pair(r->yaml, node, count, &field, &file))
        count++;
    const char **fields = lb_arena_alloc(r->config->arena, count, sizeof *fields);
    const char **files = lb_arena_alloc(r->config->arena, count, sizeof *files);
    if (!fields || !files)
        return lb_fail_memory(r->error, "reading the configuration");
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        lb_yaml_pair(r->yaml, node, i, &field, &file);
        status = text(r, field, key_path, &fields[i]);
        if (status == LB_OK)
            status = text(r, file, key_path, &files[i]);
    }
    measure->hierarchy_fields = (lb_config_list){true, fields, count};
    measure->hierarchy_files = (lb_config_list){true, files, count};
    return status;
}

static int measure_read(const reader *r, yaml_node_t *section) {
    yaml_node_t *at[MEASURE_KEYS];
    lb_config_measure *measure = &r->config->measure;
    if (!section)
        return LB_OK;
    int status =
        lb_yaml_mapping(r->yaml, section, "measure", measure_key, MEASURE_KEYS, at, r->error);
    if (status == LB_OK)
        status = count(r, at[M_K], "k", LB_LEAST_K, &measure->k);
    if (status == LB_OK)
        status = count(r, at[M_NGRAMS], "ngrams", 1, &measure->ngrams);
    if (status == LB_OK)
        status = joined(r, at[M_MEASURES], "measures", &measure->measures);
    if (status == LB_OK)
        status = choice(r, at[M_MISSING], "missing", missing_ways, 2, &measure->missing);
    if (status == LB_OK)
        status = lb_yaml_number(r->yaml, at[M_FRACTION], "sampling_fraction", 0, 1,
                                &measure->sampling_fraction, r->error);
    measure->has_sampling_fraction = at[M_FRACTION] != NULL;
    if (status == LB_OK)
        status = text(r, at[M_TABLE], "population_table", &measure->population_table);
    if (status == LB_OK)
        status = hierarchies(r, at[M_HIERARCHIES], measure);
    if (status == LB_OK)
        status = choice(r, at[M_SPLIT], "split", splits, 2, &measure->split);
    if (status == LB_OK)
        status = count(r, at[M_MIN_MESSAGES], "min_messages", 1, &measure->min_messages);
    if (status == LB_OK)
        status = count(r, at[M_SEED], "seed", 0, &measure->seed);
    return status;
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static int root_read(const reader *r, const char *path) {
    static const char *const keys[] = {"corpus", "measure", "policy"};
    yaml_node_t *at[3], *root = lb_yaml_root(r->yaml);
    if (!root)
        return LB_OK;
    int status = lb_yaml_mapping(r->yaml, root, "the configuration", keys, 3, at, r->error);
    if (status == LB_OK)
        status = corpus_read(r, at[0]);
    if (status == LB_OK)
        status = measure_read(r, at[1]);
    if (status == LB_OK && at[2])
        status = lb_policy_read(&r->config->policy, r->yaml, at[2], file_name(path), r->error);
    return status;
}

void lb_config_free(lb_config *config) {
    if (!config)
        return;
    lb_policy_free(config->policy);
    lb_arena_free(config->arena);
    lb_free(config);
}

static void hash(lb_config *config, lb_str file) {
    uint32_t words[LB_DIGEST_WORDS_MAX];
    lb_digest_one(LB_DIGEST_SHA256, file, words);
    for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        snprintf(config->sha256 + 8 * i, 9, "%08x", words[i]);
}

int lb_config_load(lb_config **out, const char *path, lb_error *error) {
    lb_buffer file = {0};
    lb_yaml *yaml = NULL;
    lb_config *config = lb_alloc_zero(1, sizeof *config);
    if (config)
        config->arena = lb_arena_new();
    int status =
        config && config->arena ? LB_OK : lb_fail_memory(error, "reading the configuration");
    if (status == LB_OK)
        status = lb_file_read(path, FILE_LIMIT, &file, error);
    if (status == LB_E_INPUT) { /* a configuration that is not there is a wrong command line */
        status = LB_E_USAGE;
        if (error)
            error->code = LB_E_USAGE;
    }
    if (status == LB_OK) {
        hash(config, lb_buffer_str(&file));
        status = lb_yaml_parse(&yaml, path, lb_buffer_str(&file), error);
    }
    if (status == LB_OK) {
        reader r = {.yaml = yaml, .config = config, .error = error};
        status = root_read(&r, path);
    }
    lb_yaml_free(yaml);
    lb_buffer_free(&file);
    if (status < 0) {
        lb_config_free(config);
        return status;
    }
    *out = config;
    return LB_OK;
}
