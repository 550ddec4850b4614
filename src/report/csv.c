#include "report/csv.h"

#include <string.h>

#include "results/number.h"

static const char head[] = "table,row,field,value\r\n";

typedef struct writer {
    lb_buffer *into;
    lb_error *error;
    lb_buffer table, row; /* where the value stands; grown and cut back on the way */
    int status;
} writer;

static void put(writer *w, const char *data, size_t size) {
    if (w->status == LB_OK)
        w->status = lb_buffer_append(w->into, data, size, w->error);
}

/* A cell, quoted where it must be; `guard`: it is text, and must not become a formula. */
static void cell(writer *w, lb_str text, bool guard) {
    bool formula = guard && text.size > 0 && memchr("=+-@\t\r", text.data[0], 6);
    bool quoted = formula;
    for (size_t i = 0; !quoted && i < text.size; i++)
        quoted = memchr(",\"\r\n", text.data[i], 4) != NULL;
    if (quoted)
        put(w, "\"", 1);
    if (formula)
        put(w, "'", 1);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            put(w, "\"", 1);
        put(w, text.data[i] ? text.data + i : "\xEF\xBF\xBD", text.data[i] ? 1 : 3);
    }
    if (quoted)
        put(w, "\"", 1);
}

static void value_cell(writer *w, const json_t *value) {
    char number[LB_NUMBER_MAX];
    if (json_is_string(value))
        cell(w, (lb_str){json_string_value(value), json_string_length(value)}, true);
    else if (json_is_number(value)) {
        lb_number_format(json_number_value(value), number);
        cell(w, lb_str_of(number), false);
    } else if (json_is_boolean(value))
        cell(w, lb_str_of(json_is_true(value) ? "true" : "false"), false);
}

int lb_csv_put_value(const json_t *value, lb_buffer *into, lb_error *error) {
    writer w = {.into = into, .error = error};
    value_cell(&w, value);
    return w.status;
}

static void line(writer *w, const char *field, const json_t *value) {
    cell(w, lb_buffer_str(&w->table), true);
    put(w, ",", 1);
    cell(w, lb_buffer_str(&w->row), true);
    put(w, ",", 1);
    cell(w, lb_str_of(field), true);
    put(w, ",", 1);
    value_cell(w, value);
    put(w, "\r\n", 2);
}

/* Appends a step to a dotted path. */
static void step(writer *w, lb_buffer *path, const char *name) {
    if (w->status == LB_OK)
        w->status = lb_buffer_printf(path, w->error, "%s%s", path->size ? "." : "", name);
}

static void number_step(writer *w, lb_buffer *path, size_t number) {
    if (w->status == LB_OK)
        w->status = lb_buffer_printf(path, w->error, "%s%zu", path->size ? "." : "", number);
}

static bool is_plain(const json_t *value) {
    return !json_is_object(value) && !json_is_array(value);
}

static void walk(writer *w, const json_t *value, bool names_rows);

/* Members that are values are fields of this row; those that are objects or lists are tables. */
static void walk_object(writer *w, const json_t *object, bool names_rows) {
    const char *name;
    json_t *member;
    size_t table = w->table.size, row = w->row.size;
    json_object_foreach((json_t *)object, name, member) {
        if (is_plain(member)) {
            line(w, name, member);
            continue;
        }
        step(w, names_rows ? &w->row : &w->table, name);
        walk(w, member, false);
        w->table.size = table;
        w->row.size = row;
    }
}

static void walk_list(writer *w, const json_t *list) {
    size_t row = w->row.size;
    char field[LB_NUMBER_MAX];
    for (size_t i = 0; w->status == LB_OK && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (is_plain(item)) {
            lb_number_format((double)(i + 1), field);
            line(w, field, item);
            continue;
        }
        number_step(w, &w->row, i + 1);
        walk(w, item, false);
        w->row.size = row;
    }
}

/* `names_rows`: the members of the object are rows of one table, as the metrics are. */
static void walk(writer *w, const json_t *value, bool names_rows) {
    if (json_is_object(value))
        walk_object(w, value, names_rows);
    else
        walk_list(w, value);
}

int lb_report_csv(const json_t *document, lb_buffer *into, lb_error *error) {
    writer w = {.into = into, .error = error};
    const char *name;
    json_t *section;
    put(&w, head, sizeof head - 1);
    json_object_foreach((json_t *)document, name, section) {
        w.table.size = w.row.size = 0;
        if (is_plain(section)) {
            line(&w, name, section);
            continue;
        }
        step(&w, &w.table, name);
        walk(&w, section, strcmp(name, "metrics") == 0);
    }
    lb_buffer_free(&w.table);
    lb_buffer_free(&w.row);
    return w.status;
}
