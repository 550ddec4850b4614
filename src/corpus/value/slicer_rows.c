#include "corpus/value/slicer.h"

static const char never_closed[] = "a quoted cell is never closed";

/* Lines inside a cell that read as rows tell more the more cells they have. */
enum { EVIDENCE = 10, SURE = 100 };

static size_t evidence(const lb_slicer_row *r) {
    return r->columns > 0 ? r->good * (r->columns - 1) : 0;
}

static bool fits(const lb_slicer_row *r, const lb_row *row) {
    return row->state != LB_ROW_QUOTED && !row->odd && row->delimiters + 1 == r->columns;
}

/* At the end of a line that is not the row's first. */
static void tally(lb_slicer_row *r) {
    bool blank = r->line.state == LB_ROW_FIELD && r->line.delimiters == 0;
    if (!blank) {
        r->lines++;
        r->good += fits(r, &r->line);
    }
    r->line = (lb_row){0};
}

/* Within a quoted cell, at the end of a line. */
static bool runs_away(const lb_slicer *slicer) {
    const lb_slicer_row *r = &slicer->row;
    return slicer->seen - slicer->start > LB_SLICER_DOUBTED ||
           (evidence(r) >= SURE && r->good >= r->lines - r->lines / 10);
}

/* At the end of a row of several lines: the last of them, which ends the cell, is looked at only
 * where the row is malformed. */
static bool is_broken(lb_slicer_row *r) {
    if (fits(r, &r->row))
        return r->lines > 1 && evidence(r) >= EVIDENCE && r->good == r->lines;
    tally(r);
    return r->good > r->lines / 2;
}

static void begin_row(lb_slicer *slicer, size_t at) {
    slicer->start = slicer->seen = at;
    slicer->row = (lb_slicer_row){.columns = slicer->row.columns};
}

/* The quote is broken in the row's first line: what stands behind that is read again. */
static int read_again(lb_slicer *slicer, lb_pieces *pieces, lb_error *error) {
    size_t second = slicer->row.second;
    lb_piece fault = {slicer->start, second - 1 - slicer->start, never_closed, false};
    begin_row(slicer, second);
    return lb_pieces_add(pieces, fault, error);
}

static int end_row(lb_slicer *slicer, size_t size, lb_pieces *pieces, lb_error *error) {
    if (slicer->row.second && is_broken(&slicer->row))
        return read_again(slicer, pieces, error);
    if (slicer->row.columns == 0 && size > 1)
        slicer->row.columns = slicer->row.row.delimiters + 1;
    lb_piece row = {.at = slicer->start, .size = size};
    begin_row(slicer, slicer->seen);
    return lb_pieces_add(pieces, row, error);
}

/* Goes over what is in quotes, up to a quote or a line end, while the row has but one line. */
static void skip_quoted(lb_slicer *slicer, const char *data, size_t size) {
    if (slicer->row.row.state != LB_ROW_QUOTED || slicer->row.second)
        return;
    const char *from = data + slicer->seen;
    const char *quote = memchr(from, '"', size - slicer->seen);
    size_t run = quote ? (size_t)(quote - from) : size - slicer->seen;
    const char *end = memchr(from, '\n', run);
    slicer->seen += end ? (size_t)(end - from) : run;
}

/* A row in which a quote stands, byte by byte until it ends; or the header. */
static int run_row(lb_slicer *slicer, const char *data, size_t size, lb_pieces *pieces,
                   lb_error *error) {
    lb_slicer_row *r = &slicer->row;
    while (slicer->seen < size) {
        skip_quoted(slicer, data, size);
        if (slicer->seen == size)
            break;
        char c = data[slicer->seen++];
        bool ended = lb_row_step(&r->row, c, slicer->delimiter);
        if (r->second && c != '\n' && c != '\r')
            lb_row_step(&r->line, c, slicer->delimiter);
        if (c != '\n')
            continue;
        if (ended)
            return end_row(slicer, slicer->seen - 1 - slicer->start, pieces, error);
        if (r->second)
            tally(r);
        else
            r->second = slicer->seen;
        if (runs_away(slicer))
            return read_again(slicer, pieces, error);
    }
    return LB_OK;
}

/* There is no quote in the text from `from` up to `at`. */
typedef struct next_quote {
    size_t from, at;
} next_quote;

/* The end of the line that begins at `start`, if no quote stands before it; else NULL. */
static const char *plain_end(const char *data, size_t start, size_t size, next_quote *quote) {
    if (start < quote->from || start >= quote->at) {
        const char *found = memchr(data + start, '"', size - start);
        *quote = (next_quote){start, found ? (size_t)(found - data) : size};
    }
    return memchr(data + start, '\n', quote->at - start);
}

int lb_slicer_next_rows(lb_slicer *slicer, const char *data, size_t size, bool last,
                        lb_pieces *pieces, lb_error *error) {
    next_quote quote = {0};
    int status = LB_OK;
    while (status == LB_OK && (slicer->seen < size || (last && slicer->start < size))) {
        size_t start = slicer->start;
        bool between = slicer->seen == start && slicer->row.columns > 0;
        const char *end = between ? plain_end(data, start, size, &quote) : NULL;
        if (end) {
            slicer->start = slicer->seen = (size_t)(end - data) + 1;
            status = lb_pieces_add(
                pieces, (lb_piece){.at = start, .size = (size_t)(end - data) - start}, error);
            continue;
        }
        status = run_row(slicer, data, size, pieces, error);
        if (status == LB_OK && last && slicer->seen == size && slicer->start < size)
            status = end_row(slicer, size - slicer->start, pieces, error);
    }
    return status;
}
