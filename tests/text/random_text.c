#include "text/random_text.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka.h wants the headers above
#include <cmocka.h>
#include <utf8proc.h>

void append_code_point(lb_buffer *text, uint32_t code_point) {
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t size = utf8proc_encode_char((utf8proc_int32_t)code_point, bytes);
    assert_int_equal(lb_buffer_append(text, bytes, (size_t)size, NULL), LB_OK);
}

static const uint32_t alphabet[] = {
    'a',    'z',    'A',    'Z',    '0',    '9',    '_',     ' ',     ' ',     '.',     '\'',
    ':',    ',',    ';',    '"',    '@',    '`',    '{',     '[',     '/',     '\r',    '\n',
    0x7F,   0x85,   0xA0,   0xAD,   0xB7,   0xE9,   0x300,   0x5D0,   0x5F4,   0x627,   0x660,
    0x2019, 0x200B, 0x200D, 0x2028, 0x202F, 0x2060, 0x203F,  0x2139,  0x24C2,  0x3042,  0x30A2,
    0x30FC, 0x3005, 0x3099, 0x4E00, 0xFF9E, 0xFF71, 0x1F1E6, 0x1F1E7, 0x1F600, 0x1F3FB, 0xFE0F,
    0xE01,  0xE31,  0xE51,  0x1780, 0xAC00, 0x416,  0x2460,  0xBD,    0xFE13,  0x1F170, 0x10FFFF};

uint32_t random_code_point(lb_random *random) {
    uint32_t c = alphabet[lb_random_below(random, sizeof alphabet / sizeof *alphabet)];
    return lb_random_below(random, 16) ? c : (uint32_t)lb_random_below(random, 0xD800);
}
