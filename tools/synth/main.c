/* linkback-synth: writes a made-up corpus whose people can be linked back as well as --style says,
 * and the truth about it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "synth/corpus.h"

static const char usage[] =
    "usage: linkback-synth --users N --messages M --seed S [--style X] [--format jsonl|csv|xml]\n"
    "                      [--languages LIST] [--truth FILE]\n"
    "\n"
    "Writes a made-up corpus of conversations to standard output; the same options give the same\n"
    "bytes. Conversations are whole and those of one person stand together; they are not sorted\n"
    "by time.\n"
    "\n"
    "  --users N         people\n"
    "  --messages M      messages in all, those of the assistant included; at least N\n"
    "  --seed S          which corpus of all of this size\n"
    "  --style X         0: all people write alike and no one can be linked; 1: everyone is "
    "always\n"
    "                    in character (default 0.5)\n"
    "  --format NAME     jsonl (default), csv or xml\n"
    "  --languages LIST  some of en,de,fr,ru,ja,ar,th,hi (default: all)\n"
    "  --truth FILE      write the exact figures of the corpus as JSON (takes memory by the "
    "number\n"
    "                    of words and people)\n";

static int read_number(const char *name, const char *value, uint64_t *number, lb_error *error) {
    char *end = NULL;
    errno = 0;
    unsigned long long read = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno)
        return lb_fail(error, LB_E_USAGE, name, "write a whole number", "%s is no number", value);
    *number = read;
    return 0;
}

static int read_style(const char *value, double *style, lb_error *error) {
    char *end = NULL;
    double read = strtod(value, &end);
    if (end == value || *end || !(read >= 0 && read <= 1))
        return lb_fail(error, LB_E_USAGE, "--style", "write a number from 0 to 1",
                       "%s is not between 0 and 1", value);
    *style = read;
    return 0;
}

static int read_format(const char *value, synth_format *format, lb_error *error) {
    static const char *const names[] = {"jsonl", "csv", "xml"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            *format = (synth_format)i;
            return 0;
        }
    }
    return lb_fail(error, LB_E_USAGE, "--format", "write jsonl, csv or xml", "%s is not known",
                   value);
}

static int read_option(const char *name, const char *value, synth_options *options,
                       lb_error *error) {
    if (strcmp(name, "--users") == 0)
        return read_number(name, value, &options->users, error);
    if (strcmp(name, "--messages") == 0)
        return read_number(name, value, &options->messages, error);
    if (strcmp(name, "--seed") == 0)
        return read_number(name, value, &options->seed, error);
    if (strcmp(name, "--style") == 0)
        return read_style(value, &options->style, error);
    if (strcmp(name, "--format") == 0)
        return read_format(value, &options->format, error);
    if (strcmp(name, "--languages") == 0)
        options->languages = value;
    else if (strcmp(name, "--truth") == 0)
        options->truth = value;
    else
        return lb_fail(error, LB_E_USAGE, name, "see linkback-synth --help", "no such option");
    return 0;
}

static int check(const synth_options *options, lb_error *error) {
    if (options->users < 1 || options->users > UINT32_MAX)
        return lb_fail(error, LB_E_USAGE, "--users", "write a number from 1 to 4294967295",
                       "how many people is missing or out of range");
    if (options->messages < options->users || options->messages > (uint64_t)1 << 50)
        return lb_fail(error, LB_E_USAGE, "--messages", "give at least as many as users",
                       "how many messages is missing or out of range");
    return 0;
}

static int run(int count, char **arguments, lb_error *error) {
    synth_options options = {.style = 0.5};
    for (int i = 1; i < count; i += 2) {
        if (i + 1 == count)
            return lb_fail(error, LB_E_USAGE, arguments[i], "see linkback-synth --help",
                           "no value follows");
        int status = read_option(arguments[i], arguments[i + 1], &options, error);
        if (status < 0)
            return status;
    }
    int status = check(&options, error);
    return status < 0 ? status : synth_corpus_write(&options, stdout, error);
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ? -LB_E_RESOURCE : 0;
    lb_error error;
    int status = run(count, arguments, &error);
    if (status < 0)
        fprintf(stderr, "linkback-synth: %s: %s; %s\n", error.where, error.what, error.mend);
    return -status;
}
