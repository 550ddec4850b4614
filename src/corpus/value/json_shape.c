#include "corpus/value/json_shape.h"

/* What may come next, as bits: of an array that has just been opened a value or its end. */
enum {
    VALUE = 1,
    ARRAY_END = 2,
    KEY = 4,
    OBJECT_END = 8,
    COLON = 16,
    COMMA = 32,
    MORE_OF_WORD = 64 /* of a number, of true: what ends it is looked at as if behind it */
};

lb_json_shape lb_json_shape_begin(void) {
    return (lb_json_shape){.expects = VALUE};
}

static bool is_in_object(const lb_json_shape *shape) {
    uint32_t top = shape->depth - 1;
    return shape->depth > 0 && shape->braces[top / 64] >> top % 64 & 1;
}

static uint8_t behind_value(const lb_json_shape *shape) {
    return COMMA | (is_in_object(shape) ? OBJECT_END : ARRAY_END);
}

static bool open_bracket(lb_json_shape *shape, bool brace, const char **what) {
    if (!(shape->expects & VALUE))
        return false;
    if (shape->depth == LB_JSON_DEPTH) {
        *what = "JSON is nested deeper than 1,024 levels";
        return false;
    }
    uint64_t bit = (uint64_t)1 << shape->depth % 64;
    shape->braces[shape->depth / 64] &= ~bit;
    shape->braces[shape->depth / 64] |= brace ? bit : 0;
    shape->depth++;
    shape->expects = brace ? KEY | OBJECT_END : VALUE | ARRAY_END;
    return true;
}

static bool close_bracket(lb_json_shape *shape, uint8_t end) {
    if (!(shape->expects & end))
        return false;
    shape->depth--;
    shape->expects = behind_value(shape);
    return true;
}

static bool is_of_word(char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '+' ||
           c == '.';
}

static bool take_word_byte(lb_json_shape *shape, char c) {
    if (!(shape->expects & (VALUE | MORE_OF_WORD)) || !is_of_word(c))
        return false;
    shape->expects = behind_value(shape) | MORE_OF_WORD;
    return true;
}

/* One byte outside strings; false: it cannot stand here. */
static bool take_byte(lb_json_shape *shape, char c, const char **what) {
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        shape->expects &= (uint8_t)~MORE_OF_WORD;
        return true;
    case '"':
        shape->in_string = true;
        return shape->expects & (VALUE | KEY);
    case '{':
    case '[':
        return open_bracket(shape, c == '{', what);
    case '}':
        return close_bracket(shape, OBJECT_END);
    case ']':
        return close_bracket(shape, ARRAY_END);
    case ':':
        if (!(shape->expects & COLON))
            return false;
        shape->expects = VALUE;
        return true;
    case ',':
        if (!(shape->expects & COMMA))
            return false;
        shape->expects = is_in_object(shape) ? KEY : VALUE;
        return true;
    default:
        return take_word_byte(shape, c);
    }
}

/* Behind the string's closing quote, or `size` if it goes on. A quote closes the string unless an
 * odd number of backslashes stands before it. */
static size_t skip_string(lb_json_shape *shape, const char *data, size_t from, size_t size) {
    while (from < size) {
        const char *quote = memchr(data + from, '"', size - from);
        size_t end = quote ? (size_t)(quote - data) : size, backslashes = 0;
        while (end - backslashes > from && data[end - backslashes - 1] == '\\')
            backslashes++;
        bool carried = shape->escaped && end - backslashes == from;
        bool odd = (backslashes + carried) % 2 == 1;
        shape->escaped = odd && !quote;
        if (!quote)
            return size;
        from = end + 1;
        if (!odd) {
            shape->in_string = false;
            shape->expects = shape->expects & KEY ? COLON : behind_value(shape);
            return from;
        }
    }
    return size;
}

lb_json_shape_state lb_json_shape_run(lb_json_shape *shape, const char *data, size_t *at,
                                      size_t size, const char **what) {
    while (*at < size) {
        if (shape->in_string) {
            size_t from = *at;
            *at = skip_string(shape, data, from, size);
            if (memchr(data + from, '\n', *at - from)) {
                *what = "a string is never closed, or has a line end in it";
                return LB_SHAPE_BROKEN;
            }
            continue;
        }
        *what = "not well-formed JSON";
        if (!take_byte(shape, data[(*at)++], what))
            return LB_SHAPE_BROKEN;
        if (shape->depth == 0)
            return LB_SHAPE_WHOLE;
    }
    return LB_SHAPE_GOES_ON;
}
