/* report.xml: the document as XML, after reports/report.xsd. What every report has (the run, the
 * corpus's inputs, the metrics, the checks, the people, the warnings) stands in elements of its
 * own; the evidence of the measures, whose shape grows with them, as a tree of objects, lists and
 * values with the keys of report.json. */
#ifndef LB_REPORT_XML_H
#define LB_REPORT_XML_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_xml(const json_t *document, lb_buffer *into, lb_error *error);

#endif
