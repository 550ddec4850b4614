/* Values for the document (results.h): what makes a jansson value from something that may not be
 * representable in JSON. Each returns a new reference, or NULL for lack of memory, which every
 * jansson setter and lb_results_put report as such. */
#ifndef LB_RESULTS_JSON_VALUE_H
#define LB_RESULTS_JSON_VALUE_H

#include <jansson.h>

#include "base/str.h"

json_t *lb_json_number(double value); /* whole numbers as integers; not finite: null */
json_t *lb_json_count(uint64_t value);
json_t *lb_json_text(lb_str text); /* ill-formed UTF-8 is replaced by U+FFFD; missing: null */
json_t *lb_json_time(int64_t microseconds); /* since 1970: "2026-11-23T13:00:00Z" */

static inline json_t *lb_json_pair(uint64_t first, uint64_t second) {
    return json_pack("[o,o]", lb_json_count(first), lb_json_count(second));
}

/* An array of item(context, 0) ... item(context, count - 1); NULL where one of them is. */
json_t *lb_json_list(size_t count, json_t *(*item)(const void *context, size_t index),
                     const void *context);

json_t *lb_json_texts(const char *const *texts, size_t count); /* an array; NULL is null */

/* object[key] = value, stealing it, unless `object` is NULL or the step before failed: building a
 * tree is a chain of these with one check at the end. Returns false on failure. */
static inline bool lb_json_set(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value) == 0;
}

/* The object or list if all that was put into it is there, else NULL; it is dropped then. */
static inline json_t *lb_json_whole(json_t *value, bool ok) {
    if (!ok)
        json_decref(value);
    return ok ? value : NULL;
}

#endif
