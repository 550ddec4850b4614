#include "audit/section/section_corpus.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "base/buffer.h"
#include "results/json_value.h"

enum { REJECTIONS_SHOWN = 100 };

static json_t *text(const char *value) {
    return lb_json_text(lb_str_of(value));
}

static json_t *input(const void *sources, size_t index) {
    const lb_source *source = &((const lb_source *)sources)[index];
    json_t *object = json_object();
    bool ok = lb_json_set(object, "path", text(source->path)) &&
              lb_json_set(object, "container", text(source->container)) &&
              lb_json_set(object, "compression", text(source->compression)) &&
              lb_json_set(object, "format", text(source->format)) &&
              lb_json_set(object, "bytes", lb_json_count(source->bytes)) &&
              lb_json_set(object, "sha256", text(source->sha256)) &&
              lb_json_set(object, "records", lb_json_count(source->records)) &&
              lb_json_set(object, "rejected", lb_json_count(source->rejected));
    return lb_json_whole(object, ok);
}

json_t *lb_section_inputs(const lb_corpus *corpus) {
    size_t count;
    const lb_source *sources = lb_corpus_sources(corpus, &count);
    return lb_json_list(count, input, sources);
}

static json_t *counts(const lb_corpus_counts *counted) {
    json_t *object = json_object();
    bool ok = lb_json_set(object, "bytes", lb_json_count(counted->bytes)) &&
              lb_json_set(object, "records", lb_json_count(counted->records)) &&
              lb_json_set(object, "rejected", lb_json_count(counted->rejected)) &&
              lb_json_set(object, "own_messages", lb_json_count(counted->own_messages)) &&
              lb_json_set(object, "without_user", lb_json_count(counted->without_user)) &&
              lb_json_set(object, "other_roles", lb_json_count(counted->other_roles)) &&
              lb_json_set(object, "service_lines", lb_json_count(counted->service_lines)) &&
              lb_json_set(object, "without_time", lb_json_count(counted->without_time)) &&
              lb_json_set(object, "impossible_time", lb_json_count(counted->impossible_time)) &&
              lb_json_set(object, "replaced_bytes", lb_json_count(counted->replaced_bytes)) &&
              lb_json_set(object, "skipped_bytes", lb_json_count(counted->skipped_bytes));
    return lb_json_whole(object, ok);
}

static json_t *rejection(const void *context, size_t index) {
    lb_corpus *corpus = (lb_corpus *)context;
    size_t count;
    const lb_rejection *rejected = &lb_corpus_rejections(corpus, &count)[index];
    const lb_source *sources = lb_corpus_sources(corpus, &count);
    lb_buffer where = {0};
    json_t *object = json_object();
    bool ok = lb_buffer_printf(&where, NULL, "%s:%llu (byte %llu)", sources[rejected->source].path,
                               (unsigned long long)rejected->line,
                               (unsigned long long)rejected->byte) == LB_OK &&
              lb_json_set(object, "where", lb_json_text(lb_buffer_str(&where))) &&
              lb_json_set(object, "what", text(rejected->what));
    lb_buffer_free(&where);
    return lb_json_whole(object, ok);
}

static json_t *rejections(lb_corpus *corpus) {
    size_t count;
    lb_corpus_rejections(corpus, &count);
    return lb_json_list(count < REJECTIONS_SHOWN ? count : REJECTIONS_SHOWN, rejection, corpus);
}

static json_t *field_of(const lb_mapping_key *key, const char *name) {
    lb_buffer paths = {0};
    json_t *object = json_object();
    bool ok = true;
    for (size_t i = 0; ok && i < key->count; i++)
        ok = lb_buffer_printf(&paths, NULL, "%s%s", i ? " | " : "", key->paths[i]) == LB_OK;
    ok = ok && lb_json_set(object, "key", text(name)) &&
         lb_json_set(object, "path", lb_json_text(lb_buffer_str(&paths))) &&
         lb_json_set(object, "from", text(lb_origin_name(key->origin)));
    lb_buffer_free(&paths);
    return lb_json_whole(object, ok);
}

static bool is_listed(const json_t *list, const json_t *object) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), object))
            return true;
    return false;
}

/* Which field is what; of inputs that are alike once. */
static json_t *fields(const lb_corpus *corpus) {
    size_t count;
    lb_corpus_sources(corpus, &count);
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < count * LB_KEYS; i++) {
        const lb_mapping_key *key = &lb_corpus_mapping(corpus, i % count)->keys[i / count];
        if (key->count == 0)
            continue;
        json_t *object = field_of(key, lb_key_names[i / count]);
        ok = object && (is_listed(list, object) || json_array_append(list, object) == 0);
        json_decref(object);
    }
    return lb_json_whole(list, ok);
}

json_t *lb_section_attribute_names(const lb_corpus *corpus, lb_attribute_use use) {
    size_t count;
    const lb_attribute *attributes = lb_corpus_attributes(corpus, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (attributes[i].use == use &&
            json_array_append_new(list, text(attributes[i].name)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* Who says which fields outsiders may know: "named" the user, "format" the data set's format,
 * "none" the user, that there are none; null: nobody. */
static json_t *declared(const lb_corpus *corpus, lb_attribute_use use, bool set) {
    size_t count;
    const lb_attribute *attributes = lb_corpus_attributes(corpus, &count);
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || attributes[i].use == use;
    if (set)
        return json_string(any ? "named" : "none");
    return any ? json_string("format") : json_null();
}

/* A user who is another in every message is an id of the message; one for all names nobody. */
static int warn_of_users(lb_audit_run_state *audit, lb_error *error) {
    enum { ENOUGH = 20 };
    uint64_t users = lb_index_units(audit->index), messages = lb_index_messages(audit->index);
    const char *other = lb_corpus_other_user(audit->corpus);
    bool one = users == 1;
    if (lb_corpus_unit(audit->corpus) != LB_UNIT_USER || !lb_corpus_has_text(audit->corpus) ||
        messages < ENOUGH || (!one && users != messages))
        return LB_OK;
    return lb_results_warn(audit->results, error,
                           "%s: figures about people mean something only where the user is a "
                           "person; where it is another field, say --map user=%s",
                           one ? "All messages are of one user"
                               : "Every message has another user, as an id of the message has",
                           other ? other : "FIELD");
}

/* What a reader of the report must know before any figure. */
static int warn(lb_audit_run_state *audit, const lb_corpus_counts *counted, lb_error *error) {
    size_t count;
    const char *const *warnings = lb_corpus_warnings(audit->corpus, &count);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_results_warn(audit->results, error, "%s", warnings[i]);
    if (status == LB_OK && counted->rejected > 0)
        status = lb_results_warn(
            audit->results, error,
            "%llu malformed records were left out; the first are listed under corpus.rejections",
            (unsigned long long)counted->rejected);
    if (status == LB_OK && counted->without_user > 0)
        status = lb_results_warn(audit->results, error,
                                 "%llu messages name no user and are in no figure about users",
                                 (unsigned long long)counted->without_user);
    if (status == LB_OK)
        status = warn_of_users(audit, error);
    if (status == LB_OK && counted->replaced_bytes > 0)
        status = lb_results_warn(
            audit->results, error,
            "%llu ill-formed UTF-8 sequences were replaced by U+FFFD; an input in another "
            "encoding is converted first, for example by iconv -f LATIN1 -t UTF-8",
            (unsigned long long)counted->replaced_bytes);
    if (status == LB_OK && counted->impossible_time > 0)
        status = lb_results_warn(audit->results, error, "%llu messages have an impossible time",
                                 (unsigned long long)counted->impossible_time);
    return status;
}

int lb_section_corpus(lb_audit_run_state *audit, lb_error *error) {
    const lb_index *index = audit->index;
    const lb_corpus_counts *counted = lb_corpus_counted(audit->corpus);
    const lb_incidence *tokens = lb_index_incidence(index, 1);
    int64_t first, last;
    bool timed = lb_index_span(index, &first, &last);
    json_t *section = lb_results_section(audit->results, "corpus");
    lb_unit unit = lb_index_unit(index);
    json_t *users = unit == LB_UNIT_USER ? lb_json_count(lb_index_units(index)) : json_null();
    bool ok =
        lb_json_set(section, "inputs", lb_section_inputs(audit->corpus)) &&
        lb_json_set(section, "unit", text(lb_unit_noun(unit, false))) &&
        lb_json_set(section, "units", lb_json_count(lb_index_units(index))) &&
        lb_json_set(section, "users", users) &&
        lb_json_set(section, "conversations",
                    lb_index_facts(index) ? lb_json_count(lb_index_conversations(index))
                                          : json_null()) &&
        lb_json_set(section, "messages", lb_json_count(lb_index_messages(index))) &&
        lb_json_set(section, "tokens", tokens ? lb_json_count(tokens->occurrences) : json_null()) &&
        lb_json_set(section, "distinct_tokens",
                    tokens ? lb_json_count(tokens->grams) : json_null()) &&
        lb_json_set(section, "languages", json_array()) && /* keeps its place in the order */
        lb_json_set(section, "first", timed ? lb_json_time(first) : json_null()) &&
        lb_json_set(section, "last", timed ? lb_json_time(last) : json_null()) &&
        lb_json_set(section, "fields", fields(audit->corpus)) &&
        lb_json_set(section, "quasi_identifiers",
                    lb_section_attribute_names(audit->corpus, LB_ATTRIBUTE_QUASI_IDENTIFIER)) &&
        lb_json_set(section, "sensitive",
                    lb_section_attribute_names(audit->corpus, LB_ATTRIBUTE_SENSITIVE)) &&
        lb_json_set(section, "quasi_identifiers_declared",
                    declared(audit->corpus, LB_ATTRIBUTE_QUASI_IDENTIFIER,
                             audit->settings->corpus.quasi_identifiers_set)) &&
        lb_json_set(section, "sensitive_declared",
                    declared(audit->corpus, LB_ATTRIBUTE_SENSITIVE,
                             audit->settings->corpus.sensitive_set)) &&
        lb_json_set(section, "counts", counts(counted)) &&
        lb_json_set(section, "rejections", rejections(audit->corpus));
    if (!ok)
        return lb_fail_memory(error, "describing the corpus");
    return warn(audit, counted, error);
}
