#define _GNU_SOURCE /* memrchr */
#include "corpus/value/cutter.h"

#include <string.h>

enum { ROW_FIELD_START = 0, ROW_PLAIN, ROW_QUOTED, ROW_QUOTE_IN_QUOTED };
enum { JSON_BEFORE_ARRAY = 0, JSON_OUTSIDE_STRING, JSON_STRING, JSON_AFTER_ARRAY };

lb_cutter lb_cutter_begin(lb_cut cut, char delimiter) {
    lb_cutter cutter = {.cut = cut, .delimiter = delimiter};
    if (cut == LB_CUT_VALUES)
        cutter.state = JSON_OUTSIDE_STRING;
    return cutter;
}

static size_t next_line(lb_cutter *cutter, const char *data, size_t size, bool *complete) {
    const char *end = memchr(data, '\n', size);
    *complete = end != NULL;
    cutter->separator = end != NULL;
    return end ? (size_t)(end - data) + 1 : size;
}

static size_t next_row(lb_cutter *cutter, const char *data, size_t size, bool *complete) {
    size_t i = 0;
    cutter->separator = 1;
    for (; i < size; i++) {
        char c = data[i];
        if (cutter->state == ROW_QUOTED) {
            const char *quote = memchr(data + i, '"', size - i);
            i = quote ? (size_t)(quote - data) : size - 1;
            if (quote)
                cutter->state = ROW_QUOTE_IN_QUOTED;
        } else if (c == '\n') {
            cutter->state = ROW_FIELD_START;
            *complete = true;
            return i + 1;
        } else if (c == cutter->delimiter)
            cutter->state = ROW_FIELD_START;
        else if (c == '"' && cutter->state != ROW_PLAIN)
            cutter->state = ROW_QUOTED; /* opens the field, or the second of a doubled quote */
        else
            cutter->state = ROW_PLAIN;
    }
    *complete = false;
    cutter->separator = 0;
    return size;
}

/* Behind the string's closing quote, or `size` if it goes on. A quote closes the string unless an
 * odd number of backslashes stands before it. */
static size_t skip_string(lb_cutter *cutter, const char *data, size_t from, size_t size) {
    for (size_t i = from; i < size;) {
        const char *quote = memchr(data + i, '"', size - i);
        size_t end = quote ? (size_t)(quote - data) : size;
        size_t backslashes = 0;
        while (end - backslashes > from && data[end - backslashes - 1] == '\\')
            backslashes++;
        bool carried = cutter->escaped && end - backslashes == from;
        bool odd = (backslashes + carried) % 2 == 1;
        if (!quote) {
            cutter->escaped = odd;
            return size;
        }
        cutter->escaped = false;
        i = end + 1;
        from = i;
        if (!odd) {
            cutter->state = JSON_OUTSIDE_STRING;
            return i;
        }
    }
    return size;
}

/* Looks at one byte outside strings; true at a record end. */
static bool json_byte(lb_cutter *cutter, char c) {
    bool array = cutter->cut == LB_CUT_ELEMENTS;
    switch (c) {
    case '"':
        cutter->state = JSON_STRING;
        cutter->escaped = false;
        return false;
    case '[':
    case '{':
        cutter->depth++;
        return false;
    case ']':
        if (array && cutter->depth == 1) {
            cutter->depth = 0;
            cutter->state = JSON_AFTER_ARRAY;
            cutter->separator = 1;
            return true;
        }
        break;
    case '}':
        if (array && cutter->depth == 1)
            return false; /* closes nothing: the element is malformed, the next one may be sound */
        break;
    case ',':
        cutter->separator = 1;
        return array && cutter->depth == 1;
    default:
        return false;
    }
    if (cutter->depth > 0)
        cutter->depth--;
    cutter->separator = 0;
    return !array && cutter->depth == 0;
}

static size_t next_json(lb_cutter *cutter, const char *data, size_t size, bool *complete) {
    size_t i = 0;
    *complete = false;
    cutter->separator = 0;
    while (i < size && cutter->state == JSON_BEFORE_ARRAY)
        if (data[i++] == '[') {
            cutter->state = JSON_OUTSIDE_STRING;
            cutter->depth = 1;
        }
    while (i < size) {
        if (cutter->state == JSON_AFTER_ARRAY)
            return size;
        if (cutter->state == JSON_STRING)
            i = skip_string(cutter, data, i, size);
        else if (json_byte(cutter, data[i++])) {
            *complete = true;
            return i;
        }
    }
    return size;
}

size_t lb_cutter_next(lb_cutter *cutter, const char *data, size_t size, bool *complete) {
    switch (cutter->cut) {
    case LB_CUT_LINES:
        return next_line(cutter, data, size, complete);
    case LB_CUT_ROWS:
        return next_row(cutter, data, size, complete);
    default:
        return next_json(cutter, data, size, complete);
    }
}

size_t lb_cutter_last(lb_cutter *cutter, const char *data, size_t size, lb_cutter *after) {
    if (cutter->cut == LB_CUT_LINES ||
        (cutter->cut == LB_CUT_ROWS && cutter->state <= ROW_PLAIN && !memchr(data, '"', size))) {
        const char *end = memrchr(data, '\n', size);
        size_t last = end ? (size_t)(end - data) + 1 : 0;
        if (end) {
            cutter->state = ROW_FIELD_START;
            *after = *cutter;
        }
        if (cutter->cut == LB_CUT_ROWS && last < size)
            cutter->state = data[size - 1] == cutter->delimiter ? ROW_FIELD_START : ROW_PLAIN;
        return last;
    }
    size_t last = 0;
    for (size_t i = 0; i < size;) {
        bool complete;
        i += lb_cutter_next(cutter, data + i, size - i, &complete);
        if (complete) {
            last = i;
            *after = *cutter;
        }
    }
    return last;
}

bool lb_cutter_is_before_array(const lb_cutter *cutter) {
    return cutter->cut == LB_CUT_ELEMENTS && cutter->state == JSON_BEFORE_ARRAY;
}

bool lb_cutter_is_after_array(const lb_cutter *cutter) {
    return cutter->cut == LB_CUT_ELEMENTS && cutter->state == JSON_AFTER_ARRAY;
}
