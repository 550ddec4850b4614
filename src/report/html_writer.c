#include "report/html_writer.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "audit/number.h"
#include "base/utf8.h"

static const char REPLACEMENT[] = "\xEF\xBF\xBD";
static const char DOCTYPE[] = "<!DOCTYPE html>\n";

/* Never says that it failed, or libxml2 would print that on standard error. */
static int output_write(void *context, const char *data, int size) {
    lb_html *html = context;
    if (lb_buffer_append(html->into, data, (size_t)size, NULL) < 0)
        html->failed = true;
    return size;
}

static int output_close(void *context) {
    (void)context;
    return 0;
}

static void note(lb_html *html, int result) {
    html->failed = html->failed || result < 0;
}

/* libxml2 prints what goes wrong unless someone listens; the handler is one per thread. */
static void errors_ignore(void *context, xmlErrorPtr problem) {
    (void)context;
    (void)problem;
}

static void errors_mute(lb_html *html) {
    html->handler = xmlStructuredError;
    html->handler_context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, errors_ignore);
}

static void errors_unmute(const lb_html *html) {
    xmlSetStructuredErrorFunc(html->handler_context, html->handler);
}

int lb_html_begin(lb_html *html, const json_t *document, lb_buffer *into, lb_error *error) {
    *html = (lb_html){.document = document, .into = into};
    errors_mute(html);
    xmlOutputBufferPtr output = xmlOutputBufferCreateIO(output_write, output_close, html, NULL);
    html->writer = output ? xmlNewTextWriter(output) : NULL;
    if (!html->writer) {
        if (output)
            xmlOutputBufferClose(output);
        errors_unmute(html);
        return lb_fail_memory(error, "writing the HTML report");
    }
    note(html, xmlTextWriterWriteRaw(html->writer, BAD_CAST DOCTYPE));
    return LB_OK;
}

int lb_html_end(lb_html *html, lb_error *error) {
    note(html, xmlTextWriterEndDocument(html->writer));
    note(html, xmlTextWriterFlush(html->writer));
    xmlFreeTextWriter(html->writer);
    errors_unmute(html);
    lb_buffer_free(&html->scratch);
    return html->failed ? lb_fail_memory(error, "writing the HTML report") : LB_OK;
}

static bool is_shown(uint32_t c) {
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    bool control = c >= 0x7F && c < 0xA0;
    bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    bool noncharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return !control && !turns && !noncharacter;
}

/* The cleaned text, ended by NUL, in the scratch buffer; NULL: out of memory, now or before. */
static const char *clean(lb_html *html, const char *text, size_t size) {
    if (html->failed)
        return NULL;
    lb_buffer *into = &html->scratch;
    uint64_t replaced = 0;
    unsigned length;
    into->size = 0;
    lb_buffer valid = {0};
    int status = LB_OK;
    if (!lb_utf8_valid(text, size)) {
        status = lb_utf8_repair((lb_str){text, size}, &valid, &replaced, NULL);
        text = valid.data;
        size = valid.size;
    }
    for (size_t at = 0; status == LB_OK && at < size; at += length) {
        uint32_t c = lb_utf8_decode(text + at, &length);
        status = is_shown(c) ? lb_buffer_append(into, text + at, length, NULL)
                             : lb_buffer_append(into, REPLACEMENT, 3, NULL);
    }
    if (status == LB_OK)
        status = lb_buffer_append(into, "", 1, NULL);
    lb_buffer_free(&valid);
    note(html, status);
    return status == LB_OK ? into->data : NULL;
}

static void text_write(lb_html *html, const char *text, size_t size) {
    const char *cleaned = clean(html, text, size);
    if (cleaned)
        note(html, xmlTextWriterWriteString(html->writer, BAD_CAST cleaned));
}

static void text_vwrite(lb_html *html, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : lb_alloc((size_t)length + 1, 1);
    if (!text) {
        html->failed = true;
        return;
    }
    vsnprintf(text, (size_t)length + 1, format, arguments);
    text_write(html, text, (size_t)length);
    lb_free(text);
}

void lb_html_text(lb_html *html, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_vwrite(html, format, arguments);
    va_end(arguments);
}

void lb_html_foreign(lb_html *html, const json_t *text) {
    if (!json_is_string(text))
        return;
    lb_html_open(html, "bdi", NULL);
    text_write(html, json_string_value(text), json_string_length(text));
    lb_html_close(html);
}

void lb_html_foreign_text(lb_html *html, const char *text) {
    lb_html_open(html, "bdi", NULL);
    text_write(html, text, strlen(text));
    lb_html_close(html);
}

void lb_html_raw(lb_html *html, lb_str trusted) {
    if (!html->failed)
        note(html,
             xmlTextWriterWriteRawLen(html->writer, BAD_CAST trusted.data, (int)trusted.size));
}

/* A line feed before these keeps the source readable, and is no text a reader sees. */
static bool begins_line(const char *tag) {
    static const char *const TAGS[] = {
        "head",    "meta",   "title", "style",   "body",    "header", "main",  "nav",
        "section", "footer", "div",   "h1",      "h2",      "h3",     "p",     "ol",
        "ul",      "li",     "dl",    "dt",      "dd",      "table",  "thead", "tbody",
        "tr",      "figure", "svg",   "details", "summary", "article"};
    for (size_t i = 0; i < sizeof TAGS / sizeof *TAGS; i++)
        if (strcmp(tag, TAGS[i]) == 0)
            return true;
    return false;
}

void lb_html_open(lb_html *html, const char *tag, ...) {
    const char *name;
    va_list arguments;
    if (html->failed)
        return;
    if (begins_line(tag))
        note(html, xmlTextWriterWriteRaw(html->writer, BAD_CAST "\n"));
    note(html, xmlTextWriterStartElement(html->writer, BAD_CAST tag));
    va_start(arguments, tag);
    while ((name = va_arg(arguments, const char *))) {
        const char *value = va_arg(arguments, const char *);
        const char *cleaned = value ? clean(html, value, strlen(value)) : NULL;
        if (cleaned)
            note(html, xmlTextWriterWriteAttribute(html->writer, BAD_CAST name, BAD_CAST cleaned));
    }
    va_end(arguments);
}

void lb_html_close(lb_html *html) {
    if (!html->failed)
        note(html, xmlTextWriterFullEndElement(html->writer));
}

void lb_html_close_void(lb_html *html) {
    if (!html->failed)
        note(html, xmlTextWriterEndElement(html->writer));
}

void lb_html_attribute(lb_html *html, const char *name, const char *format, ...) {
    char value[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    const char *cleaned = clean(html, value, strlen(value));
    if (cleaned)
        note(html, xmlTextWriterWriteAttribute(html->writer, BAD_CAST name, BAD_CAST cleaned));
}

void lb_html_coordinate(lb_html *html, const char *name, double value) {
    char text[LB_NUMBER_MAX];
    lb_number_format(round(value * 10) / 10, text);
    lb_html_attribute(html, name, "%s", text);
}

void lb_html_leaf(lb_html *html, const char *tag, const char *class, const char *format, ...) {
    va_list arguments;
    lb_html_open(html, tag, "class", class, NULL);
    va_start(arguments, format);
    text_vwrite(html, format, arguments);
    va_end(arguments);
    lb_html_close(html);
}
