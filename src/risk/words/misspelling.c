#include "risk/words/misspelling.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { FIRST_SLOTS = 1 << 10 };

/* In which form a word stands in the set. */
typedef enum word_form {
    AS_IT_IS = 1,
    ONE_LEFT_OUT,
    ONE_BLANKED /* + place */
} word_form;

struct lb_spellings {
    uint64_t *slots; /* 0: empty */
    size_t mask, count;
};

/* A word as the value of the polynomial sum c[i] BASE^(size - 1 - i) over the field of PRIME. */
static const uint64_t PRIME = (UINT64_C(1) << 61) - 1, BASE = UINT64_C(0x12B9B0A1D3C5E7F7);

typedef struct spelled_word {
    size_t size; /* characters */
    uint64_t character[LB_SPELLING_LONGEST + 1];
    uint64_t head[LB_SPELLING_LONGEST + 2]; /* of the first i characters */
    uint64_t tail[LB_SPELLING_LONGEST + 2]; /* of those from i on */
    uint64_t power[LB_SPELLING_LONGEST + 2];
} spelled_word;

static uint64_t add(uint64_t a, uint64_t b) {
    uint64_t sum = a + b;
    return sum >= PRIME ? sum - PRIME : sum;
}

static uint64_t multiply(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return add((uint64_t)(product & PRIME), (uint64_t)(product >> 61));
}

/* False where the word is longer than a slip can make one of the longest. */
static bool spell(spelled_word *spelled, lb_str word) {
    spelled->size = 0;
    unsigned length;
    for (size_t at = 0; at < word.size; at += length) {
        if (spelled->size > LB_SPELLING_LONGEST)
            return false;
        /* no character is 0, so that a word and its continuation differ */
        spelled->character[spelled->size++] = lb_utf8_decode(word.data + at, &length) + UINT64_C(1);
    }
    size_t size = spelled->size;
    spelled->head[0] = spelled->tail[size] = 0;
    spelled->power[0] = 1;
    for (size_t i = 0; i < size; i++) {
        spelled->power[i + 1] = multiply(spelled->power[i], BASE);
        spelled->head[i + 1] = add(multiply(spelled->head[i], BASE), spelled->character[i]);
    }
    for (size_t i = size; i > 0; i--)
        spelled->tail[i - 1] =
            add(multiply(spelled->character[i - 1], spelled->power[size - i]), spelled->tail[i]);
    return true;
}

static uint64_t key_of(uint64_t value, size_t form) {
    uint64_t key = lb_hash_mix(value, form);
    return key ? key : 1;
}

static uint64_t left_out(const spelled_word *word, size_t place) {
    return add(multiply(word->head[place], word->power[word->size - 1 - place]),
               word->tail[place + 1]);
}

/* With the characters at `place` and behind it changing places. */
static uint64_t transposed(const spelled_word *word, size_t place) {
    uint64_t value = word->head[place];
    value = add(multiply(value, BASE), word->character[place + 1]);
    value = add(multiply(value, BASE), word->character[place]);
    return add(multiply(value, word->power[word->size - 2 - place]), word->tail[place + 2]);
}

static uint64_t *find(const lb_spellings *spellings, uint64_t key) {
    size_t at = (size_t)key & spellings->mask;
    while (spellings->slots[at] != 0 && spellings->slots[at] != key)
        at = (at + 1) & spellings->mask;
    return &spellings->slots[at];
}

static bool has(const lb_spellings *spellings, uint64_t value, size_t form) {
    return *find(spellings, key_of(value, form)) != 0;
}

int lb_spellings_new(lb_spellings **out, lb_error *error) {
    lb_spellings *spellings = lb_alloc_zero(1, sizeof *spellings);
    if (!spellings || !(spellings->slots = lb_alloc_zero(FIRST_SLOTS, sizeof(uint64_t)))) {
        lb_free(spellings);
        return lb_fail_memory(error, "learning how words are spelt");
    }
    spellings->mask = FIRST_SLOTS - 1;
    *out = spellings;
    return LB_OK;
}

void lb_spellings_free(lb_spellings *spellings) {
    if (!spellings)
        return;
    lb_free(spellings->slots);
    lb_free(spellings);
}

/* Room for `more` keys in at most two thirds of the slots. */
static int make_room(lb_spellings *spellings, size_t more, lb_error *error) {
    size_t slots = spellings->mask + 1;
    while ((spellings->count + more) * 3 > slots * 2)
        slots *= 2;
    if (slots == spellings->mask + 1)
        return LB_OK;
    lb_spellings grown = {lb_alloc_zero(slots, sizeof(uint64_t)), slots - 1, spellings->count};
    if (!grown.slots)
        return lb_fail_memory(error, "learning how words are spelt");
    for (size_t i = 0; i <= spellings->mask; i++)
        if (spellings->slots[i] != 0)
            *find(&grown, spellings->slots[i]) = spellings->slots[i];
    lb_free(spellings->slots);
    *spellings = grown;
    return LB_OK;
}

static void put(lb_spellings *spellings, uint64_t value, size_t form) {
    uint64_t key = key_of(value, form), *slot = find(spellings, key);
    spellings->count += *slot == 0;
    *slot = key;
}

int lb_spellings_add(lb_spellings *spellings, lb_str word, lb_error *error) {
    spelled_word spelled;
    if (!spell(&spelled, word) || spelled.size < LB_SPELLING_SHORTEST ||
        spelled.size > LB_SPELLING_LONGEST)
        return LB_OK;
    int status = make_room(spellings, 2 * spelled.size + 1, error);
    if (status < 0)
        return status;
    put(spellings, spelled.head[spelled.size], AS_IT_IS);
    for (size_t i = 0; i < spelled.size; i++) {
        uint64_t rest = left_out(&spelled, i);
        put(spellings, rest, ONE_LEFT_OUT);
        put(spellings, rest, ONE_BLANKED + i);
    }
    return LB_OK;
}

bool lb_spellings_misspelt(const lb_spellings *spellings, lb_str word) {
    spelled_word spelled;
    if (!spell(&spelled, word) || spelled.size + 1 < LB_SPELLING_SHORTEST)
        return false;
    if (has(spellings, spelled.head[spelled.size], ONE_LEFT_OUT))
        return true;
    for (size_t i = 0; i < spelled.size; i++) {
        uint64_t rest = left_out(&spelled, i);
        if (has(spellings, rest, AS_IT_IS) || has(spellings, rest, ONE_BLANKED + i))
            return true;
        if (i + 1 < spelled.size && spelled.character[i] != spelled.character[i + 1] &&
            has(spellings, transposed(&spelled, i), AS_IT_IS))
            return true;
    }
    return false;
}
