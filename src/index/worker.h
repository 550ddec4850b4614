/* One thread's part of building an index: takes blocks from the corpus, turns messages into
 * occurrences, rows and facts. What several threads share is in lb_index_shared; everything else is
 * the worker's own until lb_index_build puts it together.
 */
#ifndef LB_INDEX_WORKER_H
#define LB_INDEX_WORKER_H

#include "index/content_digest.h"
#include "index/grams.h"
#include "index/keyset.h"
#include "index/lexicon.h"
#include "index/number_set.h"
#include "index/row_collector.h"
#include "index/text_keeper.h"
#include "text/token_context.h"

typedef struct lb_index_shared {
    lb_corpus *corpus;
    lb_unit unit;
    unsigned ngrams;
    lb_keyset *units;         /* users or conversations; NULL: records */
    bool without_text;        /* the corpus has none: its rows consent, not its messages */
    bool plain_table;         /* records without text: rows are all there is to collect */
    lb_keyset *conversations; /* hashes only; NULL in a plain table */
    lb_grams *grams[LB_NGRAMS_MAX];
    lb_gram_budget budget;   /* of all of them together */
    lb_row_columns *columns; /* of the unit's table */
    size_t most_blocks;      /* for each worker; 0: all there are */
    bool keep_texts, keep_rows;
    uint64_t text_memory; /* for each worker */
    const char *tmpdir;
    const char *const *accepted_consent;
    size_t accepted_consent_count;
    uint64_t *accepted_folded; /* [accepted_consent_count] hashes of their folded forms */
    size_t consent_attribute;  /* SIZE_MAX: the corpus has no consent field */
    lb_row_columns *conversation_columns; /* NULL unless the unit is the user */
    _Atomic uint32_t records;             /* units handed out where the unit is the record */
    _Atomic bool failed;                  /* a worker has failed: the others stop reading */
} lb_index_shared;

/* What is added up per unit, by arrival number. */
typedef struct lb_unit_sum {
    uint64_t messages, tokens, refused;
    uint64_t hash; /* of a record's content; unused for other units */
    int64_t first, last;
} lb_unit_sum;

typedef struct lb_index_worker {
    lb_index_shared *shared;
    lb_batch batch;
    lb_splitter *splitter;
    lb_lexicon *lexicon;
    lb_gram_writer *writers[LB_NGRAMS_MAX];
    lb_row_collector *rows, *conversation_rows;
    lb_text_keeper *keeper; /* NULL: messages are not kept */
    uint8_t *flags;         /* [word_capacity] the surroundings of the words of a message */
    bool *fresh;            /* [word_capacity] which of them say something new (lexicon.h) */
    uint64_t *hashes;       /* [word_capacity] of its tokens */
    size_t word_capacity;
    uint64_t *grams; /* [gram_capacity] of its n-grams of one length */
    size_t gram_capacity;
    lb_buffer lower;   /* a message in ASCII lower case */
    lb_unit_sum *sums; /* [sum_count] by arrival number of the unit; messages 0: not met here */
    size_t sum_count, sum_capacity;
    lb_number_set meetings; /* unit << 32 | conversation, for every conversation with its message */
    uint64_t last_meeting;
    uint64_t messages, folded_consents;
    uint64_t refused_records;  /* without an accepted consent, of a corpus without text */
    lb_buffer consent;         /* a value of the consent field, folded */
    lb_content_digest content; /* of all it has read */
    int64_t first, last;
    /* The last keys and their numbers: most messages repeat them. */
    lb_buffer last_unit_key, last_conversation_key;
    uint32_t last_unit, last_conversation;
    uint32_t record; /* the unit of the current record, where the unit is the record */
} lb_index_worker;

int lb_index_worker_open(lb_index_worker *worker, lb_index_shared *shared, lb_error *error);
int lb_index_worker_run(lb_index_worker *worker, lb_error *error); /* to the end of the corpus */
void lb_index_worker_close(lb_index_worker *worker);

#endif
