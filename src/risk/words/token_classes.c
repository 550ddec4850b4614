#include "risk/words/token_classes.h"

#include <math.h>
#include <stdatomic.h>

#include "base/thread.h"
#include "risk/words/misspelling.h"

enum {
    PIECE = 1 << 14, /* tokens a thread takes at a time */
    SCRIPT_WORDS = LB_UNICODE_SCRIPTS / 32,
    NATIVE_SHARE = 20 /* one in so many units writes a script that is the corpus's own */
};

/* Bits are only ever set, and counts only ever added to: it does not matter who does it when. */
typedef struct class_job {
    const lb_index *index;
    const lb_incidence *incidence;
    uint32_t k;
    _Atomic uint32_t *scripts; /* [units][SCRIPT_WORDS] the scripts a unit writes */
    /* [units] bit c: has a rare token of class c; 16 + c: a unique one */
    _Atomic uint32_t *classes;
    bool native[LB_UNICODE_SCRIPTS];
    const lb_spellings *common;
    uint8_t *class_of;
} class_job;

static void set_bit(_Atomic uint32_t *word, uint32_t bit) {
    if (!(atomic_load_explicit(word, memory_order_relaxed) & bit))
        atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
}

static uint64_t piece_end(const class_job *job, size_t piece) {
    uint64_t end = ((uint64_t)piece + 1) * PIECE;
    return end < job->incidence->grams ? end : job->incidence->grams;
}

static uint32_t users_of(const class_job *job, uint64_t gram) {
    return (uint32_t)(job->incidence->offsets[gram + 1] - job->incidence->offsets[gram]);
}

static int note_scripts(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    const class_job *job = context;
    const lb_incidence *incidence = job->incidence;
    uint64_t from = (uint64_t)piece * PIECE, end = piece_end(job, piece);
    for (uint64_t gram = from; gram < end; gram++) {
        uint8_t script = lb_token_script(lb_index_token(job->index, gram));
        for (uint64_t i = incidence->offsets[gram]; i < incidence->offsets[gram + 1]; i++)
            set_bit(&job->scripts[(size_t)lb_pair_unit(incidence->units[i]) * SCRIPT_WORDS +
                                  script / 32],
                    UINT32_C(1) << script % 32);
    }
    lb_incidence_forget(incidence, from, end);
    return LB_OK;
}

/* The corpus's scripts, and how many units have a token at all: one without a script sets bit 0. */
static void find_native(class_job *job, size_t units, lb_token_classes *result) {
    uint64_t writers[LB_UNICODE_SCRIPTS] = {0};
    for (size_t unit = 0; unit < units; unit++) {
        bool any = false;
        for (size_t w = 0; w < SCRIPT_WORDS; w++) {
            uint32_t bits =
                atomic_load_explicit(&job->scripts[unit * SCRIPT_WORDS + w], memory_order_relaxed);
            any = any || bits;
            for (; bits; bits &= bits - 1)
                writers[w * 32 + (unsigned)__builtin_ctz(bits)]++;
        }
        result->units += any;
    }
    for (size_t script = 0; script < LB_UNICODE_SCRIPTS; script++)
        job->native[script] =
            writers[script] > 0 && writers[script] * NATIVE_SHARE >= result->units;
}

static int learn_common(const class_job *job, lb_spellings *common, lb_error *error) {
    int status = LB_OK;
    for (uint64_t gram = 0; status == LB_OK && gram < job->incidence->grams; gram++)
        if (users_of(job, gram) >= job->k)
            status = lb_spellings_add(common, lb_index_token(job->index, gram), error);
    return status;
}

/* Only where nothing else is known of a token does it matter whether it is misspelt. */
static lb_token_class classify(const class_job *job, uint64_t gram) {
    lb_str token = lb_index_token(job->index, gram);
    unsigned flags = lb_index_token_flags(job->index, gram);
    lb_token_class found = lb_token_classify(token, flags, job->native);
    if (found == LB_TOKEN_CLASS_OTHER && lb_spellings_misspelt(job->common, token))
        return lb_token_classify(token, flags | LB_TOKEN_MISSPELT, job->native);
    return found;
}

static int classify_piece(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    const class_job *job = context;
    const lb_incidence *incidence = job->incidence;
    uint64_t from = (uint64_t)piece * PIECE, end = piece_end(job, piece);
    for (uint64_t gram = from; gram < end; gram++) {
        uint32_t users = users_of(job, gram);
        job->class_of[gram] = LB_TOKEN_NOT_RARE;
        if (users >= job->k)
            continue;
        lb_token_class class_of_token = classify(job, gram);
        job->class_of[gram] = (uint8_t)class_of_token;
        uint32_t bits = UINT32_C(1) << class_of_token;
        bits |= users == 1 ? bits << 16 : 0;
        for (uint64_t i = incidence->offsets[gram]; i < incidence->offsets[gram + 1]; i++)
            atomic_fetch_or_explicit(&job->classes[lb_pair_unit(incidence->units[i])], bits,
                                     memory_order_relaxed);
    }
    lb_incidence_forget(incidence, from, end);
    return LB_OK;
}

static void sum_up(const class_job *job, size_t units, lb_token_classes *result) {
    uint32_t identifying = 0;
    for (unsigned c = 0; c < LB_TOKEN_CLASSES; c++)
        identifying |= (uint32_t)lb_token_class_identifies((lb_token_class)c) << c;
    for (uint64_t gram = 0; gram < job->incidence->grams; gram++) {
        if (job->class_of[gram] == LB_TOKEN_NOT_RARE)
            continue;
        lb_token_class_share *share = &result->of[job->class_of[gram]];
        share->tokens++;
        share->unique += users_of(job, gram) == 1;
        result->identifying_below_k += identifying >> job->class_of[gram] & 1;
    }
    for (size_t unit = 0; unit < units; unit++) {
        uint32_t bits = atomic_load_explicit(&job->classes[unit], memory_order_relaxed);
        for (unsigned c = 0; c < LB_TOKEN_CLASSES; c++) {
            result->of[c].units += bits >> c & 1;
            result->of[c].only += bits >> 16 == UINT32_C(1) << c;
        }
        result->identifying_units += (bits & identifying) != 0;
    }
    result->identifying_units_share =
        result->units > 0 ? (double)result->identifying_units / (double)result->units : NAN;
}

int lb_token_classes_run(lb_token_classes *result, const lb_index *index,
                         const lb_token_class_options *options, lb_error *error) {
    *result = (lb_token_classes){0};
    const lb_incidence *incidence = lb_index_incidence(index, 1);
    if (!incidence)
        return lb_fail(error, LB_E_USAGE, "--measures", "ask for the tokens to be indexed",
                       "the index has no tokens");
    size_t units = lb_index_units(index);
    lb_spellings *common = NULL;
    class_job job = {.index = index, .incidence = incidence, .k = options->k};
    job.scripts = lb_alloc_zero(units, SCRIPT_WORDS * sizeof *job.scripts);
    job.classes = lb_alloc_zero(units, sizeof *job.classes);
    job.class_of = result->class_of = lb_alloc((size_t)incidence->grams, 1);
    int status = job.scripts && job.classes && job.class_of
                     ? lb_spellings_new(&common, error)
                     : lb_fail_memory(error, "classifying tokens");
    size_t pieces = (size_t)((incidence->grams + PIECE - 1) / PIECE);
    if (status == LB_OK)
        status = lb_parallel(options->threads, pieces, note_scripts, &job, error);
    if (status == LB_OK) {
        find_native(&job, units, result);
        status = learn_common(&job, common, error);
    }
    job.common = common;
    if (status == LB_OK)
        status = lb_parallel(options->threads, pieces, classify_piece, &job, error);
    if (status == LB_OK)
        sum_up(&job, units, result);
    lb_free((void *)job.scripts);
    lb_free((void *)job.classes);
    lb_spellings_free(common);
    if (status < 0)
        lb_token_classes_free(result);
    return status;
}

void lb_token_classes_free(lb_token_classes *result) {
    lb_free(result->class_of);
    *result = (lb_token_classes){0};
}
