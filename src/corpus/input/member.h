/* The way to a member of an archive: the archives that are open down to it. */
#ifndef LB_CORPUS_INPUT_MEMBER_H
#define LB_CORPUS_INPUT_MEMBER_H

#include "corpus/input/archive.h"
#include "corpus/input/place.h"

typedef struct lb_member lb_member;

/* `reuse` (or NULL) is a way that is no longer needed; it goes on from there where the place lies
 * ahead, which saves unpacking the archives anew. It is freed, or is *out. */
int lb_member_open(lb_member **out, const lb_place *place, lb_member *reuse, lb_error *error);
void lb_member_free(lb_member *member); /* NULL is allowed */

/* The archive that stands at the member. */
lb_archive *lb_member_archive(const lb_member *member);

#endif
