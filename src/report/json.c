#include "report/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "results/number.h"

typedef struct writer {
    lb_buffer *into;
    lb_error *error;
} writer;

static int put(const writer *w, const char *text) {
    return lb_buffer_append(w->into, text, strlen(text), w->error);
}

static int line_begin(const writer *w, unsigned depth) {
    int status = put(w, "\n");
    while (status == LB_OK && depth-- > 0)
        status = put(w, "  ");
    return status;
}

static const char *short_escape(uint32_t c) {
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static bool is_escaped(uint32_t c) {
    return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7F && c < 0xA0) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || (c & 0xFFFE) == 0xFFFE ||
           c == 0xFEFF;
}

static int escape(const writer *w, uint32_t c) {
    const char *brief = short_escape(c);
    if (brief)
        return put(w, brief);
    if (c < 0x10000)
        return lb_buffer_printf(w->into, w->error, "\\u%04" PRIx32, c);
    return lb_buffer_printf(w->into, w->error, "\\u%04" PRIx32 "\\u%04" PRIx32,
                            0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
}

static int write_text(const writer *w, const char *text, size_t size) {
    int status = put(w, "\"");
    size_t plain = 0; /* start of what needs no escape */
    unsigned length;
    for (size_t at = 0; status == LB_OK && at < size; at += length) {
        uint32_t c = lb_utf8_decode(text + at, &length);
        if (!is_escaped(c))
            continue;
        status = lb_buffer_append(w->into, text + plain, at - plain, w->error);
        if (status == LB_OK)
            status = escape(w, c);
        plain = at + length;
    }
    if (status == LB_OK)
        status = lb_buffer_append(w->into, text + plain, size - plain, w->error);
    return status == LB_OK ? put(w, "\"") : status;
}

static int write_value(const writer *w, const json_t *value, unsigned depth);

static int write_object(const writer *w, const json_t *object, unsigned depth) {
    const char *key;
    json_t *value;
    bool first = true;
    if (json_object_size(object) == 0)
        return put(w, "{}");
    int status = put(w, "{");
    json_object_foreach((json_t *)object, key, value) {
        if (status == LB_OK && !first)
            status = put(w, ",");
        first = false;
        if (status == LB_OK)
            status = line_begin(w, depth + 1);
        if (status == LB_OK)
            status = write_text(w, key, strlen(key));
        if (status == LB_OK)
            status = put(w, ": ");
        if (status == LB_OK)
            status = write_value(w, value, depth + 1);
        if (status < 0)
            return status;
    }
    status = line_begin(w, depth);
    return status == LB_OK ? put(w, "}") : status;
}

static bool is_plain_list(const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_is_object(json_array_get(list, i)) || json_is_array(json_array_get(list, i)))
            return false;
    return true;
}

static int write_list(const writer *w, const json_t *list, unsigned depth) {
    bool plain = is_plain_list(list);
    int status = put(w, "[");
    for (size_t i = 0; status == LB_OK && i < json_array_size(list); i++) {
        if (i > 0)
            status = put(w, plain ? ", " : ",");
        if (status == LB_OK && !plain)
            status = line_begin(w, depth + 1);
        if (status == LB_OK)
            status = write_value(w, json_array_get(list, i), depth + 1);
    }
    if (status == LB_OK && !plain)
        status = line_begin(w, depth);
    return status == LB_OK ? put(w, "]") : status;
}

static int write_value(const writer *w, const json_t *value, unsigned depth) {
    char number[LB_NUMBER_MAX];
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(w, value, depth);
    case JSON_ARRAY:
        return write_list(w, value, depth);
    case JSON_STRING:
        return write_text(w, json_string_value(value), json_string_length(value));
    case JSON_INTEGER:
        return lb_buffer_printf(w->into, w->error, "%" JSON_INTEGER_FORMAT,
                                json_integer_value(value));
    case JSON_REAL:
        lb_number_format(json_real_value(value), number);
        return put(w, number);
    case JSON_TRUE:
        return put(w, "true");
    case JSON_FALSE:
        return put(w, "false");
    case JSON_NULL:
        break;
    }
    return put(w, "null");
}

int lb_report_json(const json_t *document, lb_buffer *into, lb_error *error) {
    writer w = {.into = into, .error = error};
    int status = write_value(&w, document, 0);
    return status == LB_OK ? put(&w, "\n") : status;
}
