/* The made-up audit of harbour.json, and a hostile twin of it. */
#ifndef LB_TESTS_REPORT_FIXTURE_H
#define LB_TESTS_REPORT_FIXTURE_H

#include <jansson.h>

#include "base/buffer.h"

#define HARBOUR LINKBACK_SOURCE_DIR "/tests/report/harbour.json"

json_t *fixture_load(void);                             /* fails the test where it cannot */
json_t *fixture_hostile(const char *text, size_t size); /* every text of it replaced by this one */
char *fixture_render(const json_t *document, int format, size_t *size); /* freed with lb_free */

#endif
