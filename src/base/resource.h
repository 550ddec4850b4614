/* Data files of the source tree that are built into the library: datasets/NAME/format.yaml,
 * reports/profiles/NAME.yaml, reports/report.css, ... The program needs no file at run time. */
#ifndef LB_BASE_RESOURCE_H
#define LB_BASE_RESOURCE_H

#include "base/str.h"

typedef struct lb_resource {
    const char *path; /* as in the source tree: "datasets/wildchat/format.yaml" */
    lb_str content;
} lb_resource;

const lb_resource *lb_resource_find(const char *path); /* NULL: no such file */
const lb_resource *lb_resource_all(size_t *count);     /* sorted by path */

#endif
