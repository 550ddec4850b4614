#include "audit/section/numbers.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "results/mask.h"
#include "risk/words/conversation_exposure.h"

enum { CONVERSATIONS_SHOWN = 100 };

/* Only where conversations are what the audit protects did the index keep their keys. */
static int name_of(lb_audit_run_state *audit, const lb_conversation_exposure *exposure,
                   lb_buffer *into, lb_error *error) {
    const lb_texts *texts = lb_index_texts(audit->index);
    uint64_t hash = texts->conversation_hashes[exposure->conversation];
    size_t unit = lb_texts_find_unit(texts, hash);
    if (lb_index_unit(audit->index) == LB_UNIT_CONVERSATION && unit < texts->units)
        return lb_section_key(audit, (uint32_t)unit, into, error);
    return lb_mask_key("conversation", exposure->order, into, error);
}

static int add_conversation(lb_audit_run_state *audit, const lb_conversation_exposure *exposure,
                            json_t *list, lb_error *error) {
    lb_buffer name = {0};
    int status = name_of(audit, exposure, &name, error);
    json_t *line = json_object();
    bool ok =
        lb_json_set(line, "conversation", lb_json_text(lb_buffer_str(&name))) &&
        lb_json_set(line, "smallest", lb_json_count(exposure->smallest)) &&
        lb_json_set(line, "unique", lb_json_count(exposure->unique)) &&
        lb_json_set(line, "messages", lb_json_count(exposure->messages)) &&
        lb_json_set(line, "place", lb_section_place(audit, exposure->source, exposure->line)) &&
        json_array_append(list, line) == 0;
    json_decref(line);
    lb_buffer_free(&name);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, "listing conversations");
}

int lb_section_conversations(lb_audit_run_state *audit, lb_error *error) {
    if (!(audit->settings->measures & LB_MEASURE_UNICITY) || !lb_index_texts(audit->index) ||
        lb_index_ngrams(audit->index) == 0 || lb_index_unit(audit->index) == LB_UNIT_RECORD)
        return LB_OK;
    const lb_settings *settings = audit->settings;
    uint32_t *numbers = NULL;
    lb_conversations conversations = {0};
    int status = lb_numbers_of_conversations(audit->index, &numbers, error);
    lb_conversation_options options = {settings->k, numbers, settings->threads,
                                       &settings->progress};
    if (status == LB_OK)
        status = lb_conversations_run(&conversations, audit->index, CONVERSATIONS_SHOWN, &options,
                                      error);
    lb_free(numbers);
    if (status < 0)
        return status;
    json_t *list = json_array();
    for (size_t i = 0; list && status == LB_OK && i < conversations.count; i++)
        status = add_conversation(audit, &conversations.most[i], list, error);
    lb_conversations_free(&conversations);
    if (status < 0) {
        json_decref(list);
        return status;
    }
    return lb_results_put(audit->results, "singling_out.conversations", list, error);
}
