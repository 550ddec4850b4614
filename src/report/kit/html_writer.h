/* HTML through the XML writer (xml_writer.h): the page is well-formed XML and valid HTML at once,
 * as elements that HTML does not know as void are always closed by an end tag. Text that comes from
 * the corpus or the command line stands in <bdi>, so that its direction stays its own. */
#ifndef LB_REPORT_KIT_HTML_WRITER_H
#define LB_REPORT_KIT_HTML_WRITER_H

#include "report/kit/xml_writer.h"

typedef lb_xml lb_html;

int lb_html_begin(lb_html *html, const json_t *document, lb_buffer *into, lb_error *error);
static inline int lb_html_end(lb_html *html, lb_error *error) {
    return lb_xml_end(html, error);
}

/* An element with attributes: name, value, ..., NULL. A pair whose value is NULL is left out. */
void lb_html_open(lb_html *html, const char *tag, ...) __attribute__((sentinel));
void lb_html_attribute(lb_html *html, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline void lb_html_close(lb_html *html) {
    lb_xml_close(html);
}
/* Of <meta>, <br> and the shapes of SVG. */
static inline void lb_html_close_void(lb_html *html) {
    lb_xml_close_void(html);
}
static inline void lb_html_coordinate(lb_html *html, const char *name, double value) {
    lb_xml_coordinate(html, name, value);
}
static inline void lb_html_raw(lb_html *html, lb_str trusted) {
    lb_xml_raw(html, trusted);
}

void lb_html_text(lb_html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lb_html_foreign(lb_html *html,
                     const json_t *text); /* in <bdi>; null: nothing; NULL: "not known" */
void lb_html_foreign_text(lb_html *html, const char *text); /* in <bdi> */

void lb_html_buffer(lb_html *html, const lb_buffer *text); /* as text */
/* Words of ours in which "unit" and "units" stand for whom the audit counts. */
void lb_html_phrase(lb_html *html, const char *text);

/* An element that holds nothing but text; `class` may be NULL. */
void lb_html_leaf(lb_html *html, const char *tag, const char *class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
