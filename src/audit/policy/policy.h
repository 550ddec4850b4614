/* Policies: what an audit has to hold to. A policy is read from the `policy` section of a YAML file
 * (configuration, section 4) or is one of the built-in profiles (reports/profiles/NAME.yaml).
 *
 * A rule bounds one metric on one side; a YAML rule with both `min` and `max` becomes two. A policy
 * that extends a profile starts from the profile's rules; a rule of its own replaces the inherited
 * ones that bound the same metric in the same way, whole: what it leaves out falls back to the
 * defaults, not to the inherited rule.
 *
 * Everything a policy points to lives in its arena.
 */
#ifndef LB_AUDIT_POLICY_POLICY_H
#define LB_AUDIT_POLICY_POLICY_H

#include "audit/policy/yaml_reader.h"
#include "base/calendar.h"
#include "linkback/error.h"
#include "results/metric.h"

typedef enum lb_limit { LB_LIMIT_MIN, LB_LIMIT_MAX, LB_LIMIT_MAX_INCREASE } lb_limit;

typedef enum lb_bound { LB_BOUND_ESTIMATE, LB_BOUND_LOWER, LB_BOUND_UPPER } lb_bound;

/* Only a broken rule of severity error breaks the gate. */
typedef enum lb_severity { LB_SEVERITY_ERROR, LB_SEVERITY_WARNING, LB_SEVERITY_NOTE } lb_severity;

typedef enum lb_claim { LB_CLAIM_NONE, LB_CLAIM_UNLINKABLE, LB_CLAIM_PSEUDONYMOUS } lb_claim;

/* Who set the number: a regulator or a published precedent, or our own judgement. */
typedef enum lb_rule_kind { LB_KIND_NONE, LB_KIND_REGULATOR, LB_KIND_JUDGEMENT } lb_rule_kind;

/* What a rule says besides its limit; NULL where it does not. */
typedef struct lb_grounds {
    lb_severity severity;
    lb_rule_kind kind;
    const char *reason, *source;
    /* "file:line:column" of the rule, or of the `extends` that brought it in from a profile; NULL
     * for a profile that was named on the command line */
    const char *place;
} lb_grounds;

typedef struct lb_rule {
    lb_metric_id metric;
    lb_limit limit;
    double threshold;
    lb_bound bound; /* which end of the 95 % interval is judged */
    bool must;      /* be judged, or the gate is undecided; if not, grounds.reason says why */
    bool has_needs; /* then it is judged only where needs_metric is at least needs_least */
    lb_metric_id needs_metric;
    double needs_least;
    const double *neighbours; /* other thresholds at which reports show the verdict */
    size_t neighbour_count;
    lb_grounds grounds;
} lb_rule;

typedef struct lb_waiver {
    lb_metric_id metric;
    lb_date until; /* the last day on which it holds */
    const char *reason;
    const char *owner; /* who answers for it; NULL: not said */
    const char *place; /* as of lb_grounds */
} lb_waiver;

enum { LB_PEOPLE_USER = 1, LB_PEOPLE_CONVERSATION = 2, LB_PEOPLE_RECORD = 4 };

/* Whom the audit has to count as a person. */
typedef struct lb_people {
    unsigned units; /* any of LB_PEOPLE_*; 0: the policy does not say */
    lb_grounds grounds;
} lb_people;

enum { LB_RETENTION_DAYS_MAX = 366 * 1000 };

typedef struct lb_policy {
    lb_arena *arena;
    const char *name;            /* "release", or the file's name */
    const char *title, *purpose; /* NULL: none */
    const char *extends;         /* NULL: nothing */
    lb_claim claim;
    lb_people people;
    uint64_t retention_days; /* messages older than that have expired; 0: the policy does not say */
    const lb_rule *rules;
    size_t rule_count;
    const lb_waiver *waivers;
    size_t waiver_count;
} lb_policy;

/* A built-in profile's name, or the name of a YAML file with a `policy` section. */
int lb_policy_load(lb_policy **out, const char *name_or_file, lb_error *error);
/* The `policy` section of a document that is already read; `name` is what the reports call it
 * unless the section has a name of its own. */
int lb_policy_read(lb_policy **out, lb_yaml *yaml, yaml_node_t *section, const char *name,
                   lb_error *error);
void lb_policy_free(lb_policy *policy); /* NULL is allowed */

/* The name of the built-in profile number `index`, in alphabetical order; NULL behind the last. The
 * text is copied to `name`. */
enum { LB_PROFILE_NAME_MAX = 64 };
const char *lb_policy_profile(size_t index, char name[LB_PROFILE_NAME_MAX]);

const char *lb_limit_name(lb_limit limit);
const char *lb_bound_name(lb_bound bound);
const char *lb_severity_name(lb_severity severity);
const char *lb_claim_name(lb_claim claim);        /* NULL: none was made */
const char *lb_rule_kind_name(lb_rule_kind kind); /* NULL: none was given */

#endif
