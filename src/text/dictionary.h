/* Words of scripts without spaces: a run of them is cut by ICU's word iterator (root locale), which
 * has dictionaries for Chinese and Japanese, Thai, Lao, Khmer and Burmese. */
#ifndef LB_TEXT_DICTIONARY_H
#define LB_TEXT_DICTIONARY_H

#include "base/str.h"
#include "linkback/error.h"

/* ICU takes 32-bit sizes and memory in proportion: longer runs are cut before they come here. */
enum { LB_DICTIONARY_RUN_MAX = 1 << 22 };

typedef struct lb_dictionary lb_dictionary;
int lb_dictionary_new(lb_dictionary **out, lb_error *error);
void lb_dictionary_free(lb_dictionary *dictionary); /* NULL is allowed */

/* Begins to cut `run` (valid UTF-8, at most LB_DICTIONARY_RUN_MAX bytes). */
int lb_dictionary_begin(lb_dictionary *dictionary, lb_str run, lb_error *error);

/* The next segment of the run: byte offsets within it, and whether all its bytes are ASCII. False:
 * no more. */
bool lb_dictionary_next(lb_dictionary *dictionary, uint32_t *start, uint32_t *end, bool *ascii);

#endif
