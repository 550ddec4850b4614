/* The gate: judges the results by policies and writes the outcome into the document as `gate`:
 *
 *     {"verdict": "pass" | "fail" | "none", "policies": ["release"], "claim": "unlinkable" | ... |
 * null, "checks": [{"policy", "metric", "rule": "min 11", "value", "low", "high", "bound",
 *                  "verdict": "pass" | "fail" | "waived" | "unknown", "excused", "severity",
 * "reason", "source", "kind", "place", "neighbours": [{"threshold", "verdict"}], "waiver":
 * {"metric", "until", "reason", "owner", "place"}}], "waivers": [{... as above, "policy", "state":
 * "used" | "unused" | "ended"}]}
 *
 * A threshold that is met exactly holds. "unknown" is a figure that could not be computed, and
 * breaks the gate as a failure does, unless its rule says `if_missing: pass`; so is a figure that
 * is known from fewer people than the rule needs ("could not be shown"). Only severity error breaks
 * the gate. A waiver covers every check of its own policy on its metric, up to and including its
 * last day; a waiver never hides a figure. Linkage is gated only by a policy that claims
 * "unlinkable": otherwise its rules are judged with severity note, and the gate's claim is
 * "pseudonymous". `excused`: it passes without a figure. `neighbours` says what the verdict would
 * be at other thresholds in use.
 */
#ifndef LB_AUDIT_POLICY_GATE_H
#define LB_AUDIT_POLICY_GATE_H

#include "audit/policy/policy.h"
#include "results/results.h"

typedef enum lb_gate_verdict { LB_GATE_NONE, LB_GATE_PASS, LB_GATE_FAIL } lb_gate_verdict;

/* `baseline` is the document of an earlier audit, or NULL; `today` decides which waivers have
 * ended. No policies give the verdict "none". A gate that is already there is replaced. */
int lb_gate_run(lb_results *results, const lb_policy *const *policies, size_t count,
                const json_t *baseline, lb_date today, lb_gate_verdict *verdict, lb_error *error);

#endif
