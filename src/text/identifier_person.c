/* National ids that are written with letters. */
#include "text/identifier_rules.h"

/* The token [A-Z0-9 and single blanks] of `size` characters that ends at `at`, without its blanks
 * or hyphens. Returns where it starts, or `at` where there is none that stands alone. */
static size_t take_back(lb_str text, size_t at, size_t size, char *token) {
    size_t start = at, left = size;
    while (left > 0 && start > 0) {
        char c = text.data[start - 1];
        if (lb_is_upper(c) || lb_is_digit(c))
            token[--left] = c;
        else if ((c != ' ' && c != '-') || left == size ||
                 !lb_is_alnum(lb_byte_at(text, start - 2)))
            return at;
        start--;
    }
    bool touched =
        lb_is_word(lb_byte_at(text, start - 1)) || lb_is_word(lb_byte_at(text, at)) ||
        (lb_byte_at(text, start - 1) == '-' && lb_is_word(lb_byte_at(text, start - 2))) ||
        (lb_byte_at(text, at) == '-' && lb_is_word(lb_byte_at(text, at + 1)));
    return left > 0 || touched ? at : start;
}

/* United Kingdom: two letters, six digits, A ... D; some prefixes are never issued. */
void lb_rule_nino(lb_findings *findings, size_t at) {
    enum { SIZE = 9 };
    char token[SIZE];
    size_t start = take_back(findings->text, at, SIZE, token);
    if (start == at || strchr("DFIQUV", token[0]) || strchr("DFIOQUV", token[1]))
        return;
    static const char unused[][3] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
    for (size_t i = 0; i < sizeof unused / sizeof *unused; i++)
        if (memcmp(token, unused[i], 2) == 0)
            return;
    lb_findings_add(findings, LB_IDENTIFIER_NATIONAL_ID, "uk nino", start, at);
}

/* Spain: DNI, eight digits and a letter; NIE, X, Y or Z, seven digits and a letter: mod 23. */
void lb_rule_spanish(lb_findings *findings, size_t at) {
    enum { SIZE = 9 };
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    char token[SIZE];
    size_t start = take_back(findings->text, at, SIZE, token);
    if (start == at)
        return;
    bool nie = token[0] >= 'X';
    unsigned number = nie ? (unsigned)(token[0] - 'X') : (unsigned)(token[0] - '0');
    for (size_t i = 1; i < 8; i++) {
        if (!lb_is_digit(token[i]))
            return;
        number = number * 10 + (unsigned)(token[i] - '0');
    }
    if (letters[number % 23] == token[8] && number != 0)
        lb_findings_add(findings, LB_IDENTIFIER_NATIONAL_ID, nie ? "es nie" : "es dni", start, at);
}

/* Digits may be written as letters where two people share a code (omocodia). */
static unsigned omocodia(char c) {
    static const char letters[] = "LMNPQRSTUV";
    const char *place = strchr(letters, c);
    return lb_is_digit(c) ? (unsigned)(c - '0') : place ? (unsigned)(place - letters) : 99;
}

/* Italy: 15 characters of name, birth and town, and one that checks them. The trigger is the date
 * of birth with a letter on either side, four characters before the end. */
void lb_rule_codice_fiscale(lb_findings *findings, size_t at) {
    enum { SIZE = 16, BEHIND = 4 };
    static const unsigned char odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                          20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    char token[SIZE];
    at += BEHIND;
    if (at > findings->text.size)
        return;
    size_t start = take_back(findings->text, at, SIZE, token);
    if (start == at || at - start != SIZE || !strchr("ABCDEHLMPRST", token[8]))
        return;
    unsigned day = omocodia(token[9]) * 10 + omocodia(token[10]), sum = 0;
    if (day < 1 || (day > 31 && day < 41) || day > 71)
        return;
    for (size_t i = 0; i < SIZE - 1; i++) {
        unsigned value = (unsigned)(lb_is_digit(token[i]) ? token[i] - '0' : token[i] - 'A');
        sum += i % 2 ? value : odd[value];
    }
    if ((char)('A' + sum % 26) == token[SIZE - 1])
        lb_findings_add(findings, LB_IDENTIFIER_NATIONAL_ID, "it codice fiscale", start, at);
}
