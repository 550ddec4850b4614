/* liblinkback: can the people of an anonymized conversation corpus be linked back?
 *
 * One call reads a corpus and measures it; what it found is an lb_results, from which every report
 * is written and which knows the verdict of the policies. The program `linkback` uses nothing else.
 *
 *     lb_audit_options options = {.inputs = inputs, .input_count = 1, .policies = &policy, ...};
 *     lb_results *results;
 *     if (lb_audit_run(&results, &options, &error) == 0)
 *         lb_report_write(results, &(lb_report_target){LB_REPORT_JSON, "report.json"}, 1, &error);
 *     lb_results_free(results);
 *
 * Ownership: who creates frees; what a function returns as const belongs to what it came from.
 * Strings of the options must outlive the call only. Functions are reentrant; an lb_results may be
 * read by several threads. Texts that are returned through a `char **text` are freed with
 * lb_text_free.
 */
#ifndef LINKBACK_LINKBACK_H
#define LINKBACK_LINKBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linkback/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the command line says. A NULL, 0 or unset member means "not said":
 * then the configuration file decides, and then the default. Lists are comma separated, as on the
 * command line. */
typedef struct lb_audit_options {
    const char *const *inputs; /* files, folders, globs, "-" */
    size_t input_count;
    const char *config;      /* NULL: linkback.yaml in the current folder, if it is there */
    bool no_config;          /* not even that */
    const char *format;      /* NULL: detect */
    const char *const *maps; /* "KEY=PATH" */
    size_t map_count;
    const char *quasi_identifiers; /* "none" (or ""): there are none; NULL: the format's own */
    const char *sensitive;
    const char *unit; /* user | conversation | record */
    const char *roles;
    const char *missing;            /* own | any */
    const char *measures;           /* qi, tokens ...; or all but those with a leading - */
    const char *skip;               /* quotes, code, urls; none */
    const char *weight;             /* field of the sampling weight */
    double sampling_fraction;       /* for DIS-SUDA, in (0, 1]; 0: not said */
    uint64_t population;            /* people the users were drawn from; 0: not said */
    const char *population_table;   /* CSV of the population */
    const char *const *hierarchies; /* "FIELD=FILE": value hierarchies of sensitive fields */
    size_t hierarchy_count;
    const char *const *policies; /* built-in profiles or YAML files */
    size_t policy_count;
    const char *baseline;        /* an earlier report.json or audit.db */
    const char *aux;             /* corpus with known people, to link against */
    const char *aux_format;      /* its format; NULL: as `format`, where that fits, else detected */
    const char *const *aux_maps; /* its mapping, in place of `maps` */
    size_t aux_map_count;
    const char *truth;            /* CSV with the columns a, b: who in the corpus is who in aux */
    const char *calibrate;        /* corpus with users, for a corpus that has none */
    const char *accepted_consent; /* values of the consent field that agree; NULL: the usual ones */
    const char *opted_out; /* ids, one a line, or a corpus, that must not be in the release */
    const char *try_keys;  /* ipv4, numbers, or a file of values: are user keys their hashes? */
    const char *tmpdir;
    unsigned k;            /* 0: not said */
    const char *split;     /* how self-linkage splits people: conversation | time */
    unsigned min_messages; /* on each side of it; 0: not said */
    unsigned ngrams;       /* 0: not said */
    unsigned threads;      /* 0: all cores */
    uint64_t memory;       /* bytes; 0: 75 % of the machine's */
    uint64_t seed;
    bool seed_set;
    const char *max_errors; /* malformed records tolerated: "20", "5%", "0.05"; NULL: 100 or 1 % */
    bool reveal;            /* show rare tokens and ids in clear */
    const char *title;      /* what the reports call the corpus; NULL: nothing */
    const char *const *command; /* the command line, for the report's provenance */
    size_t command_count;
    const char *const *written; /* files that the reports will go to: no inputs of a folder */
    size_t written_count;
    /* Called now and then from any worker, but never from two at once. total 0: unknown. May be
     * NULL. */
    void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total);
    void *progress_context;
} lb_audit_options;

typedef struct lb_results lb_results;

/* Reads, measures, judges. LB_E_USAGE: options or configuration are wrong, nothing was read.
 * LB_E_INPUT: an input cannot be read, is malformed beyond max_errors, or holds not one message.
 * LB_E_RESOURCE: memory. */
int lb_audit_run(lb_results **out, const lb_audit_options *options, lb_error *error);
/* Tries to link the people of the inputs to those of options->aux, and measures nothing else.
 * Errors as above. */
int lb_link_run(lb_results **out, const lb_audit_options *options, lb_error *error);
void lb_results_free(lb_results *results); /* NULL is allowed */

typedef enum lb_verdict {
    LB_VERDICT_NONE, /* no policy was asked for */
    LB_VERDICT_PASS,
    LB_VERDICT_FAIL,     /* a rule is broken */
    LB_VERDICT_UNDECIDED /* none is, but one that must be judged could not be: no pass */
} lb_verdict;
lb_verdict lb_results_verdict(const lb_results *results);

/* May these results be the baseline of later runs? Not where the gate failed, nor where it is
 * undecided for another reason than that there is no baseline yet; *why says so in words. */
bool lb_results_can_be_baseline(const lb_results *results, const char **why);

bool lb_results_has_links(const lb_results *results); /* another corpus was linked against */

typedef enum lb_report_format {
    LB_REPORT_HTML,
    LB_REPORT_JSON,
    LB_REPORT_XML,
    LB_REPORT_SARIF,
    LB_REPORT_JUNIT,
    LB_REPORT_MARKDOWN,
    LB_REPORT_CSV,
    LB_REPORT_SQLITE,
    LB_REPORT_LINKS, /* who was linked to whom in another corpus, as CSV */
    LB_REPORT_COUNT
} lb_report_format;

const char *lb_report_name(lb_report_format format); /* "json", as --report takes it */
const char *lb_report_file(lb_report_format format); /* "report.json", the name in --output */
/* False: there is no such format; *format is then the one with the nearest name. */
bool lb_report_find(const char *name, lb_report_format *format);

/* Writes reports to their paths ("-": standard output, not for sqlite); missing folders are made.
 * All are brought to disk under temporary names and then renamed together: on failure none is
 * there. Mode 0600. */
typedef struct lb_report_target {
    lb_report_format format;
    const char *path;
} lb_report_target;
int lb_report_write(const lb_results *results, const lb_report_target *targets, size_t count,
                    lb_error *error);

/* Before an hour is spent on measuring: makes the folders that are missing and tries that each
 * target can be written. On failure, nothing stays behind. */
typedef struct lb_report_folders lb_report_folders;
int lb_report_prepare(lb_report_folders **out, const lb_report_target *targets, size_t count,
                      lb_error *error);
/* Removes the folders that were made and in which nothing was written. NULL is allowed. */
void lb_report_folders_leave(lb_report_folders *folders);

/* An earlier audit, from its audit.db or report.json: every report can be written of it again,
 * equal to the first time. LB_E_INPUT: the file is no report. */
int lb_results_read(lb_results **out, const char *path, lb_error *error);

/* Two audits, figure by figure; the sign says whether the new one is better (+) or worse (-). The
 * paths name an audit.db or a report.json each. *worse: some figure is. */
typedef enum lb_diff_format { LB_DIFF_TEXT, LB_DIFF_JSON, LB_DIFF_MARKDOWN } lb_diff_format;
int lb_diff(const char *old_path, const char *new_path, lb_diff_format format, char **text,
            bool *worse, lb_error *error);

/* The summary for a terminal: what was read, the verdict, the answers, and what to do next. */
typedef struct lb_summary_style {
    unsigned columns;    /* of the terminal; below 40 counts as 40, 0 as 80 */
    bool colours;        /* ANSI escape sequences */
    bool verbose;        /* all warnings, and more on each answer */
    const char *program; /* how the commands that it shows begin; NULL: linkback */
} lb_summary_style;
int lb_summary(const lb_results *results, const lb_report_target *written, size_t written_count,
               const lb_summary_style *style, char **text, lb_error *error);

/* What was detected in the inputs, as a text for a person; nothing is measured (only the inputs,
 * mapping and reading options are used). */
int lb_inspect_text(const lb_audit_options *options, char **text, lb_error *error);

/* The tables that drive the program, as text for a person or (json) as a JSON array. */
typedef enum lb_listing { LB_LISTING_METRICS, LB_LISTING_FORMATS, LB_LISTING_PROFILES } lb_listing;
int lb_list(lb_listing what, bool json, char **text, lb_error *error);

/* What a metric, the metrics that begin so ("link"), or a word of docs/glossary.md means; NULL lists
 * all. A paragraph is one line, whatever its length. LB_E_USAGE: there is no such word. */
int lb_explain(const char *word, char **text, lb_error *error);

/* linkback's version and those of the libraries linked in, one a line. */
int lb_versions(char **text, lb_error *error);

/* Writes to `mend` (LB_ERROR_MEND_MAX bytes) "did you mean NAME?" with the one of `names` that
 * `word` was probably meant to be and `before` ahead of it, or `otherwise` where none is near. */
void lb_name_suggest(char *mend, const char *before, const char *word, const char *const *names,
                     size_t count, const char *otherwise);

unsigned lb_default_threads(void);
void lb_text_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
