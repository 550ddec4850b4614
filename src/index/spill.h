/* What is held outside memory while an index is built: files without a name in the folder for
 * temporary files, which are gone with the process, however that ends; and large arrays that lie in
 * such a file where the budget says so.
 */
#ifndef LB_INDEX_SPILL_H
#define LB_INDEX_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linkback/error.h"

/* Opens such a file in `folder`; -1 and an error where that cannot be. The caller closes it. */
int lb_spill_open(const char *folder, lb_error *error);

/* Whole transfers at a place of the file; errors name the folder. */
int lb_spill_write(int file, const void *data, size_t size, uint64_t at, const char *folder,
                   lb_error *error);
int lb_spill_read(int file, void *data, size_t size, uint64_t at, const char *folder,
                  lb_error *error);

/* An array of `size` bytes, in memory or (in_file) mapped from a spill file, whose room on disk is
 * taken at once, so that a full disk is an error here and no signal later. */
typedef struct lb_bulk {
    void *data;
    size_t size;
    bool mapped;
} lb_bulk;

int lb_bulk_make(lb_bulk *bulk, size_t size, bool in_file, const char *folder, lb_error *error);
void lb_bulk_free(lb_bulk *bulk); /* leaves {0} */

/* Gives the memory of mapped pages that lie wholly inside [data, data + size) back to the system;
 * the content stays in the file. Only a hint: nothing changes but the memory in use. */
void lb_bulk_forget(const void *data, size_t size);

#endif
