/* The options of all commands, parsed once, checked in one place, before any work is done. */
#ifndef LB_CLI_OPTIONS_H
#define LB_CLI_OPTIONS_H

#include "cli/option_table.h"

/* Parses arguments[1...] by those of the table's options that are in one of `sets`. `--name=value`
 * and `--name value`, `-oDIR` and `-o DIR` are the same, `--` ends the options, a long name may be
 * cut as long as it is no other's beginning. Lists add up; another option that is given twice with
 * two values is refused. Strings point into `arguments` or belong to the options. */
int lb_options_parse(lb_options *options, unsigned sets, int count, char **arguments,
                     lb_error *error);
void lb_options_free(lb_options *options); /* also after a failure */

#endif
