#include "index/text_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"

enum { SEGMENT = 4 << 20, FORGET_AFTER = 1 << 18 /* messages, about 10 MB */ };

typedef struct text_segment {
    char *bytes;
    size_t size, used;
    bool mapped;
} text_segment;

/* A growing run of bytes, in segments that never move. */
typedef struct segment_list {
    text_segment *segments;
    size_t count, capacity;
} segment_list;

typedef struct kept_message {
    lb_own_message message; /* conversation: arrival number */
    uint32_t unit;          /* arrival number */
} kept_message;

struct lb_text_keeper {
    segment_list texts, messages; /* messages: kept_message, whole ones in each segment */
    uint64_t held, memory;
    int file; /* -1: none yet */
    off_t file_size;
    const char *tmpdir;
    const lb_attribute *attributes;
    size_t attribute_count, fields;
    lb_arena *arena;        /* of the values */
    uint32_t *values;       /* [fields] scratch */
    const uint32_t *recent; /* the last message's */
};

int lb_text_keeper_new(lb_text_keeper **out, const lb_attribute *attributes, size_t attribute_count,
                       uint64_t memory, const char *tmpdir, lb_error *error) {
    lb_text_keeper *keeper = lb_alloc_zero(1, sizeof *keeper);
    if (!keeper)
        return lb_fail_memory(error, "keeping messages");
    for (size_t i = 0; i < attribute_count; i++)
        keeper->fields += attributes[i].use == LB_ATTRIBUTE_QUASI_IDENTIFIER;
    keeper->attributes = attributes;
    keeper->attribute_count = attribute_count;
    keeper->arena = lb_arena_new();
    keeper->values = lb_alloc(keeper->fields + 1, sizeof *keeper->values);
    keeper->file = -1;
    if (!keeper->arena || !keeper->values) {
        lb_text_keeper_free(keeper);
        return lb_fail_memory(error, "keeping messages");
    }
    keeper->memory = memory;
    keeper->tmpdir = tmpdir;
    *out = keeper;
    return LB_OK;
}

static void free_segments(segment_list *list) {
    for (size_t i = 0; i < list->count; i++)
        if (list->segments[i].mapped)
            munmap(list->segments[i].bytes, list->segments[i].size);
        else
            lb_free(list->segments[i].bytes);
    lb_free(list->segments);
    *list = (segment_list){0};
}

void lb_text_keeper_free(lb_text_keeper *keeper) {
    if (!keeper)
        return;
    free_segments(&keeper->texts);
    free_segments(&keeper->messages);
    if (keeper->file >= 0)
        close(keeper->file);
    lb_arena_free(keeper->arena);
    lb_free(keeper->values);
    lb_free(keeper);
}

/* The hashes of a message's quasi-identifiers; messages of one record or run of records share them.
 */
static int keep_values(lb_text_keeper *keeper, const lb_message *message, const uint32_t **kept,
                       lb_error *error) {
    *kept = NULL;
    if (keeper->fields == 0 || !message->values)
        return LB_OK;
    size_t field = 0, size = keeper->fields * sizeof *keeper->values;
    for (size_t i = 0; i < keeper->attribute_count; i++) {
        if (keeper->attributes[i].use != LB_ATTRIBUTE_QUASI_IDENTIFIER)
            continue;
        lb_str value = message->values[i];
        uint32_t hash = value.data ? (uint32_t)(lb_hash_str(value) >> 32) : 0;
        keeper->values[field++] = value.data ? hash | !hash : 0;
    }
    if (!keeper->recent || memcmp(keeper->recent, keeper->values, size) != 0) {
        uint32_t *fresh = lb_arena_alloc(keeper->arena, keeper->fields, sizeof *fresh);
        if (!fresh)
            return lb_fail_memory(error, "keeping messages");
        memcpy(fresh, keeper->values, size);
        keeper->recent = fresh;
    }
    *kept = keeper->recent;
    return LB_OK;
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

static void forget_segment(const text_segment *segment) {
    if (segment->mapped)
        lb_bulk_forget(segment->bytes, segment->size);
}

void lb_text_keeper_forget(const lb_text_keeper *keeper) {
    for (size_t i = 0; i < keeper->texts.count; i++)
        forget_segment(&keeper->texts.segments[i]);
}

static int add_segment(lb_text_keeper *keeper, segment_list *list, size_t least, lb_error *error) {
    void *grown =
        lb_grow(list->segments, &list->capacity, list->count + 1, sizeof *list->segments, error);
    if (!grown)
        return LB_E_RESOURCE;
    list->segments = grown;
    if (list->count > 0)
        forget_segment(&list->segments[list->count - 1]); /* it is full */
    text_segment segment = {.size = least > SEGMENT ? least : SEGMENT};
    int status = LB_OK;
    if (keeper->held + segment.size > keeper->memory && list->count > 0)
        status = map_segment(keeper, &segment, error);
    else if (!(segment.bytes = lb_alloc(segment.size, 1)))
        status = lb_fail_memory(error, "keeping messages");
    if (status < 0)
        return status;
    keeper->held += segment.mapped ? 0 : segment.size;
    list->segments[list->count++] = segment;
    return LB_OK;
}

/* Room for `size` bytes at the end of a list. */
static int take_room(lb_text_keeper *keeper, segment_list *list, size_t size, char **room,
                     lb_error *error) {
    text_segment *last = list->count > 0 ? &list->segments[list->count - 1] : NULL;
    if (!last || last->size - last->used < size) {
        int status = add_segment(keeper, list, size, error);
        if (status < 0)
            return status;
        last = &list->segments[list->count - 1];
    }
    *room = last->bytes + last->used;
    last->used += size;
    return LB_OK;
}

int lb_text_keeper_add(lb_text_keeper *keeper, const lb_message *message, uint32_t unit,
                       uint32_t conversation, lb_error *error) {
    size_t size = message->text.size;
    char *bytes, *place;
    int status = take_room(keeper, &keeper->texts, size, &bytes, error);
    if (status == LB_OK)
        status = take_room(keeper, &keeper->messages, sizeof(kept_message), &place, error);
    const uint32_t *values = NULL;
    if (status == LB_OK)
        status = keep_values(keeper, message, &values, error);
    if (status < 0)
        return status;
    if (size > 0)
        memcpy(bytes, message->text.data, size);
    const kept_message kept = {{{bytes, size},
                                message->has_time ? message->time : INT64_MAX,
                                message->line,
                                message->source,
                                conversation,
                                values},
                               unit};
    memcpy(place, &kept, sizeof kept);
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

/* Messages on their way from the keepers to their places. */
typedef struct arrangement {
    const lb_texts_order *order;
    size_t *offsets; /* [units + 2] */
    lb_bulk *layout;
} arrangement;

static const kept_message *messages_of(const text_segment *segment, size_t *count) {
    *count = segment->used / sizeof(kept_message);
    return (const kept_message *)(const void *)segment->bytes;
}

static void count_segment(arrangement *a, const text_segment *segment) {
    size_t count;
    const kept_message *kept = messages_of(segment, &count);
    for (size_t i = 0; i < count; i++)
        a->offsets[a->order->unit_ranks[kept[i].unit] + 2]++;
}

/* offsets[unit + 1] runs from where the unit's messages begin to where they end. */
static void place_segment(arrangement *a, const text_segment *segment) {
    size_t count;
    const kept_message *kept = messages_of(segment, &count);
    lb_own_message *messages = a->layout->data;
    for (size_t i = 0; i < count; i++) {
        lb_own_message *place = &messages[a->offsets[a->order->unit_ranks[kept[i].unit] + 1]++];
        *place = kept[i].message;
        place->conversation = a->order->conversation_ranks[kept[i].message.conversation];
    }
}

static void forget_layout(const lb_bulk *layout) {
    if (layout->mapped)
        lb_bulk_forget(layout->data, layout->size);
}

static void go_through(arrangement *a, lb_text_keeper *const *keepers, size_t keeper_count,
                       void (*visit)(arrangement *, const text_segment *)) {
    for (size_t k = 0; k < keeper_count; k++)
        for (size_t i = 0; i < keepers[k]->messages.count; i++) {
            visit(a, &keepers[k]->messages.segments[i]);
            forget_segment(&keepers[k]->messages.segments[i]);
            forget_layout(a->layout);
        }
}

static void sort_units(const arrangement *a) {
    lb_own_message *messages = a->layout->data;
    size_t sorted = 0;
    for (size_t u = 0; u < a->order->units; u++) {
        size_t count = a->offsets[u + 1] - a->offsets[u];
        if (count > 1)
            qsort(messages + a->offsets[u], count, sizeof *messages, by_time);
        sorted += count;
        if (sorted > FORGET_AFTER) {
            forget_layout(a->layout);
            sorted = 0;
        }
    }
    forget_layout(a->layout);
}

int lb_texts_arrange(lb_texts *texts, lb_bulk *layout, lb_text_keeper *const *keepers,
                     size_t keeper_count, const lb_texts_order *order, lb_error *error) {
    arrangement a = {order, lb_alloc_zero(order->units + 2, sizeof *a.offsets), layout};
    if (!a.offsets)
        return lb_fail_memory(error, "ordering messages");
    go_through(&a, keepers, keeper_count, count_segment);
    for (size_t u = 2; u <= order->units + 1; u++)
        a.offsets[u] += a.offsets[u - 1];
    size_t bytes = a.offsets[order->units + 1] * sizeof(lb_own_message);
    int status = lb_bulk_make(layout, bytes, bytes > order->memory, order->tmpdir, error);
    if (status < 0) {
        lb_free(a.offsets);
        return status;
    }
    go_through(&a, keepers, keeper_count, place_segment);
    for (size_t k = 0; k < keeper_count; k++)
        free_segments(&keepers[k]->messages);
    sort_units(&a);
    texts->units = order->units;
    texts->offsets = a.offsets;
    texts->messages = layout->data;
    return LB_OK;
}

void lb_texts_free(lb_texts *texts, lb_bulk *layout) {
    lb_free((void *)texts->offsets);
    lb_bulk_free(layout);
    lb_free((void *)texts->unit_hashes);
    lb_free((void *)texts->conversation_hashes);
    lb_free((void *)texts->field_hashes);
    *texts = (lb_texts){0};
}
