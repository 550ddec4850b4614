#include "audit/section/section.h"

#include "audit/section/numbers.h"
#include "results/json_value.h"
#include "results/mask.h"

int lb_section_unknown(lb_audit_run_state *audit, const lb_metric_id *metrics, size_t count,
                       const char *why, lb_error *error) {
    return lb_section_absent(audit, metrics, count, LB_ABSENT_NOT_MEASURED, why, error);
}

int lb_section_absent(lb_audit_run_state *audit, const lb_metric_id *metrics, size_t count,
                      lb_absence absence, const char *why, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_results_set_absent(audit->results, metrics[i], absence, why, error);
    return status;
}

const char *lb_section_no_words(const lb_audit_run_state *audit, unsigned measure,
                                lb_absence *absence) {
    bool text = lb_corpus_has_text(audit->corpus);
    *absence = text ? LB_ABSENT_NOT_MEASURED : LB_ABSENT_NO_TEXT;
    return !text                                    ? "the corpus has no text"
           : !(audit->settings->measures & measure) ? "left out by --measures"
                                                    : NULL;
}

int lb_section_set(lb_audit_run_state *audit, const lb_metric_id *metrics, const double *values,
                   size_t count, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_results_set(audit->results, metrics[i], values[i], error);
    return status;
}

const char *lb_section_no_table(const lb_audit_run_state *audit, unsigned measure) {
    const lb_table *table = lb_index_table(audit->index);
    if (!(audit->settings->measures & measure))
        return "left out by --measures";
    if (table->quasi_identifier_count == 0 && audit->settings->corpus.quasi_identifiers_set)
        return "there are no quasi-identifiers, as was declared (--qi none)";
    if (table->quasi_identifier_count == 0)
        return "no quasi-identifiers are named: use --qi FIELD,..., or --qi none where there are "
               "none";
    return table->units == 0 ? "there is nobody to measure" : NULL;
}

uint64_t lb_section_list_memory(const lb_audit_run_state *audit) {
    return audit->settings->memory / 4; /* the index holds more than half of the budget */
}

/* How many units have each value of a column; counted once. */
static int count_value_units(lb_audit_run_state *audit, size_t index, const uint32_t **counts,
                             lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    const lb_column *column = &table->quasi_identifiers[index];
    if (!audit->value_units) {
        audit->value_units =
            lb_alloc_zero(table->quasi_identifier_count, sizeof *audit->value_units);
        if (!audit->value_units)
            return lb_fail_memory(error, "counting who has a value");
    }
    if (!audit->value_units[index]) {
        uint32_t *units = lb_alloc_zero(column->distinct + 1u, sizeof *units);
        uint32_t *last =
            lb_alloc_zero(column->distinct + 1u, sizeof *last); /* 1 + the unit counted last */
        for (size_t row = 0; units && last && row < table->rows; row++) {
            uint32_t code = column->codes[row];
            units[code] += last[code] != table->unit[row] + 1;
            last[code] = table->unit[row] + 1;
        }
        lb_free(last);
        if (!units || !last) {
            lb_free(units);
            return lb_fail_memory(error, "counting who has a value");
        }
        audit->value_units[index] = units;
    }
    *counts = audit->value_units[index];
    return LB_OK;
}

int lb_section_value(lb_audit_run_state *audit, const lb_column *column, uint32_t code,
                     lb_buffer *into, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    if (code == LB_CODE_MISSING)
        return lb_buffer_append(into, "(missing)", 9, error);
    const uint32_t *counts = NULL;
    int status =
        count_value_units(audit, (size_t)(column - table->quasi_identifiers), &counts, error);
    if (status < 0)
        return status;
    lb_str value = column->values[code];
    if (audit->settings->reveal || counts[code] >= audit->settings->k)
        return lb_buffer_append(into, value.data, value.size, error);
    return lb_mask_token(value, into, error);
}

int lb_section_key_of(const lb_index *index, bool reveal, uint32_t unit, uint32_t number,
                      lb_buffer *into, lb_error *error) {
    lb_unit kind = lb_index_unit(index);
    lb_str key = kind == LB_UNIT_RECORD ? (lb_str){NULL, 0} : lb_index_facts(index)[unit].key;
    if (reveal && key.data)
        return lb_buffer_append(into, key.data, key.size, error);
    return lb_mask_key(lb_unit_noun(kind, false), number, into, error);
}

int lb_section_key(lb_audit_run_state *audit, uint32_t unit, lb_buffer *into, lb_error *error) {
    const uint32_t *numbers;
    int status = lb_section_numbers(audit, &numbers, error);
    return status < 0 ? status
                      : lb_section_key_of(audit->index, audit->settings->reveal, unit,
                                          numbers[unit], into, error);
}

int lb_section_token(const lb_audit_run_state *audit, uint64_t token, lb_buffer *into,
                     lb_error *error) {
    lb_str folded = lb_index_token(audit->index, token);
    return audit->settings->reveal ? lb_buffer_append(into, folded.data, folded.size, error)
                                   : lb_mask_token(folded, into, error);
}

json_t *lb_section_place(const lb_audit_run_state *audit, uint32_t source, uint64_t line) {
    size_t count;
    const lb_source *sources = lb_corpus_sources(audit->corpus, &count);
    if (line == 0 || source >= count)
        return json_null();
    lb_buffer place = {0};
    json_t *value = NULL;
    if (lb_buffer_printf(&place, NULL, "%s:%llu", sources[source].path, (unsigned long long)line) ==
        LB_OK)
        value = lb_json_text(lb_buffer_str(&place));
    lb_buffer_free(&place);
    return value;
}

int lb_section_message_place(const lb_audit_run_state *audit, const lb_own_message *message,
                             lb_buffer *into, lb_error *error) {
    size_t count;
    const lb_source *sources = lb_corpus_sources(audit->corpus, &count);
    return lb_buffer_printf(into, error, "%s:%llu",
                            message->source < count ? sources[message->source].path : "?",
                            (unsigned long long)message->line);
}

int lb_section_unit_keys(const lb_audit_run_state *audit, uint64_t **keys, lb_error *error) {
    *keys = NULL;
    if (lb_index_unit(audit->index) == LB_UNIT_RECORD)
        return LB_OK; /* rows are ordered by their values: their numbers are keys enough */
    size_t units = lb_index_units(audit->index);
    uint64_t *hashes = lb_alloc(units, sizeof *hashes);
    if (!hashes)
        return lb_fail_memory(error, "collecting keys");
    for (size_t i = 0; i < units; i++)
        hashes[i] = lb_index_facts(audit->index)[i].hash;
    *keys = hashes;
    return LB_OK;
}

const char *lb_unit_noun(lb_unit unit, bool plural) {
    switch (unit) {
    case LB_UNIT_CONVERSATION:
        return plural ? "conversations" : "conversation";
    case LB_UNIT_RECORD:
        return plural ? "records" : "record";
    default:
        return plural ? "users" : "user";
    }
}
