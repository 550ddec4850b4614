#include "risk/classes/attribute_attack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/thread.h"
#include "risk/classes/cells.h"
#include "risk/classes/gower.h"

typedef struct drawn_unit {
    uint64_t draw;
    uint32_t unit;
} drawn_unit;

/* The corpus cut into a release and those who are attacked. */
typedef struct attack_split {
    const lb_table *table;
    const lb_attribute_attack_options *options;
    const size_t *first_row;  /* [units + 1] */
    const uint32_t *attacked; /* [2 * attacks] controls, then targets */
    size_t attacks;
    lb_table release;
    lb_traces traces; /* of the release */
    lb_arena *arena;
} attack_split;

/* The attack on one field. */
typedef struct field_attack {
    const attack_split *split;
    const lb_column *column;
    uint64_t field_key;
    lb_cells cells; /* of the release */
    const lb_gower *gower;
    float **distances; /* working memory of each thread */
    int8_t *outcome;   /* [2 * attacks] 1: hit, 0: miss, -1: has no value to guess */
} field_attack;

void lb_attribute_attack_free(lb_attribute_attack *attack) {
    lb_arena_free(attack->arena);
    *attack = (lb_attribute_attack){0};
}

static uint64_t key_of(const attack_split *split, uint32_t unit) {
    return split->options->keys ? split->options->keys[unit] : unit;
}

static int compare_draws(const void *left, const void *right) {
    const drawn_unit *a = left, *b = right;
    if (a->draw != b->draw)
        return a->draw < b->draw ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* Draws the attacked units, and notes where the rows of each unit begin. */
static int draw_units(attack_split *split, lb_error *error) {
    const lb_table *table = split->table;
    size_t units = table->units;
    size_t *first_row = lb_arena_alloc(split->arena, units + 1, sizeof *first_row);
    uint32_t *attacked = lb_arena_alloc(split->arena, 2 * split->attacks, sizeof *attacked);
    drawn_unit *drawn = lb_alloc(units, sizeof *drawn);
    if (!first_row || !attacked || !drawn) {
        lb_free(drawn);
        return lb_fail_memory(error, "attribute inference attack");
    }
    for (size_t u = 0, r = 0; u <= units; u++) {
        first_row[u] = r;
        while (r < table->rows && table->unit[r] == u)
            r++;
    }
    for (uint32_t u = 0; u < units; u++) {
        lb_random random =
            lb_random_keyed(split->options->seed, "inference.attack", key_of(split, u));
        drawn[u] = (drawn_unit){lb_random_next(&random), u};
    }
    qsort(drawn, units, sizeof *drawn, compare_draws);
    for (size_t i = 0; i < 2 * split->attacks; i++)
        attacked[i] = drawn[i].unit;
    lb_free(drawn);
    split->first_row = first_row;
    split->attacked = attacked;
    return LB_OK;
}

/* Copies the codes of the kept rows of `count` columns. */
static lb_column *copy_columns(lb_arena *arena, const lb_column *columns, size_t count,
                               const uint32_t *kept, size_t rows) {
    lb_column *copies = lb_arena_alloc(arena, count, sizeof *copies);
    for (size_t c = 0; copies && c < count; c++) {
        uint32_t *codes = lb_arena_alloc(arena, rows, sizeof *codes);
        if (!codes)
            return NULL;
        for (size_t r = 0; r < rows; r++)
            codes[r] = columns[c].codes[kept[r]];
        copies[c] = columns[c];
        copies[c].codes = codes;
    }
    return copies;
}

/* The table of all units but the controls, who become units without rows. */
static int hold_out_controls(attack_split *split, lb_error *error) {
    const lb_table *table = split->table;
    lb_arena *arena = split->arena;
    uint32_t *kept = lb_arena_alloc(arena, table->rows, sizeof *kept);
    uint32_t *unit = lb_arena_alloc(arena, table->rows, sizeof *unit);
    bool *held_out = lb_alloc_zero(table->units, sizeof *held_out);
    if (!kept || !unit || !held_out) {
        lb_free(held_out);
        return lb_fail_memory(error, "attribute inference attack");
    }
    for (size_t i = 0; i < split->attacks; i++)
        held_out[split->attacked[i]] = true;
    size_t rows = 0;
    for (size_t r = 0; r < table->rows; r++)
        if (!held_out[table->unit[r]]) {
            unit[rows] = table->unit[r];
            kept[rows++] = (uint32_t)r;
        }
    lb_free(held_out);
    split->release = (lb_table){
        .rows = rows,
        .units = table->units,
        .unit = unit,
        .quasi_identifiers = copy_columns(arena, table->quasi_identifiers,
                                          table->quasi_identifier_count, kept, rows),
        .quasi_identifier_count = table->quasi_identifier_count,
        .sensitive = copy_columns(arena, table->sensitive, table->sensitive_count, kept, rows),
        .sensitive_count = table->sensitive_count};
    if (!split->release.quasi_identifiers || !split->release.sensitive)
        return lb_fail_memory(error, "attribute inference attack");
    return lb_traces_of_table(&split->traces, &split->release, error);
}

static bool same_row(const lb_table *table, size_t a, size_t b) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++)
        if (table->quasi_identifiers[c].codes[a] != table->quasi_identifiers[c].codes[b])
            return false;
    return true;
}

static bool is_right(const field_attack *attack, uint32_t guess, uint32_t secret) {
    if (guess == secret || !attack->column->numbers || secret == LB_CODE_MISSING)
        return guess == secret;
    double number = attack->column->numbers[secret];
    return fabs(attack->column->numbers[guess] - number) <=
           attack->split->options->tolerance * fabs(number);
}

/* One of the unit's rows with a value, drawn; false: it has none. */
static bool draw_row(const field_attack *attack, uint32_t unit, lb_random *random, size_t *row) {
    const attack_split *split = attack->split;
    uint64_t with_value = 0;
    for (size_t r = split->first_row[unit]; r < split->first_row[unit + 1]; r++)
        with_value += attack->column->codes[r] != LB_CODE_MISSING;
    uint64_t left = with_value ? lb_random_below(random, with_value) + 1 : 0;
    for (size_t r = split->first_row[unit]; left > 0; r++)
        if (attack->column->codes[r] != LB_CODE_MISSING && --left == 0)
            *row = r;
    return with_value > 0;
}

/* The value of one of the units of the release that are nearest to the row. */
static uint32_t guess_value(const field_attack *attack, size_t row, float *distances,
                            lb_random *random) {
    const lb_cells *cells = &attack->cells;
    const lb_gower *gower = attack->gower;
    float least = lb_gower_measure(gower, attack->split->table, row, distances);
    uint64_t tied = 0;
    for (uint32_t i = 0; i < gower->count; i++)
        tied += distances[i] == least ? gower->weights[i] : 0;
    uint64_t left = lb_random_below(random, tied);
    for (uint32_t i = 0; i < gower->count; i++) {
        if (distances[i] != least)
            continue;
        if (left >= gower->weights[i]) {
            left -= gower->weights[i];
            continue;
        }
        const lb_cell *cell = &cells->cells[cells->starts[gower->classes[i]]];
        for (;; cell++) {
            if (cells->code_of[cell->value] == LB_CODE_MISSING)
                continue;
            if (left < cell->units)
                return cells->code_of[cell->value];
            left -= cell->units;
        }
    }
    return LB_CODE_MISSING; /* not reached: left is below the sum of the weights */
}

static int attack_unit(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)error;
    field_attack *attack = context;
    const attack_split *split = attack->split;
    uint32_t unit = split->attacked[piece];
    lb_random random = lb_random_keyed(split->options->seed, "inference.attack.guess",
                                       lb_hash_mix(key_of(split, unit), attack->field_key));
    size_t row = 0;
    attack->outcome[piece] = -1;
    if (!draw_row(attack, unit, &random, &row))
        return LB_OK;
    uint32_t guess = guess_value(attack, row, attack->distances[worker], &random);
    attack->outcome[piece] = 0;
    for (size_t r = split->first_row[unit]; r < split->first_row[unit + 1]; r++)
        if (same_row(split->table, r, row) && is_right(attack, guess, attack->column->codes[r]))
            attack->outcome[piece] = 1;
    return LB_OK;
}

static void count_hits(const int8_t *outcome, size_t count, uint64_t *trials, uint64_t *hits) {
    for (size_t i = 0; i < count; i++) {
        *trials += outcome[i] >= 0;
        *hits += outcome[i] == 1;
    }
}

static void judge(lb_attribute_attack_field *field) {
    if (field->targets == 0 || field->controls == 0) {
        field->why = "too few units have a value";
        return;
    }
    field->success = (double)field->target_hits / (double)field->targets;
    field->control = (double)field->control_hits / (double)field->controls;
    field->success_interval = lb_interval_wilson(field->target_hits, field->targets, 0.95);
    field->control_interval = lb_interval_wilson(field->control_hits, field->controls, 0.95);
    if (field->control_hits == field->controls) {
        field->why = "every control was guessed right: there is nothing to gain";
        return;
    }
    double room = 1 - field->control, slope = (1 - field->success) / (room * room);
    field->risk = (field->success - field->control) / room;
    double below = hypot((field->success - field->success_interval.low) / room,
                         slope * (field->control_interval.high - field->control));
    double above = hypot((field->success_interval.high - field->success) / room,
                         slope * (field->control - field->control_interval.low));
    field->risk_interval =
        (lb_interval){fmax(field->risk - below, -1), fmin(field->risk + above, 1)};
}

static int attack_units(field_attack *attack, lb_arena *arena, lb_attribute_attack_field *field,
                        lb_error *error) {
    unsigned threads = attack->split->options->threads;
    size_t attacks = attack->split->attacks;
    attack->outcome = lb_arena_alloc(arena, 2 * attacks, sizeof *attack->outcome);
    attack->distances = lb_arena_alloc(arena, threads, sizeof *attack->distances);
    bool enough = attack->outcome && attack->distances;
    for (unsigned t = 0; enough && t < threads; t++) {
        attack->distances[t] = lb_arena_alloc(arena, attack->gower->count, sizeof(float));
        enough = attack->distances[t] != NULL;
    }
    if (!enough)
        return lb_fail_memory(error, "attribute inference attack");
    int status = lb_parallel(threads, 2 * attacks, attack_unit, attack, error);
    if (status == LB_OK) {
        count_hits(attack->outcome, attacks, &field->controls, &field->control_hits);
        count_hits(attack->outcome + attacks, attacks, &field->targets, &field->target_hits);
    }
    return status;
}

static int attack_field(const attack_split *split, uint32_t number, lb_grouper *grouper,
                        lb_attribute_attack_field *field, lb_error *error) {
    const lb_column *column = &split->table->sensitive[number];
    field_attack attack = {
        .split = split, .column = column, .field_key = lb_hash_str(column->name)};
    lb_gower gower;
    lb_arena *arena = lb_arena_new();
    *field = (lb_attribute_attack_field){.column = number};
    int status = arena ? LB_OK : lb_fail_memory(error, "attribute inference attack");
    if (status == LB_OK)
        status = lb_cells_build(&attack.cells, &split->release, &split->release.sensitive[number],
                                &split->traces, grouper, arena, error);
    if (status == LB_OK)
        status =
            lb_gower_prepare(&gower, &split->release, &split->traces, &attack.cells, arena, error);
    if (status == LB_OK && gower.count > 0) {
        attack.gower = &gower;
        status = attack_units(&attack, arena, field, error);
    }
    if (status == LB_OK)
        judge(field);
    lb_arena_free(arena);
    return status;
}

static int attack_fields(attack_split *split, lb_attribute_attack_field *fields, lb_error *error) {
    lb_grouper *grouper = NULL;
    split->arena = lb_arena_new();
    int status = split->arena ? LB_OK : lb_fail_memory(error, "attribute inference attack");
    if (status == LB_OK)
        status = draw_units(split, error);
    if (status == LB_OK)
        status = hold_out_controls(split, error);
    if (status == LB_OK)
        status = lb_grouper_new(&grouper, error);
    for (uint32_t s = 0; status == LB_OK && s < split->table->sensitive_count; s++)
        status = attack_field(split, s, grouper, &fields[s], error);
    lb_grouper_free(grouper);
    lb_traces_free(&split->traces);
    lb_arena_free(split->arena);
    return status;
}

int lb_attribute_attack_run(lb_attribute_attack *out, const lb_table *table,
                            const lb_attribute_attack_options *options, lb_error *error) {
    *out = (lb_attribute_attack){.arena = lb_arena_new(), .field_count = table->sensitive_count};
    lb_attribute_attack_field *fields =
        out->arena ? lb_arena_alloc(out->arena, table->sensitive_count, sizeof *fields) : NULL;
    out->fields = fields;
    attack_split split = {.table = table, .options = options, .attacks = table->units / 4};
    if (split.attacks > options->attacks)
        split.attacks = options->attacks;
    int status = LB_OK;
    if (!fields) {
        status = lb_fail_memory(error, "attribute inference attack");
    } else if (table->units < LB_ATTACK_LEAST_UNITS || split.attacks == 0) {
        for (uint32_t s = 0; s < table->sensitive_count; s++)
            fields[s] = (lb_attribute_attack_field){.column = s, .why = "there are too few units"};
    } else {
        status = attack_fields(&split, fields, error);
    }
    if (status < 0)
        lb_attribute_attack_free(out);
    return status;
}
