#include "base/nearest.h"

#include <limits.h>
#include <stdio.h>

#include "base/ascii.h"
#include "linkback/linkback.h"

enum { LONGEST = 63 };

static unsigned smaller(unsigned a, unsigned b) {
    return a < b ? a : b;
}

unsigned lb_edit_distance(lb_str a, lb_str b) {
    size_t n = a.size < LONGEST ? a.size : LONGEST, m = b.size < LONGEST ? b.size : LONGEST;
    unsigned rows[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            char x = lb_to_lower(a.data[i - 1]), y = lb_to_lower(b.data[j - 1]);
            row[j] = smaller(above[j - 1] + (x != y), 1 + smaller(above[j], row[j - 1]));
            if (i > 1 && j > 1 && x == lb_to_lower(b.data[j - 2]) &&
                y == lb_to_lower(a.data[i - 2]))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

size_t lb_nearest(const char *word, const char *const *names, size_t count) {
    size_t best = 0;
    unsigned least = UINT_MAX;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = lb_edit_distance(lb_str_of(word), lb_str_of(names[i]));
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}

const char *lb_name_meant(const char *word, const char *const *names, size_t count) {
    size_t length = strlen(word), most = length < 6 ? 1 : length / 3;
    const char *nearest = count > 0 ? names[lb_nearest(word, names, count)] : NULL;
    if (!nearest || lb_edit_distance(lb_str_of(word), lb_str_of(nearest)) <= most)
        return nearest;
    for (size_t i = 0; i < count && length >= 2; i++)
        if (strncmp(names[i], word, length) == 0)
            return names[i];
    return NULL;
}

void lb_name_suggest(char *mend, const char *before, const char *word, const char *const *names,
                     size_t count, const char *otherwise) {
    const char *meant = lb_name_meant(word, names, count);
    if (meant)
        snprintf(mend, LB_ERROR_MEND_MAX, "did you mean %s%s?", before, meant);
    else
        snprintf(mend, LB_ERROR_MEND_MAX, "%s", otherwise);
}
