/* A language's words, built once from its lists: the common words by rank, then words built from
 * its syllables; and the words of each topic. Ranks are drawn after Zipf and Mandelbrot. The words
 * depend on the language only, not on the seed. */
#ifndef SYNTH_LEXICON_H
#define SYNTH_LEXICON_H

#include "base/memory.h"
#include "base/str.h"
#include "synth/language.h"

enum {
    SYNTH_COMMON = 6000,
    SYNTH_TOPICS = 64,
    SYNTH_TOPIC_WORDS = 40,
    SYNTH_PHRASES = 8,
    SYNTH_WORD_BYTES = 30
};

typedef struct synth_word {
    uint8_t size;
    bool letters; /* nothing but a-z: can be misspelt letter by letter */
    char bytes[SYNTH_WORD_BYTES];
} synth_word;

typedef struct synth_lexicon {
    const synth_language *language;
    synth_word common[SYNTH_COMMON];
    synth_word topics[SYNTH_TOPICS][SYNTH_TOPIC_WORDS];
    lb_str greetings[SYNTH_PHRASES], farewells[SYNTH_PHRASES];
} synth_lexicon;

typedef struct synth_lexicons {
    synth_lexicon of[SYNTH_LANGUAGES];
    uint16_t common_rank[65536];    /* a uniform 16-bit draw -> rank of a common word */
    uint8_t topic_rank[256];        /* a uniform 8-bit draw -> rank within a topic */
    uint8_t language_of_share[100]; /* a uniform draw below 100 -> language */
} synth_lexicons;

/* Which languages people speak: `only` is a list such as "en,de", NULL is all. lb_free() frees. */
int synth_lexicons_build(synth_lexicons **out, const char *only, lb_error *error);

#endif
