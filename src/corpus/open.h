/* Opening a corpus: from options to sources with compiled plans. */
#ifndef LB_CORPUS_OPEN_H
#define LB_CORPUS_OPEN_H

#include <pthread.h>

#include "corpus/stream.h"

struct lb_corpus {
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
    const char *roles; /* --roles, or NULL */
    bool skips_set;
    unsigned skips;
    uint64_t max_errors;
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
    lb_rejections rejections;
    int failed; /* the status that ended the stream */
    lb_error failure;
    bool concluded; /* the last warnings were given */
};

/* Everything of lb_corpus_open behind the allocation of the arena. */
int lb_corpus_prepare(lb_corpus *corpus, const lb_corpus_options *options, lb_error *error);

/* Adds a warning, unless it is there already. */
int lb_corpus_warn(lb_corpus *corpus, const char *text, size_t size, lb_error *error);

/* Does the head of the source have a field of this name (path, column, file(NAME))? */
bool lb_source_has_field(const lb_source_state *source, const char *name, lb_arena *arena);

#endif
