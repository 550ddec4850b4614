#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "base/ascii.h"
#include "corpus/read/side_table.h"
#include "results/json_value.h"
#include "risk/release/reversible_keys.h"
#include "text/id_fold.h"

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

/* The guesses that were read, and each in the forms that people give them. */
typedef struct guesses {
    lb_str *values;
    size_t count, capacity;
    lb_arena *arena;
    lb_buffer folded;
} guesses;

static int add_guess(guesses *made, lb_str value, lb_error *error) {
    char *kept = lb_arena_copy(made->arena, value.data, value.size);
    if (!kept)
        return lb_fail_memory(error, "reading the values of --try-keys");
    lb_str *grown = lb_grow(made->values, &made->capacity, made->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    made->values = grown;
    made->values[made->count++] = (lb_str){kept, value.size};
    return LB_OK;
}

/* A value as it stands; where that differs, in lower case; and without what lists do to ids. */
static int add_forms(guesses *made, lb_str value, lb_error *error) {
    size_t first = made->count;
    int status = add_guess(made, value, error);
    if (status == LB_OK)
        status = add_guess(made, value, error);
    if (status < 0)
        return status;
    lb_str lower = made->values[first + 1];
    for (size_t i = 0; i < lower.size; i++)
        ((char *)lower.data)[i] = lb_to_lower(lower.data[i]);
    if (lb_str_equal(value, lower))
        made->count--;
    status = lb_id_fold(value, &made->folded, error);
    lb_str folded = lb_buffer_str(&made->folded);
    return status < 0 || lb_str_equal(folded, lower) ? status : add_guess(made, folded, error);
}

/* A line, and where it may be a row of a table, each of its cells. */
static int add_line(guesses *made, lb_str line, lb_error *error) {
    static const char delimiters[] = ",;\t|";
    int status = add_forms(made, line, error);
    size_t begin = 0;
    for (size_t i = 0; status == LB_OK && i <= line.size; i++) {
        bool ends = i == line.size || memchr(delimiters, line.data[i], sizeof delimiters - 1);
        if (!ends)
            continue;
        if (i > begin && i - begin < line.size)
            status = add_forms(made, (lb_str){line.data + begin, i - begin}, error);
        begin = i + 1;
    }
    return status;
}

static int read_values(guesses *made, const char *path, lb_error *error) {
    lb_side_table *list;
    lb_side_row row;
    bool some = false;
    int status =
        lb_side_table_open(&list, path, (lb_side_form){.delimiters = "", .guesses = true}, error);
    if (status < 0)
        return status;
    while ((status = lb_side_table_next(list, &row, error)) == 1) {
        some = some || row.cells[0].size > 0;
        if ((status = add_line(made, row.cells[0], error)) < 0)
            break;
    }
    lb_side_table_close(list);
    return status == LB_OK && !some ? lb_fail(error, LB_E_INPUT, path, "write one value a line",
                                              "the list of values to try is empty")
                                    : status;
}

static int try_keys(lb_audit_run_state *audit, const lb_str *keys, size_t count,
                    lb_key_trial *trial, lb_error *error) {
    const lb_settings *settings = audit->settings;
    guesses made = {.arena = lb_arena_new()};
    lb_key_space space;
    int status = made.arena ? LB_OK : lb_fail_memory(error, "trying the user keys");
    if (strcmp(settings->try_keys, "ipv4") == 0)
        space = lb_key_space_ipv4();
    else if (strcmp(settings->try_keys, "numbers") == 0)
        space = lb_key_space_numbers();
    else {
        if (status == LB_OK)
            status = read_values(&made, settings->try_keys, error);
        space =
            (lb_key_space){.kind = LB_KEY_SPACE_VALUES, .count = made.count, .values = made.values};
    }
    if (status == LB_OK)
        status = lb_reversible_keys_try(keys, count, &space, settings->threads, &settings->progress,
                                        trial, error);
    lb_arena_free(made.arena);
    lb_buffer_free(&made.folded);
    lb_free(made.values);
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

static int not_tried(lb_audit_run_state *audit, lb_error *error) {
    return lb_section_absent(audit, metrics, 1, LB_ABSENT_NOT_GIVEN,
                             "not tried: name a space with --try-keys", error);
}

int lb_section_keys(lb_audit_run_state *audit, lb_error *error) {
    bool measured = audit->settings->measures & LB_MEASURE_IDENTIFIERS;
    if (lb_index_unit(audit->index) != LB_UNIT_USER)
        return lb_section_absent(audit, metrics, 1, LB_ABSENT_NOT_GIVEN, "there are no user keys",
                                 error);
    if (!measured && audit->settings->try_keys)
        return lb_section_unknown(audit, metrics, 1, "left out by --measures", error);
    if (!measured)
        return not_tried(audit, error);
    lb_str *keys = NULL;
    size_t count = lb_index_units(audit->index);
    lb_key_trial trial;
    int status = collect_keys(audit, &keys, error);
    if (status == LB_OK && !audit->settings->try_keys) {
        status = warn_of_form(audit, keys, count, error);
        if (status == LB_OK)
            status = not_tried(audit, error);
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
