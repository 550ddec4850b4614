/* linkback.yaml, read into a struct (docs/configuration.md). The command line merges it with its
 * options, which win. The keys of `corpus` and `measure` are the names of the options of `audit`
 * with underscores; a text that is NULL and a number whose `has_` is false were not given.
 *
 * Everything lives in the arena of the configuration, the policy in its own.
 */
#ifndef LB_AUDIT_POLICY_CONFIG_H
#define LB_AUDIT_POLICY_CONFIG_H

#include "audit/policy/policy.h"

typedef struct lb_config_list {
    bool given; /* also for an empty list */
    const char *const *items;
    size_t count;
} lb_config_list;

/* With a k of 1 nothing would be rare, and every rule on what is would hold. */
enum { LB_LEAST_K = 2 };

typedef struct lb_config_count {
    bool given;
    uint64_t value;
} lb_config_count;

typedef struct lb_config_corpus {
    const char *format;
    lb_config_list maps; /* "KEY=PATH", as --map takes them */
    lb_config_list quasi_identifiers, sensitive, accepted_consent;
    const char *weight, *unit, *roles, *skip; /* unit: "user", "conversation" or "record" */
    lb_config_count population;
    const char *max_errors; /* as --max-errors takes it; checked */
} lb_config_corpus;

typedef struct lb_config_measure {
    lb_config_count k, ngrams, min_messages, seed;
    const char *measures; /* comma list, as --measures takes it */
    const char *missing;  /* "own" or "any" */
    const char *split;    /* "conversation" or "time" */
    const char *population_table;
    lb_config_list hierarchy_fields, hierarchy_files; /* equally many */
    bool has_sampling_fraction;
    double sampling_fraction;
} lb_config_measure;

typedef struct lb_config {
    lb_arena *arena;
    lb_config_corpus corpus;
    lb_config_measure measure;
    lb_policy *policy; /* NULL: no policy section */
    char sha256[65];   /* of the file */
} lb_config;

int lb_config_load(lb_config **out, const char *path, lb_error *error);
void lb_config_free(lb_config *config); /* NULL is allowed */

#endif
