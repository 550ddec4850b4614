/* Identifiers made of digits only: cards, telephone numbers, national ids, and IBANs.
 *
 * A run is a stretch of digits with single blanks and punctuation between them, cut into groups of
 * digits. How the groups lie tells much: 123-45-6789 is written like no order number. Where a check
 * digit is weak and the layout says nothing, a word before the number must say what it is. */
#include "text/check_digit.h"
#include "text/identifier_rules.h"

enum { GROUPS_MAX = 16, DIGITS_MAX = 48, RUN_MAX = 96, WORD_REACH = 40 };

typedef struct group {
    size_t start, size; /* bytes */
    size_t digit;       /* number of its first digit */
    char separator;     /* before it; ')' where a closing bracket is; NUL for the first */
} group;

typedef struct run {
    lb_findings *findings;
    unsigned char digits[DIGITS_MAX];
    group groups[GROUPS_MAX];
    size_t count;
    char before, after; /* what touches the run */
} run;

/* Some groups of a run that follow each other. */
typedef struct part {
    const run *run;
    size_t first, last; /* groups, inclusive */
    const unsigned char *digits;
    size_t count; /* digits */
    size_t start, end;
    bool alone; /* it is the whole run */
} part;

static bool is_separator(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
}

/* false: too long for any identifier. */
static bool cut_run(run *r, lb_str text, size_t start, size_t end) {
    size_t digit = 0;
    char separator = '\0';
    for (size_t i = start; i < end;) {
        if (!lb_is_digit(text.data[i])) {
            separator = text.data[i] == ')' || separator == ')' ? ')' : text.data[i];
            i++;
            continue;
        }
        if (r->count == GROUPS_MAX)
            return false;
        group *g = &r->groups[r->count];
        *g = (group){i, 0, digit, r->count > 0 ? separator : '\0'};
        for (; i < end && lb_is_digit(text.data[i]); i++, g->size++) {
            if (digit == DIGITS_MAX)
                return false;
            r->digits[digit++] = (unsigned char)(text.data[i] - '0');
        }
        r->count++;
        separator = '\0';
    }
    return r->count > 0;
}

static part part_of(const run *r, size_t first, size_t last) {
    const group *a = &r->groups[first], *b = &r->groups[last];
    return (part){r,
                  first,
                  last,
                  r->digits + a->digit,
                  b->digit + b->size - a->digit,
                  a->start,
                  b->start + b->size,
                  first == 0 && last + 1 == r->count};
}

/* Are the groups of these sizes, with this separator between them (NUL: any one of them)? */
static bool laid_out(const part *p, size_t groups, const unsigned char *sizes, char separator) {
    if (p->last - p->first + 1 != groups)
        return false;
    for (size_t i = 0; i < groups; i++) {
        const group *g = &p->run->groups[p->first + i];
        char wanted = separator ? separator : p->run->groups[p->first + 1].separator;
        if (g->size != sizes[i] || (i > 0 && g->separator != wanted))
            return false;
    }
    return true;
}
#define LAID_OUT(p, separator, ...)                                                                \
    laid_out(p, sizeof((unsigned char[]){__VA_ARGS__}), (const unsigned char[]){__VA_ARGS__},      \
             separator)

static bool plain(const part *p) {
    return p->first == p->last;
}

static unsigned number_at(const part *p, size_t first, size_t digits) {
    unsigned value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + p->digits[first + i];
    return value;
}

static bool all_equal(const part *p) {
    for (size_t i = 1; i < p->count; i++)
        if (p->digits[i] != p->digits[0])
            return false;
    return true;
}

static bool named(const part *p, const char *const *words) {
    return lb_word_before(p->run->findings->text, p->start, WORD_REACH, words);
}

static bool add(const part *p, lb_identifier_type type, const char *kind) {
    lb_findings_add(p->run->findings, type, kind, p->start, p->end);
    return true;
}

/* Issuer ranges (ISO/IEC 7812) with the lengths that they issue. */
static bool is_card_issuer(const part *p) {
    static const struct {
        unsigned low, high; /* of the first four digits */
        unsigned char least, most;
    } issuers[] = {
        {4000, 4999, 16, 16}, {4000, 4999, 13, 13}, {4000, 4999, 19, 19}, {5100, 5599, 16, 16},
        {2221, 2720, 16, 16}, {3400, 3499, 15, 15}, {3700, 3799, 15, 15}, {6011, 6011, 16, 19},
        {6440, 6599, 16, 19}, {3528, 3589, 16, 19}, {3000, 3059, 14, 14}, {3600, 3699, 14, 14},
        {3800, 3999, 14, 14}, {6200, 6299, 16, 19}, {5018, 5018, 12, 19}, {5020, 5020, 12, 19},
        {5038, 5038, 12, 19}, {5893, 5893, 12, 19}, {6304, 6304, 12, 19}, {6759, 6759, 12, 19},
        {6761, 6763, 12, 19}, {2200, 2204, 16, 19},
    };
    unsigned head = number_at(p, 0, 4);
    if (number_at(p, 0, 6) == 400000) /* of payment services, for tests */
        return false;
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++)
        if (head >= issuers[i].low && head <= issuers[i].high && p->count >= issuers[i].least &&
            p->count <= issuers[i].most)
            return true;
    return false;
}

/* One number in ten of a card's length and issuer has the check digit by chance: where a word says
 * that it is another number, that is believed. */
static bool is_said_to_be_another(const part *p) {
    enum { NEAR = 24 };
    static const char *const words[] = {"order",   "tracking", "invoice", "shipment", "parcel",
                                        "serial",  "ticket",   "booking", "isbn",     "ean",
                                        "bestell", "rechnung", "sendung", "commande", "pedido",
                                        "imei",    "sku",      NULL};
    return lb_word_before(p->run->findings->text, p->start, NEAR, words);
}

static bool try_card(const part *p) {
    bool layout = plain(p) || LAID_OUT(p, '\0', 4, 4, 4, 4) || LAID_OUT(p, '\0', 4, 6, 5) ||
                  LAID_OUT(p, '\0', 4, 6, 4) || LAID_OUT(p, '\0', 4, 4, 4, 4, 3);
    char separator = plain(p) ? ' ' : p->run->groups[p->first + 1].separator;
    return p->count >= 12 && p->count <= 19 && layout && (separator == ' ' || separator == '-') &&
           is_card_issuer(p) && lb_check_luhn(p->digits, p->count) && !is_said_to_be_another(p) &&
           add(p, LB_IDENTIFIER_CARD, "card");
}

static bool try_ssn(const part *p) {
    static const char *const words[] = {"ssn", "social security", NULL};
    bool layout = LAID_OUT(p, '-', 3, 2, 4) || (LAID_OUT(p, ' ', 3, 2, 4) && named(p, words)) ||
                  (plain(p) && p->count == 9 && named(p, words));
    if (!layout)
        return false;
    unsigned area = number_at(p, 0, 3), number = number_at(p, 3, 2), serial = number_at(p, 5, 4);
    bool published = (area == 78 && number == 5 && serial == 1120) ||
                     (area == 219 && number == 9 && serial == 9999);
    return area != 0 && area != 666 && area < 900 && number != 0 && serial != 0 && !published &&
           add(p, LB_IDENTIFIER_NATIONAL_ID, "us ssn");
}

/* One of the first ten digits twice or three times, the others once or never. */
static bool try_german_tax_id(const part *p) {
    if (p->count != 11 || !(plain(p) || LAID_OUT(p, ' ', 2, 3, 3, 3)) || p->digits[0] == 0)
        return false;
    unsigned counts[10] = {0}, twice = 0, thrice = 0;
    for (size_t i = 0; i < 10; i++)
        counts[p->digits[i]]++;
    for (size_t i = 0; i < 10; i++) {
        twice += counts[i] == 2;
        thrice += counts[i] == 3;
        if (counts[i] > 3)
            return false;
    }
    return twice + thrice == 1 && lb_check_mod_11_10(p->digits, 11) &&
           add(p, LB_IDENTIFIER_NATIONAL_ID, "de tax id");
}

static bool try_french_nir(const part *p) {
    bool layout = plain(p) || LAID_OUT(p, ' ', 13, 2) || LAID_OUT(p, '\0', 1, 2, 2, 2, 3, 3, 2);
    if (p->count != 15 || !layout)
        return false;
    unsigned sex = p->digits[0], month = number_at(p, 3, 2), key = number_at(p, 13, 2);
    bool born = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    return (sex == 1 || sex == 2) && born && key == 97 - lb_mod_97(p->digits, 13) &&
           add(p, LB_IDENTIFIER_NATIONAL_ID, "fr nir");
}

static bool try_pesel(const part *p) {
    static const unsigned char weights[10] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    if (p->count != 11 || !plain(p))
        return false;
    unsigned sum = 0, month = number_at(p, 2, 2);
    for (size_t i = 0; i < 10; i++)
        sum += weights[i] * p->digits[i];
    unsigned year = number_at(p, 0, 2) + (month > 20 ? 2000 : 1900);
    return month <= 32 && year < 2030 && (10 - sum % 10) % 10 == p->digits[10] &&
           lb_check_date(year, month % 20, number_at(p, 4, 2)) &&
           add(p, LB_IDENTIFIER_NATIONAL_ID, "pl pesel");
}

static bool try_bsn(const part *p) {
    static const char *const words[] = {"bsn", "burgerservice", "sofi", NULL};
    bool layout = LAID_OUT(p, '.', 4, 2, 3) || LAID_OUT(p, '.', 3, 3, 3) ||
                  LAID_OUT(p, ' ', 3, 3, 3) || plain(p);
    if (p->count != 9 || !layout || !(LAID_OUT(p, '.', 4, 2, 3) || named(p, words)))
        return false;
    unsigned sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum += (9 - (unsigned)i) * p->digits[i];
    return !all_equal(p) && sum % 11 == p->digits[8] && add(p, LB_IDENTIFIER_NATIONAL_ID, "nl bsn");
}

static bool try_cpf(const part *p) {
    static const char *const words[] = {"cpf", "contribuinte", NULL};
    const group *g = &p->run->groups[p->first];
    bool layout = p->last - p->first == 3 && g[0].size == 3 && g[1].size == 3 && g[2].size == 3 &&
                  g[3].size == 2 && g[1].separator == '.' && g[2].separator == '.' &&
                  g[3].separator == '-';
    if (p->count != 11 || !(layout || (plain(p) && named(p, words))) || all_equal(p))
        return false;
    for (size_t check = 9; check < 11; check++) {
        unsigned sum = 0;
        for (size_t i = 0; i < check; i++)
            sum += (unsigned)(check + 1 - i) * p->digits[i];
        if (sum * 10 % 11 % 10 != p->digits[check])
            return false;
    }
    return add(p, LB_IDENTIFIER_NATIONAL_ID, "br cpf");
}

static bool try_aadhaar(const part *p) {
    static const char *const words[] = {"aadhaar", "aadhar", "adhaar", "adhar", "uidai", NULL};
    bool layout = LAID_OUT(p, ' ', 4, 4, 4) || LAID_OUT(p, '-', 4, 4, 4);
    return p->count == 12 && ((layout && p->alone) || ((plain(p) || layout) && named(p, words))) &&
           p->digits[0] >= 2 && !all_equal(p) && lb_check_verhoeff(p->digits, 12) &&
           add(p, LB_IDENTIFIER_NATIONAL_ID, "in aadhaar");
}

/* The 17 digits of a Chinese resident id, with its check value 0 ... 10. */
static bool check_resident_id(const unsigned char *digits, unsigned check) {
    static const unsigned char weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const unsigned char provinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                              35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                              53, 54, 61, 62, 63, 64, 65, 71, 81, 82};
    unsigned sum = 0, province = digits[0] * 10u + digits[1];
    for (size_t i = 0; i < 17; i++)
        sum += weights[i] * digits[i];
    unsigned year = digits[6] * 1000u + digits[7] * 100u + digits[8] * 10u + digits[9];
    return memchr(provinces, (int)province, sizeof provinces) && year >= 1900 && year < 2030 &&
           lb_check_date(year, digits[10] * 10u + digits[11], digits[12] * 10u + digits[13]) &&
           (12 - sum % 11) % 11 == check;
}

static bool try_chinese(const part *p) {
    return p->count == 18 && plain(p) && check_resident_id(p->digits, p->digits[17]) &&
           add(p, LB_IDENTIFIER_NATIONAL_ID, "cn resident id");
}

/* With the check value 10, which is written X. */
void lb_rule_chinese(lb_findings *findings, size_t at) {
    enum { SIZE = 18 };
    lb_str text = findings->text;
    if (at < SIZE || lb_is_word(lb_byte_at(text, at)) ||
        lb_is_word(lb_byte_at(text, at - SIZE - 1)))
        return;
    unsigned char digits[SIZE - 1];
    for (size_t i = 0; i < SIZE - 1; i++)
        digits[i] = (unsigned char)(text.data[at - SIZE + i] - '0');
    if (check_resident_id(digits, 10))
        lb_findings_add(findings, LB_IDENTIFIER_NATIONAL_ID, "cn resident id", at - SIZE, at);
}

/* Country calling codes (ITU-T E.164) with the digits that follow them; codes that are not listed
 * are none, or belong to networks. */
static bool is_international(const unsigned char *digits, size_t count) {
    static const struct {
        unsigned short code;
        unsigned char least, most;
    } codes[] = {
        {1, 10, 10},  {7, 10, 10}, {20, 8, 10},  {27, 9, 9},   {30, 10, 10}, {31, 9, 9},
        {32, 8, 9},   {33, 9, 9},  {34, 9, 9},   {36, 8, 9},   {39, 6, 11},  {40, 9, 9},
        {41, 9, 9},   {43, 7, 13}, {44, 9, 10},  {45, 8, 8},   {46, 7, 10},  {47, 8, 8},
        {48, 9, 9},   {49, 7, 12}, {51, 8, 9},   {52, 10, 11}, {53, 7, 8},   {54, 10, 11},
        {55, 10, 11}, {56, 8, 9},  {57, 8, 10},  {58, 10, 10}, {60, 8, 10},  {61, 9, 9},
        {62, 8, 12},  {63, 8, 10}, {64, 8, 10},  {65, 8, 8},   {66, 8, 9},   {81, 9, 10},
        {82, 8, 11},  {84, 9, 10}, {86, 10, 11}, {90, 10, 10}, {91, 10, 10}, {92, 9, 10},
        {93, 9, 9},   {94, 9, 9},  {95, 7, 10},  {98, 10, 10},
    };
    static const unsigned char triples[] = {
        /* the tens of three-digit codes, of which every last digit is in use or nearly so */
        21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99};
    enum { LEAST = 6, MOST = 12 };
    if (count < 8 || count > 15 || digits[0] == 0)
        return false;
    unsigned two = digits[0] * 10u + digits[1];
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        size_t size = codes[i].code < 10 ? 1 : 2;
        if ((size == 1 ? digits[0] : two) == codes[i].code)
            return count - size >= codes[i].least && count - size <= codes[i].most &&
                   (codes[i].code != 1 || (digits[1] >= 2 && digits[4] >= 2)) &&
                   digits[size] + (codes[i].code == 39) > 0;
    }
    return memchr(triples, (int)two, sizeof triples) && count - 3 >= LEAST && count - 3 <= MOST;
}

static const char *const phone_words[] = {"phone",
                                          "tel",
                                          "telephone",
                                          "mobile",
                                          "cell",
                                          "call",
                                          "whatsapp",
                                          "sms",
                                          "text me",
                                          "handy",
                                          "telefon",
                                          "telefono",
                                          "tel\xc3\xa9"
                                          "fono",
                                          "t\xc3\xa9l",
                                          "fax",
                                          "celular",
                                          "cellulare",
                                          "numero de tel",
                                          "rufnummer",
                                          "nummer ist",
                                          "viber",
                                          "signal",
                                          "telegram",
                                          "my number",
                                          "ring me",
                                          "portable",
                                          "\xe7\x94\xb5\xe8\xaf\x9d",
                                          "\xe6\x89\x8b\xe6\x9c\xba",
                                          "\xe9\x9b\xbb\xe8\xa9\xb1",
                                          "\xe6\x90\xba\xe5\xb8\xaf",
                                          "\xe5\xbe\xae\xe4\xbf\xa1",
                                          "\xd1\x82\xd0\xb5\xd0\xbb",
                                          "\xec\xa0\x84\xed\x99\x94",
                                          NULL};

/* 212-555-0123, (212) 555-0123, 1 212 555 0123: area and exchange begin with 2 ... 9. */
static bool is_north_american(const part *p) {
    const group *g = &p->run->groups[p->first];
    size_t groups = p->last - p->first + 1;
    if (groups == 4 && g[0].size == 1 && p->digits[0] == 1) {
        g++;
        groups--;
    }
    if (groups != 3 || g[0].size != 3 || g[1].size != 3 || g[2].size != 4)
        return false;
    const unsigned char *digits = p->run->digits + g[0].digit;
    bool same = g[1].separator == g[2].separator || g[1].separator == ')';
    bool told = g[1].separator == ')' || g[2].separator == '-' || g[2].separator == '.' ||
                named(p, phone_words);
    return same && told && g[1].separator != '/' && digits[0] >= 2 && digits[3] >= 2;
}

/* Layouts of mobile numbers that begin with no 0: (11) 91234-5678 in Brazil, 8 (916) 123-45-67 in
 * Russia. */
static bool is_bracketed_layout(const part *p) {
    const group *g = &p->run->groups[p->first];
    size_t groups = p->last - p->first + 1;
    bool brazil = groups == 3 && g[0].size == 2 && g[1].size == 5 && g[2].size == 4 &&
                  g[1].separator == ')' && g[2].separator == '-' && p->digits[0] != 0 &&
                  p->digits[2] == 9;
    bool russia = groups == 5 && g[0].size == 1 && p->digits[0] == 8 && g[1].size == 3 &&
                  p->digits[1] == 9 && g[2].size == 3 && g[2].separator == ')' && g[3].size == 2 &&
                  g[4].size == 2;
    return brazil || russia;
}

/* Numbers that begin with the trunk digit 0, in the layouts of Europe, Japan and Australia. */
static bool is_trunk_layout(const part *p) {
    const group *g = &p->run->groups[p->first];
    size_t groups = p->last - p->first + 1;
    if (p->digits[0] != 0 || p->digits[1] == 0 || p->count < 9 || p->count > 12 || groups < 2 ||
        groups > 5 || g[0].size < 2 || g[0].size > 5)
        return false;
    bool pairs = true;
    for (size_t i = 1; i < groups; i++) {
        bool slash = g[i].separator == '/' && i == 1;
        if (g[i].size < 2 || (!slash && !strchr(" -.)", g[i].separator)))
            return false;
        pairs = pairs && g[i].size == 2 && g[0].size == 2 && g[i].separator == g[1].separator;
    }
    bool dotted = g[1].separator == '.' || g[groups - 1].separator == '.';
    bool date = g[0].size == 2 && g[1].size == 2 && !pairs;
    if (LAID_OUT(p, '-', 3, 2, 4))
        return false; /* a social security number, and an impossible one */
    return (pairs && groups == 5) || (!dotted && !date && p->count >= 9);
}

/* An IP address, whatever stands behind it. */
static bool is_quad(const part *p) {
    const group *g = &p->run->groups[p->first];
    return p->last - p->first >= 3 && g[1].separator == '.' && g[2].separator == '.' &&
           g[3].separator == '.';
}

static bool try_phone(const part *p) {
    const run *r = p->run;
    lb_str text = r->findings->text;
    bool plus = p->first == 0 && r->before == '+' && !lb_is_word(lb_byte_at(text, p->start - 2)) &&
                lb_byte_at(text, p->start - 2) != '+';
    if (plus && is_international(p->digits, p->count)) {
        lb_findings_add(r->findings, LB_IDENTIFIER_PHONE, "e.164", p->start - 1, p->end);
        return true;
    }
    if (!p->alone || r->before == '+')
        return false;
    if (p->digits[0] == 0 && p->digits[1] == 0 && p->count > 10 &&
        (!plain(p) || named(p, phone_words)) && is_international(p->digits + 2, p->count - 2))
        return add(p, LB_IDENTIFIER_PHONE, "e.164");
    if (is_north_american(p) || is_bracketed_layout(p) || is_trunk_layout(p))
        return add(p, LB_IDENTIFIER_PHONE, "national");
    enum { SHORTEST = 7, LONGEST = 13, NEAR = 24 };
    return p->count >= SHORTEST && p->count <= LONGEST && !all_equal(p) &&
           lb_word_before(text, p->start, NEAR, phone_words) && !(LAID_OUT(p, '\0', 4, 2, 2)) &&
           !(LAID_OUT(p, '\0', 2, 2, 4)) && !is_quad(p) && !is_quad(p) &&
           add(p, LB_IDENTIFIER_PHONE, "national");
}

static bool try_part(const part *p) {
    const run *r = p->run;
    /* The sign of an order, an amount or a parameter says that it is no person's number. */
    bool sign = p->first == 0 && r->before && strchr("#$=&_?%~^*", r->before);
    if (sign)
        return false;
    return try_card(p) || try_ssn(p) || try_french_nir(p) || try_chinese(p) || try_cpf(p) ||
           try_aadhaar(p) || try_bsn(p) || try_german_tax_id(p) || try_pesel(p) || try_phone(p);
}

/* Every part that is bounded by blanks, the longest first; parts that were found do not overlap. */
static void try_parts(const run *r) {
    for (size_t first = 0; first < r->count; first++) {
        if (first > 0 && r->groups[first].separator != ' ')
            continue;
        for (size_t last = r->count; last-- > first;) {
            if (last + 1 < r->count && r->groups[last + 1].separator != ' ')
                continue;
            part p = part_of(r, first, last);
            if (p.count >= 7 && p.count <= 19 && try_part(&p)) {
                first = last;
                break;
            }
        }
    }
}

void lb_rule_number(lb_findings *findings, size_t at) {
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at - 1, end = at;
    while (start > 0 && at - start < RUN_MAX &&
           (lb_is_digit(text.data[start - 1]) || is_separator(text.data[start - 1])))
        start--;
    while (end < text.size && end - at < RUN_MAX &&
           (lb_is_digit(text.data[end]) || is_separator(text.data[end])))
        end++;
    findings->mark = end;
    while (start < end && !lb_is_digit(text.data[start]))
        start++;
    size_t behind = end;
    while (end > start && !lb_is_digit(text.data[end - 1]))
        end--;
    run r = {.findings = findings,
             .before = lb_byte_at(text, start - 1),
             .after = lb_byte_at(text, end)};
    char second = lb_byte_at(text, start - 2), next = lb_byte_at(text, behind);
    bool touches_left =
        lb_is_word(r.before) ||
        ((r.before == '-' || r.before == '.' || r.before == '/') && lb_is_word(second));
    bool touches_right = lb_is_word(r.after) ||
                         (behind > end && r.after != ' ' && r.after != ')' && lb_is_word(next)) ||
                         (r.after == ':' && lb_is_digit(lb_byte_at(text, end + 1)));
    if (r.before == '(' && second == '+') /* (+49) ... */
        r.before = '+';
    if (touches_left || touches_right || end - start >= RUN_MAX || !cut_run(&r, text, start, end))
        return;
    try_parts(&r);
}

/* The two letters of the country are where the trigger begins, twelve characters before `at` or a
 * few more where there are blanks. */
void lb_rule_iban(lb_findings *findings, size_t at) {
    static const struct {
        char country[2];
        unsigned char size;
    } lengths[] = {
        {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16},
        {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22},
        {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20},
        {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22},
        {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28},
        {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30},
        {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21},
        {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20}, {"MR", 27},
        {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
        {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33},
        {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27},
        {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29},
        {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30}};
    enum { LONGEST = 34, TRIGGER_MAX = 14, TRIGGER_MIN = 12 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    for (size_t back = TRIGGER_MIN; back <= TRIGGER_MAX && back <= at; back++) {
        size_t start = at - back, i = start, country = 0;
        while (country < sizeof lengths / sizeof *lengths &&
               memcmp(lengths[country].country, text.data + start, 2) != 0)
            country++;
        if (country == sizeof lengths / sizeof *lengths || lb_is_word(lb_byte_at(text, start - 1)))
            continue;
        char iban[LONGEST];
        size_t size = 0;
        for (; i < text.size && size < lengths[country].size; i++) {
            bool blank = text.data[i] == ' ' && size > 0 && text.data[i - 1] != ' ';
            if (!blank && !lb_is_upper(text.data[i]) && !lb_is_digit(text.data[i]))
                break;
            if (!blank)
                iban[size++] = text.data[i];
        }
        if (size < lengths[country].size || lb_is_word(lb_byte_at(text, i)) ||
            !lb_check_iban((lb_str){iban, size}))
            continue;
        findings->mark = i;
        lb_findings_add(findings, LB_IDENTIFIER_IBAN, "iban", start, i);
        return;
    }
}
