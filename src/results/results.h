/* Results: the one model that every report, the gate and `linkback diff` read.
 *
 * It has two parts. The *metrics*: one slot per line of metrics.def, each a value with an optional
 * 95 % interval, or the reason why it could not be computed; a slot that nobody filled is "not
 * measured". The *document*: the sections of report.json (reports/report.schema.json) as a jansson
 * tree with ordered keys, so that what is stored can be loaded and rendered again, equal to the
 * first time. Numbers in the document are finite or null; text is valid UTF-8; nothing in it is
 * masked or revealed later: whoever puts a token or a key there masks it first (mask.h).
 */
#ifndef LB_RESULTS_RESULTS_H
#define LB_RESULTS_RESULTS_H

#include <jansson.h>
#include <stdbool.h>

#include "linkback/error.h"
#include "results/metric.h"

/* What kind of reason a figure has for not being there. */
typedef enum lb_absence {
    LB_ABSENT_NOT_MEASURED, /* it was left out, or could not be computed */
    LB_ABSENT_NOT_GIVEN,    /* it needs something that the audit was not given: a list, a limit */
    LB_ABSENT_NO_TEXT       /* it is about words, and the corpus names no text */
} lb_absence;

typedef struct lb_value {
    bool known; /* value holds; else `why` says why not */
    bool has_interval;
    double value, low, high;
    lb_absence absence; /* where it is not known */
    const char *why;    /* NULL: not measured */
} lb_value;

typedef struct lb_results lb_results;

int lb_results_new(lb_results **out, lb_error *error);
void lb_results_free(lb_results *results);

int lb_results_set(lb_results *results, lb_metric_id id, double value, lb_error *error);
int lb_results_set_interval(lb_results *results, lb_metric_id id, double value, double low,
                            double high, lb_error *error);
int lb_results_set_unknown(lb_results *results, lb_metric_id id, const char *why,
                           lb_error *error); /* not measured; copies `why` */
int lb_results_set_absent(lb_results *results, lb_metric_id id, lb_absence absence, const char *why,
                          lb_error *error); /* the same of any kind */
const lb_value *lb_results_get(const lb_results *results, lb_metric_id id);

int lb_results_warn(lb_results *results, lb_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The section at a dotted path ("singling_out.tokens"), created as an object where it is not there
 * yet. Borrowed. NULL: out of memory. */
json_t *lb_results_section(lb_results *results, const char *path);
/* Sets what stands at a dotted path; steals `value`, also on failure; a NULL value is lack of
 * memory. */
int lb_results_put(lb_results *results, const char *path, json_t *value, lb_error *error);
const json_t *lb_results_at(const lb_results *results, const char *path); /* NULL: not there */

/* report.json, whole: schema, tool, run, corpus, metrics, sections in the order of the schema.
 * The tree is built anew; the caller decrefs it. */
int lb_results_document(const lb_results *results, json_t **out, lb_error *error);
int lb_results_load(lb_results **out, const json_t *document, lb_error *error); /* the way back */

#endif
