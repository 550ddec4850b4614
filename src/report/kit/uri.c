#include "report/kit/uri.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

static const char fallback[] = "corpus";
enum { PARTS_MAX = 256 };

static bool is_unreserved(char c) {
    return lb_is_alnum(c) || (c != '\0' && strchr("-._~", c));
}

static int append_part(lb_str part, lb_buffer *into, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < part.size; i++) {
        char c = part.data[i];
        status = is_unreserved(c)
                     ? lb_buffer_append(into, &c, 1, error)
                     : lb_buffer_printf(into, error, "%%%02X", (unsigned)(unsigned char)c);
    }
    return status;
}

/* Cuts the path at its slashes and resolves dots. False: it leads out of the folder. */
static bool resolve(lb_str path, lb_str parts[PARTS_MAX], size_t *count) {
    *count = 0;
    for (size_t at = 0; at < path.size;) {
        size_t end = at;
        while (end < path.size && path.data[end] != '/')
            end++;
        lb_str part = {path.data + at, end - at};
        bool up = part.size == 2 && memcmp(part.data, "..", 2) == 0;
        bool here = part.size == 0 || (part.size == 1 && part.data[0] == '.');
        if ((up && *count == 0) || *count == PARTS_MAX)
            return false;
        if (up)
            --*count;
        else if (!here)
            parts[(*count)++] = part;
        at = end + 1;
    }
    return *count > 0;
}

static lb_str last_part(lb_str path) {
    while (path.size > 0 && path.data[path.size - 1] == '/')
        path.size--;
    size_t from = path.size;
    while (from > 0 && path.data[from - 1] != '/')
        from--;
    lb_str part = {path.data + from, path.size - from};
    bool dots = part.size <= 2;
    for (size_t i = 0; dots && i < part.size; i++)
        dots = part.data[i] == '.';
    return dots ? (lb_str){fallback, sizeof fallback - 1} : part;
}

int lb_uri_relative(lb_str path, lb_buffer *into, lb_error *error) {
    lb_str parts[PARTS_MAX];
    size_t count;
    bool absolute = path.size > 0 && path.data[0] == '/';
    if (absolute || !resolve(path, parts, &count))
        return append_part(last_part(path), into, error);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        if (i > 0)
            status = lb_buffer_append(into, "/", 1, error);
        if (status == LB_OK)
            status = append_part(parts[i], into, error);
    }
    return status;
}

/* The number behind the last colon; 0: there is none. `size` loses what was read. */
static unsigned long number_behind(const char *text, size_t *size) {
    size_t from = *size;
    while (from > 0 && lb_is_digit(text[from - 1]))
        from--;
    if (from == *size || from < 2 || text[from - 1] != ':')
        return 0;
    *size = from - 1;
    return strtoul(text + from, NULL, 10);
}

lb_position lb_position_parse(const char *text) {
    size_t size = strlen(text);
    unsigned long last = number_behind(text, &size), before = number_behind(text, &size);
    return (lb_position){
        .file = {text, size}, .line = before ? before : last, .column = before ? last : 0};
}
