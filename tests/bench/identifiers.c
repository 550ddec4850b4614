/* How fast one thread looks for direct identifiers: identifiers FILE... prints MB/s of processor
 * time, the best of several rounds, and what was found. A file is taken line by line, as messages
 * come; with -l every finding is listed with its line. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/utf8.h"
#include "text/identifier.h"

typedef struct bench {
    lb_identifier_scanner *scanner;
    lb_str *lines;
    size_t count;
    size_t found[LB_IDENTIFIER_TYPES];
    bool list;
} bench;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int count(void *context, size_t line, const lb_identifier *found, size_t number,
                 lb_error *error) {
    bench *run = context;
    (void)error;
    for (size_t i = 0; i < number; i++) {
        run->found[found[i].type]++;
        if (run->list)
            printf("%zu\t%s\t%s\t%.*s\n", line + 1, lb_identifier_type_name(found[i].type),
                   found[i].kind, (int)found[i].size, run->lines[line].data + found[i].start);
    }
    return LB_OK;
}

static int cut(bench *run, lb_str text, lb_error *error) {
    size_t capacity = 0;
    run->count = 0;
    run->lines = NULL;
    for (size_t at = 0; at < text.size;) {
        const char *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = (end ? (size_t)(end - text.data) : text.size) - at;
        void *grown = lb_grow(run->lines, &capacity, run->count + 1, sizeof *run->lines, error);
        if (!grown)
            return LB_E_RESOURCE;
        run->lines = grown;
        run->lines[run->count++] = (lb_str){text.data + at, size};
        at += size + 1;
    }
    return LB_OK;
}

static int measure(bench *run, size_t bytes, lb_error *error) {
    enum { ROUNDS = 7 };
    double best = 1e9;
    for (int round = 0; round < (run->list ? 1 : ROUNDS); round++) {
        memset(run->found, 0, sizeof run->found);
        double start = now();
        int status = lb_identifiers_find(run->scanner, run->lines, run->count, count, run, error);
        if (status < 0)
            return status;
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    if (run->list)
        return LB_OK;
    printf("  %.1f MB/s\n", (double)bytes / best / 1e6);
    for (int type = 0; type < LB_IDENTIFIER_TYPES; type++)
        printf("  %-12s %zu\n", lb_identifier_type_name((lb_identifier_type)type),
               run->found[type]);
    return LB_OK;
}

static int run_file(bench *run, const char *path, lb_error *error) {
    lb_buffer raw = {0}, text = {0};
    uint64_t replaced = 0;
    int status = lb_file_read(path, UINT32_MAX, &raw, error);
    if (status == LB_OK)
        status = lb_utf8_repair(lb_buffer_str(&raw), &text, &replaced, error);
    if (status == LB_OK)
        status = cut(run, lb_buffer_str(&text), error);
    if (status == LB_OK && !run->list)
        printf("%s: %.1f MB, %zu lines\n", path, (double)text.size / 1e6, run->count);
    if (status == LB_OK)
        status = measure(run, text.size, error);
    lb_free(run->lines);
    lb_buffer_free(&raw);
    lb_buffer_free(&text);
    return status;
}

int main(int argc, char **argv) {
    lb_error error;
    bench run = {0};
    lb_identifier_patterns *patterns = NULL;
    double start = now();
    int status = lb_identifier_patterns_new(&patterns, &error);
    fprintf(stderr, "patterns compiled in %.3f s\n", now() - start);
    if (status == LB_OK)
        status = lb_identifier_scanner_new(&run.scanner, patterns, &error);
    for (int i = 1; status == LB_OK && i < argc; i++)
        if (strcmp(argv[i], "-l") == 0)
            run.list = true;
        else
            status = run_file(&run, argv[i], &error);
    if (status < 0)
        fprintf(stderr, "identifiers: %s: %s; %s\n", error.where, error.what, error.mend);
    lb_identifier_scanner_free(run.scanner);
    lb_identifier_patterns_free(patterns);
    return -status;
}
