/* Fields that nobody named and that tell people apart all the same. */
#include <stdio.h>
#include <sys/stat.h>

#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "corpus/inspect.h"
#include "results/json_value.h"
#include "risk/classes/quasi_candidates.h"

enum {
    FIELDS_MAX = 100,
    BLOCKS = 64, /* of about 1 MB: the head of the corpus tells enough */
    NAMES_WARNED = 8
};

typedef struct field_list {
    const char *names[FIELDS_MAX];
    size_t count;
} field_list;

/* What comes through a pipe cannot be read twice. */
static bool is_readable_again(const lb_corpus_options *options) {
    struct stat facts;
    for (size_t i = 0; i < options->input_count; i++)
        if (stat(options->inputs[i], &facts) != 0 ||
            !(S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode)))
            return false;
    return true;
}

static bool is_named(const lb_corpus *corpus, const field_list *list, const char *path) {
    size_t count;
    const lb_attribute *attributes = lb_corpus_attributes(corpus, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name, path) == 0)
            return true;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], path) == 0)
            return true;
    return false;
}

/* Names belong to the inspection. */
static void unnamed_fields(const lb_corpus *corpus, const lb_inspection *inspection,
                           field_list *list) {
    for (size_t s = 0; s < inspection->source_count; s++)
        for (size_t f = 0; f < inspection->sources[s].field_count; f++) {
            const lb_inspect_field *field = &inspection->sources[s].fields[f];
            if (field->varied && list->count < FIELDS_MAX && !is_named(corpus, list, field->path))
                list->names[list->count++] = field->path;
        }
}

static json_t *candidate_object(const lb_table *table, const lb_quasi_candidate *candidate) {
    json_t *object = json_object();
    bool ok = lb_json_set(object, "field",
                          lb_json_text(table->quasi_identifiers[candidate->column].name)) &&
              lb_json_set(object, "kind",
                          json_string(candidate->kind == LB_CANDIDATE_KEY ? "key" : "quasi")) &&
              lb_json_set(object, "values", lb_json_count(candidate->values)) &&
              lb_json_set(object, "missing", lb_json_number(candidate->missing)) &&
              lb_json_set(object, "steadiness", lb_json_number(candidate->steadiness)) &&
              lb_json_set(object, "distinction", lb_json_number(candidate->distinction)) &&
              lb_json_set(object, "separation", lb_json_number(candidate->separation)) &&
              lb_json_set(object, "unique_share", lb_json_number(candidate->unique_share));
    return lb_json_whole(object, ok);
}

static int warn(lb_audit_run_state *audit, const json_t *list, lb_error *error) {
    lb_buffer names = {0};
    size_t count = json_array_size(list);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count && i < NAMES_WARNED; i++)
        status =
            lb_buffer_printf(&names, error, "%s%s", i > 0 ? ", " : "",
                             json_string_value(json_object_get(json_array_get(list, i), "field")));
    if (status == LB_OK && count > 0)
        status = lb_results_warn(
            audit->results, error,
            "%.*s%s tell%s %s apart and %s not among the quasi-identifiers: name with --qi what an "
            "outsider may know",
            (int)names.size, names.data, count > NAMES_WARNED ? " and more" : "",
            count == 1 ? "s" : "", lb_unit_noun(lb_index_unit(audit->index), true),
            count == 1 ? "is" : "are");
    lb_buffer_free(&names);
    return status;
}

static int put(lb_audit_run_state *audit, const lb_table *table, lb_error *error) {
    lb_quasi_candidates ranked;
    int status = lb_quasi_candidates_rank(&ranked, table, &lb_quasi_candidate_defaults, error);
    if (status < 0)
        return status;
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < ranked.count; i++)
        if (ranked.items[i].kind == LB_CANDIDATE_QUASI || ranked.items[i].kind == LB_CANDIDATE_KEY)
            ok = json_array_append_new(list, candidate_object(table, &ranked.items[i])) == 0;
    lb_quasi_candidates_free(&ranked);
    status = ok ? warn(audit, list, error) : lb_fail_memory(error, "describing other fields");
    if (status == LB_OK && json_array_size(list) > 0)
        return lb_results_put(audit->results, "singling_out.candidates", list, error);
    json_decref(list);
    return status;
}

/* Reads the head of the corpus once more, with the fields as quasi-identifiers. */
static int judge(lb_audit_run_state *audit, const field_list *list, lb_error *error) {
    lb_corpus_options options = audit->settings->corpus;
    options.quasi_identifiers = list->names;
    options.quasi_identifier_count = list->count;
    options.quasi_identifiers_set = options.sensitive_set = true;
    options.sensitive_count = 0;
    options.weight = NULL;
    options.unit = lb_index_unit(audit->index);
    options.progress = NULL;
    lb_index_options index_options = {
        .threads = 1, .memory = audit->settings->memory, .most_blocks = BLOCKS};
    lb_corpus *corpus = NULL;
    lb_index *index = NULL;
    int status = lb_corpus_open(&corpus, &options, error);
    if (status == LB_OK)
        status = lb_index_build(&index, corpus, &index_options, error);
    if (status == LB_OK)
        status = put(audit, lb_index_table(index), error);
    lb_index_free(index);
    lb_corpus_free(corpus);
    return status;
}

int lb_section_candidates(lb_audit_run_state *audit, lb_error *error) {
    const lb_corpus_options *options = &audit->settings->corpus;
    if (!(audit->settings->measures & LB_MEASURE_QI) || !is_readable_again(options))
        return LB_OK;
    lb_inspection inspection;
    field_list list = {.count = 0};
    lb_corpus_options quiet = *options;
    quiet.progress = NULL;
    int status = lb_inspect(&inspection, &quiet, 0, 0, error);
    if (status < 0)
        return status;
    unnamed_fields(audit->corpus, &inspection, &list);
    if (list.count > 0)
        status = judge(audit, &list, error);
    lb_inspection_free(&inspection);
    return status;
}
