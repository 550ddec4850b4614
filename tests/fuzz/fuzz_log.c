/* Lines against the templates of every log format, and templates made of hostile bytes. */
#include <stdlib.h>

#include "corpus/read/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static lb_formats *formats;
    static const char *const names[] = {"irc", "whatsapp"};
    static lb_log_templates *templates[2];
    if (!formats && lb_formats_load(&formats, NULL) < 0)
        abort();
    lb_log_line line;
    lb_str text = {(const char *)data, size};
    for (size_t i = 0; i < 2; i++) {
        if (!templates[i] &&
            lb_log_compile(&templates[i], lb_formats_find(formats, names[i]), names[i], NULL) < 0)
            abort();
        if (lb_log_match(templates[i], text, &line) == LB_LOG_MESSAGE && line.nick.size == 0)
            abort();
    }
    char *copy = malloc(size + 1);
    memcpy(copy, data, size);
    copy[size] = '\0';
    const char *item = copy;
    lb_format hostile = {.line_prefixes = {&item, 1}, .message_lines = {&item, 1}};
    lb_log_templates *compiled;
    if (lb_log_compile(&compiled, &hostile, "fuzz", NULL) == LB_OK) {
        lb_log_match(compiled, text, &line);
        lb_log_templates_free(compiled);
    }
    size_t at, length;
    if (lb_log_date_in_path(copy, &at, &length).year && at + length > size)
        abort();
    free(copy);
    return 0;
}
