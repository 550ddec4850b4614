/* Guesses of what no format and no user says: which fields are the user, the text, the time ..., by
 * their names and, where no name says it, by their values. */
#ifndef LB_CORPUS_READ_GUESS_H
#define LB_CORPUS_READ_GUESS_H

#include "corpus/read/source.h"

/* Completes the mapping of a generic format by the names of the fields. */
int lb_source_guess(lb_source_state *source, lb_arena *arena, lb_error *error);

/* XML: the element that looks most like a message; NULL: none does. */
const lb_field *lb_record_guess(const lb_catalogue *catalogue);

#endif
