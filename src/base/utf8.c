#include "base/utf8.h"

/* Unicode 15, table 3-7. */
unsigned lb_utf8_sequence(const char *data, size_t n, unsigned *bad) {
    const unsigned char *b = (const unsigned char *)data;
    unsigned char first = b[0], low = 0x80, high = 0xBF;
    unsigned length;
    *bad = 1;
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        length = 2;
    else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        if (first == 0xE0)
            low = 0xA0;
        if (first == 0xED)
            high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        if (first == 0xF0)
            low = 0x90;
        if (first == 0xF4)
            high = 0x8F;
    } else
        return 0;
    for (unsigned i = 1; i < length; i++) {
        if (i >= n || b[i] < low || b[i] > high) {
            *bad = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

/* Bytes from the start that are ASCII, eight at a time. */
static size_t ascii_run(const char *data, size_t size) {
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, data + i, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < size && (unsigned char)data[i] < 0x80)
        i++;
    return i;
}

/* Bytes from the start that are well-formed. */
static size_t valid_run(const char *data, size_t size, unsigned *bad) {
    size_t i = 0;
    while (i < size) {
        i += ascii_run(data + i, size - i);
        if (i == size)
            break;
        unsigned length = lb_utf8_sequence(data + i, size - i, bad);
        if (length == 0)
            return i;
        i += length;
    }
    return i;
}

bool lb_utf8_valid(const char *data, size_t size) {
    unsigned bad;
    return valid_run(data, size, &bad) == size;
}

size_t lb_utf8_cut(lb_str text, size_t most) {
    size_t size = text.size < most ? text.size : most;
    while (size > 0 && size < text.size && (text.data[size] & 0xC0) == 0x80)
        size--;
    return size;
}

int lb_utf8_repair(lb_str text, lb_buffer *into, uint64_t *replaced, lb_error *error) {
    size_t at = 0;
    while (at < text.size) {
        unsigned bad = 0;
        size_t good = valid_run(text.data + at, text.size - at, &bad);
        int status = lb_buffer_append(into, text.data + at, good, error);
        if (status < 0)
            return status;
        at += good;
        if (at == text.size)
            break;
        status = lb_buffer_append(into, "\xEF\xBF\xBD", 3, error);
        if (status < 0)
            return status;
        *replaced += 1;
        at += bad;
    }
    return LB_OK;
}

static bool is_unseen(uint32_t code) {
    return code <= 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200F) || (code >= 0x2028 && code <= 0x202F) ||
           (code >= 0x205F && code <= 0x206F) || code == 0x3000 || code == 0xFEFF;
}

bool lb_utf8_is_blank(lb_str text) {
    unsigned length;
    for (size_t at = 0; at < text.size; at += length)
        if (!is_unseen(lb_utf8_decode(text.data + at, &length)))
            return false;
    return true;
}
