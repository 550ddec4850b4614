#include "report/kit/lookup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char lb_not_known[] = "not known";

static _Thread_local struct {
    size_t count;
    char last[64];
} missed;

static void miss(const char *path) {
    missed.count++;
    snprintf(missed.last, sizeof missed.last, "%s", path);
}

size_t lb_lookup_missed(const char **last) {
    size_t count = missed.count;
    missed.count = 0;
    *last = missed.last;
    return count;
}

/* Names of metrics and thresholds have dots of their own, so that the whole path is tried first. */
const json_t *lb_lookup_if(const json_t *in, const char *path) {
    const char *dot = strchr(path, '.');
    const json_t *found = json_object_get(in, path);
    if (found || !dot)
        return found;
    return lb_lookup_if(json_object_getn(in, path, (size_t)(dot - path)), dot + 1);
}

const json_t *lb_lookup(const json_t *in, const char *path) {
    const json_t *found = lb_lookup_if(in, path);
    if (!found)
        miss(path);
    return found;
}

const json_t *lb_lookup_key(const json_t *in, const char *key) {
    return *key == '?' ? lb_lookup_if(in, key + 1) : lb_lookup(in, key);
}

static double number_of(const json_t *value) {
    return json_is_number(value) ? json_number_value(value) : NAN;
}

double lb_lookup_number(const json_t *in, const char *path) {
    return number_of(lb_lookup(in, path));
}

double lb_lookup_number_if(const json_t *in, const char *path) {
    return number_of(lb_lookup_if(in, path));
}

double lb_lookup_item(const json_t *list, size_t index) {
    const json_t *value = json_array_get(list, index);
    if (!value)
        miss("an item of a list");
    return number_of(value);
}

const char *lb_lookup_text_or_null(const json_t *in, const char *path) {
    return json_string_value(lb_lookup(in, path));
}

const char *lb_lookup_text(const json_t *in, const char *path) {
    const char *text = lb_lookup_text_or_null(in, path);
    return text ? text : lb_not_known;
}

const char *lb_lookup_text_if(const json_t *in, const char *path) {
    return json_string_value(lb_lookup_if(in, path));
}

bool lb_lookup_is(const json_t *in, const char *path, const char *text) {
    return strcmp(lb_lookup_text(in, path), text) == 0;
}

bool lb_lookup_flag(const json_t *in, const char *path) {
    return json_is_true(lb_lookup(in, path));
}
