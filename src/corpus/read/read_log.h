/* Chat logs (log.h): one message a line, or lines that go on with it. */
#ifndef LB_CORPUS_READ_READ_LOG_H
#define LB_CORPUS_READ_READ_LOG_H

#include "corpus/read/reader.h"

/* As lb_json_note. */
int lb_log_note(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error);
int lb_log_reader_open(lb_reader **out, lb_source_state *source, lb_error *error);

#endif
