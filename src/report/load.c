#include "base/file.h"
#include "report/json.h"
#include "report/report.h"

enum { REPORT_LIMIT = 1 << 30 };

int lb_report_load(json_t **document, const char *path, lb_error *error) {
    lb_buffer file = {0};
    int status = lb_file_read(path, REPORT_LIMIT, &file, error);
    if (status == LB_OK)
        status = lb_report_json_parse(document, lb_buffer_str(&file), path, error);
    lb_buffer_free(&file);
    return status;
}
