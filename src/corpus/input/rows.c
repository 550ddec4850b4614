#include "corpus/input/rows.h"

#include <math.h>
#include <string.h>

#include "corpus/value/json.h"

static bool is_plain(char c) {
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

int lb_rows_append_string(lb_buffer *into, lb_str text, lb_error *error) {
    static const char hex[] = "0123456789abcdef";
    int status = lb_buffer_reserve(into, text.size + 2, error);
    if (status == LB_OK)
        status = lb_buffer_append(into, "\"", 1, error);
    for (size_t at = 0; status == LB_OK && at < text.size;) {
        size_t end = at;
        while (end < text.size && is_plain(text.data[end]))
            end++;
        status = lb_buffer_append(into, text.data + at, end - at, error);
        if (status == LB_OK && end < text.size) {
            unsigned char c = (unsigned char)text.data[end++];
            char escaped[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            if (c >= 0x20)
                escaped[1] = (char)c;
            status = lb_buffer_append(into, escaped, c >= 0x20 ? 2 : 6, error);
        }
        at = end;
    }
    return status < 0 ? status : lb_buffer_append(into, "\"", 1, error);
}

int lb_rows_append_number(lb_buffer *into, double value, lb_error *error) {
    char text[LB_JSON_NUMBER_MAX];
    if (!isfinite(value))
        return lb_buffer_append(into, "null", 4, error);
    return lb_buffer_append(into, text, lb_json_number_text(value, text), error);
}
