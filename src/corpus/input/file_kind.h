/* Kinds of files, by their names and first bytes: those whose endings are read in folders and
 * archives, and those that are no corpus, whatever they are called. */
#ifndef LB_CORPUS_INPUT_FILE_KIND_H
#define LB_CORPUS_INPUT_FILE_KIND_H

#include <stdbool.h>

#include "base/str.h"

/* What a file is that is no corpus. */
typedef struct lb_file_kind {
    const char *what; /* "a web page (HTML)" */
    const char *mend; /* for those who named it */
    bool wordless;    /* nobody's words are in it: it does not count as unread */
    bool markup;      /* may be read where a format was named */
} lb_file_kind;

enum { LB_FILE_HEAD = 4096 }; /* bytes that are enough to know one by */

/* `head`: how the file begins. NULL: nothing speaks against reading it. */
const lb_file_kind *lb_file_kind_of(const char *name, lb_str head);

/* Of a zip archive, by the name of one of its members: an office document or a book is one. */
const lb_file_kind *lb_file_kind_of_archive(const char *member);

/* What it is compressed with ("gzip", "zstd", "xz", "bzip2"), or NULL. */
const char *lb_file_compression(lb_str head);

/* Is this an ending by which files are read in folders and archives? Text, compressed or not, and
 * archives; `stored`, on disk, also databases. */
bool lb_file_is_read(const char *name, bool stored);

/* Does the name end as those of archives do that only their endings tell (tar, compressed)? */
bool lb_file_is_tar(const char *name);

#endif
