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

/* A line is written over on a terminal ten times a second; where it stays, it is one every ten. */
static bool is_due(const lb_progress_line *line, const struct timespec *now) {
    return seconds_between(&line->last_shown, now) >= (line->terminal ? 0.1 : 10);
}

void lb_progress_show(void *context, const char *stage, uint64_t done, uint64_t total) {
    lb_progress_line *line = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    bool begins = strcmp(stage, line->stage) != 0;
    if (!begins && !is_due(line, &now))
        return;
    if (begins) {
        snprintf(line->stage, sizeof line->stage, "%s", stage);
        line->stage_began = now;
    }
    line->last_shown = now;
    double elapsed = seconds_between(&line->stage_began, &now);
    fprintf(stderr, "%s%s", line->terminal ? "\r\x1B[K" : "", stage);
    if (total > 0)
        fprintf(stderr, " %.0f %%", 100.0 * (double)(done < total ? done : total) / (double)total);
    if (elapsed > 0.5) {
        print_rate((double)done / elapsed);
        if (total > done && done > 0)
            fprintf(stderr, ", %.0f s left", elapsed * (double)(total - done) / (double)done);
    }
    fputs(line->terminal ? "" : "\n", stderr);
    fflush(stderr);
    line->shown = line->terminal;
}

void lb_progress_clear(lb_progress_line *line) {
    if (line->shown)
        fputs("\r\x1B[K", stderr);
    line->shown = false;
    fflush(stderr);
}
