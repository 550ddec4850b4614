#include "link/features/aspect.h"

#include <math.h>

#include "base/hash.h"
#include "base/search.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/words.h"

enum { GRAM_MIN = 2, GRAM_MAX = 5, PHRASE_MAX = 3, GAP_BYTES = 12 };

struct lb_extractor {
    const lb_word_set *suppressed, *frequent;
    lb_splitter *splitter;
    lb_buffer folded, blanked;
    uint32_t *keys; /* of the words of a message */
    size_t key_capacity;
};

bool lb_word_set_has(const lb_word_set *set, uint32_t key) {
    size_t at = lb_search_u32(set->keys, 0, set->count, key);
    return at < set->count && set->keys[at] == key;
}

int lb_extractor_new(lb_extractor **out, const lb_word_set *suppressed, lb_error *error) {
    *out = NULL;
    lb_extractor *extractor = lb_alloc_zero(1, sizeof *extractor);
    if (!extractor)
        return lb_fail_memory(error, "reading text");
    extractor->suppressed = suppressed;
    int status = lb_splitter_new(&extractor->splitter, error);
    if (status < 0) {
        lb_extractor_free(extractor);
        return status;
    }
    *out = extractor;
    return LB_OK;
}

void lb_extractor_free(lb_extractor *extractor) {
    if (!extractor)
        return;
    lb_splitter_free(extractor->splitter);
    lb_buffer_free(&extractor->folded);
    lb_buffer_free(&extractor->blanked);
    lb_free(extractor->keys);
    lb_free(extractor);
}

void lb_extractor_keep(lb_extractor *extractor, const lb_word_set *frequent) {
    extractor->frequent = frequent;
}

/* The words of a text and their keys. */
static int read_words(lb_extractor *extractor, lb_str text, lb_reading *reading, lb_error *error) {
    const lb_word *words;
    int status = lb_splitter_words(extractor->splitter, text, &words, &reading->count, error);
    if (status < 0)
        return status;
    uint32_t *grown =
        lb_grow(extractor->keys, &extractor->key_capacity, reading->count, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    extractor->keys = grown;
    for (size_t w = 0; status == LB_OK && w < reading->count; w++) {
        extractor->folded.size = 0;
        status =
            lb_fold((lb_str){text.data + words[w].start, words[w].size}, &extractor->folded, error);
        uint32_t key = (uint32_t)(lb_hash_str(lb_buffer_str(&extractor->folded)) >> 32);
        extractor->keys[w] = extractor->folded.size ? key | !key : 0;
    }
    reading->text = text;
    reading->words = words;
    reading->keys = extractor->keys;
    return status;
}

/* Reads the message once more, with suppressed words overwritten by spaces, if it has any. */
static int read_blanked(lb_extractor *extractor, lb_reading *reading, lb_error *error) {
    lb_buffer *blanked = &extractor->blanked;
    blanked->size = 0;
    for (size_t w = 0; w < reading->count; w++) {
        if (!lb_word_set_has(extractor->suppressed, reading->keys[w]))
            continue;
        if (blanked->size == 0) {
            int status = lb_buffer_append(blanked, reading->text.data, reading->text.size, error);
            if (status < 0)
                return status;
        }
        memset(blanked->data + reading->words[w].start, ' ', reading->words[w].size);
    }
    return blanked->size ? read_words(extractor, lb_buffer_str(blanked), reading, error) : LB_OK;
}

int lb_extractor_read(lb_extractor *extractor, const lb_own_message *message, lb_reading *reading,
                      lb_error *error) {
    int status = read_words(extractor, message->text, reading, error);
    if (status == LB_OK && extractor->suppressed)
        status = read_blanked(extractor, reading, error);
    return status;
}

static inline uint32_t gram_key(uint64_t state) {
    state ^= state >> 29;
    state *= 0xBF58476D1CE4E5B9u;
    return (uint32_t)(state >> 32);
}

static inline uint64_t gram_step(uint64_t state, uint64_t symbol) {
    return (state ^ symbol) * 0x9E3779B97F4A7C15u + 0x7F4A7C15u;
}

static int add_words(const lb_reading *reading, bool bigrams, lb_bag *bag, lb_error *error) {
    int status = LB_OK;
    uint32_t before = 0;
    for (size_t w = 0; status == LB_OK && w < reading->count; w++) {
        uint32_t key = reading->keys[w];
        if (key)
            status = lb_bag_add(bag, key, error);
        if (status == LB_OK && bigrams && key && before)
            status = lb_bag_add(bag, gram_key(gram_step(gram_step(7, before), key)), error);
        before = key;
    }
    return status;
}

static bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x3000;
}

/* All n-grams that begin at the code point whose `states` are open; a state is that of a gram that
 * is still growing. */
static int add_characters(lb_str text, lb_bag *bag, lb_error *error) {
    uint64_t states[GRAM_MAX] = {0}; /* states[i]: of the gram of the last i + 1 symbols */
    unsigned length = 0;             /* symbols since the edge */
    int status = LB_OK;
    for (size_t at = 0; status == LB_OK && at <= text.size;) {
        unsigned bytes = 1;
        uint32_t c = at < text.size ? lb_utf8_decode(text.data + at, &bytes) : ' ';
        at += bytes;
        bool edge = is_space(c);
        if (edge && length == 0)
            continue;
        if (length == 0) {
            states[0] = gram_step(1, ' ');
            length = 1;
        }
        uint64_t symbol = edge ? ' ' : c;
        unsigned grams = length < GRAM_MAX ? length + 1 : GRAM_MAX;
        for (unsigned n = grams; n >= GRAM_MIN && status == LB_OK; n--) {
            states[n - 1] = gram_step(states[n - 2], symbol);
            status = lb_bag_add(bag, gram_key(states[n - 1]), error);
        }
        states[0] = gram_step(1, symbol);
        length = edge ? 0 : length + 1;
    }
    return status;
}

/* What a word looks like: lower case, capitalised, capitals, digits, mixed, without case. */
static uint64_t shape_of(lb_str word) {
    unsigned upper = 0, lower = 0, digits = 0, others = 0;
    for (size_t i = 0; i < word.size; i++) {
        unsigned char c = (unsigned char)word.data[i];
        upper += c >= 'A' && c <= 'Z';
        lower += c >= 'a' && c <= 'z';
        digits += c >= '0' && c <= '9';
        others += c >= 0x80;
    }
    bool first = word.size > 0 && word.data[0] >= 'A' && word.data[0] <= 'Z';
    unsigned casing = upper == 0 ? 0 : lower == 0 && upper > 1 ? 1 : first && upper == 1 ? 2 : 3;
    return 1 + casing + 4u * (digits > 0) + 8u * (lower + upper > 0) + 16u * (others > 0);
}

typedef struct phrase_window {
    uint64_t symbols[PHRASE_MAX]; /* the last ones, the newest first */
    unsigned length;
} phrase_window;

static int add_symbol(phrase_window *phrase, uint64_t symbol, lb_bag *bag, lb_error *error) {
    for (unsigned i = PHRASE_MAX - 1; i > 0; i--)
        phrase->symbols[i] = phrase->symbols[i - 1];
    phrase->symbols[0] = symbol;
    if (phrase->length < PHRASE_MAX)
        phrase->length++;
    uint64_t state = 3;
    int status = LB_OK;
    for (unsigned i = 0; i < phrase->length && status == LB_OK; i++) {
        state = gram_step(state, phrase->symbols[i]);
        status = lb_bag_add(bag, gram_key(state), error);
    }
    return status;
}

static int add_gap(phrase_window *phrase, lb_str gap, lb_bag *bag, lb_error *error) {
    if (gap.size == 0 || (gap.size == 1 && gap.data[0] == ' '))
        return LB_OK;
    return add_symbol(phrase, lb_hash(gap.data, gap.size < GAP_BYTES ? gap.size : GAP_BYTES), bag,
                      error);
}

static int add_phrases(const lb_extractor *extractor, const lb_reading *reading, lb_bag *bag,
                       lb_error *error) {
    enum { EDGE = 2 };
    phrase_window phrase = {{0}, 0};
    int status = add_symbol(&phrase, EDGE, bag, error);
    size_t end = 0;
    for (size_t w = 0; status == LB_OK && w < reading->count; w++) {
        const lb_word *word = &reading->words[w];
        status =
            add_gap(&phrase, (lb_str){reading->text.data + end, word->start - end}, bag, error);
        end = word->start + word->size;
        uint64_t symbol = shape_of((lb_str){reading->text.data + word->start, word->size});
        if (extractor->frequent && lb_word_set_has(extractor->frequent, reading->keys[w]))
            symbol = lb_hash_mix(symbol, reading->keys[w]);
        if (status == LB_OK)
            status = add_symbol(&phrase, symbol, bag, error);
    }
    if (status == LB_OK)
        status = add_gap(&phrase, (lb_str){reading->text.data + end, reading->text.size - end}, bag,
                         error);
    return status == LB_OK ? add_symbol(&phrase, EDGE, bag, error) : status;
}

static int add_language(const lb_reading *reading, lb_bag *bag, lb_error *error) {
    int status = LB_OK;
    for (size_t at = 0; status == LB_OK && at < reading->text.size;) {
        unsigned bytes = 1;
        uint32_t c = lb_utf8_decode(reading->text.data + at, &bytes);
        at += bytes;
        uint8_t script = c < 0x80 ? 0 : lb_unicode_script(c);
        if (script == 0)
            continue;
        status = lb_bag_add(bag, gram_key(gram_step(11, script)), error);
        if (status == LB_OK && c < 0x600)
            status = lb_bag_add(bag, gram_key(gram_step(12, c)), error);
    }
    for (size_t w = 0; status == LB_OK && w < reading->count; w++) {
        unsigned bytes = 1;
        uint32_t c = lb_utf8_decode(reading->text.data + reading->words[w].start, &bytes);
        status = lb_bag_add(bag, gram_key(gram_step(13, lb_unicode_script(c))), error);
    }
    return status;
}

static int64_t floor_divide(int64_t value, int64_t by) {
    return value / by - (value % by < 0);
}

/* Bins of five widths, each cut in two ways half a bin apart, so that what lies close together
 * shares a bin at about its distance wherever the edges are. */
static int add_period(int64_t seconds, lb_bag *bag, lb_error *error) {
    static const int64_t days[] = {28, 91, 364};
    int status = LB_OK;
    for (unsigned i = 0; i < sizeof days / sizeof *days; i++)
        for (unsigned phase = 0; phase < 2 && status == LB_OK; phase++) {
            int64_t width = days[i] * 86400;
            uint64_t bin = (uint64_t)floor_divide(seconds + phase * width / 2, width);
            status =
                lb_bag_add(bag, gram_key(gram_step(gram_step(20 + 2 * i + phase, bin), i)), error);
        }
    return status;
}

static int add_clock(int64_t seconds, int64_t gap, lb_bag *bag, lb_error *error) {
    uint64_t hour = (uint64_t)floor_divide(seconds, 3600);
    uint64_t in_day = hour % 24, day = (hour / 24 + 4) % 7; /* 1970 began on a Thursday */
    const uint64_t features[] = {in_day,
                                 100 + (hour + 1) % 24 / 2,
                                 200 + in_day / 4 * 7 + day,
                                 300 + in_day + (day % 6 == 0 ? 24 : 0),
                                 400 + day,
                                 500 + (gap < 0 ? 99 : (uint64_t)(2 * log2((double)gap + 1)))};
    int status = LB_OK;
    for (unsigned i = 0; i < sizeof features / sizeof *features && status == LB_OK; i++)
        status = lb_bag_add(bag, gram_key(gram_step(40, features[i])), error);
    return status;
}

static int add_message(lb_extractor *extractor, lb_aspect aspect, const lb_own_message *message,
                       lb_bag *bag, lb_error *error) {
    lb_reading reading = {.text = message->text};
    if (aspect != LB_ASPECT_CHARACTERS || extractor->suppressed) {
        int status = lb_extractor_read(extractor, message, &reading, error);
        if (status < 0)
            return status;
    }
    switch (aspect) {
    case LB_ASPECT_CHARACTERS:
        return add_characters(reading.text, bag, error);
    case LB_ASPECT_PHRASING:
        return add_phrases(extractor, &reading, bag, error);
    case LB_ASPECT_LANGUAGE:
        return add_language(&reading, bag, error);
    default:
        return add_words(&reading, aspect == LB_ASPECT_WORDS, bag, error);
    }
}

static int add_time(lb_aspect aspect, const lb_own_message *message, const lb_own_message *before,
                    lb_bag *bag, lb_error *error) {
    if (message->time == INT64_MAX)
        return LB_OK;
    int64_t seconds = floor_divide(message->time, 1000000);
    if (aspect == LB_ASPECT_PERIOD)
        return add_period(seconds, bag, error);
    int64_t gap = -1;
    if (before && before->conversation == message->conversation)
        gap = seconds - floor_divide(before->time, 1000000);
    return add_clock(seconds, gap, bag, error);
}

int lb_extract(lb_extractor *extractor, lb_aspect aspect, const lb_side *side, size_t profile,
               lb_bag *bag, lb_error *error) {
    const lb_profile *whose = &side->profiles[profile];
    int status = LB_OK;
    lb_bag_clear(bag);
    for (size_t i = 0; i < whose->count && status == LB_OK; i++) {
        const lb_own_message *message = lb_side_message(side, whose->first + i);
        if (aspect == LB_ASPECT_PERIOD || aspect == LB_ASPECT_CLOCK)
            status = add_time(aspect, message,
                              i ? lb_side_message(side, whose->first + i - 1) : NULL, bag, error);
        else if (message->text.data)
            status = add_message(extractor, aspect, message, bag, error);
    }
    return status == LB_OK ? lb_bag_close(bag, error) : status;
}
