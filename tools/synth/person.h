/* People and their voices. A voice is everything that shows in someone's messages: who they are
 * (the quasi-identifiers), their words, their habits of writing, their hours. Each person owns one,
 * drawn from the population by a key, so that any person can be made at any time without a list of
 * all.
 *
 * In a conversation a person speaks with a mixture: each trait is their own with probability
 * `style`, otherwise that of a stranger drawn for this conversation only. So with style 0 all
 * conversations come from one and the same distribution, whoever holds them, and with style 1 no
 * one is ever out of character. Who they are is theirs with probability min(1, 4 style): from 0.25
 * on nobody changes age or country. */
#ifndef SYNTH_PERSON_H
#define SYNTH_PERSON_H

#include "base/random.h"
#include "synth/lexicon.h"

enum {
    SYNTH_AGES = 6,
    SYNTH_GENDERS = 3,
    SYNTH_DEVICES = 5,
    SYNTH_CONDITIONS = 8,
    SYNTH_FAVOURITES = 6,
    SYNTH_SYMBOLS = 2,
    SYNTH_NAMES = 3,
    SYNTH_NAME_BYTES = 16,
    SYNTH_PLANTED_BYTES = 20
};

extern const char *const synth_ages[SYNTH_AGES];
extern const char *const synth_genders[SYNTH_GENDERS];
extern const char *const synth_devices[SYNTH_DEVICES];
extern const char *const synth_conditions[SYNTH_CONDITIONS];

typedef struct synth_identity {
    uint8_t language, country; /* index; the country is one of the language's */
    uint8_t age, gender, device, condition;
} synth_identity;

/* Rates are probabilities in units of 1/65536: per word, or per message where it says so. */
typedef struct synth_words {
    uint16_t favourites[SYNTH_FAVOURITES]; /* ranks of common words they overuse */
    uint16_t favourite_rate;
} synth_words;

typedef struct synth_subjects {
    uint8_t topics[2];
    uint16_t topic_rate;
    uint32_t names[SYNTH_NAMES]; /* people and pets they mention, as numbers of synth_name() */
    uint16_t name_rate;
} synth_subjects;

typedef struct synth_spelling {
    uint64_t key;               /* decides which words they always misspell, and how */
    uint16_t slip_rate;         /* chance misspellings */
    uint16_t elongation_rate;   /* "sooo" */
    bool capitals, apostrophes; /* sentences begin with a capital; "don't", not "dont" */
} synth_spelling;

typedef struct synth_layout {
    uint8_t ending; /* how sentences end: index of the four marks, none, "...", doubled */
    uint16_t comma_rate, ampersand_rate;
    uint8_t sentence_words, message_words; /* means */
} synth_layout;

typedef struct synth_flourish {
    uint8_t symbols[SYNTH_SYMBOLS]; /* emoji and emoticons */
    uint8_t laugh, greeting, farewell;
    uint16_t symbol_rate, laugh_rate, greeting_rate, farewell_rate; /* per message */
} synth_flourish;

typedef struct synth_voice {
    synth_identity identity;
    synth_words words;
    synth_subjects subjects;
    synth_spelling spelling;
    synth_layout layout;
    synth_flourish flourish;
    int16_t usual_minute; /* of the local day */
} synth_voice;

typedef enum synth_planted_kind { SYNTH_CODE, SYNTH_SURNAME, SYNTH_ORDER } synth_planted_kind;

typedef struct synth_person {
    uint64_t number;
    synth_voice voice;
    bool planted; /* has a token that no one else has */
    bool repeats; /* uses it in every other conversation, not in the first only */
    synth_planted_kind kind;
    char token[SYNTH_PLANTED_BYTES]; /* ASCII letters and digits */
    bool leaves_email, leaves_phone; /* in their first conversation */
} synth_person;

void synth_voice_draw(synth_voice *voice, const synth_lexicons *lexicons, lb_random *random);
void synth_voice_mix(synth_voice *voice, const synth_voice *own, double style,
                     const synth_lexicons *lexicons, lb_random *random);

/* The person of this number; numbers are below 2^32. */
void synth_person_make(synth_person *person, uint64_t number, uint64_t seed, double style,
                       const synth_lexicons *lexicons);

/* A made-up name, capitalised, at most SYNTH_NAME_BYTES bytes without a terminator; its size. */
size_t synth_name(uint32_t number, char *name);

#endif
