/* Who is who in two corpora (--truth): a table with the columns a (a unit of the first) and b (a
 * unit of the second; empty: known not to be there), in any order and among others, with a comma, a
 * semicolon or a tab between the cells. People of whom nothing is said are unknown.
 *
 * An id is looked for as it stands and then as people copy it (directory.h); one that is then
 * several people is nobody, and what is said of an id as it stands wins over what is said of one
 * that only folding found. */
#ifndef LB_AUDIT_SIDE_TRUTH_FILE_H
#define LB_AUDIT_SIDE_TRUTH_FILE_H

#include "audit/side/directory.h"

#define LB_TRUTH_UNKNOWN UINT32_MAX
#define LB_TRUTH_ABSENT (UINT32_MAX - 1)

typedef struct lb_truth {
    uint32_t *of; /* [units of a] units of b, LB_TRUTH_UNKNOWN, LB_TRUTH_ABSENT */
    uint64_t rows;
    uint64_t repeated;      /* rows that say what one before has said */
    uint64_t a_not_there;   /* rows whose a is no unit of the first corpus */
    uint64_t b_not_there;   /* rows whose a is, but whose b is no unit of the second */
    uint64_t known, absent; /* units of a */
    lb_listed a, b;         /* its cells that were looked up */
} lb_truth;

/* LB_E_INPUT, with file and line: it is no such file, is not UTF-8, a row is cut short or
 * contradicts another, or no row names a unit of both corpora. */
int lb_truth_read(lb_truth *truth, const char *path, lb_directory *a, lb_directory *b,
                  lb_error *error);
void lb_truth_free(lb_truth *truth); /* {0} is allowed */

#endif
