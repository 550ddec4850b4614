/* What a policy found, one sentence for each rule, and what it could not judge. Without a policy,
 * the largest figures. Who fills one frees it. */
#ifndef LB_REPORT_KIT_FINDINGS_H
#define LB_REPORT_KIT_FINDINGS_H

#include "report/kit/figure.h"

/* What the policy makes of something; NONE: no policy speaks about it. */
typedef enum lb_light { LB_LIGHT_NONE, LB_LIGHT_GOOD, LB_LIGHT_CARE, LB_LIGHT_BAD } lb_light;

typedef struct lb_finding {
    lb_light light;
    const char *metric, *anchor; /* id of the section with the evidence */
    lb_buffer text;              /* what is wrong, against its limit; no full stop */
    const char *mend;            /* what to do, a sentence */
} lb_finding;

/* Rules that could not be judged for the same reason. */
typedef struct lb_unjudged {
    bool must;         /* the verdict is open until they are */
    const char *why;   /* of the document: "no quasi-identifiers are named: use --qi" */
    lb_buffer metrics; /* "qi.k, qi.unique_share" */
    size_t count;      /* of rules */
} lb_unjudged;

typedef struct lb_findings {
    lb_finding *items;             /* broken ones first, then those that need attention */
    size_t count, broken, careful; /* the others, without a policy, are the largest figures */
    lb_unjudged *unjudged;         /* those that must be judged first, the most rules first */
    size_t unjudged_count;
} lb_findings;

int lb_findings_make(lb_findings *findings, const json_t *document, lb_error *error);
void lb_findings_free(lb_findings *findings); /* also after a failure; {0} is allowed */

/* It must be judged and was not, so that the verdict is not decided. */
bool lb_check_is_missed(const json_t *check);
/* What the policy says about one check: {verdict, severity, must}. */
lb_light lb_check_light(const json_t *check);
const char *lb_light_name(lb_light light); /* "good", "care", "bad", "none": also CSS classes */

#endif
