/* What an audit is to do: the command line's options over the configuration's over the defaults,
 * checked in one place before anything is read. Texts live in the arena, the policies are the
 * settings' own. */
#ifndef LB_AUDIT_POLICY_SETTINGS_H
#define LB_AUDIT_POLICY_SETTINGS_H

#include "audit/policy/policy.h"
#include "corpus/corpus.h"
#include "link/split.h"
#include "linkback/linkback.h"
#include "risk/classes/anonymity.h"

/* The measures that --measures chooses from. */
typedef enum lb_measure {
    LB_MEASURE_QI = 1,
    LB_MEASURE_SUDA = 2,
    LB_MEASURE_TOKENS = 4,
    LB_MEASURE_INFERENCE = 8,
    LB_MEASURE_POPULATION = 16,
    LB_MEASURE_UNICITY = 32,
    LB_MEASURE_LINK = 64,
    LB_MEASURE_IDENTIFIERS = 128,
    LB_MEASURE_CONSENT = 256, /* and retention */
    LB_MEASURE_WHAT_IF = 512,
    LB_MEASURE_ALL = 1023
} lb_measure;

/* The value hierarchy of a sensitive field. */
typedef struct lb_hierarchy_choice {
    const char *field, *file;
} lb_hierarchy_choice;

/* A second corpus, and how it is to be read. */
typedef struct lb_other_input {
    const char *path;        /* NULL: none */
    const char *format;      /* NULL: the audit's where it fits, else detected */
    const char *const *maps; /* of its own, as of lb_corpus_options */
    size_t map_count;
} lb_other_input;

typedef struct lb_settings {
    lb_arena *arena;
    lb_corpus_options corpus;
    lb_progress progress; /* what corpus.progress points to */
    unsigned measures;    /* of lb_measure */
    bool what_if_named;   /* --measures names what-if, and not only all */
    unsigned ngrams, threads;
    uint32_t k;
    lb_missing missing;
    uint64_t memory, seed;
    const char *tmpdir;
    bool reveal;
    const char *title;                       /* of the corpus; NULL: none */
    const char *max_errors;                  /* as --max-errors takes it; NULL: the default */
    const char *config_path, *config_sha256; /* NULL: no configuration was read */
    lb_policy **policies;
    const char **policy_names; /* as --policy takes them */
    size_t policy_count;
    const char *baseline;                   /* NULL: none */
    lb_split_rule split;                    /* of self-linkage */
    size_t min_messages;                    /* on each side of it */
    double sampling_fraction;               /* in (0, 1] */
    uint64_t population;                    /* 0: unknown */
    const char *population_table;           /* CSV; NULL: none */
    const lb_hierarchy_choice *hierarchies; /* of two for one field the later holds */
    size_t hierarchy_count;
    lb_other_input aux;      /* people to link against */
    const char *truth;       /* CSV of who is who in aux; NULL: not known */
    const char *calibrate;   /* corpus with users; NULL: none */
    const char *opted_out;   /* file of ids, or a corpus; NULL: none */
    const char *try_keys;    /* ipv4, numbers or a file; NULL: do not try */
    uint64_t retention_days; /* the strictest of the policies; 0: none has a limit */
    const char *const *accepted_consent;
    size_t accepted_consent_count;
} lb_settings;

#define LB_DEFAULT_SAMPLING_FRACTION 0.01 /* sdcMicro's, for DIS-SUDA */
enum { LB_DEFAULT_K = 10, LB_DEFAULT_NGRAMS = 2, LB_DEFAULT_MIN_MESSAGES = 5 };

/* The measure number `index` as --measures calls it, and its bit; NULL behind the last. */
const char *lb_measure_name(size_t index, unsigned *bit);

/* Errors are LB_E_USAGE (or no memory). */
int lb_settings_make(lb_settings **out, const lb_audit_options *options, lb_error *error);
void lb_settings_free(lb_settings *settings); /* NULL is allowed */

#endif
