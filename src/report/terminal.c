#include "report/terminal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/shown.h"
#include "base/utf8.h"

static void put(lb_terminal *to, const char *data, size_t size) {
    if (to->status == LB_OK)
        to->status = lb_buffer_append(to->into, data, size, to->error);
}

void lb_terminal_put(lb_terminal *to, const char *text) {
    put(to, text, strlen(text));
}

void lb_terminal_style(lb_terminal *to, const char *sequence) {
    if (to->colour)
        lb_terminal_put(to, sequence);
}

void lb_terminal_bold(lb_terminal *to, const char *text) {
    lb_terminal_style(to, "\x1b[1m");
    lb_terminal_put(to, text);
    lb_terminal_style(to, "\x1b[0m");
}

/* Would the character at `at` of valid UTF-8 be shown, rather than acted upon? */
static bool is_safe(lb_str text, size_t at) {
    unsigned ignored;
    return !lb_shown_acts(lb_utf8_decode(text.data + at, &ignored)) && !lb_shown_commands(text, at);
}

size_t lb_terminal_columns(lb_str text) {
    size_t columns = 0;
    unsigned length;
    for (size_t at = 0; at < text.size; at += length, columns++)
        lb_utf8_decode(text.data + at, &length);
    return columns;
}

void lb_terminal_wrap(lb_terminal *to, lb_str text, unsigned indent, unsigned column) {
    lb_buffer valid = {0};
    uint64_t replaced = 0;
    unsigned length;
    if (to->status == LB_OK)
        to->status = lb_utf8_repair(text, &valid, &replaced, to->error);
    for (size_t at = 0; to->status == LB_OK && at < valid.size;) {
        size_t end = at;
        while (end < valid.size && valid.data[end] != ' ')
            end++;
        size_t columns = lb_terminal_columns((lb_str){valid.data + at, end - at});
        bool first = column <= indent;
        if (!first && column + 1 + columns > to->width) {
            put(to, "\n", 1);
            column = 0;
            first = true;
        }
        for (; first && column < indent; column++)
            put(to, " ", 1);
        if (!first && columns > 0) {
            put(to, " ", 1);
            column++;
        }
        for (; at < end; at += length) {
            lb_utf8_decode(valid.data + at, &length);
            bool safe = is_safe(lb_buffer_str(&valid), at);
            put(to, safe ? valid.data + at : "?", safe ? length : 1);
        }
        column += (unsigned)columns;
        at = end + 1;
    }
    put(to, "\n", 1);
    lb_buffer_free(&valid);
}

/* Can it be shown as it is? A word that is not UTF-8 cannot. */
static bool is_showable(lb_str word, lb_error *error) {
    lb_buffer valid = {0};
    uint64_t replaced = 0;
    unsigned length;
    bool showable = lb_utf8_repair(word, &valid, &replaced, error) == LB_OK && replaced == 0;
    for (size_t at = 0; showable && at < valid.size; at += length) {
        lb_utf8_decode(valid.data + at, &length);
        showable = is_safe(lb_buffer_str(&valid), at);
    }
    lb_buffer_free(&valid);
    return showable;
}

/* POSIX, Shell Command Language, 2.2: what no shell gives a meaning of its own. A `~` or `=` has one
 * at some places. */
static bool is_plain(const char *word) {
    for (const char *at = word; *at; at++)
        if (!lb_is_alnum(*at) && !strchr("_-./,:@%+", *at))
            return false;
    return *word != '\0';
}

static int quote(const char *word, lb_buffer *into, lb_error *error) {
    if (is_plain(word))
        return lb_buffer_printf(into, error, "%s", word);
    int status = lb_buffer_printf(into, error, "'");
    for (const char *at = word; status == LB_OK && *at; at++)
        status = *at == '\'' ? lb_buffer_printf(into, error, "'\\''")
                             : lb_buffer_append(into, at, 1, error);
    return status == LB_OK ? lb_buffer_printf(into, error, "'") : status;
}

bool lb_terminal_command(lb_terminal *to, const char *const *words, size_t count, unsigned indent) {
    for (size_t i = 0; to->status == LB_OK && i < count; i++)
        if (!is_showable(lb_str_of(words[i]), to->error))
            return false;
    size_t column = 0;
    for (size_t i = 0; to->status == LB_OK && i < count; i++) {
        lb_buffer quoted = {0};
        to->status = quote(words[i], &quoted, to->error);
        size_t columns = lb_terminal_columns(lb_buffer_str(&quoted));
        size_t tail = i + 1 < count ? 2 : 0; /* of a backslash */
        bool fits = column + 1 + columns + tail <= to->width;
        if (i > 0) {
            lb_terminal_put(to, fits ? " " : " \\\n");
            column = fits ? column + 1 : 0;
        }
        for (size_t margin = column > 0 ? 0
                             : i > 0    ? indent + 2
                                        : indent;
             column < margin; column++)
            lb_terminal_put(to, " ");
        put(to, quoted.data, quoted.size);
        column += columns;
        lb_buffer_free(&quoted);
    }
    lb_terminal_put(to, "\n");
    return true;
}
