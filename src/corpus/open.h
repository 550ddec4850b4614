/* Opening a corpus: from options to sources with compiled plans. */
#ifndef LB_CORPUS_OPEN_H
#define LB_CORPUS_OPEN_H

#include <pthread.h>

#include "corpus/join.h"
#include "corpus/read/stream.h"

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
    bool plain; /* a table: no data-set format is looked for */
    lb_join **joins;
    size_t join_count, join_capacity;
    const char *roles; /* --roles, or NULL */
    bool without_ids;  /* of the options */
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

int lb_corpus_prepare_table(lb_corpus *corpus, const lb_place *place, const char *const *maps,
                            size_t map_count, lb_error *error); /* of lb_corpus_open_table */

/* A file read as a table of users, whose fields are chosen once they are known: the first looks at
 * it, the second binds the attributes. Then it is read as any corpus. The maps ("KEY=PATH") stay
 * with the caller. */
int lb_corpus_open_table(lb_corpus **out, const lb_place *place, const char *const *maps,
                         size_t map_count, lb_error *error);
int lb_corpus_bind_table(lb_corpus *corpus, const char *const *names, size_t count,
                         lb_error *error);

/* What stands beside the messages of a known format: files to join are opened, and leave the
 * sources, as files without messages and files that cannot be read do. */
int lb_corpus_set_aside(lb_corpus *corpus, lb_error *error);

/* Is the file's place one for another file: in its folder or archive, or above? */
bool lb_place_serves(const lb_place *file, const lb_place *other);

/* Adds a warning, unless it is there already. */
int lb_corpus_warn(lb_corpus *corpus, const char *text, size_t size, lb_error *error);

/* Does the head of the source have a field of this name (path, column, file(NAME))? */
bool lb_source_has_field(const lb_source_state *source, const char *name, lb_arena *arena);

#endif
