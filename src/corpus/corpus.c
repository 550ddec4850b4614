#include "corpus/corpus.h"

#include <stdio.h>
#include <sys/stat.h>

#include "corpus/copies.h"
#include "corpus/join.h"
#include "corpus/open.h"
#include "corpus/refusal.h"
#include "corpus/value/skip.h"
#include "corpus/warnings.h"

static uint64_t stored_bytes(const lb_corpus *corpus) {
    uint64_t total = 0;
    for (size_t i = 0; i < corpus->source_count; i++) {
        const lb_place *place = corpus->sources[i].place;
        struct stat facts;
        if (place->member || stat(place->file, &facts) != 0 || !S_ISREG(facts.st_mode))
            return 0;
        total += (uint64_t)facts.st_size;
    }
    return total;
}

static int new_corpus(lb_corpus **out, lb_error *error) {
    lb_corpus *corpus = lb_alloc_zero(1, sizeof *corpus);
    *out = corpus;
    if (!corpus)
        return lb_fail_memory(error, "opening a corpus");
    pthread_mutex_init(&corpus->lock, NULL);
    corpus->arena = lb_arena_new();
    return corpus->arena ? LB_OK : lb_fail_memory(error, "opening a corpus");
}

static int hand_over(lb_corpus **out, lb_corpus *corpus, int status) {
    *out = NULL;
    if (status < 0) {
        lb_corpus_free(corpus);
        return status;
    }
    corpus->total_bytes = stored_bytes(corpus);
    *out = corpus;
    return LB_OK;
}

int lb_corpus_open(lb_corpus **out, const lb_corpus_options *options, lb_error *error) {
    lb_corpus *corpus;
    int status = new_corpus(&corpus, error);
    if (status == LB_OK) {
        corpus->tolerance = options->tolerance;
        corpus->without_ids = options->without_ids;
        corpus->progress = options->progress;
    }
    if (status == LB_OK && options->roles) {
        corpus->roles = lb_arena_copy(corpus->arena, options->roles, strlen(options->roles));
        if (!corpus->roles)
            status = lb_fail_memory(error, "opening a corpus");
    }
    if (status == LB_OK)
        status = lb_corpus_prepare(corpus, options, error);
    return hand_over(out, corpus, status);
}

int lb_corpus_open_table(lb_corpus **out, const lb_place *place, const char *const *maps,
                         size_t map_count, lb_tolerance tolerance, lb_error *error) {
    lb_corpus *corpus;
    int status = new_corpus(&corpus, error);
    if (status == LB_OK) {
        corpus->tolerance = tolerance;
        status = lb_corpus_prepare_table(corpus, place, maps, map_count, error);
    }
    return hand_over(out, corpus, status);
}

void lb_corpus_free(lb_corpus *corpus) {
    if (!corpus)
        return;
    lb_input_free(lb_stream_close(&corpus->stream));
    lb_input_free(corpus->spare);
    for (size_t i = 0; i < corpus->source_count; i++)
        lb_source_close(&corpus->sources[i]);
    for (size_t i = 0; i < corpus->join_count; i++)
        lb_join_free(corpus->joins[i]);
    lb_free(corpus->joins);
    lb_free(corpus->sources);
    lb_free(corpus->listed);
    lb_places_free(&corpus->places);
    lb_formats_free(corpus->formats);
    lb_free(corpus->attributes);
    lb_free(corpus->warnings);
    lb_free(corpus->rejections.items);
    lb_unsearched_free(&corpus->unsearched);
    lb_arena_free(corpus->arena);
    pthread_mutex_destroy(&corpus->lock);
    lb_free(corpus);
}

lb_unit lb_corpus_unit(const lb_corpus *corpus) {
    return corpus->unit;
}

const lb_mapping *lb_corpus_mapping(const lb_corpus *corpus, size_t source) {
    return &corpus->sources[source].mapping;
}

bool lb_corpus_has_text(const lb_corpus *corpus) {
    return corpus->has_text;
}

const lb_attribute *lb_corpus_attributes(const lb_corpus *corpus, size_t *count) {
    *count = corpus->attribute_count;
    return corpus->attributes;
}

static lb_emitter emitter_of(const lb_corpus *corpus, const lb_source_state *source,
                             lb_batch *batch) {
    unsigned skips = corpus->skips;
    if (!corpus->skips_set) /* checked when the format was read */
        (void)lb_skip_parse(source->format->skip, &skips, NULL);
    return (lb_emitter){.plan = &source->plan,
                        .rules = {.roles = corpus->roles ? corpus->roles : source->format->roles,
                                  .skips = skips,
                                  .without_ids = corpus->without_ids,
                                  .has_text = corpus->has_text,
                                  .unit = corpus->unit},
                        .month_first = source->month_first,
                        .users = source->join ? lb_join_users(source->join) : NULL,
                        .source = (uint32_t)(source - corpus->sources),
                        .label = source->place->label,
                        .key_by_byte = lb_container_kind_of(source)->many_in_a_line,
                        .cells = source->header != NULL,
                        .batch = batch};
}

static void add_counts(lb_corpus_counts *to, const lb_corpus_counts *more) {
    to->records += more->records;
    to->rejected += more->rejected;
    to->unread_bytes += more->unread_bytes;
    to->messages += more->messages;
    to->own_messages += more->own_messages;
    to->without_user += more->without_user;
    to->other_roles += more->other_roles;
    to->service_lines += more->service_lines;
    to->own_blank += more->own_blank;
    to->own_without_text += more->own_without_text;
    to->own_missing_text += more->own_missing_text;
    to->other_without_text += more->other_without_text;
    to->times += more->times;
    to->without_time += more->without_time;
    to->impossible_time += more->impossible_time;
    to->replaced_bytes += more->replaced_bytes;
    to->skipped_bytes += more->skipped_bytes;
}

/* The lock is held. */
static int take_over(lb_corpus *corpus, lb_block *block, const lb_emitter *emitter,
                     lb_error *error) {
    lb_corpus_counts counts = emitter->counts;
    counts.rejected += block->counts.rejected;
    counts.unread_bytes += block->counts.unread_bytes;
    counts.replaced_bytes += block->counts.replaced_bytes;
    counts.service_lines += block->counts.service_lines;
    add_counts(&corpus->counts, &counts);
    lb_gaps_merge(&corpus->gaps, &emitter->gaps);
    lb_roles_merge(&corpus->roles_seen, &emitter->roles);
    corpus->sources[emitter->source].facts.records += counts.records;
    corpus->sources[emitter->source].facts.rejected += counts.rejected;
    corpus->rows += emitter->batch->count;
    corpus->outstanding--;
    int status =
        lb_unsearched_take(&corpus->unsearched, &block->unsearched, emitter->source, error);
    for (size_t i = 0; status == LB_OK && i < block->rejections.count; i++) {
        lb_rejection rejection = block->rejections.items[i];
        rejection.source = emitter->source;
        status = lb_rejections_add(&corpus->rejections, rejection, error);
    }
    return status < 0 ? status : lb_corpus_check_tolerance(corpus, false, error);
}

static int keep_failure(lb_corpus *corpus, int status, const lb_error *failure, lb_error *error) {
    if (!corpus->failed) {
        corpus->failed = status;
        corpus->failure = *failure;
    }
    if (error)
        *error = *failure;
    return status;
}

static const char *where_of(const lb_corpus *corpus) {
    return corpus->source_count == 1 ? corpus->sources[0].facts.path : "the inputs";
}

static int fail_empty(lb_corpus *corpus, lb_error *error) {
    const char *mend = "check the format and the mapping with `linkback inspect`";
    if (corpus->rejections.count == 0)
        return lb_fail(error, LB_E_INPUT, where_of(corpus), mend,
                       "the corpus holds not one message");
    lb_rejections_sort(&corpus->rejections);
    return lb_fail(error, LB_E_INPUT, where_of(corpus), mend,
                   "the corpus holds not one message; %llu records are malformed, the first at "
                   "line %llu: %s",
                   (unsigned long long)corpus->counts.rejected,
                   (unsigned long long)corpus->rejections.items[0].line,
                   corpus->rejections.items[0].what);
}

/* What has texts and not one of a person says nothing about people. */
static int fail_strangers(const lb_corpus *corpus, lb_error *error) {
    const lb_corpus_counts *c = &corpus->counts;
    if (c->own_without_text > 0)
        return lb_fail(error, LB_E_INPUT, where_of(corpus),
                       "name the field of the text with --map text=FIELD, or say that there is "
                       "none with --map text=",
                       "the corpus holds not one message of a person: all %llu have no text",
                       (unsigned long long)c->own_without_text);
    return lb_fail(error, LB_E_INPUT, where_of(corpus),
                   "say whose turns are a person's own words with --roles",
                   "the corpus holds not one message of a person: all %llu are of other roles",
                   (unsigned long long)c->other_roles);
}

/* At the end of the stream, once every block has been parsed: was there anything? A plain table
 * has its fields; there nobody need say anything. */
static int conclude(lb_corpus *corpus, lb_error *error) {
    if (corpus->outstanding > 0 || corpus->concluded)
        return LB_OK;
    corpus->concluded = true;
    const lb_corpus_counts *c = &corpus->counts;
    if (corpus->rows == 0)
        return fail_empty(corpus, error);
    int status = corpus->roles ? lb_roles_check(&corpus->roles_seen, corpus->roles, error) : LB_OK;
    if (status < 0)
        return status;
    bool table =
        !corpus->has_text || (corpus->unit == LB_UNIT_RECORD && corpus->attribute_count > 0);
    if (!table && c->own_messages == c->own_blank)
        return c->own_without_text + c->other_roles > 0 ? fail_strangers(corpus, error)
                                                        : fail_empty(corpus, error);
    status = lb_corpus_check_tolerance(corpus, true, error);
    return status < 0 ? status : lb_corpus_warn_of_copies(corpus, error);
}

static int open_next(lb_corpus *corpus, lb_error *error) {
    lb_source_state *source = &corpus->sources[corpus->current++];
    return lb_stream_open(&corpus->stream, source, &corpus->spare, error);
}

static void begin_block(lb_block *block) {
    block->counts = (lb_corpus_counts){0};
    block->rejections.count = 0;
    block->rejections.total = 0;
    lb_batch_reset(&block->batch);
}

static int next_block(lb_corpus *corpus, lb_block *block, lb_error *error) {
    for (;;) {
        if (!corpus->stream.source) {
            if (corpus->current == corpus->source_count)
                return conclude(corpus, error);
            int status = open_next(corpus, error);
            if (status < 0)
                return status;
        }
        lb_emitter emitter = emitter_of(corpus, corpus->stream.source, &block->batch);
        begin_block(block);
        uint64_t before = corpus->stream.byte;
        int status = lb_stream_next(&corpus->stream, block, &emitter, error);
        if (status < 0)
            return status;
        corpus->counts.bytes += corpus->stream.byte - before;
        lb_progress_report(corpus->progress, "reading",
                           corpus->done_bytes + lb_input_stored(corpus->stream.input),
                           corpus->total_bytes);
        if (status == 0) {
            corpus->done_bytes += lb_input_stored(corpus->stream.input);
            corpus->spare = lb_stream_close(&corpus->stream);
            continue;
        }
        corpus->outstanding++;
        if (block->parsed) {
            status = take_over(corpus, block, &emitter, error);
            if (status < 0)
                return status;
        }
        return 1;
    }
}

int lb_corpus_next(lb_corpus *corpus, lb_block *block, lb_error *error) {
    lb_error failure = {0};
    pthread_mutex_lock(&corpus->lock);
    int status = corpus->failed;
    if (status < 0)
        failure = corpus->failure;
    else
        status = next_block(corpus, block, &failure);
    if (status < 0)
        status = keep_failure(corpus, status, &failure, error);
    pthread_mutex_unlock(&corpus->lock);
    return status;
}

int lb_corpus_parse(lb_corpus *corpus, lb_block *block, lb_batch *batch, lb_error *error) {
    lb_batch_reset(batch);
    if (block->parsed) {
        lb_batch made = block->batch;
        block->batch = *batch;
        *batch = made;
        return LB_OK;
    }
    lb_error failure = {0};
    lb_emitter emitter = emitter_of(corpus, block->source, batch);
    int status = lb_container_kind_of(block->source)->parse(block, &emitter, &failure);
    pthread_mutex_lock(&corpus->lock);
    if (status == LB_OK)
        status = take_over(corpus, block, &emitter, &failure);
    if (status < 0)
        status = keep_failure(corpus, status, &failure, error);
    pthread_mutex_unlock(&corpus->lock);
    return status;
}

const lb_corpus_counts *lb_corpus_counted(lb_corpus *corpus) {
    return &corpus->counts;
}

const lb_source *lb_corpus_sources(const lb_corpus *corpus, size_t *count) {
    *count = corpus->source_count;
    for (size_t i = 0; i < corpus->source_count; i++)
        corpus->listed[i] = corpus->sources[i].facts;
    return corpus->listed;
}

const lb_rejection *lb_corpus_rejections(lb_corpus *corpus, size_t *count) {
    lb_rejections_sort(&corpus->rejections);
    *count = corpus->rejections.count;
    return corpus->rejections.items;
}

const lb_unsearched *lb_corpus_unsearched(lb_corpus *corpus) {
    lb_unsearched_sort(&corpus->unsearched);
    return &corpus->unsearched;
}

const char *lb_corpus_other_user(const lb_corpus *corpus) {
    return corpus->other_user;
}

const lb_gaps *lb_corpus_gaps(const lb_corpus *corpus) {
    return &corpus->gaps;
}

const lb_left_out *lb_corpus_left_out(const lb_corpus *corpus, size_t *count, uint64_t *all) {
    *count = corpus->places.left_out.count;
    *all = corpus->places.left_out.all;
    return corpus->places.left_out.items;
}

const char *const *lb_corpus_warnings(const lb_corpus *corpus, size_t *count) {
    *count = corpus->warning_count;
    return corpus->warnings;
}
