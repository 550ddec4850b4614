/* What of the inputs was not read: nobody must take for clean what nobody looked at. Each file has
 * its path, the reason in words, and whether it counts as unread.
 *
 * A file counts as unread when it could hold somebody's words: it lies among the inputs, so it would
 * be published with them. When in doubt it counts. These do not count, each known by its content
 * and not by its name alone: empty files, what macOS writes beside files (AppleDouble, .DS_Store), the
 * folder of Git in a folder (in an archive it counts), links to what is read, reports of linkback, and
 * files that were named for another purpose and hold nobody's words (a configuration).
 */
#ifndef LB_CORPUS_INPUT_LEFT_OUT_H
#define LB_CORPUS_INPUT_LEFT_OUT_H

#include <stdbool.h>

#include "base/memory.h"

enum { LB_LEFT_OUT_MAX = 1000 }; /* listed of each sort; all are counted */

typedef struct lb_left_out {
    const char *path;
    const char *why; /* behind "was left out: ", without a full stop */
    bool unread;     /* could hold somebody's words */
} lb_left_out;

typedef struct lb_left_outs {
    lb_left_out *items; /* lb_free */
    size_t count, capacity;
    uint64_t all, unread; /* of them, listed or not */
} lb_left_outs;

/* The strings stay with the caller. */
int lb_left_outs_add(lb_left_outs *list, lb_left_out item, lb_error *error);
/* The unread ones first, each sort by its paths. */
void lb_left_outs_sort(lb_left_outs *list);
void lb_left_outs_free(lb_left_outs *list);

#endif
