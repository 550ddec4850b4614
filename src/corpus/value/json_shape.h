/* Whether the bytes of one JSON value can be its beginning, and where it ends: brackets, commas,
 * colons and the quotes of strings, looked at once each. What stands in strings, numbers and words
 * is left to the parser, but that no string has a line end in it: so a quote that is missing shows
 * at the end of its line at the latest. */
#ifndef LB_CORPUS_VALUE_JSON_SHAPE_H
#define LB_CORPUS_VALUE_JSON_SHAPE_H

#include "corpus/value/json.h"

typedef enum lb_json_shape_state {
    LB_SHAPE_GOES_ON,
    LB_SHAPE_WHOLE,
    LB_SHAPE_BROKEN
} lb_json_shape_state;

typedef struct lb_json_shape {
    uint8_t expects; /* see json_shape.c */
    bool in_string, escaped;
    uint32_t depth;
    uint64_t braces[LB_JSON_DEPTH / 64]; /* a bit for each bracket that is open: is it a brace? */
} lb_json_shape;

lb_json_shape lb_json_shape_begin(void);

/* Goes on from data[*at]; *at is behind what was looked at: behind the value where it is whole. Of
 * a value that is broken *what says why. */
lb_json_shape_state lb_json_shape_run(lb_json_shape *shape, const char *data, size_t *at,
                                      size_t size, const char **what);

#endif
