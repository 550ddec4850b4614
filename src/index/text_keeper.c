#include "index/text_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "index/spill.h"

enum { SEGMENT = 4 << 20 };

typedef struct text_segment {
    char *bytes;
    size_t size;
    bool mapped;
} text_segment;

typedef struct kept_message {
    lb_own_message message; /* conversation: arrival number */
    uint32_t unit;          /* arrival number */
} kept_message;

struct lb_text_keeper {
    text_segment *segments;
    size_t segment_count, segment_capacity;
    size_t used; /* of the last segment */
    uint64_t held, memory;
    int file; /* -1: none yet */
    off_t file_size;
    const char *tmpdir;
    kept_message *messages;
    size_t count, capacity;
};

int lb_text_keeper_new(lb_text_keeper **out, uint64_t memory, const char *tmpdir, lb_error *error) {
    lb_text_keeper *keeper = lb_alloc_zero(1, sizeof *keeper);
    if (!keeper)
        return lb_fail_memory(error, "keeping messages");
    keeper->memory = memory;
    keeper->tmpdir = tmpdir;
    keeper->file = -1;
    *out = keeper;
    return LB_OK;
}

void lb_text_keeper_free(lb_text_keeper *keeper) {
    if (!keeper)
        return;
    for (size_t i = 0; i < keeper->segment_count; i++)
        if (keeper->segments[i].mapped)
            munmap(keeper->segments[i].bytes, keeper->segments[i].size);
        else
            lb_free(keeper->segments[i].bytes);
    if (keeper->file >= 0)
        close(keeper->file);
    lb_free(keeper->segments);
    lb_free(keeper->messages);
    lb_free(keeper);
}

/* A segment of the file. Its room is taken at once, so that a full disk is an error here and no
 * signal later. */
static int map_segment(lb_text_keeper *keeper, text_segment *segment, lb_error *error) {
    if (keeper->file < 0 && (keeper->file = lb_spill_open(keeper->tmpdir, error)) < 0)
        return LB_E_RESOURCE;
    long page = sysconf(_SC_PAGESIZE);
    segment->size = (segment->size + (size_t)page - 1) / (size_t)page * (size_t)page;
    int failed = posix_fallocate(keeper->file, keeper->file_size, (off_t)segment->size);
    if (failed != 0)
        return lb_fail_errno(error, LB_E_RESOURCE, keeper->tmpdir, "cannot spill messages", failed);
    void *bytes = mmap(NULL, segment->size, PROT_READ | PROT_WRITE, MAP_SHARED, keeper->file,
                       keeper->file_size);
    if (bytes == MAP_FAILED)
        return lb_fail_errno(error, LB_E_RESOURCE, keeper->tmpdir, "cannot spill messages", errno);
    keeper->file_size += (off_t)segment->size;
    segment->bytes = bytes;
    segment->mapped = true;
    return LB_OK;
}

static int add_segment(lb_text_keeper *keeper, size_t least, lb_error *error) {
    void *segments = keeper->segments;
    int status = lb_grow(&segments, &keeper->segment_capacity, keeper->segment_count + 1,
                         sizeof *keeper->segments, error);
    keeper->segments = segments;
    if (status < 0)
        return status;
    text_segment segment = {.size = least > SEGMENT ? least : SEGMENT};
    if (keeper->held + segment.size > keeper->memory && keeper->segment_count > 0)
        status = map_segment(keeper, &segment, error);
    else if (!(segment.bytes = lb_alloc(segment.size, 1)))
        status = lb_fail_memory(error, "keeping messages");
    if (status < 0)
        return status;
    keeper->held += segment.mapped ? 0 : segment.size;
    keeper->segments[keeper->segment_count++] = segment;
    keeper->used = 0;
    return LB_OK;
}

int lb_text_keeper_add(lb_text_keeper *keeper, const lb_message *message, uint32_t unit,
                       uint32_t conversation, lb_error *error) {
    size_t size = message->text.size;
    int status = LB_OK;
    if (keeper->segment_count == 0 ||
        keeper->segments[keeper->segment_count - 1].size - keeper->used < size)
        status = add_segment(keeper, size, error);
    if (status < 0)
        return status;
    void *messages = keeper->messages;
    status =
        lb_grow(&messages, &keeper->capacity, keeper->count + 1, sizeof *keeper->messages, error);
    keeper->messages = messages;
    if (status < 0)
        return status;
    char *bytes = keeper->segments[keeper->segment_count - 1].bytes + keeper->used;
    if (size > 0)
        memcpy(bytes, message->text.data, size);
    keeper->used += size;
    keeper->messages[keeper->count++] =
        (kept_message){{{bytes, size},
                        message->has_time ? message->time : INT64_MAX,
                        message->line,
                        message->source,
                        conversation},
                       unit};
    return LB_OK;
}

static int by_time(const void *a, const void *b) {
    const lb_own_message *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->conversation != y->conversation)
        return x->conversation < y->conversation ? -1 : 1;
    uint64_t hash_x = lb_hash_str(x->text), hash_y = lb_hash_str(y->text);
    return (hash_x > hash_y) - (hash_x < hash_y);
}

int lb_texts_arrange(lb_texts *texts, lb_text_keeper *const *keepers, size_t keeper_count,
                     const uint32_t *unit_ranks, size_t units, const uint32_t *conversation_ranks,
                     lb_error *error) {
    size_t count = 0;
    for (size_t k = 0; k < keeper_count; k++)
        count += keepers[k]->count;
    size_t *offsets = lb_alloc_zero(units + 2, sizeof *offsets);
    lb_own_message *messages = lb_alloc(count, sizeof *messages);
    if (!offsets || !messages) {
        lb_free(offsets);
        lb_free(messages);
        return lb_fail_memory(error, "ordering messages");
    }
    for (size_t k = 0; k < keeper_count; k++)
        for (size_t i = 0; i < keepers[k]->count; i++)
            offsets[unit_ranks[keepers[k]->messages[i].unit] + 2]++;
    for (size_t u = 2; u <= units + 1; u++)
        offsets[u] += offsets[u - 1];
    for (size_t k = 0; k < keeper_count; k++)
        for (size_t i = 0; i < keepers[k]->count; i++) {
            const kept_message *kept = &keepers[k]->messages[i];
            lb_own_message *place = &messages[offsets[unit_ranks[kept->unit] + 1]++];
            *place = kept->message;
            place->conversation = conversation_ranks[kept->message.conversation];
        }
    for (size_t u = 0; u < units; u++)
        qsort(messages + offsets[u], offsets[u + 1] - offsets[u], sizeof *messages, by_time);
    texts->units = units;
    texts->offsets = offsets;
    texts->messages = messages;
    return LB_OK;
}

void lb_texts_free(lb_texts *texts) {
    lb_free((void *)texts->offsets);
    lb_free((void *)texts->messages);
    lb_free((void *)texts->unit_hashes);
    lb_free((void *)texts->conversation_hashes);
    *texts = (lb_texts){0};
}
