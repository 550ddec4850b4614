#include "corpus/value/utf16.h"

#include <string.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

bool lb_utf16_has_mark(lb_str head) {
    return head.size >= 2 &&
           (memcmp(head.data, "\xFF\xFE", 2) == 0 || memcmp(head.data, "\xFE\xFF", 2) == 0);
}

lb_utf16 lb_utf16_find(lb_str head) {
    enum { LOOKED_AT = 128 };
    if (lb_utf16_has_mark(head))
        return head.data[0] == '\xFF' ? LB_UTF16_LE : LB_UTF16_BE;
    size_t zeros[2] = {0, 0}, size = head.size < LOOKED_AT ? head.size & ~(size_t)1 : LOOKED_AT;
    for (size_t i = 0; i < size; i++)
        zeros[i % 2] += head.data[i] == '\0';
    if (zeros[0] == 0 && zeros[1] > size / 4)
        return LB_UTF16_LE;
    return zeros[1] == 0 && zeros[0] > size / 4 ? LB_UTF16_BE : LB_UTF16_NONE;
}

static uint32_t unit_at(lb_utf16 order, const char *data) {
    unsigned char first = (unsigned char)data[0], second = (unsigned char)data[1];
    return order == LB_UTF16_LE ? (uint32_t)second << 8 | first : (uint32_t)first << 8 | second;
}

int lb_utf16_decode(lb_utf16 order, lb_str text, lb_buffer *into, size_t *taken, lb_error *error) {
    size_t at = 0;
    int status = lb_buffer_reserve(into, text.size / 2 * 3, error); /* a unit is up to 3 bytes */
    if (status < 0)
        return status;
    uint8_t *bytes = (uint8_t *)into->data;
    while (text.size - at >= 2) {
        uint32_t point = unit_at(order, text.data + at);
        size_t width = U16_IS_SINGLE(point) ? 2 : 4;
        if (text.size - at < width || (width == 4 && !U16_IS_LEAD(point)))
            break;
        if (width == 4) {
            uint32_t trail = unit_at(order, text.data + at + 2);
            if (!U16_IS_TRAIL(trail))
                break;
            point = (uint32_t)U16_GET_SUPPLEMENTARY(point, trail);
        }
        U8_APPEND_UNSAFE(bytes, into->size, point);
        at += width;
    }
    *taken = at;
    return LB_OK;
}
