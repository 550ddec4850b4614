#include "risk/words/token_places.h"

#include "base/thread.h"

typedef struct place_search {
    lb_token_quest *quests;
    const lb_texts *texts;
    lb_token_reader **readers; /* [threads] */
} place_search;

static bool is_before(const lb_own_message *message, const lb_token_place *place) {
    return place->line == 0 || message->source < place->source ||
           (message->source == place->source && message->line < place->line);
}

/* Whether the message could move one of the places forward. */
static bool matters(const lb_token_quest *quest, const lb_own_message *message) {
    for (unsigned i = 0; i < quest->count; i++)
        if (is_before(message, &quest->place[i]))
            return true;
    return false;
}

static int search_unit(void *context, size_t piece, unsigned worker, lb_error *error) {
    const place_search *search = context;
    lb_token_quest *quest = &search->quests[piece];
    const lb_texts *texts = search->texts;
    for (unsigned i = 0; i < quest->count; i++)
        quest->place[i] = (lb_token_place){0};
    for (size_t m = texts->offsets[quest->unit]; m < texts->offsets[quest->unit + 1]; m++) {
        const lb_own_message *message = &texts->messages[m];
        const uint64_t *tokens;
        size_t count;
        if (!matters(quest, message))
            continue;
        int status =
            lb_token_reader_read(search->readers[worker], message->text, &tokens, &count, error);
        if (status < 0)
            return status;
        for (size_t t = 0; t < count; t++)
            for (unsigned i = 0; i < quest->count; i++)
                if (tokens[t] == quest->token[i] && is_before(message, &quest->place[i]))
                    quest->place[i] = (lb_token_place){message->line, message->source};
    }
    return LB_OK;
}

int lb_token_places_find(lb_token_quest *quests, size_t count, const lb_index *index,
                         unsigned threads, lb_error *error) {
    const lb_texts *texts = lb_index_texts(index);
    const lb_incidence *incidence = lb_index_incidence(index, 1);
    if (!texts || !incidence)
        return lb_fail(error, LB_E_USAGE, "--measures", "ask for the messages to be kept",
                       "the index has kept no messages");
    threads = threads > 0 ? threads : 1;
    lb_gram_finder finder = {0};
    place_search search = {quests, texts, lb_alloc_zero(threads, sizeof *search.readers)};
    int status = search.readers ? lb_gram_finder_make(&finder, incidence, error)
                                : lb_fail_memory(error, "looking for the places of tokens");
    for (unsigned w = 0; status == LB_OK && w < threads; w++)
        status = lb_token_reader_new(&search.readers[w], &finder, error);
    if (status == LB_OK)
        status = lb_parallel(threads, count, search_unit, &search, error);
    for (unsigned w = 0; search.readers && w < threads; w++)
        lb_token_reader_free(search.readers[w]);
    lb_free(search.readers);
    lb_gram_finder_free(&finder);
    return status;
}
