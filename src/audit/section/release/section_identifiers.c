#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "base/utf8.h"
#include "results/json_value.h"
#include "risk/release/identifiers.h"

static const lb_metric_id type_metrics[LB_IDENTIFIER_TYPES] = {
    [LB_IDENTIFIER_SECRET] = LB_METRIC_IDENTIFIERS_SECRET,
    [LB_IDENTIFIER_CRYPTO] = LB_METRIC_IDENTIFIERS_CRYPTO,
    [LB_IDENTIFIER_IBAN] = LB_METRIC_IDENTIFIERS_IBAN,
    [LB_IDENTIFIER_CARD] = LB_METRIC_IDENTIFIERS_CARD,
    [LB_IDENTIFIER_NATIONAL_ID] = LB_METRIC_IDENTIFIERS_NATIONAL_ID,
    [LB_IDENTIFIER_EMAIL] = LB_METRIC_IDENTIFIERS_EMAIL,
    [LB_IDENTIFIER_URL_USER] = LB_METRIC_IDENTIFIERS_URL_USER,
    [LB_IDENTIFIER_PHONE] = LB_METRIC_IDENTIFIERS_PHONE,
    [LB_IDENTIFIER_IP] = LB_METRIC_IDENTIFIERS_IP,
    [LB_IDENTIFIER_MAC] = LB_METRIC_IDENTIFIERS_MAC,
    [LB_IDENTIFIER_COORDINATES] = LB_METRIC_IDENTIFIERS_COORDINATES,
    [LB_IDENTIFIER_STREET] = LB_METRIC_IDENTIFIERS_STREET,
    [LB_IDENTIFIER_HANDLE] = LB_METRIC_IDENTIFIERS_HANDLE,
    [LB_IDENTIFIER_PLACEHOLDER] = LB_METRIC_IDENTIFIERS_PLACEHOLDERS,
};
static const lb_metric_id sums[] = {LB_METRIC_IDENTIFIERS_TOTAL, LB_METRIC_IDENTIFIERS_USERS_SHARE};

/* The shape of an identifier: letters become x, digits 9, other signs stay. A very long one is
 * known by its length alone, so that it is cut. */
static int append_shape(lb_str value, lb_buffer *into, lb_error *error) {
    enum { LONGEST = 32 };
    unsigned length;
    size_t characters = 0;
    int status = LB_OK;
    for (size_t at = 0; status == LB_OK && at < value.size && characters < LONGEST;
         at += length, characters++) {
        uint32_t c = lb_utf8_decode(value.data + at, &length);
        bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        char shape = (char)(digit ? '9' : letter || c >= 0x80 ? 'x' : c < ' ' ? ' ' : c);
        status = lb_buffer_append(into, &shape, 1, error);
        if (status == LB_OK && at + length < value.size && characters + 1 == LONGEST)
            status = lb_buffer_append(into, "...", 3, error);
    }
    return status;
}

static int add_example(const lb_audit_run_state *audit, const lb_identifier_example *example,
                       json_t *list, lb_error *error) {
    const lb_own_message *message = &lb_index_texts(audit->index)->messages[example->message];
    lb_str value = {message->text.data + example->identifier.start, example->identifier.size};
    bool clear = audit->settings->reveal || example->identifier.type == LB_IDENTIFIER_PLACEHOLDER;
    lb_buffer shown = {0}, where = {0};
    int status = clear ? lb_buffer_append(&shown, value.data, value.size, error)
                       : append_shape(value, &shown, error);
    if (status == LB_OK)
        status = lb_section_message_place(audit, message, &where, error);
    json_t *object = json_object();
    bool ok = status == LB_OK &&
              lb_json_set(object, "shape", lb_json_text(lb_buffer_str(&shown))) &&
              lb_json_set(object, "kind", lb_json_text(lb_str_of(example->identifier.kind))) &&
              lb_json_set(object, "where", lb_json_text(lb_buffer_str(&where))) &&
              json_array_append(list, object) == 0;
    json_decref(object);
    lb_buffer_free(&shown);
    lb_buffer_free(&where);
    return ok ? LB_OK : status < 0 ? status : lb_fail_memory(error, "describing identifiers");
}

static int describe_type(const lb_audit_run_state *audit, lb_identifier_type type,
                         const lb_identifier_tally *tally, json_t **out, lb_error *error) {
    json_t *examples = json_array(), *object = json_object();
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < tally->example_count; i++)
        status = add_example(audit, &tally->examples[i], examples, error);
    bool ok = lb_json_set(object, "type", lb_json_text(lb_str_of(lb_identifier_type_name(type)))) &&
              lb_json_set(object, "hits", lb_json_count(tally->hits)) &&
              lb_json_set(object, "units", lb_json_count(tally->units)) &&
              lb_json_set(object, "conversations", lb_json_count(tally->conversations)) &&
              lb_json_set(object, "examples", json_incref(examples));
    json_decref(examples);
    *out = object;
    if (status == LB_OK && !ok)
        status = lb_fail_memory(error, "describing identifiers");
    if (status < 0) {
        json_decref(object);
        *out = NULL;
    }
    return status;
}

static int describe(lb_audit_run_state *audit, const lb_identifier_result *found, lb_error *error) {
    json_t *section = lb_results_section(audit->results, "singling_out.identifiers");
    json_t *types = json_array(), *type = NULL;
    int status = LB_OK;
    for (int i = 0; status == LB_OK && i < LB_IDENTIFIER_PLACEHOLDER; i++) {
        if (found->types[i].hits == 0)
            continue;
        status = describe_type(audit, (lb_identifier_type)i, &found->types[i], &type, error);
        if (status == LB_OK && json_array_append_new(types, type) != 0)
            status = lb_fail_memory(error, "describing identifiers");
    }
    if (status == LB_OK)
        status = describe_type(audit, LB_IDENTIFIER_PLACEHOLDER,
                               &found->types[LB_IDENTIFIER_PLACEHOLDER], &type, error);
    if (status < 0) {
        json_decref(types);
        return status;
    }
    bool ok = lb_json_set(section, "total", lb_json_count(found->total)) &&
              lb_json_set(section, "units", lb_json_count(found->units)) &&
              lb_json_set(section, "conversations", lb_json_count(found->conversations)) &&
              lb_json_set(section, "types", json_incref(types)) &&
              lb_json_set(section, "placeholders", json_incref(type));
    json_decref(types);
    json_decref(type);
    return ok ? LB_OK : lb_fail_memory(error, "describing identifiers");
}

static int set_metrics(lb_audit_run_state *audit, const lb_identifier_result *found,
                       lb_error *error) {
    size_t units = lb_index_units(audit->index);
    int status =
        lb_results_set(audit->results, LB_METRIC_IDENTIFIERS_TOTAL, (double)found->total, error);
    if (status == LB_OK)
        status = units ? lb_results_set(audit->results, LB_METRIC_IDENTIFIERS_USERS_SHARE,
                                        (double)found->units / (double)units, error)
                       : lb_results_set_unknown(audit->results, LB_METRIC_IDENTIFIERS_USERS_SHARE,
                                                "there is nobody to measure", error);
    for (size_t i = 0; status == LB_OK && i < LB_IDENTIFIER_TYPES; i++)
        status =
            lb_results_set(audit->results, type_metrics[i], (double)found->types[i].hits, error);
    return status;
}

int lb_section_identifiers(lb_audit_run_state *audit, lb_error *error) {
    const lb_settings *settings = audit->settings;
    const lb_texts *texts = lb_index_texts(audit->index);
    lb_absence absence;
    const char *why = lb_section_no_words(audit, LB_MEASURE_IDENTIFIERS, &absence);
    if (why) {
        int status =
            lb_section_absent(audit, type_metrics, LB_IDENTIFIER_TYPES, absence, why, error);
        return status == LB_OK ? lb_section_absent(audit, sums, 2, absence, why, error) : status;
    }
    lb_identifier_result found;
    int status = lb_identifiers_run(texts, settings->threads, &settings->progress, &found, error);
    if (status == LB_OK)
        status = describe(audit, &found, error);
    return status == LB_OK ? set_metrics(audit, &found, error) : status;
}
