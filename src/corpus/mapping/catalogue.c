#include "corpus/mapping/catalogue.h"

#include "base/ascii.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "corpus/mapping/role.h"
#include "corpus/value/key_like.h"
#include "corpus/value/timestamp.h"

enum { FIELDS_MAX = 4096, TABLE_SIZE = 2 * FIELDS_MAX };

struct lb_catalogue {
    lb_arena *arena;
    lb_buffer text; /* scratch: a path as text */
    lb_field *fields;
    size_t count, capacity;
    uint64_t records;
    lb_arena *scratch; /* of what follows and of lb_field.seen; NULL once finished */
    uint16_t *table;   /* [TABLE_SIZE]: field number + 1, by hash of the name; 0 is free */
};

lb_catalogue *lb_catalogue_new(void) {
    lb_catalogue *catalogue = lb_alloc_zero(1, sizeof *catalogue);
    if (!catalogue)
        return NULL;
    catalogue->arena = lb_arena_new();
    catalogue->scratch = lb_arena_new();
    if (catalogue->arena && catalogue->scratch)
        catalogue->table = lb_arena_alloc(catalogue->scratch, TABLE_SIZE, sizeof(uint16_t));
    if (!catalogue->table) {
        lb_catalogue_free(catalogue);
        return NULL;
    }
    memset(catalogue->table, 0, TABLE_SIZE * sizeof(uint16_t));
    return catalogue;
}

void lb_catalogue_finish(lb_catalogue *catalogue) {
    lb_arena_free(catalogue->scratch);
    lb_buffer_free(&catalogue->text);
    catalogue->scratch = NULL;
    catalogue->table = NULL;
}

void lb_catalogue_free(lb_catalogue *catalogue) {
    if (!catalogue)
        return;
    lb_arena_free(catalogue->scratch);
    lb_arena_free(catalogue->arena);
    lb_buffer_free(&catalogue->text);
    lb_free(catalogue->fields);
    lb_free(catalogue);
}

void lb_catalogue_begin_record(lb_catalogue *catalogue) {
    catalogue->records++;
}

static int path_to_text(lb_path path, lb_buffer *text, lb_error *error) {
    text->size = 0;
    for (size_t i = 0; i < path.count; i++) {
        const lb_step *step = &path.steps[i];
        int status = LB_OK;
        if (step->kind != LB_STEP_FIELD)
            status = lb_buffer_append(text, step->kind == LB_STEP_ELEMENTS ? "[]" : "{}", 2, error);
        else {
            if (i > 0)
                status = lb_buffer_append(text, ".", 1, error);
            if (status == LB_OK)
                status = lb_buffer_append(text, step->name.data, step->name.size, error);
        }
        if (status < 0)
            return status;
    }
    return lb_buffer_reserve(text, 1, error);
}

static lb_path copy_path(lb_arena *arena, lb_path path) {
    lb_step *steps = lb_arena_alloc(arena, path.count, sizeof *steps);
    for (size_t i = 0; steps && i < path.count; i++) {
        steps[i] = path.steps[i];
        if (steps[i].kind == LB_STEP_FIELD &&
            !(steps[i].name.data = lb_arena_copy(arena, steps[i].name.data, steps[i].name.size)))
            steps = NULL;
    }
    return (lb_path){steps, path.count};
}

static int add_field(lb_catalogue *c, lb_path path, size_t slot, lb_error *error) {
    void *grown = lb_grow(c->fields, &c->capacity, c->count + 1, sizeof(lb_field), error);
    if (!grown)
        return LB_E_RESOURCE;
    c->fields = grown;
    lb_field field = {.path = copy_path(c->arena, path)};
    field.name = (lb_str){lb_arena_copy(c->arena, c->text.data, c->text.size), c->text.size};
    field.seen = lb_arena_alloc(c->scratch, LB_DISTINCT_MAX, sizeof *field.seen);
    if (!field.path.steps || !field.name.data || !field.seen)
        return lb_fail_memory(error, "listing the fields of an input");
    c->fields[c->count++] = field;
    c->table[slot] = (uint16_t)c->count;
    return LB_OK;
}

/* Finds or adds the field; NULL when the catalogue is full (no error) or out of memory. */
static int field_of(lb_catalogue *c, lb_path path, lb_field **found, lb_error *error) {
    *found = NULL;
    int status = path_to_text(path, &c->text, error);
    if (status < 0)
        return status;
    lb_str name = lb_buffer_str(&c->text);
    size_t slot = lb_hash_str(name) % TABLE_SIZE;
    while (c->table[slot] && (!lb_str_equal(c->fields[c->table[slot] - 1].name, name) ||
                              !lb_path_matches(c->fields[c->table[slot] - 1].path, path)))
        slot = (slot + 1) % TABLE_SIZE;
    if (!c->table[slot]) {
        if (c->count == FIELDS_MAX)
            return LB_OK;
        status = add_field(c, path, slot, error);
        if (status < 0)
            return status;
    }
    *found = &c->fields[c->table[slot] - 1];
    return LB_OK;
}

static void count_distinct(lb_field *field, lb_str value) {
    if (field->distinct == LB_DISTINCT_MAX)
        return;
    uint64_t hash = lb_hash_str(value);
    for (uint32_t i = 0; i < field->distinct; i++)
        if (field->seen[i] == hash)
            return;
    field->seen[field->distinct++] = hash;
}

/* A date as text, or a number that, as seconds since 1970 or parts of them, is none of the first
 * three years: a small number is more often something else. */
static bool is_date(lb_str value) {
    static const int64_t least = 100000000LL * 1000000;
    int64_t time;
    if (!lb_timestamp_parse(value, false, &time))
        return false;
    for (size_t i = 1; i < value.size; i++)
        if ((value.data[i] < '0' || value.data[i] > '9') && value.data[i] != '.')
            return true;
    return time >= least;
}

/* Two words or more; of scripts without spaces, some letters. */
static bool is_prose(lb_str value) {
    enum { SOME_LETTERS = 12 };
    size_t blanks = 0, wide = 0;
    for (size_t i = 1; i + 1 < value.size; i++) {
        blanks += value.data[i] == ' ' && value.data[i - 1] != ' ';
        wide += (unsigned char)value.data[i] >= 0x80;
    }
    return blanks > 0 || wide >= SOME_LETTERS;
}

static bool is_blank(lb_str value) {
    size_t at = 0;
    while (at < value.size && (unsigned char)value.data[at] <= ' ')
        at++;
    return at == value.size;
}

static void note_figures(lb_field *field, lb_str value, bool date) {
    size_t digits = 0, marks = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += lb_is_digit(value.data[i]);
        marks += strchr("+-.,", value.data[i]) && value.data[i];
    }
    bool figure = digits > 0 && digits + marks == value.size && !date;
    field->figures += figure;
    field->digits += digits > 0 && !figure && !date;
}

int lb_catalogue_note(lb_catalogue *c, lb_path path, lb_kind kind, lb_str value, lb_error *error) {
    lb_field *field;
    int status = field_of(c, path, &field, error);
    if (status < 0 || !field)
        return status;
    uint64_t *const counters[] = {&field->nulls, &field->booleans, &field->numbers, &field->strings,
                                  &field->containers};
    ++*counters[kind];
    if (kind == LB_KIND_NULL)
        return LB_OK;
    if (field->last_record != c->records) {
        field->last_record = c->records;
        field->records++;
    }
    if (kind == LB_KIND_CONTAINER)
        return LB_OK;
    bool date = is_date(value);
    lb_day_order order = date ? lb_timestamp_day_order(value) : LB_DAY_OTHERWISE;
    field->day_first += order == LB_DAY_FIRST;
    field->day_second += order == LB_DAY_SECOND;
    field->day_either += order == LB_DAY_EITHER;
    field->half_days += date && (value.data[value.size - 1] | 32) == 'm';
    field->dates += date;
    note_figures(field, value, date);
    field->blanks += is_blank(value);
    field->keys += date || lb_value_is_key(value);
    field->prose += !date && is_prose(value);
    field->roles += lb_role_is_known(value);
    field->bytes += value.size;
    count_distinct(field, value);
    return LB_OK;
}

uint64_t lb_catalogue_records(const lb_catalogue *catalogue) {
    return catalogue->records;
}

const lb_field *lb_catalogue_fields(const lb_catalogue *catalogue, size_t *count) {
    *count = catalogue->count;
    return catalogue->fields;
}

const lb_field *lb_catalogue_find(const lb_catalogue *catalogue, const char *name, lb_path path) {
    lb_str wanted = lb_str_of(name);
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->fields[i].path.count == 1 && lb_str_equal(catalogue->fields[i].name, wanted))
            return &catalogue->fields[i];
    for (size_t i = 0; i < catalogue->count; i++) { /* an XML attribute may go without its @ */
        const lb_field *field = &catalogue->fields[i];
        if (field->path.count == 1 && field->name.size == wanted.size + 1 &&
            field->name.data[0] == '@' &&
            memcmp(field->name.data + 1, wanted.data, wanted.size) == 0)
            return field;
    }
    for (size_t i = 0; path.count > 0 && i < catalogue->count; i++)
        if (lb_path_matches(catalogue->fields[i].path, path))
            return &catalogue->fields[i];
    return NULL;
}

const lb_field *lb_catalogue_nearest(const lb_catalogue *catalogue, const char *name) {
    const lb_field *best = NULL;
    unsigned least = 0;
    for (size_t i = 0; i < catalogue->count; i++) {
        unsigned distance = lb_edit_distance(catalogue->fields[i].name, lb_str_of(name));
        if (!best || distance < least) {
            best = &catalogue->fields[i];
            least = distance;
        }
    }
    return best;
}
