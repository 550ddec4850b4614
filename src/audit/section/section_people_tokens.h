/* The people whom the report lists, and the tokens by which they can be known: what
 * section_people.c ranks and section_people_tokens.c looks up. */
#ifndef LB_AUDIT_SECTION_SECTION_PEOPLE_TOKENS_H
#define LB_AUDIT_SECTION_SECTION_PEOPLE_TOKENS_H

#include "audit/section/state.h"
#include "risk/words/token_places.h"

enum { LB_PERSON_TOKENS = LB_PLACES_MAX };

typedef struct lb_person {
    uint32_t unit;
    uint32_t set;      /* smallest anonymity set found; 0: nothing is known of the unit */
    uint32_t unique;   /* tokens of its own */
    uint32_t together; /* the tokens below lead to `token_set` units: 1: each alone; 2, 3: all */
    uint32_t token_set;
    lb_token_quest tokens; /* none where no rare set of tokens is known */
} lb_person;

/* Fills in together, token_set and tokens of each of the people (`count` below 255), with the
 * places of the tokens where the index kept its texts. Of tokens that single out alone those that
 * say most are taken: identifying classes first, then those used in several conversations. */
int lb_people_find_tokens(const lb_audit_run_state *audit, lb_person *people, size_t count,
                          lb_error *error);

/* Appends a token and what it is: "j•••••• (7 letters), a name". */
int lb_people_describe_token(const lb_audit_run_state *audit, uint32_t token, lb_buffer *into,
                             lb_error *error);

#endif
