#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "risk/words/extrapolation.h"

static json_t *point(const void *curve, size_t index) {
    const lb_extrapolation_point *at = &((const lb_extrapolation_point *)curve)[index];
    return json_pack("[o,o]", lb_json_count(at->units), lb_json_number(at->unicity));
}

static int put(json_t *list, const lb_extrapolation *of, lb_error *error) {
    json_t *entry = json_object();
    bool ok =
        lb_json_set(entry, "p", lb_json_count(of->p)) &&
        lb_json_set(entry, "eligible", lb_json_count(of->eligible)) &&
        lb_json_set(entry, "measured", lb_json_count(of->measured)) &&
        lb_json_set(entry, "curve",
                    lb_json_list(of->fitted ? LB_EXTRAPOLATION_POINTS : 0, point, of->curve)) &&
        lb_json_set(entry, "predicted", lb_json_number(of->predicted));
    if (of->fitted)
        ok = ok && lb_json_set(entry, "low", lb_json_number(of->interval.low)) &&
             lb_json_set(entry, "high", lb_json_number(of->interval.high)) &&
             lb_json_set(entry, "half_error", lb_json_number(of->half_error)) &&
             lb_json_set(entry, "half_predicted",
                         json_pack("[o,o]", lb_json_number(of->half_predicted[0]),
                                   lb_json_number(of->half_predicted[1])));
    else
        ok = ok && lb_json_set(entry, "why", json_string("too few people to see how it decays"));
    ok = ok && json_array_append(list, entry) == 0;
    json_decref(entry);
    return ok ? LB_OK : lb_fail_memory(error, "describing the extrapolation");
}

static int extrapolate(lb_audit_run_state *audit, json_t *list, lb_error *error) {
    const lb_settings *settings = audit->settings;
    lb_token_view view;
    int status = lb_token_view_of(&view, audit->index, 1, error);
    for (unsigned p = LB_UNICITY_MAX + 1 - LB_UNICITY_SIZES; status == LB_OK && p <= LB_UNICITY_MAX;
         p++) {
        lb_extrapolation_options options = {.p = p,
                                            .population = settings->population,
                                            .seed = settings->seed,
                                            .memory = lb_section_list_memory(audit),
                                            .threads = settings->threads,
                                            .progress = &settings->progress};
        lb_extrapolation found;
        status = lb_extrapolation_run(&found, &view, &options, error);
        if (status == LB_OK)
            status = put(list, &found, error);
    }
    return status;
}

int lb_section_extrapolation(lb_audit_run_state *audit, lb_error *error) {
    const lb_settings *settings = audit->settings;
    if (!(settings->measures & LB_MEASURE_UNICITY) || lb_index_ngrams(audit->index) == 0 ||
        settings->population == 0)
        return LB_OK; /* no population: nothing to extrapolate to; else unicity has said why */
    json_t *list = json_array(), *section = json_object();
    bool ok = lb_json_set(section, "population", lb_json_count(settings->population)) &&
              lb_json_set(section, "units", lb_json_count(lb_index_units(audit->index))) &&
              lb_json_set(section, "curves", list);
    int status = ok ? extrapolate(audit, list, error)
                    : lb_fail_memory(error, "describing the extrapolation");
    if (status < 0) {
        json_decref(section);
        return status;
    }
    return lb_results_put(audit->results, "singling_out.extrapolation", section, error);
}
