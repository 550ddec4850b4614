/* Guesses by the names of fields: what they mean, and which of several tables holds messages. */
#ifndef LB_CORPUS_MAPPING_GUESS_H
#define LB_CORPUS_MAPPING_GUESS_H

#include <stddef.h>

#include "base/str.h"

/* Two points for each of user, text and time among the names of a table's columns. */
size_t lb_guess_points(const lb_str *names, size_t count);

#endif
