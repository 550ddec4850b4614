#include "link/features/style.h"

#include <math.h>
#include <string.h>

#include "base/search.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "text/unicode.h"
#include "text/words.h"

enum { SIGNS = 128, PROFILES_A_PIECE = 64 };

/* What is counted besides signs and words. */
typedef enum habit {
    HABIT_UPPER,
    HABIT_DIGITS,
    HABIT_BEYOND_ASCII,
    HABIT_PICTOGRAPHS,
    HABIT_ELONGATIONS,
    HABIT_DOUBLE_SPACES,
    HABIT_SPACE_BEFORE_SIGN,
    HABIT_NO_SPACE_AFTER_COMMA,
    HABIT_CAPITAL_START,
    HABIT_SIGN_AT_END,
    HABIT_QUESTION,
    HABIT_MESSAGE_LENGTH,
    HABIT_MESSAGE_SPREAD,
    HABIT_WORD_LENGTH,
    HABIT_ONE_WORD,
    HABITS
} habit;

struct lb_style {
    const lb_word_set *frequent;
    size_t profiles, measures;
    float *vectors;           /* [profiles][measures], normalised */
    double *mean, *deviation; /* [measures] */
};

typedef struct tally {
    double *measures; /* [measures] habits, signs, words */
    double characters, words, messages, log_length, log_length_squared;
} tally;

static bool is_sign(unsigned char c) {
    return c > ' ' && c < 127 && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z');
}

static void count_characters(tally *into, lb_str text) {
    unsigned char before = 0, second = 0;
    for (size_t at = 0; at < text.size;) {
        unsigned bytes = 1;
        uint32_t c = lb_utf8_decode(text.data + at, &bytes);
        at += bytes;
        into->characters++;
        unsigned char ascii = c < 128 ? (unsigned char)c : 1;
        if (c >= 128) {
            into->measures[HABIT_BEYOND_ASCII]++;
            if (lb_unicode_properties(c) & LB_UNICODE_PICTOGRAPH)
                into->measures[HABIT_PICTOGRAPHS]++;
        } else if (is_sign(ascii)) {
            into->measures[HABITS + c]++;
            into->measures[HABIT_SPACE_BEFORE_SIGN] += before == ' ';
        }
        into->measures[HABIT_UPPER] += c >= 'A' && c <= 'Z';
        into->measures[HABIT_DIGITS] += c >= '0' && c <= '9';
        into->measures[HABIT_DOUBLE_SPACES] += c == ' ' && before == ' ';
        into->measures[HABIT_NO_SPACE_AFTER_COMMA] += before == ',' && c != ' ';
        into->measures[HABIT_ELONGATIONS] += ascii > ' ' && ascii == before && ascii == second;
        second = before;
        before = ascii;
    }
}

static void count_message(tally *into, const lb_style *style, const lb_reading *reading) {
    lb_str text = reading->text;
    if (text.size == 0)
        return;
    count_characters(into, text);
    double length = log1p((double)text.size);
    unsigned char first = (unsigned char)text.data[0];
    unsigned char last = (unsigned char)text.data[text.size - 1];
    into->messages++;
    into->log_length += length;
    into->log_length_squared += length * length;
    into->measures[HABIT_CAPITAL_START] += first >= 'A' && first <= 'Z';
    into->measures[HABIT_SIGN_AT_END] += last == '.' || last == '!';
    into->measures[HABIT_QUESTION] += last == '?';
    into->measures[HABIT_ONE_WORD] += reading->count == 1;
    for (size_t w = 0; w < reading->count; w++) {
        into->words++;
        into->measures[HABIT_WORD_LENGTH] += reading->words[w].size;
        const lb_word_set *set = style->frequent;
        size_t at = lb_search_u32(set->keys, 0, set->count, reading->keys[w]);
        if (at < set->count && set->keys[at] == reading->keys[w])
            into->measures[HABITS + SIGNS + at]++;
    }
}

/* Counts to rates; the square root evens out their spread. */
static void finish(tally *of, size_t measures) {
    double *m = of->measures;
    double characters = fmax(of->characters, 1), words = fmax(of->words, 1);
    double messages = fmax(of->messages, 1), mean = of->log_length / messages;
    m[HABIT_WORD_LENGTH] /= words;
    for (size_t i = 0; i <= HABIT_NO_SPACE_AFTER_COMMA; i++)
        m[i] = sqrt(m[i] / characters);
    for (size_t i = HABIT_CAPITAL_START; i <= HABIT_QUESTION; i++)
        m[i] /= messages;
    m[HABIT_ONE_WORD] /= messages;
    m[HABIT_MESSAGE_LENGTH] = mean;
    m[HABIT_MESSAGE_SPREAD] = sqrt(fmax(0, of->log_length_squared / messages - mean * mean));
    for (size_t i = HABITS; i < HABITS + SIGNS; i++)
        m[i] = sqrt(m[i] / characters);
    for (size_t i = HABITS + SIGNS; i < measures; i++)
        m[i] = sqrt(m[i] / words);
}

static int measure(const lb_style *style, lb_extractor *extractor, const lb_side *side,
                   size_t profile, double *measures, lb_error *error) {
    const lb_profile *whose = &side->profiles[profile];
    tally into = {.measures = measures};
    memset(measures, 0, style->measures * sizeof *measures);
    for (size_t i = 0; i < whose->count; i++) {
        const lb_own_message *message = lb_side_message(side, whose->first + i);
        lb_reading reading;
        if (!message->text.data)
            continue;
        int status = lb_extractor_read(extractor, message, &reading, error);
        if (status < 0)
            return status;
        count_message(&into, style, &reading);
    }
    finish(&into, style->measures);
    return LB_OK;
}

static void normalise(const lb_style *style, const double *measures, float *vector) {
    double squares = 0;
    for (size_t m = 0; m < style->measures; m++) {
        double z =
            style->deviation[m] > 0 ? (measures[m] - style->mean[m]) / style->deviation[m] : 0;
        z = fmax(-6, fmin(6, z));
        squares += z * z;
        vector[m] = (float)z;
    }
    float scale = squares > 0 ? (float)(1 / sqrt(squares)) : 0;
    for (size_t m = 0; m < style->measures; m++)
        vector[m] *= scale;
}

typedef struct survey {
    const lb_style *style;
    const lb_side *gallery;
    double *measures; /* [profiles][measures] */
    lb_extractor **extractors;
} survey;

static int survey_profile(void *context, size_t p, unsigned worker, lb_error *error) {
    survey *all = context;
    return measure(all->style, all->extractors[worker], all->gallery, p,
                   all->measures + p * all->style->measures, error);
}

/* Mean and deviation over the gallery, then the vectors. */
static void settle(lb_style *style, const double *measures) {
    size_t n = style->profiles, width = style->measures;
    for (size_t p = 0; p < n; p++)
        for (size_t m = 0; m < width; m++)
            style->mean[m] += measures[p * width + m] / (double)n;
    for (size_t p = 0; p < n; p++)
        for (size_t m = 0; m < width; m++) {
            double d = measures[p * width + m] - style->mean[m];
            style->deviation[m] += d * d / (double)n;
        }
    for (size_t m = 0; m < width; m++)
        style->deviation[m] = sqrt(style->deviation[m]);
    for (size_t p = 0; p < n; p++)
        normalise(style, measures + p * width, style->vectors + p * width);
}

int lb_style_new(lb_style **out, const lb_side *gallery, const lb_word_set *frequent,
                 const lb_word_set *suppressed, unsigned threads, lb_error *error) {
    *out = NULL;
    threads = threads ? threads : 1;
    lb_style *style = lb_alloc_zero(1, sizeof *style);
    survey all = {.style = style, .gallery = gallery};
    int status = LB_OK;
    all.extractors = lb_alloc_zero(threads, sizeof *all.extractors);
    if (style) {
        style->frequent = frequent;
        style->profiles = gallery->count;
        style->measures = HABITS + SIGNS + frequent->count;
        style->vectors = lb_alloc(style->profiles + 1, style->measures * sizeof(float));
        style->mean = lb_alloc_zero(style->measures, sizeof(double));
        style->deviation = lb_alloc_zero(style->measures, sizeof(double));
        all.measures = lb_alloc(style->profiles + 1, style->measures * sizeof(double));
    }
    if (!style || !all.extractors || !style->vectors || !style->mean || !style->deviation ||
        !all.measures)
        status = lb_fail_memory(error, "measuring style");
    for (unsigned t = 0; t < threads && status == LB_OK; t++)
        status = lb_extractor_new(&all.extractors[t], suppressed, error);
    if (status == LB_OK)
        status = lb_parallel_small(threads, gallery->count, PROFILES_A_PIECE, survey_profile, &all,
                                   error);
    if (status == LB_OK)
        settle(style, all.measures);
    for (unsigned t = 0; t < threads && all.extractors; t++)
        lb_extractor_free(all.extractors[t]);
    lb_free(all.extractors);
    lb_free(all.measures);
    if (status < 0)
        lb_style_free(style);
    else
        *out = style;
    return status;
}

void lb_style_free(lb_style *style) {
    if (!style)
        return;
    lb_free(style->vectors);
    lb_free(style->mean);
    lb_free(style->deviation);
    lb_free(style);
}

size_t lb_style_measures(const lb_style *style) {
    return style->measures;
}

int lb_style_measure(const lb_style *style, lb_extractor *extractor, const lb_side *side,
                     size_t profile, float *vector, lb_error *error) {
    double *measures = lb_alloc(style->measures, sizeof *measures);
    if (!measures)
        return lb_fail_memory(error, "measuring style");
    int status = measure(style, extractor, side, profile, measures, error);
    if (status == LB_OK)
        normalise(style, measures, vector);
    lb_free(measures);
    return status;
}

/* Four sums side by side, so that the compiler may use vector registers without changing the order
 * of any of them. */
static float dot(const float *a, const float *b, size_t count) {
    float sums[4] = {0}, rest = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (size_t k = 0; k < 4; k++)
            sums[k] += a[i + k] * b[i + k];
    for (; i < count; i++)
        rest += a[i] * b[i];
    return sums[0] + sums[1] + (sums[2] + sums[3]) + rest;
}

float lb_style_score_one(const lb_style *style, const float *vector, size_t profile) {
    return dot(vector, style->vectors + profile * style->measures, style->measures);
}

void lb_style_score(const lb_style *style, const float *vector, float *row) {
    for (size_t p = 0; p < style->profiles; p++)
        row[p] = lb_style_score_one(style, vector, p);
}
