/* A corpus: several inputs read as one stream of messages.
 *
 * Model. lb_corpus_open expands the inputs (files, folders, globs, "-"; members of zip archives
 * count as inputs of their own), sniffs the head of each, decides container and format, and
 * compiles the mapping. Then any number of worker threads run, each with a block and a batch of
 * its own:
 *
 *     while (lb_corpus_next(corpus, block, &error) == 1 &&
 *            lb_corpus_parse(corpus, block, batch, &error) == LB_OK)
 *         ... use the messages of the batch ...
 *
 * lb_corpus_next takes one thread at a time: it reads, decompresses and cuts at the ends of
 * records. lb_corpus_parse is where the work is (JSON, CSV), and runs in parallel. Containers that
 * cannot be cut without parsing (XML, chat logs with a running date) are parsed by lb_corpus_next,
 * and lb_corpus_parse only hands over. Which records a block holds does not depend on the threads.
 *
 * Memory is bounded by the block size (about 1 MB; one huge record makes one huge block) per
 * worker. Nothing is dropped silently: what was rejected, replaced or left out is counted in
 * lb_corpus_counts.
 */
#ifndef LB_CORPUS_CORPUS_H
#define LB_CORPUS_CORPUS_H

#include "corpus/input/place.h"
#include "corpus/options.h"
#include "corpus/read/block.h"

typedef struct lb_corpus lb_corpus;

int lb_corpus_open(lb_corpus **out, const lb_corpus_options *options, lb_error *error);
void lb_corpus_free(lb_corpus *corpus);

lb_unit lb_corpus_unit(const lb_corpus *corpus); /* decided at opening, never AUTO */
/* How the fields of one of its sources were understood; sources as in lb_corpus_sources. */
const lb_mapping *lb_corpus_mapping(const lb_corpus *corpus, size_t source);
bool lb_corpus_has_text(const lb_corpus *corpus); /* does the mapping name a text? */
const lb_attribute *lb_corpus_attributes(const lb_corpus *corpus, size_t *count);

int lb_corpus_next(lb_corpus *corpus, lb_block *block,
                   lb_error *error); /* 1 a block, 0 the end, or an error */
int lb_corpus_parse(lb_corpus *corpus, lb_block *block, lb_batch *batch, lb_error *error);

/* A field, not in use, that by its name or its values may name the user; NULL: none does. */
const char *lb_corpus_other_user(const lb_corpus *corpus);

/* After the end of the stream; they belong to the corpus. Rejections are sorted by source and byte.
 */
const lb_corpus_counts *lb_corpus_counted(lb_corpus *corpus);
const lb_source *lb_corpus_sources(const lb_corpus *corpus, size_t *count);
const lb_rejection *lb_corpus_rejections(lb_corpus *corpus, size_t *count);
/* Fields that no measure looks at, by path. */
const lb_unsearched *lb_corpus_unsearched(lb_corpus *corpus);
const lb_gaps *lb_corpus_gaps(const lb_corpus *corpus);
/* One sentence each about what a reader should know (fell back to conversations, guessed fields,
 * ...). */
const char *const *lb_corpus_warnings(const lb_corpus *corpus, size_t *count);
/* Files of the inputs that were not read, each with its reason, those first that could hold
 * somebody's words (lb_corpus_counts counts these); known once the corpus is open. The list is
 * bounded (left_out.h); *all is their number. */
const lb_left_out *lb_corpus_left_out(const lb_corpus *corpus, size_t *count, uint64_t *all);

/* A file read as a table of users, whose fields are chosen once they are known: this looks at it,
 * lb_corpus_bind_table (open.h) binds the attributes. Then it is read as any corpus. The maps
 * ("KEY=PATH") stay with the caller. */
int lb_corpus_open_table(lb_corpus **out, const lb_place *place, const char *const *maps,
                         size_t map_count, lb_tolerance tolerance, lb_error *error);

#endif
