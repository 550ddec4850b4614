/* The fields that the head of an input was seen to have: what formats are recognised by, what field
 * guesses are made from, what a field named by the user is checked against, and what `linkback
 * inspect` shows. */
#ifndef LB_CORPUS_MAPPING_CATALOGUE_H
#define LB_CORPUS_MAPPING_CATALOGUE_H

#include "corpus/mapping/path.h"

enum { LB_DISTINCT_MAX = 1000 };

typedef struct lb_field {
    lb_path path;
    lb_str name;      /* the path as text: "conversation[].content" */
    uint64_t records; /* records with at least one value here */
    uint64_t strings, numbers, booleans, nulls, containers; /* values, by type */
    uint64_t bytes;                                         /* of its strings */
    uint64_t dates;                             /* values that are points in time of our days */
    uint64_t day_first, day_second, day_either; /* ... by lb_timestamp_day_order */
    uint64_t half_days;                         /* ... with AM or PM */
    uint64_t figures;                           /* plain numbers that are no dates */
    uint64_t digits;      /* values with a digit that are neither dates nor plain numbers */
    uint64_t keys;        /* values that are ids, numbers, dates, addresses */
    uint64_t blanks;      /* values that say nothing */
    uint64_t prose;       /* values of several words */
    uint64_t roles;       /* values that are names of roles: user, assistant, ... */
    uint32_t distinct;    /* values seen, counted up to LB_DISTINCT_MAX */
    uint64_t last_record; /* book-keeping until lb_catalogue_finish */
    uint64_t *seen;
} lb_field;

/* Its values that say something. */
static inline uint64_t lb_field_filled(const lb_field *field) {
    return field->strings + field->numbers + field->booleans - field->blanks;
}

typedef struct lb_catalogue lb_catalogue;

lb_catalogue *lb_catalogue_new(void); /* NULL: out of memory */
void lb_catalogue_free(lb_catalogue *catalogue);

typedef enum lb_kind {
    LB_KIND_NULL,
    LB_KIND_BOOLEAN,
    LB_KIND_NUMBER,
    LB_KIND_STRING,
    LB_KIND_CONTAINER
} lb_kind;

void lb_catalogue_begin_record(lb_catalogue *catalogue);
/* Notes one value. Fields beyond 4,096 different ones are not noted. */
int lb_catalogue_note(lb_catalogue *catalogue, lb_path path, lb_kind kind, lb_str value,
                      lb_error *error);

/* All was noted: frees what only counting needs. */
void lb_catalogue_finish(lb_catalogue *catalogue);

uint64_t lb_catalogue_records(const lb_catalogue *catalogue);
const lb_field *lb_catalogue_fields(const lb_catalogue *catalogue,
                                    size_t *count); /* as first seen */

/* The field a name means: a field of exactly this name at the top of the record (whatever
 * characters it has) or an attribute of that name, else the first that matches the path. NULL:
 * there is none. */
const lb_field *lb_catalogue_find(const lb_catalogue *catalogue, const char *name, lb_path path);
const lb_field *lb_catalogue_nearest(const lb_catalogue *catalogue, const char *name);

#endif
