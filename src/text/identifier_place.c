/* Where somebody is: coordinates and lines of street addresses; and what an anonymizer left. */
#include <stdlib.h>

#include "text/identifier_rules.h"

/* A decimal number at `at`, at most 14 bytes; *end behind it. Locale plays no part. */
static bool read_decimal(lb_str text, size_t at, double *value, size_t *decimals, size_t *end) {
    enum { LONGEST = 18 };
    size_t i = at;
    bool minus = lb_byte_at(text, i) == '-';
    i += minus || lb_byte_at(text, i) == '+';
    size_t digits = i;
    double number = 0, unit = 1;
    for (; lb_is_digit(lb_byte_at(text, i)) && i - at < LONGEST; i++)
        number = number * 10 + (text.data[i] - '0');
    if (i == digits || i - digits > 3 || lb_byte_at(text, i) != '.')
        return false;
    size_t point = i++;
    for (; lb_is_digit(lb_byte_at(text, i)) && i - at < LONGEST; i++)
        number += (text.data[i] - '0') * (unit /= 10);
    *value = minus ? -number : number;
    *decimals = i - point - 1;
    *end = i;
    return !lb_is_digit(lb_byte_at(text, i));
}

/* Numbers of hundredths with zeros behind them: sizes and shares, not where somebody is. */
static bool is_round(double value) {
    double hundredths = value * 100;
    return hundredths == (double)(int)hundredths;
}

/* translate(12.34567, 45.67891) */
static bool is_argument(lb_str text, size_t start) {
    return lb_byte_at(text, start - 1) == '(' && lb_is_word(lb_byte_at(text, start - 2));
}

/* "48.85837, 2.29448": two numbers with four decimals or more, and no third beside them. */
void lb_rule_decimal_degrees(lb_findings *findings, size_t at) {
    enum { PAIR_MAX = 48, DECIMALS = 4 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at, end, decimals, lesser;
    while (start > 0 && at - start < PAIR_MAX &&
           (lb_is_digit(text.data[start - 1]) || strchr(" ,.;+-\t", text.data[start - 1])))
        start--;
    while (start < at && !lb_is_digit(text.data[start]) && text.data[start] != '-')
        start++;
    double latitude, longitude;
    if (!read_decimal(text, start, &latitude, &decimals, &end))
        return;
    while (end < at && strchr(" ,;\t", text.data[end]))
        end++;
    if (!read_decimal(text, end, &longitude, &lesser, &end))
        return;
    findings->mark = end;
    lesser = lesser < decimals ? lesser : decimals;
    char before = lb_byte_at(text, start - 1), after = lb_byte_at(text, end);
    size_t next = end + (after == ',' || after == ';');
    next += lb_byte_at(text, next) == ' ';
    bool list =
        next > end && (lb_is_digit(lb_byte_at(text, next)) || lb_byte_at(text, next) == '-');
    bool fractions = latitude > -1 && latitude < 1 && longitude > -1 && longitude < 1;
    if (lesser < DECIMALS || latitude < -90 || latitude > 90 || longitude < -180 ||
        longitude > 180 || fractions || list || lb_is_word(before) || before == '.' ||
        lb_is_word(after) || before == '[' || (is_round(latitude) && is_round(longitude)) ||
        is_argument(text, start))
        return;
    lb_findings_add(findings, LB_IDENTIFIER_COORDINATES, "decimal degrees", start, end);
}

/* One of "48°51'24.1\"N" and "48.85°N"; `sign` is behind the degree sign. The direction, or NUL. */
static char read_angle(lb_str text, size_t sign, unsigned most, size_t *start, size_t *end) {
    enum { LONGEST = 24, DEGREE = 2 };
    size_t from = sign - DEGREE, to = sign;
    while (from > 0 && sign - from < 10 &&
           (lb_is_digit(text.data[from - 1]) || text.data[from - 1] == '.'))
        from--;
    unsigned degrees = 0;
    for (size_t i = from; i < sign && lb_is_digit(text.data[i]); i++)
        degrees = degrees * 10 + (unsigned)(text.data[i] - '0');
    if (from == sign - DEGREE || degrees > most)
        return '\0';
    while (to < text.size && to - sign < LONGEST &&
           (lb_is_digit(text.data[to]) || strchr(" .,'\"", text.data[to] ? text.data[to] : 'x') ||
            (unsigned char)text.data[to] >= 0x80))
        to++;
    *start = from;
    *end = to + 1;
    char direction = lb_byte_at(text, to);
    return direction && strchr("NSEW", direction) && !lb_is_letter(lb_byte_at(text, to + 1))
               ? direction
               : '\0';
}

void lb_rule_degrees(lb_findings *findings, size_t at) {
    enum { GAP_MAX = 16 };
    lb_str text = findings->text;
    size_t start, end, second, last;
    char latitude = read_angle(text, at, 90, &start, &end);
    if (latitude != 'N' && latitude != 'S')
        return;
    for (size_t i = end; i + 2 < text.size && i - end < GAP_MAX; i++)
        if (memcmp(text.data + i, "\xC2\xB0", 2) == 0) {
            char longitude = read_angle(text, i + 2, 180, &second, &last);
            if (longitude == 'E' || longitude == 'W')
                lb_findings_add(findings, LB_IDENTIFIER_COORDINATES, "degrees", start, last);
            return;
        }
}

/* Words of a street's name: they begin with a capital, or are particles. */
static bool is_name_byte(char c) {
    return lb_is_alnum(c) || c == '\'' || c == '-' || (unsigned char)c >= 0x80;
}

/* The word that ends at `end`: where it starts; `end` where there is none. */
static size_t word_back(lb_str text, size_t end) {
    enum { LONGEST = 30 };
    size_t start = end;
    while (start > 0 && end - start <= LONGEST && is_name_byte(text.data[start - 1]))
        start--;
    return start;
}

static bool is_house_number(lb_str text, size_t start, size_t end) {
    enum { DIGITS_MAX = 5 };
    size_t digits = start;
    while (digits < end && lb_is_digit(text.data[digits]))
        digits++;
    return digits > start && digits - start <= DIGITS_MAX && text.data[start] != '0' &&
           (digits == end || (digits + 1 == end && lb_is_letter(text.data[digits])));
}

/* "221B Baker Street": up to four capitalised words between a number and the kind of street. */
static void english_street(lb_findings *findings, size_t start, size_t end) {
    static const char *const devices[] = {
        "hard", "disk",  "usb", "flash", "google", "test",   "tb",   "gb",   "thumb",
        "tape", "mb",    "ssd", "cd",    "dvd",    "floppy", "wall", "silk", "main-",
        "zip",  "cloud", "one", "pen",   "memory", "sesame", NULL};
    enum { WORDS_MAX = 4 };
    lb_str text = findings->text;
    size_t at = start;
    for (size_t words = 0; words <= WORDS_MAX; words++) {
        if (at == 0 || text.data[at - 1] != ' ')
            return;
        size_t word = word_back(text, at - 1), word_end = at - 1;
        if (word_end > word && text.data[word_end - 1] == '.')
            word_end--;
        if (word == word_end)
            return;
        if (words > 0 && is_house_number(text, word, word_end)) {
            char before = lb_byte_at(text, word - 1);
            if (word == 0 || lb_is_space(before) || strchr("(,:;\"'", before))
                lb_findings_add(findings, LB_IDENTIFIER_STREET, "street", word, end);
            return;
        }
        bool ordinal = lb_is_digit(text.data[word]); /* 5th Avenue */
        if (!(lb_is_upper(text.data[word]) || (unsigned char)text.data[word] >= 0xC3 || ordinal) ||
            lb_text_is_one_of(text, word, word_end, devices))
            return;
        at = word;
    }
}

/* Behind `at`: a blank (or a comma and a blank) and a house number. Returns its end, or `at`. */
static size_t number_behind(lb_str text, size_t at) {
    static const char *const units[] = {"gb",  "mb",      "tb",  "kb",      "euro",
                                        "eur", "prozent", "mal", "tage",    "jahre",
                                        "km",  "m",       "x",   "minuten", NULL};
    size_t start = at + (lb_byte_at(text, at) == ',');
    if (lb_byte_at(text, start) != ' ')
        return at;
    size_t end = ++start;
    while (end < text.size && end - start < 8 && lb_is_alnum(text.data[end]))
        end++;
    char after = lb_byte_at(text, end), next = lb_byte_at(text, end + 1);
    if (end == start || !is_house_number(text, start, end) || after == '%' ||
        ((after == '.' || after == ',' || after == ':' || after == '-') && lb_is_digit(next) &&
         after != '-') ||
        (unsigned char)after >= 0x80)
        return at;
    size_t word = end + (after == ' '), word_end = word;
    while (word_end < text.size && word_end - word < 12 && lb_is_letter(text.data[word_end]))
        word_end++;
    return lb_text_is_one_of(text, word, word_end, units) ? at : end;
}

/* "Lindenstraße 12a": a compound of a capitalised stem and the kind of street. */
static void german_street(lb_findings *findings, size_t kind, size_t end) {
    static const char *const others[] = {"aus", "um", "rück", "hin", "her", "halb", "unter", NULL};
    enum { STEM_MIN = 3 };
    lb_str text = findings->text;
    size_t start = word_back(text, kind), number = number_behind(text, end);
    bool apart = kind > 1 && start == kind && text.data[kind - 1] == ' ';
    if (apart)
        start = word_back(text, kind - 1);
    if (start + STEM_MIN > kind || number == end ||
        !(lb_is_upper(text.data[start]) || (unsigned char)text.data[start] == 0xC3) ||
        lb_text_is_one_of(text, start, kind, others))
        return;
    lb_findings_add(findings, LB_IDENTIFIER_STREET, "street", start, number);
}

/* "Calle Mayor 5", "Via Roma, 12", "ul. Długa 7": the kind, one to four words, a number. */
static void street_before_name(lb_findings *findings, size_t start, size_t end) {
    static const char *const particles[] = {"de",  "del", "della", "dei", "delle", "dos", "la",
                                            "las", "los", "da",    "do",  "di",    NULL};
    enum { WORDS_MAX = 5 };
    lb_str text = findings->text;
    bool name = false;
    for (size_t words = 0; words < WORDS_MAX; words++) {
        if (name) {
            size_t number = number_behind(text, end);
            if (number > end) {
                lb_findings_add(findings, LB_IDENTIFIER_STREET, "street", start, number);
                return;
            }
        }
        if (lb_byte_at(text, end) != ' ')
            return;
        size_t word = end + 1, word_end = word;
        while (word_end < text.size && word_end - word <= 30 && is_name_byte(text.data[word_end]))
            word_end++;
        bool particle = lb_text_is_one_of(text, word, word_end, particles);
        size_t letters = word;
        while (letters < word_end && !lb_is_lower(text.data[letters]))
            letters++;
        bool capital = word_end > word + 2 && letters < word_end &&
                       (lb_is_upper(text.data[word]) || (unsigned char)text.data[word] >= 0xC3);
        if (!particle && !capital)
            return;
        name = name || capital;
        end = word_end;
    }
}

/* "12 bis, rue de la Paix": a number, the kind, and a capitalised word soon. */
static void french_street(lb_findings *findings, size_t start, size_t end) {
    static const char *const particles[] = {"de", "du", "des", "la", "le", "les", "saint", NULL};
    lb_str text = findings->text;
    size_t at = start;
    if (at == 0 || text.data[at - 1] != ' ')
        return;
    at--;
    at -= at > 0 && text.data[at - 1] == ',';
    if (at >= 4 && (lb_text_has(text, at - 4, " bis") || lb_text_has(text, at - 4, " ter")))
        at -= 4;
    size_t number = word_back(text, at);
    if (number == at || !is_house_number(text, number, at))
        return;
    for (size_t words = 0; words < 4 && lb_byte_at(text, end) == ' '; words++) {
        size_t word = end + 1, word_end = word;
        while (word_end < text.size && word_end - word <= 30 && is_name_byte(text.data[word_end]))
            word_end++;
        bool elided = word_end > word + 2 && text.data[word + 1] == '\'';
        char first = lb_byte_at(text, word + (elided ? 2 : 0));
        if (lb_is_upper(first) || (unsigned char)first >= 0xC3) {
            lb_findings_add(findings, LB_IDENTIFIER_STREET, "street", number, word_end);
            return;
        }
        if (!lb_text_is_one_of(text, word, word_end, particles))
            return;
        end = word_end;
    }
}

/* The words of the trigger, and in which order their language puts them. */
static const struct street_word {
    const char *word; /* in lower case */
    void (*rule)(lb_findings *findings, size_t start, size_t end);
    bool compound; /* it ends a longer word */
} street_words[] = {
    {"street", english_street, false},
    {"avenue", english_street, false},
    {"avenue", french_street, false},
    {"road", english_street, false},
    {"boulevard", english_street, false},
    {"boulevard", french_street, false},
    {"lane", english_street, false},
    {"drive", english_street, false},
    {" st", english_street, false},
    {" ave", english_street, false},
    {" rd", english_street, false},
    {" blvd", english_street, false},
    {"stra\xC3\x9F"
     "e",
     german_street, true},
    {"strasse", german_street, true},
    {"str.", german_street, true},
    {"weg", german_street, true},
    {"gasse", german_street, true},
    {"allee", german_street, true},
    {"rue", french_street, false},
    {"chemin", french_street, false},
    {"calle", street_before_name, false},
    {"avenida", street_before_name, false},
    {"via", street_before_name, false},
    {"viale", street_before_name, false},
    {"piazza", street_before_name, false},
    {"rua", street_before_name, false},
    {"ul.", street_before_name, false},
    {"ulica", street_before_name, false},
};

void lb_rule_street(lb_findings *findings, size_t at) {
    lb_str text = findings->text;
    at -= text.data[at - 1] == ' ';
    for (size_t i = 0; i < sizeof street_words / sizeof *street_words; i++) {
        const struct street_word *word = &street_words[i];
        size_t size = strlen(word->word), start = at - size, end = at;
        if (size > at || !lb_text_has(text, start, word->word))
            continue;
        bool blank = word->word[0] == ' ';
        start += blank;
        if (!word->compound && is_name_byte(lb_byte_at(text, start - 1)))
            continue;
        if (is_name_byte(lb_byte_at(text, end)) && text.data[end - 1] != '.')
            continue;
        /* A kind of street is written with a capital in front of a name or behind it. */
        bool needs_capital = word->rule == english_street || word->rule == street_before_name;
        if (needs_capital && !lb_is_upper(text.data[start]) && text.data[end - 1] != '.')
            continue;
        word->rule(findings, start, end);
    }
}

/* What anonymizers write: Presidio, Philter, DLP services, and people. */
static const char *const labels[] = {"name",
                                     "names",
                                     "person",
                                     "per",
                                     "email",
                                     "email_address",
                                     "mail",
                                     "phone",
                                     "phone_number",
                                     "telephone",
                                     "address",
                                     "location",
                                     "loc",
                                     "org",
                                     "organization",
                                     "organisation",
                                     "username",
                                     "user",
                                     "url",
                                     "ip",
                                     "ip_address",
                                     "ssn",
                                     "us_ssn",
                                     "credit_card",
                                     "iban",
                                     "iban_code",
                                     "redacted",
                                     "removed",
                                     "masked",
                                     "anonymized",
                                     "anonymised",
                                     "pii",
                                     "first_name",
                                     "last_name",
                                     "firstname",
                                     "lastname",
                                     "surname",
                                     "full_name",
                                     "date_of_birth",
                                     "dob",
                                     "birthdate",
                                     "gpe",
                                     "city",
                                     "street",
                                     "zip",
                                     "zipcode",
                                     "country",
                                     "age",
                                     "id",
                                     "id_number",
                                     "passport",
                                     "us_passport",
                                     "us_driver_license",
                                     "bank_account",
                                     "us_bank_number",
                                     "nrp",
                                     "date_time",
                                     "crypto",
                                     "medical_license",
                                     "account",
                                     "account_number",
                                     "number",
                                     "password",
                                     "secret",
                                     "key",
                                     "street_address",
                                     "person_name",
                                     "patient",
                                     "doctor",
                                     "hospital",
                                     "company",
                                     NULL};

/* Is it a label, with a number or without? */
static bool is_label(lb_str text, size_t start, size_t end) {
    static const char presidio[] = "presidio_anonymized_";
    if (lb_text_has(text, start, presidio))
        start += sizeof presidio - 1;
    while (end > start && lb_is_digit(text.data[end - 1]))
        end--;
    while (end > start &&
           (text.data[end - 1] == '_' || text.data[end - 1] == ' ' || text.data[end - 1] == '-'))
        end--;
    return lb_text_is_one_of(text, start, end, labels);
}

/* [EMAIL], <PHONE_NUMBER>, {{NAME}}, and NAME_1 without brackets. */
void lb_rule_placeholder(lb_findings *findings, size_t at) {
    enum { LABEL_MAX = 48 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at, end = at;
    while (start > 0 && at - start < LABEL_MAX && lb_is_word(text.data[start - 1]))
        start--;
    while (end < text.size && end - at < LABEL_MAX &&
           (lb_is_word(text.data[end]) ||
            ((text.data[end] == ' ' || text.data[end] == '-') &&
             lb_is_alnum(lb_byte_at(text, end + 1)) &&
             strchr("[<{", lb_byte_at(text, start - 1) ? lb_byte_at(text, start - 1) : 'x'))))
        end++;
    char open = lb_byte_at(text, start - 1);
    bool upper = end - start >= 2;
    for (size_t i = start; i < end; i++)
        upper = upper && !lb_is_lower(text.data[i]);
    bool closed = (open == '[' && lb_byte_at(text, end) == ']') ||
                  (open == '<' && lb_byte_at(text, end) == '>') ||
                  (open == '{' && lb_byte_at(text, end) == '}');
    bool variable = (open == '{' ? lb_byte_at(text, start - 2) : open) == '$'; /* of a shell */
    if (closed) {
        findings->mark = end;
        bool index = lb_is_word(lb_byte_at(text, start - 2)); /* of an array */
        if (!index && !variable && (upper || lb_text_has(text, start, "redacted")) &&
            is_label(text, start, end))
            lb_findings_add(findings, LB_IDENTIFIER_PLACEHOLDER, "bracketed", start - 1, end + 1);
        return;
    }
    bool numbered = end > start + 2 && lb_is_digit(text.data[end - 1]) &&
                    memchr(text.data + start, '_', end - start) != NULL;
    if (upper && numbered && !variable && is_label(text, start, end)) {
        findings->mark = end;
        lb_findings_add(findings, LB_IDENTIFIER_PLACEHOLDER, "numbered", start, end);
    }
}

/* XXXX, XXX-XX-XXXX */
void lb_rule_crossed_out(lb_findings *findings, size_t at) {
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at, end = at;
    while (start > findings->mark && (text.data[start - 1] == 'X' || text.data[start - 1] == '-'))
        start--;
    while (end < text.size && (text.data[end] == 'X' || text.data[end] == '-'))
        end++;
    findings->mark = end;
    while (text.data[start] == '-')
        start++;
    while (text.data[end - 1] == '-')
        end--;
    if (!lb_is_word(lb_byte_at(text, start - 1)) && !lb_is_word(lb_byte_at(text, end)))
        lb_findings_add(findings, LB_IDENTIFIER_PLACEHOLDER, "crossed out", start, end);
}
