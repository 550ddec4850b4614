/* What cmake/embed.py writes and resource.c reads. */
#ifndef LB_BASE_RESOURCE_TABLE_H
#define LB_BASE_RESOURCE_TABLE_H

#include "base/resource.h"

extern const size_t lb_resource_count;
extern const lb_resource lb_resources[]; /* sorted by path, ended by a NULL path */

#endif
