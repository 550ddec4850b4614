#define _GNU_SOURCE
#include "base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/memory.h"

unsigned lb_thread_cores(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}

typedef struct parallel_job {
    lb_piece_work *work;
    void *context;
    size_t pieces, size; /* so many are taken at a time */
    atomic_size_t next;
    atomic_bool failed;
    pthread_mutex_t lock; /* of what follows */
    size_t failed_piece;
    int status;
    lb_error error;
} parallel_job;

typedef struct parallel_worker {
    parallel_job *job;
    pthread_t thread;
    unsigned number;
} parallel_worker;

static void *run_pieces(void *argument) {
    parallel_worker *worker = argument;
    parallel_job *job = worker->job;
    while (!atomic_load(&job->failed)) {
        size_t piece = atomic_fetch_add(&job->next, job->size), end = piece + job->size;
        if (piece >= job->pieces)
            break;
        lb_error error = {0};
        int status = job->work(job->context, piece, worker->number, &error);
        while (status >= 0 && ++piece < end && piece < job->pieces)
            status = job->work(job->context, piece, worker->number, &error);
        if (status < 0) {
            pthread_mutex_lock(&job->lock);
            if (job->status == 0 || piece < job->failed_piece) {
                job->status = status;
                job->failed_piece = piece;
                job->error = error;
            }
            pthread_mutex_unlock(&job->lock);
            atomic_store(&job->failed, true);
        }
    }
    return NULL;
}

int lb_parallel_small(unsigned threads, size_t pieces, size_t size, lb_piece_work *work,
                      void *context, lb_error *error) {
    size_t takings = pieces / size + (pieces % size > 0);
    if (threads > takings)
        threads = (unsigned)takings;
    if (threads == 0)
        threads = 1;
    parallel_job job = {.work = work, .context = context, .pieces = pieces, .size = size};
    pthread_mutex_init(&job.lock, NULL);
    parallel_worker *workers = lb_alloc_zero(threads, sizeof *workers);
    if (!workers) {
        pthread_mutex_destroy(&job.lock);
        return lb_fail_memory(error, "starting threads");
    }
    unsigned started = 1; /* worker 0 is the caller; fewer threads than asked for only cost time */
    for (unsigned i = 0; i < threads; i++)
        workers[i] = (parallel_worker){.job = &job, .number = i};
    while (started < threads &&
           pthread_create(&workers[started].thread, NULL, run_pieces, &workers[started]) == 0)
        started++;
    if (pieces > 0)
        run_pieces(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    lb_free(workers);
    pthread_mutex_destroy(&job.lock);
    if (job.status < 0 && error)
        *error = job.error;
    return job.status;
}

int lb_parallel(unsigned threads, size_t pieces, lb_piece_work *work, void *context,
                lb_error *error) {
    return lb_parallel_small(threads, pieces, 1, work, context, error);
}
