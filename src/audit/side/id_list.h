/* A list of ids that a person made: one a line, or in columns of a table. Which columns hold the ids
 * shows in what matches: whole lines where they do, else the column with the most cells that name
 * somebody, and those that have at least half as many. A first line that is a heading, and lines
 * that are comments (# and a blank), are no ids. */
#ifndef LB_AUDIT_SIDE_ID_LIST_H
#define LB_AUDIT_SIDE_ID_LIST_H

#include "base/memory.h"
#include "base/str.h"

typedef struct lb_id_list {
    lb_str *ids; /* [count] each once, in the order of their hashes */
    size_t count, matching;
    unsigned column,
        columns;     /* of a table: the first that was taken, from 1, and how many; else 0 */
    lb_str heading;  /* of that column; size 0: there is none */
    lb_arena *arena; /* what all that lives in */
} lb_id_list;

/* Does an id name somebody? 1 yes, 0 no, or an error. */
typedef int lb_id_known(void *context, lb_str id, lb_error *error);

/* LB_E_INPUT: it cannot be read, or holds no id. */
int lb_id_list_read(lb_id_list *out, const char *path, lb_id_known *known, void *context,
                    lb_error *error);
void lb_id_list_free(lb_id_list *list); /* {0} is allowed */

#endif
