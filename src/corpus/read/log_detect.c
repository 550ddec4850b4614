#include "corpus/read/log_detect.h"

#include <stdio.h>

enum { DETECT_LINES = 200 };

/* Share of lines that are understood, of those at the head; at least one is a message. */
static bool fits(const lb_log_templates *templates, lb_head head) {
    size_t lines = 0, known = 0, messages = 0;
    lb_log_kind first = LB_LOG_UNKNOWN;
    for (size_t at = 0; at < head.size && lines < DETECT_LINES;) {
        const char *end = memchr(head.data + at, '\n', head.size - at);
        size_t size = end ? (size_t)(end - head.data) - at : head.size - at;
        lb_str text = {head.data + at, size};
        at += size + 1;
        if (text.size > 0 && text.data[text.size - 1] == '\r')
            text.size--;
        if (text.size == 0 || (!end && !head.whole))
            continue;
        lb_log_line line;
        lb_log_kind kind = lb_log_match(templates, text, &line);
        lines++;
        known += kind != LB_LOG_UNKNOWN;
        messages += kind == LB_LOG_MESSAGE;
        first = lines == 1 ? kind : first;
    }
    if (lb_log_is_continued(templates)) /* a message can go on for many lines */
        return messages > 0 && first != LB_LOG_UNKNOWN;
    return messages > 0 && known * 5 >= lines * 3;
}

int lb_log_detect(lb_source_state *source, lb_head head, const lb_formats *formats,
                  lb_error *error) {
    size_t count;
    const lb_format *all = lb_formats_all(formats, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].message_lines.count == 0 || (source->format && source->format != &all[i]))
            continue;
        char where[128];
        snprintf(where, sizeof where, "datasets/%s/format.yaml", all[i].name);
        lb_log_templates *templates;
        int status = lb_log_compile(&templates, &all[i], where, error);
        if (status < 0)
            return status;
        if (source->format || fits(templates, head)) {
            source->facts.why =
                source->format ? "named by --format" : "most of its lines are of this kind";
            source->format = &all[i];
            source->log = templates;
            return 1;
        }
        lb_log_templates_free(templates);
    }
    return 0;
}
