/* The value hierarchy of a sensitive field (--hierarchy FIELD=FILE), as ARX writes it: a table
 * without a header, one line a value, cut by ; or tab or comma: the value, then the group it
 * belongs to, then the wider group around that one, and so on. Every line has as many cells. Where
 * the widest groups are one ("*"), that is the root; else a root is implied above them.
 */
#ifndef LB_AUDIT_SIDE_HIERARCHY_FILE_H
#define LB_AUDIT_SIDE_HIERARCHY_FILE_H

#include "audit/side/directory.h"
#include "risk/classes/inference.h"

/* Everything in *out lives in the arena. Values that the column does not have are not looked at. An
 * empty first cell is the missing value; without such a line it is alone below the root.
 * A value is looked for as it stands, then as people copy it; *listed, which the caller frees, says
 * of how many that was. LB_E_INPUT, with the line: a value or group that stands in two places, a line that is longer or
 * shorter than others, a value of the column without a line (masked unless `reveal`). */
int lb_hierarchy_file_read(lb_value_hierarchy *out, const char *path, const lb_column *column,
                           bool reveal, lb_listed *listed, lb_arena *arena, lb_error *error);

#endif
