#include "cli/progress.h"

#include <stdio.h>
#include <string.h>

static double seconds_between(const struct timespec *from, const struct timespec *to) {
    return (double)(to->tv_sec - from->tv_sec) + 1e-9 * (double)(to->tv_nsec - from->tv_nsec);
}

/* Bytes in MB where a stage counts bytes, which are many; small numbers as they are. */
static void print_rate(double rate) {
    if (rate >= 1e5)
        fprintf(stderr, ", %.0f M/s", rate / 1e6);
}

void lb_progress_show(void *context, const char *stage, uint64_t done, uint64_t total) {
    lb_progress_line *line = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (strcmp(stage, line->stage) != 0) {
        snprintf(line->stage, sizeof line->stage, "%s", stage);
        line->stage_began = now;
    } else if (line->shown && seconds_between(&line->last_shown, &now) < 0.1)
        return;
    line->last_shown = now;
    line->shown = true;
    double elapsed = seconds_between(&line->stage_began, &now);
    fprintf(stderr, "\r\x1B[K%s", stage);
    if (total > 0)
        fprintf(stderr, " %.0f %%", 100.0 * (double)(done < total ? done : total) / (double)total);
    if (elapsed > 0.5) {
        print_rate((double)done / elapsed);
        if (total > done && done > 0)
            fprintf(stderr, ", %.0f s left", elapsed * (double)(total - done) / (double)done);
    }
    fflush(stderr);
}

void lb_progress_clear(lb_progress_line *line) {
    if (line->shown)
        fputs("\r\x1B[K", stderr);
    line->shown = false;
}
