/* Retention: how old the units' own messages are (methods, section 5). Instants are microseconds
 * since 1970 in UTC: what zone a time was written in was settled when the corpus was read. */
#ifndef LB_RISK_RELEASE_RETENTION_H
#define LB_RISK_RELEASE_RETENTION_H

#include "index/texts.h"

typedef struct lb_retention_result {
    uint64_t messages;      /* all of them */
    uint64_t without_time;  /* nobody can say whether they have expired */
    uint64_t future;        /* later than `now`: a wrong clock, or a wrong unit */
    uint64_t expired;       /* earlier than the limit */
    uint64_t expired_units; /* with such a message */
    uint64_t expired_conversations;
    int64_t first, last; /* of the times up to `now`; first > last: there is none */
} lb_retention_result;

/* `oldest`: messages before this instant have expired; INT64_MIN: there is no limit. */
int lb_retention_run(const lb_texts *texts, int64_t oldest, int64_t now,
                     lb_retention_result *result, lb_error *error);

#endif
