#include "text/token_context.h"

#include <utf8proc.h>

#include "base/ascii.h"
#include "base/utf8.h"

typedef struct surroundings {
    lb_str text;
    const lb_word *words;
    size_t count;
    uint8_t *flags;
    size_t done; /* byte behind the last range that was found */
} surroundings;

typedef struct byte_range {
    size_t start, end; /* bytes; empty: nothing found */
} byte_range;

static bool is_one_of(char c, const char *set) {
    return c && strchr(set, c);
}
static bool is_foreign(char c) {
    return (unsigned char)c >= 0x80;
}
static bool is_name(char c) {
    return lb_is_alnum(c) || c == '_';
}
static bool is_host(char c) {
    return lb_is_alnum(c) || c == '-' || c == '.';
}
/* What may stand in the local part of an address (RFC 5322, atext and "."; RFC 6531). */
static bool is_local(char c) {
    return is_name(c) || is_foreign(c) || is_one_of(c, ".!#$%&'*+/=?^`{|}~-");
}
static bool is_url(char c) {
    return c > ' ' && c < 0x7F && !is_one_of(c, "<>\"`\\^{|}");
}

static size_t end_of(const lb_word *word) {
    return (size_t)word->start + word->size;
}

/* Text goes on behind a URL or a name with punctuation of its own. */
static size_t without_punctuation(const surroundings *scan, size_t start, size_t end) {
    while (end > start && is_one_of(scan->text.data[end - 1], ".,;:!?'\")]*_-"))
        end--;
    return end;
}

static byte_range url_from(const surroundings *scan, size_t start, size_t at) {
    while (at < scan->text.size && is_url(scan->text.data[at]))
        at++;
    return (byte_range){start, without_punctuation(scan, start, at)};
}

/* A URL around the ":" at `at`: a scheme before it and "//" behind it. */
static byte_range find_url(const surroundings *scan, size_t at) {
    enum { LONGEST_SCHEME = 16 };
    const char *data = scan->text.data;
    if (scan->text.size - at < 4 || data[at + 1] != '/' || data[at + 2] != '/' ||
        !is_url(data[at + 3]))
        return (byte_range){0};
    size_t start = at;
    while (start > scan->done && at - start < LONGEST_SCHEME && lb_is_letter(data[start - 1]))
        start--;
    return start == at ? (byte_range){0} : url_from(scan, start, at + 3);
}

/* A path behind a host, or "u/name": around the "/" at `at`, behind the word before it. */
static byte_range find_path(const surroundings *scan, size_t at, const lb_word *before,
                            uint8_t *flag) {
    const char *data = scan->text.data;
    if (!before || end_of(before) != at || before->start < scan->done)
        return (byte_range){0};
    if (before->ascii && lb_token_is_host((lb_str){data + before->start, before->size})) {
        *flag = LB_TOKEN_URL;
        return url_from(scan, before->start, at);
    }
    size_t end = at + 1;
    while (end < scan->text.size && (is_name(data[end]) || data[end] == '-'))
        end++;
    bool alone = before->start == 0 || is_one_of(data[before->start - 1], " \t\n(/");
    if (before->size != 1 || (data[at - 1] | 0x20) != 'u' || !alone || end == at + 1)
        return (byte_range){0};
    *flag = LB_TOKEN_HANDLE;
    return (byte_range){at + 1, end};
}

/* Ends of a host name with a dot and a last label of two letters or more, or `at`. */
static size_t host_end(const surroundings *scan, size_t at) {
    const char *data = scan->text.data;
    size_t end = at;
    while (end < scan->text.size && is_host(data[end]))
        end++;
    end = without_punctuation(scan, at, end);
    size_t label = end;
    while (label > at && lb_is_letter(data[label - 1]))
        label--;
    return label > at + 1 && data[label - 1] == '.' && end - label >= 2 ? end : at;
}

/* An e-mail address or a handle around the "@" at `at`. */
static byte_range find_at(const surroundings *scan, size_t at, uint8_t *flag) {
    const char *data = scan->text.data;
    size_t start = at, end;
    while (start > scan->done && is_local(data[start - 1]))
        start--;
    end = host_end(scan, at + 1);
    if (start < at && end > at + 1) {
        *flag = LB_TOKEN_EMAIL;
        return (byte_range){start, end};
    }
    if (at > 0 && (is_name(data[at - 1]) || is_foreign(data[at - 1])))
        return (byte_range){0};
    start = end = at + 1;
    if (end < scan->text.size && (data[end] == '!' || data[end] == '&'))
        start = ++end;
    while (end < scan->text.size &&
           (is_name(data[end]) || is_foreign(data[end]) || data[end] == '.' || data[end] == '-'))
        end++;
    while (end > start && (data[end - 1] == '.' || data[end - 1] == '-'))
        end--;
    *flag = LB_TOKEN_HANDLE;
    return (byte_range){start, end};
}

/* Flags the words that lie in `found`, `word` being the first behind what triggered it. */
static void mark(surroundings *scan, size_t word, byte_range found, uint8_t flag) {
    for (size_t i = word; i > 0 && scan->words[i - 1].start >= found.start; i--)
        scan->flags[i - 1] |= flag;
    for (size_t i = word; i < scan->count && scan->words[i].start < found.end; i++)
        if (scan->words[i].start >= found.start)
            scan->flags[i] |= flag;
    scan->done = found.end;
}

/* Addresses have their signs between words: looks through the gap before a word. */
static void scan_gap(surroundings *scan, size_t word) {
    const lb_word *before = word > 0 ? &scan->words[word - 1] : NULL;
    size_t at = before ? end_of(before) : 0;
    if (at < scan->done)
        at = scan->done;
    for (; at < scan->words[word].start; at++) {
        uint8_t flag = LB_TOKEN_URL;
        byte_range found = {0};
        if (scan->text.data[at] == '@')
            found = find_at(scan, at, &flag);
        else if (scan->text.data[at] == ':')
            found = find_url(scan, at);
        else if (scan->text.data[at] == '/')
            found = find_path(scan, at, before, &flag);
        if (found.end > found.start) {
            mark(scan, word, found, flag);
            at = found.end - 1;
        }
    }
}

/* The value of a word of up to four ASCII digits, or -1. */
static int small_number(const surroundings *scan, const lb_word *word) {
    int value = 0;
    if (word->size > 4)
        return -1;
    for (uint32_t i = 0; i < word->size; i++) {
        char c = scan->text.data[word->start + i];
        if (!lb_is_digit(c))
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

static bool is_date(const surroundings *scan, const lb_word *word) {
    int a = small_number(scan, word), b = small_number(scan, word + 1),
        c = small_number(scan, word + 2);
    bool year_first = word->size == 4 && b >= 1 && b <= 12 && c >= 1 && c <= 31;
    bool year_last = (word[2].size == 4 || word[2].size == 2) && a >= 1 && a <= 31 && b >= 1 &&
                     b <= 31 && c >= 0 && (a <= 12 || b <= 12);
    return word[0].size + word[1].size + word[2].size <= 8 && (year_first || year_last);
}

static void mark_dates(surroundings *scan) {
    for (size_t i = 0; i + 2 < scan->count; i++) {
        const lb_word *word = &scan->words[i];
        char separator = scan->text.data[end_of(word)];
        if ((separator == '-' || separator == '/') && end_of(word) + 1 == word[1].start &&
            end_of(word + 1) + 1 == word[2].start &&
            scan->text.data[end_of(word + 1)] == separator && is_date(scan, word))
            for (size_t j = i; j < i + 3; j++)
                scan->flags[j] |= LB_TOKEN_DATE;
    }
}

/* Whether a sentence may begin behind this gap. */
static bool ends_sentence(lb_str gap) {
    for (size_t i = 0; i < gap.size; i++) {
        char c = gap.data[i];
        if (c == '.' || c == '!' || c == '?' || c == ':' || c == '\n' || c == '"' || is_foreign(c))
            return true;
    }
    return gap.data == NULL;
}

static bool is_small(uint32_t c) {
    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    return utf8proc_category((int32_t)c) == UTF8PROC_CATEGORY_LL;
}

static bool is_capital(uint32_t c) {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    utf8proc_category_t category = utf8proc_category((int32_t)c);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

static uint8_t case_of(lb_str word, bool sentence_start) {
    unsigned length;
    uint32_t first = lb_utf8_decode(word.data, &length);
    if (is_small(first))
        return LB_TOKEN_LOWER;
    if (sentence_start || !is_capital(first))
        return 0;
    for (size_t at = length; at < word.size; at += length)
        if (is_small(lb_utf8_decode(word.data + at, &length)))
            return LB_TOKEN_CAPITALISED;
    return 0;
}

void lb_token_contexts(lb_str text, const lb_word *words, size_t count, uint8_t *flags) {
    surroundings scan = {.text = text, .words = words, .count = count, .flags = flags};
    if (count == 0)
        return;
    memset(flags, 0, count);
    /* Every address has one of these signs, and every date a slash or a dash: most messages have
     * neither. */
    bool at = memchr(text.data, '@', text.size), slash = memchr(text.data, '/', text.size);
    for (size_t i = 0; (at || slash) && i < count; i++)
        scan_gap(&scan, i);
    if (slash || memchr(text.data, '-', text.size))
        mark_dates(&scan);
    lb_str gap = {0};
    for (size_t i = 0; i < count; i++) {
        lb_str word = {text.data + words[i].start, words[i].size};
        bool begins_small = lb_is_lower(word.data[0]);
        if (flags[i] == 0 && begins_small)
            flags[i] = LB_TOKEN_PLAIN | LB_TOKEN_LOWER;
        else if (flags[i] == 0)
            flags[i] = (uint8_t)(LB_TOKEN_PLAIN | case_of(word, ends_sentence(gap)));
        if (i + 1 < count)
            gap = (lb_str){word.data + word.size, words[i + 1].start - end_of(&words[i])};
    }
}

bool lb_token_is_host(lb_str folded) {
    static const char domains[][4] = {"com", "org", "net", "edu", "gov", "mil", "int"};
    if (folded.size < 5)
        return false;
    const char *last = folded.data + folded.size - 4;
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (last[0] == '.' && memcmp(last + 1, domains[i], 3) == 0)
            return true;
    return memcmp(folded.data, "www.", 4) == 0;
}
