/* What a byte is in ASCII, whatever the locale; bytes that are not ASCII are none of these. */
#ifndef LB_BASE_ASCII_H
#define LB_BASE_ASCII_H

#include <stdbool.h>

static inline bool lb_is_digit(char c) {
    return c >= '0' && c <= '9';
}
static inline bool lb_is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
static inline bool lb_is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
static inline bool lb_is_letter(char c) {
    return lb_is_upper(c) || lb_is_lower(c);
}
static inline bool lb_is_alnum(char c) {
    return lb_is_letter(c) || lb_is_digit(c);
}
/* What JSON takes for white space: the bytes that lay a text out. */
static inline bool lb_is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
static inline char lb_to_lower(char c) {
    return lb_is_upper(c) ? (char)(c + 32) : c;
}

/* The value of a hexadecimal digit, -1 of what is none. */
static inline int lb_hex_value(char c) {
    if (lb_is_digit(c))
        return c - '0';
    c = lb_to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
