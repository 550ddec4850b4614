/* A join: a file beside the messages that says more of their users (a survey, a list of speakers).
 * It is read by the corpus layer itself, as a table of users, and held in memory: the fields that
 * are attributes of the corpus, by user. Of several records of one user the first counts. */
#ifndef LB_CORPUS_JOIN_H
#define LB_CORPUS_JOIN_H

#include "corpus/input/place.h"
#include "corpus/mapping/format.h"
#include "corpus/read/counts.h"
#include "corpus/read/unsearched.h"
#include "corpus/read/user_table.h"
#include "corpus/tolerance.h"

typedef struct lb_join lb_join;

/* Looks at the file; `what` and `place` stay with the caller. */
int lb_join_open(lb_join **out, const lb_format_join *what, const lb_place *place,
                 lb_tolerance tolerance, lb_error *error);
void lb_join_free(lb_join *join); /* NULL is allowed */

const lb_place *lb_join_place(const lb_join *join);
bool lb_join_has_field(const lb_join *join, const char *name);

/* Reads the file: the fields of these names. */
int lb_join_load(lb_join *join, const char *const *names, size_t count, lb_error *error);

/* What it says of the users, once it was loaded; values in the order of the names. */
const lb_user_table *lb_join_users(const lb_join *join);

/* Its fields that nothing looks at, once it was loaded; adds what was read of the file, and what
 * could not be, to the counts. */
const lb_unsearched *lb_join_unsearched(const lb_join *join, lb_corpus_counts *counts);

#endif
