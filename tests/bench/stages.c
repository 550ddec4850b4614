/* Speed of each stage of building an index: bench_stages CORPUS [NGRAMS]
 * Every line does all that the lines above do, and one thing more; MB are of the input as it is
 * read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/thread.h"
#include "index/index.h"
#include "index/lexicon.h"
#include "text/token_context.h"
#include "text/words.h"

enum stage { READ, PARSE, WORDS, CONTEXTS, FOLD };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void stop(const lb_error *error) {
    fprintf(stderr, "%s: %s; %s\n", error->where, error->what, error->mend);
    exit(1);
}

typedef struct walk {
    lb_splitter *splitter;
    lb_lexicon *lexicon;
    uint8_t *flags;
    bool *fresh;
    uint64_t *hashes;
    size_t word_capacity;
    lb_buffer lower;
    uint64_t text, words;
} walk;

static int reserve(walk *w, size_t count, lb_error *error) {
    if (count <= w->word_capacity)
        return LB_OK;
    size_t room = w->word_capacity, same = room;
    void *hashes = lb_grow(w->hashes, &w->word_capacity, count, sizeof *w->hashes, error);
    w->hashes = hashes ? hashes : w->hashes;
    void *flags = hashes ? lb_grow(w->flags, &room, w->word_capacity, 1, error) : NULL;
    w->flags = flags ? flags : w->flags;
    void *fresh = flags ? lb_grow(w->fresh, &same, w->word_capacity, 1, error) : NULL;
    w->fresh = fresh ? fresh : w->fresh;
    return fresh ? LB_OK : LB_E_RESOURCE;
}

static int look(walk *w, const lb_message *message, enum stage stage, lb_error *error) {
    lb_lexicon_message words = {.text = message->text};
    int status = lb_splitter_words(w->splitter, words.text, &words.words, &words.count, error);
    w->text += words.text.size;
    w->words += words.count;
    if (status == LB_OK)
        status = reserve(w, words.count, error);
    if (status < 0 || stage < CONTEXTS)
        return status;
    lb_token_contexts(words.text, words.words, words.count, w->flags);
    if (stage < FOLD)
        return LB_OK;
    w->lower.size = 0;
    status = lb_buffer_append(&w->lower, words.text.data, words.text.size, error);
    for (size_t i = 0; status == LB_OK && i < w->lower.size; i++)
        if (w->lower.data[i] >= 'A' && w->lower.data[i] <= 'Z')
            w->lower.data[i] |= 0x20;
    words.lower = w->lower.data;
    words.flags = w->flags;
    size_t count;
    return status < 0 ? status
                      : lb_lexicon_add(w->lexicon, &words, w->hashes, w->fresh, &count, error);
}

static double run(const char *path, enum stage stage, walk *w, uint64_t *bytes) {
    lb_error error;
    lb_corpus *corpus;
    lb_corpus_options options = {.inputs = &path, .input_count = 1};
    if (lb_corpus_open(&corpus, &options, &error) < 0)
        stop(&error);
    lb_block *block = lb_block_new();
    lb_batch batch = {0};
    *w = (walk){0};
    if (lb_splitter_new(&w->splitter, &error) < 0 || lb_lexicon_new(&w->lexicon, &error) < 0)
        stop(&error);
    double began = now();
    int status;
    while ((status = lb_corpus_next(corpus, block, &error)) == 1) {
        if (stage >= PARSE && (status = lb_corpus_parse(corpus, block, &batch, &error)) < 0)
            break;
        for (size_t i = 0; stage >= WORDS && status >= 0 && i < batch.count; i++)
            if (batch.messages[i].own && batch.messages[i].text.data)
                status = look(w, &batch.messages[i], stage, &error);
        if (status < 0)
            break;
    }
    if (status < 0)
        stop(&error);
    double seconds = now() - began;
    *bytes = lb_corpus_counted(corpus)->bytes;
    lb_splitter_free(w->splitter);
    lb_lexicon_free(w->lexicon);
    lb_free(w->flags);
    lb_free(w->fresh);
    lb_free(w->hashes);
    lb_buffer_free(&w->lower);
    lb_batch_free(&batch);
    lb_block_free(block);
    lb_corpus_free(corpus);
    return seconds;
}

static double build(const char *path, unsigned threads, unsigned ngrams) {
    lb_error error;
    lb_corpus *corpus;
    lb_index *index;
    lb_corpus_options options = {.inputs = &path, .input_count = 1};
    lb_index_options wanted = {
        .threads = threads, .ngrams = ngrams, .memory = UINT64_C(8) << 30, .tmpdir = "/tmp"};
    if (lb_corpus_open(&corpus, &options, &error) < 0)
        stop(&error);
    double began = now();
    if (lb_index_build(&index, corpus, &wanted, &error) < 0)
        stop(&error);
    double seconds = now() - began;
    lb_index_free(index);
    lb_corpus_free(corpus);
    return seconds;
}

int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: bench_stages CORPUS [NGRAMS]\n");
        return 2;
    }
    static const char *const names[] = {"read, cut, hash", "+ parse", "+ words", "+ surroundings",
                                        "+ fold, lexicon"};
    const char *path = arguments[1];
    unsigned ngrams = count > 2 ? (unsigned)atoi(arguments[2]) : 1;
    uint64_t bytes = 0, text = 0;
    double words_alone = 0, parsed = 0;
    for (int stage = READ; stage <= FOLD; stage++) {
        walk w;
        double seconds = run(path, (enum stage)stage, &w, &bytes);
        printf("%-18s 1 thread %8.2f s %8.1f MB/s\n", names[stage], seconds,
               (double)bytes / 1e6 / seconds);
        if (stage == PARSE)
            parsed = seconds;
        if (stage == WORDS) {
            words_alone = seconds - parsed;
            text = w.text;
        }
    }
    printf("words alone        1 thread %8.2f s %8.1f MB/s of text (%.1f MB), %.1f MB/s of input\n",
           words_alone, (double)text / 1e6 / words_alone, (double)text / 1e6,
           (double)bytes / 1e6 / words_alone);
    double one = 0;
    for (unsigned threads = 1; threads <= lb_thread_cores() && threads <= 2; threads++) {
        double seconds = build(path, threads, ngrams);
        one = threads == 1 ? seconds : one;
        printf("whole index, n = %u %u thread %8.2f s %8.1f MB/s, x%.2f\n", ngrams, threads,
               seconds, (double)bytes / 1e6 / seconds, one / seconds);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory of all this: %.0f MB\n", (double)usage.ru_maxrss / 1024);
    return 0;
}
