/* The gate: judges the results by policies and writes the outcome into the document as `gate`:
 *
 *     {"verdict": "pass" | "fail" | "undecided" | "none", "policies": ["release"],
 *      "claim": "unlinkable" | ... | null, "judged", "broken", "waived", "not_judged",
 *      "checks": [{"policy", "metric", "rule": "min 11", "value", "low", "high", "bound",
 *                  "verdict": "held" | "broken" | "waived" | "not_judged", "must", "why",
 *                  "severity", "reason", "source", "kind", "place",
 *                  "neighbours": [{"threshold", "verdict"}],
 *                  "waiver": {"metric", "until", "reason", "owner", "place"}}],
 *      "waivers": [{... as above, "policy", "state": "used" | "unused" | "ended"}]}
 *
 * A threshold that is met exactly holds. A check is not judged where its figure is not known, or is
 * known from fewer people than the rule needs; `why` says so, and where its rule must be judged
 * (`must`) the gate is undecided. A broken rule of severity error is a failure and wins over that.
 * No harm is in a rule on quasi-identifiers where it is declared that there are none, nor in one on
 * words in a plain table whose every field was looked at.
 *
 * A waiver covers every check of its own policy on its metric, up to and including its last day; a
 * waiver never hides a figure. Of a profile, rules on linkage gate only for a policy that claims
 * "unlinkable": otherwise they are judged with severity note. A rule of the user's own policy
 * always gates. The gate's claim is "pseudonymous" unless every policy claims otherwise. `judged`
 * counts the checks that had a figure, the others are counts of a verdict. `neighbours` says what
 * the verdict would be at other thresholds in use. A threshold that can never be broken, or never
 * be held, is warned of.
 */
#ifndef LB_AUDIT_POLICY_GATE_H
#define LB_AUDIT_POLICY_GATE_H

#include "audit/policy/policy.h"
#include "results/results.h"

typedef enum lb_gate_verdict {
    LB_GATE_NONE,
    LB_GATE_PASS,
    LB_GATE_FAIL,
    LB_GATE_UNDECIDED
} lb_gate_verdict;

/* `baseline` is the document of an earlier audit, or NULL; `today` decides which waivers have
 * ended. No policies give the verdict "none". A gate that is already there is replaced. */
int lb_gate_run(lb_results *results, const lb_policy *const *policies, size_t count,
                const json_t *baseline, lb_date today, lb_gate_verdict *verdict, lb_error *error);

#endif
