/* What an input is, by its first bytes and its name. */
#ifndef LB_CORPUS_READ_SNIFF_H
#define LB_CORPUS_READ_SNIFF_H

#include "corpus/read/source.h"

/* Which container is it? `file` is the input's name. LB_E_INPUT when it is none. */
int lb_source_sniff(lb_source_state *source, lb_head head, const lb_formats *formats,
                    lb_error *error);

#endif
