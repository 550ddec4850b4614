/* Whatever simdjson accepts must be accepted after mending as well. */
#include <stdlib.h>

#include "corpus/value/json.h"
#include "corpus/value/json_mend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int parse(lb_json_parser *parser, lb_buffer *text) {
    lb_json json;
    const char *what;
    bool mendable;
    if (lb_buffer_reserve(text, LB_JSON_PADDING, NULL) < 0)
        abort();
    return lb_json_parse(parser, text->data, text->size, &json, &what, &mendable, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lb_json_parser *parser = lb_json_parser_new();
    lb_buffer text = {0}, mended = {0};
    uint64_t replaced = 0;
    if (!parser || lb_buffer_append(&text, data, size, NULL) < 0 ||
        lb_json_mend((lb_str){(const char *)data, size}, &mended, &replaced, NULL) < 0)
        abort();
    bool sound = parse(parser, &text) == 0;
    if (sound && (parse(parser, &mended) != 0 || replaced != 0))
        abort();
    parse(parser, &mended);
    lb_buffer_free(&text);
    lb_buffer_free(&mended);
    lb_json_parser_free(parser);
    return 0;
}
