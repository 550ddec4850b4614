#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/thread.h"
#include "index/index_private.h"
#include "index/worker.h"
#include "text/id_fold.h"

typedef struct index_build {
    lb_index_shared shared;
    lb_index_worker *workers;
    unsigned worker_count;
    lb_index *index;
    lb_ranked_key *keys;          /* [units] the units in their final order */
    uint32_t *ranks;              /* arrival number -> final number */
    uint32_t *conversation_ranks; /* of the conversations; NULL where no one asks for them */
} index_build;

static int fold_accepted(lb_index_shared *shared, lb_error *error) {
    lb_buffer folded = {0};
    size_t count = shared->accepted_consent_count;
    shared->accepted_folded = lb_alloc(count, sizeof *shared->accepted_folded);
    int status = shared->accepted_folded ? LB_OK : lb_fail_memory(error, "reading who consented");
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        status = lb_id_fold(lb_str_of(shared->accepted_consent[i]), &folded, error);
        shared->accepted_folded[i] = lb_hash_str(lb_buffer_str(&folded));
    }
    lb_buffer_free(&folded);
    return status;
}

static int open_shared(index_build *build, lb_corpus *corpus, const lb_index_options *options,
                       lb_error *error) {
    lb_index_shared *shared = &build->shared;
    size_t attribute_count;
    const lb_attribute *attributes = lb_corpus_attributes(corpus, &attribute_count);
    shared->corpus = corpus;
    shared->unit = lb_corpus_unit(corpus);
    shared->keep_texts = options->keep_texts;
    shared->most_blocks = options->most_blocks;
    shared->keep_rows = !options->without_rows || shared->unit == LB_UNIT_RECORD;
    shared->text_memory = options->memory / 8 / (options->threads > 0 ? options->threads : 1);
    shared->tmpdir = options->tmpdir;
    shared->budget.limit = options->memory / 3;
    shared->budget.layout_limit = options->memory / 8;
    shared->budget.tmpdir = options->tmpdir;
    shared->accepted_consent = options->accepted_consent;
    shared->accepted_consent_count = options->accepted_consent_count;
    int status = fold_accepted(shared, error);
    shared->consent_attribute = SIZE_MAX;
    for (size_t i = 0; i < attribute_count; i++)
        if (attributes[i].use == LB_ATTRIBUTE_CONSENT)
            shared->consent_attribute = i;
    shared->ngrams = lb_corpus_has_text(corpus) ? options->ngrams : 0;
    if (shared->ngrams > LB_NGRAMS_MAX)
        shared->ngrams = LB_NGRAMS_MAX;
    shared->without_text = !lb_corpus_has_text(corpus);
    shared->plain_table = shared->unit == LB_UNIT_RECORD && !lb_corpus_has_text(corpus);
    if (status == LB_OK && !shared->plain_table)
        status = lb_keyset_new(&shared->conversations, false, error);
    if (status == LB_OK && shared->unit != LB_UNIT_RECORD)
        status = lb_keyset_new(&shared->units, true, error);
    for (unsigned n = 0; status == LB_OK && n < shared->ngrams; n++)
        status = lb_grams_new(&shared->grams[n], n + 1, &shared->budget, error);
    if (status == LB_OK)
        status = lb_row_columns_new(&shared->columns, attributes, attribute_count, error);
    if (status == LB_OK && shared->unit == LB_UNIT_USER)
        status =
            lb_row_columns_new(&shared->conversation_columns, attributes, attribute_count, error);
    return status;
}

static void close_build(index_build *build) {
    for (unsigned i = 0; build->workers && i < build->worker_count; i++)
        lb_index_worker_close(&build->workers[i]);
    lb_free(build->workers);
    lb_index_shared *shared = &build->shared;
    lb_keyset_free(shared->units);
    lb_keyset_free(shared->conversations);
    for (unsigned n = 0; n < LB_NGRAMS_MAX; n++)
        lb_grams_free(shared->grams[n]);
    lb_free(shared->accepted_folded);
    lb_row_columns_free(shared->columns);
    lb_row_columns_free(shared->conversation_columns);
    lb_free(build->keys);
    lb_free(build->ranks);
    lb_free(build->conversation_ranks);
}

static int run_worker(void *context, size_t piece, unsigned number, lb_error *error) {
    (void)number;
    return lb_index_worker_run(&((index_build *)context)->workers[piece], error);
}

/* Reads the whole corpus. A worker that fails ends; the others find the corpus at its end or fail
 * alike. */
static int read_corpus(index_build *build, unsigned threads, lb_error *error) {
    build->workers = lb_alloc_zero(threads, sizeof *build->workers);
    if (!build->workers)
        return lb_fail_memory(error, "starting the index");
    for (; build->worker_count < threads; build->worker_count++) {
        int status =
            lb_index_worker_open(&build->workers[build->worker_count], &build->shared, error);
        if (status < 0) {
            build->worker_count++; /* what was opened of it is closed with the others */
            return status;
        }
    }
    return lb_parallel(threads, threads, run_worker, build, error);
}

static void join_content(index_build *build) {
    lb_content_digest content = {0};
    for (unsigned w = 0; w < build->worker_count; w++)
        lb_content_digest_join(&content, &build->workers[w].content);
    lb_content_digest_bytes(&content, build->index->content);
}

/* Final numbers of the units: the order of their keys' hashes, or of their contents' for records.
 */
static int rank_units(index_build *build, lb_error *error) {
    lb_index_shared *shared = &build->shared;
    if (shared->units) {
        build->index->units = lb_keyset_count(shared->units);
        return lb_keyset_ranks(shared->units, LB_KEY_ORDER_HASH, &build->keys, &build->ranks,
                               error);
    }
    size_t units = atomic_load(&shared->records);
    build->index->units = units;
    build->keys = lb_alloc_zero(units, sizeof *build->keys);
    build->ranks = lb_alloc(units, sizeof *build->ranks);
    if (!build->keys || !build->ranks)
        return lb_fail_memory(error, "ordering the records");
    for (size_t i = 0; i < units; i++)
        build->keys[i].number = (uint32_t)i;
    for (unsigned w = 0; w < build->worker_count; w++)
        for (size_t i = 0; i < build->workers[w].sum_count; i++)
            build->keys[i].hash += build->workers[w].sums[i].hash; /* one worker had it, others 0 */
    if (units > 0)
        qsort(build->keys, units, sizeof *build->keys, lb_ranked_key_order);
    for (size_t i = 0; i < units; i++)
        build->ranks[build->keys[i].number] = (uint32_t)i;
    return LB_OK;
}

/* Adds the distinct conversations of each unit to the facts. */
static int count_conversations(index_build *build, lb_error *error) {
    lb_number_set *all = &build->workers[0].meetings;
    for (unsigned w = 1; w < build->worker_count; w++) {
        int status = lb_number_set_add_all(all, &build->workers[w].meetings, error);
        if (status < 0)
            return status;
        lb_number_set_free(&build->workers[w].meetings);
    }
    for (size_t i = 0; all->slots && i <= all->mask; i++)
        if (all->slots[i] != UINT64_MAX)
            build->index->facts[build->ranks[all->slots[i] >> 32]].conversations++;
    lb_number_set_free(all);
    return LB_OK;
}

static int collect_facts(index_build *build, lb_error *error) {
    lb_index *index = build->index;
    index->facts = lb_alloc_zero(index->units, sizeof *index->facts);
    index->keys = lb_arena_new();
    if (!index->facts || !index->keys)
        return lb_fail_memory(error, "collecting facts of the units");
    for (size_t i = 0; i < index->units; i++) {
        lb_unit_facts *facts = &index->facts[i];
        lb_ranked_key *key = &build->keys[i];
        *facts = (lb_unit_facts){.hash = key->hash, .first = INT64_MAX, .last = INT64_MIN};
        if (key->key.data) {
            facts->key =
                (lb_str){lb_arena_copy(index->keys, key->key.data, key->key.size), key->key.size};
            if (!facts->key.data)
                return lb_fail_memory(error, "collecting facts of the units");
        }
    }
    for (unsigned w = 0; w < build->worker_count; w++) {
        const lb_index_worker *worker = &build->workers[w];
        index->messages += worker->messages;
        index->first = worker->first < index->first ? worker->first : index->first;
        index->last = worker->last > index->last ? worker->last : index->last;
        for (size_t i = 0; i < worker->sum_count; i++) {
            const lb_unit_sum *sum = &worker->sums[i];
            lb_unit_facts *facts = &index->facts[build->ranks[i]];
            facts->messages += sum->messages;
            facts->tokens += sum->tokens;
            facts->refused += sum->refused;
            facts->first = sum->first < facts->first ? sum->first : facts->first;
            facts->last = sum->last > facts->last ? sum->last : facts->last;
        }
    }
    return count_conversations(build, error);
}

static int finish_tokens(index_build *build, unsigned threads, lb_error *error) {
    lb_index *index = build->index;
    index->ngrams = build->shared.ngrams;
    for (unsigned n = 0; n < index->ngrams; n++) {
        int status = lb_grams_finish(build->shared.grams[n], build->ranks, threads,
                                     &index->incidence[n], &index->layout[n], error);
        if (status < 0)
            return status;
    }
    if (index->ngrams == 0)
        return LB_OK;
    lb_lexicon **lexicons = lb_alloc(build->worker_count, sizeof *lexicons);
    if (!lexicons)
        return lb_fail_memory(error, "joining the lexicons");
    for (unsigned w = 0; w < build->worker_count; w++)
        lexicons[w] = build->workers[w].lexicon;
    int status = lb_lexicons_join(lexicons, build->worker_count, index->incidence[0].hashes,
                                  (size_t)index->incidence[0].grams, &index->tokens,
                                  &index->token_flags, &index->token_bytes, error);
    lb_free(lexicons);
    return status;
}

/* Puts the rows of one table together: the unit's, or the conversations'. */
static int finish_table(index_build *build, bool by_conversation, lb_table **table,
                        lb_error *error) {
    lb_row_collector **collectors = lb_alloc(build->worker_count, sizeof *collectors);
    if (!collectors)
        return lb_fail_memory(error, "finishing the table");
    for (unsigned w = 0; w < build->worker_count; w++)
        collectors[w] =
            by_conversation ? build->workers[w].conversation_rows : build->workers[w].rows;
    const lb_index_shared *shared = &build->shared;
    int status;
    if (by_conversation) {
        status = lb_row_collector_finish(shared->conversation_columns, collectors,
                                         build->worker_count, build->conversation_ranks,
                                         build->index->conversations, table, error);
    } else
        status = lb_row_collector_finish(shared->columns, collectors, build->worker_count,
                                         shared->unit == LB_UNIT_RECORD ? NULL : build->ranks,
                                         build->index->units, table, error);
    lb_free(collectors);
    return status;
}

/* The names of the quasi-identifiers whose values the messages have. */
static int name_fields(index_build *build, lb_error *error) {
    size_t count;
    const lb_attribute *attributes = lb_corpus_attributes(build->shared.corpus, &count);
    lb_texts *texts = &build->index->texts;
    uint64_t *hashes = lb_alloc(count + 1, sizeof *hashes);
    texts->field_hashes = hashes;
    if (!hashes)
        return lb_fail_memory(error, "ordering messages");
    for (size_t i = 0; i < count; i++)
        if (attributes[i].use == LB_ATTRIBUTE_QUASI_IDENTIFIER)
            hashes[texts->fields++] = lb_hash_str(lb_str_of(attributes[i].name));
    return LB_OK;
}

/* Takes the keepers from the workers, since they hold the bytes. */
static int finish_texts(index_build *build, lb_error *error) {
    lb_index *index = build->index;
    if (!build->shared.keep_texts || build->shared.plain_table)
        return LB_OK;
    uint64_t *unit_hashes = lb_alloc(index->units, sizeof *unit_hashes);
    index->texts.unit_hashes = unit_hashes;
    index->keepers = lb_alloc_zero(build->worker_count, sizeof *index->keepers);
    if (!unit_hashes || !index->keepers)
        return lb_fail_memory(error, "ordering messages");
    for (size_t i = 0; i < index->units; i++)
        unit_hashes[i] = build->keys[i].hash;
    index->keeper_count = build->worker_count;
    for (unsigned w = 0; w < build->worker_count; w++) {
        index->keepers[w] = build->workers[w].keeper;
        build->workers[w].keeper = NULL;
    }
    int status = name_fields(build, error);
    if (status < 0)
        return status;
    const lb_texts_order order = {build->ranks, build->conversation_ranks, index->units,
                                  build->shared.text_memory * build->worker_count,
                                  build->shared.tmpdir};
    return lb_texts_arrange(&index->texts, &index->messages_layout, index->keepers,
                            index->keeper_count, &order, error);
}

/* Counts the conversations, and numbers them where someone asks for their numbers. There may be
 * many: their set is freed at once. */
static int rank_conversations(index_build *build, lb_error *error) {
    lb_index *index = build->index;
    lb_index_shared *shared = &build->shared;
    size_t count = lb_keyset_count(shared->conversations);
    index->conversations = count;
    lb_ranked_key *keys = NULL;
    int status = LB_OK;
    if (shared->keep_texts || (shared->conversation_columns && shared->keep_rows))
        status = lb_keyset_ranks(shared->conversations, LB_KEY_ORDER_HASH, &keys,
                                 &build->conversation_ranks, error);
    lb_keyset_free(shared->conversations);
    shared->conversations = NULL;
    if (status == LB_OK && shared->keep_texts) {
        uint64_t *hashes = lb_alloc(count, sizeof *hashes);
        for (size_t i = 0; hashes && i < count; i++)
            hashes[i] = keys[i].hash;
        index->texts.conversation_hashes = hashes;
        index->texts.conversations = count;
        status = hashes ? LB_OK : lb_fail_memory(error, "ordering conversations");
    }
    lb_free(keys);
    return status;
}

/* Units and conversations in their final order, and what is known of the units. */
static int order_units(index_build *build, lb_error *error) {
    int status = rank_units(build, error);
    if (status == LB_OK)
        status = rank_conversations(build, error);
    return status == LB_OK ? collect_facts(build, error) : status;
}

static void count_consents(index_build *build) {
    for (unsigned w = 0; w < build->worker_count; w++) {
        build->index->folded_consents += build->workers[w].folded_consents;
        build->index->refused_records += build->workers[w].refused_records;
    }
}

int lb_index_build(lb_index **out, lb_corpus *corpus, const lb_index_options *options,
                   lb_error *error) {
    index_build build = {.index = lb_alloc_zero(1, sizeof(lb_index))};
    unsigned threads = options->threads > 0 ? options->threads : 1;
    int status = build.index ? LB_OK : lb_fail_memory(error, "starting the index");
    if (status == LB_OK) {
        build.index->first = INT64_MAX; /* no times seen yet */
        build.index->last = INT64_MIN;
        status = open_shared(&build, corpus, options, error);
    }
    if (status == LB_OK)
        status = read_corpus(&build, threads, error);
    if (status == LB_OK) {
        join_content(&build);
        count_consents(&build);
    }
    if (status == LB_OK && build.shared.plain_table)
        build.index->units = atomic_load(&build.shared.records);
    else if (status == LB_OK)
        status = order_units(&build, error);
    if (status == LB_OK)
        build.index->unit = build.shared.unit;
    if (status == LB_OK)
        status = finish_table(&build, false, &build.index->table, error);
    if (status == LB_OK && build.shared.conversation_columns && build.shared.keep_rows)
        status = finish_table(&build, true, &build.index->conversation_table, error);
    if (status == LB_OK)
        status = finish_tokens(&build, threads, error);
    if (status == LB_OK)
        status = finish_texts(&build, error);
    close_build(&build);
    lb_memory_trim();
    if (status < 0) {
        lb_index_free(build.index);
        return status;
    }
    *out = build.index;
    return LB_OK;
}
