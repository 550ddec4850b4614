#include "audit/section/sections.h"
#include "results/json_value.h"
#include "risk/release/languages.h"

/* Shares below are left out: one person's language would be a quasi-identifier of its own. */
static const double LEAST_SHARE = 0.0005;

static json_t *line_of(const lb_language_line *line) {
    json_t *object = json_object();
    bool ok = lb_json_set(object, "code", json_string(lb_language_code(line->language))) &&
              lb_json_set(object, "share", lb_json_number(line->share)) &&
              lb_json_set(object, "units", lb_json_count(line->units));
    return lb_json_whole(object, ok);
}

int lb_section_languages(lb_audit_run_state *audit, lb_error *error) {
    const lb_texts *texts = lb_index_texts(audit->index);
    if (!texts || !lb_corpus_has_text(audit->corpus))
        return LB_OK;
    lb_language_result *found = lb_alloc(1, sizeof *found);
    if (!found)
        return lb_fail_memory(error, "detecting languages");
    int status = lb_languages_run(texts, audit->settings->threads, found, error);
    json_t *list = json_array();
    for (size_t i = 0; status == LB_OK && i < found->count; i++)
        if (found->lines[i].share >= LEAST_SHARE &&
            json_array_append_new(list, line_of(&found->lines[i])) != 0)
            status = lb_fail_memory(error, "describing the languages");
    lb_free(found);
    if (status == LB_OK)
        return lb_results_put(audit->results, "corpus.languages", list, error);
    json_decref(list);
    return status;
}
