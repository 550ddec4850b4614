#include "audit/policy/rule.h"

#include <float.h>
#include <stdio.h>

#include "results/number.h"

static const char *const limits[] = {"min", "max", "max_increase"};
static const char *const bounds[] = {"estimate", "lower", "upper"};
static const char *const flags[] = {"false", "true"};
static const char *const severities[] = {"error", "warning", "note"};
static const char *const kinds[] = {"regulator", "judgement"};

const char *lb_limit_name(lb_limit limit) {
    return limits[limit];
}

const char *lb_bound_name(lb_bound bound) {
    return bounds[bound];
}

const char *lb_severity_name(lb_severity severity) {
    return severities[severity];
}

const char *lb_rule_kind_name(lb_rule_kind kind) {
    return kind == LB_KIND_NONE ? NULL : kinds[kind - 1];
}

int lb_rule_place_of(const lb_rule_reader *r, yaml_node_t *node, const char **place) {
    char text[LB_ERROR_WHERE_MAX];
    *place = r->place;
    if (r->is_profile)
        return LB_OK;
    lb_yaml_place(r->yaml, node, text);
    *place = lb_arena_copy(r->arena, text, strlen(text));
    return *place ? LB_OK : lb_fail_memory(r->error, "reading a policy");
}

/* Blanks are no reason. */
static int reason_read(const lb_rule_reader *r, yaml_node_t *node, const char **reason) {
    int status = lb_yaml_text(r->yaml, node, "reason", r->arena, reason, r->error);
    if (status == LB_OK && node && (*reason)[strspn(*reason, " \t\r\n")] == '\0')
        return lb_yaml_fail(r->yaml, node, r->error, "say why in a few words", "reason is empty");
    return status;
}

int lb_grounds_read(const lb_rule_reader *r, yaml_node_t *node, yaml_node_t *severity,
                    yaml_node_t *reason, yaml_node_t *source, yaml_node_t *kind,
                    lb_grounds *grounds) {
    size_t level = LB_SEVERITY_ERROR, whose = 0;
    int status = lb_yaml_choice(r->yaml, severity, "severity", severities, 3, &level, r->error);
    if (status == LB_OK)
        status = lb_yaml_choice(r->yaml, kind, "kind", kinds, 2, &whose, r->error);
    if (status == LB_OK)
        status = reason_read(r, reason, &grounds->reason);
    if (status == LB_OK)
        status = lb_yaml_text(r->yaml, source, "source", r->arena, &grounds->source, r->error);
    if (status < 0)
        return status;
    grounds->severity = (lb_severity)level;
    grounds->kind = kind ? (lb_rule_kind)(whose + 1) : LB_KIND_NONE;
    return lb_rule_place_of(r, node, &grounds->place);
}

/* An array of `old` + `more` elements that begins with the old ones. */
static void *extended(lb_arena *arena, const void *items, size_t old, size_t more, size_t size) {
    char *all = lb_arena_alloc(arena, old + more, size);
    if (all && old)
        memcpy(all, items, old * size);
    return all;
}

static int metric_read(const lb_rule_reader *r, yaml_node_t *parent, yaml_node_t *node,
                       lb_metric_id *metric) {
    const char *name = NULL;
    if (!node)
        return lb_yaml_fail(r->yaml, parent, r->error, "add \"metric: NAME\" (linkback metrics)",
                            "it names no metric");
    int status = lb_yaml_text(r->yaml, node, "metric", r->arena, &name, r->error);
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

/* "write 0.5 for 50 %": of what is written where a share should stand. */
static void share_mend(const char *text, char mend[LB_ERROR_MEND_MAX]) {
    char number[LB_NUMBER_MAX] = "", share[LB_NUMBER_MAX];
    size_t digits = strspn(text, "0123456789.");
    double percent = 0;
    if (digits < sizeof number)
        memcpy(number, text, digits);
    bool meant =
        lb_number_parse(number, &percent) && percent <= 100 && (percent > 1 || strchr(text, '%'));
    if (!meant)
        percent = 5;
    lb_number_format(percent / 100, share);
    lb_number_format(percent, number);
    snprintf(mend, LB_ERROR_MEND_MAX, "a share is a number from 0 to 1: write %s for %s %%", share,
             number);
}

/* A number that a metric is compared with. */
static int threshold_read(const lb_rule_reader *r, yaml_node_t *node, const char *what,
                          lb_metric_id id, double *value) {
    const lb_metric *metric = lb_metric_get(id);
    if (strcmp(metric->unit, "share") != 0)
        return lb_yaml_number(r->yaml, node, what, -DBL_MAX, DBL_MAX, value, r->error);
    lb_error ignored;
    char mend[LB_ERROR_MEND_MAX];
    if (lb_yaml_number(r->yaml, node, what, 0, 1, value, &ignored) == LB_OK)
        return LB_OK;
    bool scalar = node->type == YAML_SCALAR_NODE;
    const char *text = scalar ? (const char *)node->data.scalar.value : "a list";
    share_mend(text, mend);
    return lb_yaml_fail(r->yaml, node, r->error, mend, "%s of %s is no share: %s", what,
                        metric->name, text);
}

/* Puts the rule in the place of the inherited one it replaces, or at the end. */
static void rule_place(lb_rule *rules, size_t inherited, const lb_rule *rule, size_t *count) {
    for (size_t i = 0; i < inherited; i++)
        if (rules[i].metric == rule->metric && rules[i].limit == rule->limit) {
            rules[i] = *rule;
            return;
        }
    rules[(*count)++] = *rule;
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
static int needs_read(const lb_rule_reader *r, yaml_node_t *node, lb_rule *rule) {
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
        status = threshold_read(r, at[1], "min", rule->needs_metric, &rule->needs_least);
    if (status == LB_OK && rule->needs_least < 0)
        status = lb_yaml_fail(r->yaml, at[1], r->error, "give a number from 0",
                              "min of needs is below 0");
    rule->has_needs = true;
    return status;
}

static int neighbours_read(const lb_rule_reader *r, yaml_node_t *node, lb_rule *rule) {
    if (!node)
        return LB_OK;
    int status = lb_yaml_sequence(r->yaml, node, "neighbours", r->error);
    if (status < 0)
        return status;
    size_t count = lb_yaml_length(node);
    double *values = lb_arena_alloc(r->arena, count + 1, sizeof *values);
    if (!values)
        return lb_fail_memory(r->error, "reading a policy");
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = threshold_read(r, lb_yaml_element(r->yaml, node, i), "a neighbour", rule->metric,
                                &values[i]);
    rule->neighbours = values;
    rule->neighbour_count = count;
    return status;
}

/* Must the rule be judged? Unless it says, where it can break the gate. */
static int must_read(const lb_rule_reader *r, yaml_node_t *const at[RULE_KEYS], lb_rule *rule) {
    size_t must = rule->grounds.severity == LB_SEVERITY_ERROR;
    if (r->is_profile && !at[R_MUST])
        return lb_yaml_fail(r->yaml, at[R_METRIC], r->error,
                            "add \"must: true\" or \"must: false\"",
                            "a profile says of every rule whether it must be judged");
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
static int refuse_if_missing(const lb_rule_reader *r, yaml_node_t *node) {
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

static int rule_read(const lb_rule_reader *r, yaml_node_t *node, lb_rule *rules, size_t inherited,
                     size_t *count) {
    yaml_node_t *at[RULE_KEYS];
    lb_rule rule = {.own = !r->is_profile};
    size_t bound = LB_BOUND_ESTIMATE;
    int status = refuse_if_missing(r, node);
    if (status == LB_OK)
        status = lb_yaml_mapping(r->yaml, node, "a rule", rule_key, RULE_KEYS, at, r->error);
    if (status == LB_OK)
        status = metric_read(r, node, at[R_METRIC], &rule.metric);
    if (status == LB_OK)
        status = lb_yaml_choice(r->yaml, at[R_BOUND], "bound", bounds, 3, &bound, r->error);
    if (status == LB_OK)
        status = lb_grounds_read(r, node, at[R_SEVERITY], at[R_REASON], at[R_SOURCE], at[R_KIND],
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
        status = threshold_read(r, value, limits[limit], rule.metric, &rule.threshold);
        if (status < 0)
            return status;
        rule_place(rules, inherited, &rule, count);
    }
    return LB_OK;
}

int lb_rules_read(const lb_rule_reader *r, yaml_node_t *list, const lb_rule **rules,
                  size_t *count) {
    if (!list)
        return LB_OK;
    int status = lb_yaml_sequence(r->yaml, list, "policy.rules", r->error);
    if (status < 0)
        return status;
    size_t inherited = *count;
    lb_rule *all = extended(r->arena, *rules, inherited, 3 * lb_yaml_length(list), sizeof *all);
    if (!all)
        return lb_fail_memory(r->error, "reading a policy");
    *rules = all;
    for (size_t i = 0; status == LB_OK && i < lb_yaml_length(list); i++)
        status = rule_read(r, lb_yaml_element(r->yaml, list, i), all, inherited, count);
    return status;
}

enum { W_METRIC, W_UNTIL, W_REASON, W_OWNER, WAIVER_KEYS };
static const char *const waiver_key[WAIVER_KEYS] = {"metric", "until", "reason", "owner"};

static int waiver_read(const lb_rule_reader *r, yaml_node_t *node, lb_waiver *waiver) {
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
    status = lb_yaml_text(r->yaml, at[W_UNTIL], "until", r->arena, &until, r->error);
    if (status == LB_OK && !lb_date_parse(until, &waiver->until))
        status = lb_yaml_fail(r->yaml, at[W_UNTIL], r->error, "give a day as YYYY-MM-DD",
                              "until is no date: %s", until);
    if (status == LB_OK)
        status = reason_read(r, at[W_REASON], &waiver->reason);
    if (status == LB_OK)
        status = lb_yaml_text(r->yaml, at[W_OWNER], "owner", r->arena, &waiver->owner, r->error);
    if (status == LB_OK)
        status = lb_rule_place_of(r, node, &waiver->place);
    return status;
}

int lb_waivers_read(const lb_rule_reader *r, yaml_node_t *list, const lb_waiver **waivers,
                    size_t *count) {
    if (!list)
        return LB_OK;
    int status = lb_yaml_sequence(r->yaml, list, "policy.waivers", r->error);
    if (status < 0)
        return status;
    lb_waiver *all = extended(r->arena, *waivers, *count, lb_yaml_length(list), sizeof *all);
    if (!all)
        return lb_fail_memory(r->error, "reading a policy");
    *waivers = all;
    for (size_t i = 0; status == LB_OK && i < lb_yaml_length(list); i++)
        status = waiver_read(r, lb_yaml_element(r->yaml, list, i), &all[(*count)++]);
    return status;
}
