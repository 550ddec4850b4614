#include "report/report.h"

#include <string.h>

#include "audit/nearest.h"
#include "base/file.h"
#include "report/html.h"
#include "report/json.h"
#include "report/sqlite.h"

typedef int render_function(const json_t *document, lb_buffer *into, lb_error *error);

static const struct format {
    const char *name, *file;
    render_function *render;
} FORMATS[LB_REPORT_COUNT] = {
    [LB_REPORT_HTML] = {"html", "report.html", lb_report_html},
    [LB_REPORT_JSON] = {"json", "report.json", lb_report_json},
    [LB_REPORT_SQLITE] = {"sqlite", "audit.db", lb_report_sqlite},
};

const char *lb_report_name(lb_report_format format) {
    return FORMATS[format].name;
}

const char *lb_report_file(lb_report_format format) {
    return FORMATS[format].file;
}

bool lb_report_find(const char *name, lb_report_format *format) {
    const char *names[LB_REPORT_COUNT];
    for (size_t i = 0; i < LB_REPORT_COUNT; i++)
        names[i] = FORMATS[i].name;
    *format = (lb_report_format)lb_nearest(name, names, LB_REPORT_COUNT);
    return strcmp(name, names[*format]) == 0;
}

int lb_report_render(const json_t *document, lb_report_format format, lb_buffer *into,
                     lb_error *error) {
    return FORMATS[format].render(document, into, error);
}

int lb_report_write(const lb_results *results, lb_report_format format, const char *path,
                    lb_error *error) {
    json_t *document = NULL;
    lb_buffer text = {0};
    int status = lb_results_document(results, &document, error);
    if (status == LB_OK)
        status = lb_report_render(document, format, &text, error);
    if (status == LB_OK)
        status = lb_file_write(path, lb_buffer_str(&text), error);
    lb_buffer_free(&text);
    json_decref(document);
    return status;
}
