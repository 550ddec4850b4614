#include "corpus/inspect.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/order.h"
#include "corpus/state.h"

enum { CANDIDATE_LEAST = 2, CANDIDATE_MOST = 200 };

static int fail_memory(lb_error *error) {
    return lb_fail_memory(error, "inspecting a corpus");
}

static const char *joined_paths(const lb_mapping_key *key, lb_arena *arena) {
    size_t size = 1;
    for (size_t i = 0; i < key->count; i++)
        size += strlen(key->paths[i]) + 3;
    char *text = lb_arena_alloc(arena, size, 1), *end = text;
    for (size_t i = 0; text && i < key->count; i++) {
        size_t n = strlen(key->paths[i]);
        if (i > 0) {
            memcpy(end, " | ", 3);
            end += 3;
        }
        memcpy(end, key->paths[i], n);
        end += n;
    }
    if (text)
        *end = '\0';
    return text;
}

static int list_keys(lb_inspect_source *out, const lb_source_state *source, lb_arena *arena,
                     lb_error *error) {
    lb_inspect_key *keys = lb_arena_alloc(arena, LB_KEYS, sizeof *keys);
    if (!keys)
        return fail_memory(error);
    for (size_t i = 0; i < LB_KEYS; i++) {
        const lb_mapping_key *key = &source->mapping.keys[i];
        bool record = i == LB_KEY_RECORD && key->paths[0]; /* of XML: the plan does without */
        lb_mapping_key shown = *key;
        shown.count = record ? 1 : key->count;
        if (shown.count == 0)
            continue;
        const char *path = joined_paths(&shown, arena);
        if (!path)
            return fail_memory(error);
        keys[out->key_count++] =
            (lb_inspect_key){lb_key_names[i], path, lb_origin_name(key->origin)};
    }
    out->keys = keys;
    return LB_OK;
}

static const char *type_of(const lb_field *field) {
    if (field->strings)
        return "string";
    if (field->numbers)
        return "number";
    if (field->booleans)
        return "boolean";
    return field->containers ? "object or array" : "empty";
}

/* Text, users, keys and times are what the mapping is about: they are no quasi-identifiers. */
static bool is_mapped(const lb_source_state *source, const char *name) {
    for (size_t i = 0; i < LB_SLOTS; i++)
        for (size_t j = 0; j < source->mapping.keys[i].count; j++)
            if (strcmp(source->mapping.keys[i].paths[j], name) == 0)
                return true;
    return false;
}

static int list_fields(lb_inspect_source *out, const lb_source_state *source, lb_arena *arena,
                       lb_error *error) {
    size_t count;
    const lb_field *fields = lb_catalogue_fields(source->catalogue, &count);
    lb_inspect_field *listed = lb_arena_alloc(arena, count, sizeof *listed);
    if (!listed)
        return fail_memory(error);
    out->records_seen = lb_catalogue_records(source->catalogue);
    for (size_t i = 0; i < count; i++) {
        const lb_field *field = &fields[i];
        const char *path = lb_arena_copy(arena, field->name.data, field->name.size);
        if (!path)
            return fail_memory(error);
        bool varied = field->strings + field->numbers + field->booleans > 0 &&
                      field->distinct >= CANDIDATE_LEAST && !is_mapped(source, path);
        listed[i] = (lb_inspect_field){
            .path = path,
            .type = type_of(field),
            .filled = out->records_seen ? (double)field->records / (double)out->records_seen : 0,
            .distinct = field->distinct,
            .distinct_at_least = field->distinct == LB_DISTINCT_MAX,
            .varied = varied,
            .candidate = varied && field->distinct <= CANDIDATE_MOST};
    }
    out->fields = listed;
    out->field_count = count;
    return LB_OK;
}

static int list_sources(lb_inspection *out, lb_error *error) {
    size_t count;
    const lb_source *listed = lb_corpus_sources(out->corpus, &count);
    lb_inspect_source *sources = lb_arena_alloc(out->arena, count, sizeof *sources);
    if (!sources)
        return fail_memory(error);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        sources[i] = (lb_inspect_source){.source = &listed[i]};
        status = list_keys(&sources[i], &out->corpus->sources[i], out->arena, error);
        if (status == LB_OK)
            status = list_fields(&sources[i], &out->corpus->sources[i], out->arena, error);
    }
    out->sources = sources;
    out->source_count = count;
    return status;
}

static int keep_sample(lb_inspection *out, const lb_message *message, size_t attributes,
                       lb_error *error) {
    void *grown = lb_grow(out->samples.messages, &out->samples.capacity, out->samples.count + 1,
                          sizeof *message, error);
    if (!grown)
        return LB_E_RESOURCE;
    out->samples.messages = grown;
    lb_message kept = *message;
    lb_str *values = lb_arena_alloc(out->arena, attributes, sizeof *values);
    if (!values)
        return fail_memory(error);
    if (attributes > 0)
        memcpy(values, message->values, attributes * sizeof *values);
    kept.values = values;
    lb_str *const parts[] = {&kept.user,     &kept.conversation, &kept.id,
                             &kept.reply_to, &kept.role,         &kept.text};
    size_t count = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < count + attributes; i++) {
        lb_str *part = i < count ? parts[i] : &values[i - count];
        if (part->data && !(part->data = lb_arena_copy(out->arena, part->data, part->size)))
            return fail_memory(error);
    }
    out->samples.messages[out->samples.count++] = kept;
    return LB_OK;
}

static uint64_t count_distinct(uint64_t *hashes, size_t count) {
    uint64_t distinct = 0;
    if (count > 0)
        qsort(hashes, count, sizeof *hashes, lb_order_u64);
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || hashes[i] != hashes[i - 1];
    return distinct;
}

typedef struct user_list {
    uint64_t *hashes;
    size_t count, capacity;
} user_list;

static int look_at(lb_inspection *out, const lb_batch *batch, size_t samples, uint64_t most,
                   user_list *users, lb_error *error) {
    size_t attributes;
    lb_corpus_attributes(out->corpus, &attributes);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < batch->count && out->messages < most; i++) {
        const lb_message *message = &batch->messages[i];
        out->messages++;
        if (message->user.size > 0) {
            void *grown =
                lb_grow(users->hashes, &users->capacity, users->count + 1, sizeof(uint64_t), error);
            if (!grown)
                return LB_E_RESOURCE;
            users->hashes = grown;
            users->hashes[users->count++] = lb_hash_str(message->user);
        }
        if (out->samples.count < samples && message->own)
            status = keep_sample(out, message, attributes, error);
    }
    return status;
}

static int read_samples(lb_inspection *out, size_t samples, uint64_t most, lb_error *error) {
    lb_block *block = lb_block_new();
    lb_batch batch = {0};
    user_list users = {0};
    int status = block ? LB_OK : fail_memory(error);
    while (status == LB_OK && out->messages < most) {
        status = lb_corpus_next(out->corpus, block, error);
        if (status != 1)
            break;
        status = lb_corpus_parse(out->corpus, block, &batch, error);
        if (status == LB_OK)
            status = look_at(out, &batch, samples, most, &users, error);
    }
    out->users = count_distinct(users.hashes, users.count);
    lb_free(users.hashes);
    lb_batch_free(&batch);
    lb_block_free(block);
    return status;
}

int lb_inspect(lb_inspection *out, const lb_corpus_options *options, size_t samples, uint64_t most,
               lb_error *error) {
    *out = (lb_inspection){.arena = lb_arena_new()};
    lb_corpus_options looking = *options;
    looking.doubts_only_warn = true;
    int status = out->arena ? lb_corpus_open(&out->corpus, &looking, error) : fail_memory(error);
    if (status == LB_OK)
        status = list_sources(out, error);
    if (status == LB_OK)
        status = read_samples(out, samples, most, error);
    if (status < 0)
        lb_inspection_free(out);
    return status;
}

void lb_inspection_free(lb_inspection *inspection) {
    lb_corpus_free(inspection->corpus);
    lb_batch_free(&inspection->samples);
    lb_arena_free(inspection->arena);
    *inspection = (lb_inspection){0};
}
