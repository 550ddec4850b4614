#include "audit/section/listed.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "audit/side/opted_out.h"
#include "results/json_value.h"
#include "risk/release/near_duplicates.h"

static const lb_metric_id listed_metrics[] = {LB_METRIC_CONSENT_OPTED_OUT_USERS,
                                              LB_METRIC_CONSENT_OPTED_OUT_MESSAGES,
                                              LB_METRIC_CONSENT_NEAR_DUPLICATES};
static const lb_metric_id field_metrics[] = {LB_METRIC_CONSENT_REFUSED_USERS,
                                             LB_METRIC_CONSENT_REFUSED_MESSAGES};
static const lb_metric_id shared_metrics[] = {LB_METRIC_CONSENT_SHARED_CONVERSATIONS};

enum { EXAMPLES = 10 };

static json_t *place_of(const lb_audit_run_state *audit, const lb_document *document) {
    lb_buffer where = {0};
    json_t *place = NULL;
    if (lb_section_message_place(audit, &lb_index_texts(audit->index)->messages[document->message],
                                 &where, NULL) == LB_OK)
        place = lb_json_text(lb_buffer_str(&where));
    lb_buffer_free(&where);
    return place;
}

/* What matched: counts, and the places of the first. `gallery` is of this corpus or of another,
 * whose places are not given. */
typedef struct match_summary {
    uint64_t documents, exact, other_owner, units;
    json_t *examples;
} match_summary;

static int summarize(const lb_audit_run_state *audit, const lb_documents *among,
                     const lb_documents *gallery, const uint32_t *matches, match_summary *summary,
                     lb_error *error) {
    *summary = (match_summary){.examples = json_array()};
    bool ok = summary->examples != NULL;
    uint64_t last_unit = UINT64_MAX;
    for (size_t i = 0; ok && i < among->count; i++) {
        if (matches[i] == LB_NO_DOCUMENT)
            continue;
        const lb_document *a = &among->items[i], *b = &gallery->items[matches[i]];
        summary->documents++;
        summary->exact += a->count == b->count &&
                          memcmp(among->shingles + a->offset, gallery->shingles + b->offset,
                                 a->count * sizeof *among->shingles) == 0;
        summary->other_owner += a->owner != b->owner;
        summary->units += a->unit != last_unit; /* documents stand by their units */
        last_unit = a->unit;
        if (json_array_size(summary->examples) >= EXAMPLES)
            continue;
        json_t *example = json_object();
        ok = lb_json_set(example, "where", place_of(audit, a)) &&
             lb_json_set(example, "like", gallery == among ? place_of(audit, b) : json_null()) &&
             json_array_append(summary->examples, example) == 0;
        json_decref(example);
    }
    if (ok)
        return LB_OK;
    json_decref(summary->examples);
    return lb_fail_memory(error, "describing the consent");
}

/* Copies of what opted-out people wrote. Of a list of users, their own documents are the gallery
 * and all others are asked; of a corpus, all are. */
static int find_copies(lb_audit_run_state *audit, const lb_opted_out *listed,
                       const lb_documents *documents, match_summary *summary, lb_error *error) {
    lb_documents other = {0};
    unsigned threads = audit->settings->threads;
    uint32_t *matches = lb_alloc(documents->count, sizeof *matches);
    bool *asked = lb_alloc_zero(documents->count, sizeof *asked);
    bool *gallery = lb_alloc_zero(documents->count, sizeof *gallery);
    int status = matches && asked && gallery ? LB_OK : lb_fail_memory(error, "finding copies");
    lb_near_duplicate_query query = {.among = documents, .gallery = documents, .threads = threads};
    if (status == LB_OK && listed->index) {
        status = lb_documents_make(&other, lb_index_texts(listed->index), threads, error);
        query.gallery = &other;
    } else if (status == LB_OK) {
        for (size_t i = 0; i < documents->count; i++) {
            gallery[i] = lb_opted_out_has(listed, documents->items[i].owner);
            asked[i] = !gallery[i];
        }
        query.asked = asked;
        query.listed = gallery;
    }
    if (status == LB_OK)
        status = lb_near_duplicates_find(&query, matches, error);
    if (status == LB_OK)
        status = summarize(audit, documents, query.gallery, matches, summary, error);
    lb_documents_free(&other);
    lb_free(matches);
    lb_free(asked);
    lb_free(gallery);
    return status;
}

static int describe_listed(lb_audit_run_state *audit, const lb_opted_out *listed, uint64_t units,
                           uint64_t messages, const match_summary *copies, lb_error *error) {
    json_t *object = json_object();
    bool ok = lb_json_set(object, "source", json_string(listed->index ? "corpus" : "list")) &&
              lb_json_set(object, "listed_users", lb_json_count(listed->listed.ids)) &&
              lb_json_set(object, "listed_unknown", lb_json_count(listed->listed.unknown)) &&
              lb_json_set(object, "listed_folded", lb_json_count(listed->listed.folded)) &&
              lb_json_set(object, "conversations", json_boolean(listed->conversations)) &&
              lb_json_set(object, "units", lb_json_count(units)) &&
              lb_json_set(object, "messages", lb_json_count(messages)) &&
              lb_json_set(object, "near_duplicates", lb_json_count(copies->documents)) &&
              lb_json_set(object, "exact_copies", lb_json_count(copies->exact)) &&
              lb_json_set(object, "under_another_user", lb_json_count(copies->other_owner)) &&
              lb_json_set(object, "examples", json_incref(copies->examples));
    if (!ok) {
        json_decref(object);
        return lb_fail_memory(error, "describing the consent");
    }
    return lb_results_put(audit->results, "consent.opted_out", object, error);
}

/* What the list was taken for, and whom it names. */
static int warn_of_listed(lb_audit_run_state *audit, const lb_opted_out *listed, lb_error *error) {
    bool more = listed->columns > 1;
    int status = LB_OK;
    if (listed->column > 0)
        status = lb_results_warn(audit->results, error,
                                 "The list of --opted-out is a table: column %u%s%s%s%s taken for "
                                 "the ids",
                                 listed->column, *listed->heading ? " (" : "", listed->heading,
                                 *listed->heading ? ")" : "", more ? " and others were" : " was");
    if (status == LB_OK && listed->conversations)
        status = lb_results_warn(audit->results, error,
                                 "The ids of --opted-out are those of conversations, not of users: "
                                 "whoever wrote in one of them counts as opted out");
    return status == LB_OK ? lb_section_warn_of_list(audit, "--opted-out", &listed->listed, error)
                           : status;
}

static int nobody_listed(lb_audit_run_state *audit, lb_error *error) {
    return lb_section_absent(audit, listed_metrics, 3, LB_ABSENT_NOT_GIVEN,
                             "nobody is listed: use --opted-out", error);
}

/* A corpus that names no user says what must not be in the release, and not who. */
static int nobody_named(lb_audit_run_state *audit, lb_error *error) {
    static const char why[] = "the corpus of --opted-out names no user: write the ids one a line";
    int status = lb_section_unknown(audit, listed_metrics, 2, why, error);
    return status == LB_OK ? lb_results_set_unknown(audit->results,
                                                    LB_METRIC_COVERAGE_LISTED_UNKNOWN, why, error)
                           : status;
}

/* How many ids match nobody. Who looks for ids that the corpus cannot have checks nothing. */
static int judge_list(lb_audit_run_state *audit, const lb_opted_out *listed, lb_error *error) {
    bool fits = true;
    int status = listed->listed.ids > 0
                     ? lb_results_set(audit->results, LB_METRIC_COVERAGE_LISTED_UNKNOWN,
                                      (double)listed->listed.unknown, error)
                     : LB_OK;
    if (status == LB_OK)
        status = lb_section_list_fits(audit, &listed->listed, &fits, error);
    return status < 0 || fits
               ? status
               : lb_section_unknown(audit, listed_metrics, 2,
                                    "no id of --opted-out is in the corpus, nor looks like one of "
                                    "it: give the ids as the corpus writes them, one a line",
                                    error);
}

static int measure_listed(lb_audit_run_state *audit, const lb_documents *documents,
                          lb_error *error) {
    lb_opted_out listed;
    if (!audit->settings->opted_out)
        return nobody_listed(audit, error);
    int status = lb_opted_out_load(&listed, audit->settings, audit->index, error);
    if (status < 0)
        return status;
    uint64_t units = 0, messages = listed.messages;
    for (size_t i = 0; i < lb_index_units(audit->index); i++) {
        const lb_unit_facts *facts = &lb_index_facts(audit->index)[i];
        units += facts->messages > 0 && lb_opted_out_has(&listed, facts->hash);
    }
    match_summary copies = {0};
    status = find_copies(audit, &listed, documents, &copies, error);
    if (status == LB_OK) {
        status = describe_listed(audit, &listed, units, messages, &copies, error);
        json_decref(copies.examples);
    }
    if (status == LB_OK)
        status = warn_of_listed(audit, &listed, error);
    const double values[] = {(double)units, (double)messages, (double)copies.documents};
    if (status == LB_OK)
        status = lb_section_set(audit, listed_metrics, values, 3, error);
    if (status == LB_OK && listed.listed.ids == 0 && lb_index_unit(audit->index) == LB_UNIT_USER)
        status = nobody_named(audit, error);
    if (status == LB_OK)
        status = judge_list(audit, &listed, error);
    lb_opted_out_free(&listed);
    return status;
}

static int measure_shared(lb_audit_run_state *audit, const lb_documents *documents,
                          lb_error *error) {
    if (lb_index_unit(audit->index) != LB_UNIT_USER)
        return lb_section_unknown(audit, shared_metrics, 1, "there are no users", error);
    uint32_t *matches = lb_alloc(documents->count, sizeof *matches);
    if (!matches)
        return lb_fail_memory(error, "finding copies");
    lb_near_duplicate_query query = {.among = documents,
                                     .gallery = documents,
                                     .other_owner = true,
                                     .threads = audit->settings->threads};
    match_summary shared = {0};
    int status = lb_near_duplicates_find(&query, matches, error);
    if (status == LB_OK)
        status = summarize(audit, documents, documents, matches, &shared, error);
    lb_free(matches);
    if (status < 0)
        return status;
    json_t *object = json_object();
    bool ok = lb_json_set(object, "conversations", lb_json_count(shared.documents)) &&
              lb_json_set(object, "exact_copies", lb_json_count(shared.exact)) &&
              lb_json_set(object, "units", lb_json_count(shared.units)) &&
              lb_json_set(object, "examples", shared.examples);
    if (!ok) {
        json_decref(object);
        return lb_fail_memory(error, "describing the consent");
    }
    status = lb_results_put(audit->results, "consent.shared", object, error);
    const double value = (double)shared.documents;
    return status == LB_OK ? lb_section_set(audit, shared_metrics, &value, 1, error) : status;
}

/* Consents that only folding found; and a field in which nobody consents, or says it differently. */
static int warn_of_consents(lb_audit_run_state *audit, const char *field, uint64_t refused,
                            lb_error *error) {
    uint64_t folded = lb_index_folded_consents(audit->index), all = 0;
    for (size_t i = 0; lb_index_facts(audit->index) && i < lb_index_units(audit->index); i++)
        all += lb_index_facts(audit->index)[i].messages;
    if (all > 0 && refused == all)
        return lb_results_warn(audit->results, error,
                               "Not one of the %llu own messages has an accepted consent in the "
                               "field %s: nobody consented, or corpus.accepted_consent does not "
                               "have the words that the field uses",
                               (unsigned long long)all, field);
    return folded == 0 ? LB_OK
                       : lb_results_warn(audit->results, error,
                                         "%llu consents were found in the field %s only by "
                                         "looking over quotes, blanks, Unicode form or zeros",
                                         (unsigned long long)folded, field);
}

static const char *consent_field(const lb_audit_run_state *audit) {
    size_t count;
    const char *name = NULL;
    const lb_attribute *attributes = lb_corpus_attributes(audit->corpus, &count);
    for (size_t i = 0; i < count; i++)
        name = attributes[i].use == LB_ATTRIBUTE_CONSENT ? attributes[i].name : name;
    return name;
}

static int no_consent_field(lb_audit_run_state *audit, lb_error *error) {
    return lb_section_absent(audit, field_metrics, 2, LB_ABSENT_NOT_GIVEN,
                             "no field says who consented: use --map consent=FIELD", error);
}

/* Of a table the rows count that were not consented to, in place of messages. */
static int measure_field(lb_audit_run_state *audit, lb_error *error) {
    const char *name = consent_field(audit);
    if (!name)
        return no_consent_field(audit, error);
    uint64_t units = 0, messages = lb_index_refused_records(audit->index);
    const lb_unit_facts *facts = lb_index_facts(audit->index);
    for (size_t i = 0; facts && i < lb_index_units(audit->index); i++) {
        units += facts[i].refused > 0;
        messages += lb_corpus_has_text(audit->corpus) ? facts[i].refused : 0;
    }
    units = facts ? units : messages;
    json_t *object = json_object();
    bool ok = lb_json_set(object, "field", lb_json_text(lb_str_of(name))) &&
              lb_json_set(object, "accepted",
                          lb_json_texts(audit->settings->accepted_consent,
                                        audit->settings->accepted_consent_count)) &&
              lb_json_set(object, "refused_units", lb_json_count(units)) &&
              lb_json_set(object, "refused_messages", lb_json_count(messages));
    if (!ok) {
        json_decref(object);
        return lb_fail_memory(error, "describing the consent");
    }
    int status = lb_results_put(audit->results, "consent.field", object, error);
    if (status == LB_OK)
        status = warn_of_consents(audit, name, messages, error);
    const double values[] = {(double)units, (double)messages};
    return status == LB_OK ? lb_section_set(audit, field_metrics, values, 2, error) : status;
}

/* That nothing was given to judge by is said before what keeps it from being judged. */
static int no_consent(lb_audit_run_state *audit, lb_absence absence, const char *why,
                      lb_error *error) {
    int status = audit->settings->opted_out
                     ? lb_section_absent(audit, listed_metrics, 3, absence, why, error)
                     : nobody_listed(audit, error);
    if (status == LB_OK && audit->settings->opted_out)
        status =
            lb_results_set_unknown(audit->results, LB_METRIC_COVERAGE_LISTED_UNKNOWN, why, error);
    if (status == LB_OK)
        status = consent_field(audit)
                     ? lb_section_absent(audit, field_metrics, 2, absence, why, error)
                     : no_consent_field(audit, error);
    return status == LB_OK ? lb_section_absent(audit, shared_metrics, 1, absence, why, error)
                           : status;
}

/* The people of a table, of whom nothing is known but their ids and their rows. */
static int listed_of_table(lb_audit_run_state *audit, lb_error *error) {
    const lb_unit_facts *facts = lb_index_facts(audit->index);
    lb_opted_out listed;
    if (!audit->settings->opted_out)
        return nobody_listed(audit, error);
    if (!facts || (lb_index_units(audit->index) > 0 && !facts[0].key.data))
        return lb_section_unknown(audit, listed_metrics, 3,
                                  "the records have no ids to compare with the list: say whose "
                                  "they are, --map user=FIELD --unit user",
                                  error);
    int status = lb_opted_out_load(&listed, audit->settings, audit->index, error);
    if (status < 0)
        return status;
    match_summary copies = {.examples = json_array()};
    status = copies.examples ? describe_listed(audit, &listed, listed.count, 0, &copies, error)
                             : lb_fail_memory(error, "describing the consent");
    json_decref(copies.examples);
    if (status == LB_OK)
        status = warn_of_listed(audit, &listed, error);
    if (status == LB_OK)
        status = lb_results_set(audit->results, listed_metrics[0], (double)listed.count, error);
    if (status == LB_OK)
        status = lb_section_absent(audit, listed_metrics + 1, 2, LB_ABSENT_NO_TEXT,
                                   "the corpus has no text", error);
    if (status == LB_OK)
        status = judge_list(audit, &listed, error);
    lb_opted_out_free(&listed);
    return status;
}

static int consent_of_table(lb_audit_run_state *audit, lb_error *error) {
    int status = measure_field(audit, error);
    if (status == LB_OK)
        status = listed_of_table(audit, error);
    return status == LB_OK ? lb_section_absent(audit, shared_metrics, 1, LB_ABSENT_NO_TEXT,
                                               "the corpus has no text", error)
                           : status;
}

int lb_section_consent(lb_audit_run_state *audit, lb_error *error) {
    const lb_texts *texts = lb_index_texts(audit->index);
    lb_absence absence;
    const char *why = lb_section_no_words(audit, LB_MEASURE_CONSENT, &absence);
    if (absence == LB_ABSENT_NO_TEXT && audit->settings->measures & LB_MEASURE_CONSENT)
        return consent_of_table(audit, error);
    if (why)
        return no_consent(audit, absence, why, error);
    lb_documents documents;
    int status = lb_documents_make(&documents, texts, audit->settings->threads, error);
    if (status < 0)
        return status;
    status = measure_field(audit, error);
    if (status == LB_OK)
        status = measure_listed(audit, &documents, error);
    if (status == LB_OK)
        status = measure_shared(audit, &documents, error);
    lb_documents_free(&documents);
    return status;
}
