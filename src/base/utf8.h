/* UTF-8: check and repair. Repair replaces each maximal ill-formed subpart by U+FFFD, as Unicode 15
 * section 3.9 (table 3-8) recommends. */
#ifndef LB_BASE_UTF8_H
#define LB_BASE_UTF8_H

#include "base/buffer.h"

bool lb_utf8_valid(const char *data, size_t size);

/* Bytes of the byte order mark at the start of a text: 3, or 0 where there is none. */
static inline size_t lb_utf8_mark(lb_str text) {
    return text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* Bytes of the well-formed sequence at the start of `size` bytes; or 0, and *bad is those of the
 * maximal ill-formed subpart there. `size` is at least 1. */
unsigned lb_utf8_sequence(const char *data, size_t size, unsigned *bad);

/* Bytes of the longest head of valid text that has at most `most` and ends behind a character. */
size_t lb_utf8_cut(lb_str text, size_t most);

/* Appends `text` to `into` with ill-formed parts replaced; *replaced is increased by their number.
 */
int lb_utf8_repair(lb_str text, lb_buffer *into, uint64_t *replaced, lb_error *error);

/* Is there nothing to see: blanks of any script, marks of no width, or nothing at all? Valid UTF-8.
 */
bool lb_utf8_is_blank(lb_str text);

/* Decodes the code point at data[0] of valid UTF-8, sets *length to its bytes. */
static inline uint32_t lb_utf8_decode(const char *data, unsigned *length) {
    const unsigned char *b = (const unsigned char *)data;
    if (b[0] < 0x80) {
        *length = 1;
        return b[0];
    }
    if (b[0] < 0xE0) {
        *length = 2;
        return (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
    }
    if (b[0] < 0xF0) {
        *length = 3;
        return (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
    }
    *length = 4;
    return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3F) << 12 |
           (uint32_t)(b[2] & 0x3F) << 6 | (b[3] & 0x3F);
}

#endif
