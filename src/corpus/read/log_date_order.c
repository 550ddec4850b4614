#include "corpus/read/log_date_order.h"

#include "corpus/input/input.h"
#include "corpus/read/log.h"

typedef struct evidence {
    const lb_log_templates *templates;
    uint64_t first_beyond, second_beyond;      /* lines whose first or second number is no month */
    uint64_t back_day_first, back_month_first; /* lines before the last one, in this order */
    unsigned last_day_first, last_month_first;
} evidence;

static unsigned number_of(unsigned year, unsigned month, unsigned day) {
    return (year * 100 + month) * 100 + day;
}

static void weigh(evidence *e, lb_str text) {
    lb_log_line line;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    if (lb_log_match(e->templates, text, &line) == LB_LOG_UNKNOWN || !line.ambiguous_date)
        return;
    const unsigned *n = line.short_date;
    unsigned day_first = number_of(n[2], n[1], n[0]), month_first = number_of(n[2], n[0], n[1]);
    e->first_beyond += n[0] > 12;
    e->second_beyond += n[1] > 12;
    e->back_day_first += day_first < e->last_day_first;
    e->back_month_first += month_first < e->last_month_first;
    e->last_day_first = day_first;
    e->last_month_first = month_first;
}

/* Whole lines of `data`; returns the bytes that are left. */
static size_t weigh_lines(evidence *e, const char *data, size_t size, bool last) {
    size_t at = 0;
    while (at < size) {
        const char *end = memchr(data + at, '\n', size - at);
        if (!end && !last)
            break;
        size_t length = end ? (size_t)(end - data) - at : size - at;
        weigh(e, (lb_str){data + at, length});
        at += length + (end != NULL);
    }
    return size - at;
}

static int weigh_input(evidence *e, const lb_place *place, lb_error *error) {
    enum { CHUNK = 1 << 18, LONGEST_LINE = 1 << 22 };
    lb_input *input;
    lb_buffer data = {0};
    int status = lb_input_open(&input, place, NULL, error);
    size_t got = 1;
    while (status == LB_OK && got > 0) {
        status = lb_buffer_reserve(&data, CHUNK, error);
        if (status == LB_OK)
            status = lb_input_read(input, data.data + data.size, CHUNK, &got, error);
        if (status < 0)
            break;
        data.size += got;
        size_t left = weigh_lines(e, data.data, data.size, got == 0);
        if (left > LONGEST_LINE) /* its date was at the front; it is read when its time comes */
            left = 0;
        memmove(data.data, data.data + data.size - left, left);
        data.size = left;
    }
    lb_buffer_free(&data);
    if (input)
        lb_input_free(input);
    return status;
}

int lb_log_settle_dates(lb_source_state *source, lb_head head, lb_error *error) {
    if (!lb_log_has_short_dates(source->log))
        return LB_OK;
    evidence e = {.templates = source->log};
    int status = LB_OK;
    if (head.whole || source->place->once)
        weigh_lines(&e, head.data, head.size, head.whole);
    else
        status = weigh_input(&e, source->place, error);
    bool month_first = e.first_beyond != e.second_beyond ? e.second_beyond > e.first_beyond
                                                         : e.back_month_first < e.back_day_first;
    lb_log_set_month_first(source->log, month_first);
    return status;
}
