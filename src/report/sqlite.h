/* audit.db: the document as an SQLite database (reports/audit.sql describes its tables).
 *
 * It is built in memory in one transaction and serialized, so that what is written is whole and
 * needs no journal beside it. `PRAGMA application_id` is "lbrp", `user_version` the version of the
 * tables. Reading it back deserializes the bytes: a hostile file can name no other file, and its
 * schema is not trusted. */
#ifndef LB_REPORT_SQLITE_H
#define LB_REPORT_SQLITE_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_sqlite(const json_t *document, lb_buffer *into, lb_error *error);

bool lb_report_is_sqlite(lb_str file);
/* The document of an audit.db. */
int lb_report_sqlite_parse(json_t **document, lb_str file, const char *where, lb_error *error);

#endif
