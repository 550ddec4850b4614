#include "text/words.h"

#include "base/utf8.h"
#include "text/ascii.h"
#include "text/dictionary.h"
#include "text/segment.h"
#include "text/unicode.h"

struct lb_splitter {
    lb_dictionary *dictionary;
    lb_word *words;
    size_t count, capacity;
    uint32_t *offsets;
    size_t offset_capacity;
};

int lb_splitter_new(lb_splitter **out, lb_error *error) {
    *out = NULL;
    lb_splitter *splitter = lb_alloc_zero(1, sizeof *splitter);
    if (!splitter)
        return lb_fail_memory(error, "a word splitter");
    int status = lb_dictionary_new(&splitter->dictionary, error);
    if (status < 0) {
        lb_splitter_free(splitter);
        return status;
    }
    *out = splitter;
    return LB_OK;
}

void lb_splitter_free(lb_splitter *splitter) {
    if (!splitter)
        return;
    lb_dictionary_free(splitter->dictionary);
    lb_free(splitter->words);
    lb_free(splitter->offsets);
    lb_free(splitter);
}

static int check_size(lb_str text, lb_error *error) {
    if (text.size <= UINT32_MAX)
        return LB_OK;
    return lb_fail(error, LB_E_INPUT, "text", "cut it into messages",
                   "one message of %zu bytes is too long; at most %lu are possible", text.size,
                   (unsigned long)UINT32_MAX);
}

/* Makes room for `more` words. */
static int reserve(lb_splitter *splitter, size_t more, lb_error *error) {
    lb_word *grown =
        lb_grow(splitter->words, &splitter->capacity, splitter->count + more, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    splitter->words = grown;
    return LB_OK;
}

static void add(lb_splitter *splitter, size_t start, size_t end, bool ascii) {
    splitter->words[splitter->count++] =
        (lb_word){.start = (uint32_t)start, .size = (uint32_t)(end - start), .ascii = ascii};
}

static bool only_underscores(lb_str text, size_t start, size_t end) {
    while (start < end && text.data[start] == '_')
        start++;
    return start == end;
}

enum { BLOCK = 64, STRIDE = BLOCK - 1 }; /* bit 63 of a block is only looked at */

static lb_ascii_block block_at(lb_str text, size_t at) {
    if (text.size - at >= BLOCK)
        return lb_ascii_classify(text.data + at);
    char padded[BLOCK] = {0};
    memcpy(padded, text.data + at, text.size - at);
    return lb_ascii_classify(padded);
}

/* Adds the words from the boundary `start` on, as far as the text is ASCII and what comes after
 * cannot change them. *next is the boundary where the rules must take over, text.size at the end.
 */
static int split_ascii(lb_splitter *splitter, lb_str text, size_t start, size_t *next,
                       lb_error *error) {
    size_t first = splitter->count, open_start = 0, limit = text.size;
    uint64_t open = 0, letter_before = 0, digit_before = 0;
    for (size_t base = start; base < text.size; base += STRIDE) {
        int status = reserve(splitter, BLOCK / 2 + 1, error);
        if (status < 0)
            return status;
        lb_ascii_block block = block_at(text, base);
        uint64_t runs = lb_ascii_runs(&block, letter_before, digit_before);
        uint64_t edges = (runs ^ (runs << 1 | open)) & ~(UINT64_C(1) << STRIDE);
        if (block.others) {
            unsigned ascii = (unsigned)__builtin_ctzll(block.others);
            limit = base + ascii;
            edges &= (UINT64_C(1) << ascii) - 1;
        }
        for (; edges; edges &= edges - 1) {
            size_t at = base + (unsigned)__builtin_ctzll(edges);
            if (!open)
                open_start = at;
            else if (text.data[open_start] != '_' || !only_underscores(text, open_start, at))
                add(splitter, open_start, at, true);
            open ^= 1;
        }
        if (block.others)
            break;
        letter_before = block.letters >> (STRIDE - 1) & 1;
        digit_before = block.digits >> (STRIDE - 1) & 1;
    }
    *next = limit;
    if (limit == text.size) {
        if (open && !only_underscores(text, open_start, limit))
            add(splitter, open_start, limit, true);
        return LB_OK;
    }
    /* What follows may be a letter or a mark: it belongs to a word that reaches it, may be bridged
     * to a word that ends one punctuation mark before it, or sits on the last character. */
    if (open)
        *next = open_start;
    else if (limit > start)
        *next = limit - 1;
    if (!open && splitter->count > first) {
        const lb_word *last = &splitter->words[splitter->count - 1];
        if (last->start + last->size == limit - 1 && memchr(":.',;", text.data[limit - 1], 5)) {
            *next = last->start;
            splitter->count--;
        }
    }
    return LB_OK;
}

/* Whether the next bytes are ASCII, so that the fast path is worth its start. */
static bool ascii_ahead(lb_str text, size_t at) {
    uint64_t bytes = 0;
    size_t left = text.size - at;
    memcpy(&bytes, text.data + at, left < sizeof bytes ? left : sizeof bytes);
    return (bytes & UINT64_C(0x8080808080808080)) == 0;
}

static bool has_letter_or_digit(lb_str text, size_t start, size_t end) {
    unsigned length;
    for (; start < end; start += length)
        if (lb_unicode_properties(lb_utf8_decode(text.data + start, &length)) & LB_UNICODE_WORD)
            return true;
    return false;
}

static int split_dictionary(lb_splitter *splitter, lb_str text, size_t start, size_t end,
                            lb_error *error) {
    lb_str run = {text.data + start, end - start};
    int status = lb_dictionary_begin(splitter->dictionary, run, error);
    uint32_t from, to;
    bool ascii;
    while (status == LB_OK && lb_dictionary_next(splitter->dictionary, &from, &to, &ascii)) {
        if (!has_letter_or_digit(run, from, to))
            continue;
        status = reserve(splitter, 1, error);
        if (status == LB_OK)
            add(splitter, start + from, start + to, ascii);
    }
    return status;
}

/* Adds the words of the segment at `start`, or of all segments of a run of dictionary scripts that
 * begins there. *next is the boundary behind. */
static int split_by_rules(lb_splitter *splitter, lb_str text, size_t start, size_t *next,
                          lb_error *error) {
    lb_segment segment = lb_segment_at(text, start);
    *next = segment.end;
    if (!(segment.properties & LB_UNICODE_DICTIONARY) ||
        segment.end - start > LB_DICTIONARY_RUN_MAX) {
        if (!(segment.properties & LB_UNICODE_WORD))
            return LB_OK;
        int status = reserve(splitter, 1, error);
        if (status == LB_OK)
            add(splitter, start, segment.end, segment.ascii);
        return status;
    }
    while (*next < text.size) {
        segment = lb_segment_at(text, *next);
        if (!(segment.properties & LB_UNICODE_DICTIONARY) ||
            segment.end - start > LB_DICTIONARY_RUN_MAX)
            break;
        *next = segment.end;
    }
    return split_dictionary(splitter, text, start, *next, error);
}

/* What ends a word whatever stands behind it. */
static bool always_ends(lb_break value) {
    return value == LB_BREAK_OTHER || value == LB_BREAK_WSEG_SPACE || value == LB_BREAK_LF ||
           value == LB_BREAK_CR || value == LB_BREAK_NEWLINE;
}

/* Punctuation can join a word only to what directly follows. */
static bool is_last_mark(lb_str text, size_t at) {
    return (text.data[at] == '.' || text.data[at] == ',') &&
           (at + 1 == text.size || text.data[at + 1] == ' ');
}

/* The end of a plain word at `start`: letters and digits with their marks, and behind them
 * something that cannot join. That is most of what is not ASCII and has spaces, and needs none of
 * the other rules; `start` where they must decide. */
static size_t plain_word_end(lb_str text, size_t start, bool *ascii) {
    uint32_t seen = 0;
    uint8_t properties = 0;
    unsigned length;
    size_t at = start;
    for (; at < text.size; at += length) {
        uint32_t c = lb_utf8_decode(text.data + at, &length);
        uint8_t of_c = lb_unicode_properties(c);
        lb_break value = of_c & LB_UNICODE_BREAK;
        bool joins = value == LB_BREAK_ALETTER || value == LB_BREAK_NUMERIC ||
                     (value == LB_BREAK_EXTEND && at > start);
        if (!joins && (always_ends(value) || is_last_mark(text, at)))
            break;
        if (!joins || of_c & LB_UNICODE_DICTIONARY)
            return start;
        seen |= c;
        properties |= of_c;
    }
    *ascii = seen < 0x80;
    return properties & LB_UNICODE_WORD ? at : start;
}

/* Behind the blanks at `at`, where what follows them cannot make them part of a word: the lead byte
 * tells that it is neither a joiner nor a mark that is a letter. */
static size_t skip_blanks(lb_str text, size_t at) {
    while (at + 1 < text.size && text.data[at] == ' ' && (unsigned char)text.data[at + 1] < 0xE2)
        at++;
    return at;
}

/* The word or other segment at `start`, which the fast path for ASCII has left. */
static int split_other(lb_splitter *splitter, lb_str text, size_t start, size_t *next,
                       lb_error *error) {
    bool ascii;
    size_t end = plain_word_end(text, start, &ascii);
    if (end == start)
        return split_by_rules(splitter, text, start, next, error);
    int status = reserve(splitter, 1, error);
    if (status == LB_OK)
        add(splitter, start, end, ascii);
    *next = skip_blanks(text, end);
    return status;
}

int lb_splitter_words(lb_splitter *splitter, lb_str text, const lb_word **words, size_t *count,
                      lb_error *error) {
    *words = NULL;
    *count = splitter->count = 0;
    int status = check_size(text, error);
    for (size_t at = 0; status == LB_OK && at < text.size;) {
        if (ascii_ahead(text, at))
            status = split_ascii(splitter, text, at, &at, error);
        if (status == LB_OK && at < text.size)
            status = split_other(splitter, text, at, &at, error);
    }
    if (status < 0)
        return status;
    *words = splitter->words;
    *count = splitter->count;
    return LB_OK;
}

int lb_splitter_boundaries(lb_splitter *splitter, lb_str text, const uint32_t **offsets,
                           size_t *count, lb_error *error) {
    *offsets = NULL;
    *count = 0;
    int status = check_size(text, error);
    if (status < 0)
        return status;
    size_t found = 0;
    for (size_t at = 0; text.size > 0;) {
        uint32_t *grown =
            lb_grow(splitter->offsets, &splitter->offset_capacity, found + 1, sizeof *grown, error);
        if (!grown)
            return LB_E_RESOURCE;
        splitter->offsets = grown;
        splitter->offsets[found++] = (uint32_t)at;
        if (at == text.size)
            break;
        at = lb_segment_at(text, at).end;
    }
    *offsets = splitter->offsets;
    *count = found;
    return LB_OK;
}
