#include "corpus/mapping/roles_seen.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/mapping/role.h"

static lb_str name_of(const lb_roles_seen *seen, size_t i) {
    return (lb_str){seen->names[i], seen->sizes[i]};
}

/* The place of a role; LB_ROLES_SEEN: there is no more room. */
static size_t place_of(lb_roles_seen *seen, lb_str role) {
    role.size = role.size < LB_ROLE_SIZE ? role.size : LB_ROLE_SIZE;
    if (seen->count > 0 && lb_str_equal(name_of(seen, seen->last), role))
        return seen->last;
    for (size_t i = 0; i < seen->count; i++)
        if (lb_str_equal(name_of(seen, i), role))
            return seen->last = i;
    if (seen->count == LB_ROLES_SEEN) {
        seen->more = true;
        return LB_ROLES_SEEN;
    }
    seen->last = seen->count++;
    memcpy(seen->names[seen->last], role.data, role.size);
    seen->sizes[seen->last] = role.size;
    return seen->last;
}

bool lb_roles_add(lb_roles_seen *seen, lb_str role, const char *list) {
    size_t place = place_of(seen, role);
    if (place == LB_ROLES_SEEN || role.size >= LB_ROLE_SIZE)
        return lb_list_has(role, list);
    if (!seen->asked[place]) {
        seen->asked[place] = true;
        seen->listed[place] = lb_list_has(role, list);
    }
    return seen->listed[place];
}

void lb_roles_merge(lb_roles_seen *seen, const lb_roles_seen *more) {
    for (size_t i = 0; i < more->count; i++)
        place_of(seen, name_of(more, i));
    seen->more = seen->more || more->more;
}

static int compare_names(const void *a, const void *b) {
    return lb_str_compare(*(const lb_str *)a, *(const lb_str *)b);
}

static int unknown_role(const lb_roles_seen *seen, lb_str role, lb_error *error) {
    char mend[LB_ERROR_MEND_MAX] = "leave --roles out, or name the field with --map role=FIELD";
    lb_str names[LB_ROLES_SEEN];
    for (size_t i = 0; i < seen->count; i++)
        names[i] = name_of(seen, i);
    qsort(names, seen->count, sizeof *names, compare_names);
    size_t used = 0;
    for (size_t i = 0; i < seen->count && used + LB_ROLE_SIZE + 16 < sizeof mend; i++)
        used +=
            (size_t)snprintf(mend + used, sizeof mend - used, "%s%.*s",
                             i == 0 ? "the roles are " : ", ", (int)names[i].size, names[i].data);
    return lb_fail(error, LB_E_USAGE, "--roles", mend, "no message has the role \"%.*s\"",
                   (int)role.size, role.data);
}

int lb_roles_check(lb_roles_seen *seen, const char *list, lb_error *error) {
    while (*list) {
        list += strspn(list, ", ");
        lb_str role = {list, strcspn(list, ",")};
        list += role.size;
        while (role.size > 0 && role.data[role.size - 1] == ' ')
            role.size--;
        char wanted[LB_ROLE_SIZE + 1];
        snprintf(wanted, sizeof wanted, "%.*s", (int)role.size, role.data);
        bool found = role.size == 0 || seen->more ||
                     (seen->count == 0 && lb_list_has(role, LB_ROLES_OF_PEOPLE));
        for (size_t i = 0; !found && i < seen->count; i++)
            found = lb_list_has(name_of(seen, i), wanted);
        if (!found)
            return unknown_role(seen, role, error);
    }
    return LB_OK;
}
