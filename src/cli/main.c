#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/help.h"

/* A standard file that is closed is opened so that it fails, else the first report to be opened
 * would stand in its place and be written over. */
static void hold_standard_files(void) {
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) == -1)
            (void)!open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int print_version(void) {
    char *text;
    lb_error error;
    return lb_versions(&text, &error) < 0 ? lb_command_fail(&error) : lb_command_print(text);
}

/* linkback help [COMMAND] */
static int help(int count, char **arguments) {
    const lb_command *command = count > 1 ? lb_command_find(arguments[1]) : NULL;
    if (count < 2 || strcmp(arguments[1], "--help") == 0)
        return lb_help_all(stdout);
    if (command)
        return lb_help_command(command);
    lb_error error;
    char mend[LB_ERROR_MEND_MAX];
    lb_command_suggest(mend, arguments[1], "linkback help lists the commands");
    lb_fail(&error, LB_E_USAGE, arguments[1], mend, "no such command");
    return lb_command_fail(&error);
}

/* Can the word be an input: a file, a folder, a pattern that matches, a query, standard input? */
static bool is_input(const char *word) {
    glob_t matches;
    if (strcmp(word, "-") == 0 || access(word, F_OK) == 0 || strncmp(word, "duckdb:", 7) == 0)
        return true;
    if (glob(word, 0, NULL, &matches) != 0)
        return false;
    globfree(&matches);
    return true;
}

static int check_inputs(const lb_command *command, const lb_options *options, lb_error *error) {
    size_t given = options->audit.input_count;
    if (given >= command->least && given <= command->most)
        return LB_OK;
    if (given == 0)
        return lb_fail(error, LB_E_USAGE, command->name, command->mend, "no input is given");
    return given < command->least
               ? lb_fail(error, LB_E_USAGE, command->name, command->mend, "only one is named")
               : lb_fail(error, LB_E_USAGE, command->name, command->mend, "\"%s\" is one too many",
                         options->inputs[command->most]);
}

/* Parses the words behind arguments[0], and does as they say. */
static int do_command(const lb_command *command, const char *program, int count, char **arguments) {
    lb_options options;
    lb_error error;
    int code, status = lb_options_parse(&options, command->sets, count, arguments, &error);
    if (status == LB_OK && !options.help)
        status = check_inputs(command, &options, &error);
    if (status < 0)
        code = lb_command_fail(&error);
    else {
        options.program = program;
        code = options.help ? lb_help_command(command) : command->run(&options);
    }
    lb_options_free(&options);
    return code;
}

/* The words of a command line without a command: an option, or an input, of `audit`. */
static int audit(int count, char **arguments) {
    static char name[] = "audit";
    const char *program = arguments[0], *first = arguments[1];
    if (first[0] != '-' && !is_input(first)) {
        lb_error error;
        char mend[LB_ERROR_MEND_MAX];
        lb_command_suggest(mend, first, "linkback help lists the commands");
        lb_fail(&error, LB_E_USAGE, first, mend, "no such command or file");
        return lb_command_fail(&error);
    }
    arguments[0] = name;
    return do_command(lb_command_find(name), program, count, arguments);
}

int main(int count, char **arguments) {
    hold_standard_files();
    signal(SIGPIPE, SIG_IGN); /* who reads us may leave; the exit code stays that of the work */
    if (count < 2) {
        lb_help_all(stderr);
        return -(int)LB_E_USAGE;
    }
    const char *name = arguments[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return lb_help_all(stdout);
    if (strcmp(name, "help") == 0)
        return help(count - 1, arguments + 1);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return print_version();
    const lb_command *command = lb_command_find(name);
    return command ? do_command(command, arguments[0], count - 1, arguments + 1)
                   : audit(count, arguments);
}
