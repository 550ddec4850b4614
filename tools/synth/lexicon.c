#include "synth/lexicon.h"

#include <math.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/random.h"

/* Takes the next part of `list` before `separator`; false at the end. */
static bool next_part(const char **list, char separator, lb_str *part) {
    while (**list == ' ' && separator == ' ')
        ++*list;
    if (!**list)
        return false;
    const char *end = strchr(*list, separator);
    size_t size = end ? (size_t)(end - *list) : strlen(*list);
    *part = (lb_str){*list, size};
    *list += size + (end != NULL);
    return true;
}

static void finish_word(synth_word *word) {
    word->letters = true;
    for (unsigned i = 0; i < word->size; i++)
        word->letters = word->letters && lb_is_lower(word->bytes[i]);
}

static void append(synth_word *word, lb_str part) {
    if (word->size + part.size <= SYNTH_WORD_BYTES) {
        memcpy(word->bytes + word->size, part.data, part.size);
        word->size = (uint8_t)(word->size + part.size);
    }
}

static void build_word(synth_word *word, const char *syllables, unsigned count, lb_random *random) {
    for (uint64_t left = 2 + lb_random_below(random, 3); left > 0; left--) {
        const char *list = syllables;
        lb_str syllable = {NULL, 0};
        for (uint64_t skip = lb_random_below(random, count) + 1; skip > 0; skip--)
            next_part(&list, ' ', &syllable);
        append(word, syllable);
    }
    finish_word(word);
}

static void build_lexicon(synth_lexicon *lexicon, const synth_language *language) {
    lexicon->language = language;
    lb_random random = lb_random_keyed(0, "synth.lexicon", lb_hash_str(lb_str_of(language->code)));
    lb_str part;
    unsigned syllables = 0;
    for (const char *list = language->syllable; next_part(&list, ' ', &part);)
        syllables++;

    const char *list = language->common;
    for (unsigned i = 0; i < SYNTH_COMMON; i++) {
        synth_word *word = &lexicon->common[i];
        if (next_part(&list, ' ', &part)) {
            append(word, part);
            finish_word(word);
        } else {
            build_word(word, language->syllable, syllables, &random);
        }
    }
    list = language->topics;
    for (unsigned topic = 0; topic < SYNTH_TOPICS; topic++) {
        lb_str words = {"", 0};
        next_part(&list, '|', &words);
        for (unsigned i = 0; i < SYNTH_TOPIC_WORDS; i++) {
            synth_word *word = &lexicon->topics[topic][i];
            const char *blank = words.size ? memchr(words.data, ' ', words.size) : NULL;
            size_t size = blank ? (size_t)(blank - words.data) : words.size;
            if (size == 0) {
                build_word(word, language->syllable, syllables, &random);
                continue;
            }
            append(word, (lb_str){words.data, size});
            finish_word(word);
            size += blank != NULL;
            words = (lb_str){words.data + size, words.size - size};
        }
    }
    list = language->greetings;
    for (unsigned i = 0; i < SYNTH_PHRASES; i++)
        next_part(&list, '|', &lexicon->greetings[i]);
    list = language->farewells;
    for (unsigned i = 0; i < SYNTH_PHRASES; i++)
        next_part(&list, '|', &lexicon->farewells[i]);
}

/* Mandelbrot 1953: the frequency of rank r falls as (r + b)^-s. The exponent is a little steeper
 * than that of newspapers: people chat with few words. */
static double frequency(unsigned rank) {
    return pow(rank + 2.7, -1.15);
}

/* The rank that draw number `i` of `draws` equally likely ones stands for, for each i. */
static void build_ranks(unsigned draws, unsigned ranks, uint16_t *wide, uint8_t *narrow) {
    double total = 0, below = 0;
    for (unsigned rank = 1; rank <= ranks; rank++)
        total += frequency(rank);
    unsigned rank = 1;
    for (unsigned i = 0; i < draws; i++) {
        double at = (i + 0.5) / draws * total;
        while (rank < ranks && below + frequency(rank) < at)
            below += frequency(rank++);
        if (wide)
            wide[i] = (uint16_t)(rank - 1);
        else
            narrow[i] = (uint8_t)(rank - 1);
    }
}

static bool is_listed(const char *only, const char *code) {
    lb_str part;
    while (next_part(&only, ',', &part)) {
        if (lb_str_equal(part, lb_str_of(code)))
            return true;
    }
    return false;
}

static int check_list(const char *only, lb_error *error) {
    lb_str part;
    while (next_part(&only, ',', &part)) {
        bool known = false;
        for (unsigned i = 0; i < SYNTH_LANGUAGES; i++)
            known = known || lb_str_equal(part, lb_str_of(synth_languages[i].code));
        if (!known)
            return lb_fail(error, LB_E_USAGE, "--languages",
                           "write some of en,de,fr,ru,ja,ar,th,hi",
                           "%.*s is not a language that is known", (int)part.size, part.data);
    }
    return 0;
}

static void share_languages(synth_lexicons *lexicons, const char *only) {
    unsigned total = 0, reached = 0, filled = 0;
    for (unsigned i = 0; i < SYNTH_LANGUAGES; i++) {
        if (!only || is_listed(only, synth_languages[i].code))
            total += synth_languages[i].share;
    }
    for (unsigned i = 0; i < SYNTH_LANGUAGES; i++) {
        if (only && !is_listed(only, synth_languages[i].code))
            continue;
        reached += synth_languages[i].share;
        while (filled < 100 * reached / total)
            lexicons->language_of_share[filled++] = (uint8_t)i;
    }
}

int synth_lexicons_build(synth_lexicons **out, const char *only, lb_error *error) {
    int status = only ? check_list(only, error) : 0;
    if (status < 0)
        return status;
    if (only && !*only)
        return lb_fail(error, LB_E_USAGE, "--languages", "write some of en,de,fr,ru,ja,ar,th,hi",
                       "the list is empty");
    synth_lexicons *lexicons = lb_alloc_zero(1, sizeof *lexicons);
    if (!lexicons)
        return lb_fail_memory(error, "building the words of the languages");
    for (unsigned i = 0; i < SYNTH_LANGUAGES; i++)
        build_lexicon(&lexicons->of[i], &synth_languages[i]);
    build_ranks(65536, SYNTH_COMMON, lexicons->common_rank, NULL);
    build_ranks(256, SYNTH_TOPIC_WORDS, NULL, lexicons->topic_rank);
    share_languages(lexicons, only);
    *out = lexicons;
    return 0;
}
