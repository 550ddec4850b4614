#include "index/lexicon.h"

#include "base/hash.h"
#include "text/fold.h"

enum { FIRST_SLOTS = 1 << 12, RECENT = 1 << 13, CHUNK = 64 };
#define REPEATED UINT32_MAX /* no conversation has this number */

/* An open-addressing map from a hash to a number; hash 0 is kept apart as "empty". */
typedef struct hash_slot {
    uint64_t hash, value;
} hash_slot;

typedef struct hash_map {
    hash_slot *slots;
    size_t mask, count;
} hash_map;

/* A spelling in surroundings that are surely in the lexicon, and who used it last. Most words are
 * answered from here, so the table is small enough for a processor's own cache. */
typedef struct recent_use {
    uint64_t mark; /* mark_of the spelling and the flags */
    uint64_t hash; /* of the folded form, 0: nothing is left */
    uint32_t unit, conversation;
} recent_use;

struct lb_lexicon {
    hash_map tokens;    /* folded hash -> place in bytes << 8 | flags */
    hash_map spellings; /* hash of a spelling -> folded hash, 0: nothing is left */
    lb_buffer bytes;    /* each token: its size (4 bytes), then its bytes */
    lb_buffer folded;   /* scratch */
    recent_use recent[RECENT];
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

/* Where the search for a hash begins. */
static hash_slot *slot_at(const hash_map *map, uint64_t hash) {
    return &map->slots[(size_t)(hash >> 8) & map->mask];
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

/* What recent holds for a spelling that was met with these flags. */
static uint64_t mark_of(uint64_t spelling, uint8_t flags) {
    return spelling ^ (uint64_t)flags << 8;
}

static recent_use *recent_of(lb_lexicon *lexicon, uint64_t mark) {
    return &lexicon->recent[(mark >> 8 ^ mark >> 32) & (RECENT - 1)];
}

/* Puts a folded form into the tokens, or its flags to those it has there. */
static int add_token(lb_lexicon *lexicon, lb_str token, uint64_t hash, uint8_t flags,
                     lb_error *error) {
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
    return LB_OK;
}

/* The hash of the folded form of a word outside ASCII, which is folded when its spelling is first
 * met; 0: nothing is left of it. */
static int add_spelling(lb_lexicon *lexicon, lb_str word, uint64_t spelling, uint8_t flags,
                        uint64_t *hash, lb_error *error) {
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
    if (*hash != 0)
        find_slot(&lexicon->tokens, *hash)->value |= flags;
    return LB_OK;
}

/* Notes a use of a recent spelling; false where nothing new is learnt from it. */
static bool use_again(recent_use *recent, uint32_t unit, uint32_t conversation) {
    if (recent->unit != unit) {
        recent->unit = unit;
        recent->conversation = conversation;
        return true;
    }
    if (recent->conversation == conversation || recent->conversation == REPEATED)
        return false;
    recent->conversation = REPEATED;
    return true;
}

/* Hashes the spellings of words `from` ... `to` - 1, and asks for the memory where they may be
 * known. */
static void hash_spellings(lb_lexicon *lexicon, const lb_lexicon_message *message, size_t from,
                           size_t to, uint64_t *hashes) {
    for (size_t i = from; i < to; i++) {
        lb_word word = message->words[i];
        const char *bytes = word.ascii ? message->lower : message->text.data;
        hashes[i] = not_zero(lb_hash(bytes + word.start, word.size));
        __builtin_prefetch(recent_of(lexicon, mark_of(hashes[i], message->flags[i])));
    }
}

/* Looks up a word that was not used recently. */
static int look_up(lb_lexicon *lexicon, const lb_lexicon_message *message, size_t i, uint64_t *hash,
                   lb_error *error) {
    lb_word word = message->words[i];
    uint64_t spelling = *hash;
    uint8_t flags = message->flags[i];
    lb_str bytes = {(word.ascii ? message->lower : message->text.data) + word.start, word.size};
    int status = word.ascii ? add_token(lexicon, bytes, spelling, flags, error)
                            : add_spelling(lexicon, bytes, spelling, flags, hash, error);
    uint64_t mark = mark_of(spelling, flags);
    if (status == LB_OK)
        *recent_of(lexicon, mark) = (recent_use){mark, *hash, message->unit, message->conversation};
    return status;
}

static size_t without_empty(uint64_t *hashes, bool *fresh, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        hashes[kept] = hashes[i];
        fresh[kept] = fresh[i];
        kept += hashes[i] != 0;
    }
    return kept;
}

/* Words `from` ... `to` - 1, at most CHUNK, in three passes, each of which asks for the memory that
 * the next one looks at: tokens that are not recent are spread over more memory than any cache
 * holds. *empty becomes true where nothing is left of one. */
static int add_chunk(lb_lexicon *lexicon, const lb_lexicon_message *message, size_t from, size_t to,
                     uint64_t *hashes, bool *fresh, bool *empty, lb_error *error) {
    size_t missed[CHUNK], missed_count = 0;
    hash_spellings(lexicon, message, from, to, hashes);
    for (size_t i = from; i < to; i++) {
        uint64_t mark = mark_of(hashes[i], message->flags[i]);
        recent_use *recent = recent_of(lexicon, mark);
        if (recent->mark == mark) {
            hashes[i] = recent->hash;
            *empty |= hashes[i] == 0;
            fresh[i] = use_again(recent, message->unit, message->conversation);
        } else {
            const hash_map *map = message->words[i].ascii ? &lexicon->tokens : &lexicon->spellings;
            if (map->slots)
                __builtin_prefetch(slot_at(map, hashes[i]));
            missed[missed_count++] = i;
        }
    }
    for (size_t i = 0; i < missed_count; i++) {
        int status = look_up(lexicon, message, missed[i], &hashes[missed[i]], error);
        if (status < 0)
            return status;
        *empty |= hashes[missed[i]] == 0;
        fresh[missed[i]] = true;
    }
    return LB_OK;
}

int lb_lexicon_add(lb_lexicon *lexicon, const lb_lexicon_message *message, uint64_t *hashes,
                   bool *fresh, size_t *hash_count, lb_error *error) {
    bool empty = false;
    for (size_t from = 0; from < message->count; from += CHUNK) {
        size_t to = message->count - from < CHUNK ? message->count : from + CHUNK;
        int status = add_chunk(lexicon, message, from, to, hashes, fresh, &empty, error);
        if (status < 0)
            return status;
    }
    *hash_count = empty ? without_empty(hashes, fresh, message->count) : message->count;
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
