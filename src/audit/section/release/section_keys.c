#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "base/ascii.h"
#include "corpus/read/side_table.h"
#include "results/json_value.h"
#include "risk/release/reversible_keys.h"

static const lb_metric_id metrics[] = {LB_METRIC_IDENTIFIERS_REVERSIBLE_KEYS};

/* Of the keys, so many must have one form for the form to be no accident. */
static const double COMMON = 0.9;

static int collect_keys(const lb_audit_run_state *audit, lb_str **keys, lb_error *error) {
    size_t units = lb_index_units(audit->index);
    *keys = lb_alloc(units, sizeof **keys);
    if (!*keys)
        return lb_fail_memory(error, "collecting keys");
    for (size_t i = 0; i < units; i++)
        (*keys)[i] = lb_index_facts(audit->index)[i].key;
    return LB_OK;
}

/* Says so where the keys look like bare hashes. */
static int warn_of_form(lb_audit_run_state *audit, const lb_str *keys, size_t count,
                        lb_error *error) {
    size_t forms[LB_DIGESTS] = {0};
    for (size_t i = 0; i < count; i++) {
        lb_digest_kind kind;
        uint32_t words[LB_DIGEST_WORDS_MAX];
        if (lb_key_is_digest(keys[i], &kind, words))
            forms[kind]++;
    }
    for (int k = 0; k < LB_DIGESTS; k++)
        if (count > 0 && (double)forms[k] >= COMMON * (double)count)
            return lb_results_warn(
                audit->results, error,
                "The user keys have the form of %s: if they are bare hashes of addresses, numbers "
                "or names, anyone can undo them; test that with --try-keys",
                lb_digest_name((lb_digest_kind)k));
    return LB_OK;
}

/* A value as it stands, and in lower case where that differs. */
static int add_value(lb_str value, lb_arena *arena, lb_str **values, size_t *capacity,
                     size_t *count, lb_error *error) {
    char *kept = lb_arena_copy(arena, value.data, value.size);
    char *lower = lb_arena_copy(arena, value.data, value.size);
    if (!kept || !lower)
        return lb_fail_memory(error, "reading the values of --try-keys");
    lb_str *grown = lb_grow(*values, capacity, *count + 2, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    *values = grown;
    bool differs = false;
    for (size_t i = 0; i < value.size; i++)
        if (lb_is_upper(lower[i])) {
            lower[i] = (char)(lower[i] | 32);
            differs = true;
        }
    (*values)[(*count)++] = (lb_str){kept, value.size};
    if (differs)
        (*values)[(*count)++] = (lb_str){lower, value.size};
    return LB_OK;
}

static int read_values(const char *path, lb_arena *arena, lb_str **values, size_t *count,
                       lb_error *error) {
    lb_side_table *list;
    lb_side_row row;
    size_t capacity = 0;
    int status =
        lb_side_table_open(&list, path, (lb_side_form){.delimiters = "", .guesses = true}, error);
    if (status < 0)
        return status;
    while ((status = lb_side_table_next(list, &row, error)) == 1)
        if ((status = add_value(row.cells[0], arena, values, &capacity, count, error)) < 0)
            break;
    lb_side_table_close(list);
    return status;
}

static int try_keys(lb_audit_run_state *audit, const lb_str *keys, size_t count,
                    lb_key_trial *trial, lb_error *error) {
    const lb_settings *settings = audit->settings;
    lb_str *values = NULL;
    size_t value_count = 0;
    lb_arena *arena = lb_arena_new();
    lb_key_space space;
    int status = arena ? LB_OK : lb_fail_memory(error, "trying the user keys");
    if (strcmp(settings->try_keys, "ipv4") == 0)
        space = lb_key_space_ipv4();
    else if (strcmp(settings->try_keys, "numbers") == 0)
        space = lb_key_space_numbers();
    else {
        if (status == LB_OK)
            status = read_values(settings->try_keys, arena, &values, &value_count, error);
        space = (lb_key_space){.kind = LB_KEY_SPACE_VALUES, .count = value_count, .values = values};
    }
    if (status == LB_OK)
        status = lb_reversible_keys_try(keys, count, &space, settings->threads, &settings->progress,
                                        trial, error);
    lb_arena_free(arena);
    lb_free(values);
    return status;
}

static int describe(lb_audit_run_state *audit, const lb_key_trial *trial, size_t keys,
                    lb_error *error) {
    json_t *object = json_object(), *forms = json_object();
    bool ok = true;
    for (int k = 0; k < LB_DIGESTS; k++)
        ok = ok &&
             lb_json_set(forms, lb_digest_name((lb_digest_kind)k), lb_json_count(trial->keys[k]));
    const char *space = audit->settings->try_keys;
    bool named = strcmp(space, "ipv4") == 0 || strcmp(space, "numbers") == 0;
    ok = ok && lb_json_set(object, "space", json_string(named ? space : "file")) &&
         lb_json_set(object, "keys", lb_json_count(keys)) &&
         lb_json_set(object, "forms", json_incref(forms)) &&
         lb_json_set(object, "tried", lb_json_count(trial->tried)) &&
         lb_json_set(object, "reversible", lb_json_count(trial->fallen));
    json_decref(forms);
    if (ok)
        return lb_results_put(audit->results, "singling_out.identifiers.keys", object, error);
    json_decref(object);
    return lb_fail_memory(error, "describing the user keys");
}

int lb_section_keys(lb_audit_run_state *audit, lb_error *error) {
    const char *why = !(audit->settings->measures & LB_MEASURE_IDENTIFIERS)
                          ? "left out by --measures"
                      : lb_index_unit(audit->index) != LB_UNIT_USER ? "there are no user keys"
                                                                    : NULL;
    if (why)
        return lb_section_unknown(audit, metrics, 1, why, error);
    lb_str *keys = NULL;
    size_t count = lb_index_units(audit->index);
    lb_key_trial trial;
    int status = collect_keys(audit, &keys, error);
    if (status == LB_OK && !audit->settings->try_keys) {
        status = warn_of_form(audit, keys, count, error);
        if (status == LB_OK)
            status = lb_section_unknown(audit, metrics, 1,
                                        "not tried: name a space with --try-keys", error);
    } else if (status == LB_OK) {
        status = try_keys(audit, keys, count, &trial, error);
        if (status == LB_OK)
            status = describe(audit, &trial, count, error);
        if (status == LB_OK)
            status = lb_results_set(audit->results, metrics[0], (double)trial.fallen, error);
    }
    lb_free(keys);
    return status;
}
