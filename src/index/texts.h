/* The units' own messages, kept for the measures that must look at the text again (the linkage
 * attack, the places of rare tokens): who wrote what, where and when.
 *
 * Units and conversations are numbered in the order of their keys' hashes. The messages of a unit
 * stand together, ordered by time, then by conversation, then by the hash of the text; messages
 * without a time come last. Nothing depends on the order or cutting of the input.
 */
#ifndef LB_INDEX_TEXTS_H
#define LB_INDEX_TEXTS_H

#include "base/search.h"
#include "base/str.h"
#include "linkback/error.h"

typedef struct lb_own_message {
    lb_str text;           /* valid UTF-8 */
    int64_t time;          /* microseconds since 1970; INT64_MAX: none */
    uint64_t line;         /* of the record, in its source */
    uint32_t source;       /* number of the input */
    uint32_t conversation; /* number */
    /* [fields] hashes of the record's quasi-identifiers, 0: missing; NULL: no fields */
    const uint32_t *values;
} lb_own_message;

typedef struct lb_texts {
    size_t units, conversations;
    const uint64_t *unit_hashes;         /* [units], ascending */
    const uint64_t *conversation_hashes; /* [conversations], ascending */
    const size_t *offsets;               /* [units + 1] into messages */
    const lb_own_message *messages;
    size_t fields;                /* quasi-identifiers */
    const uint64_t *field_hashes; /* [fields] of their names; 0: as if nobody had a value */
} lb_texts;

/* The unit whose key has this hash; texts->units: none has. */
static inline size_t lb_texts_find_unit(const lb_texts *texts, uint64_t hash) {
    size_t unit = lb_search_u64(texts->unit_hashes, 0, texts->units, hash);
    return unit < texts->units && texts->unit_hashes[unit] == hash ? unit : texts->units;
}

#endif
