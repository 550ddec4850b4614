#include "text/dictionary.h"

#include <unicode/ubrk.h>

#include "base/memory.h"
#include "base/utf8.h"

struct lb_dictionary {
    UBreakIterator *iterator;
    UChar *units; /* the run in UTF-16 */
    size_t capacity;
    int32_t at;      /* a boundary, in units */
    uint32_t offset; /* the same, in bytes of the run */
};

static int fail_icu(UErrorCode code, lb_error *error) {
    if (code == U_MEMORY_ALLOCATION_ERROR)
        return lb_fail_memory(error, "word dictionaries");
    return lb_fail(error, LB_E_RESOURCE, "word dictionaries", "reinstall the ICU library",
                   "ICU says %s", u_errorName(code));
}

int lb_dictionary_new(lb_dictionary **out, lb_error *error) {
    *out = NULL;
    lb_dictionary *dictionary = lb_alloc_zero(1, sizeof *dictionary);
    if (!dictionary)
        return lb_fail_memory(error, "word dictionaries");
    UErrorCode code = U_ZERO_ERROR;
    dictionary->iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &code);
    if (U_FAILURE(code)) {
        lb_dictionary_free(dictionary);
        return fail_icu(code, error);
    }
    *out = dictionary;
    return LB_OK;
}

void lb_dictionary_free(lb_dictionary *dictionary) {
    if (!dictionary)
        return;
    ubrk_close(dictionary->iterator);
    lb_free(dictionary->units);
    lb_free(dictionary);
}

/* UTF-16 of valid UTF-8; there is room for one unit a byte. */
static int32_t utf16(lb_str text, UChar *units) {
    int32_t count = 0;
    unsigned length;
    for (size_t at = 0; at < text.size; at += length) {
        uint32_t c = lb_utf8_decode(text.data + at, &length);
        if (c >= 0x10000) {
            units[count++] = (UChar)(0xD7C0 + (c >> 10));
            c = 0xDC00 | (c & 0x3FF);
        }
        units[count++] = (UChar)c;
    }
    return count;
}

int lb_dictionary_begin(lb_dictionary *dictionary, lb_str run, lb_error *error) {
    void *grown = lb_grow(dictionary->units, &dictionary->capacity, run.size, sizeof(UChar), error);
    if (!grown)
        return LB_E_RESOURCE;
    dictionary->units = grown;
    UErrorCode code = U_ZERO_ERROR;
    ubrk_setText(dictionary->iterator, dictionary->units, utf16(run, dictionary->units), &code);
    if (U_FAILURE(code))
        return fail_icu(code, error);
    dictionary->at = ubrk_first(dictionary->iterator);
    dictionary->offset = 0;
    return LB_OK;
}

/* Bytes in UTF-8; each half of a surrogate pair counts as two of its four. */
static unsigned utf8_bytes(UChar unit) {
    return unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xF800) == 0xD800 ? 2 : 3;
}

bool lb_dictionary_next(lb_dictionary *dictionary, uint32_t *start, uint32_t *end, bool *ascii) {
    int32_t next = ubrk_next(dictionary->iterator);
    if (next == UBRK_DONE)
        return false;
    *start = dictionary->offset;
    for (int32_t i = dictionary->at; i < next; i++)
        dictionary->offset += utf8_bytes(dictionary->units[i]);
    *end = dictionary->offset;
    *ascii = *end - *start == (uint32_t)(next - dictionary->at);
    dictionary->at = next;
    return true;
}
