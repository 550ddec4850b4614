#include "audit/policy/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/policy/config.h"
#include "audit/policy/settings_private.h"
#include "base/nearest.h"
#include "base/thread.h"

static const struct {
    const char *name;
    unsigned bit;
} measure_names[] = {{"qi", LB_MEASURE_QI},
                     {"suda", LB_MEASURE_SUDA},
                     {"tokens", LB_MEASURE_TOKENS},
                     {"unicity", LB_MEASURE_UNICITY},
                     {"link", LB_MEASURE_LINK},
                     {"inference", LB_MEASURE_INFERENCE},
                     {"population", LB_MEASURE_POPULATION},
                     {"identifiers", LB_MEASURE_IDENTIFIERS},
                     {"consent", LB_MEASURE_CONSENT},
                     {"whatif", LB_MEASURE_WHAT_IF}};
enum { MEASURES = sizeof measure_names / sizeof *measure_names };

const char *lb_measure_name(size_t index, unsigned *bit) {
    if (index >= MEASURES)
        return NULL;
    *bit = measure_names[index].bit;
    return measure_names[index].name;
}

static const char *keep(lb_settings *settings, const char *text) {
    return text ? lb_arena_copy(settings->arena, text, strlen(text)) : NULL;
}

/* A list of nothing is a slip, as of a variable that is not set, and would say more than was meant:
 * that there are no such fields. */
static int refuse_empty(const char *option, const char *list, lb_error *error) {
    return list[strspn(list, ", \t")]
               ? LB_OK
               : lb_fail(error, LB_E_USAGE, option, "name at least one, or leave it out",
                         "the list \"%s\" is empty", list);
}

/* Cuts a comma list; blanks around an item are not part of it. */
static int cut_list(lb_settings *settings, const char *option, const char *list,
                    const char *const **items, size_t *count, lb_error *error) {
    size_t most = 1;
    for (const char *c = list; *c; c++)
        most += *c == ',';
    const char **cut = lb_arena_alloc(settings->arena, most, sizeof *cut);
    if (!cut)
        return lb_fail_memory(error, "reading the options");
    *count = 0;
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, ","), skip = strspn(at, " \t");
        const char *next = at + length + (at[length] == ',');
        skip = skip < length ? skip : length;
        size_t size = length - skip;
        while (size > 0 && (at[skip + size - 1] == ' ' || at[skip + size - 1] == '\t'))
            size--;
        if (size > 0 && !(cut[(*count)++] = lb_arena_copy(settings->arena, at + skip, size)))
            return lb_fail_memory(error, "reading the options");
        at = next;
    }
    *items = cut;
    return refuse_empty(option, list, error);
}

static int keep_list(lb_settings *settings, const char *const *from, size_t count,
                     const char *const **items, lb_error *error) {
    const char **kept = lb_arena_alloc(settings->arena, count, sizeof *kept);
    if (!kept)
        return lb_fail_memory(error, "reading the options");
    for (size_t i = 0; i < count; i++)
        if (!(kept[i] = keep(settings, from[i])))
            return lb_fail_memory(error, "reading the options");
    *items = kept;
    return LB_OK;
}

/* "none" says that there are no such fields, and stands alone. */
static int take_none(const char *where, const char *const *items, size_t *count, lb_error *error) {
    for (size_t i = 0; i < *count; i++)
        if (strcmp(items[i], "none") == 0 && *count > 1)
            return lb_fail(error, LB_E_USAGE, where, "give the fields, or none alone",
                           "\"none\" stands beside fields");
    if (*count == 1 && strcmp(items[0], "none") == 0)
        *count = 0;
    return LB_OK;
}

/* Quasi-identifiers or sensitive fields: the option's list, else the configuration's, else the
 * format's. */
static int set_fields(lb_settings *settings, const char *where, const char *option,
                      const lb_config_list *configured, const char *const **items, size_t *count,
                      bool *set, lb_error *error) {
    int status = LB_OK;
    *set = option || configured->given;
    if (option)
        status = cut_list(settings, where, option, items, count, error);
    else if (configured->given) {
        *count = configured->count;
        status = keep_list(settings, configured->items, configured->count, items, error);
    }
    return status < 0 ? status : take_none(where, *items, count, error);
}

/* A value that is none of those there are to choose from. */
static int unknown_choice(const char *option, const char *value, const char *const *names,
                          size_t count, const char *otherwise, lb_error *error) {
    char mend[LB_ERROR_MEND_MAX];
    lb_name_suggest(mend, "", value, names, count, otherwise);
    return lb_fail(error, LB_E_USAGE, option, mend, "there is no \"%s\" to choose", value);
}

static int set_unit(lb_settings *settings, const char *unit, lb_error *error) {
    static const char *const names[] = {"user", "conversation", "record"};
    static const lb_unit units[] = {LB_UNIT_USER, LB_UNIT_CONVERSATION, LB_UNIT_RECORD};
    settings->corpus.unit = LB_UNIT_AUTO;
    for (size_t i = 0; unit && i < 3; i++)
        if (strcmp(unit, names[i]) == 0)
            settings->corpus.unit = units[i];
    return unit && settings->corpus.unit == LB_UNIT_AUTO
               ? unknown_choice("--unit", unit, names, 3, "give user, conversation or record",
                                error)
               : LB_OK;
}

static int set_missing(lb_settings *settings, const char *missing, lb_error *error) {
    static const char *const names[] = {"own", "any"};
    if (missing && strcmp(missing, "any") == 0)
        settings->missing = LB_MISSING_ANY;
    else if (missing && strcmp(missing, "own") != 0)
        return unknown_choice("--missing", missing, names, 2, "give own or any", error);
    return LB_OK;
}

static int unknown_measure(const char *name, lb_error *error) {
    const char *names[MEASURES + 1] = {"all"};
    char all[LB_ERROR_MEND_MAX] = "the measures are";
    for (size_t i = 0; i < MEASURES; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s %s", i == 0 ? "" : ",", measure_names[i].name);
        names[i + 1] = measure_names[i].name;
    }
    return unknown_choice("--measures", name, names, MEASURES + 1, all, error);
}

static int set_split(lb_settings *settings, const char *split, lb_error *error) {
    static const char *const names[] = {"conversation", "time"};
    settings->split = LB_SPLIT_AUTOMATIC;
    if (split && strcmp(split, "conversation") == 0)
        settings->split = LB_SPLIT_CONVERSATION;
    else if (split && strcmp(split, "time") == 0)
        settings->split = LB_SPLIT_TIME;
    else if (split)
        return unknown_choice("--split", split, names, 2, "give conversation or time", error);
    return LB_OK;
}

/* "qi,tokens": only these; "-tokens": all but these; a mix of both starts from those without the
 * minus. "all" stands for all, so that "all,whatif" is all with the part of
 * what-if that has to be named. */
static int set_measures(lb_settings *settings, const char *list, lb_error *error) {
    settings->measures = LB_MEASURE_ALL;
    if (!list)
        return LB_OK;
    const char *const *items;
    size_t count;
    unsigned with = 0, without = 0;
    int status = cut_list(settings, "--measures", list, &items, &count, error);
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        bool minus = items[i][0] == '-';
        size_t found = 0;
        if (strcmp(items[i], "all") == 0) {
            with = LB_MEASURE_ALL;
            continue;
        }
        while (found < MEASURES && strcmp(items[i] + minus, measure_names[found].name) != 0)
            found++;
        if (found == MEASURES)
            return unknown_measure(items[i] + minus, error);
        if (minus)
            without |= measure_names[found].bit;
        else
            with |= measure_names[found].bit;
        if (measure_names[found].bit == LB_MEASURE_WHAT_IF)
            settings->what_if_named = !minus;
    }
    settings->measures = (with ? with : LB_MEASURE_ALL) & ~without;
    if (status == LB_OK && settings->measures == 0)
        return lb_fail(error, LB_E_USAGE, "--measures", "name at least one measure",
                       "nothing is left to measure");
    return status;
}

static int set_count(unsigned option, const lb_config_count *configured, uint64_t fallback,
                     uint64_t least, uint64_t most, const char *name, uint64_t *value,
                     lb_error *error) {
    *value = option ? option : configured->given ? configured->value : fallback;
    if (*value >= least && *value <= most)
        return LB_OK;
    char mend[LB_ERROR_MEND_MAX];
    snprintf(mend, sizeof mend, "give a whole number from %llu to %llu", (unsigned long long)least,
             (unsigned long long)most);
    return lb_fail(error, LB_E_USAGE, name, mend, "%llu is out of range",
                   (unsigned long long)*value);
}

static int set_numbers(lb_settings *settings, const lb_audit_options *options,
                       const lb_config_measure *measure, lb_error *error) {
    uint64_t k = 0, ngrams = 0, min_messages = 0;
    int status =
        set_count(options->k, &measure->k, LB_DEFAULT_K, LB_LEAST_K, UINT32_MAX, "--k", &k, error);
    if (status == LB_OK)
        status = set_count(options->ngrams, &measure->ngrams, LB_DEFAULT_NGRAMS, 1, 5, "--ngrams",
                           &ngrams, error);
    if (status == LB_OK)
        status = set_count(options->min_messages, &measure->min_messages, LB_DEFAULT_MIN_MESSAGES,
                           1, UINT32_MAX, "--min-messages", &min_messages, error);
    if (status == LB_OK)
        status = set_split(settings, options->split ? options->split : measure->split, error);
    if (status < 0)
        return status;
    settings->min_messages = (size_t)min_messages;
    settings->k = (uint32_t)k;
    settings->ngrams = (unsigned)ngrams;
    settings->seed = options->seed_set     ? options->seed
                     : measure->seed.given ? measure->seed.value
                                           : 1;
    settings->sampling_fraction = options->sampling_fraction != 0  ? options->sampling_fraction
                                  : measure->has_sampling_fraction ? measure->sampling_fraction
                                                                   : LB_DEFAULT_SAMPLING_FRACTION;
    if (!(settings->sampling_fraction > 0 && settings->sampling_fraction <= 1))
        return lb_fail(error, LB_E_USAGE, "--sampling-fraction", "give a number above 0, at most 1",
                       "%g is no fraction of a population", settings->sampling_fraction);
    settings->threads = options->threads ? options->threads : lb_thread_cores();
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    settings->memory = options->memory         ? options->memory
                       : pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 4 * 3
                                               : UINT64_C(2) << 30;
    return LB_OK;
}

static int set_corpus(lb_settings *settings, const lb_audit_options *options,
                      const lb_config_corpus *configured, lb_error *error) {
    lb_corpus_options *corpus = &settings->corpus;
    /* Configured mappings first: where a key is named twice, the later one, the option's, wins. */
    const char **maps =
        lb_arena_alloc(settings->arena, configured->maps.count + options->map_count, sizeof *maps);
    if (!maps)
        return lb_fail_memory(error, "reading the options");
    for (size_t i = 0; i < configured->maps.count; i++)
        if (!(maps[i] = keep(settings, configured->maps.items[i])))
            return lb_fail_memory(error, "reading the options");
    for (size_t i = 0; i < options->map_count; i++)
        maps[configured->maps.count + i] = options->maps[i];
    corpus->maps = maps;
    corpus->map_count = configured->maps.count + options->map_count;
    corpus->inputs = options->inputs;
    corpus->input_count = options->input_count;
    corpus->format = options->format ? options->format : keep(settings, configured->format);
    corpus->weight = options->weight ? options->weight : keep(settings, configured->weight);
    corpus->roles = options->roles ? options->roles : keep(settings, configured->roles);
    corpus->skip = options->skip ? options->skip : keep(settings, configured->skip);
    settings->progress = (lb_progress){options->progress, options->progress_context};
    corpus->progress = &settings->progress;
    const char *max_errors =
        options->max_errors ? options->max_errors : keep(settings, configured->max_errors);
    settings->max_errors = max_errors;
    corpus->tolerance = lb_default_tolerance;
    if (max_errors && !lb_tolerance_parse(max_errors, &corpus->tolerance))
        return lb_fail(error, LB_E_USAGE, "--max-errors", LB_TOLERANCE_MEND,
                       "\"%s\" is no number of records, and no share of them", max_errors);
    int status = corpus->roles ? refuse_empty("--roles", corpus->roles, error) : LB_OK;
    if (status == LB_OK)
        status = set_unit(settings, options->unit ? options->unit : configured->unit, error);
    if (status == LB_OK)
        status = set_fields(settings, "--qi", options->quasi_identifiers,
                            &configured->quasi_identifiers, &corpus->quasi_identifiers,
                            &corpus->quasi_identifier_count, &corpus->quasi_identifiers_set, error);
    if (status == LB_OK)
        status =
            set_fields(settings, "--sensitive", options->sensitive, &configured->sensitive,
                       &corpus->sensitive, &corpus->sensitive_count, &corpus->sensitive_set, error);
    return status;
}

/* The policies of the command line, and that of the configuration. */
static int set_policies(lb_settings *settings, const lb_audit_options *options, lb_config *config,
                        lb_error *error) {
    settings->policies =
        lb_arena_alloc(settings->arena, options->policy_count + 1, sizeof *settings->policies);
    settings->policy_names =
        lb_arena_alloc(settings->arena, options->policy_count + 1, sizeof *settings->policy_names);
    if (!settings->policies || !settings->policy_names)
        return lb_fail_memory(error, "reading the policies");
    for (size_t i = 0; i < options->policy_count; i++) {
        int status = lb_policy_load(&settings->policies[settings->policy_count],
                                    options->policies[i], error);
        if (status < 0)
            return status;
        settings->policy_names[settings->policy_count++] = options->policies[i];
    }
    if (config && config->policy) {
        settings->policy_names[settings->policy_count] = settings->config_path;
        settings->policies[settings->policy_count++] = config->policy;
        config->policy = NULL;
    }
    return LB_OK;
}

/* A file that is read late is looked for now. */
static int check_file(const char *option, const char *path, lb_error *error) {
    return access(path, R_OK) == 0
               ? LB_OK
               : lb_fail(error, LB_E_USAGE, option, "name a file that can be read",
                         "\"%s\" cannot be read", path);
}

static int check_hierarchy(const lb_settings *settings, const lb_hierarchy_choice *choice,
                           lb_error *error) {
    const lb_corpus_options *corpus = &settings->corpus;
    bool known = !corpus->sensitive_set; /* else the format says what is sensitive */
    for (size_t i = 0; i < corpus->sensitive_count; i++)
        known |= strcmp(corpus->sensitive[i], choice->field) == 0;
    return known ? check_file("--hierarchy", choice->file, error)
                 : lb_fail(error, LB_E_USAGE, "--hierarchy", "name the field with --sensitive too",
                           "\"%s\" is no sensitive field", choice->field);
}

/* The configuration's first: of two for one field the later, the option's, holds. */
static int set_hierarchies(lb_settings *settings, const lb_audit_options *options,
                           const lb_config_measure *measure, lb_error *error) {
    size_t count = measure->hierarchy_fields.count + options->hierarchy_count;
    lb_hierarchy_choice *choices = lb_arena_alloc(settings->arena, count, sizeof *choices);
    if (!choices)
        return lb_fail_memory(error, "reading the options");
    for (size_t i = 0; i < count; i++) {
        size_t option = i - measure->hierarchy_fields.count;
        if (i < measure->hierarchy_fields.count) {
            choices[i].field = keep(settings, measure->hierarchy_fields.items[i]);
            choices[i].file = keep(settings, measure->hierarchy_files.items[i]);
        } else {
            const char *pair = options->hierarchies[option], *equals = strchr(pair, '=');
            if (!equals || equals == pair || !equals[1])
                return lb_fail(error, LB_E_USAGE, "--hierarchy", "write FIELD=FILE",
                               "\"%s\" names no field and file", pair);
            choices[i].field = lb_arena_copy(settings->arena, pair, (size_t)(equals - pair));
            choices[i].file = equals + 1;
        }
        if (!choices[i].field || !choices[i].file)
            return lb_fail_memory(error, "reading the options");
        int status = check_hierarchy(settings, &choices[i], error);
        if (status < 0)
            return status;
    }
    settings->hierarchies = choices;
    settings->hierarchy_count = count;
    return LB_OK;
}

/* The other corpora. An input is opened before anything is measured, and fails then. */
static int set_others(lb_settings *settings, const lb_audit_options *options, lb_error *error) {
    settings->aux = (lb_other_input){options->aux, options->aux_format, options->aux_maps,
                                     options->aux_map_count};
    settings->truth = options->truth;
    settings->calibrate = options->calibrate;
    if (!options->aux && (options->aux_format || options->aux_map_count > 0))
        return lb_fail(error, LB_E_USAGE, options->aux_format ? "--aux-format" : "--aux-map",
                       "name the auxiliary corpus with --aux", "there is no auxiliary corpus");
    if (options->truth && !options->aux)
        return lb_fail(error, LB_E_USAGE, "--truth", "name the auxiliary corpus with --aux",
                       "there is nothing to score: no auxiliary corpus is named");
    return options->truth ? check_file("--truth", options->truth, error) : LB_OK;
}

/* What consent and retention are held to. */
static int set_duties(lb_settings *settings, const lb_audit_options *options,
                      const lb_config_corpus *configured, lb_error *error) {
    static const char *const usual[] = {"yes",    "y",        "true",     "1",      "given",
                                        "agreed", "accepted", "granted",  "opt-in", "opt_in",
                                        "optin",  "opted-in", "consented"};
    settings->opted_out = options->opted_out;
    settings->try_keys = options->try_keys;
    for (size_t i = 0; i < settings->policy_count; i++) {
        uint64_t days = settings->policies[i]->retention_days;
        if (days > 0 && (settings->retention_days == 0 || days < settings->retention_days))
            settings->retention_days = days;
    }
    int status = LB_OK;
    if (options->opted_out)
        status = check_file("--opted-out", options->opted_out, error);
    if (status == LB_OK && settings->population_table)
        status = check_file("--population-table", settings->population_table, error);
    if (status == LB_OK && options->try_keys && strcmp(options->try_keys, "ipv4") != 0 &&
        strcmp(options->try_keys, "numbers") != 0)
        status = check_file("--try-keys", options->try_keys, error);
    if (status < 0)
        return status;
    if (options->accepted_consent)
        return cut_list(settings, "--accepted-consent", options->accepted_consent,
                        &settings->accepted_consent, &settings->accepted_consent_count, error);
    settings->accepted_consent = usual;
    settings->accepted_consent_count = sizeof usual / sizeof *usual;
    if (!configured->accepted_consent.given)
        return LB_OK;
    settings->accepted_consent_count = configured->accepted_consent.count;
    return keep_list(settings, configured->accepted_consent.items,
                     configured->accepted_consent.count, &settings->accepted_consent, error);
}

/* The configuration that was named, or the one in the current folder, or none. */
static int load_config(lb_settings *settings, lb_config **config, const lb_audit_options *options,
                       lb_error *error) {
    static const char usual[] = "linkback.yaml";
    const char *path = options->config ? options->config : usual;
    *config = NULL;
    if (options->no_config && options->config)
        return lb_fail(error, LB_E_USAGE, "--no-config", "give one of them",
                       "--config names a configuration");
    if (options->no_config || (!options->config && access(usual, F_OK) != 0))
        return LB_OK;
    int status = lb_config_load(config, path, error);
    if (status < 0)
        return status;
    settings->config_path = keep(settings, path);
    settings->config_sha256 = keep(settings, (*config)->sha256);
    return settings->config_path && settings->config_sha256
               ? LB_OK
               : lb_fail_memory(error, "reading the configuration");
}

int lb_settings_make(lb_settings **out, const lb_audit_options *options, lb_error *error) {
    static const lb_config empty;
    lb_settings *settings = lb_alloc_zero(1, sizeof *settings);
    if (!settings || !(settings->arena = lb_arena_new())) {
        lb_free(settings);
        return lb_fail_memory(error, "reading the options");
    }
    lb_config *config = NULL;
    int status = load_config(settings, &config, options, error);
    const lb_config *given = config ? config : &empty;
    if (status == LB_OK)
        status = set_corpus(settings, options, &given->corpus, error);
    if (status == LB_OK)
        status = set_numbers(settings, options, &given->measure, error);
    if (status == LB_OK)
        status = set_missing(settings, options->missing ? options->missing : given->measure.missing,
                             error);
    if (status == LB_OK)
        status = set_measures(
            settings, options->measures ? options->measures : given->measure.measures, error);
    if (status == LB_OK)
        status = set_policies(settings, options, config, error);
    if (status == LB_OK)
        status = set_hierarchies(settings, options, &given->measure, error);
    if (status == LB_OK)
        status = set_others(settings, options, error);
    settings->population_table = options->population_table
                                     ? options->population_table
                                     : keep(settings, given->measure.population_table);
    if (status == LB_OK)
        status = set_duties(settings, options, &given->corpus, error);
    const char *tmpdir = getenv("TMPDIR");
    settings->tmpdir = options->tmpdir     ? options->tmpdir
                       : tmpdir && *tmpdir ? keep(settings, tmpdir)
                                           : "/tmp";
    settings->baseline = options->baseline;
    settings->population = options->population              ? options->population
                           : given->corpus.population.given ? given->corpus.population.value
                                                            : 0;
    settings->reveal = options->reveal;
    settings->title = options->title;
    if (status == LB_OK)
        status = lb_settings_name_files(settings, options, error);
    lb_config_free(config);
    if (status < 0) {
        lb_settings_free(settings);
        return status;
    }
    *out = settings;
    return LB_OK;
}

void lb_settings_free(lb_settings *settings) {
    if (!settings)
        return;
    for (size_t i = 0; i < settings->policy_count; i++)
        lb_policy_free(settings->policies[i]);
    lb_arena_free(settings->arena);
    lb_free(settings);
}
