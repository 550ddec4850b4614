/* report.junit.xml: a test case per check of the policies, in the part of JUnit's XML that is valid
 * under both schemas in use (Ant's and Jenkins's). Only a broken rule of severity error fails; what
 * could not be computed is an error; a waiver skips; warnings stand in system-out. */
#ifndef LB_REPORT_JUNIT_H
#define LB_REPORT_JUNIT_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_junit(const json_t *document, lb_buffer *into, lb_error *error);

#endif
