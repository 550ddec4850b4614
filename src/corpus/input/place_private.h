/* What the files that find places share. */
#ifndef LB_CORPUS_INPUT_PLACE_PRIVATE_H
#define LB_CORPUS_INPUT_PLACE_PRIVATE_H

#include <sys/types.h>

#include "base/str.h"
#include "corpus/input/place.h"

/* A file on disk, whatever its path. */
typedef struct lb_file_id {
    dev_t device;
    ino_t number;
} lb_file_id;

typedef struct lb_finder {
    lb_places *places;
    const lb_named_file *named; /* that exist */
    const lb_file_id *named_ids;
    size_t named_count;
    size_t archives;   /* within others, looked into so far */
    uint64_t unpacked; /* of them */
    const char *root;  /* the folder that was given, as realpath shows it; NULL: none was */
    lb_arena *arena;
    lb_error *error;
} lb_finder;

int lb_finder_add(lb_finder *finder, lb_place place);
/* The path stays; `why` is copied. */
int lb_finder_leave_out(lb_finder *finder, const char *path, const char *why, bool unread);
int lb_finder_fail_memory(lb_finder *finder);

/* `a`, `between`, `b`, in the arena; NULL: out of memory. */
char *lb_finder_join(lb_finder *finder, const char *a, char between, const char *b);

/* Adds the members of an archive, and of archives within it. What cannot be read of it is left out,
 * the whole of it if need be. */
int lb_finder_archive(lb_finder *finder, const char *file, const char *label);

#endif
