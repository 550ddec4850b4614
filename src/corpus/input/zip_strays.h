/* Bytes of a zip archive that belong to no member. A reader goes by the directory at its end, so that
 * what stands before the first member, between two, or behind the end is seen by nobody, and is
 * published all the same: of two archives joined into one file only the last is read.
 * Format: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3. */
#ifndef LB_CORPUS_INPUT_ZIP_STRAYS_H
#define LB_CORPUS_INPUT_ZIP_STRAYS_H

#include "base/memory.h"
#include "base/str.h"

/* How many there are in the file, or, where `file` is NULL, in `held`. All of them where the
 * directory is not found or not understood. */
int lb_zip_strays(uint64_t *bytes, const char *file, lb_str held, lb_error *error);

#endif
