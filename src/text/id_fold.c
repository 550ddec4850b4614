#include "text/id_fold.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "text/fold.h"

enum { SHAPE_MOST = 16 };

static bool is_blank(uint32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

/* Seen by nobody: byte order, joiners, directions, the soft hyphen, a zero byte. */
static bool is_invisible(uint32_t c) {
    return c == 0 || c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

static bool is_quote(uint32_t c) {
    return c == '"' || c == '\'' || c == '`' || c == 0xB4 || c == 0xAB || c == 0xBB ||
           (c >= 0x2018 && c <= 0x201F) || c == 0x2039 || c == 0x203A ||
           (c >= 0x300C && c <= 0x300F) || c == 0xFF02 || c == 0xFF07;
}

static bool is_around(uint32_t c) {
    return is_blank(c) || is_invisible(c) || is_quote(c) ||
           (c < 0x80 && strchr("<>[](){}", (int)c));
}

static lb_str without_head(lb_str id, size_t size) {
    return (lb_str){id.data + size, id.size - size};
}

static bool begins(lb_str id, const char *with) {
    size_t size = strlen(with);
    return id.size > size && memcmp(id.data, with, size) == 0;
}

static lb_str strip_head(lb_str id) {
    static const char *const signs[] = {"@", "/u/", "u/", "- ", "* ", "\xE2\x80\xA2"};
    unsigned length;
    size_t before = SIZE_MAX;
    while (id.size != before) {
        before = id.size;
        if (id.size > 0 && is_around(lb_utf8_decode(id.data, &length)))
            id = without_head(id, length);
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
            if (begins(id, signs[i]))
                id = without_head(id, strlen(signs[i]));
    }
    return id;
}

static lb_str strip_tail(lb_str id) {
    while (id.size > 0) {
        size_t last = id.size - 1;
        unsigned length;
        while (last > 0 && ((unsigned char)id.data[last] & 0xC0) == 0x80)
            last--;
        uint32_t c = lb_utf8_decode(id.data + last, &length);
        if (!is_around(c) && c != ',' && c != ';')
            break;
        id.size = last;
    }
    return id;
}

static bool is_mention(lb_str id) {
    for (size_t i = 0; i + 2 < id.size; i++)
        if (id.data[i] == '<' && id.data[i + 1] == '@')
            return true;
    return false;
}

/* Of "Anna <anna@example.org>" what stands in the brackets. */
static lb_str address_of(lb_str id) {
    size_t open = id.size, sign = id.size;
    for (size_t i = 0; i < id.size; i++) {
        open = id.data[i] == '<' ? i : open;
        sign = id.data[i] == '@' ? i : sign;
    }
    return open > 0 && open + 1 < sign && sign < id.size ? without_head(id, open) : id;
}

/* The id itself, within valid UTF-8. */
static lb_str strip(lb_str id) {
    id = address_of(id);
    lb_str bare = strip_tail(strip_head(id));
    if (is_mention(id)) { /* of Discord <@!123>, of Slack <@U123|name> */
        bare = begins(bare, "!") ? without_head(bare, 1) : bare;
        const char *bar = memchr(bare.data, '|', bare.size);
        bare.size = bar && bar > bare.data ? (size_t)(bar - bare.data) : bare.size;
    }
    return bare.size > 0 ? bare : id;
}

/* Valid UTF-8: the id, or its bytes as Latin-1. */
static int decode(lb_str id, lb_buffer *into, lb_error *error) {
    if (lb_utf8_valid(id.data, id.size))
        return lb_buffer_append(into, id.data, id.size, error);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < id.size; i++) {
        unsigned char byte = (unsigned char)id.data[i];
        const char two[] = {(char)(0xC0 | byte >> 6), (char)(0x80 | (byte & 0x3F))};
        status = byte < 0x80 ? lb_buffer_append(into, &id.data[i], 1, error)
                             : lb_buffer_append(into, two, 2, error);
    }
    return status;
}

/* A decimal number without a plus, zeros before it, and zeros behind its point; in place. */
static lb_str canonical_number(lb_str text) {
    size_t at = 0, digits = 0, points = 0;
    if (text.size > 0 && (text.data[0] == '+' || text.data[0] == '-'))
        at = 1;
    for (size_t i = at; i < text.size; i++) {
        digits += lb_is_digit(text.data[i]);
        points += text.data[i] == '.';
    }
    if (digits == 0 || digits + points != text.size - at || points > 1 || text.data[at] == '.')
        return text;
    while (points == 1 && (text.data[text.size - 1] == '0' || text.data[text.size - 1] == '.')) {
        points -= text.data[text.size - 1] == '.';
        text.size--;
    }
    if (text.data[0] == '-')
        return text; /* zeros behind a minus are left: -0 is no person's number */
    while (at + 1 < text.size && text.data[at] == '0' && text.data[at + 1] != '.')
        at++;
    return without_head(text, at);
}

/* "7.500000001e+09", as spreadsheets write a large whole number, is 7500000001. Only what has a point
 * or a plus is taken for such a number: 7e10 may be an id in hexadecimal digits. */
static int write_out_exponent(lb_buffer *id, lb_error *error) {
    enum { DIGITS_MOST = 20 };
    char digits[DIGITS_MOST];
    size_t at = 0, count = 0, whole = SIZE_MAX, exponent = 0;
    for (; at < id->size && count < DIGITS_MOST; at++) {
        if (lb_is_digit(id->data[at]))
            digits[count++] = id->data[at];
        else if (id->data[at] == '.' && whole == SIZE_MAX)
            whole = count;
        else
            break;
    }
    if (count == 0 || id->size - at < 2 || id->data[at] != 'e')
        return LB_OK;
    bool plus = id->data[++at] == '+';
    if (!plus && whole == SIZE_MAX)
        return LB_OK;
    whole = whole == SIZE_MAX ? count : whole;
    for (at += plus; at < id->size && lb_is_digit(id->data[at]) && exponent < DIGITS_MOST; at++)
        exponent = 10 * exponent + (size_t)(id->data[at] - '0');
    size_t size = whole + exponent;
    if (at < id->size || size < count || size > DIGITS_MOST || exponent == 0)
        return LB_OK;
    memset(digits + count, '0', size - count);
    id->size = 0;
    return lb_buffer_append(id, digits, size, error);
}

/* Blanks within an id, however many and of whatever kind, are one. */
static void join_blanks(lb_buffer *id) {
    size_t kept = 0;
    unsigned length;
    for (size_t at = 0; at < id->size; at += length) {
        bool blank = is_blank(lb_utf8_decode(id->data + at, &length));
        if (blank && kept > 0 && id->data[kept - 1] == ' ')
            continue;
        if (blank)
            id->data[kept++] = ' ';
        else {
            memmove(id->data + kept, id->data + at, length);
            kept += length;
        }
    }
    id->size = kept;
}

/* "+49 (0)151 234-567" is +49151234567: what stands between the digits is for the eye. */
static void keep_digits_of_telephone(lb_buffer *id) {
    enum { DIGITS_LEAST = 7 };
    size_t digits = 0, kept = 1;
    if (id->size == 0 || id->data[0] != '+')
        return;
    for (size_t i = 1; i < id->size; i++) {
        if (!lb_is_digit(id->data[i]) && !(id->data[i] && strchr(" -()./", id->data[i])))
            return;
        digits += lb_is_digit(id->data[i]);
    }
    for (size_t i = 1; digits >= DIGITS_LEAST && i < id->size; i++) {
        if (id->size - i > 3 && memcmp(id->data + i, "(0)", 3) == 0)
            i += 3;
        if (lb_is_digit(id->data[i]))
            id->data[kept++] = id->data[i];
    }
    id->size = digits >= DIGITS_LEAST ? kept : id->size;
}

static void drop_hyphens_of_uuid(lb_buffer *id) {
    enum { UUID_SIZE = 36 };
    size_t kept = 0;
    if (id->size != UUID_SIZE)
        return;
    for (size_t i = 0; i < UUID_SIZE; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? id->data[i] != '-' : lb_hex_value(id->data[i]) < 0)
            return;
    }
    for (size_t i = 0; i < UUID_SIZE; i++)
        if (id->data[i] != '-')
            id->data[kept++] = id->data[i];
    id->size = kept;
}

int lb_id_fold(lb_str id, lb_buffer *into, lb_error *error) {
    lb_buffer text = {0};
    into->size = 0;
    int status = decode(id, &text, error);
    lb_str bare = strip(lb_buffer_str(&text));
    if (status == LB_OK && bare.size > 0)
        status = lb_fold(bare, into, error);
    if (status == LB_OK) {
        join_blanks(into);
        keep_digits_of_telephone(into);
        drop_hyphens_of_uuid(into);
        status = write_out_exponent(into, error);
    }
    if (status == LB_OK) {
        lb_str number = canonical_number(lb_buffer_str(into));
        if (number.size > 0)
            memmove(into->data, number.data, number.size);
        into->size = number.size;
    }
    lb_buffer_free(&text);
    return status;
}

/* NFKC, which keeps case; NULL: no memory. */
static utf8proc_uint8_t *composed(lb_str text) {
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.size, &out,
                     UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_IGNORE);
    return size < 0 ? NULL : out;
}

static bool is_numeric(lb_str text) {
    bool number = text.size > 0, marked = false, power = false;
    for (size_t i = 0; number && i < text.size; i++) {
        number = lb_is_digit(text.data[i]) || (text.data[i] && strchr("+-. ()/eE", text.data[i]));
        marked |= text.data[i] == '.' || text.data[i] == '+';
        power |= text.data[i] == 'e' || text.data[i] == 'E';
    }
    return number && (marked || !power);
}

/* Of what is left without the signs around. */
static int differences_within(lb_str a, lb_str b, unsigned *differences, lb_error *error) {
    if (lb_str_equal(a, b))
        return LB_OK;
    if (is_numeric(a) && is_numeric(b)) { /* telephone numbers too */
        *differences |= LB_ID_NUMBER;
        return LB_OK;
    }
    utf8proc_uint8_t *form_a = composed(a), *form_b = composed(b);
    int status = form_a && form_b ? LB_OK : lb_fail_memory(error, "comparing ids");
    if (status == LB_OK) {
        lb_str one = lb_str_of((const char *)form_a), other = lb_str_of((const char *)form_b);
        bool same = lb_str_equal(one, other);
        *differences |= same ? LB_ID_FORM : LB_ID_CASE;
        if (!same && (!lb_str_equal(one, a) || !lb_str_equal(other, b)))
            *differences |= LB_ID_FORM;
    }
    free(form_a);
    free(form_b);
    return status;
}

int lb_id_differences(lb_str a, lb_str b, unsigned *differences, lb_error *error) {
    lb_buffer text_a = {0}, text_b = {0};
    *differences = 0;
    int status = decode(a, &text_a, error);
    if (status == LB_OK)
        status = decode(b, &text_b, error);
    if (status == LB_OK) {
        lb_str whole_a = lb_buffer_str(&text_a), whole_b = lb_buffer_str(&text_b);
        lb_str bare_a = strip(whole_a), bare_b = strip(whole_b);
        if (!lb_str_equal(a, whole_a) || !lb_str_equal(b, whole_b))
            *differences |= LB_ID_ENCODING;
        if (whole_a.size - bare_a.size != whole_b.size - bare_b.size)
            *differences |= LB_ID_SIGNS;
        status = differences_within(bare_a, bare_b, differences, error);
    }
    lb_buffer_free(&text_a);
    lb_buffer_free(&text_b);
    return status;
}

static char shape_of(uint32_t c) {
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    if (category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT)
        return 'A';
    if (category == UTF8PROC_CATEGORY_LL)
        return 'a';
    if (category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_LO)
        return 'x';
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
        return '#';
    return c >= ' ' && c < 0x7F ? (char)c : '?';
}

int lb_id_shape(lb_str id, lb_buffer *into, lb_error *error) {
    lb_buffer text = {0};
    size_t characters = 0;
    unsigned length;
    int status = decode(id, &text, error);
    for (size_t at = 0; status == LB_OK && at < text.size; at += length) {
        char shape = shape_of(lb_utf8_decode(text.data + at, &length));
        if (characters++ < SHAPE_MOST)
            status = lb_buffer_append(into, &shape, 1, error);
    }
    if (status == LB_OK && characters > SHAPE_MOST)
        status = lb_buffer_append(into, "\xE2\x80\xA6", 3, error);
    lb_buffer_free(&text);
    return status;
}
