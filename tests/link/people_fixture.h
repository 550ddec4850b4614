/* Made-up people for tests of the attack: each has words and habits of their own, or none. */
#ifndef TESTS_LINK_PEOPLE_FIXTURE_H
#define TESTS_LINK_PEOPLE_FIXTURE_H

#include "link/texts_fixture.h"

typedef struct people_options {
    unsigned people, conversations, messages; /* per person; messages per conversation */
    unsigned words;                           /* per message */
    double character; /* share of the words that are the person's favourites; 0: all write alike */
    bool shared;      /* conversations have several people */
    bool times;
    uint64_t seed;
} people_options;

/* Conversations of person p are numbered so that no two people share one, unless shared. */
texts_fixture *people_fixture_new(const people_options *options);

#endif
