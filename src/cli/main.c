#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const char about[] =
    "linkback: can the people of an anonymized conversation corpus be linked back?\n"
    "\n"
    "usage: linkback COMMAND [OPTION...] [INPUT...]\n"
    "\n";

static int print_help(FILE *to) {
    fputs(about, to);
    for (const lb_command *command = lb_commands; command->name; command++)
        fprintf(to, "  %-18s %s\n", command->synopsis, command->about);
    fputs("\n"
          "linkback COMMAND --help says more; linkback --version names the libraries linked in.\n"
          "exit codes: 0 done, 1 a policy was broken or not decided, 2 wrong command line or "
          "configuration,\n"
          "            3 an input cannot be read, 4 a resource failed\n",
          to);
    return fflush(to) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
}

static int print_version(void) {
    char *text;
    lb_error error;
    return lb_versions(&text, &error) < 0 ? lb_command_fail(&error) : lb_command_print(text);
}

int main(int count, char **arguments) {
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error to be reported, not a death */
    if (count < 2) {
        print_help(stderr);
        return -(int)LB_E_USAGE;
    }
    const char *name = arguments[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return print_help(stdout);
    if (strcmp(name, "--version") == 0)
        return print_version();
    for (const lb_command *command = lb_commands; command->name; command++)
        if (strcmp(name, command->name) == 0)
            return command->run(count - 1, arguments + 1);
    lb_error error;
    lb_fail(&error, LB_E_USAGE, name, "linkback --help lists the commands", "no such command");
    return lb_command_fail(&error);
}
