#include "audit/policy/policy.h"

#include <float.h>
#include <stdio.h>

#include "base/file.h"
#include "base/resource.h"
#include "linkback/linkback.h"

static const char profile_folder[] = "reports/profiles/";
static const char profile_ending[] = ".yaml";
enum { PROFILES_MAX = 64, EXTENDS_MAX = 8, FILE_LIMIT = 1 << 20 };

static const char *const limits[] = {"min", "max", "max_increase"};
static const char *const bounds[] = {"estimate", "lower", "upper"};
static const char *const severities[] = {"error", "warning", "note"};
static const char *const claims[] = {"unlinkable", "pseudonymous"};
static const char *const kinds[] = {"regulator", "judgement"};
static const char *const unit_names[] = {"user", "conversation", "record"};
static const char *const flags[] = {"false", "true"};

const char *lb_limit_name(lb_limit limit) {
    return limits[limit];
}

const char *lb_bound_name(lb_bound bound) {
    return bounds[bound];
}

const char *lb_severity_name(lb_severity severity) {
    return severities[severity];
}

const char *lb_claim_name(lb_claim claim) {
    return claim == LB_CLAIM_NONE ? NULL : claims[claim - 1];
}

const char *lb_rule_kind_name(lb_rule_kind kind) {
    return kind == LB_KIND_NONE ? NULL : kinds[kind - 1];
}

/* What is being read, passed down. */
typedef struct reader {
    lb_yaml *yaml;
    lb_policy *policy;
    unsigned depth;    /* of extends */
    const char *place; /* what stands for every place in a profile; NULL: see is_profile */
    bool is_profile;   /* built in: its lines are in no file of the user */
    lb_error *error;
} reader;

static int out_of_memory(const reader *r) {
    return lb_fail_memory(r->error, "reading a policy");
}

/* An array of `old` + `more` elements that begins with the old ones. */
static void *extended(lb_arena *arena, const void *items, size_t old, size_t more, size_t size) {
    char *all = lb_arena_alloc(arena, old + more, size);
    if (all && old)
        memcpy(all, items, old * size);
    return all;
}

/* NULL in *place where the text is a built-in profile that no file brought in. */
static int place_of(const reader *r, yaml_node_t *node, const char **place) {
    char text[LB_ERROR_WHERE_MAX];
    *place = r->place;
    if (r->is_profile)
        return LB_OK;
    lb_yaml_place(r->yaml, node, text);
    *place = lb_arena_copy(r->policy->arena, text, strlen(text));
    return *place ? LB_OK : out_of_memory(r);
}

static int grounds_read(const reader *r, yaml_node_t *node, yaml_node_t *severity,
                        yaml_node_t *reason, yaml_node_t *source, yaml_node_t *kind,
                        lb_grounds *grounds) {
    size_t level = LB_SEVERITY_ERROR, whose = 0;
    int status = lb_yaml_choice(r->yaml, severity, "severity", severities, 3, &level, r->error);
    if (status == LB_OK)
        status = lb_yaml_choice(r->yaml, kind, "kind", kinds, 2, &whose, r->error);
    if (status == LB_OK)
        status =
            lb_yaml_text(r->yaml, reason, "reason", r->policy->arena, &grounds->reason, r->error);
    if (status == LB_OK)
        status =
            lb_yaml_text(r->yaml, source, "source", r->policy->arena, &grounds->source, r->error);
    if (status < 0)
        return status;
    grounds->severity = (lb_severity)level;
    grounds->kind = kind ? (lb_rule_kind)(whose + 1) : LB_KIND_NONE;
    return place_of(r, node, &grounds->place);
}

static int metric_read(const reader *r, yaml_node_t *parent, yaml_node_t *node,
                       lb_metric_id *metric) {
    const char *name = NULL;
    if (!node)
        return lb_yaml_fail(r->yaml, parent, r->error, "add \"metric: NAME\" (linkback metrics)",
                            "it names no metric");
    int status = lb_yaml_text(r->yaml, node, "metric", r->policy->arena, &name, r->error);
    if (status < 0)
        return status;
    const lb_metric *found = lb_metric_find(name);
    if (!found) {
        char mend[LB_ERROR_MEND_MAX];
        snprintf(mend, sizeof mend, "the nearest is \"%s\"; linkback metrics lists all",
                 lb_metric_nearest(name)->name);
        return lb_yaml_fail(r->yaml, node, r->error, mend, "unknown metric \"%s\"", name);
    }
    *metric = found->id;
    return LB_OK;
}

/* Puts the rule in the place of the inherited one it replaces, or at the end. */
static void rule_place(lb_policy *policy, lb_rule *rules, size_t inherited, const lb_rule *rule) {
    for (size_t i = 0; i < inherited; i++)
        if (rules[i].metric == rule->metric && rules[i].limit == rule->limit) {
            rules[i] = *rule;
            return;
        }
    rules[policy->rule_count++] = *rule;
}

enum {
    R_METRIC,
    R_MIN,
    R_MAX,
    R_MAX_INCREASE,
    R_BOUND,
    R_SEVERITY,
    R_MUST,
    R_REASON,
    R_SOURCE,
    R_KIND,
    R_NEEDS,
    R_NEIGHBOURS,
    RULE_KEYS
};
static const char *const rule_key[RULE_KEYS] = {"metric", "min",      "max",   "max_increase",
                                                "bound",  "severity", "must",  "reason",
                                                "source", "kind",     "needs", "neighbours"};

/* needs: {metric: link.eligible_users, min: 33} */
static int needs_read(const reader *r, yaml_node_t *node, lb_rule *rule) {
    static const char *const keys[] = {"metric", "min"};
    yaml_node_t *at[2];
    if (!node)
        return LB_OK;
    int status = lb_yaml_mapping(r->yaml, node, "needs", keys, 2, at, r->error);
    if (status == LB_OK)
        status = metric_read(r, node, at[0], &rule->needs_metric);
    if (status == LB_OK && !at[1])
        status = lb_yaml_fail(r->yaml, node, r->error, "add \"min: NUMBER\"",
                              "needs says no least number");
    if (status == LB_OK)
        status = lb_yaml_number(r->yaml, at[1], "min", 0, DBL_MAX, &rule->needs_least, r->error);
    rule->has_needs = true;
    return status;
}

static int neighbours_read(const reader *r, yaml_node_t *node, lb_rule *rule) {
    if (!node)
        return LB_OK;
    int status = lb_yaml_sequence(r->yaml, node, "neighbours", r->error);
    if (status < 0)
        return status;
    size_t count = lb_yaml_length(node);
    double *values = lb_arena_alloc(r->policy->arena, count + 1, sizeof *values);
    if (!values)
        return out_of_memory(r);
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = lb_yaml_number(r->yaml, lb_yaml_element(r->yaml, node, i), "a neighbour", -DBL_MAX,
                                DBL_MAX, &values[i], r->error);
    rule->neighbours = values;
    rule->neighbour_count = count;
    return status;
}

/* Must the rule be judged? Unless it says, where it can break the gate. */
static int must_read(const reader *r, yaml_node_t *const at[RULE_KEYS], lb_rule *rule) {
    size_t must = rule->grounds.severity == LB_SEVERITY_ERROR;
    int status = lb_yaml_choice(r->yaml, at[R_MUST], "must", flags, 2, &must, r->error);
    if (status < 0)
        return status;
    rule->must = must == 1;
    if (at[R_MUST] && !rule->must && !rule->grounds.reason)
        return lb_yaml_fail(r->yaml, at[R_MUST], r->error, "add \"reason: ...\" to the rule",
                            "a rule may stay unjudged only for a reason");
    if (rule->must && rule->grounds.severity == LB_SEVERITY_NOTE)
        return lb_yaml_fail(r->yaml, at[R_MUST], r->error,
                            "give it severity error or warning, or leave must out",
                            "a note decides nothing, so that it need not be judged");
    return LB_OK;
}

/* What a policy of an earlier version says is told with what to write in its place. */
static int refuse_if_missing(const reader *r, yaml_node_t *node) {
    yaml_node_t *key, *value;
    for (size_t i = 0;
         node->type == YAML_MAPPING_NODE && lb_yaml_pair(r->yaml, node, i, &key, &value); i++)
        if (key->type == YAML_SCALAR_NODE &&
            strcmp((const char *)key->data.scalar.value, "if_missing") == 0)
            return lb_yaml_fail(r->yaml, key, r->error,
                                "write \"must: false\" and a reason in its place",
                                "if_missing is no longer a key of a rule");
    return LB_OK;
}

static int rule_read(const reader *r, yaml_node_t *node, lb_rule *rules, size_t inherited) {
    yaml_node_t *at[RULE_KEYS];
    lb_rule rule = {0};
    size_t bound = LB_BOUND_ESTIMATE;
    int status = refuse_if_missing(r, node);
    if (status == LB_OK)
        status = lb_yaml_mapping(r->yaml, node, "a rule", rule_key, RULE_KEYS, at, r->error);
    if (status == LB_OK)
        status = metric_read(r, node, at[R_METRIC], &rule.metric);
    if (status == LB_OK)
        status = lb_yaml_choice(r->yaml, at[R_BOUND], "bound", bounds, 3, &bound, r->error);
    if (status == LB_OK)
        status = grounds_read(r, node, at[R_SEVERITY], at[R_REASON], at[R_SOURCE], at[R_KIND],
                              &rule.grounds);
    if (status == LB_OK)
        status = must_read(r, at, &rule);
    if (status == LB_OK)
        status = needs_read(r, at[R_NEEDS], &rule);
    if (status == LB_OK)
        status = neighbours_read(r, at[R_NEIGHBOURS], &rule);
    if (status < 0)
        return status;
    rule.bound = (lb_bound)bound;
    if (!at[R_MIN] && !at[R_MAX] && !at[R_MAX_INCREASE])
        return lb_yaml_fail(r->yaml, node, r->error, "add min, max or max_increase",
                            "the rule on %s has no limit", lb_metric_get(rule.metric)->name);
    for (size_t limit = LB_LIMIT_MIN; limit <= LB_LIMIT_MAX_INCREASE; limit++) {
        yaml_node_t *value = at[R_MIN + limit];
        if (!value)
            continue;
        rule.limit = (lb_limit)limit;
        status = lb_yaml_number(r->yaml, value, limits[limit], -DBL_MAX, DBL_MAX, &rule.threshold,
                                r->error);
        if (status < 0)
            return status;
        rule_place(r->policy, rules, inherited, &rule);
    }
    return LB_OK;
}

static int rules_read(const reader *r, yaml_node_t *list) {
    if (!list)
        return LB_OK;
    int status = lb_yaml_sequence(r->yaml, list, "policy.rules", r->error);
    if (status < 0)
        return status;
    lb_policy *policy = r->policy;
    size_t inherited = policy->rule_count;
    lb_rule *rules =
        extended(policy->arena, policy->rules, inherited, 3 * lb_yaml_length(list), sizeof *rules);
    if (!rules)
        return out_of_memory(r);
    policy->rules = rules;
    for (size_t i = 0; status == LB_OK && i < lb_yaml_length(list); i++)
        status = rule_read(r, lb_yaml_element(r->yaml, list, i), rules, inherited);
    return status;
}

enum { W_METRIC, W_UNTIL, W_REASON, W_OWNER, WAIVER_KEYS };
static const char *const waiver_key[WAIVER_KEYS] = {"metric", "until", "reason", "owner"};

static int waiver_read(const reader *r, yaml_node_t *node, lb_waiver *waiver) {
    yaml_node_t *at[WAIVER_KEYS];
    const char *until = NULL;
    *waiver = (lb_waiver){0};
    int status = lb_yaml_mapping(r->yaml, node, "a waiver", waiver_key, WAIVER_KEYS, at, r->error);
    if (status == LB_OK)
        status = metric_read(r, node, at[W_METRIC], &waiver->metric);
    if (status < 0)
        return status;
    if (!at[W_UNTIL])
        return lb_yaml_fail(r->yaml, node, r->error, "add \"until: YYYY-MM-DD\"",
                            "the waiver for %s never ends", lb_metric_get(waiver->metric)->name);
    if (!at[W_REASON])
        return lb_yaml_fail(r->yaml, node, r->error, "add \"reason: ...\"",
                            "the waiver for %s gives no reason",
                            lb_metric_get(waiver->metric)->name);
    status = lb_yaml_text(r->yaml, at[W_UNTIL], "until", r->policy->arena, &until, r->error);
    if (status == LB_OK && !lb_date_parse(until, &waiver->until))
        status = lb_yaml_fail(r->yaml, at[W_UNTIL], r->error, "give a day as YYYY-MM-DD",
                              "until is no date: %s", until);
    if (status == LB_OK)
        status = lb_yaml_text(r->yaml, at[W_REASON], "reason", r->policy->arena, &waiver->reason,
                              r->error);
    if (status == LB_OK)
        status =
            lb_yaml_text(r->yaml, at[W_OWNER], "owner", r->policy->arena, &waiver->owner, r->error);
    if (status == LB_OK)
        status = place_of(r, node, &waiver->place);
    return status;
}

static int waivers_read(const reader *r, yaml_node_t *list) {
    if (!list)
        return LB_OK;
    int status = lb_yaml_sequence(r->yaml, list, "policy.waivers", r->error);
    if (status < 0)
        return status;
    lb_policy *policy = r->policy;
    lb_waiver *waivers = extended(policy->arena, policy->waivers, policy->waiver_count,
                                  lb_yaml_length(list), sizeof *waivers);
    if (!waivers)
        return out_of_memory(r);
    policy->waivers = waivers;
    for (size_t i = 0; status == LB_OK && i < lb_yaml_length(list); i++)
        status =
            waiver_read(r, lb_yaml_element(r->yaml, list, i), &waivers[policy->waiver_count++]);
    return status;
}

enum { P_UNITS, P_SEVERITY, P_REASON, P_SOURCE, P_KIND, PEOPLE_KEYS };
static const char *const people_key[PEOPLE_KEYS] = {"units", "severity", "reason", "source",
                                                    "kind"};

static int people_read(const reader *r, yaml_node_t *node) {
    yaml_node_t *at[PEOPLE_KEYS];
    lb_people people = {0};
    if (!node)
        return LB_OK;
    int status =
        lb_yaml_mapping(r->yaml, node, "policy.people", people_key, PEOPLE_KEYS, at, r->error);
    if (status == LB_OK)
        status = grounds_read(r, node, at[P_SEVERITY], at[P_REASON], at[P_SOURCE], at[P_KIND],
                              &people.grounds);
    if (status == LB_OK && !at[P_UNITS])
        status = lb_yaml_fail(r->yaml, node, r->error, "add \"units: [user, record]\"",
                              "policy.people names no units");
    if (status == LB_OK)
        status = lb_yaml_sequence(r->yaml, at[P_UNITS], "units", r->error);
    for (size_t i = 0; status == LB_OK && i < lb_yaml_length(at[P_UNITS]); i++) {
        size_t unit = 0;
        status = lb_yaml_choice(r->yaml, lb_yaml_element(r->yaml, at[P_UNITS], i), "a unit",
                                unit_names, 3, &unit, r->error);
        people.units |= 1u << unit;
    }
    r->policy->people = people;
    return status;
}

static int section_read(const reader *r, yaml_node_t *section);

static int document_section(lb_yaml *yaml, yaml_node_t **section, lb_error *error) {
    static const char *const keys[] = {"policy", "corpus", "measure"};
    yaml_node_t *at[3];
    yaml_node_t *root = lb_yaml_root(yaml);
    if (!root)
        return lb_yaml_fail(yaml, NULL, error, "add a policy section", "the file is empty");
    int status = lb_yaml_mapping(yaml, root, "the configuration", keys, 3, at, error);
    if (status == LB_OK && !at[0])
        status = lb_yaml_fail(yaml, root, error, "add a policy section",
                              "the file has no policy section");
    *section = at[0];
    return status;
}

/* Reads the text of a file into the policy of the reader: its `policy` section, with all it
 * extends. */
static int text_read(reader *r, const char *file, lb_str text) {
    lb_yaml *yaml = NULL;
    yaml_node_t *section = NULL;
    int status = lb_yaml_parse(&yaml, file, text, r->error);
    if (status < 0)
        return status;
    r->yaml = yaml;
    status = document_section(yaml, &section, r->error);
    if (status == LB_OK)
        status = section_read(r, section);
    lb_yaml_free(yaml);
    return status;
}

static const lb_resource *profile_find(const char *name) {
    char path[sizeof profile_folder + LB_PROFILE_NAME_MAX + sizeof profile_ending];
    if (strlen(name) >= LB_PROFILE_NAME_MAX || strchr(name, '/'))
        return NULL;
    snprintf(path, sizeof path, "%s%s%s", profile_folder, name, profile_ending);
    return lb_resource_find(path);
}

const char *lb_policy_profile(size_t index, char name[LB_PROFILE_NAME_MAX]) {
    size_t count, prefix = sizeof profile_folder - 1, ending = sizeof profile_ending - 1;
    const lb_resource *resources = lb_resource_all(&count);
    for (size_t i = 0; i < count; i++) {
        const char *path = resources[i].path;
        size_t length = strlen(path);
        if (strncmp(path, profile_folder, prefix) != 0 || length <= prefix + ending ||
            length - prefix - ending >= LB_PROFILE_NAME_MAX || index-- > 0)
            continue;
        snprintf(name, LB_PROFILE_NAME_MAX, "%.*s", (int)(length - prefix - ending), path + prefix);
        return name;
    }
    return NULL;
}

/* What to do about a profile that there is not. */
static void profile_suggest(char *mend, const char *wanted) {
    char names[PROFILES_MAX][LB_PROFILE_NAME_MAX];
    const char *list[PROFILES_MAX];
    size_t count = 0;
    while (count < PROFILES_MAX && lb_policy_profile(count, names[count])) {
        list[count] = names[count];
        count++;
    }
    lb_name_suggest(mend, "", wanted, list, count, "linkback profiles lists all");
}

static int extends_read(const reader *r, yaml_node_t *node) {
    lb_policy *policy = r->policy;
    const char *name = NULL;
    int status = lb_yaml_text(r->yaml, node, "extends", policy->arena, &name, r->error);
    if (status < 0 || !name)
        return status;
    const lb_resource *profile = profile_find(name);
    if (!profile) {
        char mend[LB_ERROR_MEND_MAX];
        profile_suggest(mend, name);
        return lb_yaml_fail(r->yaml, node, r->error, mend, "there is no built-in profile \"%s\"",
                            name);
    }
    if (r->depth == EXTENDS_MAX)
        return lb_yaml_fail(r->yaml, node, r->error, "let no profile extend itself",
                            "more than %d policies extend each other", EXTENDS_MAX);
    const char *own_name = policy->name;
    reader inherited = {
        .policy = policy, .depth = r->depth + 1, .is_profile = true, .error = r->error};
    status = place_of(r, node, &inherited.place);
    if (status == LB_OK)
        status = text_read(&inherited, profile->path, profile->content);
    policy->name = own_name;
    policy->title = policy->purpose = NULL;
    policy->extends = name;
    return status;
}

enum {
    S_NAME,
    S_TITLE,
    S_PURPOSE,
    S_EXTENDS,
    S_CLAIM,
    S_PEOPLE,
    S_RETENTION_DAYS,
    S_RULES,
    S_WAIVERS,
    SECTION_KEYS
};
static const char *const section_key[SECTION_KEYS] = {
    "name", "title", "purpose", "extends", "claim", "people", "retention_days", "rules", "waivers"};

static int section_read(const reader *r, yaml_node_t *section) {
    yaml_node_t *at[SECTION_KEYS];
    lb_policy *policy = r->policy;
    size_t claim = 0;
    int status =
        lb_yaml_mapping(r->yaml, section, "policy", section_key, SECTION_KEYS, at, r->error);
    if (status == LB_OK)
        status = extends_read(r, at[S_EXTENDS]); /* first: what follows overrides it */
    if (status == LB_OK)
        status = lb_yaml_text(r->yaml, at[S_NAME], "name", policy->arena, &policy->name, r->error);
    if (status == LB_OK)
        status =
            lb_yaml_text(r->yaml, at[S_TITLE], "title", policy->arena, &policy->title, r->error);
    if (status == LB_OK)
        status = lb_yaml_text(r->yaml, at[S_PURPOSE], "purpose", policy->arena, &policy->purpose,
                              r->error);
    if (status == LB_OK)
        status = lb_yaml_choice(r->yaml, at[S_CLAIM], "claim", claims, 2, &claim, r->error);
    if (status == LB_OK && at[S_CLAIM])
        policy->claim = (lb_claim)(claim + 1);
    if (status == LB_OK)
        status = people_read(r, at[S_PEOPLE]);
    if (status == LB_OK)
        status = lb_yaml_count(r->yaml, at[S_RETENTION_DAYS], "retention_days", 1,
                               LB_RETENTION_DAYS_MAX, &policy->retention_days, r->error);
    if (status == LB_OK)
        status = rules_read(r, at[S_RULES]);
    if (status == LB_OK)
        status = waivers_read(r, at[S_WAIVERS]);
    return status;
}

static int policy_new(lb_policy **out, const char *name, lb_error *error) {
    lb_policy *policy = lb_alloc_zero(1, sizeof *policy);
    if (policy)
        policy->arena = lb_arena_new();
    if (policy && policy->arena)
        policy->name = lb_arena_copy(policy->arena, name, strlen(name));
    if (!policy || !policy->name) {
        lb_policy_free(policy);
        return lb_fail_memory(error, "reading a policy");
    }
    *out = policy;
    return LB_OK;
}

void lb_policy_free(lb_policy *policy) {
    if (!policy)
        return;
    lb_arena_free(policy->arena);
    lb_free(policy);
}

int lb_policy_read(lb_policy **out, lb_yaml *yaml, yaml_node_t *section, const char *name,
                   lb_error *error) {
    lb_policy *policy = NULL;
    int status = policy_new(&policy, name, error);
    if (status < 0)
        return status;
    reader r = {.yaml = yaml, .policy = policy, .error = error};
    status = section_read(&r, section);
    if (status < 0) {
        lb_policy_free(policy);
        return status;
    }
    *out = policy;
    return LB_OK;
}

/* A word without a slash or an ending that is no profile was most likely meant as one. */
static bool looks_like_profile(const char *name) {
    return !strchr(name, '/') && !strchr(name, '.');
}

static int file_fail(const char *name, const lb_error *cause, lb_error *error) {
    char mend[LB_ERROR_MEND_MAX];
    if (!looks_like_profile(name))
        return lb_fail(error, LB_E_USAGE, cause->where, cause->mend, "%s", cause->what);
    profile_suggest(mend, name);
    return lb_fail(error, LB_E_USAGE, "--policy", mend,
                   "\"%s\" is neither a built-in profile nor a file", name);
}

int lb_policy_load(lb_policy **out, const char *name_or_file, lb_error *error) {
    const lb_resource *profile = profile_find(name_or_file);
    lb_buffer file = {0};
    lb_policy *policy = NULL;
    lb_error cause = {0};
    int status = LB_OK;
    if (!profile && lb_file_read(name_or_file, FILE_LIMIT, &file, &cause) < 0) {
        lb_buffer_free(&file);
        if (cause.code == LB_E_RESOURCE)
            return lb_fail(error, cause.code, cause.where, cause.mend, "%s", cause.what);
        return file_fail(name_or_file, &cause, error);
    }
    const char *slash = strrchr(name_or_file, '/');
    status = policy_new(&policy, slash ? slash + 1 : name_or_file, error);
    reader r = {.policy = policy, .is_profile = profile != NULL, .error = error};
    if (status == LB_OK)
        status = text_read(&r, profile ? profile->path : name_or_file,
                           profile ? profile->content : lb_buffer_str(&file));
    lb_buffer_free(&file);
    if (status < 0) {
        lb_policy_free(policy);
        return status;
    }
    *out = policy;
    return LB_OK;
}
