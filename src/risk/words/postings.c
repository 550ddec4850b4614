#include "risk/words/postings.h"

#include "base/memory.h"
#include "base/thread.h"

enum { FREQUENT_SHARE = 32, PIECE = 16 /* bitmaps a thread fills at a time */ };

typedef struct bitmap_job {
    const lb_incidence *incidence;
    const uint32_t *frequent; /* [bitmaps] the n-gram of each */
    size_t bitmaps, words;
    uint64_t *bits;
} bitmap_job;

static int fill_bitmap(void *context, size_t b, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    const bitmap_job *job = context;
    uint64_t *bits = job->bits + b * job->words;
    uint64_t to = job->incidence->offsets[job->frequent[b] + 1];
    for (uint64_t i = job->incidence->offsets[job->frequent[b]]; i < to; i++) {
        uint32_t unit = lb_pair_unit(job->incidence->units[i]);
        bits[unit / 64] |= UINT64_C(1) << unit % 64;
    }
    return LB_OK;
}

static int build_bitmaps(lb_postings *postings, uint32_t *bitmap_of, unsigned threads,
                         lb_error *error) {
    const lb_incidence *incidence = postings->incidence;
    size_t bitmaps = 0;
    for (uint32_t gram = 0; gram < incidence->grams; gram++)
        bitmaps += lb_postings_size(postings, gram) >= postings->frequent;
    uint32_t *frequent = lb_alloc(bitmaps, sizeof *frequent);
    uint64_t *bits = postings->words && bitmaps > SIZE_MAX / postings->words
                         ? NULL
                         : lb_alloc_zero(bitmaps * postings->words, sizeof *bits);
    postings->bitmaps = bits;
    if (!frequent || !bits) {
        lb_free(frequent);
        return lb_fail_memory(error, "listing the users of frequent tokens");
    }
    bitmaps = 0;
    for (uint32_t gram = 0; gram < incidence->grams; gram++)
        if (lb_postings_size(postings, gram) >= postings->frequent) {
            frequent[bitmaps] = gram;
            bitmap_of[gram] = (uint32_t)bitmaps++;
        }
    bitmap_job job = {incidence, frequent, bitmaps, postings->words, bits};
    int status = lb_parallel_small(threads, bitmaps, PIECE, fill_bitmap, &job, error);
    lb_free(frequent);
    return status;
}

int lb_postings_build(lb_postings *postings, const lb_token_view *view, unsigned threads,
                      lb_error *error) {
    *postings = (lb_postings){.incidence = view->incidence,
                              .words = view->units / 64 + 1,
                              .frequent = (uint32_t)(view->units / FREQUENT_SHARE) + 1};
    uint32_t *bitmap_of = lb_alloc_zero((size_t)view->incidence->grams, sizeof *bitmap_of);
    postings->bitmap_of = bitmap_of;
    int status = bitmap_of ? build_bitmaps(postings, bitmap_of, threads, error)
                           : lb_fail_memory(error, "listing the users of frequent tokens");
    if (status < 0)
        lb_postings_free(postings);
    return status;
}

void lb_postings_free(lb_postings *postings) {
    lb_free((void *)postings->bitmap_of);
    lb_free((void *)postings->bitmaps);
    *postings = (lb_postings){0};
}

/* One n-gram of a question: its bitmap, or its list and how far it was read. */
typedef struct posting_cursor {
    const uint64_t *bitmap; /* NULL: use the list */
    const uint32_t *at, *end;
    uint32_t size;
} posting_cursor;

static posting_cursor cursor_of(const lb_postings *postings, uint32_t gram) {
    const lb_incidence *incidence = postings->incidence;
    uint32_t size = lb_postings_size(postings, gram);
    const uint32_t *at = incidence->units + incidence->offsets[gram];
    const uint64_t *bitmap = size >= postings->frequent
                                 ? postings->bitmaps + postings->bitmap_of[gram] * postings->words
                                 : NULL;
    return (posting_cursor){bitmap, at, at + size, size};
}

static bool bit(const uint64_t *bitmap, uint32_t unit) {
    return bitmap[unit / 64] >> unit % 64 & 1;
}

/* Moves a list to its first unit >= `unit`: steps of doubling length, then halving (Bentley & Yao
 * 1976), so that a walk through both lists costs the shorter one times the logarithm of the
 * ratio. */
static bool seek(posting_cursor *cursor, uint32_t unit) {
    if (cursor->bitmap)
        return bit(cursor->bitmap, unit);
    const uint32_t *at = cursor->at, *end = cursor->end;
    size_t step = 1;
    while (step <= (size_t)(end - at) && lb_pair_unit(at[step - 1]) < unit) {
        at += step;
        step *= 2;
    }
    const uint32_t *high = step <= (size_t)(end - at) ? at + step - 1 : end;
    while (at < high) {
        const uint32_t *middle = at + (high - at) / 2;
        if (lb_pair_unit(*middle) < unit)
            at = middle + 1;
        else
            high = middle;
    }
    cursor->at = at;
    return at < end && lb_pair_unit(*at) == unit;
}

bool lb_postings_has(const lb_postings *postings, uint32_t gram, uint32_t unit) {
    posting_cursor cursor = cursor_of(postings, gram);
    return seek(&cursor, unit);
}

static uint32_t count_bits(const lb_postings *postings, const posting_cursor *cursors,
                           unsigned count, const uint64_t *within, uint32_t limit) {
    uint32_t found = 0;
    for (size_t w = 0; w < postings->words && found < limit; w++) {
        uint64_t all = cursors[0].bitmap[w] & (within ? within[w] : UINT64_MAX);
        for (unsigned i = 1; i < count; i++)
            all &= cursors[i].bitmap[w];
        found += (uint32_t)__builtin_popcountll(all);
    }
    return found < limit ? found : limit;
}

static uint32_t list_bits(const lb_postings *postings, const posting_cursor *cursors,
                          unsigned count, uint32_t limit, uint32_t *units) {
    uint32_t found = 0;
    for (size_t w = 0; w < postings->words && found < limit; w++) {
        uint64_t all = cursors[0].bitmap[w];
        for (unsigned i = 1; i < count; i++)
            all &= cursors[i].bitmap[w];
        for (; all && found < limit; all &= all - 1)
            units[found++] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(all));
    }
    return found;
}

/* Rarest first: where that one has a bitmap, all have. */
static void open_cursors(const lb_postings *postings, const uint32_t *grams, unsigned count,
                         posting_cursor *cursors) {
    for (unsigned i = 0; i < count; i++) {
        posting_cursor cursor = cursor_of(postings, grams[i]);
        unsigned place = i;
        for (; place > 0 && cursors[place - 1].size > cursor.size; place--)
            cursors[place] = cursors[place - 1];
        cursors[place] = cursor;
    }
}

static bool seek_all(posting_cursor *cursors, unsigned count, uint32_t unit) {
    for (unsigned i = 1; i < count; i++)
        if (!seek(&cursors[i], unit))
            return false;
    return true;
}

uint32_t lb_postings_common(const lb_postings *postings, const uint32_t *grams, unsigned count,
                            const uint64_t *within, uint32_t limit) {
    posting_cursor cursors[LB_POSTINGS_SET_MAX];
    open_cursors(postings, grams, count, cursors);
    if (cursors[0].bitmap)
        return count_bits(postings, cursors, count, within, limit);
    uint32_t found = 0;
    for (const uint32_t *at = cursors[0].at; at < cursors[0].end && found < limit; at++) {
        uint32_t unit = lb_pair_unit(*at);
        found += (!within || bit(within, unit)) && seek_all(cursors, count, unit);
    }
    return found;
}

uint32_t lb_postings_list(const lb_postings *postings, const uint32_t *grams, unsigned count,
                          uint32_t limit, uint32_t *units) {
    posting_cursor cursors[LB_POSTINGS_SET_MAX];
    open_cursors(postings, grams, count, cursors);
    if (cursors[0].bitmap)
        return list_bits(postings, cursors, count, limit, units);
    uint32_t found = 0;
    for (const uint32_t *at = cursors[0].at; at < cursors[0].end && found < limit; at++)
        if (seek_all(cursors, count, lb_pair_unit(*at)))
            units[found++] = lb_pair_unit(*at);
    return found;
}

uint32_t lb_postings_filter(const lb_postings *postings, uint32_t gram, const uint32_t *units,
                            uint32_t count, uint32_t *kept) {
    posting_cursor cursor = cursor_of(postings, gram);
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t unit = units[i];
        if (seek(&cursor, unit))
            kept[left++] = unit;
    }
    return left;
}

bool lb_postings_any(const lb_postings *postings, uint32_t gram, const uint32_t *units,
                     uint32_t count) {
    posting_cursor cursor = cursor_of(postings, gram);
    for (uint32_t i = 0; i < count; i++) {
        posting_cursor fresh = cursor; /* in any order: each search starts anew */
        if (seek(&fresh, units[i]))
            return true;
    }
    return false;
}
