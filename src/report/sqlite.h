/* audit.db: the document as an SQLite database (reports/audit.sql describes its tables).
 *
 * It is built in memory in one transaction and serialized, so that what is written is whole and
 * needs no journal beside it. `PRAGMA application_id` is "lbrp", `user_version` the version of the
 * tables. results/stored.h is the way back. */
#ifndef LB_REPORT_SQLITE_H
#define LB_REPORT_SQLITE_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_sqlite(const json_t *document, lb_buffer *into, lb_error *error);

#endif
