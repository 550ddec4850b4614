/* The commands of the program. Each takes its own arguments (arguments[0] is the command's name)
 * and returns the exit code (README.md). */
#ifndef LB_CLI_COMMAND_H
#define LB_CLI_COMMAND_H

#include <stdbool.h>

#include "linkback/linkback.h"

enum { LB_EXIT_DONE = 0, LB_EXIT_BROKEN = 1 }; /* the others are minus an lb_status */

typedef int lb_command_run(int count, char **arguments);

typedef struct lb_command {
    const char *name, *synopsis, *about;
    lb_command_run *run;
} lb_command;

extern const lb_command lb_commands[]; /* ended by a NULL name */

int lb_cmd_audit(int count, char **arguments);
int lb_cmd_link(int count, char **arguments);
int lb_cmd_inspect(int count, char **arguments);
int lb_cmd_diff(int count, char **arguments);
int lb_cmd_report(int count, char **arguments);
int lb_cmd_metrics(int count, char **arguments);
int lb_cmd_formats(int count, char **arguments);
int lb_cmd_profiles(int count, char **arguments);

/* Prints "linkback: WHERE: WHAT; MEND" on standard error and returns the exit code. */
int lb_command_fail(const lb_error *error);

/* Writes `text` to standard output and frees it; a failure (a closed pipe, a full disk) is an exit
 * code. */
int lb_command_print(char *text);

#endif
