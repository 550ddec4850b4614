/* An input as a stream of plain bytes, whatever it was compressed with (gzip, zstd, xz, bzip2 by
 * their first bytes, members of zip archives), and the SHA-256 of what is stored. One pass, no
 * seeking except in zip archives, nothing held but one buffer.
 *
 * Databases (SQLite, Parquet, queries) are read as their rows are written, see rows.h.
 *
 * "As stored" means the file's own bytes; for a query, its rows as written; for a member of an
 * archive, its content once unpacked (what `unzip -p ARCHIVE MEMBER | sha256sum` prints).
 */
#ifndef LB_CORPUS_INPUT_INPUT_H
#define LB_CORPUS_INPUT_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "corpus/input/place.h"

typedef struct lb_input lb_input;
struct lb_other_table; /* rows.h */

/* `reuse` (or NULL) is an input that is no longer needed: it is freed, unless it is open on the
 * same archive before the wanted member, when going on there saves opening the archive again. */
int lb_input_open(lb_input **out, const lb_place *place, lb_input *reuse, lb_error *error);
void lb_input_free(lb_input *input); /* NULL is allowed */

/* Up to `size` bytes; *got == 0 is the end. A truncated or damaged stream is LB_E_INPUT, never a
 * silent end. */
int lb_input_read(lb_input *input, char *into, size_t size, size_t *got, lb_error *error);

/* Of databases, whose rows are read as JSON lines: the container's name, and the table's; else
 * NULL. */
const char *lb_input_database(const lb_input *input);
const char *lb_input_table(const lb_input *input);

/* What else a database holds: tables and views with rows beside the one that is read. */
int lb_input_other_tables(lb_input *input, struct lb_other_table **tables, size_t *count,
                          lb_arena *arena, lb_error *error);

const char *lb_input_compression(const lb_input *input);   /* "none", "gzip", ..., "zip" */
uint64_t lb_input_stored(const lb_input *input);           /* bytes as stored, so far */
void lb_input_sha256(const lb_input *input, char hex[65]); /* of them; whole after the end */

#endif
