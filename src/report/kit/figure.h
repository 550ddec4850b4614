/* Figures of a document as a person reads them: a metric's value with its interval, the people of
 * the corpus, and the words for them. Shared by every report that has sentences. */
#ifndef LB_REPORT_KIT_FIGURE_H
#define LB_REPORT_KIT_FIGURE_H

#include "base/buffer.h"
#include "report/kit/lookup.h"

/* Who writes sentences and tables looks things up by lookup.h and by nothing else. */
#pragma GCC poison json_object_get json_object_getn

typedef struct lb_figure {
    bool known, has_interval;
    double value, low, high;
    const char *unit; /* "share", "users" ... */
    const char *why;  /* where it is not known; never NULL then */
} lb_figure;

/* A metric that the document does not have is not known either. */
lb_figure lb_figure_of(const json_t *document, const char *metric);

/* Was it asked for by nobody? Else it is known, or `why` says what keeps it from that. */
bool lb_figure_is_unmeasured(const lb_figure *figure);

/* A share and its interval, each a number of `in`; not known where `in` is NULL. The interval may
 * lack. */
lb_figure lb_figure_at(const json_t *in, const char *value, const char *low, const char *high);

/* Appends "21.3 %", or with the interval "21.3 % (20.4 to 21.7 %)". */
int lb_figure_print(const lb_figure *figure, int digits, bool interval, lb_buffer *into,
                    lb_error *error);

bool lb_document_has(const json_t *document, const char *path); /* there, and not empty */

/* Appends words of the table of metrics, with whom this audit counts put for "unit". */
int lb_document_phrase(const json_t *document, const char *text, lb_buffer *into, lb_error *error);

/* Whom the audit counts: "people", "conversations" or "rows"; how many there are; and so many of
 * them: "2 people", "1 row". */
const char *lb_document_units(const json_t *document);
double lb_document_count(const json_t *document); /* NAN: not known */
int lb_document_units_print(const json_t *document, double count, lb_buffer *into, lb_error *error);

/* Does it show rare tokens and keys in clear (run.revealed, from --reveal)? */
bool lb_document_revealed(const json_t *document);

#endif
