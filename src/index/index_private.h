/* What an index is made of: for the files that build it, and for nobody else. */
#ifndef LB_INDEX_INDEX_PRIVATE_H
#define LB_INDEX_INDEX_PRIVATE_H

#include "index/index.h"
#include "index/spill.h"
#include "index/text_keeper.h"

struct lb_index {
    lb_unit unit;
    size_t units;
    lb_unit_facts *facts; /* [units] */
    lb_arena *keys;       /* the bytes of the units' keys */
    uint64_t conversations, messages, folded_consents, refused_records;
    int64_t first, last;
    unsigned char content[LB_CONTENT_DIGEST_SIZE];
    unsigned ngrams;
    lb_incidence incidence[LB_NGRAMS_MAX];
    lb_bulk layout[LB_NGRAMS_MAX]; /* where the arrays of incidence[] lie */
    lb_str *tokens;                /* [grams of incidence[0]] */
    uint8_t *token_flags;
    lb_arena *token_bytes;
    lb_texts texts;
    lb_bulk messages_layout;  /* where texts.messages lies */
    lb_text_keeper **keepers; /* [keeper_count], who hold the bytes of texts; NULL: not kept */
    size_t keeper_count;
    lb_table *table, *conversation_table; /* conversation_table: NULL unless the unit is the user */
};

#endif
