#include "linkback/error.h"

#include <stdio.h>
#include <string.h>

#include "base/shown.h"
#include "base/utf8.h"

/* Copies `text` and replaces what would be acted upon rather than shown, and ill-formed UTF-8.
 * A character that is begun at the end was cut there, and vanishes. */
static void copy_clean(char *to, size_t capacity, const char *text) {
    size_t n = 0, size = strlen(text);
    for (size_t at = 0; at < size;) {
        unsigned bad = 0, length = lb_utf8_sequence(text + at, size - at, &bad);
        unsigned char first = (unsigned char)text[at];
        bool begun = first >= 0xC2 && first <= 0xF4;
        bool safe = length && !lb_shown_acts(lb_utf8_decode(text + at, &length)) &&
                    !lb_shown_commands((lb_str){text, size}, at);
        if (n + (length ? length : 1) >= capacity || (begun && at + bad == size))
            break;
        memcpy(to + n, safe ? text + at : "?", safe ? length : 1);
        n += safe ? length : 1;
        at += length ? length : bad;
    }
    to[n] = '\0';
}

int lb_fail(lb_error *error, lb_status code, const char *where, const char *mend, const char *what,
            ...) {
    if (!error)
        return code;
    char text[LB_ERROR_WHAT_MAX];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    error->code = code;
    copy_clean(error->where, sizeof error->where, where);
    copy_clean(error->what, sizeof error->what, text);
    copy_clean(error->mend, sizeof error->mend, mend);
    return code;
}

int lb_fail_memory(lb_error *error, const char *doing) {
    return lb_fail(error, LB_E_RESOURCE, "memory", "free some, or give a smaller --memory",
                   "out of memory while %s", doing);
}

int lb_fail_errno(lb_error *error, lb_status code, const char *where, const char *doing,
                  int errnum) {
    const char *mend = "check the path and its permissions";
    if (code == LB_E_RESOURCE)
        mend = "check the free space and the permissions of the folder";
    return lb_fail(error, code, where, mend, "%s: %s", doing, strerror(errnum));
}
