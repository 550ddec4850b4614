/* The table of metrics (metrics.def): the one place that says which figures exist, what they mean,
 * in which unit, which direction is worse, where the definition comes from, and what reports say of
 * it. Reports, the policy checker, `linkback metrics` and the documentation all draw from it. */
#ifndef LB_RESULTS_METRIC_H
#define LB_RESULTS_METRIC_H

#include "base/buffer.h"

typedef enum lb_metric_id {
#define LB_METRIC(id, name, unit, worse, family, title, definition, source) LB_METRIC_##id,
#include "results/metrics.def"
    LB_METRIC_COUNT
} lb_metric_id;

typedef enum lb_worse { LB_WORSE_HIGHER, LB_WORSE_LOWER, LB_WORSE_NEITHER } lb_worse;

typedef enum lb_family_id {
#define LB_FAMILY(id, anchor, question, severity, mend) LB_FAMILY_##id,
#include "results/metrics.def"
    LB_FAMILY_COUNT
} lb_family_id;

/* Can someone be singled out, linked, inferred from? */
typedef enum lb_question {
    LB_QUESTION_SINGLED_OUT,
    LB_QUESTION_LINKED,
    LB_QUESTION_INFERRED,
    LB_QUESTION_NONE /* how many there are */
} lb_question;

/* What every metric of a kind has in common; the columns are explained in metrics.def. */
typedef struct lb_family {
    const char *anchor;
    lb_question question;
    const char *severity;
    const char *mend; /* "" if nothing helps */
} lb_family;

typedef struct lb_metric {
    lb_metric_id id;
    const char *name; /* "qi.k" */
    const char *unit; /* "users", "share", "tokens" ... */
    lb_worse worse;
    lb_family_id family;
    const char *title;      /* a short name for a person: "smallest equivalence class" */
    const char *definition; /* one or two sentences */
    const char *source;     /* author year, section */
} lb_metric;

const lb_metric *lb_metric_get(lb_metric_id id);
const lb_metric *lb_metric_find(const char *name); /* NULL: no such metric */
/* The closest name by edit distance, for error messages. */
const lb_metric *lb_metric_nearest(const char *name);

/* The one check that is on no metric: whom the audit counts. */
extern const char lb_check_on_people[];

/* The family of a metric or of that check, by name; never NULL. */
const lb_family *lb_metric_family(const char *name);

/* Titles and definitions say "unit" for whom the audit protects. Appends `text` with the word put
 * in its place: a person and people, a conversation, or a row. */
int lb_metric_phrase(const char *text, const char *unit, lb_buffer *into, lb_error *error);

#endif
