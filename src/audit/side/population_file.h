/* The population table of --population-table: a table with a header row, the quasi-identifiers
 * as columns and `count`, the number of people with those values (1 where there is no such column).
 */
#ifndef LB_AUDIT_SIDE_POPULATION_FILE_H
#define LB_AUDIT_SIDE_POPULATION_FILE_H

#include "audit/side/directory.h"
#include "index/table.h"
#include "risk/classes/population_table.h"

/* The columns are those of `table`, in its order; other columns are not looked at. An empty cell is
 * a missing value. A value is taken for that of the corpus which it is as it stands, or else as people
 * copy it; listed[columns], all zero before, says of how many that was. Errors name the file and the line: LB_E_USAGE where the file or a column is not
 * there, LB_E_INPUT for bad content. */
int lb_population_file_read(lb_population_table **out, const char *path, const lb_table *table,
                            lb_listed *listed, lb_error *error);

#endif
