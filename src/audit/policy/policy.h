/* Policies: what an audit has to hold to. A policy is read from the `policy` section of a YAML file
 * (configuration, section 4) or is one of the built-in profiles (reports/profiles/NAME.yaml).
 *
 * A policy that extends a profile starts from the profile's rules; a rule of its own replaces the
 * inherited ones that bound the same metric in the same way, whole: what it leaves out falls back
 * to the defaults, not to the inherited rule.
 *
 * Everything a policy points to lives in its arena.
 */
#ifndef LB_AUDIT_POLICY_POLICY_H
#define LB_AUDIT_POLICY_POLICY_H

#include "audit/policy/rule.h"
#include "linkback/error.h"

typedef enum lb_claim { LB_CLAIM_NONE, LB_CLAIM_UNLINKABLE, LB_CLAIM_PSEUDONYMOUS } lb_claim;

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
    uint64_t least_k;        /* of --k, for what fewer than k people share to be judged; 0: any */
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

const char *lb_claim_name(lb_claim claim); /* NULL: none was made */

#endif
