#include "synth/person.h"

#include <stdio.h>

#include "base/hash.h"

const char *const synth_ages[SYNTH_AGES] = {"18-24", "25-34", "35-44", "45-54", "55-64", "65+"};
const char *const synth_genders[SYNTH_GENDERS] = {"female", "male", "other"};
const char *const synth_devices[SYNTH_DEVICES] = {"android", "iphone", "windows", "mac", "linux"};
const char *const synth_conditions[SYNTH_CONDITIONS] = {
    "none", "hypertension", "diabetes", "depression", "asthma", "migraine", "arthritis", "hiv"};

/* In percent; conditions by age band. */
static const unsigned age_shares[SYNTH_AGES] = {24, 30, 20, 13, 8, 5};
static const unsigned gender_shares[SYNTH_GENDERS] = {47, 49, 4};
static const unsigned device_shares[SYNTH_DEVICES] = {38, 27, 22, 10, 3};
static const unsigned condition_shares[SYNTH_AGES][SYNTH_CONDITIONS] = {
    {70, 1, 2, 12, 9, 5, 0, 1},  {66, 3, 3, 12, 7, 7, 1, 1},   {58, 9, 6, 11, 6, 7, 2, 1},
    {46, 19, 10, 9, 5, 5, 5, 1}, {33, 29, 14, 6, 4, 3, 10, 1}, {22, 36, 17, 4, 3, 1, 16, 1}};

static unsigned draw_share(const unsigned *shares, lb_random *random) {
    uint64_t draw = lb_random_below(random, 100);
    unsigned i = 0;
    while (draw >= shares[i])
        draw -= shares[i++];
    return i;
}

static void draw_identity(synth_identity *identity, const synth_lexicons *lexicons,
                          lb_random *random) {
    identity->language = lexicons->language_of_share[lb_random_below(random, 100)];
    const synth_country *countries = synth_languages[identity->language].countries;
    identity->country = 0;
    while (countries[identity->country + 1].code && lb_random_below(random, 100) < 40)
        identity->country++;
    identity->age = (uint8_t)draw_share(age_shares, random);
    identity->gender = (uint8_t)draw_share(gender_shares, random);
    identity->device = (uint8_t)draw_share(device_shares, random);
    identity->condition = (uint8_t)draw_share(condition_shares[identity->age], random);
}

/* A rate whose size itself differs much between people: most are near 0, some reach `most`. */
static uint16_t draw_rate(lb_random *random, double most) {
    double unit = lb_random_unit(random);
    return (uint16_t)(65535 * most * unit * unit);
}

void synth_voice_draw(synth_voice *voice, const synth_lexicons *lexicons, lb_random *random) {
    *voice = (synth_voice){0};
    draw_identity(&voice->identity, lexicons, random);

    for (unsigned i = 0; i < SYNTH_FAVOURITES; i++)
        voice->words.favourites[i] = (uint16_t)(40 + lb_random_below(random, 1200));
    voice->words.favourite_rate = draw_rate(random, 0.10);

    voice->subjects.topics[0] = (uint8_t)lb_random_below(random, SYNTH_TOPICS);
    voice->subjects.topics[1] = (uint8_t)lb_random_below(random, SYNTH_TOPICS);
    voice->subjects.topic_rate = (uint16_t)(2600 + draw_rate(random, 0.16));
    for (unsigned i = 0; i < SYNTH_NAMES; i++) {
        double unit = lb_random_unit(random);
        voice->subjects.names[i] = (uint32_t)(unit * unit * unit * 40000);
    }
    voice->subjects.name_rate = draw_rate(random, 0.012);

    voice->spelling.key = lb_random_next(random);
    voice->spelling.slip_rate = draw_rate(random, 0.02);
    voice->spelling.elongation_rate = draw_rate(random, 0.02);
    voice->spelling.capitals = lb_random_below(random, 100) < 60;
    voice->spelling.apostrophes = lb_random_below(random, 100) < 65;

    voice->layout.ending = (uint8_t)lb_random_below(random, 7);
    voice->layout.comma_rate = draw_rate(random, 0.15);
    voice->layout.ampersand_rate = draw_rate(random, 0.02);
    voice->layout.sentence_words = (uint8_t)(4 + lb_random_below(random, 12));
    voice->layout.message_words = (uint8_t)(5 + lb_random_below(random, 25));

    for (unsigned i = 0; i < SYNTH_SYMBOLS; i++)
        voice->flourish.symbols[i] = (uint8_t)lb_random_below(random, 256);
    voice->flourish.laugh = (uint8_t)lb_random_below(random, 256);
    voice->flourish.greeting = (uint8_t)lb_random_below(random, SYNTH_PHRASES);
    voice->flourish.farewell = (uint8_t)lb_random_below(random, SYNTH_PHRASES);
    voice->flourish.symbol_rate = draw_rate(random, 0.8);
    voice->flourish.laugh_rate = draw_rate(random, 0.4);
    voice->flourish.greeting_rate = draw_rate(random, 1);
    voice->flourish.farewell_rate = draw_rate(random, 0.5);

    voice->usual_minute = (int16_t)(7 * 60 + lb_random_below(random, 17 * 60));
}

void synth_voice_mix(synth_voice *voice, const synth_voice *own, double style,
                     const synth_lexicons *lexicons, lb_random *random) {
    synth_voice_draw(voice, lexicons, random);
    if (lb_random_unit(random) < 4 * style)
        voice->identity = own->identity;
    if (lb_random_unit(random) < style)
        voice->words = own->words;
    if (lb_random_unit(random) < style)
        voice->subjects = own->subjects;
    if (lb_random_unit(random) < style)
        voice->spelling = own->spelling;
    if (lb_random_unit(random) < style)
        voice->layout = own->layout;
    if (lb_random_unit(random) < style)
        voice->flourish = own->flourish;
    if (lb_random_unit(random) < style)
        voice->usual_minute = own->usual_minute;
}

static const char consonants[] = "bdfghklmnprstvz", vowels[] = "aeiou";

/* `number` in syllables of a consonant and a vowel each, capitalised; terminated. */
static void write_syllables(uint64_t number, unsigned syllables, char *name) {
    for (unsigned i = 0; i < syllables; i++, number /= 75) {
        name[2 * i] = consonants[number % 15];
        name[2 * i + 1] = vowels[number / 15 % 5];
    }
    name[0] = (char)(name[0] - 'a' + 'A');
    name[2 * syllables] = '\0';
}

size_t synth_name(uint32_t number, char *name) {
    uint64_t mixed = lb_hash_mix(number, 75);
    char text[SYNTH_NAME_BYTES + 1];
    unsigned syllables = 2 + (number & 1);
    write_syllables(mixed, syllables, text);
    memcpy(name, text, 2 * (size_t)syllables);
    return 2 * (size_t)syllables;
}

/* Distinct for distinct numbers: an odd multiplier is a bijection of 32-bit numbers, and each way
 * of writing keeps all 32 bits. Nothing else in a corpus has such length or prefix. */
static void write_planted(synth_person *person) {
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    uint32_t scrambled = ((uint32_t)person->number + 4711) * 2654435761u;
    switch (person->kind) {
    case SYNTH_CODE: {
        char code[] = "qx0000000";
        for (unsigned i = 8; i >= 2; i--, scrambled /= 36)
            code[i] = digits[scrambled % 36];
        memcpy(person->token, code, sizeof code);
        break;
    }
    case SYNTH_SURNAME:
        write_syllables(scrambled, 6, person->token);
        break;
    case SYNTH_ORDER:
        snprintf(person->token, sizeof person->token, "77%010u", scrambled);
        break;
    }
}

void synth_person_make(synth_person *person, uint64_t number, uint64_t seed, double style,
                       const synth_lexicons *lexicons) {
    lb_random random = lb_random_keyed(seed, "synth.person", number);
    *person = (synth_person){.number = number};
    synth_voice_draw(&person->voice, lexicons, &random);
    person->planted = lb_random_unit(&random) < 0.35 * style;
    person->repeats = lb_random_below(&random, 100) < 60;
    person->kind = (synth_planted_kind)lb_random_below(&random, 3);
    person->leaves_email = lb_random_unit(&random) < 0.04 * style;
    person->leaves_phone = lb_random_unit(&random) < 0.03 * style;
    if (person->planted)
        write_planted(person);
}
