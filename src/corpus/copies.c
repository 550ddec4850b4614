#include "corpus/copies.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "corpus/warnings.h"

/* Equal contents side by side, each in the order of the inputs. */
static int by_content(const void *left, const void *right) {
    const lb_source_state *a = *(lb_source_state *const *)left;
    const lb_source_state *b = *(lb_source_state *const *)right;
    int order = strcmp(a->facts.sha256, b->facts.sha256);
    return order != 0 ? order : (a > b) - (a < b);
}

static int warn(lb_corpus *corpus, size_t copies, const lb_source_state *first,
                const lb_source_state *copy, lb_error *error) {
    lb_buffer text = {0};
    int status = lb_buffer_printf(&text, error,
                                  "%s is byte for byte the same as %s (inputs that are copies: "
                                  "%zu): their records count more "
                                  "than once; leave the copies out.",
                                  copy->facts.path, first->facts.path, copies);
    if (status == LB_OK)
        status = lb_corpus_warn(corpus, text.data, text.size, error);
    lb_buffer_free(&text);
    return status;
}

int lb_corpus_warn_of_copies(lb_corpus *corpus, lb_error *error) {
    const lb_source_state **sorted = lb_alloc(corpus->source_count, sizeof *sorted);
    if (!sorted)
        return lb_fail_memory(error, "comparing the inputs");
    size_t count = 0, copies = 0;
    for (size_t i = 0; i < corpus->source_count; i++)
        if (corpus->sources[i].facts.records > 0 && corpus->sources[i].facts.sha256[0] != '\0')
            sorted[count++] = &corpus->sources[i];
    qsort(sorted, count, sizeof *sorted, by_content);
    const lb_source_state *first = NULL, *copy = NULL;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1]->facts.sha256, sorted[i]->facts.sha256) != 0)
            continue;
        copies++;
        if (!copy || sorted[i] < copy) { /* the one that was named first */
            first = sorted[i - 1];
            copy = sorted[i];
        }
    }
    lb_free(sorted);
    return copies > 0 ? warn(corpus, copies, first, copy, error) : LB_OK;
}
