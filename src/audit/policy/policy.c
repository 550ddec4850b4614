#include "audit/policy/policy.h"

#include <stdio.h>

#include "base/file.h"
#include "base/resource.h"
#include "linkback/linkback.h"

static const char profile_folder[] = "reports/profiles/";
static const char profile_ending[] = ".yaml";
enum { PROFILES_MAX = 64, EXTENDS_MAX = 8, FILE_LIMIT = 1 << 20 };

static const char *const claims[] = {"unlinkable", "pseudonymous"};
static const char *const unit_names[] = {"user", "conversation", "record"};

const char *lb_claim_name(lb_claim claim) {
    return claim == LB_CLAIM_NONE ? NULL : claims[claim - 1];
}

/* What is being read, passed down. */
typedef struct reader {
    lb_rule_reader in;
    lb_policy *policy;
    unsigned depth; /* of extends */
} reader;

enum { P_UNITS, P_SEVERITY, P_REASON, P_SOURCE, P_KIND, PEOPLE_KEYS };
static const char *const people_key[PEOPLE_KEYS] = {"units", "severity", "reason", "source",
                                                    "kind"};

static int people_read(const reader *r, yaml_node_t *node) {
    yaml_node_t *at[PEOPLE_KEYS];
    lb_people people = {0};
    if (!node)
        return LB_OK;
    int status = lb_yaml_mapping(r->in.yaml, node, "policy.people", people_key, PEOPLE_KEYS, at,
                                 r->in.error);
    if (status == LB_OK)
        status = lb_grounds_read(&r->in, node, at[P_SEVERITY], at[P_REASON], at[P_SOURCE],
                                 at[P_KIND], &people.grounds);
    if (status == LB_OK && !at[P_UNITS])
        status = lb_yaml_fail(r->in.yaml, node, r->in.error, "add \"units: [user, record]\"",
                              "policy.people names no units");
    if (status == LB_OK)
        status = lb_yaml_sequence(r->in.yaml, at[P_UNITS], "units", r->in.error);
    for (size_t i = 0; status == LB_OK && i < lb_yaml_length(at[P_UNITS]); i++) {
        size_t unit = 0;
        status = lb_yaml_choice(r->in.yaml, lb_yaml_element(r->in.yaml, at[P_UNITS], i), "a unit",
                                unit_names, 3, &unit, r->in.error);
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
    int status = lb_yaml_parse(&yaml, file, text, r->in.error);
    if (status < 0)
        return status;
    r->in.yaml = yaml;
    status = document_section(yaml, &section, r->in.error);
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
    int status = lb_yaml_text(r->in.yaml, node, "extends", policy->arena, &name, r->in.error);
    if (status < 0 || !name)
        return status;
    const lb_resource *profile = profile_find(name);
    if (!profile) {
        char mend[LB_ERROR_MEND_MAX];
        profile_suggest(mend, name);
        return lb_yaml_fail(r->in.yaml, node, r->in.error, mend,
                            "there is no built-in profile \"%s\"", name);
    }
    if (r->depth == EXTENDS_MAX)
        return lb_yaml_fail(r->in.yaml, node, r->in.error, "let no profile extend itself",
                            "more than %d policies extend each other", EXTENDS_MAX);
    const char *own_name = policy->name;
    reader inherited = {.in = r->in, .policy = policy, .depth = r->depth + 1};
    inherited.in.is_profile = true;
    status = lb_rule_place_of(&r->in, node, &inherited.in.place);
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
    S_LEAST_K,
    S_RETENTION_DAYS,
    S_RULES,
    S_WAIVERS,
    SECTION_KEYS
};
static const char *const section_key[SECTION_KEYS] = {
    "name",   "title",   "purpose",        "extends", "claim",
    "people", "least_k", "retention_days", "rules",   "waivers"};

static int section_read(const reader *r, yaml_node_t *section) {
    yaml_node_t *at[SECTION_KEYS];
    lb_policy *policy = r->policy;
    size_t claim = 0;
    int status =
        lb_yaml_mapping(r->in.yaml, section, "policy", section_key, SECTION_KEYS, at, r->in.error);
    if (status == LB_OK)
        status = extends_read(r, at[S_EXTENDS]); /* first: what follows overrides it */
    if (status == LB_OK)
        status =
            lb_yaml_text(r->in.yaml, at[S_NAME], "name", policy->arena, &policy->name, r->in.error);
    if (status == LB_OK)
        status = lb_yaml_text(r->in.yaml, at[S_TITLE], "title", policy->arena, &policy->title,
                              r->in.error);
    if (status == LB_OK)
        status = lb_yaml_text(r->in.yaml, at[S_PURPOSE], "purpose", policy->arena, &policy->purpose,
                              r->in.error);
    if (status == LB_OK)
        status = lb_yaml_choice(r->in.yaml, at[S_CLAIM], "claim", claims, 2, &claim, r->in.error);
    if (status == LB_OK && at[S_CLAIM])
        policy->claim = (lb_claim)(claim + 1);
    if (status == LB_OK)
        status = people_read(r, at[S_PEOPLE]);
    if (status == LB_OK)
        status = lb_yaml_count(r->in.yaml, at[S_LEAST_K], "least_k", 2, UINT32_MAX,
                               &policy->least_k, r->in.error);
    if (status == LB_OK)
        status = lb_yaml_count(r->in.yaml, at[S_RETENTION_DAYS], "retention_days", 1,
                               LB_RETENTION_DAYS_MAX, &policy->retention_days, r->in.error);
    if (status == LB_OK)
        status = lb_rules_read(&r->in, at[S_RULES], &policy->rules, &policy->rule_count);
    if (status == LB_OK)
        status = lb_waivers_read(&r->in, at[S_WAIVERS], &policy->waivers, &policy->waiver_count);
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
    reader r = {.in = {.yaml = yaml, .arena = policy->arena, .error = error}, .policy = policy};
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
    if (status == LB_OK) {
        reader r = {.in = {.arena = policy->arena, .is_profile = profile != NULL, .error = error},
                    .policy = policy};
        status = text_read(&r, profile ? profile->path : name_or_file,
                           profile ? profile->content : lb_buffer_str(&file));
    }
    lb_buffer_free(&file);
    if (status < 0) {
        lb_policy_free(policy);
        return status;
    }
    *out = policy;
    return LB_OK;
}
