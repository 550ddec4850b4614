/* Places as other programs want them: relative URIs, and the parts of "file:line:column". */
#ifndef LB_REPORT_KIT_URI_H
#define LB_REPORT_KIT_URI_H

#include "base/buffer.h"

/* Appends `path` as a relative URI (RFC 3986): percent-encoded, "./" and inner ".." resolved. Of a
 * path that is absolute or leads out of the folder only the last part is kept; of none, "corpus".
 */
int lb_uri_relative(lb_str path, lb_buffer *into, lb_error *error);

typedef struct lb_position {
    lb_str file;
    unsigned long line, column; /* 0: not said */
} lb_position;

lb_position lb_position_parse(const char *text); /* "file", "file:3" or "file:3:5" */

#endif
