#include "corpus/value/slicer.h"

#include "base/memory.h"

lb_slicer lb_slicer_begin(lb_cut cut, char delimiter) {
    lb_json_place place = cut == LB_CUT_ELEMENTS ? LB_JSON_AHEAD : LB_JSON_BETWEEN;
    return (lb_slicer){
        .cut = cut, .delimiter = delimiter, .json = {.place = place, .begins_line = true}};
}

int lb_pieces_add(lb_pieces *pieces, lb_piece piece, lb_error *error) {
    lb_piece *grown =
        lb_grow(pieces->items, &pieces->capacity, pieces->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    pieces->items = grown;
    pieces->items[pieces->count++] = piece;
    return LB_OK;
}

static int slice_lines(lb_slicer *slicer, const char *data, size_t size, bool last,
                       lb_pieces *pieces, lb_error *error) {
    int status = LB_OK;
    while (status == LB_OK && slicer->seen < size) {
        const char *end = memchr(data + slicer->seen, '\n', size - slicer->seen);
        slicer->seen = end ? (size_t)(end - data) : size;
        if (!end && !last)
            break;
        status = lb_pieces_add(
            pieces, (lb_piece){.at = slicer->start, .size = slicer->seen - slicer->start}, error);
        slicer->seen += end != NULL;
        slicer->start = slicer->seen;
    }
    return status;
}

int lb_slicer_next(lb_slicer *slicer, const char *data, size_t size, bool last, lb_pieces *pieces,
                   lb_error *error) {
    switch (slicer->cut) {
    case LB_CUT_LINES:
        return slice_lines(slicer, data, size, last, pieces, error);
    case LB_CUT_ROWS:
        return lb_slicer_next_rows(slicer, data, size, last, pieces, error);
    default:
        return lb_slicer_next_json(slicer, data, size, last, pieces, error);
    }
}

void lb_slicer_forget(lb_slicer *slicer, size_t size) {
    slicer->start -= size;
    slicer->seen -= size;
    if (slicer->row.second)
        slicer->row.second -= size;
}
