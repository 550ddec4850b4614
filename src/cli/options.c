#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an option's value is, and so what is written where the option says. */
typedef enum value_kind {
    TEXT,
    FOLDER,   /* a text that is not empty */
    LIST,     /* one more text of a list */
    NUMBER,   /* an unsigned, from 1 */
    COUNT,    /* a uint64_t */
    SIZE,     /* a uint64_t, of bytes */
    FRACTION, /* a double, in (0, 1] */
    PROGRESS, /* an lb_progress_when */
    SWITCH,   /* a bool; no value */
    QUIET,    /* an int, -1; no value */
    VERBOSE   /* an int, 1; no value */
} value_kind;

typedef struct option_line {
    const char *name, *argument; /* argument NULL: none */
    char letter;                 /* 0: the option has no short form */
    unsigned set;
    value_kind kind;
    size_t at;            /* where in lb_options the value goes */
    size_t also;          /* where a list counts, or a bool says that it was given; 0: nowhere */
    uint64_t least, most; /* of a COUNT, of a NUMBER */
    const char *help;
} option_line;

#define AT(field) offsetof(lb_options, field)

enum {
    READ = LB_OPTIONS_READ,
    MEASURE = LB_OPTIONS_MEASURE,
    LINK = LB_OPTIONS_LINK,
    REPORT = LB_OPTIONS_REPORT,
    BOTH = MEASURE | LINK
};

static const option_line lines[] = {
    {"config", "FILE", 'c', READ, TEXT, AT(audit.config),
     .help = "YAML configuration (default: linkback.yaml, if it is there)"},
    {"format", "NAME", 'f', READ, TEXT, AT(audit.format),
     .help = "data-set format (default: detected; linkback formats lists them)"},
    {"map", "KEY=PATH", 0, READ, LIST, AT(maps), .also = AT(audit.map_count),
     .help = "where a field is: record, user, conversation, message, reply_to, role, time, text, "
             "consent"},
    {"qi", "FIELD,...", 0, READ, TEXT, AT(audit.quasi_identifiers),
     .help = "quasi-identifier fields (default: the format's)"},
    {"sensitive", "FIELD,...", 0, READ, TEXT, AT(audit.sensitive),
     .help = "sensitive fields (default: the format's)"},
    {"unit", "UNIT", 0, READ, TEXT, AT(audit.unit),
     .help = "whom the measures protect: user, conversation, record"},
    {"roles", "LIST", 0, READ, TEXT, AT(audit.roles),
     .help = "whose turns are the person's own words (default: user)"},
    {"skip", "LIST", 0, READ, TEXT, AT(audit.skip),
     .help = "text to leave out: quotes, code, urls, or none"},
    {"max-errors", "N", 0, READ, COUNT, AT(audit.max_errors), .also = AT(audit.max_errors_set),
     .help = "malformed records tolerated (default: 100)"},
    {"k", "N", 0, MEASURE, NUMBER, AT(audit.k), .most = UINT32_MAX,
     .help = "fewer than N people is rare (default: 10)"},
    {"ngrams", "N", 0, MEASURE, NUMBER, AT(audit.ngrams), .most = 5,
     .help = "longest word n-gram, 1 to 5 (default: 2)"},
    {"measures", "LIST", 0, MEASURE, TEXT, AT(audit.measures),
     .help = "only these, or all but those with a leading -; all,whatif: also the slow one"},
    {"missing", "own|any", 0, MEASURE, TEXT, AT(audit.missing),
     .help = "a missing value is its own value, or matches any"},
    {"weight", "FIELD", 0, MEASURE, TEXT, AT(audit.weight), .help = "field of the sampling weight"},
    {"sampling-fraction", "F", 0, MEASURE, FRACTION, AT(audit.sampling_fraction),
     .help = "share of the population in the corpus, for DIS-SUDA (default: 0.01)"},
    {"population", "N", 0, MEASURE, COUNT, AT(audit.population), .least = 1,
     .help = "people the users were drawn from (default: unknown)"},
    {"population-table", "FILE", 0, MEASURE, TEXT, AT(audit.population_table),
     .help = "CSV of the population: the quasi-identifiers and count"},
    {"hierarchy", "FIELD=FILE", 0, MEASURE, LIST, AT(hierarchies),
     .also = AT(audit.hierarchy_count),
     .help = "value hierarchy of a sensitive field for t-closeness, as ARX's CSV: "
             "value;group;wider group"},
    {"split", "RULE", 0, BOTH, TEXT, AT(audit.split),
     .help = "how self-linkage splits people: conversation or time (default: by the corpus)"},
    {"min-messages", "N", 0, BOTH, NUMBER, AT(audit.min_messages), .most = UINT32_MAX,
     .help = "messages on each side to be attacked (default: 5)"},
    {"aux", "FILE", 0, MEASURE, TEXT, AT(audit.aux),
     .help = "another corpus, with known people: link against it too"},
    {"aux-format", "NAME", 0, BOTH, TEXT, AT(audit.aux_format),
     .help = "format of the other corpus (default: --format if it fits, else detected)"},
    {"aux-map", "KEY=PATH", 0, BOTH, LIST, AT(aux_maps), .also = AT(audit.aux_map_count),
     .help = "where a field of the other corpus is, in place of --map"},
    {"truth", "FILE", 0, BOTH, TEXT, AT(audit.truth),
     .help = "CSV with the columns a,b: who in the corpus is who in the other one"},
    {"calibrate", "FILE", 0, MEASURE, TEXT, AT(audit.calibrate),
     .help = "corpus with users, to learn from where the inputs have none"},
    {"policy", "NAME|FILE", 0, BOTH, LIST, AT(policies), .also = AT(audit.policy_count),
     .help = "gate by a built-in profile or a YAML policy"},
    {"baseline", "FILE", 0, BOTH, TEXT, AT(audit.baseline),
     .help = "an earlier report.json to bound changes against"},
    {"opted-out", "FILE", 0, MEASURE, TEXT, AT(audit.opted_out),
     .help = "user ids, one a line, or a corpus, that must not be in the release"},
    {"try-keys", "SPACE|FILE", 0, MEASURE, TEXT, AT(audit.try_keys),
     .help = "are user keys bare hashes? try ipv4, numbers, or a file of values"},
    {"output", "DIR", 'o', REPORT, FOLDER, AT(output),
     .help = "folder for the reports (default: linkback-report)"},
    {"report", "FORMAT[=FILE]", 0, REPORT, LIST, AT(reports), .also = AT(report_count),
     .help = "only this report; =- is standard output"},
    {"reveal", NULL, 0, BOTH, SWITCH, AT(audit.reveal),
     .help = "show rare tokens and ids in clear in the reports"},
    {"seed", "N", 0, BOTH, COUNT, AT(audit.seed), .also = AT(audit.seed_set),
     .help = "seed of everything random (default: 1)"},
    {"threads", "N", 0, BOTH, NUMBER, AT(audit.threads), .most = 1024,
     .help = "worker threads (default: all cores)"},
    {"memory", "SIZE", 0, BOTH, SIZE, AT(audit.memory),
     .help = "memory budget, as 512M or 8G (default: 75 % of RAM)"},
    {"tmpdir", "DIR", 0, BOTH, FOLDER, AT(audit.tmpdir),
     .help = "where runs are spilled (default: $TMPDIR or /tmp)"},
    {"progress", "WHEN", 0, BOTH, PROGRESS, AT(progress),
     .help = "auto, always or never (default: auto)"},
    {"quiet", NULL, 'q', REPORT, QUIET, AT(verbosity), .help = "nothing but errors"},
    {"verbose", NULL, 'v', BOTH, VERBOSE, AT(verbosity), .help = "every warning in full"},
    {"help", NULL, 'h', READ | BOTH | REPORT, SWITCH, AT(help), .help = "this text"},
};
enum { LINES = sizeof lines / sizeof *lines };

void lb_options_print(unsigned sets) {
    for (size_t i = 0; i < LINES; i++) {
        if (!(lines[i].set & sets))
            continue;
        const option_line *line = &lines[i];
        char left[64], letter = line->letter ? line->letter : ' ';
        snprintf(left, sizeof left, "%c%c%c --%s%s%s", line->letter ? '-' : ' ', letter,
                 line->letter ? ',' : ' ', line->name, line->argument ? " " : "",
                 line->argument ? line->argument : "");
        printf("  %-28s %s\n", left, lines[i].help);
    }
}

static int wrong(lb_error *error, const option_line *line, const char *mend, const char *what) {
    char where[64];
    snprintf(where, sizeof where, "--%s", line->name);
    return lb_fail(error, LB_E_USAGE, where, mend, "%s", what);
}

static int parse_count(const option_line *line, const char *text, uint64_t least, uint64_t most,
                       uint64_t *value, lb_error *error) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && text[0] != '-' && number >= least &&
        number <= most) {
        *value = number;
        return LB_OK;
    }
    char what[LB_ERROR_WHAT_MAX], mend[128];
    snprintf(what, sizeof what, "\"%s\" is not a number that will do", text);
    if (most == UINT64_MAX)
        snprintf(mend, sizeof mend, "give a whole number from %llu up", (unsigned long long)least);
    else
        snprintf(mend, sizeof mend, "give a whole number from %llu to %llu",
                 (unsigned long long)least, (unsigned long long)most);
    return wrong(error, line, mend, what);
}

/* "512M", "8G", "1048576": powers of 1024; "MB" and "MiB" mean the same. */
static int parse_size(const option_line *line, const char *text, uint64_t *value, lb_error *error) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    unsigned shift = 0;
    static const char units[] = "KMGT";
    const char *unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end) : NULL;
    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
        end += strcmp(end, "B") == 0 ? 1 : strcmp(end, "iB") == 0 ? 2 : 0;
    }
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' ||
        number > UINT64_MAX >> shift || (*value = number << shift) < 1 << 20)
        return wrong(error, line, "give a size such as 512M or 8G, at least 1M",
                     "not a size that will do");
    return LB_OK;
}

static int parse_fraction(const option_line *line, const char *text, double *value,
                          lb_error *error) {
    char *end;
    *value = strtod(text, &end);
    if (end == text || *end != '\0' || !(*value > 0 && *value <= 1))
        return wrong(error, line, "give a number above 0, at most 1",
                     "not a fraction that will do");
    return LB_OK;
}

static int parse_progress(const option_line *line, const char *text, lb_progress_when *when,
                          lb_error *error) {
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *when = (lb_progress_when)i;
            return LB_OK;
        }
    return wrong(error, line, "give auto, always or never", "no such choice");
}

static int apply(lb_options *options, const option_line *line, const char *value, lb_error *error) {
    void *at = (char *)options + line->at, *also = (char *)options + line->also;
    uint64_t number = 1;
    int status = LB_OK;
    switch (line->kind) {
    case FOLDER:
        if (*value == '\0') /* of an unset variable; it must not come to mean "/" */
            return wrong(error, line, "name a folder", "the value is empty");
        *(const char **)at = value;
        break;
    case TEXT:
        *(const char **)at = value;
        break;
    case LIST:
        if (*(size_t *)also == LB_OPTIONS_MANY)
            return wrong(error, line, "give it fewer times", "the option is repeated too often");
        ((const char **)at)[(*(size_t *)also)++] = value;
        break;
    case NUMBER:
        status = parse_count(line, value, 1, line->most, &number, error);
        *(unsigned *)at = (unsigned)number;
        break;
    case COUNT:
        status = parse_count(line, value, line->least, UINT64_MAX, at, error);
        if (line->also)
            *(bool *)also = true;
        break;
    case SIZE:
        return parse_size(line, value, at, error);
    case FRACTION:
        return parse_fraction(line, value, at, error);
    case PROGRESS:
        return parse_progress(line, value, at, error);
    case SWITCH:
        *(bool *)at = true;
        break;
    case QUIET:
    case VERBOSE:
        *(int *)at = line->kind == QUIET ? -1 : 1;
        break;
    }
    return status;
}

/* What getopt returns for an option: its letter, or a number above all letters. */
static int code_of(const option_line *line) {
    return line->letter ? line->letter : 256 + (int)(line - lines);
}

static const option_line *line_of(int code) {
    for (size_t i = 0; i < LINES; i++)
        if (code_of(&lines[i]) == code)
            return &lines[i];
    return NULL;
}

/* What getopt could not take: an unknown option, or one without its argument. */
static int refuse(int code, int option, const char *argument, lb_error *error) {
    const option_line *line = line_of(option);
    if (line && code == ':')
        return wrong(error, line, "give it a value", "the value is missing");
    if (line) /* getopt names a known option that was given a value it does not take */
        return wrong(error, line, "leave the value out", "the option takes no value");
    return lb_fail(error, LB_E_USAGE, argument, "--help lists the options", "no such option");
}

int lb_options_parse(lb_options *options, unsigned sets, int count, char **arguments,
                     lb_error *error) {
    struct option table[LINES + 1] = {{0}};
    char letters[2 * LINES + 2] = ":";
    size_t known = 0;
    for (size_t i = 0; i < LINES; i++) {
        if (!(lines[i].set & sets))
            continue;
        int has = lines[i].argument ? required_argument : no_argument;
        table[known++] = (struct option){lines[i].name, has, NULL, code_of(&lines[i])};
        if (lines[i].letter) {
            size_t n = strlen(letters);
            snprintf(letters + n, sizeof letters - n, "%c%s", lines[i].letter, has ? ":" : "");
        }
    }
    *options = (lb_options){0};
    optind = 0;
    opterr = 0;
    int code;
    while ((code = getopt_long(count, arguments, letters, table, NULL)) != -1) {
        const char *seen = optind > 0 && optind <= count ? arguments[optind - 1] : "";
        int status = code == '?' || code == ':' ? refuse(code, optopt, seen, error)
                                                : apply(options, line_of(code), optarg, error);
        if (status < 0)
            return status;
    }
    options->audit.inputs = (const char *const *)(arguments + optind);
    options->audit.input_count = (size_t)(count - optind);
    options->audit.maps = options->maps;
    options->audit.aux_maps = options->aux_maps;
    options->audit.policies = options->policies;
    options->audit.hierarchies = options->hierarchies;
    if (!options->help && options->audit.input_count == 0)
        return lb_fail(error, LB_E_USAGE, arguments[0],
                       "name a file, a folder, or - for standard input", "no input is given");
    return LB_OK;
}
