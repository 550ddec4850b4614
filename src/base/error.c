#include "linkback/error.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Copies `text` and replaces what a terminal must not see: control characters and ill-formed UTF-8.
 */
static void copy_clean(char *to, size_t capacity, const char *text) {
    size_t n = strlen(text) < capacity - 1 ? strlen(text) : capacity - 1;
    memcpy(to, text, n);
    while (n > 0 && !lb_utf8_valid(to, n) && lb_utf8_valid(to, n - 1))
        n--; /* a character cut at the end */
    to[n] = '\0';
    bool valid = lb_utf8_valid(to, n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)to[i];
        if (c < 0x20 || c == 0x7F || (!valid && c >= 0x80))
            to[i] = '?';
    }
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
