/* The help texts, drawn from the tables of commands and options, as wide as the terminal is. */
#ifndef LB_CLI_HELP_H
#define LB_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

/* How wide a text for whoever reads `file` should be: as COLUMNS or the terminal says, else 80; from
 * 40 to 100. */
unsigned lb_help_columns(int file);

/* Both return the exit code. */
int lb_help_all(FILE *to); /* the commands */
int lb_help_command(const lb_command *command);

#endif
