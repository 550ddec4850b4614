#include "risk/release/retention.h"

#include "base/memory.h"

int lb_retention_run(const lb_texts *texts, int64_t oldest, int64_t now,
                     lb_retention_result *result, lb_error *error) {
    *result = (lb_retention_result){.first = INT64_MAX, .last = INT64_MIN};
    unsigned char *seen = lb_alloc_zero(texts->conversations, 1);
    if (!seen)
        return lb_fail_memory(error, "looking at the times");
    for (size_t unit = 0; unit < texts->units; unit++) {
        uint64_t expired = 0;
        for (size_t i = texts->offsets[unit]; i < texts->offsets[unit + 1]; i++) {
            const lb_own_message *message = &texts->messages[i];
            result->messages++;
            if (message->time == INT64_MAX) {
                result->without_time++;
                continue;
            }
            if (message->time > now) {
                result->future++;
                continue;
            }
            result->first = message->time < result->first ? message->time : result->first;
            result->last = message->time > result->last ? message->time : result->last;
            if (message->time < oldest) {
                expired++;
                result->expired_conversations += !seen[message->conversation];
                seen[message->conversation] = 1;
            }
        }
        result->expired += expired;
        result->expired_units += expired > 0;
    }
    lb_free(seen);
    return LB_OK;
}
