#include "audit/section/numbers.h"

#include "results/mask.h"

static const char doing[] = "numbering those whose keys are masked";

/* Numbers ids of 64 bits. */
static int number_words(const lb_index *index, const uint64_t *words, size_t count,
                        uint32_t *numbers, lb_error *error) {
    lb_str *ids = lb_alloc(count, sizeof *ids);
    unsigned char(*bytes)[8] = lb_alloc(count, sizeof *bytes);
    int status = ids && bytes ? LB_OK : lb_fail_memory(error, doing);
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        for (size_t b = 0; b < 8; b++)
            bytes[i][b] = (unsigned char)(words[i] >> 8 * b);
        ids[i] = (lb_str){(const char *)bytes[i], 8};
    }
    if (status == LB_OK)
        status = lb_mask_number(lb_index_content(index), ids, count, numbers, error);
    lb_free(ids);
    lb_free(bytes);
    return status;
}

/* Records have no key: they are known by their place in the order of their contents. */
static int number_records(const lb_index *index, size_t count, uint32_t *numbers, lb_error *error) {
    uint64_t *places = lb_alloc(count, sizeof *places);
    if (!places)
        return lb_fail_memory(error, doing);
    for (size_t i = 0; i < count; i++)
        places[i] = i;
    int status = number_words(index, places, count, numbers, error);
    lb_free(places);
    return status;
}

static int number_keys(const lb_index *index, size_t count, uint32_t *numbers, lb_error *error) {
    lb_str *keys = lb_alloc(count, sizeof *keys);
    if (!keys)
        return lb_fail_memory(error, doing);
    for (size_t i = 0; i < count; i++)
        keys[i] = lb_index_facts(index)[i].key;
    int status = lb_mask_number(lb_index_content(index), keys, count, numbers, error);
    lb_free(keys);
    return status;
}

int lb_numbers_of_units(const lb_index *index, uint32_t **numbers, lb_error *error) {
    size_t count = lb_index_units(index);
    *numbers = lb_alloc(count, sizeof **numbers);
    if (!*numbers)
        return lb_fail_memory(error, doing);
    return lb_index_unit(index) == LB_UNIT_RECORD ? number_records(index, count, *numbers, error)
                                                  : number_keys(index, count, *numbers, error);
}

int lb_numbers_of_conversations(const lb_index *index, uint32_t **numbers, lb_error *error) {
    const lb_texts *texts = lb_index_texts(index);
    *numbers = lb_alloc(texts->conversations, sizeof **numbers);
    if (!*numbers)
        return lb_fail_memory(error, doing);
    return number_words(index, texts->conversation_hashes, texts->conversations, *numbers, error);
}

int lb_section_numbers(lb_audit_run_state *audit, const uint32_t **numbers, lb_error *error) {
    int status = audit->numbers ? LB_OK : lb_numbers_of_units(audit->index, &audit->numbers, error);
    *numbers = audit->numbers;
    return status;
}
