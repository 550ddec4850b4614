#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

/* "equivalence class" without quotes is two words of the command line, and one that is asked for. */
static char *asked(const lb_options *options) {
    size_t size = 1;
    for (size_t i = 0; i < options->audit.input_count; i++)
        size += strlen(options->inputs[i]) + 1;
    char *words = calloc(size, 1);
    for (size_t i = 0; words && i < options->audit.input_count; i++)
        strcat(strcat(words, i ? " " : ""), options->inputs[i]);
    return words;
}

int lb_cmd_explain(lb_options *options) {
    lb_error error;
    char *text, *word = asked(options);
    int status = word ? lb_explain(*word ? word : NULL, &text, &error)
                      : lb_fail_memory(&error, "reading the command line");
    free(word);
    if (status < 0)
        return lb_command_fail(&error);
    lb_help_wrap(text, stdout);
    lb_text_free(text);
    return lb_command_flush();
}
