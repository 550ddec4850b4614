/* How well and how fast the linkage attack runs:
 *   bench_link CORPUS.jsonl[.gz] [--min-messages N] [--seed N] [--threads N] [--suppress K]
 *              [--ablation] [--split conversation|time]
 *
 * Reads JSON lines (user, conversation, timestamp, text), attacks the corpus by itself, and prints
 * every figure. Seconds are of the attack alone, without reading. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/thread.h"
#include "link/link.h"
#include "link/texts_fixture.h"

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void print_figure(const char *name, lb_estimate figure) {
    printf("%-12s %.4f  [%.4f, %.4f]\n", name, figure.value, figure.low, figure.high);
}

static void print_tables(const lb_link_result *result) {
    puts("said        pairs  said   right  95 % interval");
    for (size_t t = 0; t < LB_LINK_TENTHS; t++) {
        const lb_reliability *r = &result->reliability[t];
        if (r->pairs)
            printf("%.1f  %11llu  %.3f  %.3f  [%.3f, %.3f]\n", (double)t / LB_LINK_TENTHS,
                   (unsigned long long)r->pairs, r->said, (double)r->right / (double)r->pairs,
                   r->low, r->high);
    }
    puts("signal             top1   mrr    without: top1   mrr    r90    reasons");
    for (size_t s = 0; s < result->signal_count; s++) {
        const lb_link_signal *of = &result->signals[s];
        printf("%-18s %.4f %.4f          %.4f %.4f %.4f %llu\n", lb_signal_name(of->signal),
               of->top1, of->mrr, of->top1_without, of->mrr_without, of->recall_p90_without,
               (unsigned long long)of->reasons);
    }
    puts("words of the query      queries  top1   mrr");
    for (size_t s = 0; s < LB_LINK_SIZES; s++)
        printf("%9.0f to %9.0f  %8llu  %.3f  %.3f\n", result->sizes[s].least, result->sizes[s].most,
               (unsigned long long)result->sizes[s].queries, result->sizes[s].top1.value,
               result->sizes[s].mrr);
}

static void print_result(const lb_link_result *result) {
    const lb_evaluation *f = &result->figures;
    printf("queries %zu  gallery %zu  eligible %zu  distractors %zu (single %zu, few %zu, one side "
           "%zu)  chance %.6f\n",
           f->queries, f->gallery, result->eligible, result->distractors, result->single,
           result->few, result->one_side, f->chance);
    printf("words suppressed %zu (%.4f of all)  candidates %.0f, recall %.3f, pruning loss %.3f\n",
           result->words_suppressed, result->suppressed_share, result->mean_candidates,
           result->candidate_recall, result->pruning_loss);
    print_figure("top1", f->top1);
    print_figure("top5", f->top5);
    print_figure("top10", f->top10);
    print_figure("mrr", f->mrr);
    print_figure("auc", f->auc);
    print_figure("recall_p50", f->recall_p50);
    print_figure("recall_p90", f->recall_p90);
    print_figure("recall_p99", f->recall_p99);
    print_figure("advantage", f->advantage);
    printf("assignment: links %llu  right %llu\n", (unsigned long long)result->assigned.links,
           (unsigned long long)result->assigned.right);
    print_figure("  precision", result->assigned.precision);
    print_figure("  recall", result->assigned.recall);
    print_figure("  top1", result->assigned.top1);
    print_tables(result);
}

int main(int count, char **arguments) {
    lb_link_options options = {.seed = 1, .threads = lb_thread_cores()};
    for (int i = 2; i < count; i++) {
        const char *value = i + 1 < count ? arguments[i + 1] : "0";
        if (strcmp(arguments[i], "--min-messages") == 0)
            options.min_messages = strtoull(value, NULL, 10);
        else if (strcmp(arguments[i], "--seed") == 0)
            options.seed = strtoull(value, NULL, 10);
        else if (strcmp(arguments[i], "--threads") == 0)
            options.threads = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(arguments[i], "--suppress") == 0)
            options.suppress_below = strtoull(value, NULL, 10);
        else if (strcmp(arguments[i], "--split") == 0)
            options.split = value[0] == 't' ? LB_SPLIT_TIME : LB_SPLIT_CONVERSATION;
        else if (strcmp(arguments[i], "--all-pairs-below") == 0)
            options.all_pairs_below = strtoull(value, NULL, 10);
        else if (strcmp(arguments[i], "--ablation") == 0)
            options.ablation = true;
    }
    texts_fixture *fixture = count > 1 ? texts_fixture_read(arguments[1]) : NULL;
    if (!fixture) {
        fputs("usage: bench_link CORPUS.jsonl [options]\n", stderr);
        return 2;
    }
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    lb_link_result result;
    lb_error error = {0};
    if (lb_link_self(&fixture->texts, &options, &result, &error) < 0) {
        fprintf(stderr, "%s: %s\n", error.where, error.what);
        return 1;
    }
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    print_result(&result);
    printf("threads %u  wall %.2f s  cpu %.2f s  peak %ld MB\n", options.threads, wall, cpu,
           usage.ru_maxrss / 1024);
    lb_link_free(&result);
    texts_fixture_free(fixture);
    return 0;
}
