#include "report/kit/xml_writer.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"
#include "results/number.h"

static const char replacement[] = "\xEF\xBF\xBD";

/* Never says that it failed, or libxml2 would print that on standard error. */
static int output_write(void *context, const char *data, int size) {
    lb_xml *xml = context;
    if (lb_buffer_append(xml->into, data, (size_t)size, NULL) < 0)
        xml->failed = true;
    return size;
}

static int output_close(void *context) {
    (void)context;
    return 0;
}

static void note(lb_xml *xml, int result) {
    xml->failed = xml->failed || result < 0;
}

/* libxml2 prints what goes wrong unless someone listens; the handler is one per thread. */
static void errors_ignore(void *context, xmlErrorPtr problem) {
    (void)context;
    (void)problem;
}

static void errors_mute(lb_xml *xml) {
    xml->handler = xmlStructuredError;
    xml->handler_context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, errors_ignore);
}

static void errors_unmute(const lb_xml *xml) {
    xmlSetStructuredErrorFunc(xml->handler_context, xml->handler);
}

int lb_xml_begin(lb_xml *xml, const json_t *document, const char *first, lb_buffer *into,
                 lb_error *error) {
    *xml = (lb_xml){.document = document, .into = into};
    errors_mute(xml);
    xmlOutputBufferPtr output = xmlOutputBufferCreateIO(output_write, output_close, xml, NULL);
    xml->writer = output ? xmlNewTextWriter(output) : NULL;
    if (!xml->writer) {
        if (output)
            xmlOutputBufferClose(output);
        errors_unmute(xml);
        return lb_fail_memory(error, "writing a report");
    }
    note(xml, xmlTextWriterWriteRaw(xml->writer, BAD_CAST first));
    return LB_OK;
}

int lb_xml_end(lb_xml *xml, lb_error *error) {
    note(xml, xmlTextWriterEndDocument(xml->writer));
    note(xml, xmlTextWriterFlush(xml->writer));
    xmlFreeTextWriter(xml->writer);
    errors_unmute(xml);
    lb_buffer_free(&xml->scratch);
    return xml->failed ? lb_fail_memory(error, "writing a report") : LB_OK;
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
static const char *clean(lb_xml *xml, const char *text, size_t size) {
    if (xml->failed)
        return NULL;
    lb_buffer *into = &xml->scratch;
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
                             : lb_buffer_append(into, replacement, 3, NULL);
    }
    if (status == LB_OK)
        status = lb_buffer_append(into, "", 1, NULL);
    lb_buffer_free(&valid);
    note(xml, status);
    return status == LB_OK ? into->data : NULL;
}

void lb_xml_write(lb_xml *xml, const char *text, size_t size) {
    const char *cleaned = clean(xml, text, size);
    if (cleaned)
        note(xml, xmlTextWriterWriteString(xml->writer, BAD_CAST cleaned));
}

void lb_xml_vprint(lb_xml *xml, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : lb_alloc((size_t)length + 1, 1);
    if (!text) {
        xml->failed = true;
        return;
    }
    vsnprintf(text, (size_t)length + 1, format, arguments);
    lb_xml_write(xml, text, (size_t)length);
    lb_free(text);
}

void lb_xml_text(lb_xml *xml, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    lb_xml_vprint(xml, format, arguments);
    va_end(arguments);
}

void lb_xml_raw(lb_xml *xml, lb_str trusted) {
    if (!xml->failed)
        note(xml, xmlTextWriterWriteRawLen(xml->writer, BAD_CAST trusted.data, (int)trusted.size));
}

void lb_xml_vopen(lb_xml *xml, const char *tag, va_list attributes) {
    const char *name;
    if (xml->failed)
        return;
    note(xml, xmlTextWriterStartElement(xml->writer, BAD_CAST tag));
    while ((name = va_arg(attributes, const char *))) {
        const char *value = va_arg(attributes, const char *);
        const char *cleaned = value ? clean(xml, value, strlen(value)) : NULL;
        if (cleaned)
            note(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST cleaned));
    }
}

void lb_xml_open(lb_xml *xml, const char *tag, ...) {
    va_list attributes;
    va_start(attributes, tag);
    lb_xml_vopen(xml, tag, attributes);
    va_end(attributes);
}

void lb_xml_text_attribute(lb_xml *xml, const char *name, const json_t *text) {
    if (!json_is_string(text))
        return;
    const char *cleaned = clean(xml, json_string_value(text), json_string_length(text));
    if (cleaned)
        note(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST cleaned));
}

void lb_xml_close(lb_xml *xml) {
    if (!xml->failed)
        note(xml, xmlTextWriterFullEndElement(xml->writer));
}

void lb_xml_close_void(lb_xml *xml) {
    if (!xml->failed)
        note(xml, xmlTextWriterEndElement(xml->writer));
}

void lb_xml_vattribute(lb_xml *xml, const char *name, const char *format, va_list arguments) {
    char value[512];
    vsnprintf(value, sizeof value, format, arguments);
    const char *cleaned = clean(xml, value, strlen(value));
    if (cleaned)
        note(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST cleaned));
}

void lb_xml_attribute(lb_xml *xml, const char *name, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    lb_xml_vattribute(xml, name, format, arguments);
    va_end(arguments);
}

void lb_xml_coordinate(lb_xml *xml, const char *name, double value) {
    char text[LB_NUMBER_MAX];
    lb_number_format(round(value * 10) / 10, text);
    lb_xml_attribute(xml, name, "%s", text);
}
