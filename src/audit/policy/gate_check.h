/* One check: a rule of a policy (or what it says about people) judged on the results. The gate
 * (gate.h) collects the checks and writes them into the document. */
#ifndef LB_AUDIT_POLICY_GATE_CHECK_H
#define LB_AUDIT_POLICY_GATE_CHECK_H

#include "audit/policy/policy.h"
#include "base/buffer.h"
#include "results/results.h"

typedef enum lb_check_verdict {
    LB_CHECK_HELD,
    LB_CHECK_BROKEN,
    LB_CHECK_WAIVED,    /* broken or not judged, and accepted for now */
    LB_CHECK_NOT_JUDGED /* there is no figure to judge: neither held nor broken */
} lb_check_verdict;

typedef struct lb_check {
    const lb_policy *policy;
    const lb_grounds *grounds;
    const lb_rule *limit;    /* NULL: the check is on no metric */
    const lb_waiver *waiver; /* the one that covers it, if any */
    const char *metric, *bound;
    lb_check_verdict verdict;
    const lb_value *value; /* NULL: the check is on no metric */
    lb_severity severity;
    bool must;      /* the gate is not decided while it is not judged */
    char rule[128]; /* "min 11" */
    lb_buffer why;  /* why it could not be judged; empty: it was */
    lb_buffer reason;
} lb_check;

/* What the rules are judged by. */
typedef struct lb_gate_input {
    const lb_results *results;
    const json_t *baseline; /* NULL: none */
    lb_date today;          /* decides which waivers have ended */
} lb_gate_input;

int lb_check_rule(lb_check *check, const lb_gate_input *input, const lb_policy *policy,
                  const lb_rule *rule, lb_error *error);
int lb_check_people(lb_check *check, const lb_gate_input *input, const lb_policy *policy,
                    lb_error *error);
void lb_check_free(lb_check *check); /* also after a failure */

const char *lb_check_verdict_name(lb_check_verdict verdict);
bool lb_check_breaks(const lb_check *check);           /* the gate */
bool lb_check_leaves_undecided(const lb_check *check); /* the gate, unless another breaks it */

/* Would the rule hold if its threshold were another one? False also where nothing is known. */
bool lb_check_holds_at(const lb_check *check, const lb_gate_input *input, double threshold);

#endif
