/* Writing HTML that cannot be broken by what it shows.
 *
 * All output passes through libxml2's text writer, which escapes by construction: the page is
 * well-formed XML and valid HTML at once (elements that HTML does not know as void are always
 * closed by an end tag). Before that, every text is cleaned: what XML cannot hold (NUL, controls,
 * noncharacters) and the characters that force the direction of text become U+FFFD. Text that comes
 * from the corpus or the command line stands in <bdi>, so that its direction stays its own.
 *
 * Failures are remembered: functions return nothing, and lb_html_end says whether all went well.
 */
#ifndef LB_REPORT_HTML_WRITER_H
#define LB_REPORT_HTML_WRITER_H

#include <jansson.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlwriter.h>

#include "base/buffer.h"

typedef struct lb_html {
    xmlTextWriterPtr writer;
    const json_t *document; /* what is being rendered */
    lb_buffer *into;
    lb_buffer scratch;
    bool failed;                    /* then nothing more is written */
    xmlStructuredErrorFunc handler; /* of errors, before us */
    void *handler_context;
} lb_html;

int lb_html_begin(lb_html *html, const json_t *document, lb_buffer *into, lb_error *error);
int lb_html_end(lb_html *html, lb_error *error); /* frees; LB_E_RESOURCE if anything failed */

/* An element with attributes: name, value, ..., NULL. A pair whose value is NULL is left out. */
void lb_html_open(lb_html *html, const char *tag, ...) __attribute__((sentinel));
void lb_html_close(lb_html *html);
void lb_html_close_void(lb_html *html); /* of <meta>, <br> and the shapes of SVG */
void lb_html_attribute(lb_html *html, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A coordinate, with one decimal. */
void lb_html_coordinate(lb_html *html, const char *name, double value);

void lb_html_text(lb_html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lb_html_foreign(lb_html *html, const json_t *text);    /* in <bdi>; not a string: nothing */
void lb_html_foreign_text(lb_html *html, const char *text); /* in <bdi> */
void lb_html_raw(lb_html *html, lb_str trusted);            /* style sheets of our own */

/* An element that holds nothing but text; `class` may be NULL. */
void lb_html_leaf(lb_html *html, const char *tag, const char *class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
