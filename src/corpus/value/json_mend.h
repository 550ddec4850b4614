/* Rewrites a JSON text that simdjson refused although it can be read; see json.h. */
#ifndef LB_CORPUS_VALUE_JSON_MEND_H
#define LB_CORPUS_VALUE_JSON_MEND_H

#include "base/buffer.h"

/* Appends the mended text to `into`; *replaced grows by the characters that became U+FFFD. What
 * cannot be mended is copied as it is, and refused again. */
int lb_json_mend(lb_str text, lb_buffer *into, uint64_t *replaced, lb_error *error);

#endif
