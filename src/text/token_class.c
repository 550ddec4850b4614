#include "text/token_class.h"

#include <math.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* What a token is made of, in code points. */
typedef struct makeup {
    size_t size, digits, leading_digits, letters, underscores;
    size_t same;       /* longest run of one and the same letter */
    size_t consonants; /* longest run of ASCII letters without a vowel */
    double entropy;    /* Shannon's, of the bytes, in bits */
} makeup;

static bool is_digit(uint32_t c) {
    if (c < 0x80)
        return c >= '0' && c <= '9';
    utf8proc_category_t category = utf8proc_category((int32_t)c);
    return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL ||
           category == UTF8PROC_CATEGORY_NO;
}

static double byte_entropy(lb_str token) {
    size_t counts[256] = {0};
    for (size_t i = 0; i < token.size; i++)
        counts[(unsigned char)token.data[i]]++;
    double bits = 0;
    for (size_t i = 0; i < 256; i++)
        if (counts[i]) {
            double share = (double)counts[i] / (double)token.size;
            bits -= share * log2(share);
        }
    return bits;
}

static makeup look_at(lb_str token) {
    makeup made = {.entropy = byte_entropy(token)};
    size_t same = 0, consonants = 0;
    uint32_t previous = 0;
    unsigned length;
    for (size_t at = 0; at < token.size; at += length) {
        uint32_t c = lb_utf8_decode(token.data + at, &length);
        bool digit = is_digit(c), letter = !digit && lb_unicode_properties(c) & LB_UNICODE_WORD;
        bool consonant = c >= 'a' && c <= 'z' && !memchr("aeiouy", (int)c, 6);
        made.leading_digits += digit && made.leading_digits == made.size;
        made.size++;
        made.digits += digit;
        made.letters += letter;
        made.underscores += c == '_';
        same = letter ? (c == previous ? same + 1 : 1) : 0;
        consonants = consonant ? consonants + 1 : 0;
        made.same = same > made.same ? same : made.same;
        made.consonants = consonants > made.consonants ? consonants : made.consonants;
        previous = c;
    }
    return made;
}

/* 23.11.2004, 23.11.04 (1.1.4 is a version), or eight digits that read as year, month and day. */
static bool is_date(lb_str token) {
    int field[3] = {0}, fields = 0, digits[3] = {0};
    for (size_t i = 0; i < token.size; i++) {
        char c = token.data[i];
        if (c == '.' && ++fields > 2)
            return false;
        if (c != '.' && (c < '0' || c > '9' || ++digits[fields] > 8))
            return false;
        if (c != '.')
            field[fields] = field[fields] * 10 + (c - '0');
    }
    int year = field[2], month = field[1], day = field[0];
    if (fields == 0 && digits[0] == 8) {
        year = field[0] / 10000;
        month = field[0] / 100 % 100;
        day = field[0] % 100;
    } else if (fields != 2)
        return false;
    bool plausible =
        digits[2] == 2 ? digits[0] == 2 && digits[1] == 2 : year >= 1900 && year < 2100;
    return plausible && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool is_number(const makeup *made) {
    enum { LONGEST_UNIT = 3 };
    return made->digits > 0 && made->underscores == 0 &&
           (made->letters == 0 ||
            (made->letters <= LONGEST_UNIT && made->leading_digits > 0 &&
             made->digits + made->letters == made->size && made->digits == made->leading_digits));
}

/* Letters that no language strings together so: a long one with much entropy, or a run without
 * vowels. */
static bool is_key(const makeup *made) {
    enum { LONG = 24, CONSONANTS = 9 };
    static const double high = 4.0;
    return (made->size >= LONG && made->entropy >= high) ||
           (made->consonants >= CONSONANTS && made->same < 3);
}

uint8_t lb_token_script(lb_str folded) {
    unsigned length;
    for (size_t at = 0; at < folded.size; at += length) {
        uint8_t script = lb_unicode_script(lb_utf8_decode(folded.data + at, &length));
        if (script)
            return script;
    }
    return 0;
}

lb_token_class lb_token_classify(lb_str folded, unsigned flags,
                                 const bool native[LB_UNICODE_SCRIPTS]) {
    makeup made = look_at(folded);
    uint8_t script = lb_token_script(folded);
    if (flags & LB_TOKEN_EMAIL)
        return LB_TOKEN_CLASS_EMAIL;
    if (flags & LB_TOKEN_HANDLE)
        return LB_TOKEN_CLASS_HANDLE;
    if ((flags & (LB_TOKEN_URL | LB_TOKEN_PLAIN)) == LB_TOKEN_URL || lb_token_is_host(folded))
        return LB_TOKEN_CLASS_URL;
    if (flags & LB_TOKEN_DATE || is_date(folded))
        return LB_TOKEN_CLASS_DATE;
    if (is_number(&made))
        return LB_TOKEN_CLASS_NUMBER;
    if (made.digits > 0 || made.underscores > 0 || is_key(&made))
        return LB_TOKEN_CLASS_CODE;
    if (made.same >= 3)
        return LB_TOKEN_CLASS_ELONGATED;
    if ((flags & (LB_TOKEN_CAPITALISED | LB_TOKEN_LOWER)) == LB_TOKEN_CAPITALISED)
        return LB_TOKEN_CLASS_NAME;
    if (native && script && !native[script])
        return LB_TOKEN_CLASS_FOREIGN;
    return flags & LB_TOKEN_MISSPELT ? LB_TOKEN_CLASS_ELONGATED : LB_TOKEN_CLASS_OTHER;
}

const char *lb_token_class_name(lb_token_class class_of_token) {
    static const char *const names[LB_TOKEN_CLASSES] = {"number",    "date", "url",  "email",
                                                        "handle",    "code", "name", "foreign",
                                                        "elongated", "other"};
    return names[class_of_token];
}

bool lb_token_class_identifies(lb_token_class class_of_token) {
    return class_of_token != LB_TOKEN_CLASS_DATE && class_of_token < LB_TOKEN_CLASS_FOREIGN;
}
