/* Reports: renderings of one document (audit/results.h). Every format is a pure function of the
 * document, so that a stored audit renders to the same report as the run that measured it.
 *
 * Text of the corpus reaches a report only through a writer that escapes by construction. A report
 * is written beside its place and renamed: what is there is whole, with mode 0600.
 */
#ifndef LB_REPORT_REPORT_H
#define LB_REPORT_REPORT_H

#include "base/buffer.h"
#include "linkback/linkback.h"
#include "results/results.h"

/* Renders the document into memory. */
int lb_report_render(const json_t *document, lb_report_format format, lb_buffer *into,
                     lb_error *error);

#endif
