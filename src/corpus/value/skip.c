#include "corpus/value/skip.h"

#include <strings.h>

#include "base/ascii.h"

int lb_skip_parse(const char *list, unsigned *skips, lb_error *error) {
    static const struct {
        const char *name;
        unsigned skip;
    } known[] = {{"none", LB_SKIP_NOTHING},
                 {"quotes", LB_SKIP_QUOTES},
                 {"code", LB_SKIP_CODE},
                 {"urls", LB_SKIP_URLS}};
    *skips = LB_SKIP_NOTHING;
    while (*list) {
        size_t size = strcspn(list, ",");
        size_t i = 0;
        while (i < 4 && (strlen(known[i].name) != size || strncmp(known[i].name, list, size) != 0))
            i++;
        if (i == 4)
            return lb_fail(error, LB_E_USAGE, "--skip",
                           "give a list of quotes, code, urls; or none",
                           "\"%.*s\" cannot be skipped", (int)size, list);
        *skips |= known[i].skip;
        list += size;
        list += *list == ',';
    }
    return LB_OK;
}

static bool begins(const char *at, const char *end, const char *word) {
    size_t size = strlen(word);
    return (size_t)(end - at) >= size && strncasecmp(at, word, size) == 0;
}

static bool begins_url(const char *at, const char *end) {
    return begins(at, end, "http://") || begins(at, end, "https://") || begins(at, end, "ftp://") ||
           begins(at, end, "www.");
}

static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

/* Behind the fence's closing line, or the end of the text. */
static const char *fence_end(const char *at, const char *end, const char *fence) {
    for (at = line_end(at, end); at < end; at = line_end(at, end)) {
        const char *first = at;
        while (first < end && *first == ' ')
            first++;
        if (begins(first, end, fence))
            return line_end(at, end);
    }
    return end;
}

/* Where what is to be left out at the beginning of a line ends; `at` if there is nothing. */
static const char *skip_line(unsigned skips, const char *at, const char *end) {
    const char *first = at;
    while (first < end && (*first == ' ' || *first == '\t'))
        first++;
    if (skips & LB_SKIP_QUOTES && first < end && *first == '>')
        return line_end(at, end);
    if (skips & LB_SKIP_CODE && begins(first, end, "```"))
        return fence_end(at, end, "```");
    if (skips & LB_SKIP_CODE && begins(first, end, "~~~"))
        return fence_end(at, end, "~~~");
    return at;
}

/* The same within a line. */
static const char *skip_span(unsigned skips, const char *at, const char *end, bool word_start) {
    if (skips & LB_SKIP_CODE && *at == '`') {
        const char *line = line_end(at, end);
        const char *close = memchr(at + 1, '`', (size_t)(line - at - 1));
        if (close)
            return close + 1;
    }
    if (skips & LB_SKIP_URLS && word_start && begins_url(at, end))
        while (at < end && !lb_is_blank(*at) && *at != '<' && *at != '>' && *at != '"')
            at++;
    return at;
}

int lb_skip_apply(unsigned skips, lb_str text, lb_str *left, lb_arena *arena, lb_error *error) {
    *left = text;
    if (skips == LB_SKIP_NOTHING || text.size == 0)
        return LB_OK;
    char *kept = lb_arena_alloc(arena, text.size, 1);
    if (!kept)
        return lb_fail_memory(error, "skipping parts of a text");
    const char *at = text.data, *end = text.data + text.size;
    size_t size = 0;
    bool at_line_start = true;
    while (at < end) {
        const char *past = at_line_start ? skip_line(skips, at, end) : at;
        if (past > at) {
            at = past;
            continue;
        }
        bool word_start =
            size == 0 || !(lb_is_digit(kept[size - 1]) || lb_is_letter(kept[size - 1]));
        past = skip_span(skips, at, end, word_start);
        at_line_start = false;
        if (past > at) {
            at = past;
            continue;
        }
        at_line_start = *at == '\n';
        kept[size++] = *at++;
    }
    *left = (lb_str){kept, size};
    return LB_OK;
}
