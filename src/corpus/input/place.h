/* Places: what the inputs of a corpus are, one by one. An input as given is a file, a folder (every
 * file in it of a known kind, sorted by name, subfolders too), a glob that the shell did not
 * expand, "-" (standard input), or a query ("duckdb:SELECT ..."). A zip archive stands for its
 * members. All strings belong to the arena.
 */
#ifndef LB_CORPUS_INPUT_PLACE_H
#define LB_CORPUS_INPUT_PLACE_H

#include <stdbool.h>

#include "base/memory.h"

typedef struct lb_place {
    const char *path;   /* to show: "logs/a.jsonl", "a.zip!chat.txt", "-", "duckdb:SELECT ..." */
    const char *file;   /* to open: the file, the archive, or "-" */
    const char *member; /* in an archive, else NULL */
    const char *table;  /* of a database, if one was named, else NULL */
    size_t ordinal;     /* of the member among all entries of the archive */
    /* Names keys that are derived from a record's place. It does not change when the corpus is
     * moved elsewhere: the path below the folder that was given, or the file's name; the whole path
     * only where two inputs would have the same. */
    const char *label;
    bool found; /* in a folder or an archive, rather than named by the user */
} lb_place;

typedef struct lb_places {
    lb_place *items; /* lb_free */
    size_t count, capacity;
} lb_places;

/* LB_E_INPUT if an input does not exist, or if a folder, glob or archive holds nothing of a known
 * kind. Known kinds (in folders and archives): jsonl ndjson json csv tsv tab xml txt log, also with
 * gz zst xz bz2 behind; in folders also zip archives, and db sqlite sqlite3 parquet. Names that
 * begin with a dot are left out. */
int lb_places_find(lb_places *places, const char *const *inputs, size_t count, lb_arena *arena,
                   lb_error *error);
void lb_places_free(lb_places *places);

/* Does it begin with "duckdb:", so that it is a query and no file? */
bool lb_place_is_query(const char *input);

#endif
