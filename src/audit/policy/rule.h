/* The rules and waivers of a policy, and how they are read. A rule bounds one metric on one side; a
 * YAML rule with both `min` and `max` becomes two. Everything they point to lives in the arena of
 * the policy. */
#ifndef LB_AUDIT_POLICY_RULE_H
#define LB_AUDIT_POLICY_RULE_H

#include "audit/policy/yaml_reader.h"
#include "base/calendar.h"
#include "results/metric.h"

typedef enum lb_limit { LB_LIMIT_MIN, LB_LIMIT_MAX, LB_LIMIT_MAX_INCREASE } lb_limit;

typedef enum lb_bound { LB_BOUND_ESTIMATE, LB_BOUND_LOWER, LB_BOUND_UPPER } lb_bound;

/* Only a broken rule of severity error breaks the gate. */
typedef enum lb_severity { LB_SEVERITY_ERROR, LB_SEVERITY_WARNING, LB_SEVERITY_NOTE } lb_severity;

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
    bool own;       /* it stands in the user's own policy, and in no profile */
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

/* What is being read, passed down. */
typedef struct lb_rule_reader {
    lb_yaml *yaml;
    lb_arena *arena;
    const char *place; /* what stands for every place in a profile; NULL: see is_profile */
    bool is_profile;   /* built in: its lines are in no file of the user */
    lb_error *error;
} lb_rule_reader;

/* Where a node stands; NULL in *place where the text is a built-in profile that no file brought in.
 */
int lb_rule_place_of(const lb_rule_reader *r, yaml_node_t *node, const char **place);

/* Severity, reason, source and kind of what stands at `node`. */
int lb_grounds_read(const lb_rule_reader *r, yaml_node_t *node, yaml_node_t *severity,
                    yaml_node_t *reason, yaml_node_t *source, yaml_node_t *kind,
                    lb_grounds *grounds);

/* Adds those of a list (NULL: none) to the *count that are inherited; a rule replaces an inherited
 * one on the same metric and the same limit. */
int lb_rules_read(const lb_rule_reader *r, yaml_node_t *list, const lb_rule **rules, size_t *count);
int lb_waivers_read(const lb_rule_reader *r, yaml_node_t *list, const lb_waiver **waivers,
                    size_t *count);

const char *lb_limit_name(lb_limit limit);
const char *lb_bound_name(lb_bound bound);
const char *lb_severity_name(lb_severity severity);
const char *lb_rule_kind_name(lb_rule_kind kind); /* NULL: none was given */

#endif
