/* Where people used the tokens that single them out: the first place of each in the input, for an
 * auditor who wants to go and look. */
#ifndef LB_RISK_WORDS_TOKEN_PLACES_H
#define LB_RISK_WORDS_TOKEN_PLACES_H

#include "risk/words/token_reader.h"

enum { LB_PLACES_MAX = 3 };

typedef struct lb_token_place {
    uint64_t line;   /* of the record, in its source; 0: not found */
    uint32_t source; /* number of the input */
} lb_token_place;

typedef struct lb_token_quest {
    uint32_t unit;
    unsigned count;                      /* tokens to look for */
    uint32_t token[LB_PLACES_MAX];       /* numbers of 1-grams */
    lb_token_place place[LB_PLACES_MAX]; /* of the unit's first message with the token, by source
                                            and line; filled in */
} lb_token_quest;

/* Reads the messages of the units of the quests, nobody else's; one unit at a time on each thread.
 * The index must have kept its texts (else LB_E_USAGE). */
int lb_token_places_find(lb_token_quest *quests, size_t count, const lb_index *index,
                         unsigned threads, lb_error *error);

#endif
