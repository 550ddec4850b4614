/* The truth about a corpus, counted while it is made and by the plainest means: every pair of an
 * ASCII word and the person who used it is kept, and the figures are sums over all of them. It
 * takes 8 bytes a pair and 24 a word: for corpora that a test reads, not for gigabytes.
 *
 * A word is what the generator set as one: ASCII letters, digits, and apostrophes or full stops
 * inside; upper and lower case are the same. Only people's own messages count. An
 * e-mail address is two words, as UAX #29 has it (ICU 72 has one: CLDR 42 joins at the sign). Where
 * everyone writes English these are all the tokens there are, and the truth says so ("complete").
 */
#ifndef SYNTH_TALLY_H
#define SYNTH_TALLY_H

#include <stdio.h>

#include "base/buffer.h"
#include "synth/person.h"

typedef struct synth_tally synth_tally;

typedef struct synth_totals {
    uint64_t seed, users, conversations, messages, own_messages, emails, phones;
    double style;
} synth_totals;

int synth_tally_new(synth_tally **out, lb_error *error);
void synth_tally_free(synth_tally *tally); /* NULL is allowed */

/* Conversations are told in order, those of one person one after the other. */
int synth_tally_conversation(synth_tally *tally, uint64_t user, uint64_t conversation,
                             const synth_identity *identity, lb_error *error);
int synth_tally_word(synth_tally *tally, lb_str word, lb_error *error);

/* A planted token, after its person's last conversation. `key` is the user's key in the corpus. */
int synth_tally_planted(synth_tally *tally, const synth_person *person, const char *key,
                        uint64_t conversations, lb_error *error);

/* The truth as a JSON object. */
int synth_tally_write(const synth_tally *tally, const synth_totals *totals, FILE *stream,
                      lb_error *error);

#endif
