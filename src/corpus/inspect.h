/* What `linkback inspect` shows: how each input was understood, and what its first records hold.
 * Nothing is measured; texts are in clear, for the caller to mask. Everything belongs to the
 * inspection. */
#ifndef LB_CORPUS_INSPECT_H
#define LB_CORPUS_INSPECT_H

#include "corpus/corpus.h"

typedef struct lb_inspect_key {
    const char *key;    /* "user", "text", ... */
    const char *path;   /* of several, joined by " | " */
    const char *origin; /* "given", "format", "guessed" */
} lb_inspect_key;

typedef struct lb_inspect_field {
    const char *path;
    const char *type; /* "string", "number", "boolean", "object or array", "empty" */
    double filled;    /* share of the records at the head that have it */
    uint32_t distinct;
    bool distinct_at_least; /* there are more than could be counted */
    bool varied;            /* single values, two of them or more, and no part of the mapping */
    bool candidate;         /* may be a quasi-identifier: varied, with at most 200 values */
} lb_inspect_field;

typedef struct lb_inspect_source {
    const lb_source *source; /* container, compression, format, why */
    uint64_t records_seen;   /* at the head, from which the fields are */
    const lb_inspect_key *keys;
    size_t key_count;
    const lb_inspect_field *fields;
    size_t field_count;
} lb_inspect_source;

typedef struct lb_inspection {
    lb_arena *arena;
    lb_corpus *corpus;
    const lb_inspect_source *sources;
    size_t source_count;
    lb_batch samples;  /* the first messages of people, up to the number asked for */
    uint64_t messages; /* read to find them */
    uint64_t users;    /* distinct in these; a hint only */
} lb_inspection;

/* Opens the corpus and reads messages until `samples` of them are people's own or `most` were read.
 */
int lb_inspect(lb_inspection *out, const lb_corpus_options *options, size_t samples, uint64_t most,
               lb_error *error);
void lb_inspection_free(lb_inspection *inspection);

#endif
