#include "risk/words/token_reader.h"

#include "base/hash.h"
#include "base/search.h"
#include "text/fold.h"
#include "text/words.h"

enum { GRAMS_A_BUCKET = 8, BITS_MAX = 28, RECENT = 1 << 14 };

static size_t bucket_of(const lb_gram_finder *finder, uint64_t hash) {
    return finder->bits > 0 ? (size_t)(hash >> (64 - finder->bits)) : 0;
}

int lb_gram_finder_make(lb_gram_finder *finder, const lb_incidence *incidence, lb_error *error) {
    *finder = (lb_gram_finder){.incidence = incidence};
    while (finder->bits < BITS_MAX && incidence->grams >> finder->bits > GRAMS_A_BUCKET)
        finder->bits++;
    size_t buckets = (size_t)1 << finder->bits, next = 0;
    finder->starts = lb_alloc(buckets + 1, sizeof *finder->starts);
    if (!finder->starts)
        return lb_fail_memory(error, "looking at the messages again");
    for (uint64_t gram = 0; gram < incidence->grams; gram++)
        for (size_t bucket = bucket_of(finder, incidence->hashes[gram]); next <= bucket; next++)
            finder->starts[next] = gram;
    for (; next <= buckets; next++)
        finder->starts[next] = incidence->grams;
    return LB_OK;
}

void lb_gram_finder_free(lb_gram_finder *finder) {
    lb_free(finder->starts);
    *finder = (lb_gram_finder){0};
}

uint64_t lb_gram_finder_find(const lb_gram_finder *finder, uint64_t hash) {
    const uint64_t *hashes = finder->incidence->hashes;
    size_t bucket = bucket_of(finder, hash);
    uint64_t first = finder->starts[bucket], end = finder->starts[bucket + 1];
    uint64_t at = lb_search_u64(hashes, first, end, hash);
    return at < end && hashes[at] == hash ? at : LB_GRAM_NONE;
}

typedef struct recent_word {
    uint64_t spelling, token;
} recent_word;

struct lb_token_reader {
    const lb_gram_finder *finder;
    lb_splitter *splitter;
    lb_buffer folded;
    uint64_t *tokens;
    size_t capacity;
    recent_word recent[RECENT]; /* token LB_GRAM_NONE: not in the index */
};

int lb_token_reader_new(lb_token_reader **out, const lb_gram_finder *finder, lb_error *error) {
    lb_token_reader *reader = lb_alloc_zero(1, sizeof *reader);
    if (!reader)
        return lb_fail_memory(error, "looking at the messages again");
    reader->finder = finder;
    for (size_t i = 0; i < RECENT; i++) /* no spelling is known yet: none has this place's bits */
        reader->recent[i] = (recent_word){~(uint64_t)i, LB_GRAM_NONE};
    int status = lb_splitter_new(&reader->splitter, error);
    if (status < 0) {
        lb_token_reader_free(reader);
        return status;
    }
    *out = reader;
    return LB_OK;
}

void lb_token_reader_free(lb_token_reader *reader) {
    if (!reader)
        return;
    lb_splitter_free(reader->splitter);
    lb_buffer_free(&reader->folded);
    lb_free(reader->tokens);
    lb_free(reader);
}

/* The hash of 0 is kept apart in the index, where it stands as 1. */
static uint64_t token_hash(lb_str folded) {
    uint64_t hash = lb_hash_str(folded);
    return hash ? hash : 1;
}

/* The token of a spelling, in *token. */
static int look_up(lb_token_reader *reader, lb_str word, uint64_t *token, lb_error *error) {
    uint64_t spelling = lb_hash_str(word);
    recent_word *recent = &reader->recent[spelling & (RECENT - 1)];
    if (recent->spelling != spelling) {
        reader->folded.size = 0;
        int status = lb_fold(word, &reader->folded, error);
        if (status < 0)
            return status;
        lb_str folded = lb_buffer_str(&reader->folded);
        uint64_t found = folded.size > 0 ? lb_gram_finder_find(reader->finder, token_hash(folded))
                                         : LB_GRAM_NONE;
        *recent = (recent_word){spelling, found};
    }
    *token = recent->token;
    return LB_OK;
}

int lb_token_reader_read(lb_token_reader *reader, lb_str text, const uint64_t **tokens,
                         size_t *count, lb_error *error) {
    const lb_word *words;
    size_t word_count;
    *count = 0;
    int status = lb_splitter_words(reader->splitter, text, &words, &word_count, error);
    if (status < 0)
        return status;
    uint64_t *grown = lb_grow(reader->tokens, &reader->capacity, word_count, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    reader->tokens = grown;
    for (size_t i = 0; status == LB_OK && i < word_count; i++) {
        lb_str word = {text.data + words[i].start, words[i].size};
        status = look_up(reader, word, &reader->tokens[*count], error);
        *count += status == LB_OK && reader->tokens[*count] != LB_GRAM_NONE;
    }
    *tokens = reader->tokens;
    return status;
}
