/* Figures of a document as a person reads them: a metric's value with its interval, the people of
 * the corpus, and the words for them. Shared by every report that has sentences. */
#ifndef LB_REPORT_KIT_FIGURE_H
#define LB_REPORT_KIT_FIGURE_H

#include <jansson.h>

#include "base/buffer.h"

typedef struct lb_figure {
    bool known, has_interval;
    double value, low, high;
    const char *unit; /* "share", "users" ... */
    const char *why;  /* where it is not known; never NULL then */
} lb_figure;

/* A metric that the document does not have is not known either. */
lb_figure lb_figure_of(const json_t *document, const char *metric);

/* Appends "21.3 %", or with the interval "21.3 % (20.4 to 21.7 %)". */
int lb_figure_print(const lb_figure *figure, int digits, bool interval, lb_buffer *into,
                    lb_error *error);

/* A number at a dotted path of the document; false: there is none. */
bool lb_document_number(const json_t *document, const char *path, double *value);
const json_t *lb_document_at(const json_t *document, const char *path); /* NULL: not there */
bool lb_document_has(const json_t *document, const char *path);         /* there, and not empty */

/* Whom the audit counts: "people", "conversations" or "records". */
const char *lb_document_units(const json_t *document);

/* Does it show rare tokens and keys in clear (run.revealed, from --reveal)? */
bool lb_document_revealed(const json_t *document);

#endif
