/* Chat logs among the formats: which one the head of an input is of. */
#ifndef LB_CORPUS_READ_LOG_DETECT_H
#define LB_CORPUS_READ_LOG_DETECT_H

#include "corpus/read/log.h"
#include "corpus/read/source.h"

/* Is the head a chat log of one of the formats? 1: yes, source->format and source->log are set; 0:
 * no. */
int lb_log_detect(lb_source_state *source, lb_head head, const lb_formats *formats,
                  lb_error *error);

#endif
