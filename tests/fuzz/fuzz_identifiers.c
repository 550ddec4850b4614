/* Any text, also one that is no UTF-8: findings lie inside it, in order, without overlaps, and are
 * the same whether the text comes alone or among others. */
#include <stdlib.h>

#include "text/identifier.h"

typedef struct finding_sum {
    size_t size, count, wanted;
    uint64_t sum;
} finding_sum;

static int check(void *context, size_t text, const lb_identifier *found, size_t count,
                 lb_error *error) {
    finding_sum *all = context;
    size_t end = 0;
    (void)error;
    if (text != all->wanted)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (found[i].start < end || found[i].size == 0 ||
            found[i].size > all->size - found[i].start)
            abort();
        end = found[i].start + found[i].size;
        all->count++;
        all->sum = all->sum * 31 + found[i].start * 7 + found[i].size + (uint64_t)found[i].type;
    }
    return LB_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static lb_identifier_patterns *patterns;
    static lb_identifier_scanner *scanner;
    if (!scanner && (lb_identifier_patterns_new(&patterns, NULL) < 0 ||
                     lb_identifier_scanner_new(&scanner, patterns, NULL) < 0))
        abort();
    char *copy = malloc(size + 1); /* of its own, so that a byte too far is seen */
    for (size_t i = 0; i < size; i++)
        copy[i] = (char)data[i];
    lb_str alone = {copy, size}, among[] = {LB_STR(""), {copy, size}, LB_STR("x")};
    finding_sum a = {.size = size}, b = {.size = size, .wanted = 1};
    if (lb_identifiers_find(scanner, &alone, 1, check, &a, NULL) < 0 ||
        lb_identifiers_find(scanner, among, 3, check, &b, NULL) < 0 || a.sum != b.sum)
        abort();
    free(copy);
    return 0;
}
