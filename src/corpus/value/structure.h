/* What a field that is read by its structure may hold: nobody's words, but a number, a boolean, or a
 * constant of the platform. Formats say which fields those are (docs/add-a-format.md); each value is
 * held to it. */
#ifndef LB_CORPUS_VALUE_STRUCTURE_H
#define LB_CORPUS_VALUE_STRUCTURE_H

#include <stdbool.h>

#include "base/str.h"

enum { LB_STRUCTURE_LONGEST = 40 }; /* bytes of a constant, and of a number that is text */

/* Is it of at most that many letters, "_" and "-" (a word, "null"), or digits with ".", "-" and "+"
 * (a number)? Nothing at all is too. */
bool lb_structure_fits(lb_str value);

#endif
