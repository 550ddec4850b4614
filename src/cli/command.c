#include "cli/command.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
    AUDIT = LB_OPTIONS_READ | LB_OPTIONS_MEASURE | LB_OPTIONS_REPORT,
    LINK = LB_OPTIONS_READ | LB_OPTIONS_LINK | LB_OPTIONS_REPORT
};
static const char name_inputs[] = "name a file, a folder, or - for standard input";

const lb_command lb_commands[] = {
    {"audit",
     "INPUT...",
     "read a corpus, measure, attack, report, judge by a policy",
     "Reads the inputs (files, folders, - for standard input) as one corpus, measures how well its "
     "people are hidden, writes reports, and judges them by the policies that are named. "
     "`linkback FILE` is `linkback audit FILE`.",
     AUDIT,
     1,
     SIZE_MAX,
     name_inputs,
     lb_cmd_audit,
     {{"audit chats.jsonl", "a first look at everything; the reports lie in linkback-report/"},
      {"audit chats.jsonl --qi country,age --policy release -o audit/",
       "say what an outsider may know, and gate: exit code 0 passes, 1 does not"},
      {"audit chats.jsonl --map user=author --map text=body",
       "say which field is what, where linkback cannot tell"},
      {"audit chats.jsonl --opted-out left.txt --measures consent",
       "is anyone still there who asked to be left out?"},
      {"audit chats.jsonl --report json=- -q | head -20", "one report, to another program"}}},
    {"link",
     "A B",
     "try to link the people of one corpus to those of another",
     "Tries to find the people of corpus A among those of corpus B by how they write and when. The "
     "two may be of different formats. What the signs are worth is learnt by linking A or B to "
     "itself; that two keys are equal counts for nothing. With --truth it says how often the "
     "attack is right, without it how many links it is sure of. links.csv lists them; keys are "
     "masked unless --reveal is given.",
     LINK,
     2,
     2,
     "name two corpora, each one file, folder or -",
     lb_cmd_link,
     {{"link spring.jsonl autumn.jsonl", "who of spring is in autumn?"},
      {"link spring.jsonl autumn.jsonl --truth who.csv -o linked/",
       "the same, and how often that is right"},
      {"link spring.jsonl autumn.jsonl --report links=-", "only the list of links"}}},
    {"inspect",
     "INPUT...",
     "show what was detected in the inputs; nothing is measured",
     "Shows what was detected in the inputs: container, format, field mapping, fields and "
     "candidate "
     "quasi-identifiers, and a few masked messages. Nothing is measured.",
     LB_OPTIONS_READ,
     1,
     SIZE_MAX,
     name_inputs,
     lb_cmd_inspect,
     {{"inspect chats.jsonl", "which field is what?"},
      {"inspect chats.jsonl --map user=author --map text=body", "and with fields named by hand"},
      {"inspect chats.jsonl --format jsonl", "and with the format named"}}},
    {"diff",
     "OLD NEW",
     "compare two audits, figure by figure",
     "Compares two audits (audit.db or report.json) figure by figure. The sign says better (+) or "
     "worse (-); figures whose intervals overlap are marked with ~.",
     LB_OPTIONS_DIFF,
     2,
     2,
     "name the older and the newer audit",
     lb_cmd_diff,
     {{"diff before/audit.db after/audit.db", "what has changed?"},
      {"diff before/report.json after/report.json --exit-code",
       "exit code 1 where a figure is worse"},
      {"diff before/audit.db after/audit.db --markdown", "for the comment of a change"}}},
    {"report",
     "AUDIT.db",
     "render a stored audit again, in any format",
     "Renders a stored audit (audit.db or report.json) again, in any format, equal to the first "
     "time. Nothing is measured and no policy is judged anew.",
     LB_OPTIONS_REPORT,
     1,
     1,
     "name one audit.db or report.json",
     lb_cmd_report,
     {{"report audit/audit.db -o again/", "every report, into a folder"},
      {"report audit/audit.db --report html=page.html", "only the page"},
      {"report audit/audit.db --report markdown=-", "one report, to another program"}}},
    {"explain",
     "[WORD]",
     "say what a figure or a word means, and what to do about it",
     "Says of a figure what it counts, which direction is worse, how sure it is, which options "
     "change it, where the definition comes from and what to do if it is bad; and of a word of the "
     "field what it means. Without a word it lists all.",
     LB_OPTIONS_HELP,
     0,
     SIZE_MAX,
     "",
     lb_cmd_explain,
     {{"explain qi.k", "a figure"}, {"explain k-anonymity", "a word"}, {"explain", "all of them"}}},
    {"metrics",
     "",
     "list every figure with its definition and source",
     "Lists every figure that a policy may name: unit, direction, definition and source.",
     LB_OPTIONS_LIST,
     0,
     0,
     "linkback explain FIGURE says more of one",
     lb_cmd_metrics,
     {{"metrics", "to read"},
      {"metrics --json", "for a program"},
      {"explain qi.k", "more of one"}}},
    {"formats",
     "",
     "list the data-set formats and containers that are known",
     "Lists the data-set formats that are recognised, with their containers and which field is "
     "what.",
     LB_OPTIONS_LIST,
     0,
     0,
     "linkback inspect FILE says what a file is",
     lb_cmd_formats,
     {{"formats", "to read"},
      {"formats --json", "for a program"},
      {"inspect chats.jsonl", "what is this file?"}}},
    {"profiles",
     "",
     "list the built-in policies with every threshold",
     "Lists the built-in policies, with every threshold and where it comes from.",
     LB_OPTIONS_LIST,
     0,
     0,
     "linkback audit FILE --policy NAME judges by one",
     lb_cmd_profiles,
     {{"profiles", "to read"},
      {"profiles --json", "for a program"},
      {"audit chats.jsonl --policy release", "judge by one"}}},
    {.name = NULL},
};

const lb_command *lb_command_find(const char *name) {
    for (const lb_command *command = lb_commands; command->name; command++)
        if (strcmp(name, command->name) == 0)
            return command;
    return NULL;
}

void lb_command_suggest(char *mend, const char *word, const char *otherwise) {
    const char *names[sizeof lb_commands / sizeof *lb_commands] = {"help"};
    size_t count = 1;
    for (const lb_command *command = lb_commands; command->name; command++)
        names[count++] = command->name;
    lb_name_suggest(mend, "", word, names, count, otherwise);
}

int lb_command_fail(const lb_error *error) {
    fprintf(stderr, "linkback: %s: %s; %s\n", error->where, error->what, error->mend);
    return -(int)error->code;
}

int lb_command_deliver(FILE *to, lb_error *error) {
    struct pollfd reader = {.fd = fileno(to), .events = POLLOUT};
    errno = 0;
    bool bad = ferror(to) != 0;
    bad = fflush(to) != 0 || bad;
    int number = errno;
    if (!bad || (poll(&reader, 1, 0) == 1 && reader.revents & (POLLERR | POLLHUP)))
        return LB_OK;
    return lb_fail_errno(error, LB_E_RESOURCE, "standard output", "cannot write",
                         number ? number : EIO);
}

int lb_command_flush(void) {
    lb_error error;
    return lb_command_deliver(stdout, &error) < 0 ? lb_command_fail(&error) : LB_EXIT_DONE;
}

int lb_command_print(char *text) {
    fputs(text, stdout);
    lb_text_free(text);
    return lb_command_flush();
}
