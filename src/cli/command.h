/* The commands of the program, as one table: what each is for, which options and how many inputs it
 * takes, and what runs it once they are parsed. The exit codes are those of README.md. */
#ifndef LB_CLI_COMMAND_H
#define LB_CLI_COMMAND_H

#include <stdio.h>

#include "cli/options.h"

enum { LB_EXIT_DONE = 0, LB_EXIT_BROKEN = 1 }; /* the others are minus an lb_status */
enum { LB_EXAMPLES_MAX = 5 };

typedef int lb_command_run(lb_options *options); /* returns the exit code */

typedef struct lb_example {
    const char *line, *what; /* the words after "linkback", and what they are for */
} lb_example;

typedef struct lb_command {
    const char *name, *inputs;
    const char *about; /* a line */
    const char *text;  /* a paragraph */
    unsigned sets;     /* of lb_option_set */
    size_t least, most;
    const char *mend; /* where there are fewer or more inputs */
    lb_command_run *run;
    lb_example examples[LB_EXAMPLES_MAX];
} lb_command;

extern const lb_command lb_commands[]; /* ended by a NULL name */

const lb_command *lb_command_find(const char *name); /* NULL: no such command */
/* "did you mean NAME?" for a word that is no command, as lb_name_suggest. */
void lb_command_suggest(char *mend, const char *word, const char *otherwise);

int lb_cmd_audit(lb_options *options);
int lb_cmd_link(lb_options *options);
int lb_cmd_inspect(lb_options *options);
int lb_cmd_diff(lb_options *options);
int lb_cmd_report(lb_options *options);
int lb_cmd_explain(lb_options *options);
int lb_cmd_metrics(lb_options *options);
int lb_cmd_formats(lb_options *options);
int lb_cmd_profiles(lb_options *options);

/* Prints "linkback: WHERE: WHAT; MEND" on standard error and returns the exit code. */
int lb_command_fail(const lb_error *error);

/* Brings out what was printed to `to`. It is no failure that nobody reads it any more, as behind
 * `| head`. */
int lb_command_deliver(FILE *to, lb_error *error);
int lb_command_flush(void); /* of standard output; a failure is told. Returns the exit code */

/* Writes `text` to standard output and frees it; as lb_command_flush. */
int lb_command_print(char *text);

#endif
