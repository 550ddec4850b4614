#include "report/links.h"

#include "report/csv.h"
#include "report/kit/figure.h"

static const char *const columns[] = {"a",     "b",       "probability", "margin",
                                      "words", "signals", "right"};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

/* The names of a list, with blanks between them. */
static int put_names(const json_t *names, lb_buffer *into, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < json_array_size(names); i++) {
        if (i > 0)
            status = lb_buffer_append(into, " ", 1, error);
        if (status == LB_OK)
            status = lb_csv_put_value(json_array_get(names, i), into, error);
    }
    return status;
}

static int put_link(const json_t *link, lb_buffer *into, lb_error *error) {
    int status = LB_OK;
    for (size_t c = 0; status == LB_OK && c < COLUMN_COUNT; c++) {
        const json_t *value = lb_lookup(link, columns[c]);
        if (c > 0)
            status = lb_buffer_append(into, ",", 1, error);
        if (status == LB_OK)
            status = json_is_array(value) ? put_names(value, into, error)
                                          : lb_csv_put_value(value, into, error);
    }
    return status == LB_OK ? lb_buffer_append(into, "\r\n", 2, error) : status;
}

int lb_report_links(const json_t *document, lb_buffer *into, lb_error *error) {
    const json_t *links = lb_lookup_if(document, "linkability.external.links");
    int status = LB_OK;
    for (size_t c = 0; status == LB_OK && c < COLUMN_COUNT; c++)
        status = lb_buffer_printf(into, error, "%s%s", c > 0 ? "," : "", columns[c]);
    if (status == LB_OK)
        status = lb_buffer_append(into, "\r\n", 2, error);
    for (size_t i = 0; status == LB_OK && i < json_array_size(links); i++)
        status = put_link(json_array_get(links, i), into, error);
    return status;
}
