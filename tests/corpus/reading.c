#include "reading.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/thread.h"

static char folder[256];
static char paths[256][512];
static size_t path_count;

int folder_make(void **state) {
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/linkback-corpus-XXXXXX", base ? base : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

int folder_remove(void **state) {
    (void)state;
    char command[512];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

const char *in_folder(const char *name) {
    char *path = paths[path_count++ % 256];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *put(const char *name, const void *data, size_t size) {
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *put_text(const char *name, const char *text) {
    return put(name, text, strlen(text));
}

typedef struct worker_job {
    reading *r;
    pthread_mutex_t lock;
} worker_job;

static lb_str kept(lb_arena *arena, lb_str from) {
    if (from.data) {
        from.data = lb_arena_copy(arena, from.data, from.size);
        assert_non_null(from.data);
    }
    return from;
}

static void keep(reading *r, const lb_batch *batch) {
    size_t attributes;
    lb_corpus_attributes(r->corpus, &attributes);
    r->messages = realloc(r->messages, (r->count + batch->count + 1) * sizeof *r->messages);
    for (size_t i = 0; i < batch->count; i++) {
        lb_message m = batch->messages[i];
        lb_str *values = lb_arena_alloc(r->arena, attributes, sizeof *values);
        for (size_t j = 0; j < attributes; j++)
            values[j] = kept(r->arena, m.values[j]);
        m.values = values;
        m.user = kept(r->arena, m.user);
        m.conversation = kept(r->arena, m.conversation);
        m.id = kept(r->arena, m.id);
        m.reply_to = kept(r->arena, m.reply_to);
        m.role = kept(r->arena, m.role);
        m.text = kept(r->arena, m.text);
        r->messages[r->count++] = m;
    }
}

static int work(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)piece, (void)worker;
    worker_job *job = context;
    lb_block *block = lb_block_new();
    lb_batch batch = {0};
    int status = block ? 1 : lb_fail_memory(error, "testing");
    while (status == 1 && (status = lb_corpus_next(job->r->corpus, block, error)) == 1) {
        status = lb_corpus_parse(job->r->corpus, block, &batch, error);
        if (status < 0)
            break;
        pthread_mutex_lock(&job->lock);
        keep(job->r, &batch);
        pthread_mutex_unlock(&job->lock);
        status = 1;
    }
    lb_batch_free(&batch);
    lb_block_free(block);
    return status;
}

reading read_corpus(const lb_corpus_options *options, unsigned threads) {
    reading r = {.arena = lb_arena_new()};
    r.status = r.arena ? lb_corpus_open(&r.corpus, options, &r.error) : LB_E_RESOURCE;
    if (r.status < 0)
        return r;
    worker_job job = {.r = &r};
    pthread_mutex_init(&job.lock, NULL);
    r.status = threads > 1 ? lb_parallel(threads, threads, work, &job, &r.error)
                           : work(&job, 0, 0, &r.error);
    pthread_mutex_destroy(&job.lock);
    r.counts = *lb_corpus_counted(r.corpus);
    return r;
}

reading read_file(const char *path) {
    lb_corpus_options options = {.inputs = &path, .input_count = 1, .tolerance = {100, 1}};
    return read_corpus(&options, 1);
}

reading read_text(const char *name, const char *text) {
    return read_file(put_text(name, text));
}

static int compare_lines(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *summary(const reading *r) {
    char **lines = calloc(r->count + 1, sizeof *lines);
    size_t total = 1;
    for (size_t i = 0; i < r->count; i++) {
        const lb_message *m = &r->messages[i];
        size_t room = m->user.size + m->conversation.size + m->role.size + m->text.size + 200;
        lines[i] = malloc(room);
        snprintf(lines[i], room, "%s|%.*s|%.*s|%.*s|%lld|%d%d%d|%llu|%.*s\n",
                 lb_corpus_sources(r->corpus, &(size_t){0})[m->source].sha256, (int)m->user.size,
                 m->user.data, (int)m->conversation.size, m->conversation.data, (int)m->role.size,
                 m->role.data, (long long)m->time, m->has_time, m->own, m->starts_row,
                 (unsigned long long)m->byte, (int)m->text.size, m->text.data);
        total += strlen(lines[i]);
    }
    qsort(lines, r->count, sizeof *lines, compare_lines);
    char *text = malloc(total), *end = text;
    *end = '\0';
    for (size_t i = 0; i < r->count; i++) {
        end = stpcpy(end, lines[i]);
        free(lines[i]);
    }
    free(lines);
    return text;
}

void reading_free(reading *r) {
    lb_corpus_free(r->corpus);
    lb_arena_free(r->arena);
    free(r->messages);
    *r = (reading){0};
}

char *read_source_file(const char *path, size_t *size) {
    char full[1024];
    snprintf(full, sizeof full, "%s%s%s", path[0] == '/' ? "" : LINKBACK_SOURCE_DIR,
             path[0] == '/' ? "" : "/", path);
    FILE *file = fopen(full, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*size + 1);
    assert_int_equal(fread(data, 1, *size, file), *size);
    data[*size] = '\0';
    fclose(file);
    return data;
}

const char *shared_file(const char *name) {
    const char *shared = getenv("LINKBACK_SHARED");
    char *path = paths[path_count++ % 256];
    if (shared)
        snprintf(path, sizeof paths[0], "%s/%s", shared, name);
    else
        snprintf(path, sizeof paths[0], "%s/../shared/%s", LINKBACK_SOURCE_DIR, name);
    if (access(path, R_OK) == 0)
        return path;
    print_message("skipped: %s is not here\n", path);
    return NULL;
}
