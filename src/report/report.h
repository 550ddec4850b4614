/* Reports: renderings of one document (audit/results.h). Every format is a pure function of the
 * document, so that a stored audit renders to the same report as the run that measured it.
 *
 * Text of the corpus reaches a report only through a writer that escapes by construction. A report
 * is written beside its place and renamed: what is there is whole, with mode 0600.
 */
#ifndef LB_REPORT_REPORT_H
#define LB_REPORT_REPORT_H

#include "audit/results.h"
#include "base/buffer.h"

typedef enum lb_report_format {
    LB_REPORT_HTML,
    LB_REPORT_JSON,
    LB_REPORT_SQLITE,
    LB_REPORT_COUNT
} lb_report_format;

const char *lb_report_name(lb_report_format format); /* "json", as --report takes it */
const char *lb_report_file(lb_report_format format); /* "report.json", the name in --output */
/* False: there is no such format; *format is then the one with the nearest name. */
bool lb_report_find(const char *name, lb_report_format *format);

/* Renders the document into memory / into a file; path "-" is standard output. */
int lb_report_render(const json_t *document, lb_report_format format, lb_buffer *into,
                     lb_error *error);
int lb_report_write(const lb_results *results, lb_report_format format, const char *path,
                    lb_error *error);

/* Reads the document back from a report.json or an audit.db (told apart by their first bytes). The
 * caller decrefs it. Anything that is not a report is LB_E_INPUT. */
int lb_report_load(json_t **document, const char *path, lb_error *error);

#endif
