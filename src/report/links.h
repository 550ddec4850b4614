/* links.csv: whom the attack names in the other corpus (--aux, `linkback link`), the most probable
 * first, as RFC 4180 with the columns
 *
 *     a,b,probability,margin,words,signals,right
 *
 * a is of the audited corpus and b of the other, masked as elsewhere; margin is the distance to the
 * next best candidate; words are those of a; signals are those in which the link stands out most,
 * with blanks between them; right is empty where the truth is not known. */
#ifndef LB_REPORT_LINKS_H
#define LB_REPORT_LINKS_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_links(const json_t *document, lb_buffer *into, lb_error *error);

#endif
