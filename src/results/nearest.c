#include "results/nearest.h"

#include <limits.h>
#include <string.h>

enum { LONGEST = 63 };

static unsigned smaller(unsigned a, unsigned b) {
    return a < b ? a : b;
}

unsigned lb_edit_distance(const char *a, const char *b) {
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    for (size_t j = 0; j <= m; j++)
        above[j] = before[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = smaller(replaced, 1 + smaller(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[m];
}

size_t lb_nearest(const char *word, const char *const *names, size_t count) {
    size_t best = 0;
    unsigned least = UINT_MAX;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = lb_edit_distance(word, names[i]);
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}
