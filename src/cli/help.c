#include "cli/help.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40, USUAL = 80, WIDEST = 100, NARROW = 60, OPTION_WIDTH = 28, NAME_WIDTH = 18 };

unsigned lb_help_columns(int file) {
    const char *said = getenv("COLUMNS");
    struct winsize size;
    unsigned long columns = said ? strtoul(said, NULL, 10) : 0;
    if (columns == 0 && ioctl(file, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    return columns == 0          ? USUAL
           : columns < NARROWEST ? NARROWEST
           : columns > WIDEST    ? WIDEST
                                 : (unsigned)columns;
}

typedef struct page {
    FILE *to;
    unsigned columns;
} page;

/* Words broken into lines that begin at `indent` and end with `cut` where they go on; the cursor
 * stands at `column`. Ends the line. */
static void wrap_with(const page *p, const char *text, unsigned indent, unsigned column,
                      const char *cut) {
    bool first = true;
    while (*text) {
        unsigned size = (unsigned)strcspn(text, " ");
        if (!first && column + 1 + size + strlen(cut) > p->columns) {
            fprintf(p->to, "%s\n", cut);
            column = 0;
            first = true;
        }
        unsigned gap = first ? (column < indent ? indent - column : 0) : 1;
        fprintf(p->to, "%*s%.*s", (int)gap, "", (int)size, text);
        column += gap + size;
        first = false;
        text += size;
        text += strspn(text, " ");
    }
    fputc('\n', p->to);
}

static void wrap(const page *p, const char *text, unsigned indent, unsigned column) {
    wrap_with(p, text, indent, column, "");
}

void lb_help_wrap(const char *text, FILE *to) {
    page p = {to, lb_help_columns(fileno(to))};
    char line[4096];
    for (size_t size; *text; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        unsigned blanks = (unsigned)strspn(text, " ");
        snprintf(line, sizeof line, "%.*s", (int)size, text);
        fprintf(to, "%.*s", (int)blanks, line);
        wrap(&p, line + blanks, blanks == 0 ? 0 : blanks + 2, blanks + 2);
    }
}

/* A name, and what it is beside it, or below it where there is no room. */
static void entry(const page *p, const char *name, const char *what, unsigned width) {
    unsigned left = (unsigned)strlen(name) + 2, indent = p->columns < NARROW ? 6 : width + 2;
    fprintf(p->to, "  %s", name);
    if (left + 1 > indent) {
        fputc('\n', p->to);
        left = 0;
    }
    wrap(p, what, indent, left);
}

static void options(const page *p, unsigned sets) {
    const char *heading = NULL;
    for (size_t i = 0; i < lb_option_count; i++) {
        const lb_option *line = &lb_option_table[i];
        if (!line->name)
            heading = line->help;
        if (!line->name || !(line->set & (sets | LB_OPTIONS_HELP)))
            continue;
        if (heading)
            fprintf(p->to, "\n%s\n", heading);
        heading = NULL;
        char name[64], letter[8] = "    ";
        if (line->letter)
            snprintf(letter, sizeof letter, "-%c, ", line->letter);
        snprintf(name, sizeof name, "%s--%s%s%s", letter, line->name, line->argument ? " " : "",
                 line->argument ? line->argument : "");
        entry(p, name, line->help, OPTION_WIDTH);
    }
}

static void examples(const page *p, const lb_example *of, size_t count) {
    fputs("\nExamples\n", p->to);
    for (size_t i = 0; i < count && of[i].line; i++) {
        fputs("  linkback ", p->to);
        wrap_with(p, of[i].line, 4, 11, " \\");
        wrap(p, of[i].what, 6, 0);
    }
}

int lb_help_command(const lb_command *command) {
    page p = {stdout, lb_help_columns(STDOUT_FILENO)};
    char usage[128];
    snprintf(usage, sizeof usage, "linkback %s [OPTION...] %s", command->name, command->inputs);
    fputs("usage: ", p.to);
    wrap(&p, usage, 4, 7);
    fputc('\n', p.to);
    wrap(&p, command->text, 0, 0);
    options(&p, command->sets);
    examples(&p, command->examples, LB_EXAMPLES_MAX);
    return lb_command_flush();
}

int lb_help_all(FILE *to) {
    static const lb_example first[] = {
        {"inspect chats.jsonl", "which field is what?"},
        {"chats.jsonl --qi country,age", "measure, attack, report"},
        {"chats.jsonl --qi country,age --policy release", "and judge"},
        {"explain link.recall_p90", "what does a figure mean?"}};
    page p = {to, lb_help_columns(fileno(to))};
    wrap(&p, "linkback: can the people of an anonymized conversation corpus be linked back?", 0, 0);
    fputs("\nusage: linkback INPUT... [OPTION...]\n"
          "       linkback COMMAND [OPTION...]\n"
          "\nCommands (the first is meant without one)\n",
          to);
    for (const lb_command *command = lb_commands; command->name; command++) {
        char name[64];
        snprintf(name, sizeof name, "%s %s", command->name, command->inputs);
        name[strcspn(name, " ") + (*command->inputs ? 1 + strlen(command->inputs) : 0)] = '\0';
        entry(&p, name, command->about, NAME_WIDTH);
    }
    entry(&p, "help COMMAND", "options and examples of a command, as COMMAND --help", NAME_WIDTH);
    entry(&p, "--version, -V", "versions of linkback and of the libraries linked in", NAME_WIDTH);
    examples(&p, first, sizeof first / sizeof *first);
    fputs("\nExit codes\n", to);
    wrap(&p,
         "0 done, 1 a policy is broken or not decided, 2 wrong command line or configuration, 3 an "
         "input cannot be read, 4 a resource failed",
         2, 0);
    return to == stdout ? lb_command_flush() : LB_EXIT_DONE;
}
