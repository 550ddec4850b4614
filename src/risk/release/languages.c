#include "risk/release/languages.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/thread.h"
#include "base/utf8.h"

enum { UNITS_OF_PIECE = 64 };

/* Sums are of whole percents: their order does not matter. */
typedef struct language_run {
    const lb_texts *texts;
    _Atomic uint64_t percents[LB_LANGUAGES_MAX], largest[LB_LANGUAGES_MAX], units;
} language_run;

static int look_at_unit(language_run *run, size_t unit, lb_buffer *sample, lb_error *error) {
    const lb_texts *texts = run->texts;
    sample->size = 0;
    int status = LB_OK;
    for (size_t i = texts->offsets[unit];
         status == LB_OK && i < texts->offsets[unit + 1] && sample->size < LB_LANGUAGE_SAMPLE;
         i++) {
        lb_str text = texts->messages[i].text;
        status = lb_buffer_append(sample, text.data, lb_utf8_cut(text, LB_LANGUAGE_SAMPLE), error);
        if (status == LB_OK)
            status = lb_buffer_append(sample, "\n", 1, error);
    }
    if (status < 0 || sample->size == 0)
        return status;
    lb_language_share shares[LB_LANGUAGES_OF_TEXT];
    int count = lb_language_detect(sample->data, sample->size, shares, error);
    if (count < 0)
        return count;
    unsigned rest = 100;
    for (int i = 0; i < count; i++) {
        unsigned percent = shares[i].percent < rest ? shares[i].percent : rest;
        atomic_fetch_add(&run->percents[shares[i].language], percent);
        rest -= percent;
    }
    atomic_fetch_add(&run->percents[LB_LANGUAGE_UNKNOWN], rest);
    atomic_fetch_add(&run->largest[count > 0 ? shares[0].language : LB_LANGUAGE_UNKNOWN], 1);
    atomic_fetch_add(&run->units, 1);
    return LB_OK;
}

static int look_at_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    language_run *run = context;
    lb_buffer sample = {0};
    size_t end = (piece + 1) * UNITS_OF_PIECE;
    end = end < run->texts->units ? end : run->texts->units;
    int status = LB_OK;
    (void)worker;
    for (size_t unit = piece * UNITS_OF_PIECE; status == LB_OK && unit < end; unit++)
        status = look_at_unit(run, unit, &sample, error);
    lb_buffer_free(&sample);
    return status;
}

static int by_share(const void *a, const void *b) {
    const lb_language_line *x = a, *y = b;
    if (x->share > y->share || x->share < y->share)
        return x->share > y->share ? -1 : 1;
    return (x->language > y->language) - (x->language < y->language);
}

int lb_languages_run(const lb_texts *texts, unsigned threads, lb_language_result *result,
                     lb_error *error) {
    *result = (lb_language_result){0};
    language_run *run = lb_alloc_zero(1, sizeof *run);
    if (!run)
        return lb_fail_memory(error, "detecting languages");
    run->texts = texts;
    size_t pieces = (texts->units + UNITS_OF_PIECE - 1) / UNITS_OF_PIECE;
    int status = lb_parallel(threads > 0 ? threads : 1, pieces, look_at_piece, run, error);
    result->units = atomic_load(&run->units);
    for (unsigned i = 0; status == LB_OK && i < LB_LANGUAGES_MAX; i++) {
        uint64_t percents = atomic_load(&run->percents[i]);
        if (percents > 0)
            result->lines[result->count++] =
                (lb_language_line){i, (double)percents / (100.0 * (double)result->units),
                                   atomic_load(&run->largest[i])};
    }
    qsort(result->lines, result->count, sizeof *result->lines, by_share);
    lb_free(run);
    return status;
}
