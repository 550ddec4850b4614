#include "report/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/report.h"
#include "results/stored.h"

json_t *fixture_load(void) {
    json_t *document = NULL;
    lb_error error = {0};
    assert_int_equal(lb_stored_load(&document, HARBOUR, &error), LB_OK);
    return document;
}

/* These texts decide what is written, and are chosen by linkback, never by a corpus. */
static bool is_structure(const char *key) {
    static const char *const KEYS[] = {"schema", "verdict", "severity", "unit", "worse", "kind"};
    for (size_t i = 0; key && i < sizeof KEYS / sizeof *KEYS; i++)
        if (strcmp(key, KEYS[i]) == 0)
            return true;
    return false;
}

static json_t *hostile_copy(const json_t *value, const char *key, const char *text, size_t size) {
    const char *name;
    json_t *item, *copy;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return is_structure(key) ? json_deep_copy(value) : json_stringn(text, size);
    case JSON_OBJECT:
        copy = json_object();
        json_object_foreach((json_t *)value, name, item) {
            json_object_set_new(copy, name, hostile_copy(item, name, text, size));
        }
        return copy;
    case JSON_ARRAY:
        copy = json_array();
        for (size_t i = 0; i < json_array_size(value); i++)
            json_array_append_new(copy, hostile_copy(json_array_get(value, i), NULL, text, size));
        return copy;
    default:
        return json_deep_copy(value);
    }
}

json_t *fixture_hostile(const char *text, size_t size) {
    json_t *document = fixture_load();
    json_t *copy = hostile_copy(document, NULL, text, size);
    json_decref(document);
    if (strlen(text) == size) {
        json_t *libraries = json_object_get(json_object_get(copy, "tool"), "libraries");
        json_object_set_new(libraries, text, json_string("1"));
        json_t *metric = json_pack("{s:n, s:s, s:s, s:s}", "value", "why", text, "unit", "share",
                                   "worse", "higher");
        json_object_set_new(json_object_get(copy, "metrics"), text, metric);
    }
    return copy;
}

char *fixture_render(const json_t *document, int format, size_t *size) {
    lb_buffer into = {0};
    lb_error error = {0};
    assert_int_equal(lb_report_render(document, (lb_report_format)format, &into, &error), LB_OK);
    assert_int_equal(lb_buffer_append(&into, "", 1, NULL), LB_OK);
    *size = into.size - 1;
    return into.data;
}
