/* Writing XML that cannot be broken by what it shows.
 *
 * All output passes through libxml2's text writer, which escapes by construction. Before that,
 * every text is cleaned: what XML cannot hold (NUL, controls, noncharacters, ill-formed UTF-8) and
 * the characters that force the direction of text become U+FFFD.
 *
 * Failures are remembered: functions return nothing, and lb_xml_end says whether all went well. */
#ifndef LB_REPORT_KIT_XML_WRITER_H
#define LB_REPORT_KIT_XML_WRITER_H

#include <jansson.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlwriter.h>
#include <stdarg.h>

#include "base/buffer.h"

typedef struct lb_xml {
    xmlTextWriterPtr writer;
    const json_t *document; /* what is being rendered */
    lb_buffer *into;
    lb_buffer scratch;
    bool failed;                    /* then nothing more is written */
    xmlStructuredErrorFunc handler; /* of errors, before us */
    void *handler_context;
} lb_xml;

/* `first`: what stands before the root element, as it is. */
int lb_xml_begin(lb_xml *xml, const json_t *document, const char *first, lb_buffer *into,
                 lb_error *error);
int lb_xml_end(lb_xml *xml, lb_error *error); /* frees; LB_E_RESOURCE if anything failed */

/* An element with attributes: name, value, ..., NULL. A pair whose value is NULL is left out. */
void lb_xml_open(lb_xml *xml, const char *tag, ...) __attribute__((sentinel));
void lb_xml_vopen(lb_xml *xml, const char *tag, va_list attributes);
void lb_xml_close(lb_xml *xml);      /* always with an end tag */
void lb_xml_close_void(lb_xml *xml); /* <x/> where it is empty */
void lb_xml_attribute(lb_xml *xml, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4))); /* at most 511 bytes */
void lb_xml_vattribute(lb_xml *xml, const char *name, const char *format, va_list arguments);
void lb_xml_text_attribute(lb_xml *xml, const char *name,
                           const json_t *text);                      /* not a string: nothing */
void lb_xml_coordinate(lb_xml *xml, const char *name, double value); /* with one decimal */

void lb_xml_write(lb_xml *xml, const char *text, size_t size);
void lb_xml_text(lb_xml *xml, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lb_xml_vprint(lb_xml *xml, const char *format, va_list arguments);
void lb_xml_raw(lb_xml *xml, lb_str trusted); /* style sheets of our own */

#endif
