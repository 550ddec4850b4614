/* Which roles the turns of a corpus have: what a list of roles is checked against once all is read.
 */
#ifndef LB_CORPUS_MAPPING_ROLES_SEEN_H
#define LB_CORPUS_MAPPING_ROLES_SEEN_H

#include "base/str.h"
#include "linkback/error.h"

enum { LB_ROLES_SEEN = 64, LB_ROLE_SIZE = 32 };

typedef struct lb_roles_seen {               /* {0} is empty */
    char names[LB_ROLES_SEEN][LB_ROLE_SIZE]; /* longer ones cut */
    size_t sizes[LB_ROLES_SEEN];
    bool asked[LB_ROLES_SEEN], listed[LB_ROLES_SEEN]; /* by lb_roles_add */
    size_t count, last;
    bool more; /* there are others */
} lb_roles_seen;

/* Also says whether the role is one of the comma list, which is the same in every call. */
bool lb_roles_add(lb_roles_seen *seen, lb_str role, const char *list);
void lb_roles_merge(lb_roles_seen *seen, const lb_roles_seen *more);
/* LB_E_USAGE: a role of the comma list is nobody's. Names of people's roles are no mistake where no
 * turn has any role. */
int lb_roles_check(lb_roles_seen *seen, const char *list, lb_error *error);

#endif
