#include "link/texts_fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"

typedef struct fixture_row {
    uint64_t user, conversation, hash;
    const char *key;
    int64_t time;
    lb_str text;
    const uint32_t *values;
} fixture_row;

static void *must(void *memory) {
    if (!memory) {
        fputs("texts_fixture: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

texts_fixture *texts_fixture_new(void) {
    texts_fixture *fixture = must(calloc(1, sizeof *fixture));
    fixture->arena = must(lb_arena_new());
    return fixture;
}

void texts_fixture_free(texts_fixture *fixture) {
    if (!fixture)
        return;
    lb_arena_free(fixture->arena);
    free(fixture->rows);
    free(fixture);
}

void texts_fixture_add(texts_fixture *fixture, const char *user, const char *conversation,
                       int64_t at, const char *text) {
    texts_fixture_add_values(fixture, user, conversation, at, text, NULL);
}

void texts_fixture_add_values(texts_fixture *fixture, const char *user, const char *conversation,
                              int64_t at, const char *text, const uint32_t *values) {
    if (fixture->count == fixture->capacity) {
        fixture->capacity = fixture->capacity ? 2 * fixture->capacity : 1024;
        fixture->rows = must(realloc(fixture->rows, fixture->capacity * sizeof *fixture->rows));
    }
    size_t size = strlen(text);
    const char *copy = must(lb_arena_copy(fixture->arena, text, size));
    uint32_t *kept = NULL;
    if (values) {
        kept = must(lb_arena_alloc(fixture->arena, fixture->fields, sizeof *kept));
        memcpy(kept, values, fixture->fields * sizeof *kept);
    }
    fixture->rows[fixture->count++] =
        (fixture_row){.user = lb_hash_str(lb_str_of(user)),
                      .conversation = lb_hash_str(lb_str_of(conversation)),
                      .hash = lb_hash(text, size),
                      .key = must(lb_arena_copy(fixture->arena, user, strlen(user))),
                      .time = at,
                      .text = {copy, size},
                      .values = kept};
}

static int by_user(const void *left, const void *right) {
    const fixture_row *a = left, *b = right;
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->conversation != b->conversation)
        return a->conversation < b->conversation ? -1 : 1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static int by_number(const void *left, const void *right) {
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static size_t number_of(const uint64_t *sorted, size_t count, uint64_t hash) {
    const uint64_t *found = bsearch(&hash, sorted, count, sizeof hash, by_number);
    return (size_t)(found - sorted);
}

void texts_fixture_arrange(texts_fixture *fixture) {
    size_t count = fixture->count;
    lb_arena *arena = fixture->arena;
    uint64_t *conversations = must(lb_arena_alloc(arena, count + 1, sizeof *conversations));
    uint64_t *units = must(lb_arena_alloc(arena, count + 1, sizeof *units));
    size_t *offsets = must(lb_arena_alloc(arena, count + 2, sizeof *offsets));
    lb_own_message *messages = must(lb_arena_alloc(arena, count + 1, sizeof *messages));
    fixture->keys = must(lb_arena_alloc(arena, count + 1, sizeof *fixture->keys));
    for (size_t i = 0; i < count; i++)
        conversations[i] = fixture->rows[i].conversation;
    if (count) {
        qsort(conversations, count, sizeof *conversations, by_number);
        qsort(fixture->rows, count, sizeof *fixture->rows, by_user);
    }
    uint64_t *names = must(lb_arena_alloc(arena, fixture->fields + 1, sizeof *names));
    for (size_t k = 0; k < fixture->fields; k++)
        names[k] = k + 1;
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (distinct == 0 || conversations[distinct - 1] != conversations[i])
            conversations[distinct++] = conversations[i];
    size_t users = 0;
    for (size_t i = 0; i < count; i++) {
        const fixture_row *row = &fixture->rows[i];
        if (i == 0 || row->user != fixture->rows[i - 1].user) {
            units[users] = row->user;
            fixture->keys[users] = (char *)(uintptr_t)row->key;
            offsets[users++] = i;
        }
        messages[i] = (lb_own_message){
            .text = row->text,
            .time = row->time,
            .values = row->values,
            .line = i + 1,
            .conversation = (uint32_t)number_of(conversations, distinct, row->conversation)};
    }
    offsets[users] = count;
    fixture->texts = (lb_texts){.units = users,
                                .conversations = distinct,
                                .unit_hashes = units,
                                .conversation_hashes = conversations,
                                .offsets = offsets,
                                .messages = messages,
                                .fields = fixture->fields,
                                .field_hashes = names};
    free(fixture->rows);
    fixture->rows = NULL;
}

static int64_t time_of(const char *stamp) {
    struct tm tm = {0};
    if (!stamp || sscanf(stamp, "%d-%d-%dT%d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
                         &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
        return INT64_MAX;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return (int64_t)timegm(&tm) * 1000000;
}

static void add_line(texts_fixture *fixture, const char *line, size_t size) {
    json_error_t trouble;
    json_t *object = json_loadb(line, size, 0, &trouble);
    const char *user = json_string_value(json_object_get(object, "user"));
    const char *conversation = json_string_value(json_object_get(object, "conversation"));
    const char *text = json_string_value(json_object_get(object, "text"));
    const char *role = json_string_value(json_object_get(object, "role"));
    if (role && strcmp(role, "assistant") == 0) {
        json_decref(object);
        return;
    }
    if (!user || !conversation || !text) {
        fprintf(stderr, "texts_fixture: %s\n", trouble.text);
        exit(1);
    }
    texts_fixture_add(fixture, user, conversation,
                      time_of(json_string_value(json_object_get(object, "timestamp"))), text);
    json_decref(object);
}

texts_fixture *texts_fixture_read(const char *path) {
    struct archive *archive = must(archive_read_new());
    archive_read_support_filter_all(archive);
    archive_read_support_format_raw(archive);
    struct archive_entry *entry;
    if (archive_read_open_filename(archive, path, 1 << 16) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) != ARCHIVE_OK) {
        archive_read_free(archive);
        return NULL;
    }
    texts_fixture *fixture = texts_fixture_new();
    lb_buffer rest = {0};
    static char block[1 << 16];
    la_ssize_t got;
    while ((got = archive_read_data(archive, block, sizeof block)) > 0) {
        if (lb_buffer_append(&rest, block, (size_t)got, NULL) < 0)
            must(NULL);
        size_t start = 0;
        for (char *end; (end = memchr(rest.data + start, '\n', rest.size - start)) != NULL;
             start = (size_t)(end - rest.data) + 1)
            add_line(fixture, rest.data + start, (size_t)(end - rest.data) - start);
        memmove(rest.data, rest.data + start, rest.size - start);
        rest.size -= start;
    }
    if (rest.size)
        add_line(fixture, rest.data, rest.size);
    lb_buffer_free(&rest);
    archive_read_free(archive);
    texts_fixture_arrange(fixture);
    return fixture;
}
