/* Stored results: the document (results.h) read back from a report.json or an audit.db, which are
 * told apart by their first bytes. Of an audit.db the bytes are deserialized: a hostile file can
 * name no other file, and its schema is not trusted. */
#ifndef LB_RESULTS_STORED_H
#define LB_RESULTS_STORED_H

#include <jansson.h>

#include "base/buffer.h"

/* The caller decrefs the document. Anything that is no report is LB_E_INPUT. */
int lb_stored_load(json_t **document, const char *path, lb_error *error);

/* The same of a report.json that is in memory; `where` is what errors call the file. */
int lb_stored_json_parse(json_t **document, lb_str text, const char *where, lb_error *error);

#endif
