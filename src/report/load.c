#include "base/file.h"
#include "report/json.h"
#include "report/report.h"
#include "report/sqlite.h"

enum { REPORT_LIMIT = 1 << 30 };

int lb_report_load(json_t **document, const char *path, lb_error *error) {
    lb_buffer file = {0};
    int status = lb_file_read(path, REPORT_LIMIT, &file, error);
    if (status == LB_OK) {
        lb_str text = lb_buffer_str(&file);
        status = lb_report_is_sqlite(text) ? lb_report_sqlite_parse(document, text, path, error)
                                           : lb_report_json_parse(document, text, path, error);
    }
    lb_buffer_free(&file);
    return status;
}

int lb_results_read(lb_results **out, const char *path, lb_error *error) {
    json_t *document = NULL;
    int status = lb_report_load(&document, path, error);
    if (status == LB_OK && lb_results_load(out, document, error) < 0)
        status = lb_fail(error, LB_E_INPUT, path,
                         "give a report.json or audit.db that linkback audit wrote",
                         "this is no report of this version of linkback");
    json_decref(document);
    return status;
}
