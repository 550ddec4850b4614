#include "corpus/tolerance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool lb_tolerance_parse(const char *text, lb_tolerance *out) {
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    if (text[strspn(text, "0123456789")] == '\0') {
        *out = (lb_tolerance){strtoull(text, &end, 10), 1};
        return errno == 0;
    }
    size_t number = strspn(text, "0123456789.");
    double share = strtod(text, &end);
    const char *sign = text + number;
    if (*sign == ' ' && sign[1] == '%')
        sign++;
    bool percent = strcmp(sign, "%") == 0;
    if (end != text + number || (*sign && !percent))
        return false;
    *out = (lb_tolerance){UINT64_MAX, percent ? share / 100 : share};
    return out->share <= 1;
}
