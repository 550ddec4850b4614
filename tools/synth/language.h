/* The languages of the made-up corpora, as plain data: common words, syllables to build further
 * words from, punctuation, greetings. All lists were written for this generator; they need to look
 * like the language to a program that measures, not to a reader. Words stand apart by blanks, lists
 * of phrases by '|'. No word may fold to ASCII without being ASCII ("Strasse" with a sharp s):
 * the truth counts ASCII words as they are written. */
#ifndef SYNTH_LANGUAGE_H
#define SYNTH_LANGUAGE_H

#include <stdbool.h>

enum { SYNTH_LANGUAGES = 8, SYNTH_COUNTRIES_MAX = 6 };

typedef struct synth_country {
    const char *code; /* ISO 3166-1 */
    int utc_minutes;  /* its clock ahead of UTC; summer time is left out */
} synth_country;

typedef struct synth_language {
    const char *code;     /* ISO 639-1 */
    unsigned share;       /* of the people, in percent; all languages together 100 */
    bool spaced;          /* words stand apart by blanks */
    const char *common;   /* the most frequent words, most frequent first */
    const char *topics;   /* topic words, '|' between topics; may be empty: then built */
    const char *syllable; /* what further words are built from */
    const char *comma, *stop, *question, *exclaim;
    const char *greetings, *farewells;
    synth_country countries[SYNTH_COUNTRIES_MAX]; /* the first are the more frequent; ended by NULL
                                                   */
} synth_language;

extern const synth_language synth_languages[SYNTH_LANGUAGES];

#endif
