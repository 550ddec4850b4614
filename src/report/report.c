#include "report/report.h"

#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "report/csv.h"
#include "report/html/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/links.h"
#include "report/markdown.h"
#include "report/sarif.h"
#include "report/sqlite.h"
#include "report/xml.h"

typedef int render_function(const json_t *document, lb_buffer *into, lb_error *error);

static const struct format {
    const char *name, *file;
    render_function *render;
} formats[LB_REPORT_COUNT] = {
    [LB_REPORT_HTML] = {"html", "report.html", lb_report_html},
    [LB_REPORT_JSON] = {"json", "report.json", lb_report_json},
    [LB_REPORT_XML] = {"xml", "report.xml", lb_report_xml},
    [LB_REPORT_SARIF] = {"sarif", "report.sarif", lb_report_sarif},
    [LB_REPORT_JUNIT] = {"junit", "report.junit.xml", lb_report_junit},
    [LB_REPORT_MARKDOWN] = {"markdown", "report.md", lb_report_markdown},
    [LB_REPORT_CSV] = {"csv", "report.csv", lb_report_csv},
    [LB_REPORT_SQLITE] = {"sqlite", "audit.db", lb_report_sqlite},
    [LB_REPORT_LINKS] = {"links", "links.csv", lb_report_links},
};

const char *lb_report_name(lb_report_format format) {
    return formats[format].name;
}

const char *lb_report_file(lb_report_format format) {
    return formats[format].file;
}

bool lb_report_find(const char *name, lb_report_format *format) {
    const char *names[LB_REPORT_COUNT];
    for (size_t i = 0; i < LB_REPORT_COUNT; i++)
        names[i] = formats[i].name;
    *format = (lb_report_format)lb_nearest(name, names, LB_REPORT_COUNT);
    return strcmp(name, names[*format]) == 0;
}

bool lb_results_has_links(const lb_results *results) {
    return json_is_array(lb_results_at(results, "linkability.external.links"));
}

int lb_report_render(const json_t *document, lb_report_format format, lb_buffer *into,
                     lb_error *error) {
    return formats[format].render(document, into, error);
}

/* The folder that a path lies in is made where it is missing. */
static int make_folder_of(const char *path, lb_error *error) {
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return LB_OK;
    lb_buffer folder = {0};
    int status = lb_buffer_append(&folder, path, (size_t)(slash - path), error);
    if (status == LB_OK)
        status = lb_buffer_append(&folder, "", 1, error);
    if (status == LB_OK)
        status = lb_folder_make(folder.data, error);
    lb_buffer_free(&folder);
    return status;
}

/* Renders one report and brings it to disk under its temporary name. */
static int prepare(const json_t *document, const lb_report_target *target, lb_output **output,
                   lb_error *error) {
    lb_buffer text = {0};
    int status = lb_report_render(document, target->format, &text, error);
    if (status == LB_OK)
        status = make_folder_of(target->path, error);
    if (status == LB_OK)
        status = lb_output_open(output, target->path, error);
    if (status == LB_OK) {
        fwrite(text.data, 1, text.size, lb_output_stream(*output));
        status = lb_output_finish(*output, error);
    }
    lb_buffer_free(&text);
    return status;
}

int lb_report_write(const lb_results *results, const lb_report_target *targets, size_t count,
                    lb_error *error) {
    json_t *document = NULL;
    lb_output **outputs = lb_alloc_zero(count, sizeof *outputs);
    int status = outputs ? lb_results_document(results, &document, error)
                         : lb_fail_memory(error, "writing the reports");
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = prepare(document, &targets[i], &outputs[i], error);
    if (status == LB_OK)
        status = lb_outputs_commit(outputs, count, error);
    for (size_t i = 0; outputs && i < count; i++)
        lb_output_abandon(outputs[i]);
    lb_free(outputs);
    json_decref(document);
    return status;
}
