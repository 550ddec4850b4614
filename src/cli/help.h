/* The help texts, drawn from the tables of commands and options, as wide as the terminal is. */
#ifndef LB_CLI_HELP_H
#define LB_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

/* How wide a text for whoever reads `file` should be: as COLUMNS or the terminal says, else 80; from
 * 40 to 100. */
unsigned lb_help_columns(int file);

/* Prints lines of any length, broken to the width of the terminal: what goes on stands deeper. */
void lb_help_wrap(const char *text, FILE *to);

/* Both return the exit code. */
int lb_help_all(FILE *to); /* the commands */
int lb_help_command(const lb_command *command);

#endif
