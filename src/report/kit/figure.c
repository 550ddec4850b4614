#include "report/kit/figure.h"

#include <string.h>

#include "results/number.h"

lb_figure lb_figure_of(const json_t *document, const char *metric) {
    const json_t *object = json_object_get(json_object_get(document, "metrics"), metric);
    const json_t *value = json_object_get(object, "value");
    const json_t *low = json_object_get(object, "low"), *high = json_object_get(object, "high");
    const char *unit = json_string_value(json_object_get(object, "unit"));
    const char *why = json_string_value(json_object_get(object, "why"));
    lb_figure figure = {.unit = unit ? unit : "", .why = why ? why : "not measured"};
    if (!json_is_number(value))
        return figure;
    figure.known = true;
    figure.value = json_number_value(value);
    figure.has_interval = json_is_number(low) && json_is_number(high);
    figure.low = json_number_value(low);
    figure.high = json_number_value(high);
    return figure;
}

int lb_figure_print(const lb_figure *figure, int digits, bool interval, lb_buffer *into,
                    lb_error *error) {
    char value[LB_NUMBER_MAX], low[LB_NUMBER_MAX], high[LB_NUMBER_MAX];
    if (!figure->known)
        return lb_buffer_printf(into, error, "not known");
    lb_number_display(figure->value, figure->unit, digits, value);
    if (!interval || !figure->has_interval)
        return lb_buffer_printf(into, error, "%s", value);
    lb_number_display(figure->low, figure->unit, digits, low);
    lb_number_display(figure->high, figure->unit, digits, high);
    char *percent = strstr(low, "\xC2\xA0%"); /* said once, behind the upper end */
    if (percent)
        *percent = '\0';
    return lb_buffer_printf(into, error, "%s (%s to %s)", value, low, high);
}

const json_t *lb_document_at(const json_t *document, const char *path) {
    const char *dot;
    while (document && (dot = strchr(path, '.'))) {
        document = json_object_getn(document, path, (size_t)(dot - path));
        path = dot + 1;
    }
    return json_object_get(document, path);
}

bool lb_document_number(const json_t *document, const char *path, double *value) {
    const json_t *number = lb_document_at(document, path);
    if (!json_is_number(number))
        return false;
    *value = json_number_value(number);
    return true;
}

bool lb_document_has(const json_t *document, const char *path) {
    const json_t *part = lb_document_at(document, path);
    return json_object_size(part) > 0 || json_array_size(part) > 0;
}

const char *lb_document_units(const json_t *document) {
    const char *unit = json_string_value(lb_document_at(document, "corpus.unit"));
    if (unit && strcmp(unit, "conversation") == 0)
        return "conversations";
    return unit && strcmp(unit, "record") == 0 ? "records" : "people";
}

bool lb_document_revealed(const json_t *document) {
    return json_is_true(lb_document_at(document, "run.revealed"));
}
