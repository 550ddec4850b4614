/* What the keys of JSON objects stand for in a plan: kept from record to record, since records of one
 * source mostly have the same keys, in the same order. What a key stood for at a place of its object
 * is tried first, then what it stood for anywhere in such an object. */
#ifndef LB_CORPUS_MAPPING_KNOWN_KEYS_H
#define LB_CORPUS_MAPPING_KNOWN_KEYS_H

#include "corpus/mapping/plan.h"

enum { LB_KNOWN_KEYS = 512, LB_KNOWN_PLACES = 256, LB_KNOWN_KEY_SIZE = 64 /* longest */ };

typedef struct lb_known_key {
    const lb_plan *plan; /* NULL: free */
    uint32_t node, child, size;
    uint32_t field; /* the caller's number; 0: none yet */
    char key[LB_KNOWN_KEY_SIZE];
} lb_known_key;

typedef struct lb_known_keys { /* {0} is empty */
    lb_known_key keys[LB_KNOWN_KEYS];
    uint16_t places[LB_KNOWN_PLACES]; /* in keys: of what was last met at a place */
} lb_known_keys;

/* The child of a node for the key at a place of its object; 0: none. *known lasts until the next
 * call; NULL: the key is too long to be kept. */
uint32_t lb_known_child(lb_known_keys *known_keys, const lb_plan *plan, uint32_t node, size_t place,
                        lb_str key, lb_known_key **known);

#endif
