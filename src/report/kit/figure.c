#include "report/kit/figure.h"

#include <math.h>
#include <string.h>

#include "results/metric.h"
#include "results/number.h"

static const char not_measured[] = "not measured"; /* as results.c says of what no section set */

lb_figure lb_figure_of(const json_t *document, const char *metric) {
    const json_t *object = lb_lookup(lb_lookup(document, "metrics"), metric);
    lb_figure figure = lb_figure_at(object, "value", "low", "high");
    const char *unit = lb_lookup_text_if(object, "unit"), *why = lb_lookup_text_if(object, "why");
    figure.unit = unit ? unit : "";
    figure.why = why ? why : not_measured;
    return figure;
}

bool lb_figure_is_unmeasured(const lb_figure *figure) {
    return !figure->known && strcmp(figure->why, not_measured) == 0;
}

lb_figure lb_figure_at(const json_t *in, const char *value, const char *low, const char *high) {
    lb_figure figure = {.value = in ? lb_lookup_number(in, value) : NAN,
                        .low = lb_lookup_number_if(in, low),
                        .high = lb_lookup_number_if(in, high),
                        .unit = "share",
                        .why = lb_not_known};
    figure.known = !isnan(figure.value);
    figure.has_interval = !isnan(figure.low) && !isnan(figure.high);
    return figure;
}

int lb_figure_print(const lb_figure *figure, int digits, bool interval, lb_buffer *into,
                    lb_error *error) {
    char value[LB_NUMBER_MAX], low[LB_NUMBER_MAX], high[LB_NUMBER_MAX];
    if (!figure->known)
        return lb_buffer_printf(into, error, "%s", lb_not_known);
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

bool lb_document_has(const json_t *document, const char *path) {
    const json_t *part = lb_lookup_if(document, path);
    return json_object_size(part) > 0 || json_array_size(part) > 0;
}

int lb_document_phrase(const json_t *document, const char *text, lb_buffer *into, lb_error *error) {
    const char *unit = lb_lookup_text_if(document, "corpus.unit");
    return lb_metric_phrase(text, unit ? unit : "user", into, error);
}

const char *lb_document_units(const json_t *document) {
    if (lb_lookup_is(document, "corpus.unit", "conversation"))
        return "conversations";
    return lb_lookup_is(document, "corpus.unit", "record") ? "rows" : "people";
}

int lb_document_units_print(const json_t *document, double count, lb_buffer *into,
                            lb_error *error) {
    static const char *const ONE[] = {"person", "conversation", "row"};
    const char *many = lb_document_units(document);
    char number[LB_NUMBER_MAX];
    lb_number_display(count, "", 3, number);
    const char *one = ONE[*many == 'p' ? 0 : *many == 'c' ? 1 : 2];
    return lb_buffer_printf(into, error, "%s %s", number, count == 1 ? one : many);
}

double lb_document_count(const json_t *document) {
    double units = lb_lookup_number_if(document, "corpus.units");
    return isnan(units) ? lb_lookup_number(document, "corpus.users") : units;
}

bool lb_document_revealed(const json_t *document) {
    return lb_lookup_flag(document, "run.revealed");
}
