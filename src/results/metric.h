/* The table of metrics (metrics.def): the one place that says which figures exist, what they mean,
 * in which unit, which direction is worse, and where the definition comes from. Reports, the policy
 * checker, `linkback metrics` and the documentation all draw from it. */
#ifndef LB_RESULTS_METRIC_H
#define LB_RESULTS_METRIC_H

#include "base/buffer.h"

typedef enum lb_metric_id {
#define LB_METRIC(id, name, unit, worse, title, definition, source) LB_METRIC_##id,
#include "results/metrics.def"
#undef LB_METRIC
    LB_METRIC_COUNT
} lb_metric_id;

typedef enum lb_worse { LB_WORSE_HIGHER, LB_WORSE_LOWER, LB_WORSE_NEITHER } lb_worse;

typedef struct lb_metric {
    lb_metric_id id;
    const char *name; /* "qi.k" */
    const char *unit; /* "users", "share", "tokens" ... */
    lb_worse worse;
    const char *title;      /* a short name for a person: "smallest equivalence class" */
    const char *definition; /* one or two sentences */
    const char *source;     /* author year, section */
} lb_metric;

const lb_metric *lb_metric_get(lb_metric_id id);
const lb_metric *lb_metric_find(const char *name); /* NULL: no such metric */
const lb_metric *
lb_metric_nearest(const char *name); /* the closest name by edit distance, for error messages */

/* Titles and definitions say "unit" for whom the audit protects. Appends `text` with the word put
 * in its place: for the unit "user" a person and people, else conversation or record. */
int lb_metric_phrase(const char *text, const char *unit, lb_buffer *into, lb_error *error);

#endif
