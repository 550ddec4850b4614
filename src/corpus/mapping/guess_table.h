/* Is a text without a telling name a table? Prose and chats have commas too, so that its lines must
 * agree: nine rows of ten have as many cells as the first one, and the first one reads as names of
 * columns. That is the way of Python's csv.Sniffer and of DuckDB, with one difference: where they
 * take the likeliest delimiter, a text that is no table is none.
 */
#ifndef LB_CORPUS_MAPPING_GUESS_TABLE_H
#define LB_CORPUS_MAPPING_GUESS_TABLE_H

#include "base/memory.h"
#include "base/str.h"

/* The delimiter that makes a table of the text, '\0' where none does. `whole`: the text ends here.
 * LB_E_RESOURCE. */
int lb_table_guess(lb_str text, bool whole, char *delimiter, lb_error *error);

#endif
