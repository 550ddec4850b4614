/* report.sarif: SARIF 2.1.0 for code scanning. Rules are the metrics; results are the checks of the
 * policies that do not hold (a waived one is suppressed), the worst first, or, without a policy,
 * the largest figures as notes; the examples of direct
 * identifiers at their lines; and, as notes, the lines where the rare words stand by which the
 * most exposed people can be known. A check stands at its rule in the user's policy file, or at the
 * first input. What is too much for a reader of SARIF is left out, and a notification says so.
 *
 * Places are relative, percent-encoded URIs: of an absolute path, or one that leads out of the
 * folder, only the file's name is kept. Fingerprints are hashes of policy, metric and kind of
 * limit, or of the place, and carry nothing that stands there. */
#ifndef LB_REPORT_SARIF_H
#define LB_REPORT_SARIF_H

#include <jansson.h>

#include "base/buffer.h"

enum { LB_SARIF_RESULTS_MAX = 5000 };

int lb_report_sarif(const json_t *document, lb_buffer *into, lb_error *error);

#endif
