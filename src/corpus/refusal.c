#include "corpus/refusal.h"

#include <math.h>
#include <stdio.h>

enum { LINES_SHOWN = 3 };

/* "lines 21, 35, 40, ...": of the input in which the first is. */
static void list_lines(const lb_rejections *list, char *text, size_t size) {
    size_t shown = 0, used = 0;
    for (size_t i = 0; i < list->count && shown < LINES_SHOWN; i++)
        if (list->items[i].source == list->items[0].source) {
            used += (size_t)snprintf(text + used, size - used, "%s%llu", shown > 0 ? ", " : "",
                                     (unsigned long long)list->items[i].line);
            shown++;
        }
    if (list->total > shown)
        snprintf(text + used, size - used, ", ...");
}

static int refuse(lb_corpus *corpus, const char *much, uint64_t least_percent, lb_error *error) {
    lb_rejections_sort(&corpus->rejections);
    const lb_rejection *first = &corpus->rejections.items[0];
    char where[LB_ERROR_WHERE_MAX], lines[128], mend[LB_ERROR_MEND_MAX];
    snprintf(where, sizeof where, "%s:%llu (byte %llu)", corpus->sources[first->source].facts.path,
             (unsigned long long)first->line, (unsigned long long)first->byte);
    snprintf(mend, sizeof mend,
             "mend the input, say what it is with --format, or leave them out with --max-errors "
             "%llu%%",
             (unsigned long long)least_percent);
    list_lines(&corpus->rejections, lines, sizeof lines);
    return lb_fail(error, LB_E_INPUT, where, mend, "%s (%s %s): %s", much,
                   corpus->counts.rejected == 1 ? "line" : "lines", lines, first->what);
}

static uint64_t percent(uint64_t part, uint64_t whole) {
    double share = ceil(100.0 * (double)part / (double)whole);
    return share < 100 ? (uint64_t)share : 100;
}

int lb_corpus_check_tolerance(lb_corpus *corpus, bool ended, lb_error *error) {
    const lb_corpus_counts *counts = &corpus->counts;
    lb_tolerance most = corpus->tolerance;
    uint64_t records = counts->records + counts->rejected;
    char much[256];
    if (counts->rejected > most.records) {
        snprintf(much, sizeof much, "%llu of %llu records%s are malformed, more than %llu",
                 (unsigned long long)counts->rejected, (unsigned long long)records,
                 ended ? "" : " read so far", (unsigned long long)most.records);
        return refuse(corpus, much, ended ? percent(counts->rejected, records) : 100, error);
    }
    if (!ended || counts->rejected == 0)
        return LB_OK;
    uint64_t least = percent(counts->rejected, records);
    uint64_t least_bytes = counts->bytes > 0 ? percent(counts->unread_bytes, counts->bytes) : 0;
    least = least > least_bytes ? least : least_bytes;
    if ((double)counts->rejected > most.share * (double)records) {
        snprintf(much, sizeof much, "%llu of %llu records %s malformed, more than %g %%",
                 (unsigned long long)counts->rejected, (unsigned long long)records,
                 counts->rejected == 1 ? "is" : "are", 100 * most.share);
        return refuse(corpus, much, least, error);
    }
    if ((double)counts->unread_bytes > most.share * (double)counts->bytes) {
        snprintf(much, sizeof much,
                 "%llu of %llu bytes are in no record that could be read, more than %g %%",
                 (unsigned long long)counts->unread_bytes, (unsigned long long)counts->bytes,
                 100 * most.share);
        return refuse(corpus, much, least, error);
    }
    return LB_OK;
}
