/* Which of the numbers of a chat log's short dates is the month. */
#ifndef LB_CORPUS_READ_LOG_DATE_ORDER_H
#define LB_CORPUS_READ_LOG_DATE_ORDER_H

#include "corpus/read/source.h"

/* Which of {shortdate} is the month, by all lines of the input (of standard input: by the head): a
 * number beyond 12 decides; else the order in which time goes back less often; else the day comes
 * first. */
int lb_log_settle_dates(lb_source_state *source, lb_head head, lb_error *error);

#endif
