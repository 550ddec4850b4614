/* Whatever the text: boundaries ascend from 0 to its size on character boundaries; words ascend,
 * do not overlap, and can be folded and classed; folding twice is folding once. */
#include <stdlib.h>

#include "base/utf8.h"
#include "text/fold.h"
#include "text/token_class.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static bool on_character(lb_str text, size_t at) {
    return at <= text.size && (at == text.size || ((unsigned char)text.data[at] & 0xC0) != 0x80);
}

static void check_boundaries(lb_splitter *splitter, lb_str text) {
    const uint32_t *offsets;
    size_t count;
    require(lb_splitter_boundaries(splitter, text, &offsets, &count, NULL) == LB_OK);
    require((count == 0) == (text.size == 0));
    require(count == 0 || (offsets[0] == 0 && offsets[count - 1] == text.size));
    for (size_t i = 1; i < count; i++)
        require(offsets[i - 1] < offsets[i] && on_character(text, offsets[i]));
}

static void check_token(lb_str word, unsigned flags) {
    lb_buffer once = {0}, twice = {0};
    require(lb_fold(word, &once, NULL) == LB_OK);
    require(lb_utf8_valid(once.data, once.size));
    require(lb_fold(lb_buffer_str(&once), &twice, NULL) == LB_OK);
    require(lb_str_equal(lb_buffer_str(&once), lb_buffer_str(&twice)));
    require(lb_token_classify(lb_buffer_str(&once), flags, NULL) < LB_TOKEN_CLASSES);
    lb_buffer_free(&once);
    lb_buffer_free(&twice);
}

static void check_words(lb_splitter *splitter, lb_str text) {
    const lb_word *words;
    size_t count, end = 0;
    require(lb_splitter_words(splitter, text, &words, &count, NULL) == LB_OK);
    uint8_t *flags = lb_alloc(count, 1);
    require(flags);
    lb_token_contexts(text, words, count, flags);
    for (size_t i = 0; i < count; i++) {
        require(words[i].start >= end && words[i].size > 0 && on_character(text, words[i].start));
        end = (size_t)words[i].start + words[i].size;
        require(on_character(text, end));
        check_token((lb_str){text.data + words[i].start, words[i].size}, flags[i]);
    }
    lb_free(flags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lb_splitter *splitter = NULL;
    lb_buffer text = {0};
    uint64_t replaced = 0;
    require(lb_utf8_repair((lb_str){(const char *)data, size}, &text, &replaced, NULL) == LB_OK);
    require(lb_splitter_new(&splitter, NULL) == LB_OK);
    check_boundaries(splitter, lb_buffer_str(&text));
    check_words(splitter, lb_buffer_str(&text));
    lb_splitter_free(splitter);
    lb_buffer_free(&text);
    return 0;
}
