#include "risk/classes/wildcard.h"

#include <string.h>

typedef struct wildcard_join {
    const lb_traces *traces;
    const lb_trace_rows *rows;
    const uint32_t *chosen;
    size_t chosen_count;
    lb_grouper *grouper;
    lb_arena *arena;
    const uint32_t *codes; /* [classes][chosen_count] */
    uint32_t patterns;
    const uint32_t *pattern_starts;   /* [patterns + 1] into by_pattern */
    const uint32_t *by_pattern;       /* [classes] */
    const uint32_t *settled;          /* [classes] units with this class only */
    const uint32_t *traveller_starts; /* [classes + 1] into travellers; NULL: nobody travels */
    const uint32_t *travellers;       /* traces of several classes, by class */
    uint32_t *group, *sums;           /* working memory */
    uint32_t *joint;
    size_t joint_capacity;
    lb_group_column *columns;
} wildcard_join;

/* What one pattern has for the classes of another: the groups of equal values in the columns that
 * both have; or nothing, where it is cheaper to compare each class with each. */
typedef struct pattern_match {
    const uint32_t *group;   /* [classes of the asking pattern]; NULL: compare each */
    const uint32_t *starts;  /* [groups + 1] into classes */
    const uint32_t *classes; /* of the answering pattern, by group */
} pattern_match;

static uint32_t code_of(const wildcard_join *join, uint32_t class, size_t column) {
    return join->codes[class * join->chosen_count + column];
}

static bool classes_match(const wildcard_join *join, uint32_t a, uint32_t b) {
    const uint32_t *x = join->codes + a * join->chosen_count;
    const uint32_t *y = join->codes + b * join->chosen_count;
    for (size_t c = 0; c < join->chosen_count; c++)
        if (x[c] != y[c] && x[c] != LB_CODE_MISSING && y[c] != LB_CODE_MISSING)
            return false;
    return true;
}

static int gather_codes(wildcard_join *join, lb_error *error) {
    uint32_t classes = join->traces->classes;
    uint32_t *codes = lb_arena_alloc(join->arena, classes, join->chosen_count * sizeof *codes);
    if (!codes)
        return lb_fail_memory(error, "matching missing values");
    for (size_t c = 0; c < join->chosen_count; c++) {
        const uint32_t *from = join->rows->columns[join->chosen[c]].codes;
        for (uint32_t i = 0; i < classes; i++)
            codes[i * join->chosen_count + c] = from[join->traces->first_row[i]];
    }
    join->codes = codes;
    return LB_OK;
}

/* Numbers 0 ... count - 1 sorted by key[i] < keys: those with key k are order[starts[k]] up to
 * order[starts[k + 1]]. */
static int sort_by_key(lb_arena *arena, const uint32_t *key, uint32_t count, uint32_t keys,
                       const uint32_t **starts, const uint32_t **order, lb_error *error) {
    uint32_t *begin = lb_arena_alloc(arena, (size_t)keys + 2, sizeof *begin);
    uint32_t *sorted = lb_arena_alloc(arena, count, sizeof *sorted);
    if (!begin || !sorted)
        return lb_fail_memory(error, "matching missing values");
    memset(begin, 0, ((size_t)keys + 2) * sizeof *begin);
    for (uint32_t i = 0; i < count; i++)
        begin[key[i] + 2]++;
    for (uint32_t k = 2; k < keys + 2; k++)
        begin[k] += begin[k - 1];
    for (uint32_t i = 0; i < count; i++)
        sorted[begin[key[i] + 1]++] = i;
    *starts = begin;
    *order = sorted;
    return LB_OK;
}

/* Groups the classes by which columns they lack, one column after the other. */
static int find_patterns(wildcard_join *join, lb_error *error) {
    uint32_t classes = join->traces->classes, *pattern = join->group, *split = join->sums;
    memset(pattern, 0, classes * sizeof *pattern);
    join->patterns = 1;
    for (size_t c = 0; c < join->chosen_count; c++) {
        uint32_t known = 0; /* split[p]: 1 + new number of pattern p with a value, then without */
        memset(split, 0, 2 * (size_t)join->patterns * sizeof *split);
        for (uint32_t i = 0; i < classes; i++) {
            uint32_t *slot = &split[2 * pattern[i] + (code_of(join, i, c) == LB_CODE_MISSING)];
            if (*slot == 0)
                *slot = ++known;
            pattern[i] = *slot - 1;
        }
        join->patterns = known;
    }
    return sort_by_key(join->arena, pattern, classes, join->patterns, &join->pattern_starts,
                       &join->by_pattern, error);
}

/* Sets apart the units of one class, which can be added up, and those of several. */
static int find_travellers(wildcard_join *join, lb_error *error) {
    const lb_traces *traces = join->traces;
    uint32_t pairs = traces->offsets[traces->traces], travelling = 0;
    uint32_t *settled = lb_arena_alloc(join->arena, traces->classes, sizeof *settled);
    uint32_t *starts = lb_arena_alloc(join->arena, (size_t)traces->classes + 2, sizeof *starts);
    uint32_t *travellers = lb_arena_alloc(join->arena, pairs, sizeof *travellers);
    if (!settled || !starts || !travellers)
        return lb_fail_memory(error, "matching missing values");
    memset(settled, 0, traces->classes * sizeof *settled);
    memset(starts, 0, ((size_t)traces->classes + 2) * sizeof *starts);
    for (uint32_t t = 0; t < traces->traces; t++) {
        uint32_t begin = traces->offsets[t], end = traces->offsets[t + 1];
        if (end - begin == 1)
            settled[traces->class_of[begin]] += traces->members[t];
        else
            for (uint32_t i = begin; i < end; i++, travelling++)
                starts[traces->class_of[i] + 2]++;
    }
    for (uint32_t c = 2; c < traces->classes + 2; c++)
        starts[c] += starts[c - 1];
    for (uint32_t t = 0; t < traces->traces; t++)
        if (traces->offsets[t + 1] - traces->offsets[t] > 1)
            for (uint32_t i = traces->offsets[t]; i < traces->offsets[t + 1]; i++)
                travellers[starts[traces->class_of[i] + 1]++] = t;
    join->settled = settled;
    join->traveller_starts = travelling ? starts : NULL;
    join->travellers = travellers;
    return LB_OK;
}

static bool both_have(const wildcard_join *join, uint32_t p, uint32_t q, size_t column) {
    uint32_t of_p = join->by_pattern[join->pattern_starts[p]];
    uint32_t of_q = join->by_pattern[join->pattern_starts[q]];
    return code_of(join, of_p, column) != LB_CODE_MISSING &&
           code_of(join, of_q, column) != LB_CODE_MISSING;
}

/* Groups the classes of patterns p and q by the columns that both have: join->group holds first
 * those of p, then those of q. */
static int group_jointly(wildcard_join *join, uint32_t p, uint32_t q, uint32_t *groups,
                         lb_error *error) {
    uint32_t from_p = join->pattern_starts[p + 1] - join->pattern_starts[p];
    uint32_t from_q = join->pattern_starts[q + 1] - join->pattern_starts[q];
    size_t shared = 0, rows = (size_t)from_p + from_q;
    for (size_t c = 0; c < join->chosen_count; c++)
        shared += both_have(join, p, q, c);
    uint32_t *grown =
        lb_grow(join->joint, &join->joint_capacity, shared * rows, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    join->joint = grown;
    shared = 0;
    for (size_t c = 0; c < join->chosen_count; c++) {
        if (!both_have(join, p, q, c))
            continue;
        uint32_t *codes = join->joint + shared * rows;
        for (uint32_t i = 0; i < from_p; i++)
            codes[i] = code_of(join, join->by_pattern[join->pattern_starts[p] + i], c);
        for (uint32_t i = 0; i < from_q; i++)
            codes[from_p + i] = code_of(join, join->by_pattern[join->pattern_starts[q] + i], c);
        join->columns[shared++] =
            (lb_group_column){codes, join->rows->columns[join->chosen[c]].domain};
    }
    return lb_grouper_run(join->grouper, join->columns, shared, rows, join->group, groups, error);
}

/* Whether comparing each class of p with each of q costs less than grouping them. */
static bool compares_each(const wildcard_join *join, uint32_t p, uint32_t q) {
    uint64_t of_p = join->pattern_starts[p + 1] - join->pattern_starts[p];
    uint64_t of_q = join->pattern_starts[q + 1] - join->pattern_starts[q];
    return of_p * of_q <= 8 * (of_p + of_q) + 64;
}

static void compare_settled(const wildcard_join *join, uint32_t p, uint32_t q, uint32_t *sizes) {
    for (uint32_t i = join->pattern_starts[p]; i < join->pattern_starts[p + 1]; i++) {
        uint32_t class = join->by_pattern[i];
        for (uint32_t j = join->pattern_starts[q]; j < join->pattern_starts[q + 1]; j++)
            if (classes_match(join, class, join->by_pattern[j]))
                sizes[class] += join->settled[join->by_pattern[j]];
    }
}

/* Adds to the sizes of p's classes the settled units of q's classes that match them. */
static void add_settled(wildcard_join *join, uint32_t p, uint32_t q, uint32_t groups,
                        uint32_t *sizes) {
    uint32_t from_p = join->pattern_starts[p + 1] - join->pattern_starts[p];
    memset(join->sums, 0, groups * sizeof *join->sums);
    for (uint32_t i = join->pattern_starts[q], at = from_p; i < join->pattern_starts[q + 1]; i++)
        join->sums[join->group[at++]] += join->settled[join->by_pattern[i]];
    for (uint32_t i = 0; i < from_p; i++)
        sizes[join->by_pattern[join->pattern_starts[p] + i]] += join->sums[join->group[i]];
}

static int keep_match(wildcard_join *join, uint32_t p, uint32_t q, uint32_t groups, lb_arena *arena,
                      pattern_match *match, lb_error *error) {
    uint32_t from_p = join->pattern_starts[p + 1] - join->pattern_starts[p];
    uint32_t from_q = join->pattern_starts[q + 1] - join->pattern_starts[q];
    uint32_t *group = lb_arena_alloc(arena, from_p, sizeof *group);
    if (!group)
        return lb_fail_memory(error, "matching missing values");
    memcpy(group, join->group, from_p * sizeof *group);
    match->group = group;
    return sort_by_key(arena, join->group + from_p, from_q, groups, &match->starts, &match->classes,
                       error);
}

/* Adds to the size of a class the travellers who have the class `other`, unless they were. */
static void add_travellers_of(const wildcard_join *join, uint32_t class, uint32_t other,
                              uint32_t *counted_for, uint32_t *sizes) {
    for (uint32_t t = join->traveller_starts[other]; t < join->traveller_starts[other + 1]; t++) {
        uint32_t trace = join->travellers[t];
        sizes[class] += counted_for[trace] == class + 1 ? 0 : join->traces->members[trace];
        counted_for[trace] = class + 1;
    }
}

/* Adds to the sizes of p's classes the travellers that match them, each once. */
static int add_travellers(const wildcard_join *join, uint32_t p, const pattern_match *matches,
                          uint32_t *sizes, lb_error *error) {
    uint32_t *counted_for =
        lb_alloc_zero(join->traces->traces, sizeof *counted_for); /* class + 1 */
    if (!counted_for)
        return lb_fail_memory(error, "matching missing values");
    uint32_t first = join->pattern_starts[p];
    for (uint32_t i = first; i < join->pattern_starts[p + 1]; i++) {
        uint32_t class = join->by_pattern[i];
        for (uint32_t q = 0; q < join->patterns; q++) {
            const pattern_match *match = &matches[q];
            const uint32_t *in_q = join->by_pattern + join->pattern_starts[q];
            uint32_t of_q = join->pattern_starts[q + 1] - join->pattern_starts[q];
            uint32_t begin = match->group ? match->starts[match->group[i - first]] : 0;
            uint32_t end = match->group ? match->starts[match->group[i - first] + 1] : of_q;
            for (uint32_t m = begin; m < end; m++) {
                uint32_t other = in_q[match->group ? match->classes[m] : m];
                if (match->group || classes_match(join, class, other))
                    add_travellers_of(join, class, other, counted_for, sizes);
            }
        }
    }
    lb_free(counted_for);
    return LB_OK;
}

static int size_pattern(wildcard_join *join, uint32_t p, pattern_match *matches, lb_arena *arena,
                        uint32_t *sizes, lb_error *error) {
    lb_arena_reset(arena);
    int status = LB_OK;
    for (uint32_t q = 0; status == LB_OK && q < join->patterns; q++) {
        uint32_t groups;
        matches[q] = (pattern_match){0};
        if (compares_each(join, p, q)) {
            compare_settled(join, p, q, sizes);
            continue;
        }
        if ((status = group_jointly(join, p, q, &groups, error)) < 0)
            break;
        add_settled(join, p, q, groups, sizes);
        if (join->traveller_starts)
            status = keep_match(join, p, q, groups, arena, &matches[q], error);
    }
    if (status == LB_OK && join->traveller_starts)
        status = add_travellers(join, p, matches, sizes, error);
    return status;
}

static int join_patterns(wildcard_join *join, uint32_t *sizes, lb_error *error) {
    int status = gather_codes(join, error);
    if (status == LB_OK)
        status = find_patterns(join, error);
    if (status == LB_OK)
        status = find_travellers(join, error);
    if (status < 0)
        return status;
    pattern_match *matches = lb_arena_alloc(join->arena, join->patterns, sizeof *matches);
    lb_arena *arena = lb_arena_new();
    if (!matches || !arena) {
        lb_arena_free(arena);
        return lb_fail_memory(error, "matching missing values");
    }
    memset(sizes, 0, join->traces->classes * sizeof *sizes);
    for (uint32_t p = 0; status == LB_OK && p < join->patterns; p++)
        status = size_pattern(join, p, matches, arena, sizes, error);
    lb_arena_free(arena);
    return status;
}

int lb_wildcard_sizes(uint32_t *sizes, const lb_traces *traces, const lb_trace_rows *rows,
                      const uint32_t *chosen, size_t chosen_count, lb_grouper *grouper,
                      lb_error *error) {
    size_t room = 2 * (size_t)traces->classes + 2;
    wildcard_join join = {.traces = traces,
                          .rows = rows,
                          .chosen = chosen,
                          .chosen_count = chosen_count,
                          .grouper = grouper,
                          .arena = lb_arena_new()};
    int status = LB_OK;
    if (join.arena) {
        join.group = lb_arena_alloc(join.arena, room, sizeof *join.group);
        join.sums = lb_arena_alloc(join.arena, room, sizeof *join.sums);
        join.columns = lb_arena_alloc(join.arena, chosen_count, sizeof *join.columns);
    }
    if (!join.arena || !join.group || !join.sums || !join.columns)
        status = lb_fail_memory(error, "matching missing values");
    if (status == LB_OK && traces->classes)
        status = join_patterns(&join, sizes, error);
    lb_free(join.joint);
    lb_arena_free(join.arena);
    return status;
}
