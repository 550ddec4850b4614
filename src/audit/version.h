/* Versions: linkback's own and those of the libraries linked in, for --version and for every
 * report. */
#ifndef LB_AUDIT_VERSION_H
#define LB_AUDIT_VERSION_H

#include <jansson.h>

json_t *lb_version_libraries(void); /* {"gsl": "2.7.1", ...}; NULL: out of memory */

#endif
