/* What must not be shown as it is, since it would be acted upon: by a terminal, by the eye that reads,
 * or by the runner of a pipeline, which takes commands from the lines that a program prints. */
#ifndef LB_BASE_SHOWN_H
#define LB_BASE_SHOWN_H

#include <string.h>

#include "base/str.h"

/* A control character, a break of lines, or one that turns the direction of the text. */
static inline bool lb_shown_acts(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* Does a command to a runner of GitHub begin at text.data[at]? "##[" is one anywhere in a line, "::"
 * where the line, or a word that may be wrapped to its start, begins. */
static inline bool lb_shown_commands(lb_str text, size_t at) {
    const char *from = text.data + at;
    size_t left = text.size - at;
    bool begins = at == 0 || from[-1] == ' ';
    return (left >= 3 && memcmp(from, "##[", 3) == 0) ||
           (begins && left >= 2 && memcmp(from, "::", 2) == 0);
}

#endif
