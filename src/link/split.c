#include "link/split.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/random.h"

/* One conversation of one unit, while that unit is cut. */
typedef struct part {
    int64_t first; /* time of the unit's first message in it */
    uint64_t hash; /* of its key */
    uint32_t conversation;
    size_t messages;
    bool query;
} part;

typedef struct cutter {
    const lb_texts *texts;
    const lb_split_options *options;
    lb_split *split;
    uint32_t *order;
    uint64_t key;    /* of the hash that places conversations */
    int64_t instant; /* the global cut, where there is one */
    part *parts;
    size_t part_count, part_capacity;
    uint32_t *query_messages; /* of the unit that is cut */
    size_t query_capacity;
} cutter;

static int by_time(const void *left, const void *right) {
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static int by_conversation(const void *left, const void *right) {
    const part *a = left, *b = right;
    return (a->conversation > b->conversation) - (a->conversation < b->conversation);
}

static int by_first_message(const void *left, const void *right) {
    const part *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static int find_shared(const lb_texts *texts, bool *shared, lb_error *error) {
    uint32_t *owner = lb_alloc(texts->conversations, sizeof *owner);
    if (!owner && texts->conversations)
        return lb_fail_memory(error, "splitting people in two");
    for (size_t c = 0; c < texts->conversations; c++)
        owner[c] = UINT32_MAX;
    *shared = false;
    for (size_t unit = 0; unit < texts->units && !*shared; unit++)
        for (size_t m = texts->offsets[unit]; m < texts->offsets[unit + 1]; m++) {
            uint32_t *first = &owner[texts->messages[m].conversation];
            if (*first == UINT32_MAX)
                *first = (uint32_t)unit;
            *shared = *shared || *first != unit;
        }
    lb_free(owner);
    return LB_OK;
}

/* The time before which half of the messages lie; those without a time do not count. */
static int find_instant(const lb_texts *texts, int64_t *instant, lb_error *error) {
    size_t messages = texts->offsets[texts->units], count = 0;
    int64_t *times = lb_alloc(messages, sizeof *times);
    if (!times && messages)
        return lb_fail_memory(error, "splitting people in two");
    for (size_t m = 0; m < messages; m++)
        if (texts->messages[m].time != INT64_MAX)
            times[count++] = texts->messages[m].time;
    if (count)
        qsort(times, count, sizeof *times, by_time);
    *instant = count ? times[count / 2] : INT64_MAX;
    lb_free(times);
    return LB_OK;
}

/* The conversations of a unit, in the order of their numbers. */
static int list_parts(cutter *cut, size_t unit, lb_error *error) {
    const lb_texts *texts = cut->texts;
    size_t first = texts->offsets[unit], end = texts->offsets[unit + 1];
    void *grown = lb_grow(cut->parts, &cut->part_capacity, end - first, sizeof(part), error);
    if (!grown)
        return LB_E_RESOURCE;
    cut->parts = grown;
    for (size_t m = first; m < end; m++) {
        const lb_own_message *message = &texts->messages[m];
        cut->parts[m - first] = (part){.first = message->time,
                                       .hash = texts->conversation_hashes[message->conversation],
                                       .conversation = message->conversation,
                                       .messages = 1};
    }
    qsort(cut->parts, end - first, sizeof(part), by_conversation);
    size_t count = 0;
    for (size_t i = 0; i < end - first; i++) {
        part *next = &cut->parts[i];
        if (count && cut->parts[count - 1].conversation == next->conversation) {
            part *last = &cut->parts[count - 1];
            last->messages++;
            last->first = next->first < last->first ? next->first : last->first;
        } else {
            cut->parts[count++] = *next;
        }
    }
    cut->part_count = count;
    return LB_OK;
}

/* Says which of the unit's conversations are of the query's side. */
static void place_parts(cutter *cut, size_t messages) {
    if (!cut->split->shared && cut->split->used == LB_SPLIT_TIME) {
        qsort(cut->parts, cut->part_count, sizeof(part), by_first_message);
        size_t before = 0;
        for (size_t i = 0; i < cut->part_count; i++) {
            cut->parts[i].query = 2 * before >= messages;
            before += cut->parts[i].messages;
        }
        qsort(cut->parts, cut->part_count, sizeof(part), by_conversation);
        return;
    }
    for (size_t i = 0; i < cut->part_count; i++)
        cut->parts[i].query = lb_hash_mix(cut->key, cut->parts[i].hash) & 1;
}

static bool is_query(const cutter *cut, const lb_own_message *message) {
    if (cut->split->shared && cut->split->used == LB_SPLIT_TIME)
        return message->time >= cut->instant;
    part wanted = {.conversation = message->conversation};
    const part *found =
        bsearch(&wanted, cut->parts, cut->part_count, sizeof(part), by_conversation);
    return found && found->query;
}

static void add_profile(lb_side *side, size_t unit, size_t first, size_t count) {
    side->profiles[side->count++] =
        (lb_profile){.unit = (uint32_t)unit, .first = first, .count = count};
}

/* Orders the unit's messages, those of side A first, and adds its profiles. */
static int cut_unit(cutter *cut, size_t unit, uint32_t *matches, lb_error *error) {
    lb_split *split = cut->split;
    size_t first = cut->texts->offsets[unit], count = cut->texts->offsets[unit + 1] - first;
    if (count == 0) {
        split->silent++;
        return LB_OK;
    }
    uint32_t *grown =
        lb_grow(cut->query_messages, &cut->query_capacity, count, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    cut->query_messages = grown;
    int status = list_parts(cut, unit, error);
    if (status < 0)
        return status;
    place_parts(cut, count);
    size_t kept = 0, queries = 0;
    for (size_t m = first; m < first + count; m++)
        if (is_query(cut, &cut->texts->messages[m]))
            cut->query_messages[queries++] = (uint32_t)m;
        else
            cut->order[first + kept++] = (uint32_t)m;
    for (size_t i = 0; i < queries; i++)
        cut->order[first + kept + i] = cut->query_messages[i];
    size_t enough = cut->options->min_messages ? cut->options->min_messages : 1;
    if (kept >= enough && queries >= enough) {
        matches[split->queries.count] = (uint32_t)split->gallery.count;
        add_profile(&split->queries, unit, first + kept, queries);
        add_profile(&split->gallery, unit, first, kept);
        split->eligible++;
        return LB_OK;
    }
    add_profile(&split->gallery, unit, first, count);
    split->distractors++;
    size_t *why = cut->part_count == 1 ? &split->single
                  : count < 2 * enough ? &split->few
                                       : &split->one_side;
    ++*why;
    return LB_OK;
}

static int check_size(const lb_texts *texts, lb_error *error) {
    if (texts->offsets[texts->units] < UINT32_MAX && texts->units < UINT32_MAX)
        return LB_OK;
    return lb_fail(error, LB_E_INPUT, "linkage", "attack a sample of the users",
                   "%zu messages are too many; below %lu are possible",
                   texts->offsets[texts->units], (unsigned long)UINT32_MAX);
}

static int allocate(const lb_texts *texts, lb_split *split, uint32_t **order, uint32_t **matches,
                    lb_error *error) {
    split->arena = lb_arena_new();
    if (!split->arena)
        return lb_fail_memory(error, "splitting people in two");
    *order = lb_arena_alloc(split->arena, texts->offsets[texts->units] + 1, sizeof **order);
    *matches = lb_arena_alloc(split->arena, texts->units + 1, sizeof **matches);
    split->gallery.profiles =
        lb_arena_alloc(split->arena, texts->units + 1, sizeof *split->gallery.profiles);
    split->queries.profiles =
        lb_arena_alloc(split->arena, texts->units + 1, sizeof *split->queries.profiles);
    if (!*order || !*matches || !split->gallery.profiles || !split->queries.profiles)
        return lb_fail_memory(error, "splitting people in two");
    split->gallery.texts = split->queries.texts = texts;
    split->gallery.order = split->queries.order = *order;
    split->matches = *matches;
    return LB_OK;
}

int lb_split_make(const lb_texts *texts, const lb_split_options *options, lb_split *split,
                  lb_error *error) {
    *split = (lb_split){0};
    cutter cut = {.texts = texts, .options = options, .split = split};
    cut.key = lb_random_keyed(options->seed, "link.split", 0).state[0];
    uint32_t *matches = NULL;
    int status = check_size(texts, error);
    if (status == LB_OK)
        status = find_shared(texts, &split->shared, error);
    if (status == LB_OK)
        status = allocate(texts, split, &cut.order, &matches, error);
    split->used = options->rule;
    if (split->used == LB_SPLIT_AUTOMATIC)
        split->used = split->shared ? LB_SPLIT_CONVERSATION : LB_SPLIT_TIME;
    if (status == LB_OK && split->shared && split->used == LB_SPLIT_TIME)
        status = find_instant(texts, &cut.instant, error);
    for (size_t unit = 0; status == LB_OK && unit < texts->units; unit++)
        status = cut_unit(&cut, unit, matches, error);
    lb_free(cut.parts);
    lb_free(cut.query_messages);
    if (status < 0)
        lb_split_free(split);
    return status;
}

void lb_split_free(lb_split *split) {
    lb_arena_free(split->arena);
    *split = (lb_split){0};
}

int lb_side_whole(const lb_texts *texts, lb_arena *arena, lb_side *side, lb_error *error) {
    int status = check_size(texts, error);
    if (status < 0)
        return status;
    size_t messages = texts->offsets[texts->units];
    uint32_t *order = lb_arena_alloc(arena, messages + 1, sizeof *order);
    *side = (lb_side){.texts = texts, .order = order};
    side->profiles = lb_arena_alloc(arena, texts->units + 1, sizeof *side->profiles);
    if (!order || !side->profiles)
        return lb_fail_memory(error, "the profiles of a corpus");
    for (size_t m = 0; m < messages; m++)
        order[m] = (uint32_t)m;
    for (size_t unit = 0; unit < texts->units; unit++)
        if (texts->offsets[unit + 1] > texts->offsets[unit])
            add_profile(side, unit, texts->offsets[unit],
                        texts->offsets[unit + 1] - texts->offsets[unit]);
    return LB_OK;
}
