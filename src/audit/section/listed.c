#include "audit/section/listed.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "text/id_fold.h"

int lb_section_id_example(const lb_audit_run_state *audit, lb_str id, lb_buffer *into,
                          lb_error *error) {
    uint64_t replaced = 0;
    return audit->settings->reveal ? lb_utf8_repair(id, into, &replaced, error)
                                   : lb_id_shape(id, into, error);
}

/* "case and signs around them" */
static void name_differences(unsigned differences, char words[160]) {
    static const struct {
        unsigned difference;
        const char *words;
    } names[] = {{LB_ID_SIGNS, "signs around them"},
                 {LB_ID_CASE, "case"},
                 {LB_ID_FORM, "Unicode form"},
                 {LB_ID_NUMBER, "how numbers are written"},
                 {LB_ID_ENCODING, "encoding"}};
    size_t used = 0, left = 0;
    words[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        left += (differences & names[i].difference) != 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (differences & names[i].difference) {
            const char *join = used == 0 ? "" : left == 1 ? " and " : ", ";
            used += (size_t)snprintf(words + used, 160 - used, "%s%s", join, names[i].words);
            left--;
        }
}

int lb_section_warn_of_folding(lb_audit_run_state *audit, const char *list, const lb_listed *listed,
                               lb_error *error) {
    char words[160];
    name_differences(listed->differences, words);
    int status = listed->folded == 0
                     ? LB_OK
                     : lb_results_warn(audit->results, error,
                                       "%llu of %llu %s were found only by looking over %s",
                                       (unsigned long long)listed->folded,
                                       (unsigned long long)listed->ids, list, words);
    if (status == LB_OK && listed->several > 0)
        status = lb_results_warn(audit->results, error,
                                 "%llu %s are then more than one person of the corpus each: "
                                 "all of them are counted",
                                 (unsigned long long)listed->several, list);
    return status;
}

static int warn_of_unknown(lb_audit_run_state *audit, const char *list, const lb_listed *listed,
                           lb_error *error) {
    const lb_unit_facts *facts = lb_index_facts(audit->index);
    lb_buffer theirs = {0}, ours = {0};
    bool has_key = facts && lb_index_units(audit->index) > 0 && facts[0].key.data;
    int status = lb_section_id_example(audit, lb_buffer_str(&listed->example), &theirs, error);
    if (status == LB_OK && has_key)
        status = lb_section_id_example(audit, facts[0].key, &ours, error);
    unsigned long long unknown = listed->unknown, ids = listed->ids;
    if (status == LB_OK && unknown == ids)
        status = lb_results_warn(
            audit->results, error,
            "Of %llu %s of %s not one is in the corpus. The list has ids such as %.*s, the "
            "corpus %s%.*s: unless all of them were taken out before, the list does not fit the "
            "corpus, and nothing was checked",
            ids, ids == 1 ? "id" : "ids", list, (int)theirs.size, theirs.data,
            has_key ? "such as " : "has none to compare with", (int)ours.size,
            has_key ? ours.data : "");
    else if (status == LB_OK)
        status = lb_results_warn(
            audit->results, error,
            "%llu of %llu ids of %s are not in the corpus, such as %.*s: they were taken out "
            "before, or the list writes them in another way",
            unknown, ids, list, (int)theirs.size, theirs.data);
    lb_buffer_free(&theirs);
    lb_buffer_free(&ours);
    return status;
}

/* What an id is made of: whether it has letters, and its signs, those of ASCII one by one. */
typedef struct id_make {
    bool letters, other;
    uint64_t signs[2];
} id_make;

static int make_of(lb_str id, id_make *make, lb_error *error) {
    lb_buffer shape = {0};
    int status = lb_id_shape(id, &shape, error);
    *make = (id_make){0};
    for (size_t i = 0; i < shape.size; i++) {
        unsigned char c = (unsigned char)shape.data[i];
        bool letter = strchr("Aax", c) != NULL;
        make->letters = make->letters || letter;
        make->other = make->other || c >= 128;
        if (c < 128 && c != '#' && !letter)
            make->signs[c / 64] |= (uint64_t)1 << c % 64;
    }
    lb_buffer_free(&shape);
    return status;
}

int lb_section_list_fits(const lb_audit_run_state *audit, const lb_listed *listed, bool *fits,
                         lb_error *error) {
    const lb_unit_facts *facts = lb_index_facts(audit->index);
    id_make theirs, ours;
    *fits = listed->ids == 0 || listed->unknown < listed->ids;
    int status = make_of(lb_buffer_str(&listed->example), &theirs, error);
    for (size_t i = 0; status == LB_OK && !*fits && facts && i < lb_index_units(audit->index);
         i++) {
        status = make_of(facts[i].key, &ours, error);
        *fits = ours.letters == theirs.letters && ours.other >= theirs.other &&
                (theirs.signs[0] & ~ours.signs[0]) == 0 && (theirs.signs[1] & ~ours.signs[1]) == 0;
    }
    return status;
}

int lb_section_warn_of_list(lb_audit_run_state *audit, const char *list, const lb_listed *listed,
                            lb_error *error) {
    char ids[64];
    snprintf(ids, sizeof ids, "ids of %s", list);
    int status = lb_section_warn_of_folding(audit, ids, listed, error);
    return status == LB_OK && listed->unknown > 0 ? warn_of_unknown(audit, list, listed, error)
                                                  : status;
}
