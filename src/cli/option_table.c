#include "cli/option_table.h"

#include <stddef.h>

#define AT(field) offsetof(lb_options, field)

enum {
    READ = LB_OPTIONS_READ,
    MEASURE = LB_OPTIONS_MEASURE,
    REPORT = LB_OPTIONS_REPORT,
    LIST = LB_OPTIONS_LIST,
    DIFF = LB_OPTIONS_DIFF,
    HELP = LB_OPTIONS_HELP,
    BOTH = MEASURE | LB_OPTIONS_LINK
};

#define TEXT LB_VALUE_TEXT
#define WORDS LB_VALUE_WORDS
#define MANY LB_VALUE_LIST
#define NUMBER LB_VALUE_NUMBER
#define COUNT LB_VALUE_COUNT
#define SIZE LB_VALUE_SIZE
#define FRACTION LB_VALUE_FRACTION
#define PROGRESS LB_VALUE_PROGRESS
#define SWITCH LB_VALUE_SWITCH
#define QUIET LB_VALUE_QUIET
#define VERBOSE LB_VALUE_VERBOSE

const lb_option lb_option_table[] = {
    {.help = "Input"},
    {"format", "NAME", 'f', READ, TEXT, AT(audit.format),
     .help = "data-set format (default: detected; linkback formats lists them)"},
    {"map", "KEY=PATH", 0, READ, MANY, AT(maps), .also = AT(audit.map_count),
     .help = "where a field is: record, user, conversation, message, reply_to, role, time, text, "
             "consent"},
    {"qi", "FIELD,...", 0, READ, WORDS, AT(audit.quasi_identifiers),
     .help = "fields that an outsider may know of a person (default: the format's)"},
    {"sensitive", "FIELD,...", 0, READ, WORDS, AT(audit.sensitive),
     .help = "fields that an outsider wants to learn (default: the format's)"},
    {"unit", "UNIT", 0, READ, TEXT, AT(audit.unit),
     .help = "whom the measures protect: user, conversation, record"},
    {"roles", "LIST", 0, READ, WORDS, AT(audit.roles),
     .help = "whose turns are the person's own words (default: user)"},
    {"skip", "LIST", 0, READ, WORDS, AT(audit.skip),
     .help = "text to leave out: quotes, code, urls, or none"},
    {"accepted-consent", "LIST", 0, READ, WORDS, AT(audit.accepted_consent),
     .help = "values of the consent field that agree (default: yes, true, given, ...)"},
    {"max-errors", "N|SHARE", 0, READ, TEXT, AT(audit.max_errors),
     .help = "malformed records tolerated, as 20 or 5% (default: 100 or 1%, whichever is less)"},

    {.help = "What is measured"},
    {"measures", "LIST", 0, MEASURE, WORDS, AT(audit.measures),
     .help = "only these, or all but those with a leading -: qi, suda, tokens, unicity, link, "
             "inference, population, identifiers, consent, whatif; all,whatif: also the attack "
             "after each remedy, which takes five times as long"},
    {"k", "N", 0, MEASURE, NUMBER, AT(audit.k), .most = UINT32_MAX,
     .help = "fewer than N people is rare (default: 10)"},
    {"ngrams", "N", 0, MEASURE, NUMBER, AT(audit.ngrams), .most = 5,
     .help = "longest word n-gram, 1 to 5 (default: 2)"},
    {"missing", "own|any", 0, MEASURE, TEXT, AT(audit.missing),
     .help = "a missing value is its own value, or matches any (default: own)"},
    {"weight", "FIELD", 0, MEASURE, TEXT, AT(audit.weight), .help = "field of the sampling weight"},
    {"sampling-fraction", "F", 0, MEASURE, FRACTION, AT(audit.sampling_fraction),
     .help = "share of the population in the corpus, for DIS-SUDA (default: 0.01)"},
    {"population", "N", 0, MEASURE, COUNT, AT(audit.population), .least = 1,
     .help = "people the users were drawn from (default: unknown)"},
    {"split", "RULE", 0, BOTH, TEXT, AT(audit.split),
     .help = "how self-linkage splits people: conversation or time (default: by the corpus)"},
    {"min-messages", "N", 0, BOTH, NUMBER, AT(audit.min_messages), .most = UINT32_MAX,
     .help = "messages on each side to be attacked (default: 5)"},
    {"seed", "N", 0, BOTH, COUNT, AT(audit.seed), .also = AT(audit.seed_set),
     .help = "seed of everything random (default: 1)"},

    {.help = "Side data"},
    {"aux", "FILE", 0, MEASURE, TEXT, AT(audit.aux),
     .help = "another corpus, with known people: link against it too"},
    {"aux-format", "NAME", 0, BOTH, TEXT, AT(audit.aux_format),
     .help = "format of the other corpus (default: --format if it fits, else detected)"},
    {"aux-map", "KEY=PATH", 0, BOTH, MANY, AT(aux_maps), .also = AT(audit.aux_map_count),
     .help = "where a field of the other corpus is, in place of --map"},
    {"truth", "FILE", 0, BOTH, TEXT, AT(audit.truth),
     .help = "CSV with the columns a,b: who in the corpus is who in the other one"},
    {"calibrate", "FILE", 0, MEASURE, TEXT, AT(audit.calibrate),
     .help = "corpus with users, to learn from where the inputs have none"},
    {"opted-out", "FILE", 0, MEASURE, TEXT, AT(audit.opted_out),
     .help = "user ids, one a line, or a corpus, that must not be in the release"},
    {"try-keys", "SPACE|FILE", 0, MEASURE, TEXT, AT(audit.try_keys),
     .help = "are user keys bare hashes? try ipv4, numbers, or a file of values"},
    {"population-table", "FILE", 0, MEASURE, TEXT, AT(audit.population_table),
     .help = "CSV of the population: the quasi-identifiers and count"},
    {"hierarchy", "FIELD=FILE", 0, MEASURE, MANY, AT(hierarchies),
     .also = AT(audit.hierarchy_count),
     .help = "value hierarchy of a sensitive field for t-closeness, as ARX's CSV: "
             "value;group;wider group"},

    {.help = "Gate"},
    {"policy", "NAME|FILE", 0, BOTH, MANY, AT(policies), .also = AT(audit.policy_count),
     .help = "judge by a built-in profile (linkback profiles lists them) or a YAML policy"},
    {"baseline", "FILE", 0, BOTH, TEXT, AT(audit.baseline),
     .help = "an earlier report.json or audit.db, for rules with max_increase"},
    {"write-baseline", "FILE", 0, BOTH, TEXT, AT(write_baseline),
     .help = "keep this run as the baseline, unless its gate fails"},

    {.help = "Output"},
    {"output", "DIR", 'o', REPORT, TEXT, AT(output),
     .help = "folder for the reports (default: linkback-report)"},
    {"report", "FORMAT[=FILE]", 0, REPORT, MANY, AT(reports), .also = AT(report_count),
     .help = "only this report; =- is standard output. Formats: html json xml sarif junit markdown "
             "csv sqlite, and links where another corpus is linked"},
    {"title", "TEXT", 0, BOTH, TEXT, AT(audit.title), .help = "what the reports call the corpus"},
    {"reveal", NULL, 0, BOTH, SWITCH, AT(audit.reveal),
     .help = "show rare tokens and ids in clear in the reports"},
    {"json", NULL, 0, LIST | DIFF, SWITCH, AT(json), .help = "as JSON"},
    {"markdown", NULL, 0, DIFF, SWITCH, AT(markdown), .help = "as a Markdown table"},
    {"exit-code", NULL, 0, DIFF, SWITCH, AT(exit_code), .help = "exit 1 where a figure is worse"},
    {"quiet", NULL, 'q', REPORT, QUIET, AT(verbosity), .help = "nothing but errors"},
    {"verbose", NULL, 'v', BOTH, VERBOSE, AT(verbosity), .help = "every warning in full"},

    {.help = "Running"},
    {"config", "FILE", 'c', READ, TEXT, AT(audit.config),
     .help = "YAML configuration (default: linkback.yaml, if it is there)"},
    {"no-config", NULL, 0, READ, SWITCH, AT(audit.no_config),
     .help = "read no configuration, even where linkback.yaml is there"},
    {"threads", "N", 0, BOTH, NUMBER, AT(audit.threads), .most = 1024,
     .help = "worker threads (default: all cores)"},
    {"memory", "SIZE", 0, BOTH, SIZE, AT(audit.memory),
     .help = "memory budget, as 512M or 8G (default: 75 % of RAM)"},
    {"tmpdir", "DIR", 0, BOTH, TEXT, AT(audit.tmpdir),
     .help = "where runs are spilled (default: $TMPDIR or /tmp)"},
    {"progress", "WHEN", 0, BOTH, PROGRESS, AT(progress),
     .help = "auto, always or never (default: auto)"},
    {"help", NULL, 'h', HELP, SWITCH, AT(help), .help = "this text"},
};
const size_t lb_option_count = sizeof lb_option_table / sizeof *lb_option_table;
_Static_assert(sizeof lb_option_table / sizeof *lb_option_table <= LB_OPTIONS_KNOWN,
               "lb_options has room for every row");
