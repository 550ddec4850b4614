/* Looking at an input: the head is read, and its compression, container, fields and format are
 * decided. */
#ifndef LB_CORPUS_READ_LOOK_H
#define LB_CORPUS_READ_LOOK_H

#include "corpus/read/source.h"

/* Reads the head, decides everything but the plan. `wanted` is --format, or NULL. *reuse is an
 * input as of lb_input_open, or NULL. */
int lb_source_open(lb_source_state *source, const lb_place *place, const lb_formats *formats,
                   const char *wanted, lb_input **reuse, lb_arena *arena, lb_error *error);

/* XML: chooses the element that is a record where the mapping names none, and lists its fields
 * anew, as paths from the record. */
int lb_source_choose_record(lb_source_state *source, lb_arena *arena, lb_error *error);

#endif
