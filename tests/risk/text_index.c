#include "text_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

text_index text_index_make(const char *lines, unsigned threads, uint64_t memory) {
    char path[] = "/tmp/linkback-test-XXXXXX.jsonl";
    text_index made = {0};
    int file = mkstemps(path, 6);
    size_t size = strlen(lines);
    if (file < 0)
        return made;
    bool written = write(file, lines, size) == (ssize_t)size;
    close(file);
    const char *inputs[] = {path};
    lb_corpus_options options = {.inputs = inputs, .input_count = 1, .unit = LB_UNIT_USER};
    lb_index_options wanted = {
        .threads = threads, .ngrams = 1, .memory = memory, .keep_texts = true, .tmpdir = "/tmp"};
    if (written && lb_corpus_open(&made.corpus, &options, NULL) == LB_OK &&
        lb_index_build(&made.index, made.corpus, &wanted, NULL) < 0)
        made.index = NULL;
    unlink(path);
    return made;
}

void text_index_free(text_index *made) {
    lb_index_free(made->index);
    lb_corpus_free(made->corpus);
    *made = (text_index){0};
}

uint32_t text_index_token(const text_index *made, const char *folded) {
    uint64_t tokens = lb_index_incidence(made->index, 1)->grams;
    for (uint64_t t = 0; t < tokens; t++)
        if (lb_str_equal(lb_index_token(made->index, t), lb_str_of(folded)))
            return (uint32_t)t;
    return UINT32_MAX;
}

uint32_t text_index_user(const text_index *made, const char *name) {
    for (size_t u = 0; u < lb_index_units(made->index); u++)
        if (lb_str_equal(lb_index_facts(made->index)[u].key, lb_str_of(name)))
            return (uint32_t)u;
    return UINT32_MAX;
}
