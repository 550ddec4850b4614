/* How fast one thread splits and folds: words FILE... prints MB/s, the best of several rounds. A
 * file is taken line by line, as messages come. */
#include <stdio.h>
#include <time.h>

#include "base/file.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "text/words.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct bench {
    lb_splitter *splitter;
    lb_buffer folded;
    bool fold;
    size_t tokens;
} bench;

static int split(bench *run, lb_str text, lb_error *error) {
    const lb_word *words;
    size_t count;
    int status = lb_splitter_words(run->splitter, text, &words, &count, error);
    run->tokens += status == LB_OK ? count : 0;
    for (size_t i = 0; status == LB_OK && run->fold && i < count; i++) {
        run->folded.size = 0;
        status = lb_fold((lb_str){text.data + words[i].start, words[i].size}, &run->folded, error);
    }
    return status;
}

static int split_lines(bench *run, lb_str text, lb_error *error) {
    int status = LB_OK;
    run->tokens = 0;
    for (size_t at = 0; status == LB_OK && at < text.size;) {
        const char *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = (end ? (size_t)(end - text.data) : text.size) - at;
        status = split(run, (lb_str){text.data + at, size}, error);
        at += size + 1;
    }
    return status;
}

static int measure(bench *run, lb_str text, const char *what, lb_error *error) {
    enum { ROUNDS = 7 };
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        int status = split_lines(run, text, error);
        if (status < 0)
            return status;
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    printf("  %-15s %8.1f MB/s %8.1f M tokens/s\n", what, (double)text.size / best / 1e6,
           (double)run->tokens / best / 1e6);
    return LB_OK;
}

static int run_file(bench *run, const char *path, lb_error *error) {
    lb_buffer raw = {0}, text = {0};
    uint64_t replaced = 0;
    int status = lb_file_read(path, UINT32_MAX, &raw, error);
    if (status == LB_OK)
        status = lb_utf8_repair(lb_buffer_str(&raw), &text, &replaced, error);
    if (status == LB_OK)
        printf("%s: %.1f MB\n", path, (double)text.size / 1e6);
    for (int fold = 0; status == LB_OK && fold <= 1; fold++) {
        run->fold = fold;
        status = measure(run, lb_buffer_str(&text), fold ? "split and fold" : "split", error);
    }
    lb_buffer_free(&raw);
    lb_buffer_free(&text);
    return status;
}

int main(int argc, char **argv) {
    lb_error error;
    bench run = {0};
    int status = lb_splitter_new(&run.splitter, &error);
    for (int i = 1; status == LB_OK && i < argc; i++)
        status = run_file(&run, argv[i], &error);
    if (status < 0)
        fprintf(stderr, "words: %s: %s; %s\n", error.where, error.what, error.mend);
    lb_splitter_free(run.splitter);
    lb_buffer_free(&run.folded);
    return -status;
}
