#include "risk/words/conversation_exposure.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/thread.h"
#include "risk/words/token_reader.h"

enum { FORGET_AFTER = 16 << 20 /* bytes of text whose pages are held */ };

/* A unique token of the unit at hand, in one of its conversations. */
typedef struct finding {
    uint64_t token;
    uint32_t conversation;
} finding;

typedef struct exposure_worker {
    lb_token_reader *reader;
    finding *findings;
    size_t count, capacity;
    size_t read; /* bytes, since pages were last given back */
} exposure_worker;

/* Minima and sums of integers: it does not matter which thread comes first. */
typedef struct exposure_job {
    const lb_index *index;
    const lb_incidence *incidence;
    const lb_texts *texts;
    const lb_conversation_options *options;
    _Atomic uint32_t *smallest; /* [conversations] */
    _Atomic uint32_t *unique;   /* [conversations] */
    atomic_size_t done;         /* messages */
    exposure_worker *workers;   /* [threads] */
} exposure_job;

static void lower_to(_Atomic uint32_t *smallest, uint32_t users) {
    uint32_t held = atomic_load_explicit(smallest, memory_order_relaxed);
    while ((held == 0 || users < held) &&
           !atomic_compare_exchange_weak_explicit(smallest, &held, users, memory_order_relaxed,
                                                  memory_order_relaxed))
        continue;
}

static int add_finding(exposure_worker *worker, finding found, lb_error *error) {
    finding *grown =
        lb_grow(worker->findings, &worker->capacity, worker->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    worker->findings = grown;
    worker->findings[worker->count++] = found;
    return LB_OK;
}

static int read_message(const exposure_job *job, exposure_worker *worker,
                        const lb_own_message *message, lb_error *error) {
    const uint64_t *tokens, *offsets = job->incidence->offsets;
    size_t count;
    int status = lb_token_reader_read(worker->reader, message->text, &tokens, &count, error);
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        uint64_t users = offsets[tokens[i] + 1] - offsets[tokens[i]];
        if (users >= job->options->k)
            continue;
        lower_to(&job->smallest[message->conversation], (uint32_t)users);
        if (users == 1)
            status = add_finding(worker, (finding){tokens[i], message->conversation}, error);
    }
    return status;
}

static int by_conversation(const void *a, const void *b) {
    const finding *x = a, *y = b;
    if (x->conversation != y->conversation)
        return x->conversation < y->conversation ? -1 : 1;
    return (x->token > y->token) - (x->token < y->token);
}

static int read_unit(void *context, size_t unit, unsigned number, lb_error *error) {
    exposure_job *job = context;
    exposure_worker *worker = &job->workers[number];
    size_t from = job->texts->offsets[unit], end = job->texts->offsets[unit + 1];
    worker->count = 0;
    for (size_t m = from; m < end; m++) {
        int status = read_message(job, worker, &job->texts->messages[m], error);
        if (status < 0)
            return status;
        worker->read += job->texts->messages[m].text.size;
    }
    if (worker->read > FORGET_AFTER) {
        lb_index_forget_texts(job->index);
        worker->read = 0;
    }
    finding *findings = worker->findings;
    if (worker->count > 0)
        qsort(findings, worker->count, sizeof *findings, by_conversation);
    for (size_t i = 0; i < worker->count; i++)
        if (i == 0 || by_conversation(&findings[i - 1], &findings[i]) != 0)
            atomic_fetch_add_explicit(&job->unique[findings[i].conversation], 1,
                                      memory_order_relaxed);
    size_t done = atomic_fetch_add_explicit(&job->done, end - from, memory_order_relaxed);
    if (number == 0)
        lb_progress_report(job->options->progress, "conversations", done + end - from,
                           job->texts->offsets[job->texts->units]);
    return LB_OK;
}

static int read_all(exposure_job *job, const lb_gram_finder *finder, unsigned threads,
                    lb_error *error) {
    int status = LB_OK;
    for (unsigned w = 0; status == LB_OK && w < threads; w++)
        status = lb_token_reader_new(&job->workers[w].reader, finder, error);
    if (status == LB_OK)
        status = lb_parallel(threads, job->texts->units, read_unit, job, error);
    for (unsigned w = 0; w < threads; w++) {
        lb_token_reader_free(job->workers[w].reader);
        lb_free(job->workers[w].findings);
    }
    return status;
}

static int by_exposure(const void *a, const void *b) {
    const lb_conversation_exposure *x = a, *y = b;
    if (x->smallest != y->smallest)
        return x->smallest < y->smallest ? -1 : 1;
    if (x->unique != y->unique)
        return x->unique > y->unique ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* The exposed conversations in order, in result->most, cut to the first `limit`. */
static int rank(const exposure_job *job, size_t limit, lb_conversations *result, lb_error *error) {
    size_t conversations = job->texts->conversations;
    for (size_t c = 0; c < conversations; c++)
        result->exposed += atomic_load_explicit(&job->smallest[c], memory_order_relaxed) > 0;
    result->most = lb_alloc((size_t)result->exposed, sizeof *result->most);
    if (!result->most)
        return lb_fail_memory(error, "ranking conversations");
    for (size_t c = 0; c < conversations; c++) {
        lb_conversation_exposure exposure = {
            .conversation = (uint32_t)c,
            .order = job->options->order ? job->options->order[c] : (uint32_t)c,
            .smallest = atomic_load_explicit(&job->smallest[c], memory_order_relaxed),
            .unique = atomic_load_explicit(&job->unique[c], memory_order_relaxed)};
        if (exposure.smallest > 0)
            result->most[result->count++] = exposure;
    }
    if (result->count > 0)
        qsort(result->most, result->count, sizeof *result->most, by_exposure);
    result->count = result->count < limit ? result->count : limit;
    return LB_OK;
}

/* Counts the messages of the conversations that are listed, and finds the first of each. */
static int place(const exposure_job *job, lb_conversations *result, lb_error *error) {
    uint32_t *number = lb_alloc_zero(job->texts->conversations, sizeof *number); /* 1 + in most */
    if (!number)
        return lb_fail_memory(error, "looking for the places of conversations");
    for (size_t i = 0; i < result->count; i++)
        number[result->most[i].conversation] = (uint32_t)i + 1;
    size_t messages = job->texts->offsets[job->texts->units];
    for (size_t m = 0; m < messages; m++) {
        const lb_own_message *message = &job->texts->messages[m];
        uint32_t listed = number[message->conversation];
        if (listed == 0)
            continue;
        lb_conversation_exposure *found = &result->most[listed - 1];
        if (found->messages++ == 0 || message->source < found->source ||
            (message->source == found->source && message->line < found->line)) {
            found->source = message->source;
            found->line = message->line;
        }
    }
    lb_free(number);
    return LB_OK;
}

int lb_conversations_run(lb_conversations *result, const lb_index *index, size_t limit,
                         const lb_conversation_options *options, lb_error *error) {
    *result = (lb_conversations){0};
    const lb_texts *texts = lb_index_texts(index);
    const lb_incidence *incidence = lb_index_incidence(index, 1);
    if (!texts || !incidence)
        return lb_fail(error, LB_E_USAGE, "--measures", "ask for the messages to be kept",
                       "the index has kept no messages");
    unsigned threads = options->threads > 0 ? options->threads : 1;
    lb_gram_finder finder = {0};
    exposure_job job = {.index = index, .incidence = incidence, .texts = texts, .options = options};
    job.smallest = lb_alloc_zero(texts->conversations, sizeof *job.smallest);
    job.unique = lb_alloc_zero(texts->conversations, sizeof *job.unique);
    job.workers = lb_alloc_zero(threads, sizeof *job.workers);
    int status = job.smallest && job.unique && job.workers
                     ? lb_gram_finder_make(&finder, incidence, error)
                     : lb_fail_memory(error, "looking at the conversations");
    if (status == LB_OK)
        status = read_all(&job, &finder, threads, error);
    if (status == LB_OK)
        status = rank(&job, limit, result, error);
    if (status == LB_OK)
        status = place(&job, result, error);
    lb_free((void *)job.smallest);
    lb_free((void *)job.unique);
    lb_free(job.workers);
    lb_gram_finder_free(&finder);
    if (status < 0)
        lb_conversations_free(result);
    return status;
}

void lb_conversations_free(lb_conversations *result) {
    lb_free(result->most);
    *result = (lb_conversations){0};
}
