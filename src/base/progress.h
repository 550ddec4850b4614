/* Progress of a long run. The library counts; whoever wants to show it passes a sink.
 * A sink may be called from any worker thread, but never from two at once. */
#ifndef LB_BASE_PROGRESS_H
#define LB_BASE_PROGRESS_H

#include <stdint.h>

typedef struct lb_progress {
    void (*report)(void *context, const char *stage, uint64_t done,
                   uint64_t total); /* total 0: unknown */
    void *context;
} lb_progress;

static inline void lb_progress_report(const lb_progress *progress, const char *stage, uint64_t done,
                                      uint64_t total) {
    if (progress && progress->report)
        progress->report(progress->context, stage, done, total);
}

#endif
