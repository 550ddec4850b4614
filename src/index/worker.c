#include "index/worker.h"

#include <stdatomic.h>
#include <strings.h>

#include "base/hash.h"
#include "text/id_fold.h"

int lb_index_worker_open(lb_index_worker *worker, lb_index_shared *shared, lb_error *error) {
    *worker = (lb_index_worker){.shared = shared,
                                .first = INT64_MAX,
                                .last = INT64_MIN,
                                .last_unit = UINT32_MAX,
                                .last_conversation = UINT32_MAX,
                                .last_meeting = UINT64_MAX};
    int status = LB_OK;
    if (shared->ngrams > 0) {
        status = lb_splitter_new(&worker->splitter, error);
        if (status == LB_OK)
            status = lb_lexicon_new(&worker->lexicon, error);
        for (unsigned n = 0; status == LB_OK && n < shared->ngrams; n++)
            status = lb_gram_writer_new(&worker->writers[n], shared->grams[n], error);
    }
    if (status == LB_OK)
        status = lb_row_collector_new(&worker->rows, shared->columns,
                                      shared->unit == LB_UNIT_RECORD, error);
    if (status == LB_OK && shared->conversation_columns)
        status = lb_row_collector_new(&worker->conversation_rows, shared->conversation_columns,
                                      false, error);
    size_t attribute_count;
    const lb_attribute *attributes = lb_corpus_attributes(shared->corpus, &attribute_count);
    if (status == LB_OK && shared->keep_texts)
        status = lb_text_keeper_new(&worker->keeper, attributes, attribute_count,
                                    shared->text_memory, shared->tmpdir, error);
    return status;
}

void lb_index_worker_close(lb_index_worker *worker) {
    lb_batch_free(&worker->batch);
    lb_splitter_free(worker->splitter);
    lb_lexicon_free(worker->lexicon);
    for (unsigned n = 0; n < LB_NGRAMS_MAX; n++)
        lb_gram_writer_free(worker->writers[n]);
    lb_row_collector_free(worker->rows);
    lb_row_collector_free(worker->conversation_rows);
    lb_text_keeper_free(worker->keeper);
    lb_free(worker->flags);
    lb_free(worker->fresh);
    lb_free(worker->hashes);
    lb_free(worker->grams);
    lb_buffer_free(&worker->lower);
    lb_buffer_free(&worker->consent);
    lb_free(worker->sums);
    lb_number_set_free(&worker->meetings);
    lb_buffer_free(&worker->last_unit_key);
    lb_buffer_free(&worker->last_conversation_key);
}

/* The number of a key, by way of the last one asked for. */
static int number_of(lb_keyset *set, lb_str key, lb_buffer *last_key, uint32_t *last,
                     lb_error *error) {
    if (*last != UINT32_MAX && lb_str_equal(lb_buffer_str(last_key), key))
        return LB_OK;
    int status = lb_keyset_add(set, key, lb_hash_str(key), last, error);
    if (status == LB_OK) {
        last_key->size = 0;
        status = lb_buffer_append(last_key, key.data, key.size, error);
    }
    return status;
}

static int reserve_sums(lb_index_worker *worker, uint32_t unit, lb_error *error) {
    if (unit < worker->sum_count)
        return LB_OK;
    void *grown =
        lb_grow(worker->sums, &worker->sum_capacity, unit + (size_t)1, sizeof *worker->sums, error);
    if (!grown)
        return LB_E_RESOURCE;
    worker->sums = grown;
    for (; worker->sum_count <= unit; worker->sum_count++)
        worker->sums[worker->sum_count] = (lb_unit_sum){.first = INT64_MAX, .last = INT64_MIN};
    return LB_OK;
}

/* ASCII letters to lower case, all other bytes as they are: one pass that compilers vectorize. */
static int lower_case(lb_buffer *lower, lb_str text, lb_error *error) {
    lower->size = 0;
    int status = lb_buffer_reserve(lower, text.size, error);
    if (status < 0)
        return status;
    char *restrict to = lower->data;
    const char *restrict from = text.data;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)from[i];
        unsigned char is_upper = (unsigned char)((unsigned char)(c - 'A') < 26);
        to[i] = (char)(c | (unsigned char)(is_upper << 5));
    }
    lower->size = text.size;
    return LB_OK;
}

/* Room for what is known of `count` words. */
static int reserve_words(lb_index_worker *worker, size_t count, lb_error *error) {
    if (count <= worker->word_capacity)
        return LB_OK;
    size_t more = count + count / 2 + 64;
    lb_free(worker->flags);
    lb_free(worker->fresh);
    lb_free(worker->hashes);
    worker->flags = lb_alloc(more, sizeof *worker->flags);
    worker->fresh = lb_alloc(more, sizeof *worker->fresh);
    worker->hashes = lb_alloc(more, sizeof *worker->hashes);
    worker->word_capacity = worker->flags && worker->fresh && worker->hashes ? more : 0;
    return worker->word_capacity ? LB_OK : lb_fail_memory(error, "holding the words of a message");
}

/* Adds the n-grams of a message. Those of one length are made from those one shorter, in place: an
 * n-gram is the mix of the one that begins where it does with its last word. */
static int add_grams(lb_index_worker *worker, size_t count, uint32_t unit, uint32_t conversation,
                     lb_error *error) {
    uint64_t *hashes = worker->hashes;
    int status = lb_gram_writer_add(worker->writers[0], hashes, worker->fresh, count, unit,
                                    conversation, error);
    if (status < 0 || worker->shared->ngrams < 2)
        return status;
    uint64_t *grams = lb_grow(worker->grams, &worker->gram_capacity, count, sizeof *grams, error);
    if (!grams)
        return LB_E_RESOURCE;
    worker->grams = grams;
    for (size_t i = 0; i < count; i++)
        grams[i] = hashes[i];
    for (size_t n = 2; status == LB_OK && n <= worker->shared->ngrams && n <= count; n++) {
        size_t left = count - n + 1;
        for (size_t i = 0; i < left; i++)
            grams[i] = lb_hash_mix(grams[i], hashes[i + n - 1]);
        status = lb_gram_writer_add(worker->writers[n - 1], grams, NULL, left, unit, conversation,
                                    error);
    }
    return status;
}

static int add_words(lb_index_worker *worker, lb_str text, uint32_t unit, uint32_t conversation,
                     uint64_t *token_count, lb_error *error) {
    lb_lexicon_message message = {.text = text, .unit = unit, .conversation = conversation};
    size_t count = 0;
    int status = lb_splitter_words(worker->splitter, text, &message.words, &message.count, error);
    if (status == LB_OK)
        status = reserve_words(worker, message.count, error);
    if (status == LB_OK)
        status = lower_case(&worker->lower, text, error);
    if (status < 0)
        return status;
    lb_token_contexts(text, message.words, message.count, worker->flags);
    message.flags = worker->flags;
    message.lower = worker->lower.data;
    status =
        lb_lexicon_add(worker->lexicon, &message, worker->hashes, worker->fresh, &count, error);
    *token_count += count;
    return status < 0 ? status : add_grams(worker, count, unit, conversation, error);
}

/* A record that is its own unit is known by its content, so that its place does not depend on the
 * input's order. */
static uint64_t mix_content(uint64_t hash, const lb_message *message, size_t attributes) {
    if (message->starts_row)
        for (size_t i = 0; i < attributes; i++)
            hash = lb_hash_mix(hash, lb_hash_str(message->values[i]));
    return lb_hash_mix(hash, lb_hash_str(message->text));
}

/* The unit of a message; *skip where it has none. */
static int unit_of(lb_index_worker *worker, const lb_message *message, uint32_t *unit, bool *skip,
                   lb_error *error) {
    lb_index_shared *shared = worker->shared;
    *skip = false;
    if (shared->unit == LB_UNIT_RECORD) {
        if (message->starts_row) {
            worker->record = atomic_fetch_add(&shared->records, 1);
            if (worker->record >= LB_KEYSET_MAX)
                return lb_fail(error, LB_E_RESOURCE, "index", "audit the corpus in parts",
                               "more than %d records", LB_KEYSET_MAX);
        }
        *unit = worker->record;
        return LB_OK;
    }
    if (shared->unit == LB_UNIT_CONVERSATION) {
        int status = number_of(shared->units, message->conversation, &worker->last_unit_key,
                               &worker->last_unit, error);
        *unit = worker->last_unit;
        return status;
    }
    *skip = message->user.size == 0;
    if (*skip)
        return LB_OK;
    int status =
        number_of(shared->units, message->user, &worker->last_unit_key, &worker->last_unit, error);
    *unit = worker->last_unit;
    return status;
}

static int add_row(lb_index_worker *worker, const lb_message *message, uint32_t unit,
                   uint32_t conversation, lb_error *error) {
    int status = lb_row_collector_add(worker->rows, unit, message->values, error);
    if (status == LB_OK && worker->conversation_rows)
        status =
            lb_row_collector_add(worker->conversation_rows, conversation, message->values, error);
    return status;
}

static void widen(int64_t *first, int64_t *last, int64_t time) {
    *first = time < *first ? time : *first;
    *last = time > *last ? time : *last;
}

/* The value as it stands, whatever its case, or else as people copy it. No value is no consent. */
static int consents(lb_index_worker *worker, const lb_message *message, bool *given,
                    lb_error *error) {
    const lb_index_shared *shared = worker->shared;
    *given = shared->consent_attribute == SIZE_MAX;
    if (*given)
        return LB_OK;
    lb_str value = message->values[shared->consent_attribute];
    for (size_t i = 0; value.data && i < shared->accepted_consent_count; i++) {
        const char *accepted = shared->accepted_consent[i];
        if (strlen(accepted) == value.size && strncasecmp(accepted, value.data, value.size) == 0) {
            *given = true;
            return LB_OK;
        }
    }
    if (!value.data)
        return LB_OK;
    int status = lb_id_fold(value, &worker->consent, error);
    uint64_t folded = lb_hash_str(lb_buffer_str(&worker->consent));
    for (size_t i = 0; status == LB_OK && i < shared->accepted_consent_count; i++)
        *given = *given || shared->accepted_folded[i] == folded;
    worker->folded_consents += status == LB_OK && *given;
    return status;
}

/* Of a corpus without text it is the rows that were consented to, or not. */
static int count_refused_row(lb_index_worker *worker, const lb_message *message, lb_unit_sum *sum,
                             lb_error *error) {
    bool given = true;
    int status = worker->shared->without_text && message->starts_row
                     ? consents(worker, message, &given, error)
                     : LB_OK;
    worker->refused_records += !given;
    if (sum)
        sum->refused += !given;
    return status;
}

static int add_message(lb_index_worker *worker, const lb_message *message, size_t attributes,
                       lb_error *error) {
    bool has_text = message->text.data != NULL, skip = false;
    worker->messages += has_text;
    if (has_text && message->has_time)
        widen(&worker->first, &worker->last, message->time);
    uint32_t unit = 0;
    if (worker->shared->plain_table) {
        int counted = unit_of(worker, message, &unit, &skip, error);
        if (counted == LB_OK)
            counted = count_refused_row(worker, message, NULL, error);
        return counted < 0 || !message->starts_row
                   ? counted
                   : lb_row_collector_add(worker->rows, unit, message->values, error);
    }
    int status = number_of(worker->shared->conversations, message->conversation,
                           &worker->last_conversation_key, &worker->last_conversation, error);
    bool mine = has_text && message->own;
    if (status == LB_OK && (mine || message->starts_row))
        status = unit_of(worker, message, &unit, &skip, error);
    if (status < 0 || skip || !(mine || message->starts_row))
        return status;
    status = reserve_sums(worker, unit, error);
    if (status < 0)
        return status;
    lb_unit_sum *sum = &worker->sums[unit];
    if (worker->shared->unit == LB_UNIT_RECORD)
        sum->hash = mix_content(sum->hash, message, attributes);
    if (message->starts_row && worker->shared->keep_rows)
        status = add_row(worker, message, unit, worker->last_conversation, error);
    if (status == LB_OK)
        status = count_refused_row(worker, message, sum, error);
    if (status < 0 || !mine)
        return status;
    bool given;
    status = consents(worker, message, &given, error);
    if (status < 0)
        return status;
    sum->messages++;
    sum->refused += !given;
    if (message->has_time)
        widen(&sum->first, &sum->last, message->time);
    uint64_t meeting = (uint64_t)unit << 32 | worker->last_conversation;
    if (meeting != worker->last_meeting) {
        status = lb_number_set_add(&worker->meetings, meeting, error);
        worker->last_meeting = meeting;
    }
    if (status == LB_OK && worker->keeper)
        status =
            lb_text_keeper_add(worker->keeper, message, unit, worker->last_conversation, error);
    if (status == LB_OK && worker->splitter)
        status =
            add_words(worker, message->text, unit, worker->last_conversation, &sum->tokens, error);
    return status;
}

int lb_index_worker_run(lb_index_worker *worker, lb_error *error) {
    lb_block *block = lb_block_new();
    if (!block)
        return lb_fail_memory(error, "reading the corpus");
    size_t attributes;
    lb_corpus_attributes(worker->shared->corpus, &attributes);
    int status = LB_OK;
    size_t most = worker->shared->most_blocks;
    for (size_t blocks = 0; (most == 0 || blocks < most) && !atomic_load(&worker->shared->failed) &&
                            (status = lb_corpus_next(worker->shared->corpus, block, error)) == 1;
         blocks++) {
        status = lb_corpus_parse(worker->shared->corpus, block, &worker->batch, error);
        for (size_t i = 0; status >= 0 && i < worker->batch.count; i++) {
            lb_content_digest_add(&worker->content, &worker->batch.messages[i], attributes);
            status = add_message(worker, &worker->batch.messages[i], attributes, error);
        }
        if (status < 0)
            break;
    }
    for (unsigned n = 0; status == LB_OK && n < worker->shared->ngrams; n++)
        status = lb_gram_writer_flush(worker->writers[n], error);
    if (status < 0)
        atomic_store(&worker->shared->failed, true);
    lb_block_free(block);
    return status;
}
