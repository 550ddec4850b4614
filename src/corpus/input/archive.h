/* An archive (zip; tar, compressed or not), member by member, and archives that are members of
 * others. Nothing is written to disk: what is within another is unpacked as it is read; only a zip
 * archive within another, which must be read from its end, is held in memory meanwhile, up to a
 * bound.
 */
#ifndef LB_CORPUS_INPUT_ARCHIVE_H
#define LB_CORPUS_INPUT_ARCHIVE_H

#include <archive_entry.h>

#include "base/buffer.h"

enum { LB_ARCHIVE_DEEPEST = 4 }; /* an archive in an archive in an archive in an archive */

typedef struct lb_archive lb_archive;

/* Opens a file. */
int lb_archive_open(lb_archive **out, const char *file, lb_error *error);
/* Opens the member at which `outer` stands; that must be left alone until this one is freed. 1: it
 * is too large to be held, and *out is NULL. `path` is for errors, and stays with the caller. */
int lb_archive_enter(lb_archive **out, lb_archive *outer, const char *path, lb_error *error);
void lb_archive_free(lb_archive *archive); /* not the outer one; NULL is allowed */

/* Goes to the next member: 1, 0 at the end, or LB_E_INPUT where the archive is damaged. */
int lb_archive_next(lb_archive *archive, struct archive_entry **entry, lb_error *error);
size_t lb_archive_passed(const lb_archive *archive); /* members gone to so far */
uint64_t lb_archive_unpacked(const lb_archive *archive);

/* Of the member: up to `size` bytes, *got 0 at its end; and its first bytes, without taking them,
 * until the next call. */
int lb_archive_read(lb_archive *archive, char *into, size_t size, size_t *got, lb_error *error);
int lb_archive_peek(lb_archive *archive, size_t size, lb_str *head, lb_error *error);

const char *lb_archive_kind(const lb_archive *archive); /* "zip" or "tar", at a member */

/* Bytes of a zip archive that belong to no member; at its end. */
int lb_archive_strays(const lb_archive *archive, uint64_t *bytes, lb_error *error);

/* Do these first bytes begin a zip archive, a tar archive? */
bool lb_archive_is_zip(lb_str head);
bool lb_archive_is_tar(lb_str head);
/* Is it a tar archive once it is unpacked? */
bool lb_archive_is_packed_tar(const char *file);

#endif
