#include <stdlib.h>

#include "base/hash.h"
#include "base/random.h"
#include "link/split.h"

/* A message of one person, to be put together by conversation. */
typedef struct piece {
    uint64_t rank; /* of the conversation, for this person: the keyed hash by which it is drawn */
    uint32_t conversation, message;
} piece;

typedef struct drawer {
    const lb_texts *texts;
    size_t least; /* messages */
    uint64_t key;
    lb_split *split;
    uint32_t *order, *matches;
    size_t placed; /* messages in `order` */
    piece *pieces;
    size_t capacity;
} drawer;

static int by_rank(const void *left, const void *right) {
    const piece *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->conversation != b->conversation)
        return a->conversation < b->conversation ? -1 : 1;
    return (a->message > b->message) - (a->message < b->message);
}

static void add_profile(drawer *draw, lb_side *side, size_t unit, const piece *pieces,
                        size_t count) {
    side->profiles[side->count++] =
        (lb_profile){.unit = (uint32_t)unit, .first = draw->placed, .count = count};
    for (size_t i = 0; i < count; i++)
        draw->order[draw->placed++] = pieces[i].message;
}

/* Sorts the messages of a unit by the ranks of their conversations; in one they stay in order. */
static int sort_unit(drawer *draw, size_t unit, size_t *count, lb_error *error) {
    size_t first = draw->texts->offsets[unit];
    *count = draw->texts->offsets[unit + 1] - first;
    void *grown = lb_grow(draw->pieces, &draw->capacity, *count, sizeof *draw->pieces, error);
    if (!grown)
        return LB_E_RESOURCE;
    draw->pieces = grown;
    uint64_t key = lb_hash_mix(draw->key, draw->texts->unit_hashes[unit]);
    for (size_t i = 0; i < *count; i++) {
        uint32_t conversation = draw->texts->messages[first + i].conversation;
        uint64_t hash = draw->texts->conversation_hashes[conversation];
        draw->pieces[i] = (piece){lb_hash_mix(key, hash), conversation, (uint32_t)(first + i)};
    }
    if (*count > 1)
        qsort(draw->pieces, *count, sizeof *draw->pieces, by_rank);
    return LB_OK;
}

static int draw_unit(drawer *draw, size_t unit, lb_error *error) {
    size_t count, drawn = 0;
    lb_split *split = draw->split;
    int status = sort_unit(draw, unit, &count, error);
    if (status < 0)
        return status;
    for (size_t begin = 0, end; begin < count && drawn < 2; begin = end) {
        end = begin;
        while (end < count && draw->pieces[end].conversation == draw->pieces[begin].conversation)
            end++;
        if (end - begin < draw->least)
            continue;
        if (drawn++ == 0) {
            add_profile(draw, &split->gallery, unit, draw->pieces + begin, end - begin);
            continue;
        }
        draw->matches[split->queries.count] = (uint32_t)split->gallery.count - 1;
        add_profile(draw, &split->queries, unit, draw->pieces + begin, end - begin);
    }
    split->silent += count == 0;
    split->few += count > 0 && drawn == 0;
    split->single += drawn == 1;
    split->distractors += drawn == 1;
    split->eligible += drawn == 2;
    return LB_OK;
}

static int allocate(drawer *draw, lb_error *error) {
    lb_split *split = draw->split;
    const lb_texts *texts = draw->texts;
    size_t messages = texts->offsets[texts->units], units = texts->units + 1;
    split->arena = lb_arena_new();
    if (!split->arena)
        return lb_fail_memory(error, "drawing conversations");
    draw->order = lb_arena_alloc(split->arena, messages + 1, sizeof *draw->order);
    draw->matches = lb_arena_alloc(split->arena, units, sizeof *draw->matches);
    split->gallery.profiles = lb_arena_alloc(split->arena, units, sizeof *split->gallery.profiles);
    split->queries.profiles = lb_arena_alloc(split->arena, units, sizeof *split->queries.profiles);
    if (!draw->order || !draw->matches || !split->gallery.profiles || !split->queries.profiles)
        return lb_fail_memory(error, "drawing conversations");
    split->gallery.texts = split->queries.texts = texts;
    split->gallery.order = split->queries.order = draw->order;
    split->matches = draw->matches;
    return LB_OK;
}

int lb_split_conversations(const lb_texts *texts, const lb_split_options *options, lb_split *split,
                           lb_error *error) {
    *split = (lb_split){.used = LB_SPLIT_CONVERSATION};
    if (texts->offsets[texts->units] >= UINT32_MAX)
        return lb_fail(error, LB_E_INPUT, "linkage", "calibrate on a sample of it",
                       "%zu messages are too many", texts->offsets[texts->units]);
    drawer draw = {.texts = texts,
                   .least = options->min_messages ? options->min_messages : 1,
                   .key = lb_random_keyed(options->seed, "link.conversations", 0).state[0],
                   .split = split};
    int status = allocate(&draw, error);
    for (size_t unit = 0; status == LB_OK && unit < texts->units; unit++)
        status = draw_unit(&draw, unit, error);
    lb_free(draw.pieces);
    if (status < 0)
        lb_split_free(split);
    return status;
}
