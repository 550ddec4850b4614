/* The public face of the summary (linkback.h). */
#include "report/report.h"
#include "report/summary.h"

int lb_summary(const lb_results *results, const lb_report_target *written, size_t written_count,
               const lb_summary_style *style, char **text, lb_error *error) {
    const char **paths = lb_alloc(written_count, sizeof *paths);
    json_t *document = NULL;
    int status = paths ? lb_results_document(results, &document, error)
                       : lb_fail_memory(error, "summing up");
    size_t files = 0;
    for (size_t i = 0; paths && i < written_count; i++)
        if (strcmp(written[i].path, "-") != 0)
            paths[files++] = written[i].path;
    lb_buffer buffer = {0};
    const lb_summary_options options = {.width = style->columns,
                                        .colour = style->colours,
                                        .verbose = style->verbose,
                                        .program = style->program,
                                        .reports = paths,
                                        .report_count = files};
    if (status == LB_OK)
        status = lb_report_summary(document, &options, &buffer, error);
    if (status == LB_OK)
        status = lb_buffer_append(&buffer, "", 1, error);
    json_decref(document);
    lb_free(paths);
    if (status < 0)
        lb_buffer_free(&buffer);
    else
        *text = buffer.data;
    return status;
}
