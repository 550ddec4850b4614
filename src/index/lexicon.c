#include "index/lexicon.h"

#include "base/hash.h"
#include "text/fold.h"

enum { FIRST_SLOTS = 1 << 12, RECENT = 1 << 15 };

/* An open-addressing map from a hash to a number; hash 0 is kept apart as "empty". */
typedef struct hash_slot {
    uint64_t hash, value;
} hash_slot;

typedef struct hash_map {
    hash_slot *slots;
    size_t mask, count;
} hash_map;

struct lb_lexicon {
    hash_map tokens;         /* folded hash -> place in bytes << 8 | flags */
    hash_map spellings;      /* hash of a spelling -> folded hash, 0: nothing is left */
    lb_buffer bytes;         /* each token: its size (4 bytes), then its bytes */
    lb_buffer folded;        /* scratch */
    uint64_t recent[RECENT]; /* folded hashes, mixed with flags, that are surely in tokens */
};

int lb_lexicon_new(lb_lexicon **out, lb_error *error) {
    lb_lexicon *lexicon = lb_alloc_zero(1, sizeof *lexicon);
    if (!lexicon)
        return lb_fail_memory(error, "starting a lexicon");
    *out = lexicon;
    return LB_OK;
}

void lb_lexicon_free(lb_lexicon *lexicon) {
    if (!lexicon)
        return;
    lb_free(lexicon->tokens.slots);
    lb_free(lexicon->spellings.slots);
    lb_buffer_free(&lexicon->bytes);
    lb_buffer_free(&lexicon->folded);
    lb_free(lexicon);
}

/* 0 is the mark of an empty slot, so a token whose hash is 0 is known by 1. */
static uint64_t not_zero(uint64_t hash) {
    return hash ? hash : 1;
}

static hash_slot *find_slot(const hash_map *map, uint64_t hash) {
    size_t at = (size_t)(hash >> 8) & map->mask;
    while (map->slots[at].hash != 0 && map->slots[at].hash != hash)
        at = (at + 1) & map->mask;
    return &map->slots[at];
}

static int make_room(hash_map *map, lb_error *error) {
    if (map->slots && map->count * 8 < map->mask * 5)
        return LB_OK;
    size_t slots = map->slots ? (map->mask + 1) * 2 : FIRST_SLOTS;
    hash_map grown = {lb_alloc_zero(slots, sizeof(hash_slot)), slots - 1, map->count};
    if (!grown.slots)
        return lb_fail_memory(error, "growing a lexicon");
    for (size_t i = 0; map->slots && i <= map->mask; i++)
        if (map->slots[i].hash != 0)
            *find_slot(&grown, map->slots[i].hash) = map->slots[i];
    lb_free(map->slots);
    *map = grown;
    return LB_OK;
}

static uint64_t *recent_of(lb_lexicon *lexicon, uint64_t hash, uint8_t flags) {
    return &lexicon->recent[((hash >> 16) + flags) & (RECENT - 1)];
}

/* What recent holds for a token that was met with these flags. */
static uint64_t mark_of(uint64_t hash, uint8_t flags) {
    return hash ^ (uint64_t)flags << 8;
}

/* Puts a folded form into the tokens, or its flags to those it has there. */
static int add_token(lb_lexicon *lexicon, lb_str token, uint64_t hash, uint8_t flags,
                     lb_error *error) {
    uint64_t *recent = recent_of(lexicon, hash, flags);
    if (*recent == mark_of(hash, flags))
        return LB_OK;
    int status = make_room(&lexicon->tokens, error);
    if (status < 0)
        return status;
    hash_slot *slot = find_slot(&lexicon->tokens, hash);
    if (slot->hash == 0) {
        uint32_t size = (uint32_t)token.size;
        size_t place = lexicon->bytes.size;
        status = lb_buffer_reserve(&lexicon->bytes, sizeof size + token.size, error);
        if (status < 0)
            return status;
        lb_buffer_append(&lexicon->bytes, &size, sizeof size, NULL);
        lb_buffer_append(&lexicon->bytes, token.data, token.size, NULL);
        *slot = (hash_slot){hash, (uint64_t)place << 8};
        lexicon->tokens.count++;
    }
    slot->value |= flags;
    *recent = mark_of(hash, flags);
    return LB_OK;
}

/* The hash of the folded form of a word outside ASCII, which is folded when its spelling is first
 * met; 0: nothing is left of it. */
static int add_spelling(lb_lexicon *lexicon, lb_str word, uint8_t flags, uint64_t *hash,
                        lb_error *error) {
    uint64_t spelling = not_zero(lb_hash_str(word));
    int status = make_room(&lexicon->spellings, error);
    if (status < 0)
        return status;
    hash_slot *slot = find_slot(&lexicon->spellings, spelling);
    if (slot->hash == 0) {
        lexicon->folded.size = 0;
        status = lb_fold(word, &lexicon->folded, error);
        uint64_t folded = 0;
        if (status == LB_OK && lexicon->folded.size > 0) {
            folded = not_zero(lb_hash_str(lb_buffer_str(&lexicon->folded)));
            status = add_token(lexicon, lb_buffer_str(&lexicon->folded), folded, flags, error);
        }
        if (status < 0)
            return status;
        *slot = (hash_slot){spelling, folded};
        lexicon->spellings.count++;
    }
    *hash = slot->value;
    if (*hash != 0 && *recent_of(lexicon, *hash, flags) != mark_of(*hash, flags)) {
        find_slot(&lexicon->tokens, *hash)->value |= flags;
        *recent_of(lexicon, *hash, flags) = mark_of(*hash, flags);
    }
    return LB_OK;
}

/* Hashes all words first and asks for the memory they will need, then looks at it: tokens that are
 * not recent are spread over more memory than any cache holds. */
int lb_lexicon_add(lb_lexicon *lexicon, lb_str text, const char *lower, const lb_word *words,
                   const uint8_t *flags, size_t count, uint64_t *hashes, size_t *hash_count,
                   lb_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!words[i].ascii)
            continue;
        hashes[i] = not_zero(lb_hash(lower + words[i].start, words[i].size));
        if (lexicon->tokens.slots &&
            *recent_of(lexicon, hashes[i], flags[i]) != mark_of(hashes[i], flags[i]))
            __builtin_prefetch(
                &lexicon->tokens.slots[(size_t)(hashes[i] >> 8) & lexicon->tokens.mask]);
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        lb_str word = {(words[i].ascii ? lower : text.data) + words[i].start, words[i].size};
        uint64_t hash = hashes[i];
        int status = words[i].ascii ? add_token(lexicon, word, hash, flags[i], error)
                                    : add_spelling(lexicon, word, flags[i], &hash, error);
        if (status < 0)
            return status;
        hashes[kept] = hash;
        kept += hash != 0;
    }
    *hash_count = kept;
    return LB_OK;
}

/* The token, and its flags added to *flags; data NULL: this lexicon does not have it. */
static lb_str token_of(const lb_lexicon *lexicon, uint64_t hash, uint8_t *flags) {
    if (!lexicon->tokens.slots)
        return (lb_str){NULL, 0};
    const hash_slot *slot = find_slot(&lexicon->tokens, hash);
    if (slot->hash == 0)
        return (lb_str){NULL, 0};
    uint32_t size;
    const char *place = lexicon->bytes.data + (slot->value >> 8);
    memcpy(&size, place, sizeof size);
    *flags |= (uint8_t)slot->value;
    return (lb_str){place + sizeof size, size};
}

int lb_lexicons_join(lb_lexicon *const *lexicons, size_t lexicon_count, const uint64_t *hashes,
                     size_t count, lb_str **tokens, uint8_t **flags, lb_arena **bytes,
                     lb_error *error) {
    lb_str *joined = lb_alloc(count, sizeof *joined);
    uint8_t *joined_flags = lb_alloc_zero(count, 1);
    lb_arena *arena = lb_arena_new();
    size_t total = 0;
    for (size_t i = 0; joined && joined_flags && i < count; i++) {
        joined[i] = (lb_str){NULL, 0};
        for (size_t j = 0; j < lexicon_count; j++) {
            lb_str token = token_of(lexicons[j], hashes[i], &joined_flags[i]);
            joined[i] = token.data ? token : joined[i];
        }
        total += joined[i].size;
    }
    char *copy = joined && joined_flags && arena ? lb_arena_alloc(arena, total, 1) : NULL;
    if (!copy) {
        lb_free(joined);
        lb_free(joined_flags);
        lb_arena_free(arena);
        return lb_fail_memory(error, "joining the lexicons");
    }
    for (size_t i = 0; i < count; i++) {
        if (joined[i].size)
            memcpy(copy, joined[i].data, joined[i].size);
        joined[i].data = copy;
        copy += joined[i].size;
    }
    *tokens = joined;
    *flags = joined_flags;
    *bytes = arena;
    return LB_OK;
}
