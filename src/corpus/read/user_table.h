/* What another file says of the users: values by user, in memory. Of several records of one user
 * the first counts. */
#ifndef LB_CORPUS_READ_USER_TABLE_H
#define LB_CORPUS_READ_USER_TABLE_H

#include "base/memory.h"
#include "base/str.h"

typedef struct lb_user_row {
    lb_str user;
    const lb_str *values; /* [value_count] */
} lb_user_row;

typedef struct lb_user_table { /* {0} is empty; copies lie in the arena given */
    size_t value_count;
    lb_user_row *items;
    size_t count, capacity;
    uint32_t *slots; /* [slot_count]: number of a person + 1, by hash of the key */
    size_t slot_count;
} lb_user_table;

int lb_user_table_add(lb_user_table *table, lb_str user, const lb_str *values, lb_arena *arena,
                      lb_error *error);
/* All were added: makes them findable. `where` names the file in errors. */
int lb_user_table_finish(lb_user_table *table, const char *where, lb_error *error);
void lb_user_table_free(lb_user_table *table);

/* The values of a user; NULL: the file says nothing of this one. */
const lb_str *lb_user_table_find(const lb_user_table *table, lb_str user);

#endif
