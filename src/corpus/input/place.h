/* Places: what the inputs of a corpus are, one by one. An input as given is a file, a folder (every
 * file in it of a known kind, sorted by name, subfolders too), a glob that the shell did not
 * expand, "-" (standard input), or a query ("duckdb:SELECT ..."). What exists under just that name is no pattern, and
 * must not be a query too. An archive stands for its
 * members, an archive within it for its own. What is found and not read is listed as well, each file with its reason. All strings
 * belong to the arena.
 */
#ifndef LB_CORPUS_INPUT_PLACE_H
#define LB_CORPUS_INPUT_PLACE_H

#include "corpus/input/left_out.h"

typedef struct lb_place {
    const char
        *path; /* to show: "logs/a.jsonl", "a.zip!b.tar!chat.txt", "-", "duckdb:SELECT ..." */
    const char *file;   /* to open: the file, the archive, or "-" */
    const char *member; /* in an archive, else NULL */
    const char *holder; /* name of that archive */
    const char *table;  /* of a database, if one was named, else NULL */
    /* Which entry of the archive, which entry of that entry ..., down to the member. */
    const size_t *ordinals;
    size_t depth;
    /* Names keys that are derived from a record's place. It does not change when the corpus is
     * moved elsewhere: the path below the folder that was given, or the file's name; the whole path
     * only where two inputs would have the same. */
    const char *label;
    bool found; /* in a folder, by a glob or in an archive, rather than named by the user */
    bool once;  /* can be read once only: standard input, a pipe */
} lb_place;

typedef struct lb_places {
    lb_place *items; /* lb_free */
    size_t count, capacity;
    lb_left_outs left_out;
} lb_places;

/* A file that is named for another purpose than to be read as the corpus: where it lies in a folder
 * it is no input. */
typedef struct lb_named_file {
    const char *path;
    const char *why; /* as of lb_left_out */
    bool unread;
} lb_named_file;

/* LB_E_INPUT if an input does not exist or is no corpus by its kind, or if a folder, glob or archive
 * holds nothing to read. Read in folders and archives are: jsonl ndjson json csv tsv tab xml txt
 * log, also with gz zst xz bz2 behind, zip and tar archives, also within others; in folders also db
 * sqlite sqlite3 parquet. All else is left out, and listed. */
int lb_places_find(lb_places *places, const char *const *inputs, size_t count,
                   const lb_named_file *named, size_t named_count, lb_arena *arena,
                   lb_error *error);
void lb_places_free(lb_places *places);

/* Does it begin with "duckdb:", so that it is a query and no file? */
bool lb_place_is_query(const char *input);

#endif
