/* Makes a whole corpus: people, their conversations, the messages in them. People come one after
 * the other and so do the conversations of each; memory does not grow with their number. */
#ifndef SYNTH_CORPUS_H
#define SYNTH_CORPUS_H

#include "synth/tally.h"
#include "synth/writer.h"

typedef struct synth_options {
    uint64_t users;    /* 1 ... 2^32 */
    uint64_t messages; /* of all roles; at least one for each user */
    uint64_t seed;
    double style;          /* 0 ... 1: how much people differ, see synth/person.h */
    const char *languages; /* "en,de", NULL: all */
    synth_format format;
    const char *truth; /* file for the exact figures, NULL: none */
} synth_options;

int synth_corpus_write(const synth_options *options, FILE *stream, lb_error *error);

#endif
