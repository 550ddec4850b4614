#include "corpus/read/gaps.h"

#include <stdbool.h>

static bool is_before(lb_gap_place a, lb_gap_place b) {
    return a.source != b.source ? a.source < b.source : a.byte < b.byte;
}

void lb_gaps_add(lb_gaps *gaps, lb_gap kind, lb_gap_place place) {
    lb_gap_place *places = gaps->places[kind];
    size_t at = gaps->counts[kind];
    while (at > 0 && is_before(place, places[at - 1]))
        at--;
    if (at == LB_GAP_PLACES)
        return;
    size_t kept = gaps->counts[kind] += gaps->counts[kind] < LB_GAP_PLACES;
    for (size_t i = kept - 1; i > at; i--)
        places[i] = places[i - 1];
    places[at] = place;
}

void lb_gaps_merge(lb_gaps *gaps, const lb_gaps *more) {
    for (lb_gap kind = 0; kind < LB_GAPS; kind++)
        for (size_t i = 0; i < more->counts[kind]; i++)
            lb_gaps_add(gaps, kind, more->places[kind][i]);
}
