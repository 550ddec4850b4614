#include "risk/release/reversible_keys.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/thread.h"

enum { PIECE = 1 << 18, FILTER_BITS_MIN = 16, FILTER_BITS_MAX = 28 };

static int base64_value(char c) {
    if (lb_is_upper(c))
        return c - 'A';
    if (lb_is_lower(c))
        return c - 'a' + 26;
    if (lb_is_digit(c))
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* The bytes of text in a code of `bits` a character; 0 where it is none, or has bits left over. */
static size_t decode(lb_str text, unsigned bits, int (*value_of)(char), unsigned char bytes[32]) {
    uint32_t held = 0;
    unsigned count = 0;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        int value = value_of(text.data[i]);
        if (value < 0)
            return 0;
        held = held << bits | (uint32_t)value;
        count += bits;
        if (count >= 8) {
            if (size == 32)
                return 0;
            count -= 8;
            bytes[size++] = (unsigned char)(held >> count);
        }
    }
    return count < bits && (held & ((1u << count) - 1)) == 0 ? size : 0;
}

bool lb_key_is_digest(lb_str key, lb_digest_kind *kind, uint32_t words[LB_DIGEST_WORDS_MAX]) {
    enum { LONGEST = 64 };
    unsigned char bytes[32];
    if (key.size > LONGEST)
        return false;
    size_t size = decode(key, 4, lb_hex_value, bytes);
    if (size == 0) {
        while (key.size > 0 && key.data[key.size - 1] == '=')
            key.size--;
        size = decode(key, 6, base64_value, bytes);
    }
    for (int k = 0; k < LB_DIGESTS; k++)
        if (size == lb_digest_size((lb_digest_kind)k)) {
            *kind = (lb_digest_kind)k;
            lb_digest_words(*kind, bytes, words);
            return true;
        }
    return false;
}

lb_key_space lb_key_space_ipv4(void) {
    return (lb_key_space){.kind = LB_KEY_SPACE_IPV4, .count = UINT64_C(1) << 32};
}

lb_key_space lb_key_space_numbers(void) {
    return (lb_key_space){.kind = LB_KEY_SPACE_NUMBERS, .count = 1000000000};
}

typedef struct known_key {
    uint32_t words[LB_DIGEST_WORDS_MAX];
    _Atomic unsigned char fallen;
} known_key;

/* The keys of one form, sorted by their words; a bit for each value of the first word's head says
 * which may be there, so that nearly all values are done with one look. */
typedef struct key_table {
    known_key *keys;
    size_t count;
    uint64_t *filter;
    unsigned filter_bits;
} key_table;

typedef struct key_search {
    const lb_key_space *space;
    key_table tables[LB_DIGESTS];
    const lb_progress *progress;
    _Atomic uint64_t done;
} key_search;

static int by_words(const void *a, const void *b) {
    const known_key *x = a, *y = b;
    for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        if (x->words[i] != y->words[i])
            return x->words[i] < y->words[i] ? -1 : 1;
    return 0;
}

static int make_tables(key_search *search, const lb_str *keys, size_t count, lb_error *error) {
    lb_digest_kind kind;
    known_key key = {0};
    for (size_t i = 0; i < count; i++)
        if (lb_key_is_digest(keys[i], &kind, key.words))
            search->tables[kind].count++;
    for (int k = 0; k < LB_DIGESTS; k++) {
        key_table *table = &search->tables[k];
        if (table->count == 0)
            continue;
        table->filter_bits = FILTER_BITS_MIN;
        while (table->filter_bits < FILTER_BITS_MAX &&
               UINT64_C(1) << table->filter_bits < table->count * 64)
            table->filter_bits++;
        table->keys = lb_alloc_zero(table->count, sizeof *table->keys);
        table->filter =
            lb_alloc_zero(((size_t)1 << table->filter_bits) / 64, sizeof *table->filter);
        if (!table->keys || !table->filter)
            return lb_fail_memory(error, "trying the user keys");
        table->count = 0;
    }
    for (size_t i = 0; i < count; i++)
        if (lb_key_is_digest(keys[i], &kind, key.words)) {
            key_table *table = &search->tables[kind];
            memcpy(table->keys[table->count++].words, key.words, sizeof key.words);
            uint32_t head = key.words[0] >> (32 - table->filter_bits);
            table->filter[head / 64] |= UINT64_C(1) << head % 64;
        }
    for (int k = 0; k < LB_DIGESTS; k++)
        if (search->tables[k].count > 1)
            qsort(search->tables[k].keys, search->tables[k].count, sizeof(known_key), by_words);
    return LB_OK;
}

/* Several keys may have the same words: the same hash in hexadecimal and in base64. */
static void look_up(key_table *table, const uint32_t words[LB_DIGEST_WORDS_MAX]) {
    known_key wanted = {0};
    memcpy(wanted.words, words, sizeof wanted.words);
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_words(&table->keys[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < table->count && by_words(&table->keys[low], &wanted) == 0; low++)
        atomic_store(&table->keys[low].fallen, 1);
}

static void try_lanes(key_search *search, const lb_str messages[LB_DIGEST_LANES]) {
    for (int k = 0; k < LB_DIGESTS; k++) {
        key_table *table = &search->tables[k];
        if (table->count == 0)
            continue;
        lb_digest_lanes digests;
        lb_digest_short((lb_digest_kind)k, messages, &digests);
        size_t used = lb_digest_size((lb_digest_kind)k) / 4;
        for (unsigned lane = 0; lane < LB_DIGEST_LANES; lane++) {
            uint32_t head = digests.words[0][lane] >> (32 - table->filter_bits);
            if (!(table->filter[head / 64] >> head % 64 & 1))
                continue;
            uint32_t words[LB_DIGEST_WORDS_MAX] = {0};
            for (size_t i = 0; i < used; i++)
                words[i] = digests.words[i][lane];
            look_up(table, words);
        }
    }
}

static void try_long(key_search *search, lb_str value) {
    for (int k = 0; k < LB_DIGESTS; k++) {
        key_table *table = &search->tables[k];
        uint32_t words[LB_DIGEST_WORDS_MAX];
        if (table->count == 0)
            continue;
        lb_digest_one((lb_digest_kind)k, value, words);
        look_up(table, words);
    }
}

/* Writes a number below 10^10 before `end`; returns where it begins. */
static char *put_number(char *end, uint64_t number) {
    do {
        *--end = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return end;
}

enum { VALUE_MAX = 16 };

static lb_str write_value(const lb_key_space *space, uint64_t number, char text[VALUE_MAX]) {
    char *end = text + VALUE_MAX, *at = end;
    if (space->kind == LB_KEY_SPACE_NUMBERS)
        at = put_number(end, number);
    else
        for (unsigned octet = 0; octet < 4; octet++) {
            if (octet > 0)
                *--at = '.';
            at = put_number(at, number >> 8 * octet & 255);
        }
    return (lb_str){at, (size_t)(end - at)};
}

static int try_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    key_search *search = context;
    const lb_key_space *space = search->space;
    (void)error;
    uint64_t at = (uint64_t)piece * PIECE, end = at + PIECE;
    end = end < space->count ? end : space->count;
    char text[LB_DIGEST_LANES][VALUE_MAX];
    lb_str messages[LB_DIGEST_LANES] = {{NULL, 0}};
    unsigned left = 0; /* values that wait for lanes to be full */
    for (; at < end; at++) {
        lb_str value = space->kind == LB_KEY_SPACE_VALUES
                           ? space->values[at]
                           : write_value(space, space->first + at, text[left]);
        if (value.size > LB_DIGEST_SHORT) {
            try_long(search, value);
            continue;
        }
        messages[left++] = value;
        if (left == LB_DIGEST_LANES) {
            try_lanes(search, messages);
            left = 0;
        }
    }
    if (left > 0) {
        for (unsigned lane = left; lane < LB_DIGEST_LANES; lane++)
            messages[lane] = messages[0];
        try_lanes(search, messages);
    }
    uint64_t done = atomic_fetch_add(&search->done, PIECE) + PIECE;
    if (worker == 0) /* one thread reports, so that no two do at once */
        lb_progress_report(search->progress, "trying keys",
                           done < space->count ? done : space->count, space->count);
    return LB_OK;
}

int lb_reversible_keys_try(const lb_str *keys, size_t count, const lb_key_space *space,
                           unsigned threads, const lb_progress *progress, lb_key_trial *trial,
                           lb_error *error) {
    *trial = (lb_key_trial){0};
    key_search search = {.space = space, .progress = progress};
    int status = make_tables(&search, keys, count, error);
    bool any = false;
    for (int k = 0; k < LB_DIGESTS; k++) {
        trial->keys[k] = search.tables[k].count;
        any = any || search.tables[k].count > 0;
        trial->tried += search.tables[k].count > 0 ? space->count : 0;
    }
    if (status == LB_OK && any)
        status =
            lb_parallel(threads > 0 ? threads : 1, (size_t)((space->count + PIECE - 1) / PIECE),
                        try_piece, &search, error);
    for (int k = 0; k < LB_DIGESTS; k++) {
        for (size_t i = 0; status == LB_OK && i < search.tables[k].count; i++)
            trial->fallen += atomic_load(&search.tables[k].keys[i].fallen);
        lb_free(search.tables[k].keys);
        lb_free(search.tables[k].filter);
    }
    return status;
}
