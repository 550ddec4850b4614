/* report.json: the document as text. Keys in the order of the document, two spaces a level, lists
 * of plain values on one line; numbers as audit/number.h writes them, so that 0.1 is "0.1" and
 * reads back as the same double; NUL, controls and the characters that turn the direction of text
 * (U+202A to U+202E, U+2066 to U+2069) are escaped. Ends with a line feed. results/stored.h is the
 * way back. */
#ifndef LB_REPORT_JSON_H
#define LB_REPORT_JSON_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_json(const json_t *document, lb_buffer *into, lb_error *error);

#endif
