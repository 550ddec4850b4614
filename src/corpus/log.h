/* Chat logs: lines that templates turn into messages, notices and changes of the day. */
#ifndef LB_CORPUS_LOG_H
#define LB_CORPUS_LOG_H

#include "corpus/source.h"

void lb_log_templates_free(lb_log_templates *templates); /* NULL is allowed */

/* Is the head a chat log of one of the formats? 1: yes, source->format and source->log are set; 0:
 * no. */
int lb_log_detect(lb_source_state *source, lb_head head, const lb_formats *formats,
                  lb_error *error);

#endif
