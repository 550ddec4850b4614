#include "risk/classes/traces.h"

#include <string.h>

lb_trace_rows lb_trace_rows_of(const lb_table *table, lb_group_column *columns) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++)
        columns[c] = (lb_group_column){table->quasi_identifiers[c].codes,
                                       (uint64_t)table->quasi_identifiers[c].distinct + 1};
    return (lb_trace_rows){.rows = table->rows,
                           .units = table->units,
                           .unit = table->unit,
                           .columns = columns,
                           .column_count = table->quasi_identifier_count};
}

void lb_traces_free(lb_traces *traces) {
    lb_arena_free(traces->arena);
    *traces = (lb_traces){0};
}

static uint32_t members_of(const lb_trace_rows *rows, uint32_t unit) {
    return rows->members ? rows->members[unit] : 1;
}

static int group_rows(lb_traces *out, const lb_trace_rows *rows, const uint32_t *chosen,
                      size_t chosen_count, lb_grouper *grouper, lb_error *error) {
    uint32_t *class_of_row = lb_arena_alloc(out->arena, rows->rows, sizeof *class_of_row);
    lb_group_column *columns = lb_alloc(chosen_count, sizeof *columns);
    if (!class_of_row || !columns) {
        lb_free(columns);
        return lb_fail_memory(error, "equivalence classes");
    }
    for (size_t c = 0; c < chosen_count; c++)
        columns[c] = rows->columns[chosen[c]];
    out->class_of_row = class_of_row;
    int status = lb_grouper_run(grouper, columns, chosen_count, rows->rows, class_of_row,
                                &out->classes, error);
    lb_free(columns);
    return status;
}

static bool each_unit_has_one_row(const lb_trace_rows *rows) {
    if (rows->rows != rows->units)
        return false;
    for (size_t r = 0; r < rows->rows; r++)
        if (rows->unit[r] != r)
            return false;
    return true;
}

/* Fills first_row and sizes. A unit's rows stand together, so a class has met a unit before exactly
 * when that unit was the last it met; last_unit is NULL where each unit has one row. */
static void count_units(const lb_trace_rows *rows, const uint32_t *class_of_row,
                        uint32_t *last_unit, uint32_t *first_row, uint32_t *sizes) {
    uint32_t known = 0;
    for (size_t r = 0; r < rows->rows; r++) {
        uint32_t class = class_of_row[r], unit = rows->unit[r];
        if (class == known) {
            first_row[known++] = (uint32_t)r;
            sizes[class] = members_of(rows, unit);
        } else if (!last_unit || last_unit[class] != unit) {
            sizes[class] += members_of(rows, unit);
        }
        if (last_unit)
            last_unit[class] = unit;
    }
}

static int measure_classes(lb_traces *out, const lb_trace_rows *rows, bool one_row_each,
                           lb_error *error) {
    uint32_t *first_row = lb_arena_alloc(out->arena, out->classes, sizeof *first_row);
    uint32_t *sizes = lb_arena_alloc(out->arena, out->classes, sizeof *sizes);
    uint32_t *last_unit = one_row_each ? NULL : lb_alloc(out->classes, sizeof *last_unit);
    if (!first_row || !sizes || (!one_row_each && !last_unit)) {
        lb_free(last_unit);
        return lb_fail_memory(error, "equivalence classes");
    }
    count_units(rows, out->class_of_row, last_unit, first_row, sizes);
    lb_free(last_unit);
    out->first_row = first_row;
    out->sizes = sizes;
    return LB_OK;
}

/* One row a unit: traces are classes. */
static int traces_are_classes(lb_traces *out, lb_error *error) {
    uint32_t *offsets = lb_arena_alloc(out->arena, (size_t)out->classes + 1, sizeof *offsets);
    if (!offsets)
        return lb_fail_memory(error, "traces of units");
    for (uint32_t c = 0; c <= out->classes; c++)
        offsets[c] = c;
    out->traces = out->classes;
    out->trace_of_unit = out->class_of_row;
    out->members = out->sizes;
    out->offsets = out->class_of = offsets;
    return LB_OK;
}

static void sort_ascending(uint32_t *items, size_t count) {
    for (size_t gap = count / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) /* Shell's sort */
        for (size_t i = gap; i < count; i++) {
            uint32_t item = items[i];
            size_t to = i;
            for (; to >= gap && items[to - gap] > item; to -= gap)
                items[to] = items[to - gap];
            items[to] = item;
        }
}

/* The distinct classes of each unit, ascending: those of unit u are lists[starts[u]] up to
 * lists[starts[u + 1]]. */
static void list_classes(const lb_traces *out, const lb_trace_rows *rows, uint32_t *starts,
                         uint32_t *lists) {
    size_t kept = 0, r = 0;
    for (size_t unit = 0; unit < rows->units; unit++) {
        size_t begin = kept;
        starts[unit] = (uint32_t)begin;
        for (; r < rows->rows && rows->unit[r] == unit; r++)
            lists[kept++] = out->class_of_row[r];
        sort_ascending(lists + begin, kept - begin);
        size_t distinct = begin;
        for (size_t i = begin; i < kept; i++)
            if (i == begin || lists[i] != lists[distinct - 1])
                lists[distinct++] = lists[i];
        kept = distinct;
    }
    starts[rows->units] = (uint32_t)kept;
}

/* Working memory of intern_traces, each [units]. */
typedef struct trace_steps {
    uint32_t *active, *node, *next, *class;
} trace_steps;

/* Gives units with equal lists the same number, others different ones, in trace[unit]: step s joins
 * the number of the first s classes with class s + 1, until the list of a unit ends. */
static int intern_traces(const uint32_t *starts, const uint32_t *lists, size_t units,
                         uint32_t classes, trace_steps *step, uint32_t *trace, uint64_t *domain,
                         lb_grouper *grouper, lb_error *error) {
    size_t active = 0;
    uint64_t finished = 1; /* 0 is the empty trace */
    for (size_t u = 0; u < units; u++) {
        trace[u] = 0;
        if (starts[u] < starts[u + 1]) {
            step->node[active] = lists[starts[u]];
            step->active[active++] = (uint32_t)u;
        }
    }
    uint64_t nodes = classes;
    for (uint32_t depth = 1; active > 0; depth++) {
        size_t longer = 0;
        for (size_t i = 0; i < active; i++) {
            uint32_t u = step->active[i];
            if (starts[u + 1] - starts[u] == depth) {
                trace[u] = (uint32_t)(finished + step->node[i]);
            } else {
                step->active[longer] = u;
                step->node[longer] = step->node[i];
                step->class[longer++] = lists[starts[u] + depth];
            }
        }
        finished += nodes;
        uint32_t groups;
        int status = lb_grouper_run(
            grouper, (lb_group_column[]){{step->node, nodes}, {step->class, classes}}, 2, longer,
            step->next, &groups, error);
        if (status < 0)
            return status;
        uint32_t *swap = step->node;
        step->node = step->next;
        step->next = swap;
        nodes = groups;
        active = longer;
    }
    *domain = finished;
    return LB_OK;
}

/* Copies the list of the first unit of each trace, and counts its units. */
static int keep_distinct(lb_traces *out, const lb_trace_rows *rows, const uint32_t *starts,
                         const uint32_t *lists, lb_error *error) {
    uint32_t *members = lb_arena_alloc(out->arena, out->traces, sizeof *members);
    uint32_t *offsets = lb_arena_alloc(out->arena, (size_t)out->traces + 1, sizeof *offsets);
    if (!members || !offsets)
        return lb_fail_memory(error, "traces of units");
    uint32_t known = 0, length = 0;
    for (size_t u = 0; u < rows->units; u++) {
        uint32_t trace = out->trace_of_unit[u];
        if (trace == known) {
            members[known] = 0;
            offsets[known++] = length;
            length += starts[u + 1] - starts[u];
        }
        members[trace] += members_of(rows, (uint32_t)u);
    }
    offsets[known] = length;
    uint32_t *class_of = lb_arena_alloc(out->arena, length, sizeof *class_of);
    if (!class_of)
        return lb_fail_memory(error, "traces of units");
    known = 0;
    for (size_t u = 0; u < rows->units; u++)
        if (out->trace_of_unit[u] == known) {
            memcpy(class_of + offsets[known], lists + starts[u],
                   (starts[u + 1] - starts[u]) * sizeof *class_of);
            known++;
        }
    out->members = members;
    out->offsets = offsets;
    out->class_of = class_of;
    return LB_OK;
}

static int trace_units(lb_traces *out, const lb_trace_rows *rows, lb_grouper *grouper,
                       lb_error *error) {
    uint32_t *trace_of_unit = lb_arena_alloc(out->arena, rows->units, sizeof *trace_of_unit);
    lb_arena *work = lb_arena_new();
    int status = LB_OK;
    if (!trace_of_unit || !work)
        goto no_memory;
    uint32_t *starts = lb_arena_alloc(work, rows->units + 1, sizeof *starts);
    uint32_t *lists = lb_arena_alloc(work, rows->rows, sizeof *lists);
    uint32_t *sparse = lb_arena_alloc(work, rows->units, sizeof *sparse);
    trace_steps step = {lb_arena_alloc(work, rows->units, sizeof(uint32_t)),
                        lb_arena_alloc(work, rows->units, sizeof(uint32_t)),
                        lb_arena_alloc(work, rows->units, sizeof(uint32_t)),
                        lb_arena_alloc(work, rows->units, sizeof(uint32_t))};
    if (!starts || !lists || !sparse || !step.active || !step.node || !step.next || !step.class)
        goto no_memory;
    list_classes(out, rows, starts, lists);
    uint64_t domain;
    status = intern_traces(starts, lists, rows->units, out->classes, &step, sparse, &domain,
                           grouper, error);
    if (status == LB_OK)
        status = lb_grouper_run(grouper, &(lb_group_column){sparse, domain}, 1, rows->units,
                                trace_of_unit, &out->traces, error);
    out->trace_of_unit = trace_of_unit;
    if (status == LB_OK)
        status = keep_distinct(out, rows, starts, lists, error);
    lb_arena_free(work);
    return status;
no_memory:
    lb_arena_free(work);
    return lb_fail_memory(error, "traces of units");
}

int lb_traces_build(lb_traces *out, const lb_trace_rows *rows, const uint32_t *chosen,
                    size_t chosen_count, lb_grouper *grouper, lb_error *error) {
    *out = (lb_traces){.arena = lb_arena_new()};
    if (!out->arena)
        return lb_fail_memory(error, "equivalence classes");
    if (rows->members)
        for (size_t u = 0; u < rows->units; u++)
            out->units += rows->members[u];
    else
        out->units = rows->units;
    int status = group_rows(out, rows, chosen, chosen_count, grouper, error);
    bool one_row_each = each_unit_has_one_row(rows);
    if (status == LB_OK)
        status = measure_classes(out, rows, one_row_each, error);
    if (status == LB_OK)
        status =
            one_row_each ? traces_are_classes(out, error) : trace_units(out, rows, grouper, error);
    if (status < 0)
        lb_traces_free(out);
    return status;
}

int lb_traces_of_table(lb_traces *out, const lb_table *table, lb_error *error) {
    size_t count = table->quasi_identifier_count;
    lb_group_column *columns = lb_alloc(count, sizeof *columns);
    uint32_t *chosen = lb_alloc(count, sizeof *chosen);
    lb_grouper *grouper = NULL;
    *out = (lb_traces){0};
    int status = columns && chosen ? lb_grouper_new(&grouper, error)
                                   : lb_fail_memory(error, "equivalence classes");
    if (status == LB_OK) {
        for (uint32_t c = 0; c < count; c++)
            chosen[c] = c;
        lb_trace_rows rows = lb_trace_rows_of(table, columns);
        status = lb_traces_build(out, &rows, chosen, count, grouper, error);
    }
    lb_grouper_free(grouper);
    lb_free(chosen);
    lb_free(columns);
    return status;
}

int lb_traces_condense(lb_trace_rows *out, const lb_traces *traces, const lb_trace_rows *rows,
                       const uint32_t *chosen, size_t chosen_count, lb_arena *arena,
                       lb_error *error) {
    size_t count = traces->offsets[traces->traces];
    uint32_t *unit = lb_arena_alloc(arena, count, sizeof *unit);
    lb_group_column *columns = lb_arena_alloc(arena, chosen_count, sizeof *columns);
    if (!unit || !columns)
        return lb_fail_memory(error, "traces of units");
    for (uint32_t t = 0; t < traces->traces; t++)
        for (uint32_t i = traces->offsets[t]; i < traces->offsets[t + 1]; i++)
            unit[i] = t;
    for (size_t c = 0; c < chosen_count; c++) {
        const lb_group_column *from = &rows->columns[chosen[c]];
        uint32_t *codes = lb_arena_alloc(arena, count, sizeof *codes);
        if (!codes)
            return lb_fail_memory(error, "traces of units");
        for (size_t i = 0; i < count; i++)
            codes[i] = from->codes[traces->first_row[traces->class_of[i]]];
        columns[c] = (lb_group_column){codes, from->domain};
    }
    *out = (lb_trace_rows){.rows = count,
                           .units = traces->traces,
                           .unit = unit,
                           .members = traces->members,
                           .columns = columns,
                           .column_count = chosen_count};
    return LB_OK;
}

double lb_traces_separation(const lb_traces *traces) {
    uint64_t alike = 0, all = (uint64_t)traces->units * (traces->units - 1) / 2;
    for (uint32_t t = 0; t < traces->traces; t++)
        alike += (uint64_t)traces->members[t] * (traces->members[t] - 1) / 2;
    return traces->units < 2 ? 0 : (double)(all - alike) / (double)all;
}
