#include "reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

/* Python writes NaN, which JSON has not. */
static void mend_numbers(char *text) {
    for (char *at = text; (at = strstr(at, "NaN"));)
        memcpy(at, "0e0", 3);
    for (char *at = text; (at = strstr(at, "Infinity"));)
        memcpy(at, "1e300   ", 8);
}

json_t *reference_load(const char *name) {
    char file[256];
    snprintf(file, sizeof file, "reference/%s", name);
    const char *path = shared_path(file);
    if (!path)
        skip();
    lb_buffer text = {0};
    assert_int_equal(lb_file_read(path, SIZE_MAX / 2, &text, NULL), 0);
    assert_int_equal(lb_buffer_append(&text, "", 1, NULL), 0);
    mend_numbers(text.data);
    json_t *json = strstr(name, ".jsonl") ? json_array() : json_loads(text.data, 0, NULL);
    for (char *line = text.data, *end; strstr(name, ".jsonl") && (end = strchr(line, '\n'));
         line = end + 1)
        json_array_append_new(json, json_loadb(line, (size_t)(end - line), 0, NULL));
    lb_buffer_free(&text);
    assert_non_null(json);
    return json;
}

static void fill_names(const json_t *names, const char **list, size_t room) {
    size_t count = json_array_size(names);
    assert_true(count < room);
    for (size_t i = 0; i < count; i++) {
        list[i] = json_string_value(json_array_get(names, i));
        assert_non_null(list[i]);
    }
    list[count] = NULL;
}

table_fixture *reference_table(const char *file, const json_t *names, const json_t *sensitive,
                               const char *weight, const char *missing) {
    char data[256];
    const char *quasi[64], *fields[64];
    snprintf(data, sizeof data, "reference/data/%s", file);
    const char *path = shared_path(data);
    if (!path)
        return NULL;
    fill_names(names, quasi, 64);
    fill_names(sensitive, fields, 64);
    return table_fixture_file(path, &(table_roles){.quasi_identifiers = quasi,
                                                   .sensitive = fields,
                                                   .weight = weight,
                                                   .missing = missing});
}

const char *textbook_file(const json_t *entry) {
    const char *name = json_string_value(json_object_get(entry, "data"));
    if (strcmp(name, "adult_pycanon_raw.csv") == 0)
        return "adult.csv";
    return strncmp(name, "pycanon_", 8) == 0 ? name + 8 : name;
}

double reference_number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        fail_msg("the reference has no number \"%s\"", key);
    return json_number_value(value);
}

void assert_close(double got, double want, double relative, const char *what) {
    double larger = fmax(fabs(got), fabs(want));
    if (!(fabs(got - want) <= relative * larger + 1e-12))
        fail_msg("%s: %.17g, should be %.17g", what, got, want);
}
