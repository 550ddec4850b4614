#include "text/fold.h"

#include <utf8proc.h>

#include "base/utf8.h"

static const utf8proc_option_t folding =
    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;

enum {
    ON_STACK = 256,
    LONGEST = 18, /* code points that one can decompose to (U+FDFA) */
};

static bool is_ascii(lb_str word) {
    unsigned char all = 0;
    for (size_t i = 0; i < word.size; i++)
        all |= (unsigned char)word.data[i];
    return all < 0x80;
}

static int fold_ascii(lb_str word, lb_buffer *into, lb_error *error) {
    int status = lb_buffer_reserve(into, word.size, error);
    if (status < 0)
        return status;
    char *out = into->data + into->size;
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        out[i] = (char)(c + (c >= 'A' && c <= 'Z') * ('a' - 'A'));
    }
    into->size += word.size;
    return LB_OK;
}

typedef struct code_points {
    int32_t stack[ON_STACK];
    int32_t *items; /* the stack's, or the heap's once that is too small */
    size_t count, capacity;
} code_points;

static int make_room(code_points *points, size_t more, lb_error *error) {
    if (points->capacity - points->count >= more)
        return LB_OK;
    bool on_stack = points->items == points->stack;
    size_t capacity = on_stack ? 0 : points->capacity;
    int32_t *grown = lb_grow(on_stack ? NULL : points->items, &capacity, points->count + more,
                             sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    if (on_stack)
        memcpy(grown, points->stack, points->count * sizeof(int32_t));
    points->items = grown;
    points->capacity = capacity;
    return LB_OK;
}

/* Reserved as default-ignorable, but not assigned yet: utf8proc ignores only what is assigned. */
static bool reserved_as_ignorable(uint32_t c) {
    return c == 0x2065 || (c >= 0xFFF0 && c <= 0xFFF8) || (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Full decomposition with case folding; default-ignorable code points vanish. */
static int decompose(lb_str word, code_points *points, lb_error *error) {
    unsigned length;
    for (size_t at = 0; at < word.size; at += length) {
        int status = make_room(points, LONGEST, error);
        if (status < 0)
            return status;
        int boundary_class = 0;
        uint32_t c = lb_utf8_decode(word.data + at, &length);
        if (reserved_as_ignorable(c))
            continue;
        utf8proc_ssize_t written = utf8proc_decompose_char(
            (int32_t)c, points->items + points->count, LONGEST, folding, &boundary_class);
        if (written < 0 || written > LONGEST)
            return lb_fail(error, LB_E_INPUT, "a word", "repair its UTF-8", "%s",
                           written < 0 ? utf8proc_errmsg(written) : "too long a decomposition");
        points->count += (size_t)written;
    }
    return LB_OK;
}

static unsigned combining_class(int32_t code_point) {
    return (unsigned)utf8proc_get_property(code_point)->combining_class;
}

/* Orders a run of marks by combining class, equal ones as they stand (Unicode 15, D109). A counting
 * sort, since a hostile word may be one run of a million marks. */
static int order_marks(code_points *points, size_t start, size_t end, lb_error *error) {
    int status = make_room(points, end - start, error);
    if (status < 0)
        return status;
    size_t starts[257] = {0};
    for (size_t i = start; i < end; i++)
        starts[combining_class(points->items[i]) + 1]++;
    for (size_t i = 1; i < 257; i++)
        starts[i] += starts[i - 1];
    int32_t *sorted = points->items + points->count;
    for (size_t i = start; i < end; i++)
        sorted[starts[combining_class(points->items[i])]++] = points->items[i];
    memcpy(points->items + start, sorted, (end - start) * sizeof(int32_t));
    return LB_OK;
}

/* The Canonical Ordering Algorithm. */
static int order(code_points *points, lb_error *error) {
    for (size_t start = 0, end; start < points->count; start = end) {
        unsigned highest = combining_class(points->items[start]);
        bool ordered = true;
        for (end = start + 1; highest > 0 && end < points->count; end++) {
            unsigned rank = combining_class(points->items[end]);
            if (rank == 0)
                break;
            ordered = ordered && rank >= highest;
            highest = rank;
        }
        if (ordered)
            continue;
        int status = order_marks(points, start, end, error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static int compose(code_points *points, lb_buffer *into, lb_error *error) {
    utf8proc_ssize_t count = utf8proc_normalize_utf32(
        points->items, (utf8proc_ssize_t)points->count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    int status = lb_buffer_reserve(into, (size_t)count * 4, error);
    if (status < 0)
        return status;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        into->size += (size_t)utf8proc_encode_char(points->items[i],
                                                   (utf8proc_uint8_t *)into->data + into->size);
    return LB_OK;
}

int lb_fold(lb_str word, lb_buffer *into, lb_error *error) {
    if (is_ascii(word))
        return fold_ascii(word, into, error);
    code_points points = {.capacity = ON_STACK};
    points.items = points.stack;
    int status = decompose(word, &points, error);
    if (status == LB_OK)
        status = order(&points, error);
    if (status == LB_OK)
        status = compose(&points, into, error);
    if (points.items != points.stack)
        lb_free(points.items);
    return status;
}
