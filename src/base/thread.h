/* Threads. Model: a job is cut in numbered pieces; worker w of n takes the next piece until none is
 * left. What pieces there are must not depend on the number of threads, and pieces write to places
 * of their own, so that the result is the same for any number of threads. */
#ifndef LB_BASE_THREAD_H
#define LB_BASE_THREAD_H

#include <stddef.h>

#include "linkback/error.h"

unsigned lb_thread_cores(void); /* processors this process may use; at least 1 */

/* Runs work(context, piece, worker, error) for piece = 0 ... pieces-1 on up to `threads` threads
 * (the caller's is one). worker is below `threads`. The first failure, by piece number among those
 * that ran, is returned; once one failed, no further piece is begun. */
typedef int lb_piece_work(void *context, size_t piece, unsigned worker, lb_error *error);
int lb_parallel(unsigned threads, size_t pieces, lb_piece_work *work, void *context,
                lb_error *error);

/* The same where a piece is so little work that a worker takes `size` of them at a time. */
int lb_parallel_small(unsigned threads, size_t pieces, size_t size, lb_piece_work *work,
                      void *context, lb_error *error);

#endif
