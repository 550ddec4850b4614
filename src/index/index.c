#include "index/index_private.h"

#include "index/row_collector.h"

void lb_index_free(lb_index *index) {
    if (!index)
        return;
    for (unsigned n = 0; n < LB_NGRAMS_MAX; n++)
        lb_bulk_free(&index->layout[n]);
    lb_free(index->facts);
    lb_free(index->tokens);
    lb_free(index->token_flags);
    lb_arena_free(index->token_bytes);
    lb_arena_free(index->keys);
    lb_texts_free(&index->texts, &index->messages_layout);
    for (size_t i = 0; index->keepers && i < index->keeper_count; i++)
        lb_text_keeper_free(index->keepers[i]);
    lb_free(index->keepers);
    lb_table_free(index->table);
    lb_table_free(index->conversation_table);
    lb_free(index);
}

lb_unit lb_index_unit(const lb_index *index) {
    return index->unit;
}
size_t lb_index_units(const lb_index *index) {
    return index->units;
}
const lb_unit_facts *lb_index_facts(const lb_index *index) {
    return index->facts;
}
const unsigned char *lb_index_content(const lb_index *index) {
    return index->content;
}
uint64_t lb_index_conversations(const lb_index *index) {
    return index->conversations;
}
uint64_t lb_index_folded_consents(const lb_index *index) {
    return index->folded_consents;
}

uint64_t lb_index_refused_records(const lb_index *index) {
    return index->refused_records;
}

uint64_t lb_index_messages(const lb_index *index) {
    return index->messages;
}

bool lb_index_span(const lb_index *index, int64_t *first, int64_t *last) {
    *first = index->first;
    *last = index->last;
    return index->first <= index->last;
}

unsigned lb_index_ngrams(const lb_index *index) {
    return index->ngrams;
}

const lb_incidence *lb_index_incidence(const lb_index *index, unsigned length) {
    return length >= 1 && length <= index->ngrams ? &index->incidence[length - 1] : NULL;
}

lb_str lb_index_token(const lb_index *index, uint64_t token) {
    return index->tokens[token];
}

uint8_t lb_index_token_flags(const lb_index *index, uint64_t token) {
    return index->token_flags[token];
}

const lb_texts *lb_index_texts(const lb_index *index) {
    return index->keepers ? &index->texts : NULL;
}

void lb_index_forget_texts(const lb_index *index) {
    if (index->messages_layout.mapped)
        lb_bulk_forget(index->messages_layout.data, index->messages_layout.size);
    for (size_t i = 0; index->keepers && i < index->keeper_count; i++)
        lb_text_keeper_forget(index->keepers[i]);
}

const lb_table *lb_index_table(const lb_index *index) {
    return index->table;
}

const lb_table *lb_index_table_by(const lb_index *index, lb_unit unit) {
    if (unit == index->unit)
        return index->table;
    return unit == LB_UNIT_CONVERSATION ? index->conversation_table : NULL;
}

void lb_incidence_forget(const lb_incidence *incidence, uint64_t from, uint64_t to) {
    if (!incidence->in_file || from >= to)
        return;
    uint64_t first = incidence->offsets[from], end = incidence->offsets[to];
    lb_bulk_forget(incidence->units + first, (end - first) * sizeof *incidence->units);
    lb_bulk_forget(incidence->hashes + from, (to - from) * sizeof *incidence->hashes);
    lb_bulk_forget(incidence->offsets + from, (to - from) * sizeof *incidence->offsets);
}

void lb_incidence_trim(const lb_incidence *incidence) {
    if (incidence->in_file && lb_memory_of_files() > incidence->file_room)
        lb_incidence_forget(incidence, 0, incidence->grams);
}
