/* Texts of hostile HTML: what comes out is UTF-8 where what goes in is, and no longer than markup
 * can make it. */
#include <stdlib.h>

#include "base/utf8.h"
#include "corpus/value/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lb_str html = {(const char *)data, size}, plain;
    lb_arena *arena = lb_arena_new();
    for (int tags = 0; tags < 2; tags++) {
        if (lb_markup_text(html, tags, &plain, arena, NULL) != LB_OK)
            abort();
        if (lb_utf8_valid(html.data, size) && !lb_utf8_valid(plain.data, plain.size))
            abort();
        if (plain.size > 4 * size + 16)
            abort();
    }
    lb_arena_free(arena);
    return 0;
}
