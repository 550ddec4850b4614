#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct option_line {
    const char *name, *argument; /* argument NULL: none */
    int letter;                  /* what getopt returns: a letter, or a number above all letters */
    unsigned set;
    const char *help;
} option_line;

enum {
    OPT_MAP = 256,
    OPT_QI,
    OPT_SENSITIVE,
    OPT_UNIT,
    OPT_ROLES,
    OPT_K,
    OPT_NGRAMS,
    OPT_MEASURES,
    OPT_MISSING,
    OPT_SKIP,
    OPT_WEIGHT,
    OPT_SAMPLING_FRACTION,
    OPT_POPULATION,
    OPT_POPULATION_TABLE,
    OPT_HIERARCHY,
    OPT_SPLIT,
    OPT_MIN_MESSAGES,
    OPT_AUX,
    OPT_AUX_FORMAT,
    OPT_AUX_MAP,
    OPT_TRUTH,
    OPT_CALIBRATE,
    OPT_POLICY,
    OPT_BASELINE,
    OPT_OPTED_OUT,
    OPT_TRY_KEYS,
    OPT_REPORT,
    OPT_REVEAL,
    OPT_SEED,
    OPT_THREADS,
    OPT_MEMORY,
    OPT_TMPDIR,
    OPT_MAX_ERRORS,
    OPT_PROGRESS,
};

static const option_line lines[] = {
    {"config", "FILE", 'c', LB_OPTIONS_READ,
     "YAML configuration (default: linkback.yaml, if it is there)"},
    {"format", "NAME", 'f', LB_OPTIONS_READ,
     "data-set format (default: detected; linkback formats lists them)"},
    {"map", "KEY=PATH", OPT_MAP, LB_OPTIONS_READ,
     "where a field is: record, user, conversation, message, reply_to, role, time, text, consent"},
    {"qi", "FIELD,...", OPT_QI, LB_OPTIONS_READ, "quasi-identifier fields (default: the format's)"},
    {"sensitive", "FIELD,...", OPT_SENSITIVE, LB_OPTIONS_READ,
     "sensitive fields (default: the format's)"},
    {"unit", "UNIT", OPT_UNIT, LB_OPTIONS_READ,
     "whom the measures protect: user, conversation, record"},
    {"roles", "LIST", OPT_ROLES, LB_OPTIONS_READ,
     "whose turns are the person's own words (default: user)"},
    {"skip", "LIST", OPT_SKIP, LB_OPTIONS_READ, "text to leave out: quotes, code, urls, or none"},
    {"max-errors", "N", OPT_MAX_ERRORS, LB_OPTIONS_READ,
     "malformed records tolerated (default: 100)"},
    {"k", "N", OPT_K, LB_OPTIONS_MEASURE, "fewer than N people is rare (default: 10)"},
    {"ngrams", "N", OPT_NGRAMS, LB_OPTIONS_MEASURE, "longest word n-gram, 1 to 5 (default: 2)"},
    {"measures", "LIST", OPT_MEASURES, LB_OPTIONS_MEASURE,
     "only these, or all but those with a leading -; all,whatif: also the slow one"},
    {"missing", "own|any", OPT_MISSING, LB_OPTIONS_MEASURE,
     "a missing value is its own value, or matches any"},
    {"weight", "FIELD", OPT_WEIGHT, LB_OPTIONS_MEASURE, "field of the sampling weight"},
    {"sampling-fraction", "F", OPT_SAMPLING_FRACTION, LB_OPTIONS_MEASURE,
     "share of the population in the corpus, for DIS-SUDA (default: 0.01)"},
    {"population", "N", OPT_POPULATION, LB_OPTIONS_MEASURE,
     "people the users were drawn from (default: unknown)"},
    {"population-table", "FILE", OPT_POPULATION_TABLE, LB_OPTIONS_MEASURE,
     "CSV of the population: the quasi-identifiers and count"},
    {"hierarchy", "FIELD=FILE", OPT_HIERARCHY, LB_OPTIONS_MEASURE,
     "value hierarchy of a sensitive field for t-closeness, as ARX's CSV: value;group;wider group"},
    {"split", "RULE", OPT_SPLIT, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "how self-linkage splits people: conversation or time (default: by the corpus)"},
    {"min-messages", "N", OPT_MIN_MESSAGES, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "messages on each side to be attacked (default: 5)"},
    {"aux", "FILE", OPT_AUX, LB_OPTIONS_MEASURE,
     "another corpus, with known people: link against it too"},
    {"aux-format", "NAME", OPT_AUX_FORMAT, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "format of the other corpus (default: --format if it fits, else detected)"},
    {"aux-map", "KEY=PATH", OPT_AUX_MAP, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "where a field of the other corpus is, in place of --map"},
    {"truth", "FILE", OPT_TRUTH, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "CSV with the columns a,b: who in the corpus is who in the other one"},
    {"calibrate", "FILE", OPT_CALIBRATE, LB_OPTIONS_MEASURE,
     "corpus with users, to learn from where the inputs have none"},
    {"policy", "NAME|FILE", OPT_POLICY, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "gate by a built-in profile or a YAML policy"},
    {"baseline", "FILE", OPT_BASELINE, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "an earlier report.json to bound changes against"},
    {"opted-out", "FILE", OPT_OPTED_OUT, LB_OPTIONS_MEASURE,
     "user ids, one a line, or a corpus, that must not be in the release"},
    {"try-keys", "SPACE|FILE", OPT_TRY_KEYS, LB_OPTIONS_MEASURE,
     "are user keys bare hashes? try ipv4, numbers, or a file of values"},
    {"output", "DIR", 'o', LB_OPTIONS_REPORT, "folder for the reports (default: linkback-report)"},
    {"report", "FORMAT[=FILE]", OPT_REPORT, LB_OPTIONS_REPORT,
     "only this report; =- is standard output"},
    {"reveal", NULL, OPT_REVEAL, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "show rare tokens and ids in clear in the reports"},
    {"seed", "N", OPT_SEED, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "seed of everything random (default: 1)"},
    {"threads", "N", OPT_THREADS, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "worker threads (default: all cores)"},
    {"memory", "SIZE", OPT_MEMORY, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "memory budget, as 512M or 8G (default: 75 % of RAM)"},
    {"tmpdir", "DIR", OPT_TMPDIR, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "where runs are spilled (default: $TMPDIR or /tmp)"},
    {"progress", "WHEN", OPT_PROGRESS, LB_OPTIONS_MEASURE | LB_OPTIONS_LINK,
     "auto, always or never (default: auto)"},
    {"quiet", NULL, 'q', LB_OPTIONS_REPORT, "nothing but errors"},
    {"verbose", NULL, 'v', LB_OPTIONS_MEASURE | LB_OPTIONS_LINK, "every warning in full"},
    {"help", NULL, 'h', LB_OPTIONS_READ | LB_OPTIONS_MEASURE | LB_OPTIONS_LINK | LB_OPTIONS_REPORT,
     "this text"},
};
enum { LINES = sizeof lines / sizeof *lines };

void lb_options_print(unsigned sets) {
    for (size_t i = 0; i < LINES; i++) {
        if (!(lines[i].set & sets))
            continue;
        char left[64];
        snprintf(left, sizeof left, "%c%c%s --%s%s%s", lines[i].letter < 256 ? '-' : ' ',
                 lines[i].letter < 256 ? lines[i].letter : ' ', lines[i].letter < 256 ? "," : " ",
                 lines[i].name, lines[i].argument ? " " : "",
                 lines[i].argument ? lines[i].argument : "");
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

static int repeat(const option_line *line, const char **list, size_t *count, const char *value,
                  lb_error *error) {
    if (*count == LB_OPTIONS_MANY)
        return wrong(error, line, "give it fewer times", "the option is repeated too often");
    list[(*count)++] = value;
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

static int apply_number(lb_audit_options *audit, const option_line *line, const char *value,
                        lb_error *error) {
    uint64_t number = 0;
    int status = LB_OK;
    switch (line->letter) {
    case OPT_K:
        status = parse_count(line, value, 1, UINT32_MAX, &number, error);
        audit->k = (unsigned)number;
        break;
    case OPT_NGRAMS:
        status = parse_count(line, value, 1, 5, &number, error);
        audit->ngrams = (unsigned)number;
        break;
    case OPT_THREADS:
        status = parse_count(line, value, 1, 1024, &number, error);
        audit->threads = (unsigned)number;
        break;
    case OPT_MIN_MESSAGES:
        status = parse_count(line, value, 1, UINT32_MAX, &number, error);
        audit->min_messages = (unsigned)number;
        break;
    case OPT_POPULATION:
        status = parse_count(line, value, 1, UINT64_MAX, &audit->population, error);
        break;
    case OPT_SAMPLING_FRACTION:
        status = parse_fraction(line, value, &audit->sampling_fraction, error);
        break;
    case OPT_SEED:
        audit->seed_set = true;
        status = parse_count(line, value, 0, UINT64_MAX, &audit->seed, error);
        break;
    case OPT_MAX_ERRORS:
        audit->max_errors_set = true;
        status = parse_count(line, value, 0, UINT64_MAX, &audit->max_errors, error);
        break;
    default:
        status = parse_size(line, value, &audit->memory, error);
    }
    return status;
}

/* Where the text of an option goes; NULL: it is not a plain text. */
static const char **text_of(lb_options *options, int letter) {
    lb_audit_options *audit = &options->audit;
    switch (letter) {
    case 'c':
        return &audit->config;
    case 'f':
        return &audit->format;
    case 'o':
        return &options->output;
    case OPT_QI:
        return &audit->quasi_identifiers;
    case OPT_SENSITIVE:
        return &audit->sensitive;
    case OPT_UNIT:
        return &audit->unit;
    case OPT_ROLES:
        return &audit->roles;
    case OPT_SKIP:
        return &audit->skip;
    case OPT_MEASURES:
        return &audit->measures;
    case OPT_MISSING:
        return &audit->missing;
    case OPT_WEIGHT:
        return &audit->weight;
    case OPT_BASELINE:
        return &audit->baseline;
    case OPT_TMPDIR:
        return &audit->tmpdir;
    case OPT_SPLIT:
        return &audit->split;
    case OPT_POPULATION_TABLE:
        return &audit->population_table;
    case OPT_AUX:
        return &audit->aux;
    case OPT_AUX_FORMAT:
        return &audit->aux_format;
    case OPT_TRUTH:
        return &audit->truth;
    case OPT_CALIBRATE:
        return &audit->calibrate;
    case OPT_OPTED_OUT:
        return &audit->opted_out;
    case OPT_TRY_KEYS:
        return &audit->try_keys;
    default:
        return NULL;
    }
}

static int apply(lb_options *options, const option_line *line, const char *value, lb_error *error) {
    const char **text = text_of(options, line->letter);
    bool folder = line->letter == 'o' || line->letter == OPT_TMPDIR;
    if (folder && *value == '\0') /* of an unset variable; it must not come to mean "/" */
        return wrong(error, line, "name a folder", "the value is empty");
    if (text) {
        *text = value;
        return LB_OK;
    }
    switch (line->letter) {
    case OPT_MAP:
        return repeat(line, options->maps, &options->audit.map_count, value, error);
    case OPT_AUX_MAP:
        return repeat(line, options->aux_maps, &options->audit.aux_map_count, value, error);
    case OPT_POLICY:
        return repeat(line, options->policies, &options->audit.policy_count, value, error);
    case OPT_HIERARCHY:
        return repeat(line, options->hierarchies, &options->audit.hierarchy_count, value, error);
    case OPT_REPORT:
        return repeat(line, options->reports, &options->report_count, value, error);
    case OPT_REVEAL:
        options->audit.reveal = true;
        return LB_OK;
    case OPT_PROGRESS:
        return parse_progress(line, value, &options->progress, error);
    case 'q':
        options->verbosity = -1;
        return LB_OK;
    case 'v':
        options->verbosity = 1;
        return LB_OK;
    case 'h':
        options->help = true;
        return LB_OK;
    default:
        return apply_number(&options->audit, line, value, error);
    }
}

static const option_line *line_of(int letter) {
    for (size_t i = 0; i < LINES; i++)
        if (lines[i].letter == letter)
            return &lines[i];
    return NULL;
}

/* What getopt could not take: an unknown option, or one without its argument. */
static int refuse(int code, int letter, const char *argument, lb_error *error) {
    const option_line *line = line_of(letter);
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
        table[known++] = (struct option){lines[i].name, has, NULL, lines[i].letter};
        if (lines[i].letter < 256) {
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
