#include "corpus/value/json_mend.h"

#include "base/ascii.h"
#include "base/utf8.h"

typedef struct mender {
    lb_str in;
    size_t at;
    lb_buffer *out;
    uint64_t *replaced;
    lb_error *error;
} mender;

static char peek(const mender *m, size_t ahead) {
    return m->at + ahead < m->in.size ? m->in.data[m->at + ahead] : '\0';
}

static int copy(mender *m, size_t size) {
    int status = lb_buffer_append(m->out, m->in.data + m->at, size, m->error);
    m->at += size;
    return status;
}

static int put(mender *m, const char *text) {
    return lb_buffer_append(m->out, text, strlen(text), m->error);
}

/* The code unit of a \uXXXX that begins `ahead` bytes from here, or -1. */
static int code_unit(const mender *m, size_t ahead) {
    if (peek(m, ahead) != '\\' || peek(m, ahead + 1) != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = lb_hex_value(peek(m, ahead + i));
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static int mend_escape(mender *m) {
    int unit = code_unit(m, 0);
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        int low = code_unit(m, 6);
        if (unit < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF)
            return copy(m, 12);
        m->at += 6;
        ++*m->replaced;
        return put(m, "\\uFFFD");
    }
    if (peek(m, 1) == 'x' && lb_hex_value(peek(m, 2)) >= 0 && lb_hex_value(peek(m, 3)) >= 0) {
        m->at += 2;
        int status = put(m, "\\u00");
        return status < 0 ? status : copy(m, 2);
    }
    return copy(m, m->at + 2 <= m->in.size ? 2 : 1);
}

static int mend_string(mender *m) {
    int status = copy(m, 1);
    while (status == LB_OK && m->at < m->in.size) {
        size_t run = 0;
        while (m->at + run < m->in.size && peek(m, run) != '"' && peek(m, run) != '\\')
            run++;
        status = copy(m, run);
        if (status < 0 || m->at == m->in.size)
            break;
        if (peek(m, 0) == '"')
            return copy(m, 1);
        status = mend_escape(m);
    }
    return status;
}

/* Length of the number by JSON's grammar, or 0. */
static size_t number_length(const mender *m) {
    size_t n = peek(m, 0) == '-';
    if (!lb_is_digit(peek(m, n)))
        return 0;
    if (peek(m, n) == '0')
        n++;
    else
        while (lb_is_digit(peek(m, n)))
            n++;
    if (peek(m, n) == '.') {
        size_t first = ++n;
        while (lb_is_digit(peek(m, n)))
            n++;
        if (n == first)
            return 0;
    }
    if (peek(m, n) == 'e' || peek(m, n) == 'E') {
        n++;
        n += peek(m, n) == '+' || peek(m, n) == '-';
        size_t first = n;
        while (lb_is_digit(peek(m, n)))
            n++;
        if (n == first)
            return 0;
    }
    char next = peek(m, n);
    return m->at + n == m->in.size || strchr(" \t\r\n,]}", next) ? n : 0;
}

static bool take_word(mender *m, const char *word) {
    size_t size = strlen(word);
    if (m->in.size - m->at < size || memcmp(m->in.data + m->at, word, size) != 0)
        return false;
    m->at += size;
    return true;
}

/* A number that may not fit 64 bits or a double becomes a string: its digits are kept. */
static int mend_number(mender *m) {
    if (take_word(m, "-Infinity"))
        return put(m, "null");
    size_t size = number_length(m);
    if (size == 0)
        return copy(m, 1);
    bool large = size > 18;
    for (size_t i = 0; i < size; i++)
        large = large || (peek(m, i) | 32) == 'e';
    if (!large)
        return copy(m, size);
    int status = put(m, "\"");
    if (status == LB_OK)
        status = copy(m, size);
    return status < 0 ? status : put(m, "\"");
}

static int mend_text(mender *m) {
    int status = LB_OK;
    while (status == LB_OK && m->at < m->in.size) {
        char c = peek(m, 0);
        if (c == '"')
            status = mend_string(m);
        else if (c == '-' || lb_is_digit(c))
            status = mend_number(m);
        else if (take_word(m, "NaN") || take_word(m, "Infinity"))
            status = put(m, "null");
        else
            status = copy(m, 1);
    }
    return status;
}

int lb_json_mend(lb_str text, lb_buffer *into, uint64_t *replaced, lb_error *error) {
    mender m = {.in = text, .out = into, .replaced = replaced, .error = error};
    if (lb_utf8_valid(text.data, text.size))
        return mend_text(&m);
    lb_buffer repaired = {0};
    int status = lb_utf8_repair(text, &repaired, replaced, error);
    m.in = lb_buffer_str(&repaired);
    if (status == LB_OK)
        status = mend_text(&m);
    lb_buffer_free(&repaired);
    return status;
}
