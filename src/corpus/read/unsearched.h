/* Fields that no measure looks at: they occur in the inputs and are part of no mapping, so that they
 * would be published unseen. Each block keeps its own, and the corpus takes them over; a field that
 * is not looked at stands for all that is below it. */
#ifndef LB_CORPUS_READ_UNSEARCHED_H
#define LB_CORPUS_READ_UNSEARCHED_H

#include "base/memory.h"
#include "corpus/mapping/plan.h"

enum { LB_UNSEARCHED_MAX = 10000 }; /* listed and counted; there may be more */

typedef struct lb_unsearched_field {
    lb_str path;
    uint64_t values; /* that are neither missing nor empty */
    uint32_t source; /* of the first of them, as line and byte */
    uint64_t line, byte;
    const char *file;      /* beside the messages, in which it is; NULL: it is of the source */
    const lb_str *columns; /* of a table that was not read */
    size_t column_count;
} lb_unsearched_field;

typedef struct lb_unsearched { /* {0} is empty */
    lb_arena *arena;
    lb_unsearched_field *items;
    size_t count, capacity;
    uint32_t *table;     /* number + 1, by the path's hash; 0: free */
    uint64_t line, byte; /* of the record under way */
    bool more;           /* there are others than those listed */
} lb_unsearched;

/* *number is the field's, or UINT32_MAX where the list is full. */
int lb_unsearched_find(lb_unsearched *fields, lb_str path, uint32_t *number, lb_error *error);
void lb_unsearched_count(lb_unsearched *fields, uint32_t number); /* a value of the record */
int lb_unsearched_note(lb_unsearched *fields, lb_str path, lb_error *error); /* both */
/* Those places of the record in `frames` whose values no slot took, as where a better place had one
 * too; `record` is how their paths begin. */
int lb_unsearched_note_lost(lb_unsearched *fields, const lb_plan *plan, const lb_frames *frames,
                            lb_str record, lb_error *error);
/* A field with all that is known of it; only what it points to must last. */
int lb_unsearched_add(lb_unsearched *fields, const lb_unsearched_field *field, lb_error *error);
/* Adds the values of a block, and forgets them there; its fields keep their numbers. */
int lb_unsearched_take(lb_unsearched *fields, lb_unsearched *block, uint32_t source,
                       lb_error *error);
void lb_unsearched_sort(lb_unsearched *fields); /* by path; then none can be added */
void lb_unsearched_free(lb_unsearched *fields);

#endif
