#include "text/shingles.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/order.h"
#include "text/fold.h"

struct lb_shingler {
    lb_splitter *splitter;
    lb_buffer folded;
};

int lb_shingler_new(lb_shingler **out, lb_error *error) {
    lb_shingler *shingler = lb_alloc_zero(1, sizeof *shingler);
    if (!shingler)
        return lb_fail_memory(error, "comparing conversations");
    int status = lb_splitter_new(&shingler->splitter, error);
    if (status < 0)
        lb_free(shingler);
    else
        *out = shingler;
    return status;
}

void lb_shingler_free(lb_shingler *shingler) {
    if (!shingler)
        return;
    lb_splitter_free(shingler->splitter);
    lb_buffer_free(&shingler->folded);
    lb_free(shingler);
}

int lb_shingler_add(lb_shingler *shingler, lb_str message, lb_buffer *into, lb_error *error) {
    const lb_word *words;
    size_t count;
    int status = lb_splitter_words(shingler->splitter, message, &words, &count, error);
    uint64_t last[LB_SHINGLE_WORDS] = {0}; /* hashes of the last words, as a ring */
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        shingler->folded.size = 0;
        status = lb_fold((lb_str){message.data + words[i].start, words[i].size}, &shingler->folded,
                         error);
        last[i % LB_SHINGLE_WORDS] = lb_hash_str(lb_buffer_str(&shingler->folded));
        bool whole = i + 1 >= LB_SHINGLE_WORDS;
        if (status < 0 || (!whole && i + 1 < count))
            continue;
        uint64_t shingle = 0;
        for (size_t k = whole ? i + 1 - LB_SHINGLE_WORDS : 0; k <= i; k++)
            shingle = lb_hash_mix(shingle, last[k % LB_SHINGLE_WORDS]);
        status = lb_buffer_append(into, &shingle, sizeof shingle, error);
    }
    return status;
}

size_t lb_shingles_settle(uint64_t *shingles, size_t count) {
    size_t kept = 0;
    if (count > 1)
        qsort(shingles, count, sizeof *shingles, lb_order_u64);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || shingles[i] != shingles[kept - 1])
            shingles[kept++] = shingles[i];
    return kept;
}

double lb_jaccard(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count) {
    size_t shared = 0;
    for (size_t i = 0, k = 0; i < a_count && k < b_count;) {
        shared += a[i] == b[k];
        size_t next = i + (a[i] <= b[k]);
        k += b[k] <= a[i];
        i = next;
    }
    size_t all = a_count + b_count - shared;
    return all ? (double)shared / (double)all : 0;
}

void lb_minhash(const uint64_t *shingles, size_t count, uint32_t bands[LB_MINHASH_BANDS]) {
    enum { MINIMA = LB_MINHASH_BANDS * LB_MINHASH_ROWS };
    static const uint64_t step = 0x9E3779B97F4A7C15u;
    uint64_t factors[MINIMA], offsets[MINIMA];
    uint32_t minima[MINIMA];
    for (size_t i = 0; i < MINIMA; i++) {
        factors[i] = lb_hash_mix(i + 1, step) | 1;
        offsets[i] = lb_hash_mix(step, i + 1);
        minima[i] = UINT32_MAX;
    }
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < MINIMA; i++) {
            uint32_t value = (uint32_t)((shingles[s] * factors[i] + offsets[i]) >> 32);
            minima[i] = value < minima[i] ? value : minima[i];
        }
    for (size_t b = 0; b < LB_MINHASH_BANDS; b++)
        bands[b] =
            (uint32_t)lb_hash(minima + b * LB_MINHASH_ROWS, LB_MINHASH_ROWS * sizeof *minima);
}
