/* What a corpus is made of, for the files of this folder: corpus.c owns it, open.c fills it, and
 * aside.c, copies.c and inspect.c look at its sources. */
#ifndef LB_CORPUS_STATE_H
#define LB_CORPUS_STATE_H

#include <pthread.h>

#include "corpus/options.h"
#include "corpus/read/stream.h"

typedef struct lb_corpus {
    lb_arena *arena;
    lb_formats *formats;
    lb_places places;
    lb_source_state *sources;
    lb_source *listed; /* what lb_corpus_sources shows */
    size_t source_count;
    lb_attribute *attributes;
    size_t attribute_count, attribute_capacity;
    const char **warnings;
    size_t warning_count, warning_capacity;
    lb_unit unit;
    bool has_text;
    const char *other_user; /* a field that may name the user as well, or NULL */
    bool plain;             /* a table: no data-set format is looked for */
    struct lb_join **joins; /* join.h */
    size_t join_count, join_capacity;
    const char *roles; /* --roles, or NULL */
    bool without_ids;  /* of the options */
    bool skips_set;
    unsigned skips;
    lb_tolerance tolerance;
    const lb_progress *progress;
    uint64_t total_bytes; /* as stored; 0: unknown */
    lb_input *spare;      /* an input that was read to its end: may go on in its archive */

    pthread_mutex_t lock; /* of what follows */
    lb_stream stream;
    size_t current;       /* source to be read next */
    uint64_t outstanding; /* blocks handed out and not yet parsed */
    uint64_t rows;
    uint64_t done_bytes;
    lb_corpus_counts counts;
    lb_gaps gaps;
    lb_unsearched unsearched;
    lb_roles_seen roles_seen;
    lb_rejections rejections;
    int failed; /* the status that ended the stream */
    lb_error failure;
    bool concluded; /* the last warnings were given */
} lb_corpus;

#endif
