/* Files that are whole or not there: written without a name, in the target's folder and with mode
 * 0600, flushed to disk, then named and renamed. Where a file system has no files without a name,
 * they have a temporary one, which closing without commit removes. */
#ifndef LB_BASE_FILE_H
#define LB_BASE_FILE_H

#include <stdio.h>

#include "base/buffer.h"

typedef struct lb_output lb_output;
int lb_output_open(lb_output **out, const char *path, lb_error *error); /* "-" is standard output */
FILE *lb_output_stream(lb_output *output);
/* Brings everything to disk under the temporary name; what can fail for lack of room fails here. */
int lb_output_finish(lb_output *output, lb_error *error);
/* Finishes if need be, renames, frees; on failure nothing is left. */
int lb_output_commit(lb_output *output, lb_error *error);
/* The same of outputs that belong together: all are finished before one is renamed, and no signal
 * that asks the program to end comes in between. They become NULL. */
int lb_outputs_commit(lb_output **outputs, size_t count, lb_error *error);
void lb_output_abandon(lb_output *output); /* removes the temporary file; NULL is allowed */
/* Tries that the path can be opened, and leaves nothing behind. */
int lb_output_try(const char *path, lb_error *error);

/* Whole text in one step. */
int lb_file_write(const char *path, lb_str text, lb_error *error);
int lb_file_read(const char *path, size_t limit, lb_buffer *into,
                 lb_error *error); /* fails above `limit` bytes */
int lb_folder_make(const char *path,
                   lb_error *error); /* with parents, mode 0700; an existing one is fine */

/* The last component of a path, without folders. */
const char *lb_file_base_name(const char *path);

#endif
