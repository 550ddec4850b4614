#include "results/mask.h"

#include <nettle/hmac.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { HIDDEN_AT_LEAST = 4, EXACT_LENGTH = 15, BULLETS_MAX = 8 };

typedef struct shape {
    size_t characters, letters, digits, ideographs; /* marks belong to the character before */
    size_t first;                                   /* byte at which the first character starts */
} shape;

/* One character of these scripts is a syllable or a word. */
static bool is_ideograph(uint32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xA000 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) || c >= 0x1B000;
}

static shape shape_of(lb_str token) {
    shape found = {0};
    unsigned length;
    for (size_t at = 0; at < token.size; at += length) {
        uint32_t c = lb_utf8_decode(token.data + at, &length);
        utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
        if (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
            category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF)
            continue;
        if (found.characters++ == 0)
            found.first = at;
        if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) {
            found.letters++;
            found.ideographs += is_ideograph(c);
        } else if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
            found.digits++;
    }
    return found;
}

static const char *class_of(shape found) {
    bool one = found.characters == 1;
    if (found.characters && found.ideographs == found.characters)
        return one ? "ideograph" : "ideographs";
    if (found.characters && found.letters == found.characters)
        return one ? "letter" : "letters";
    if (found.characters && found.digits == found.characters)
        return one ? "digit" : "digits";
    if (found.letters + found.digits == found.characters && found.characters)
        return "letters and digits";
    return one ? "character" : "characters";
}

int lb_mask_token(lb_str token, lb_buffer *into, lb_error *error) {
    shape found = shape_of(token);
    bool word = found.letters == found.characters && found.ideographs == 0;
    size_t hidden = found.characters;
    int status = LB_OK;
    if (word && found.characters > HIDDEN_AT_LEAST) {
        unsigned length;
        lb_utf8_decode(token.data + found.first, &length);
        status = lb_buffer_append(into, token.data + found.first, length, error);
        hidden--;
    }
    for (size_t i = 0; status == LB_OK && i < hidden && i < BULLETS_MAX; i++)
        status = lb_buffer_append(into, "\xE2\x80\xA2", 3, error);
    if (status < 0)
        return status;
    if (found.characters > EXACT_LENGTH)
        return lb_buffer_printf(into, error, " (%d or more %s)", EXACT_LENGTH + 1, class_of(found));
    return lb_buffer_printf(into, error, " (%zu %s)", found.characters, class_of(found));
}

typedef struct hashed_id {
    uint64_t hash;
    size_t place;
} hashed_id;

static int by_hash(const void *left, const void *right) {
    const hashed_id *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* The first 64 bits: enough to order by, and no one sees them. */
static uint64_t keyed_hash(struct hmac_sha256_ctx *hmac, lb_str id) {
    unsigned char bytes[8];
    uint64_t hash = 0;
    hmac_sha256_update(hmac, id.size, (const unsigned char *)id.data);
    hmac_sha256_digest(hmac, sizeof bytes, bytes); /* leaves it ready for the next */
    for (size_t i = 0; i < sizeof bytes; i++)
        hash = hash << 8 | bytes[i];
    return hash;
}

int lb_mask_number(const unsigned char key[LB_MASK_KEY_SIZE], const lb_str *ids, size_t count,
                   uint32_t *numbers, lb_error *error) {
    struct hmac_sha256_ctx hmac;
    hashed_id *hashed = lb_alloc(count, sizeof *hashed);
    if (!hashed)
        return lb_fail_memory(error, "numbering those whose keys are masked");
    hmac_sha256_set_key(&hmac, LB_MASK_KEY_SIZE, key);
    for (size_t i = 0; i < count; i++)
        hashed[i] = (hashed_id){keyed_hash(&hmac, ids[i]), i};
    if (count > 1)
        qsort(hashed, count, sizeof *hashed, by_hash);
    for (size_t i = 0; i < count; i++)
        numbers[hashed[i].place] = (uint32_t)i + 1;
    lb_free(hashed);
    return LB_OK;
}

int lb_mask_key(const char *noun, size_t number, lb_buffer *into, lb_error *error) {
    return lb_buffer_printf(into, error, "%s #%zu", noun, number);
}
