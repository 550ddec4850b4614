#define _GNU_SOURCE /* memfd_create */
/* A whole corpus from hostile bytes: container, format and fields are guessed from them. What must
 * hold: no crash, texts are UTF-8, and one thread of large blocks sees what is counted. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "corpus/corpus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const lb_batch *batch, uint64_t *texts) {
    for (size_t i = 0; i < batch->count; i++) {
        const lb_message *m = &batch->messages[i];
        if (m->text.data && !lb_utf8_valid(m->text.data, m->text.size))
            abort();
        if (!m->conversation.data)
            abort();
        *texts += m->text.data != NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int file = memfd_create("fuzz", 0);
    char path[64];
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const char *input = path;
    lb_corpus_options options = {.inputs = &input, .input_count = 1, .tolerance = {UINT64_MAX, 1}};
    lb_corpus *corpus;
    lb_error error = {0};
    if (lb_corpus_open(&corpus, &options, &error) == LB_OK) {
        lb_block *block = lb_block_new();
        lb_batch batch = {0};
        uint64_t texts = 0;
        int status;
        while ((status = lb_corpus_next(corpus, block, &error)) == 1 &&
               lb_corpus_parse(corpus, block, &batch, &error) == LB_OK)
            check(&batch, &texts);
        if (status == 0 && texts != lb_corpus_counted(corpus)->messages)
            abort();
        if (status < 0 && error.mend[0] == '\0')
            abort();
        lb_batch_free(&batch);
        lb_block_free(block);
        lb_corpus_free(corpus);
    }
    close(file);
    return 0;
}
