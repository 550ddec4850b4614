#include "corpus/value/markup.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <utf8proc.h>

#include "base/ascii.h"
#include "base/buffer.h"

typedef struct writer {
    lb_buffer out;
    unsigned quotes;     /* open block quotes */
    bool odd_attributes; /* the quotes around one never closed: from here on they mean nothing */
    bool pre;
    int status;
    lb_error *error;
} writer;

static bool at_line_start(const writer *w) {
    return w->out.size == 0 || w->out.data[w->out.size - 1] == '\n';
}

static void put(writer *w, const char *data, size_t size) {
    if (w->status == LB_OK && size > 0 && w->quotes > 0 && at_line_start(w) && data[0] != '\n')
        w->status = lb_buffer_append(&w->out, "> ", 2, w->error);
    if (w->status == LB_OK)
        w->status = lb_buffer_append(&w->out, data, size, w->error);
}

static void end_line(writer *w) {
    if (!at_line_start(w))
        put(w, "\n", 1);
}

static void put_line(writer *w, const char *line) {
    end_line(w);
    put(w, line, strlen(line));
    end_line(w);
}

/* A post that writes 128 to 159 means the letters of windows-1252, and browsers show those (HTML
 * standard, "numeric character reference end state"). A no-break space parts words as a blank. */
static void put_code_point(writer *w, unsigned long c) {
    char bytes[8];
    UErrorCode failed = U_ZERO_ERROR;
    if (c == 0 || c > 0x10FFFF || !utf8proc_codepoint_valid((utf8proc_int32_t)c))
        c = 0xFFFD;
    utf8proc_ssize_t size =
        utf8proc_encode_char((utf8proc_int32_t)(c == 0xA0 ? ' ' : c), (utf8proc_uint8_t *)bytes);
    if (c >= 0x80 && c < 0xA0)
        size = ucnv_convert("UTF-8", "windows-1252", bytes, sizeof bytes, &(char){(char)c}, 1,
                            &failed);
    put(w, bytes, (size_t)size);
}

/* Is it the number of "#233" or "#xE9"? `digits` is what stands behind the #. */
static bool take_number(const char *digits, unsigned long *c) {
    bool hex = (digits[0] | 32) == 'x';
    digits += hex;
    size_t size = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    *c = strtoul(digits, NULL, hex ? 16 : 10);
    return size > 0 && digits[size] == '\0';
}

/* An entity at `at` (the &): returns the position behind it. */
static size_t take_entity(writer *w, lb_str html, size_t at) {
    enum { LONGEST = 12 };
    char name[LONGEST + 1];
    size_t size = 0;
    while (at + 1 + size < html.size && size < LONGEST && html.data[at + 1 + size] != ';')
        size++;
    memcpy(name, html.data + at + 1, size);
    name[size] = '\0';
    if (at + 1 + size < html.size && html.data[at + 1 + size] == ';' && strlen(name) == size) {
        unsigned long number;
        const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
        if (entity || (name[0] == '#' && take_number(name + 1, &number))) {
            put_code_point(w, entity ? entity->value : number);
            return at + size + 2;
        }
    }
    put(w, "&", 1);
    return at + 1;
}

static bool is_one_of(lb_str name, const char *list) {
    while (*list) {
        size_t size = strcspn(list, " ");
        if (size == name.size && strncasecmp(list, name.data, size) == 0)
            return true;
        list += size + (list[size] == ' ');
    }
    return false;
}

/* Behind the element that begins at the tag's end: scripts and styles are no words. */
static size_t skip_element(lb_str html, size_t at, lb_str name) {
    for (; at + name.size + 2 < html.size; at++)
        if (html.data[at] == '<' && html.data[at + 1] == '/' &&
            strncasecmp(html.data + at + 2, name.data, name.size) == 0) {
            const char *end = memchr(html.data + at, '>', html.size - at);
            return end ? (size_t)(end - html.data) + 1 : html.size;
        }
    return html.size;
}

static void open_or_close(writer *w, lb_str name, bool closes) {
    if (is_one_of(name, "pre")) {
        if (w->pre == closes)
            put_line(w, "```");
        w->pre = !closes;
    } else if (is_one_of(name, "code tt")) {
        if (!w->pre)
            put(w, "`", 1);
    } else if (is_one_of(name, "blockquote")) {
        end_line(w);
        if (!closes)
            w->quotes++;
        else if (w->quotes > 0)
            w->quotes--;
    } else if (is_one_of(name, "br hr"))
        put(w, "\n", 1);
    else if (is_one_of(name, "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 tr table"))
        end_line(w);
    else if (is_one_of(name, "td th") && closes)
        put(w, " ", 1);
}

/* The end of the tag, behind its >; an attribute's value may hold one. 0: there is none. */
static size_t tag_end(writer *w, lb_str html, size_t at) {
    char quote = 0;
    for (size_t i = at; i < html.size; i++) {
        char c = html.data[i];
        if (quote ? c == quote : c == '>') {
            if (!quote)
                return i + 1;
            quote = 0;
        } else if (!quote && !w->odd_attributes && (c == '"' || c == '\'') &&
                   html.data[i - 1] == '=')
            quote = c;
    }
    if (!quote)
        return 0;
    w->odd_attributes = true;
    const char *end = memchr(html.data + at, '>', html.size - at);
    return end ? (size_t)(end - html.data) + 1 : 0;
}

/* Something at the < at `at`: returns the position behind it. */
static size_t take_tag(writer *w, lb_str html, size_t at) {
    size_t first = at + 1;
    bool closes = first < html.size && html.data[first] == '/';
    first += closes;
    if (html.size - at >= 4 && memcmp(html.data + at, "<!--", 4) == 0) {
        for (size_t i = at + 4; i + 3 <= html.size; i++)
            if (memcmp(html.data + i, "-->", 3) == 0)
                return i + 3;
        return html.size;
    }
    size_t size = 0;
    while (first + size < html.size && (lb_is_letter(html.data[first + size]) ||
                                        (size > 0 && lb_is_digit(html.data[first + size]))))
        size++;
    size_t end = size > 0 ? tag_end(w, html, first + size) : 0;
    if (end == 0) {
        put(w, "<", 1);
        return at + 1;
    }
    lb_str name = {html.data + first, size};
    open_or_close(w, name, closes);
    return !closes && is_one_of(name, "script style") ? skip_element(html, end, name) : end;
}

int lb_markup_text(lb_str html, bool tags, lb_str *plain, lb_arena *arena, lb_error *error) {
    writer w = {.error = error};
    /* A tag that never ends is looked for once: behind the last > no tag begins. */
    size_t last = tags ? html.size : 0;
    while (last > 0 && html.data[last - 1] != '>')
        last--;
    for (size_t at = 0; w.status == LB_OK && at < html.size;) {
        size_t run = at;
        while (run < html.size && html.data[run] != '&' && html.data[run] != '\n' &&
               (html.data[run] != '<' || run >= last))
            run++;
        put(&w, html.data + at, run - at);
        at = run;
        if (at == html.size)
            break;
        if (html.data[at] == '\n') {
            put(&w, "\n", 1);
            at++;
        } else
            at = html.data[at] == '&' ? take_entity(&w, html, at) : take_tag(&w, html, at);
    }
    while (w.out.size > 0 && strchr(" \t\r\n", w.out.data[w.out.size - 1]) &&
           w.out.data[w.out.size - 1])
        w.out.size--;
    *plain = (lb_str){lb_arena_copy(arena, w.out.data ? w.out.data : "", w.out.size), w.out.size};
    lb_buffer_free(&w.out);
    if (w.status < 0)
        return w.status;
    return plain->data ? LB_OK : lb_fail_memory(error, "holding messages");
}
