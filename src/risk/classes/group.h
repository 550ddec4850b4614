/* Grouping: which rows agree on some columns of codes. The one primitive below all anonymity sets.
 *
 * Codes are packed into 64-bit keys in mixed radix; when the next column no longer fits, the rows
 * are grouped by the key so far and the group's number becomes the key (partition refinement), so
 * that the result is exact for any number of columns. Keys of a small domain index a table; others
 * are hashed, after a radix partition of the rows by hash into pieces whose table stays in cache.
 *
 * A grouper owns its working memory and keeps it between runs: one for each thread.
 */
#ifndef LB_RISK_CLASSES_GROUP_H
#define LB_RISK_CLASSES_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "linkback/error.h"

typedef struct lb_group_column {
    const uint32_t *codes; /* [rows], each below domain */
    uint64_t domain;       /* at most 2^32 */
} lb_group_column;

typedef struct lb_grouper lb_grouper;

int lb_grouper_new(lb_grouper **out, lb_error *error);
void lb_grouper_free(lb_grouper *grouper); /* NULL is allowed */

/* Writes to group[row] the number of the row's group; groups are numbered 0 ... *groups - 1 in the
 * order of their first rows. No columns: one group. rows below 2^31. O(rows * columns). `group`
 * overlaps no column. */
int lb_grouper_run(lb_grouper *grouper, const lb_group_column *columns, size_t column_count,
                   size_t rows, uint32_t *group, uint32_t *groups, lb_error *error);

#endif
