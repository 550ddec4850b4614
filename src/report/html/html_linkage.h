/* The figures of one attack, of the corpus on itself or on another: each as a sentence, a chart and
 * the table behind it. */
#ifndef LB_REPORT_HTML_HTML_LINKAGE_H
#define LB_REPORT_HTML_HTML_LINKAGE_H

#include "report/html/html.h"

typedef struct lb_html_linkage {
    const char *prefix;     /* of its metrics: "link" or "ext" */
    const json_t *part;     /* of the document */
    const char *everywhere; /* who is looked for, in words: "the other half of what they wrote" */
} lb_html_linkage;

void lb_html_linkage_curve(lb_html *html, const lb_html_linkage *of);
void lb_html_linkage_ranks(lb_html *html, const lb_html_linkage *of);
void lb_html_linkage_signals(lb_html *html, const lb_html_linkage *of);
void lb_html_linkage_sizes(lb_html *html, const lb_html_linkage *of);
void lb_html_linkage_reliability(lb_html *html, const lb_html_linkage *of);

/* "pairs": links by how probable they are said to be. */
void lb_html_linkage_pairs(lb_html *html, const json_t *pairs, const char *caption);

/* A metric as text with its interval, "21.3 % (20.4 to 21.7 %)". */
void lb_html_figure(lb_html *html, const char *metric);
/* The names of signals, in words, with commas between them. */
void lb_html_signals(lb_html *html, const json_t *names);

#endif
