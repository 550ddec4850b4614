#include "report/kit/html_writer.h"

#include <stdarg.h>
#include <string.h>

#include "report/kit/figure.h"

int lb_html_begin(lb_html *html, const json_t *document, lb_buffer *into, lb_error *error) {
    return lb_xml_begin(html, document, "<!DOCTYPE html>\n", into, error);
}

void lb_html_foreign(lb_html *html, const json_t *text) {
    if (!text)
        lb_html_text(html, "%s", lb_not_known);
    if (!json_is_string(text))
        return;
    lb_html_open(html, "bdi", NULL);
    lb_xml_write(html, json_string_value(text), json_string_length(text));
    lb_html_close(html);
}

void lb_html_foreign_text(lb_html *html, const char *text) {
    lb_html_open(html, "bdi", NULL);
    lb_xml_write(html, text, strlen(text));
    lb_html_close(html);
}

/* A line feed before these keeps the source readable, and is no text a reader sees. */
static bool begins_line(const char *tag) {
    static const char *const tags[] = {
        "head",    "meta",   "title", "style",   "body",    "header", "main",  "nav",
        "section", "footer", "div",   "h1",      "h2",      "h3",     "p",     "ol",
        "ul",      "li",     "dl",    "dt",      "dd",      "table",  "thead", "tbody",
        "tr",      "figure", "svg",   "details", "summary", "article"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tag, tags[i]) == 0)
            return true;
    return false;
}

void lb_html_open(lb_html *html, const char *tag, ...) {
    va_list attributes;
    if (begins_line(tag))
        lb_xml_raw(html, LB_STR("\n"));
    va_start(attributes, tag);
    lb_xml_vopen(html, tag, attributes);
    va_end(attributes);
}

void lb_html_attribute(lb_html *html, const char *name, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    lb_xml_vattribute(html, name, format, arguments);
    va_end(arguments);
}

void lb_html_text(lb_html *html, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    lb_xml_vprint(html, format, arguments);
    va_end(arguments);
}

void lb_html_leaf(lb_html *html, const char *tag, const char *class, const char *format, ...) {
    va_list arguments;
    lb_html_open(html, tag, "class", class, NULL);
    va_start(arguments, format);
    lb_xml_vprint(html, format, arguments);
    va_end(arguments);
    lb_html_close(html);
}

void lb_html_buffer(lb_html *html, const lb_buffer *text) {
    lb_html_text(html, "%.*s", (int)text->size, text->data ? text->data : "");
}

void lb_html_phrase(lb_html *html, const char *text) {
    lb_buffer words = {0};
    if (lb_document_phrase(html->document, text, &words, NULL) < 0)
        html->failed = true;
    lb_html_buffer(html, &words);
    lb_buffer_free(&words);
}
