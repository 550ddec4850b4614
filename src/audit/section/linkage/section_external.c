/* linkability.external: the people of the corpus against those of another. */
#include "audit/section/linkage/link_json.h"
#include "audit/section/linkage/section_link.h"
#include "audit/section/listed.h"
#include "audit/section/numbers.h"
#include "audit/section/section.h"
#include "audit/section/section_corpus.h"
#include "audit/section/sections.h"
#include "audit/side/truth_file.h"
#include "results/json_value.h"

enum { LINKS_LISTED = 10000 };

static const char doing[] = "describing the linkage to the other corpus";

static const lb_metric_id metrics[LB_LINK_METRICS] = {
    LB_METRIC_EXT_ELIGIBLE_USERS,
    LB_METRIC_EXT_CANDIDATES,
    LB_METRIC_EXT_CHANCE,
    LB_METRIC_EXT_TOP1,
    LB_METRIC_EXT_TOP5,
    LB_METRIC_EXT_TOP10,
    LB_METRIC_EXT_MRR,
    LB_METRIC_EXT_AUC,
    LB_METRIC_EXT_RECALL_P50,
    LB_METRIC_EXT_RECALL_P90,
    LB_METRIC_EXT_RECALL_P99,
    LB_METRIC_EXT_ADVANTAGE,
};
static const lb_metric_id pair_metrics[LB_LINK_PAIR_METRICS] = {
    LB_METRIC_EXT_PAIRS_P50, LB_METRIC_EXT_PAIRS_P90, LB_METRIC_EXT_PAIRS_P99};

static int unknown(lb_audit_run_state *audit, bool figures, bool pairs, const char *why,
                   lb_error *error) {
    int status = figures ? lb_section_unknown(audit, metrics, LB_LINK_METRICS, why, error) : LB_OK;
    return status == LB_OK && pairs
               ? lb_section_unknown(audit, pair_metrics, LB_LINK_PAIR_METRICS, why, error)
               : status;
}

/* A link as the report lists it. */
typedef struct listing {
    const lb_link_result *link;
    const lb_truth *truth; /* of NULL: not known */
    uint32_t *numbers;     /* [units of the other corpus] what they are called (numbers.h) */
} listing;

/* Whether a guess is right, where the truth says something about the person. */
static json_t *right_json(const listing *list, const lb_link_person *person) {
    uint32_t true_match = list->truth->of ? list->truth->of[person->unit] : LB_TRUTH_UNKNOWN;
    return true_match == LB_TRUTH_UNKNOWN ? json_null() : json_boolean(true_match == person->guess);
}

static int add_link(lb_audit_run_state *audit, const listing *list, const lb_link_person *person,
                    json_t *links, lb_error *error) {
    bool reveal = audit->settings->reveal, trained = list->link->trained;
    lb_buffer a = {0}, b = {0};
    int status = lb_section_key(audit, person->unit, &a, error);
    if (status == LB_OK)
        status = lb_section_key_of(audit->aux.index, reveal, person->guess,
                                   list->numbers[person->guess], &b, error);
    json_t *entry = json_object();
    bool ok =
        lb_json_set(entry, "a", lb_json_text(lb_buffer_str(&a))) &&
        lb_json_set(entry, "b", lb_json_text(lb_buffer_str(&b))) &&
        lb_json_set(entry, "probability",
                    trained ? lb_json_number(person->probability) : json_null()) &&
        lb_json_set(entry, "margin",
                    trained ? lb_json_number(person->probability - person->second) : json_null()) &&
        lb_json_set(entry, "words", lb_json_number(person->words)) &&
        lb_json_set(entry, "signals", lb_link_reasons_json(person)) &&
        lb_json_set(entry, "right", right_json(list, person)) &&
        json_array_append(links, entry) == 0;
    json_decref(entry);
    lb_buffer_free(&a);
    lb_buffer_free(&b);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, doing);
}

/* Whom the attack names, the most probable first. */
static int put_links(lb_audit_run_state *audit, const lb_link_result *link, const lb_truth *truth,
                     json_t *section, lb_error *error) {
    size_t count = 0;
    listing list = {.link = link, .truth = truth};
    const uint32_t *numbers;
    lb_link_listed *surest = NULL;
    json_t *links = json_array();
    int status = links ? lb_section_numbers(audit, &numbers, error) : lb_fail_memory(error, doing);
    if (status == LB_OK)
        status = lb_numbers_of_units(audit->aux.index, &list.numbers, error);
    if (status == LB_OK)
        status = lb_link_list_surest(link, false, numbers, &surest, &count, error);
    for (size_t i = 0; status == LB_OK && i < count && i < LINKS_LISTED; i++)
        status = add_link(audit, &list, surest[i].person, links, error);
    bool ok = status == LB_OK && json_object_set(section, "links", links) == 0 &&
              lb_json_set(section, "links_left_out",
                          lb_json_count(count > LINKS_LISTED ? count - LINKS_LISTED : 0));
    json_decref(links);
    lb_free(surest);
    lb_free(list.numbers);
    return status < 0 ? status : ok ? LB_OK : lb_fail_memory(error, doing);
}

static json_t *truth_json(const lb_truth *truth, const lb_link_result *link) {
    if (!truth->of)
        return json_null();
    json_t *object = json_object();
    bool ok = lb_json_set(object, "rows", lb_json_count(truth->rows)) &&
              lb_json_set(object, "known", lb_json_count(truth->known)) &&
              lb_json_set(object, "absent", lb_json_count(truth->absent)) &&
              lb_json_set(object, "repeated", lb_json_count(truth->repeated)) &&
              lb_json_set(object, "a_not_there", lb_json_count(truth->a_not_there)) &&
              lb_json_set(object, "b_not_there", lb_json_count(truth->b_not_there)) &&
              lb_json_set(object, "match_too_short", lb_json_count(link->matches_short));
    return lb_json_whole(object, ok);
}

static int put(lb_audit_run_state *audit, const lb_link_result *link, const lb_truth *truth,
               lb_error *error) {
    const lb_index *aux = audit->aux.index;
    json_t *section = lb_results_section(audit->results, "linkability.external");
    bool ok = lb_json_set(section, "inputs", lb_section_inputs(audit->aux.corpus)) &&
              lb_json_set(section, "unit", json_string(lb_unit_noun(lb_index_unit(aux), false))) &&
              lb_json_set(section, "units", lb_json_count(lb_index_units(aux))) &&
              lb_json_set(section, "messages", lb_json_count(lb_index_messages(aux))) &&
              lb_json_set(section, "queries", lb_json_count(link->queries)) &&
              lb_json_set(section, "too_short", lb_json_count(link->too_short)) &&
              lb_json_set(section, "min_messages", lb_json_count(audit->settings->min_messages)) &&
              lb_json_set(section, "learnt_on",
                          !link->trained            ? json_null()
                          : link->learnt_on_unknown ? json_string("corpus")
                                                    : json_string("other")) &&
              lb_json_set(section, "learnt_from", lb_json_count(link->eligible)) &&
              lb_json_set(section, "pairs", lb_link_pairs_json(link, truth->of != NULL)) &&
              lb_json_set(section, "truth", truth_json(truth, link)) &&
              (link->figures.queries == 0 || lb_link_put_figures(section, link));
    return ok ? put_links(audit, link, truth, section, error) : lb_fail_memory(error, doing);
}

static int set_pairs(lb_audit_run_state *audit, const lb_link_result *link, lb_error *error) {
    const char *why =
        link->queries == 0 ? "nobody of the corpus has enough messages to be looked for"
        : !link->trained ? "in neither corpus do enough people have two separate conversations, so "
                           "that there is nothing to calibrate probabilities on"
                         : NULL;
    if (why)
        return unknown(audit, false, true, why, error);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < LB_LINK_PAIR_METRICS; i++)
        status = lb_results_set(audit->results, pair_metrics[i], (double)link->links[i], error);
    return status;
}

static int set_metrics(lb_audit_run_state *audit, const lb_link_result *link, const lb_truth *truth,
                       lb_error *error) {
    int status = set_pairs(audit, link, error);
    const char *why = !truth->of ? "who is who is not known: use --truth"
                      : link->figures.queries == 0
                          ? "the truth names nobody who has enough messages in both corpora"
                          : NULL;
    if (status < 0)
        return status;
    if (!why)
        return lb_link_set_metrics(audit, metrics, &link->figures, error);
    status = unknown(audit, true, false, why, error);
    /* Among how many they are looked for is known whatever the truth. */
    double candidates = (double)link->figures.gallery;
    if (status == LB_OK && link->queries > 0)
        status = lb_results_set(audit->results, LB_METRIC_EXT_CANDIDATES, candidates, error);
    if (status == LB_OK && link->queries > 0)
        status = lb_results_set(audit->results, LB_METRIC_EXT_CHANCE, 1 / candidates, error);
    return status;
}

static int warn(lb_audit_run_state *audit, const lb_truth *truth, lb_error *error) {
    size_t count;
    const char *const *warnings = lb_corpus_warnings(audit->aux.corpus, &count);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_results_warn(audit->results, error, "Other corpus: %s", warnings[i]);
    if (status == LB_OK && audit->aux.fell_back)
        status = lb_results_warn(audit->results, error,
                                 "The other corpus does not fit --format and --map: it was read as "
                                 "what it was recognised as (--aux-format and --aux-map are its "
                                 "own)");
    if (status == LB_OK && truth->a_not_there + truth->b_not_there > 0)
        status = lb_results_warn(
            audit->results, error,
            "Of %llu rows of the truth %llu name an a and %llu a b that is not there",
            (unsigned long long)truth->rows, (unsigned long long)truth->a_not_there,
            (unsigned long long)truth->b_not_there);
    if (status == LB_OK)
        status = lb_section_warn_of_folding(audit, "ids of --truth, column a,", &truth->a, error);
    if (status == LB_OK)
        status = lb_section_warn_of_folding(audit, "ids of --truth, column b,", &truth->b, error);
    if (status == LB_OK && truth->repeated > 0)
        status =
            lb_results_warn(audit->results, error, "%llu rows of the truth repeat one before them",
                            (unsigned long long)truth->repeated);
    return status;
}

/* The units of an index are numbered as its texts are. */
static int read_truth(lb_audit_run_state *audit, lb_truth *truth, lb_error *error) {
    lb_directory unknown_people = {0}, known_people = {0};
    const lb_index *index = audit->index, *aux = audit->aux.index;
    int status =
        lb_directory_make(&unknown_people, lb_index_facts(index), lb_index_units(index), error);
    if (status == LB_OK)
        status = lb_directory_make(&known_people, lb_index_facts(aux), lb_index_units(aux), error);
    if (status == LB_OK)
        status =
            lb_truth_read(truth, audit->settings->truth, &unknown_people, &known_people, error);
    lb_directory_free(&unknown_people);
    lb_directory_free(&known_people);
    return status;
}

static int attack(lb_audit_run_state *audit, lb_error *error) {
    const lb_texts *unknown_people = lb_index_texts(audit->index),
                   *known_people = lb_index_texts(audit->aux.index);
    lb_truth truth = {0};
    int status = LB_OK;
    if (audit->settings->truth)
        status = read_truth(audit, &truth, error);
    if (status < 0)
        return status;
    lb_link_options options = lb_section_link_options(audit);
    lb_link_result link;
    status = lb_link_external(known_people, unknown_people, truth.of, &options, &link, error);
    if (status == LB_OK) {
        status = put(audit, &link, &truth, error);
        if (status == LB_OK)
            status = set_metrics(audit, &link, &truth, error);
        if (status == LB_OK)
            status = warn(audit, &truth, error);
        lb_link_free(&link);
    }
    lb_truth_free(&truth);
    return status;
}

static bool can_be_linked(const lb_corpus *corpus, const lb_index *index) {
    return lb_corpus_has_text(corpus) && lb_index_unit(index) != LB_UNIT_RECORD;
}

int lb_section_external(lb_audit_run_state *audit, lb_error *error) {
    if (!audit->settings->aux.path)
        return unknown(audit, true, true, "there is no other corpus: use --aux", error);
    if (!can_be_linked(audit->corpus, audit->index) || !lb_index_texts(audit->index))
        return unknown(audit, true, true, "the corpus has nobody who wrote something", error);
    int status = lb_other_corpus_read(&audit->aux, audit->settings, error);
    if (status < 0)
        return status;
    if (!can_be_linked(audit->aux.corpus, audit->aux.index))
        return unknown(audit, true, true, "the other corpus has nobody who wrote something", error);
    return attack(audit, error);
}
